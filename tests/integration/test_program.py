"""Loading a submission in a process of its own."""

from __future__ import annotations

import shutil
import subprocess
import sys

from tests.factories import ROOT

GRADER = ROOT / "grader"


def test_input_ends_at_once():
    """input() finds nothing to read, which costs its own statement."""
    script = (
        "from grader.sandbox.guest.program import Program\n"
        "program = Program(b'x = input()\\ndef f(): return 3', 'a.py', ['f'], run_all_cells=True)\n"
        "print(program.get('f')(), program.notes)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )
    assert done.stdout == "3 ['line 1: EOFError: EOF when reading a line']\n"


def test_the_loader_needs_nothing_else_of_the_grader(tmp_path):
    """Copied under another package name, without the rest of the grader, it works."""
    shutil.copytree(GRADER / "notebooks", tmp_path / "copy_of" / "notebooks")
    for name in ("guest/program.py", "protocol/limits.py"):
        copy = tmp_path / "copy_of" / "sandbox" / name
        copy.parent.mkdir(parents=True)
        shutil.copy(GRADER / "sandbox" / name, copy)
    script = (
        "import sys; sys.path.insert(0, sys.argv[1])\n"
        "from copy_of.sandbox.guest.program import Program\n"
        "print(Program(b'def f(): return 3', 'a.py', ['f']).get('f')())\n"
        "assert not [m for m in sys.modules if m.split('.')[0] in ('grader', 'nbformat', 'numpy')]"
    )
    command = [sys.executable, "-I", "-c", script, str(tmp_path)]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout == "3\n"
