"""Quality of the hidden cases as a Markdown page. It is reproducible, because it holds no times."""

from __future__ import annotations

from collections.abc import Iterator

from grader._util.escaping import escape_markdown, markdown_code
from grader._util.wording import format_number
from grader.authoring.quality.metrics import Quality, QuestionQuality

INTRODUCTION = """\
Made by `grader validate`. The hidden cases grade submissions whose score is known. No problem may remain:

- **misconceptions**: wrong answers that students give. Each must lose points on its question and on no other. A report
  may name only its own hint, and at least nine of ten reports must name it.
- **alternatives**: right answers that differ from the solution. Each must earn all points.
- **nothing computed**: constants, the arguments, zeros in the right shape, fakes, the right answer of another question.
  None may earn a point. The column shows their number, and the most points that one of them earns.
- **mutants**: the solution with one small mistake. At least one case must fail: it *kills* the mutant. A mutant that is
  equivalent to the solution is listed below, with the reason.
- **tolerance**: the solution with its answers rounded to float32, and with sums in another order, must earn all points.
  An error of 0.1 % in the answers must fail every case that compares numbers, which are the cases that fail an error of
  a half (n/a: there is none)."""

QUESTIONS = {
    "question": "---",
    "points": "---:",
    "cases": "---:",
    "misconceptions lost": "---:",
    "of these named": "---:",
    "alternatives passed": "---:",
    "nothing computed": "---:",
    "mutants killed": "---:",
    "equivalent": "---:",
    "kill rate": "---:",
    "tolerance": "---",
}
CASES = {
    "question": "---",
    "case": "---",
    "points": "---:",
    "misconceptions": "---:",
    "mutants": "---:",
    "only this one": "---:",
    "compares numbers": "---",
}


def render(quality: Quality) -> bytes:
    """Return the page in UTF-8."""
    parts = (_head, _questions, _problems, _remarks, _cases, _equivalent)
    return ("\n".join(line for part in parts for line in part(quality)) + "\n").encode()


def _head(quality: Quality) -> Iterator[str]:
    yield f"# The hidden cases of `{quality.assignment}`, judged"
    yield ""
    yield INTRODUCTION
    yield ""
    yield f"The assignment as it was: {markdown_code(quality.digest[:12])}."
    yield ""
    for baseline in quality.baselines:
        score = f"{format_number(baseline.score)} of {format_number(baseline.max_score)}"
        yield f"- {escape_markdown(baseline.name)}: {score}"


def _questions(quality: Quality) -> Iterator[str]:
    yield from _section("Questions")
    yield from (_row(*QUESTIONS), _row(*QUESTIONS.values()))
    for question in quality.questions:
        yield _row(
            escape_markdown(question.name),
            format_number(question.points),
            str(len(question.cases)),
            *_figures(question),
        )
    total = quality.total
    yield _row("**together**", format_number(total.points), str(len(total.cases)), *_figures(total)[:-1], "")


def _figures(question: QuestionQuality) -> tuple[str, ...]:
    return (
        f"{question.misconceptions_lost} of {question.misconceptions}",
        str(question.named),
        f"{question.alternatives_passed} of {question.alternatives}",
        f"{question.trivial} earn {format_number(question.gained)}",
        f"{question.killed} of {question.mutants}",
        str(question.equivalent),
        f"{question.rate:.1%}",
        question.tolerance,
    )


def _problems(quality: Quality) -> Iterator[str]:
    if quality.problems:
        yield from _section("Problems")
        yield from (f"- {escape_markdown(problem)}" for problem in quality.problems)


def _remarks(quality: Quality) -> Iterator[str]:
    if quality.remarks:
        yield from _section("Remarks")
        yield from (f"- {escape_markdown(remark)}" for remark in quality.remarks)


def _cases(quality: Quality) -> Iterator[str]:
    yield from _section("Cases")
    yield "How many wrong answers each case kills, and how many of them no other case does."
    yield ""
    yield from (_row(*CASES), _row(*CASES.values()))
    for case in quality.total.cases:
        cells = (str(case.misconceptions), str(case.mutants), str(case.unique_kills), "yes" if case.numeric else "")
        yield _row(escape_markdown(case.question), escape_markdown(case.title), format_number(case.points), *cells)


def _equivalent(quality: Quality) -> Iterator[str]:
    if quality.equivalent:
        yield from _section("Mutants that do what the solution does")
        yield from (f"- {markdown_code(each.mutant)}: {escape_markdown(each.reason)}" for each in quality.equivalent)


def _section(title: str) -> tuple[str, ...]:
    return "", f"## {title}", ""


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"
