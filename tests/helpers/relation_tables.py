"""What the diagnosis says of mistakes, as tables that a person has reviewed: tests/corpus/independent_mistakes/*.toml.

    python tests/helpers/relation_tables.py [digits practice_lab]

writes the tables anew. Review each changed line: is the sentence true of the code, and does it lead where the mistake
is? A wrong hint is worse than none.
"""

from __future__ import annotations

import sys
import tomllib
from functools import partial
from pathlib import Path

from grader.assignments.loader import load
from grader.diagnosis.known_answers import KnownAnswerRunner
from grader.diagnosis.matching import AnswerComparison, LiveStudent, relation_diagnosis
from grader.grading.known_answers_alone import prepare_known_answers
from grader.models import Assignment, Diagnosis
from grader.sandbox.host.launcher import BubblewrapLauncher
from tests.helpers import answer_sets

ROOT = Path(__file__).parents[2]
CORPUS = ROOT / "tests" / "corpus" / "independent_mistakes"
SETS = {"independent": CORPUS, "fourth": ROOT / "tests" / "corpus" / "wrong_answers" / "fourth"}
UNCAUGHT, SILENT, NAMED = "full marks", "silent", "named: "
Table = dict[str, str]


def independent_table(assignment: Assignment, name: str) -> Table:
    """What the report says of each mistake of a set."""
    entries = answer_sets.read(SETS[name] / assignment.name, assignment.question_names)
    results = answer_sets.graded(assignment, entries, own=True)
    return {each.entry.name: UNCAUGHT if each.full else told(each.own.diagnosis) for each in results}


def known_table(assignment: Assignment) -> Table:
    """What relations say of each known mistake, if nothing has a name; and of right answers, which must be nothing."""
    with BubblewrapLauncher(assignment.support, assignment.modules) as launcher:
        runner = prepare_known_answers(assignment, launcher)
        try:
            return {
                f"{question.name}/{each.name}": relation(runner, question.name, each.name)
                for question in assignment.questions
                for each in (*runner.wrong[question.name], *runner.right[question.name])
            }
        finally:
            runner.close()


def relation(runner: KnownAnswerRunner, question_name: str, name: str) -> str:
    """The sentence on a known answer."""
    question = runner.assignment.question(question_name)
    answer = partial(runner.answer, question, name)
    answers = [answer(i) for i in range(len(runner.probes(question)))]
    comparison = AnswerComparison(runner, question, answers)
    if not comparison.shows_mistake:
        answers = [answer(i) for i in range(len(runner.all_probes(question)))]
        comparison = AnswerComparison(runner, question, answers)
    return told(relation_diagnosis(comparison, LiveStudent(runner.solution(), question, name)))


def told(diagnosis: Diagnosis | None) -> str:
    """A diagnosis in a line."""
    if diagnosis is None:
        return SILENT
    return diagnosis.hint if diagnosis.kind == "relation" else f"{NAMED}{diagnosis.name}"


def read(assignment: str, table: str) -> Table:
    """A reviewed table."""
    return dict(tomllib.loads((CORPUS / f"{assignment}_{table}.toml").read_text(encoding="utf-8")))


def write(assignment: str, name: str, table: Table) -> None:
    quoted = {key: text.replace("\\", "\\\\").replace('"', '\\"') for key, text in table.items()}
    lines = [f'"{key}" = "{text}"\n' for key, text in quoted.items()]
    (CORPUS / f"{assignment}_{name}.toml").write_text("".join(lines), encoding="utf-8")


def main() -> None:
    for name in sys.argv[1:] or ["digits", "practice_lab"]:
        assignment = load(ROOT / "solutions" / name)
        write(name, "known", known_table(assignment))
        for each in SETS:
            write(name, each, independent_table(assignment, each))


if __name__ == "__main__":
    main()
