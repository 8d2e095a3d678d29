"""Which names of an assignment's imports a submission may use without importing them."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from grader.assignments.loader import AssignmentError, load
from grader.assignments.visible_imports import imports_to_bind
from tests.factories import SOLUTION, notebook, put, tiny_assignment

CELL = """%matplotlib inline
import numpy as np, os.path
from math import sqrt as root, pi
from __future__ import annotations
from glob import *
"""
HIDDEN = "### BEGIN SOLUTION\nimport secrets\nx = 1\n### END SOLUTION"


def test_imports_that_students_see_are_bound_one_by_one(tmp_path: Path) -> None:
    """None in a solution, none that binds a question, and no star import."""
    folder = tiny_assignment(tmp_path)
    (folder / "tiny.ipynb").write_text(notebook([CELL, HIDDEN, "from math import pow as double", SOLUTION]))
    assert imports_to_bind(load(folder)) == {
        "np": "import numpy as np",
        "os": "import os.path",
        "root": "from math import sqrt as root",
        "pi": "from math import pi",
    }


def test_the_author_may_leave_them_missing(tmp_path: Path) -> None:
    """`missing_imports` is "note" or "error"; another word is refused with its line."""
    folder = tiny_assignment(tmp_path)
    (folder / "tiny.ipynb").write_text(notebook(["import numpy as np", SOLUTION]))
    assert imports_to_bind(load(folder)) == {"np": "import numpy as np"}
    put(folder, "assignment.toml", 'secret = "', 'missing_imports = "error"\nsecret = "')
    assert imports_to_bind(load(folder)) == {}
    put(folder, "assignment.toml", '"error"', '"ignore"')
    with pytest.raises(AssignmentError, match=r"assignment\.toml:\d+: 'missing_imports'.*ignore"):
        load(folder)


@pytest.mark.parametrize(
    "content", [b"", b"[]", b'{"cells": 3}', b'{"cells": [3]}', b'{"cells": [{"cell_type": "code"}]}']
)
def test_a_notebook_that_cannot_be_read_has_none(tmp_path: Path, content: bytes) -> None:
    """What is wrong with it is reported where it is graded."""
    folder = tiny_assignment(tmp_path)
    assignment = load(folder)
    (folder / "tiny.ipynb").write_bytes(content)
    assert imports_to_bind(msgspec.structs.replace(assignment, digest=str(content))) == {}
