"""The floor: the same submissions and the same checks, forked from one warm process, with nothing around them.

    python benchmarks/floor.py ASSIGNMENT CLASS OUT JOBS [QUESTION ...]

What a submission needs is run and checked in a child of a process that has imported NumPy and TensorFlow. There is
no sandbox, no limit, no wire, no report but a list of points: nothing that grades can do with less.
"""

from __future__ import annotations

import gc
import json
import os
import sys
from pathlib import Path
from typing import Any

from bench_checks import Checks, Student

from grader.assignments.loader import load, select_questions
from grader.models import Assignment, Question
from grader.sandbox.guest import tensorflow_startup
from grader.sandbox.guest.fork_server import import_all
from grader.sandbox.guest.program import Program


class Reference:
    """The solution's functions."""

    def __init__(self, assignment: Assignment) -> None:
        self._program = Program(assignment.notebook.read_bytes(), assignment.notebook.name, assignment.question_names)

    def __getattr__(self, name: str) -> Any:
        return self._program.get(name)


class Grading:
    """Grades submissions as the grader does, follow-through included, but in this very process."""

    def __init__(self, assignment: Assignment) -> None:
        self.assignment = assignment
        self.reference = Reference(assignment)
        self.checks = Checks(assignment.hidden, self.reference)
        self.checks.prepare()

    def grade(self, path: Path) -> dict[str, float]:
        """question -> points"""
        questions = self.assignment.questions
        program = Program(path.read_bytes(), path.name, self.assignment.question_names)
        student = Student(program.get)
        points: dict[str, float] = {}
        wrong: set[str] = set()
        for question in questions:
            needs = self.assignment.dependencies(question)
            lent = needs & wrong
            earned = self._ask(question, program, student, lent)
            if earned < question.points and lent != needs:
                earned = max(earned, self._ask(question, program, student, needs))
            if earned < question.points:
                wrong.add(question.name)
            points[question.name] = earned
        return points

    def _ask(self, question: Question, program: Program, student: Student, lent: frozenset[str]) -> float:
        program.restore()
        for name in lent:
            program.substitute(name, getattr(self.reference, name))
        return sum(case.points for case in self.checks.run(question.name, student, seed=0) if not case.message)


def main(folder: str, submissions: str, out: str, jobs: str, *questions: str) -> None:
    assignment = load(Path(folder))
    if questions:
        assignment = select_questions(assignment, questions)
    import_all([*assignment.modules, "nbformat", "numpy.random"])
    tensorflow_startup.prepare()
    grading = Grading(assignment)
    sys.path.insert(0, str(assignment.support))
    os.chdir(assignment.support)
    gc.collect()
    gc.freeze()
    running = 0
    for path in sorted(Path(submissions).iterdir()):
        if running == int(jobs):
            os.wait()
            running -= 1
        if os.fork() == 0:
            one(grading, path, Path(out) / f"{path.stem}.json")
        running += 1
    while running:
        os.wait()
        running -= 1


def one(grading: Grading, path: Path, result: Path) -> None:
    """The child's whole life. A submission that ends its process leaves no result: nothing holds it back here."""
    silence = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silence, 1)
    os.dup2(silence, 2)
    try:
        result.write_text(json.dumps(grading.grade(path)))
    finally:
        os._exit(0)


if __name__ == "__main__":
    main(*map(os.path.abspath, sys.argv[1:4]), *sys.argv[4:])
