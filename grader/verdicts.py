"""What is wrong with the hidden cases, in sentences: problems, which fail the build, and remarks, which don't."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from grader.control import is_broken
from grader.model import Status
from grader.perturb import FAR_OFF, OFF, REORDERED, ROUNDED
from grader.quality import QuestionQuality
from grader.trials import MUTANT, RIGHT, SOLUTION, STUBS, WRONG, Judged
from grader.words import listed, number

NAMED = 0.9  # of the misconceptions; the others may be too much like each other


def problems(judged: Sequence[Judged], questions: Sequence[QuestionQuality], reasons: dict[str, str]) -> Iterator[str]:
    """Everything that makes the cases unfit."""
    for one in judged:
        if one.report.status != "graded":
            yield f"{one.trial.kind} {one.trial.name} can't be read: {listed(one.report.notes)}"
        elif any(is_broken(case) for question in one.report.questions for case in question.cases):
            yield f"{one.trial.kind} {one.trial.name}: a case broke instead of judging: {_cases(one, broken=True)}"
        elif sentence := _problem(one, reasons):
            yield sentence
    there = {one.trial.name for one in judged if one.trial.kind == MUTANT}
    for mutant in reasons:
        if mutant not in there:
            yield f'equivalent.toml lists "{mutant}", which is no mutant of the solution (any more)'
    yield from _inexact(judged, questions)
    named, known = (sum(getattr(q, field) for q in questions) for field in ("named", "misconceptions"))
    if named < NAMED * known:
        yield f"only {named} of {known} misconceptions are named in their reports"


def remarks(questions: Sequence[QuestionQuality]) -> Iterator[str]:
    """What an author may want to change: cases that add nothing, and points that hang on a single case."""
    for question in questions:
        wrong = question.killed + question.misconceptions_lost
        for case in question.cases:
            if len(question.cases) == 1:
                yield f"{question.name} hangs on a single case, {case.name}: all its points or none"
            elif case.alone * 2 > wrong:
                yield f"{question.name} hangs on {case.name}: it alone kills {case.alone} of {wrong} wrong answers"
        idle = [case.name for case in question.cases if not case.alone]
        if idle and len(question.cases) > 1:
            which = "one of them" if len(idle) > 1 else "it"
            yield f"{question.name}: nothing is killed by {' or '.join(idle)} alone, so {which} could be dropped"


def _problem(one: Judged, reasons: dict[str, str]) -> str:
    """What the cases say wrongly of one trial; nothing when they say it rightly."""
    trial, report = one.trial, one.report
    if trial.kind == SOLUTION and report.score < report.max_score:
        return f"{trial.name} earn {number(report.score)} of {number(report.max_score)}: {_cases(one)}"
    if trial.kind == STUBS and report.score:
        return f"{trial.name} earn {number(report.score)} points: {_earned(one)}"
    if trial.kind == RIGHT and one.lost:
        return f"the alternative {trial.name} is right and loses points: {_cases(one)}"
    if trial.kind == WRONG and trial.question not in one.lost:
        return f"the misconception {trial.name} loses nothing"
    if trial.kind == WRONG and one.lost != [trial.question]:
        others = [name for name in one.lost if name != trial.question]
        return f"the misconception {trial.name} costs points elsewhere as well: {listed(others)}"
    if trial.kind == WRONG and one.told and trial.hint not in one.told:
        return f"the misconception {trial.name} is told as another one: {one.told}"
    if trial.kind in (ROUNDED, REORDERED) and one.lost:
        return f"a solution {trial.kind} loses points: {_cases(one)}"
    if trial.kind == MUTANT and not one.lost and trial.name not in reasons:
        return f'no case kills the mutant "{trial.name}"\n{trial.diff}'
    if trial.kind == MUTANT and one.lost and trial.name in reasons:
        return f'equivalent.toml lists "{trial.name}", which is killed: {_cases(one)}'
    return ""


def _inexact(judged: Sequence[Judged], questions: Sequence[QuestionQuality]) -> Iterator[str]:
    """Cases that see a large error in the numbers, and not one of 0.1 %."""
    failed = {
        one.trial.kind: {(q.name, case.name) for q in one.report.questions for case in q.cases if not case.points}
        for one in judged
        if one.trial.kind in (OFF, FAR_OFF)
    }
    for question, case in sorted(failed[FAR_OFF] - failed[OFF]):
        yield f"{question}: {case} passes a solution {OFF}, and fails one {FAR_OFF}: its tolerance is too wide"


def _cases(one: Judged, broken: bool = False) -> str:
    """The cases that it failed, each with what it said."""
    return "; ".join(
        f"{question.name}: {case.title} ({case.status}) {case.message}"
        for question in one.report.questions
        for case in question.cases
        if (is_broken(case) if broken else case.status is not Status.PASSED)
    )


def _earned(one: Judged) -> str:
    results = [(question.name, case) for question in one.report.questions for case in question.cases]
    return "; ".join(f"{name}: {case.title}" for name, case in results if case.points)
