"""Grades a submission on Gradescope: /autograder/submission -> /autograder/results/results.json.

If the grader itself fails, there is no results.json: Gradescope then shows the submission as failed and not as 0
points, and the reason stands in the output that instructors see.
"""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from grader._util.atomic_files import write_atomically
from grader._util.escaping import one_line
from grader._util.wording import format_number
from grader.assignments.settings import read_policy
from grader.delivery.one_submission import LEVEL, GradedHere, Identity, grade_here, open_bundle, read_folder
from grader.delivery.options import BundleSettings
from grader.delivery.visibility import shows_all, visibility
from grader.errors import GraderError
from grader.exports.gradescope import FILE, encode_results, gradescope_results
from grader.policies import Policy
from grader.reports.feedback import feedback
from grader.submissions.student_names import display_name, safe_name

ROOT = Path("/autograder")
METADATA_FILE = "submission_metadata.json"
MAX_METADATA_BYTES = 64 << 20  # it holds the results of all earlier attempts


class Dates(msgspec.Struct, frozen=True):
    """Dates of an assignment, or of one student in it, as text; None where there is none."""

    due_date: str | None = None
    late_due_date: str | None = None


class GradescopeUser(msgspec.Struct, frozen=True):
    """Student who handed in. `assignment` has the dates of an extension."""

    name: str = ""
    email: str = ""
    assignment: Dates | None = None


class EarlierAttempt(msgspec.Struct, frozen=True):
    """Earlier submission of the student."""

    submission_time: str = ""


class GradescopeMetadata(msgspec.Struct, frozen=True):
    """What submission_metadata.json says, as far as grading uses it."""

    created_at: str = ""
    assignment: Dates = Dates()
    users: tuple[GradescopeUser, ...] = ()
    previous_submissions: tuple[EarlierAttempt, ...] = ()

    @property
    def late(self) -> bool:
        """Return whether it was handed in after the due date: in a group, after the latest one of its members."""
        dues = [user.assignment.due_date if user.assignment else self.assignment.due_date for user in self.users]
        times = [_time(due) for due in dues or [self.assignment.due_date]]
        created = _time(self.created_at)
        return bool(created and all(due and created > due for due in times))

    def identity(self) -> Identity:
        """Return who handed in, and when."""
        names = [user.name or user.email for user in self.users] or ["submission"]
        name = display_name(" and ".join(names))
        return Identity(safe_name(names[0]), name, self.late, one_line(self.created_at, 100))


def main() -> int:
    """Grade, and write the results. Return the exit code; print one line for instructors."""
    root = Path(sys.argv[1]) if sys.argv[1:] else ROOT
    results = root / "results" / FILE
    try:
        results.unlink(missing_ok=True)
        metadata = read_metadata(root / METADATA_FILE)
        assignment, settings = open_bundle(root / "source")
        policy = read_policy(assignment.folder)
        submission = read_folder(root / "submission", assignment, metadata.identity())
        graded = grade_here(assignment, submission, settings.minutes)
        results.parent.mkdir(exist_ok=True)
        write_atomically(results, encode_results(platform_results(graded, metadata, settings, policy)))
    except (GraderError, OSError) as problem:
        print(f"No result, and no points lost: {problem}")
        return 1
    report = graded.report
    print(f"{report.status}: {format_number(report.score)} of {format_number(report.max_score)} points")
    return 0


def platform_results(
    graded: GradedHere, metadata: GradescopeMetadata, settings: BundleSettings, policy: Policy
) -> dict[str, Any]:
    """Return the content of results.json. Of the policy, only when results are visible: the rest is Gradescope's."""
    report = graded.report
    level = f"Graded at the sandbox level {LEVEL}. {feedback(report).protections}"
    attempt = f"This is attempt {len(metadata.previous_submissions) + 1}."
    results = gradescope_results(report, visibility(policy), [attempt, *graded.remarks, level])
    results["stdout_visibility"] = "hidden"
    results["extra_data"] = {"submission": report.digest, "assignment": report.assignment_digest}
    if settings.leaderboard and shows_all(policy):  # it would show scores to the class at once
        results["leaderboard"] = [{"name": "Score", "value": round(report.score, 2)}]
    return results


def read_metadata(path: Path) -> GradescopeMetadata:
    """Return what Gradescope says about the submission; nothing, with a line for instructors, if it can't be read."""
    try:
        with path.open("rb") as stream:
            return msgspec.json.decode(stream.read(MAX_METADATA_BYTES), type=GradescopeMetadata)
    except (OSError, ValueError) as problem:
        print(f"{path.name} can't be read, so due dates and attempts are unknown: {one_line(str(problem), 200)}")
        return GradescopeMetadata()


def _time(text: str | None) -> datetime | None:
    try:
        found = datetime.fromisoformat(text or "")
    except ValueError:
        return None
    return found if found.tzinfo else None


if __name__ == "__main__":
    sys.exit(main())
