"""Tables and summaries on a terminal: scores, runs, differences, quality of cases, exports."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import Progress
from rich.table import Table
from rich.text import Text

from grader._util.console import print_line
from grader._util.escaping import one_line, plain
from grader._util.wording import format_number, format_score
from grader.execution.output import OutputFolder
from grader.gradebook.runs import Run
from grader.models import QuestionResult, ScoreReport, Status
from grader.statuses import STATUS_TEXT
from grader.submissions.student_names import safe_name

if TYPE_CHECKING:  # `grader grade` needs none of these packages
    from grader.authoring.quality.metrics import Quality
    from grader.exports.summary import ExportSummary
    from grader.gradebook.run_diff import CaseChange, RunDiff, StudentChange

MAX_LOST = 2000  # characters of a cell about lost points
MAX_ROWS = 500  # of a table on a terminal; a spreadsheet takes more


def show_scores(reports: Iterable[ScoreReport], console: Console) -> None:
    """Print a row for each student, with the questions that lost points."""
    table = Table()
    table.add_column("student", overflow="fold")
    table.add_column("score", justify="right", no_wrap=True)
    table.add_column("points lost", overflow="fold")
    for report in islice(reports, MAX_ROWS):
        late = " (late)" if report.late else ""
        table.add_row(Text(f"{_student(report)}{late}"), format_score(report), _points_lost(report))
    console.print(table)


def _student(report: ScoreReport) -> str:
    """Return a student's name; where a platform has another one than the files of the student, both."""
    own = one_line(report.student, 100)
    return (
        own if not report.name or safe_name(report.name) == report.student else f"{one_line(report.name, 100)} ({own})"
    )


def show_summary(output: OutputFolder, console: Console, log: Sequence[str]) -> None:
    """Print the counts, the mean, where the files are, and how many reports need manual review."""
    counts = output.counts
    parts = [f"{counts.graded} graded", f"{counts.rejected} rejected"]
    if counts.graded:
        parts.append(f"mean {format_number(counts.points / counts.graded)}")
    if counts.penalized or counts.adjusted:
        parts.append(f"{counts.penalized} with a penalty, {counts.adjusted} adjusted")
    if counts.review:
        parts.append(f"{counts.review} need manual review ({output.log})")
    elif log:
        parts.append(f"all graded after retries; see {output.log}")
    if counts.done > MAX_ROWS:
        print_line(console, f"(the first {MAX_ROWS} of {counts.done})")
    print_line(console, ", ".join(parts))
    page = f"page: {output.page}   " if output.page else ""
    print_line(console, f"{page}reports: {output.reports_folder}   scores: {output.folder / 'scores.csv'}")


def show_runs(runs: Iterable[Run], console: Console) -> None:
    """Print a row for each run, oldest first."""
    table = Table(padding=_padding(console))
    for name in ("run", "started", "assignment", "grader", "settings", "done", "mean"):
        right, least = name in ("run", "done", "mean"), {"started": 10, "grader": 7}.get(name, len(name))
        table.add_column(name, overflow="fold", justify="right" if right else "left", no_wrap=right, min_width=least)
    for run in runs:
        done = str(run.done) if run.finished else f"{run.done} of {run.submissions}"
        mean = "" if run.mean is None else format_number(run.mean)
        basis = run.basis
        assignment = f"{basis.assignment} {basis.assignment_digest[:8]}"
        cells = (
            str(run.number),
            _local_time(run.started),
            assignment,
            basis.grader_version,
            basis.settings,
            done,
            mean,
        )
        table.add_row(*(Text(one_line(cell)) for cell in cells))
    console.print(table)


def show_comparison(comparison: RunDiff, console: Console) -> None:
    """Print the students whose score changed between two runs, with a line for each case whose outcome changed."""
    before, after = comparison.before, comparison.after
    print_line(
        console,
        f"run {before.number} ({_local_time(before.started)}) and run {after.number} ({_local_time(after.started)})",
    )
    for what, old, new in comparison.differences:
        print_line(console, f"{what}: {_shorten(what, old)} -> {_shorten(what, new)}")
    show_changes(comparison.changed, console)
    parts = [f"{len(comparison.changed)} changed", f"{comparison.same} the same"]
    for run, names in ((before, comparison.only_before), (after, comparison.only_after)):
        if names:
            shown = ", ".join(one_line(name, 100) for name in names[:MAX_ROWS])
            parts.append(f"{len(names)} only in run {run.number} ({shown}{', ...' if len(names) > MAX_ROWS else ''})")
    print_line(console, ", ".join(parts))


def show_changes(changed: Sequence[StudentChange], console: Console) -> None:
    """Print a row for each student, with a line for each case whose outcome changed."""
    if changed:
        table = Table()
        table.add_column("student", overflow="fold")
        table.add_column("score", overflow="fold")
        table.add_column("question", overflow="fold")
        table.add_column("why", overflow="fold")
        for change in changed[:MAX_ROWS]:
            for row in _change_rows(change):
                table.add_row(*(Text(cell) for cell in row))
        console.print(table)
    if len(changed) > MAX_ROWS:
        print_line(console, f"(the first {MAX_ROWS} of {len(changed)}; --json has all)")


@contextmanager
def progress_bar(what: str, console: Console) -> Iterator[Callable[[int, int], None]]:
    """Show a bar on a terminal; yield the function (done, total) that moves it."""
    with Progress(console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task(what)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def show_quality(quality: Quality, console: Console) -> None:
    """Print the quality of the hidden cases: a row for each question, then remarks and problems."""
    for baseline in quality.baselines:
        print_line(console, f"{baseline.name}: {format_number(baseline.score)} of {format_number(baseline.max_score)}")
    table = Table(pad_edge=False, padding=_padding(console))
    for name in ("question", "wrong", "named", "right", "trivial", "mutants", "killed", "rounding"):
        text = name == "question"
        table.add_column(name, overflow="fold", justify="left" if text else "right", no_wrap=not text)
    for question in (*quality.questions, quality.total):
        table.add_row(
            Text(one_line(question.name)),
            f"{question.misconceptions_lost}/{question.misconceptions}",
            str(question.named),
            f"{question.alternatives_passed}/{question.alternatives}",
            format_number(question.gained),
            f"{question.killed}/{question.mutants}",
            f"{question.rate:.1%}",
            question.tolerance,
        )
    console.print(table)
    for remark in quality.remarks:
        print_line(console, f"remark: {one_line(remark)}")
    for problem in quality.problems:
        print_line(console, f"problem: {plain(problem)}")
    many = len(quality.problems)
    print_line(console, f"hidden cases: {many or 'no'} problem{'s' * (many != 1)}")


def show_export_summary(summary: ExportSummary, console: Console) -> None:
    """Print what an export wrote, and which students are missing from it and why."""
    one = "1 report is" if summary.written == 1 else f"{summary.written} reports are"
    print_line(console, f"{one} in {one_line(summary.files[0])}")
    if summary.decided:
        print_line(console, summary.grades)
    also = f", but written to {one_line(summary.files[-1])}" if len(summary.files) > 1 else ""
    parts = (
        (f"in no row of the roster{also}", summary.unmatched),
        (f"matching the same roster row as another report, so not in it{also}", summary.claimed),
        (f"with the id of somebody else's row, so not in it{also}", summary.mismatched),
        ("in the roster without a submission", summary.without_submission),
        ("for manual review, so the score isn't final", summary.review),
        ("excused or locked on the platform, so left unchanged", summary.held),
        ("with another grade on the platform, which is overwritten (--keep-existing keeps it)", summary.overwritten),
        ("with another grade on the platform, which is kept", summary.kept),
        ("without a grade, because the submission was rejected (--rejected-as-zero gives 0)", summary.not_graded),
        ("with 0 points, because the submission was rejected", summary.rejected),
    )
    for why, who in parts:
        if who:
            shown = ", ".join(one_line(name, 300) for name in who[:MAX_ROWS])
            more = f" and {len(who) - MAX_ROWS} more; --json has all" if len(who) > MAX_ROWS else ""
            print_line(console, f"{len(who)} {why}: {shown}{more}")
    for note in summary.notes:
        print_line(console, one_line(note))


def _change_rows(change: StudentChange) -> Iterable[tuple[str, ...]]:
    """Yield the rows of a student. Only the first shows name and scores; only a question's first shows its points."""
    first = [one_line(change.student, 100), f"{change.before} -> {change.after}"]
    for reason in (*(change.final.sentences() if change.final else ()), *change.reasons):
        yield (*first, "", one_line(reason, 300))
        first = ["", ""]
    for question in change.questions:
        name = f"{one_line(question.name)} {_points(question.before)} -> {_points(question.after)}"
        for case in question.cases:
            yield (*first, name, _case_change(case))
            first, name = ["", ""], ""
        if name:
            yield (*first, name, "")
            first = ["", ""]


def _case_change(case: CaseChange) -> str:
    was, now = (STATUS_TEXT[status] if status else "not there" for status in (case.before, case.after))
    points = "" if was != now else f" ({_points(case.points_before)} -> {_points(case.points_after)})"
    message = f": {one_line(case.message, 300)}" if case.message else ""
    return f"{one_line(case.title, 200)} {was} -> {now}{points}{message}"


def _points(value: float | None) -> str:
    return "-" if value is None else format_number(value)


def _shorten(what: str, value: str) -> str:
    return value[:8] if what.endswith("digest") else one_line(value)


def _local_time(started: str) -> str:
    """Return a time in the local time zone."""
    return datetime.fromisoformat(started).astimezone().strftime("%Y-%m-%d %H:%M")


def _padding(console: Console) -> tuple[int, int]:
    """Return the padding of a cell in a table with many columns: none on a narrow terminal."""
    return (0, 1 if console.width >= 80 else 0)


def _points_lost(report: ScoreReport) -> Text:
    changes = [step.sentence for step in report.grade.steps[1:]] if report.grade else []
    if report.status == "rejected":
        return Text(one_line("; ".join([report.notes[-1], *changes]), 300), style="red")
    lost = [question for question in report.questions if question.status is not Status.PASSED]
    text = "; ".join([part for part in (", ".join(map(_question, lost)), *changes) if part])
    return Text(one_line(text, MAX_LOST), style="yellow" if report.final else "red")


def _question(question: QuestionResult) -> str:
    why = "" if question.status is Status.FAILED else f" {question.status.replace('_', ' ')}"
    return f"{question.name} -{format_number(question.max_score - question.score)}{why}"
