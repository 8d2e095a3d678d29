"""Judges the hidden cases by what they say of submissions whose worth is known."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass

from grader.batch import Batch
from grader.model import Assignment, ScoreReport, Submission
from grader.release import MARK, build
from grader.words import number


@dataclass(frozen=True)
class Finding:
    """One sentence on the hidden cases, and whether they are fit as far as it goes."""

    sentence: str
    fit: bool


def validate(assignment: Assignment, jobs: int = 0, sandbox: str = "full") -> list[Finding]:
    """The solutions must earn everything and the stubs nothing, as a notebook and as a module."""
    notebook, module = assignment.notebook.name, f"{assignment.name}.py"
    stubs = build(assignment.folder)
    solutions = {notebook: assignment.notebook.read_bytes(), module: solution_as_module(assignment)}
    wanted = {
        f"{kind}, {file}": (files[file], share * assignment.max_score)
        for kind, files, share in (("solutions", solutions, 1), ("stubs", stubs, 0))
        for file in (notebook, module)
    }
    submissions = [_submission(label, content) for label, (content, _) in wanted.items()]
    reports = {report.student: report for report in Batch(assignment, submissions, jobs, sandbox)}
    return [_finding(label, reports[label], score) for label, (_, score) in wanted.items()]


def solution_as_module(assignment: Assignment) -> bytes:
    """The code of the exercises, and of the cells that they need, answers included."""
    cells = json.loads(assignment.notebook.read_text(encoding="utf-8"))["cells"]
    sources = [
        "".join(cell["source"])
        for cell in cells
        if cell["cell_type"] == "code"
        and (MARK.search("".join(cell["source"])) or "module" in cell["metadata"].get("tags", []))
    ]
    return "\n\n".join(sources).encode()


def _submission(label: str, content: bytes) -> Submission:
    return Submission(label, label.rpartition(" ")[2], content, hashlib.sha256(content).hexdigest())


def _finding(label: str, report: ScoreReport, wanted: float) -> Finding:
    fit = report.status == "graded" and report.score == wanted and not report.needs_review
    sentence = f"{label}: {number(report.score)} of {number(report.max_score)}"
    if not fit:
        wrong = [
            f"{question.name}: {case.title} ({case.status}) {case.message}"
            for question in report.questions
            for case in question.cases
            if bool(case.points) != bool(wanted)
        ]
        sentence += f", wanted {number(wanted)}\n  " + "\n  ".join(wrong or report.notes)
    return Finding(sentence, fit)
