"""What importing the grader imports."""

from __future__ import annotations

import subprocess
import sys

from tests.factories import ROOT


def test_tensorflow_is_not_imported_on_our_side() -> None:
    """Importing all that grades, and loading a reference function, leaves TensorFlow out."""
    code = (
        "import sys, pathlib, grader.cli.main, grader.grading.session;"
        "from grader.assignments.loader import load;"
        "reference = grader.grading.session.ReferenceSolution(load(pathlib.Path('solutions/digits')));"
        "reference.backward;"
        "grader.grading.session.ReferenceSolution(load(pathlib.Path('solutions/practice_lab'))).my_sequential_v;"
        "print('tensorflow' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
