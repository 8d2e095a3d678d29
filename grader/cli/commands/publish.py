"""The command `grader publish`: let students see their results."""

from __future__ import annotations

from pathlib import Path

import click
from rich.console import Console

from grader._util.console import print_line
from grader._util.escaping import one_line
from grader.cli.course_options import course_argument, the_assignment
from grader.cli.options import assignment_name_option, command_user, database_option, exit_on_error, open_gradebook


@click.command("publish")
@course_argument
@click.option("--question", "questions", multiple=True, metavar="Q", help="Only this question; may be repeated.")
@assignment_name_option
@database_option
def command(course: Path, questions: tuple[str, ...], assignment: str, database: str) -> None:
    """Release the results of an assignment to its students, and the names of a blind marking to those who grade.

    DIR is a folder of `grader grade` or the data folder of `grader serve`. It can't be undone. The audit log keeps
    which grade each student learnt.
    """
    with exit_on_error(), open_gradebook(course, database) as book:
        from grader.gradebook.course_lists import announced_grades, check_question
        from grader.gradebook.releases import Releases
        from grader.policies.release import EVERYTHING

        name = the_assignment(book, assignment)
        for question in questions:
            check_question(book, name, question)
        for question in questions or (EVERYTHING,):
            grades = () if question else announced_grades(book, name)
            new = Releases(book).add(name, question, command_user(), grades)
            what = f"{name}, {one_line(question, 100)}" if question else name
            print_line(Console(), f"{what}: {'released' if new else 'was released before'}")
