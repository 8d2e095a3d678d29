"""Grade notebooks and modules: student code in a sandbox, hidden pytest cases outside of it.

    from grader import Grader, Submission, load_assignment

    assignment = load_assignment("solutions/digits")
    with Grader(assignment) as grader:
        report = grader.grade(Submission.from_path("ada.ipynb"))
    print(report.score, report.max_score)

Names are imported when they are used: the processes of the grader need few of them.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from grader.api import Grader, collect_submissions, load_assignment
    from grader.assignments.settings import AssignmentError
    from grader.errors import GraderError, InternalError, Interrupted, UserError
    from grader.execution.events import Event, EventKind
    from grader.gradebook.store import Gradebook
    from grader.models import (
        Assignment,
        CaseResult,
        Diagnosis,
        Limits,
        Question,
        QuestionResult,
        ScoreReport,
        Status,
        Submission,
    )
    from grader.sandbox.host.availability import SandboxUnavailable
    from grader.submissions.collect import IntakeError

__version__ = "0.1.0"
__all__ = [
    "Assignment",
    "AssignmentError",
    "CaseResult",
    "Diagnosis",
    "Event",
    "EventKind",
    "Gradebook",
    "Grader",
    "GraderError",
    "IntakeError",
    "InternalError",
    "Interrupted",
    "Limits",
    "Question",
    "QuestionResult",
    "SandboxUnavailable",
    "ScoreReport",
    "Status",
    "Submission",
    "UserError",
    "collect_submissions",
    "load_assignment",
]

_HOMES = {  # other than models
    "AssignmentError": "assignments.settings",
    "Event": "execution.events",
    "EventKind": "execution.events",
    "Gradebook": "gradebook.store",
    "Grader": "api",
    "GraderError": "errors",
    "IntakeError": "submissions.collect",
    "InternalError": "errors",
    "Interrupted": "errors",
    "SandboxUnavailable": "sandbox.host.availability",
    "UserError": "errors",
    "collect_submissions": "api",
    "load_assignment": "api",
}


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES.get(name, 'models')}"), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
