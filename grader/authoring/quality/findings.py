"""What is wrong with the hidden cases, in sentences: problems, which fail the build, and remarks, which don't."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from grader._util.atomic_files import display_path
from grader._util.wording import format_number, format_points, join_with_and
from grader.authoring.quality.controls import MUTANT, RIGHT, SOLUTION, STUBS, TRIVIAL, WRONG, ControlResult
from grader.authoring.quality.metrics import QuestionQuality
from grader.authoring.quality.numeric_perturbation import FAR_OFF, OFF, REORDERED, ROUNDED
from grader.grading.blame import is_broken
from grader.models import Assignment, Status

NAMES = 5  # of answers that are told in one sentence
NAMED = 0.9  # of the misconceptions; the others may be too much like each other


def problems(
    assignment: Assignment,
    judged: Sequence[ControlResult],
    questions: Sequence[QuestionQuality],
    reasons: dict[str, str],
) -> Iterator[str]:
    """Everything that makes the cases unfit."""
    for one in judged:
        if one.report.status != "graded":
            yield f"{one.trial.kind} {one.trial.name} can't be read: {join_with_and(one.report.notes)}"
        elif any(is_broken(case) for question in one.report.questions for case in question.cases):
            yield f"{one.trial.kind} {one.trial.name}: a case broke instead of judging: {_cases(one, broken=True)}"
        elif sentence := _problem(one, reasons):
            yield sentence
    yield from _gifts(assignment, judged, reasons)
    there = {one.trial.name for one in judged if one.trial.kind in (MUTANT, TRIVIAL)}
    for mutant in reasons:
        if mutant not in there:
            yield f'equivalent.toml lists "{mutant}", which is no mutant of the solution (any more)'
    yield from _inexact(judged, questions)
    named, known = (sum(getattr(q, field) for q in questions) for field in ("named", "misconceptions"))
    if named < NAMED * known:
        yield f"only {named} of {known} misconceptions are named in their reports"


def remarks(
    judged: Sequence[ControlResult], questions: Sequence[QuestionQuality], reasons: dict[str, str]
) -> Iterator[str]:
    """What an author may want to change: cases that add nothing, points that hang on a single case, and state.

    Whether an answer may remember something, or write into its arguments, is for the author to say.
    """
    for one in judged:
        if one.trial.advice and not one.lost and one.trial.name not in reasons:
            yield f'no case kills the mutant "{one.trial.name}": {one.trial.advice}'
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


def _problem(one: ControlResult, reasons: dict[str, str]) -> str:
    """What the cases say wrongly of one trial; nothing when they say it rightly."""
    trial, report = one.trial, one.report
    if trial.kind == SOLUTION and report.score < report.max_score:
        return f"{trial.name} earn {format_number(report.score)} of {format_number(report.max_score)}: {_cases(one)}"
    if trial.kind == STUBS and report.score:
        return f"{trial.name} earn {format_number(report.score)} points: {_earned(one)}"
    if trial.kind == RIGHT and one.lost:
        return f"the alternative {trial.name} is right and loses points: {_cases(one)}"
    if trial.kind == WRONG and trial.question not in one.lost:
        return f"the misconception {trial.name} loses nothing"
    if trial.kind == WRONG and one.lost != [trial.question]:
        others = [name for name in one.lost if name != trial.question]
        return f"the misconception {trial.name} costs points elsewhere as well: {join_with_and(others)}"
    if trial.kind == WRONG and one.told and trial.hint not in one.told:
        return f"the misconception {trial.name} is told as another one: {one.told}"
    if trial.kind in (ROUNDED, REORDERED) and one.lost:
        return f"a solution {trial.kind} loses points: {_cases(one)}"
    return _excused(one, reasons)


def _excused(one: ControlResult, reasons: dict[str, str]) -> str:
    """What is wrong between a mutant or a trivial answer and equivalent.toml, which may say that it is right."""
    trial = one.trial
    if trial.kind == MUTANT and not one.lost and trial.name not in reasons and not trial.advice:
        return f'no case kills the mutant "{trial.name}"\n{trial.diff}'
    if trial.kind == MUTANT and one.lost and trial.name in reasons:
        return f'equivalent.toml lists "{trial.name}", which is killed: {_cases(one)}'
    if trial.kind == TRIVIAL and not one.lost and trial.name not in reasons:
        return (
            f'"{trial.name}" earns everything: let a case tell it from a right answer, or list it in equivalent.toml '
            "with the reason why it is right"
        )
    if trial.kind == TRIVIAL and not one.earned and trial.name in reasons:
        return f'equivalent.toml lists "{trial.name}", which earns nothing: delete the line'
    return ""


def _gifts(assignment: Assignment, judged: Sequence[ControlResult], reasons: dict[str, str]) -> Iterator[str]:
    """The cases that give points to answers that compute nothing."""
    gifts: dict[tuple[str, str], list[str]] = {}
    worth: dict[tuple[str, str], float] = {}
    for one in judged:
        if one.trial.kind == TRIVIAL and one.trial.name not in reasons and one.lost:
            for case in one.earned:
                key = one.trial.question, case.name
                gifts.setdefault(key, []).append(one.trial.name.partition(": ")[2])
                worth[key] = case.points
    for (question, name), answers in gifts.items():
        told = [*answers[:NAMES], *([f"{len(answers) - NAMES} more"] if len(answers) > NAMES else [])]
        gift = format_points(worth[question, name])
        yield (
            f"{_place(assignment, question, name)}: {name} gives {gift} to answers that compute nothing: "
            f"{join_with_and(told)}. Compare values in it, or let it count only together with a case that does: "
            f'points({format_number(worth[question, name])}, needs="test_...")'
        )


def _place(assignment: Assignment, question: str, name: str) -> str:
    """The file of a case, and its line."""
    path = assignment.hidden / f"test_{question}.py"
    function = f"test_{name}".partition("[")[0]
    found = (node for node in ast.walk(ast.parse(path.read_bytes())) if isinstance(node, ast.FunctionDef))
    return display_path(path, next((node.lineno for node in found if node.name == function), 1))


def _inexact(judged: Sequence[ControlResult], questions: Sequence[QuestionQuality]) -> Iterator[str]:
    """Cases that see a large error in the numbers, and not one of 0.1 %."""
    failed = {
        one.trial.kind: {(q.name, case.name) for q in one.report.questions for case in q.cases if not case.points}
        for one in judged
        if one.trial.kind in (OFF, FAR_OFF)
    }
    for question, case in sorted(failed[FAR_OFF] - failed[OFF]):
        yield f"{question}: {case} passes a solution {OFF}, and fails one {FAR_OFF}: its tolerance is too wide"


def _cases(one: ControlResult, broken: bool = False) -> str:
    """The cases that it failed, each with what it said."""
    return "; ".join(
        f"{question.name}: {case.title} ({case.status}) {case.message}"
        for question in one.report.questions
        for case in question.cases
        if (is_broken(case) if broken else case.status is not Status.PASSED)
    )


def _earned(one: ControlResult) -> str:
    results = [(question.name, case) for question in one.report.questions for case in question.cases]
    return "; ".join(f"{name}: {case.title}" for name, case in results if case.points)
