"""The library behind the filter of system calls: who knows it, and what happens without it."""

from __future__ import annotations

import ast
import errno
import subprocess
import sys
from pathlib import Path

import pytest

import grader
from grader.sandbox.host import launcher, syscall_filter
from grader.sandbox.host.availability import SandboxUnavailable

ROOT = Path(grader.__file__).parent


def imports_of(source: str) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            found.add(node.module or "")
    return found


def test_one_module_imports_pyseccomp() -> None:
    """pyseccomp was last released in 2021: should it break, one function is to be changed."""
    sources = {str(path.relative_to(ROOT)): path.read_text() for path in ROOT.rglob("*.py")}
    naming = {file: source for file, source in sources.items() if "pyseccomp" in source}
    users = {file for file, source in naming.items() if "pyseccomp" in imports_of(source)}
    assert users == {"sandbox/host/syscall_filter.py"}


def test_it_is_not_imported_before_a_filter_is_compiled() -> None:
    """So that commands that run no student code work without libseccomp."""
    assert not hasattr(syscall_filter, "pyseccomp")


def test_a_machine_without_room_for_processes_seems_not_to_lack_libseccomp(monkeypatch: pytest.MonkeyPatch) -> None:
    """Else a run of a minute in which the machine is full would end with the advice to grade with less protection."""

    def no_room(*arguments: object, **options: object) -> None:
        raise BlockingIOError(errno.EAGAIN, "no room")

    monkeypatch.delitem(sys.modules, "pyseccomp", raising=False)
    monkeypatch.setattr(subprocess, "Popen", no_room)
    assert launcher.BubblewrapLauncher()._system_calls()


@pytest.mark.parametrize("kind", [launcher.BubblewrapLauncher, launcher.ProcessLauncher])
def test_without_libseccomp_nothing_is_graded_in_a_weaker_sandbox(
    kind: type[launcher.Launcher], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The level is refused, with the package that is missing; a filter is never left out."""
    monkeypatch.setitem(sys.modules, "pyseccomp", None)  # its import fails
    with pytest.raises(SandboxUnavailable, match="libseccomp2"):
        kind()._system_calls()
    assert launcher.Launcher()._system_calls() == b"none"
