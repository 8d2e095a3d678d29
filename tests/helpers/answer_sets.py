"""Sets of wrong and right answers, written by people who knew an assignment's text alone: reads and grades them.

    python tests/helpers/answer_sets.py FOLDER [--assignment solutions/digits] [--question sigmoid] [--own] [--public]

FOLDER holds a file `QUESTION.py` for each question, or a folder of such files for each assignment. Entries of a file
begin with a line of their own:

    # --- wrong: forgets_the_minus
    # why: e to the z instead of e to the minus z
    def sigmoid(z):
        ...

and end where the next one begins. An entry's code stands in the place of the solution's own definition. It is graded
on its question, and on those on which it could have an effect (with --own on its question alone). --public tells also
what the checks say that students have.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from grader import Grader
from grader.assignments.loader import load, select_questions
from grader.authoring.quality.solution import Solution
from grader.models import Assignment, QuestionResult, ScoreReport, Submission

BEGIN = re.compile(r"^# --- (wrong|right): *(\S+) *$", re.MULTILINE)
PUBLIC = Path(__file__).with_name("public_checks.py")
SECONDS = 3600  # for the public checks of a set, each of which has a limit of its own


@dataclass(frozen=True)
class Entry:
    """One answer of a set."""

    question: str
    slug: str
    right: bool
    why: str
    code: str

    @property
    def name(self) -> str:
        return f"{self.question}/{self.slug}"


@dataclass(frozen=True)
class Result:
    """An entry, and the report on it."""

    entry: Entry
    report: ScoreReport

    @property
    def own(self) -> QuestionResult:
        """What became of its own question."""
        return next(result for result in self.report.questions if result.name == self.entry.question)

    @property
    def full(self) -> bool:
        """Whether its own question has full marks."""
        return self.own.score == self.own.max_score

    @property
    def elsewhere(self) -> list[str]:
        """The other questions that lost points."""
        return [r.name for r in self.report.questions if r.name != self.entry.question and r.score < r.max_score]


def read(folder: Path, questions: Iterable[str]) -> list[Entry]:
    """The entries of a folder. What can't be read is an error: no answer may get lost."""
    entries: list[Entry] = []
    for name in questions:
        if (path := folder / f"{name}.py").is_file():
            entries += parsed(name, path)
    names = [(entry.name, entry.right) for entry in entries]
    assert len(set(names)) == len(names), f"{folder}: twice the same name: {sorted(names)}"
    return entries


def parsed(question: str, path: Path) -> Iterator[Entry]:
    """The entries of one file."""
    head, *rest = BEGIN.split(path.read_text(encoding="utf-8"))
    stray = [line for line in head.splitlines() if line.strip() and not line.startswith(("#", '"""'))]
    assert not stray, f"{path}: {stray[0]!r} stands before the first entry"
    assert rest, f"{path} holds no entry"
    for kind, slug, body in zip(rest[::3], rest[1::3], rest[2::3], strict=True):
        assert "# ---" not in body, f"{path}: a line after {slug} looks like the beginning of an entry"
        why = re.search(r"^# why: *(.*)$", body, re.MULTILINE)
        assert why, f"{path}: {slug} doesn't say why"
        yield Entry(question, slug, kind == "right", why[1], body.strip())


def graded(assignment: Assignment, entries: Sequence[Entry], own: bool = False, jobs: int = 0) -> list[Result]:
    """Every entry graded in the place of the solution's answer, all in one batch."""
    solution = Solution(assignment)
    submissions = {}
    for i, entry in enumerate(entries):
        content = solution.replace_statements(entry.question, entry.code).encode()
        asked = (entry.question,) if own else solution.affected[entry.question]
        digest = hashlib.sha256(content).hexdigest()
        submissions[f"{i} {entry.name}"] = Submission(
            f"{i} {entry.name}", solution.file, content, digest, questions=asked
        )
    wanted = {name for submission in submissions.values() for name in submission.questions}
    with Grader(select_questions(assignment, sorted(wanted)), workers=jobs or None) as grader:
        reports = {report.student: report for report in grader.grade_many(submissions.values())}
        assert not grader.log, "\n".join(grader.log)
    assert len(reports) == len(submissions)
    return [Result(entry, reports[name]) for entry, name in zip(entries, submissions, strict=True)]


def public(assignment: Assignment, entries: Sequence[Entry]) -> dict[str, str]:
    """What the checks that students have say of each entry: "passed", "failed" or "broke"."""
    solution = Solution(assignment)
    modules = {entry.name: solution.replace_statements(entry.question, entry.code) for entry in entries}
    done = subprocess.run(
        [sys.executable, str(PUBLIC), assignment.name],
        cwd=assignment.support,
        input=json.dumps(modules),
        capture_output=True,
        text=True,
        timeout=SECONDS,
        env={**os.environ, "OMP_NUM_THREADS": "1", "PYTHONDONTWRITEBYTECODE": "1"},
    )
    assert done.returncode == 0, done.stderr
    told: dict[str, str] = json.loads(done.stdout.splitlines()[-1])
    return told


def main() -> None:
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--assignment", type=Path, default=Path("solutions/digits"))
    parser.add_argument("--question", action="append")
    parser.add_argument("--own", action="store_true")
    parser.add_argument("--public", action="store_true")
    parser.add_argument("--jobs", type=int, default=0)
    options = parser.parse_args()
    assignment = load(options.assignment)
    below = options.folder / assignment.name
    entries = read(below if below.is_dir() else options.folder, options.question or assignment.question_names)
    results = graded(assignment, entries, options.own, options.jobs)
    checks = public(assignment, entries) if options.public else {}
    for result in results:
        print(line(result, checks.get(result.entry.name, "")))
    print("\n".join(summary(results)))


def line(result: Result, checked: str = "") -> str:
    """One entry in a few lines: points, failed cases, other questions that lost points."""
    entry, own = result.entry, result.own
    bad = "   <-- " + ("loses points" if entry.right else "full marks") if result.full is not entry.right else ""
    told = f", public check {checked}" if checked else ""
    lines = [f"{'right' if entry.right else 'wrong'} {entry.name}: {own.score:g} of {own.max_score:g}{told}{bad}"]
    if bad:
        lines.append(f"    why: {entry.why}")
    lines += [f"    {case.name} ({case.status}): {case.message}" for case in own.cases if not case.points]
    lines += [f"    elsewhere: {name}" for name in result.elsewhere]
    return "\n".join(lines)


def summary(results: Sequence[Result]) -> Iterator[str]:
    """The figures that count."""
    wrong, right = ([r for r in results if r.entry.right is kind] for kind in (False, True))
    slipped, lost = [r for r in wrong if r.full], [r for r in right if not r.full]
    share = f" ({len(slipped) / len(wrong):.1%})" if wrong else ""
    yield f"\n{len(slipped)} of {len(wrong)} wrong answers have full marks{share}: {_names(slipped)}"
    yield f"{len(lost)} of {len(right)} right answers lose points: {_names(lost)}"
    elsewhere = [r for r in results if r.elsewhere]
    yield f"{len(elsewhere)} answers cost another question points: {_names(elsewhere)}"


def _names(results: Sequence[Result]) -> str:
    return ", ".join(result.entry.name for result in results) or "none"


if __name__ == "__main__":
    main()
