"""Classes and runs whose pages tests look at: with names and messages that would like to be more than text."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path

import msgspec

from grader.execution.output import GRADEBOOK, OutputFolder
from grader.gradebook.run_diff import RunDiff, choose_runs, diff_runs
from grader.gradebook.store import Gradebook
from grader.models import CaseResult, Diagnosis, QuestionResult, ScoreReport, Status
from grader.reports.html import class_page
from tests.factories import ADA, BASIS, LOST, NEWER, REJECTED, SHAPE, VALUE, case, compared_report, run_of, submission
from tests.helpers.page_elements import HOSTILE

HINT = "<b onclick=alert(1)>Look at the axis.</b>"
LOSSES = (Status.FAILED, Status.ERROR, Status.MISSING, Status.TIMEOUT, Status.INTERNAL)


def question(name: str, status: Status) -> QuestionResult:
    """Of two cases; the second is lost unless all is well."""
    cases = (
        CaseResult("shape", f"The shape of {name}.", Status.PASSED, 1, 1),
        CaseResult("value", f"The value of {name}.", status, 2 * (status is Status.PASSED), 2),
    )
    mistake = Diagnosis("wrong_axis", HINT) if status is Status.FAILED else None
    return QuestionResult(name, sum(case.points for case in cases), 3, status, cases, diagnosis=mistake)


def student(name: str, chance: random.Random, questions: int = 14) -> ScoreReport:
    """A report that hangs on chance alone; one of ten is rejected."""
    if chance.random() < 0.1:
        return msgspec.structs.replace(LOST, student=name, notes=(f"{name} is no notebook",))
    statuses = [chance.choice((Status.PASSED, Status.PASSED, *LOSSES[:4])) for _ in range(questions)]
    if chance.random() < 0.05:
        statuses[0] = Status.INTERNAL
    found = tuple(question(f"q{number}", status) for number, status in enumerate(statuses))
    score = sum(one.score for one in found)
    return msgspec.structs.replace(
        ADA,
        student=name,
        score=score,
        max_score=3.0 * questions,
        questions=found,
        needs_review=statuses[0] is Status.INTERNAL,
        seconds=round(chance.random(), 3),
    )


@cache
def a_class(many: int) -> tuple[ScoreReport, ...]:
    """The same for the same number: hostile names first, then long ones."""
    chance = random.Random(many)
    names = [*HOSTILE, *(f"student {number:04} 가나다라마바사아자차카타파하" for number in range(many))]
    return tuple(student(name, chance) for name in names[:many])


def page_of(reports: Sequence[ScoreReport], address: Callable[[str], str] = lambda student: "") -> bytes:
    return class_page.render(iter(reports), run_of(len(reports)), address)


def compared_runs(folder: Path, *runs: Sequence[ScoreReport]) -> RunDiff:
    """Two runs into a folder, compared."""
    for basis, reports in zip((BASIS, NEWER), runs, strict=True):
        with OutputFolder.open(folder, basis, [submission("", one.student) for one in reports]) as output:
            for one in reports:
                output.add(one)
            output.finish([])
    with Gradebook.open_existing(folder / GRADEBOOK) as book:
        return diff_runs(book, *choose_runs(book, ()))


def hostile_runs(folder: Path) -> RunDiff:
    """Three kinds of changes, of students with names and messages that would like to be more."""
    nasty = case("value", Status.FAILED, message="<img src=x onerror=alert(1)>")
    names = [name.replace("/", "_") for name in HOSTILE]
    olds = [compared_report(name, SHAPE, VALUE) for name in names] + [compared_report("gone", SHAPE)]
    news = [compared_report(name, SHAPE, nasty) for name in names[:4]] + [
        compared_report(name, SHAPE) for name in names[4:8]
    ]
    return compared_runs(folder, olds, [*news, compared_report(names[8], **REJECTED), compared_report("new", SHAPE)])
