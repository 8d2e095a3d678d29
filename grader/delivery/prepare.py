"""Prepares an unpacked bundle while a platform builds its image: private files, and the solution graded as a check.

It also caches what the known answers give, so that no later start computes it before it can name a mistake.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

from grader._util.wording import format_number
from grader.delivery.one_submission import grade_here, open_bundle
from grader.errors import GraderError, InternalError
from grader.grading.known_answers_alone import fill_answer_cache
from grader.models import Assignment, Submission
from grader.sandbox.host.launcher import ProcessLauncher


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
    try:
        cache_known_answers(assignment)
    except (GraderError, OSError) as problem:
        print(f"Hints will take longer, because the known answers can't be cached: {problem}")
    print(f"The solution earns {said}.", *remarks)
    return 0


def cache_known_answers(assignment: Assignment) -> None:
    """Fill the cache of known answers as a grading process does. Raises GraderError and OSError."""
    os.environ |= {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    with (
        ProcessLauncher(assignment.support, assignment.modules) as launcher,
        tempfile.TemporaryDirectory() as scratch,
    ):
        fill_answer_cache(assignment, launcher, Path(scratch))


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
