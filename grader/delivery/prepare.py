"""Prepares an unpacked bundle while a platform builds its image: private files, and the solution graded as a check.

Grading the solution fills the cache of known answers, which later starts use.
"""

from __future__ import annotations

import sys
from pathlib import Path

from grader._util.wording import format_number
from grader.delivery.one_submission import grade_here, open_bundle
from grader.errors import GraderError, InternalError
from grader.models import Assignment, Submission


def main() -> int:
    """Run with the folder of the bundle. Return the exit code; print one line."""
    source = Path(sys.argv[1])
    try:
        assignment, settings = open_bundle(source)
        make_private(source, assignment)
        solution = Submission.from_path(assignment.notebook, "solution")
        report, remarks = grade_here(assignment, solution, settings.minutes)
        said = f"{format_number(report.score)} of {format_number(report.max_score)} points"
        if report.score < report.max_score:
            lost = next(question.name for question in report.questions if question.score < question.max_score)
            raise InternalError(f"the solution earns {said} in this image; it loses {lost}")
    except (GraderError, OSError) as problem:
        print(f"This image can't grade: {problem}")
        return 1
    print(f"The solution earns {said}.", *remarks)
    return 0


def make_private(source: Path, assignment: Assignment) -> None:
    """Let root alone read the bundle, except for the files that students have. Raises OSError.

    Other users may walk through the folders above those files, and list none of them.
    """
    public = assignment.support
    (source / "cache").mkdir(exist_ok=True)
    for path in [source, *source.rglob("*")]:
        if path.is_symlink():
            continue
        shown = path == public or path.is_relative_to(public)
        on_the_way = public.is_relative_to(path)
        if path.is_dir():
            path.chmod(0o755 if shown else 0o711 if on_the_way else 0o700)
        else:
            path.chmod(0o644 if shown else 0o600)


if __name__ == "__main__":
    sys.exit(main())
