"""Findings about the hidden cases, as sentences: problems, which fail the validation, and remarks, which don't."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from grader._util.atomic_files import display_path
from grader._util.wording import format_number, format_points, join_with_and
from grader.authoring.quality.controls import MUTANT, RIGHT, SOLUTION, STUBS, TRIVIAL, WRONG, ControlResult
from grader.authoring.quality.metrics import QuestionQuality
from grader.authoring.quality.numeric_perturbation import LARGE_ERROR, REORDERED, ROUNDED, SMALL_ERROR
from grader.grading.blame import is_broken
from grader.models import Assignment, Status

MAX_NAMES = 5  # of answers in one sentence
MIN_NAMED_SHARE = 0.9  # of the misconceptions: the others may be too similar to be named


def problems(
    assignment: Assignment,
    results: Sequence[ControlResult],
    questions: Sequence[QuestionQuality],
    reasons: dict[str, str],
) -> Iterator[str]:
    """Yield the problems. `reasons` are the entries of equivalent.toml: name -> reason."""
    for one in results:
        if one.report.status != "graded":
            yield f"{one.control.kind} {one.control.name} can't be read: {join_with_and(one.report.notes)}"
        elif any(is_broken(case) for question in one.report.questions for case in question.cases):
            yield f"{one.control.kind} {one.control.name}: a case raised an error: {_cases(one, broken=True)}"
        elif sentence := _control_problem(one, reasons):
            yield sentence
    yield from _undeserved_points(assignment, results, reasons)
    there = {one.control.name for one in results if one.control.kind in (MUTANT, TRIVIAL)}
    for mutant in reasons:
        if mutant not in there:
            yield f'equivalent.toml lists "{mutant}", which is no mutant of the solution; delete the line'
    yield from _wide_tolerances(results)
    named, known = (sum(getattr(q, field) for q in questions) for field in ("named", "misconceptions"))
    if named < MIN_NAMED_SHARE * known:
        yield f"only {named} of {known} misconceptions are named in their reports"


def remarks(
    results: Sequence[ControlResult], questions: Sequence[QuestionQuality], reasons: dict[str, str]
) -> Iterator[str]:
    """Yield remarks: redundant cases, questions that depend on one case, and habits that no case finds.

    Habits are remarks only, because an author may allow an answer to have state, or to change its arguments.
    """
    for one in results:
        if one.control.advice and not one.lost and one.control.name not in reasons:
            yield f'no case kills the mutant "{one.control.name}": {one.control.advice}'
    for question in questions:
        wrong = question.killed + question.misconceptions_lost
        for case in question.cases:
            if len(question.cases) == 1:
                yield f"{question.name} has a single case, {case.name}: all points or none"
            elif case.unique_kills * 2 > wrong:
                yield (
                    f"{question.name} depends on {case.name}: no other case kills {case.unique_kills} of {wrong} "
                    "wrong answers"
                )
        idle = [case.name for case in question.cases if not case.unique_kills]
        if idle and len(question.cases) > 1:
            which = "one of them" if len(idle) > 1 else "it"
            yield f"{question.name}: nothing is killed by {' or '.join(idle)} alone, so {which} could be dropped"


def _control_problem(one: ControlResult, reasons: dict[str, str]) -> str:
    """Return the problem that the report on a control shows; empty if there is none."""
    control, report = one.control, one.report
    if control.kind == SOLUTION and report.score < report.max_score:
        return f"{control.name} earn {format_number(report.score)} of {format_number(report.max_score)}: {_cases(one)}"
    if control.kind == STUBS and report.score:
        return f"{control.name} earn {format_number(report.score)} points: {_earned(one)}"
    if control.kind == RIGHT and one.lost:
        return f"the alternative {control.name} is right and loses points: {_cases(one)}"
    if control.kind == WRONG and control.question not in one.lost:
        return f"the misconception {control.name} loses no points"
    if control.kind == WRONG and one.lost != [control.question]:
        others = [name for name in one.lost if name != control.question]
        return f"the misconception {control.name} costs points elsewhere as well: {join_with_and(others)}"
    if control.kind == WRONG and one.named_hint and control.hint not in one.named_hint:
        return f"the misconception {control.name} is reported as another one: {one.named_hint}"
    if control.kind in (ROUNDED, REORDERED) and one.lost:
        return f"a solution {control.kind} loses points: {_cases(one)}"
    return _exception_problem(one, reasons)


def _exception_problem(one: ControlResult, reasons: dict[str, str]) -> str:
    """Return the problem of a mutant or trivial answer, which equivalent.toml may list as right; else an empty text."""
    control = one.control
    if control.kind == MUTANT and not one.lost and control.name not in reasons and not control.advice:
        return f'no case kills the mutant "{control.name}"\n{control.diff}'
    if control.kind == MUTANT and one.lost and control.name in reasons:
        return f'equivalent.toml lists "{control.name}", which is killed: {_cases(one)}'
    if control.kind == TRIVIAL and not one.lost and control.name not in reasons:
        return (
            f'"{control.name}" earns all points: add a case that it fails, or list it in equivalent.toml '
            "with the reason why it is right"
        )
    if control.kind == TRIVIAL and not one.earned and control.name in reasons:
        return f'equivalent.toml lists "{control.name}", which earns nothing: delete the line'
    return ""


def _undeserved_points(
    assignment: Assignment, results: Sequence[ControlResult], reasons: dict[str, str]
) -> Iterator[str]:
    """Yield the cases that give points to answers that compute nothing."""
    undeserved: dict[tuple[str, str], list[str]] = {}
    worth: dict[tuple[str, str], float] = {}
    for one in results:
        if one.control.kind == TRIVIAL and one.control.name not in reasons and one.lost:
            for case in one.earned:
                key = one.control.question, case.name
                undeserved.setdefault(key, []).append(one.control.name.partition(": ")[2])
                worth[key] = case.points
    for (question, name), answers in undeserved.items():
        listed = [*answers[:MAX_NAMES], *([f"{len(answers) - MAX_NAMES} more"] if len(answers) > MAX_NAMES else [])]
        points = format_points(worth[question, name])
        yield (
            f"{_place(assignment, question, name)}: {name} gives {points} to answers that compute nothing: "
            f"{join_with_and(listed)}. Compare values in it, or let it count only together with a case that does: "
            f'points({format_number(worth[question, name])}, needs="test_...")'
        )


def _place(assignment: Assignment, question: str, name: str) -> str:
    """Return file and line of a case."""
    path = assignment.hidden / f"test_{question}.py"
    function = f"test_{name}".partition("[")[0]
    found = (node for node in ast.walk(ast.parse(path.read_bytes())) if isinstance(node, ast.FunctionDef))
    return display_path(path, next((node.lineno for node in found if node.name == function), 1))


def _wide_tolerances(results: Sequence[ControlResult]) -> Iterator[str]:
    """Yield the cases that fail a large error in the numbers, but pass an error of 0.1 %."""
    failed = {
        one.control.kind: {(q.name, case.name) for q in one.report.questions for case in q.cases if not case.points}
        for one in results
        if one.control.kind in (SMALL_ERROR, LARGE_ERROR)
    }
    for question, case in sorted(failed[LARGE_ERROR] - failed[SMALL_ERROR]):
        yield f"{question}: {case} passes a solution {SMALL_ERROR} but not {LARGE_ERROR}: its tolerance is too wide"


def _cases(one: ControlResult, broken: bool = False) -> str:
    """Return the failed cases of a control with their messages; with `broken`, the cases that raised an error."""
    return "; ".join(
        f"{question.name}: {case.title} ({case.status}) {case.message}"
        for question in one.report.questions
        for case in question.cases
        if (is_broken(case) if broken else case.status is not Status.PASSED)
    )


def _earned(one: ControlResult) -> str:
    results = [(question.name, case) for question in one.report.questions for case in question.cases]
    return "; ".join(f"{name}: {case.title}" for name, case in results if case.points)
