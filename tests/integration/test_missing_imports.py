"""A module with the right functions and no imports, graded in the sandbox."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.assignments.loader import load
from tests.factories import SOLUTION, notebook, put, submission, tiny_assignment
from tests.helpers.grading import GradedClass

NO_IMPORTS = "def double(x): return np.multiply(2, x)\ndef quadruple(x): return np.multiply(double(x), int(sqrt(4)))\n"


@pytest.mark.parametrize(("setting", "score"), [("note", 5.0), ("error", 0.0)])
def test_the_assignments_own_imports_are_bound_unless_the_author_says_no(
    tmp_path: Path, setting: str, score: float
) -> None:
    """By default nothing is lost, and a note in the submission's name says what was run."""
    folder = tiny_assignment(tmp_path)
    (folder / "tiny.ipynb").write_text(notebook(["import numpy as np\nfrom math import sqrt", SOLUTION]))
    put(folder, "assignment.toml", 'secret = "', f'missing_imports = "{setting}"\nsecret = "')
    (report,) = GradedClass(load(folder), [submission(NO_IMPORTS)])
    assert report.score == score
    noted = "np is used and never imported; the assignment's 'import numpy as np' was run"
    assert (noted in report.sandbox_notes) == (setting == "note")
    assert not any("imported" in note for note in report.notes)  # only the sandbox says so: it is a claim
