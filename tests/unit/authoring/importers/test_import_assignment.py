"""Cases that fail are left out, until the rest passes together."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.authoring.importers import attempt, base, import_assignment
from grader.authoring.importers.base import CaseKey

F = "def f(x):\n    ### BEGIN SOLUTION\n    return x\n    ### END SOLUTION"


def test_cases_are_tried_again_without_those_that_failed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A case may pass only because another ran before it in its worker."""
    draft = base.Draft()
    draft.add({"cell_type": "code"}, F)
    for name in ("one", "two", "three"):
        draft.tests.append(base.Test(2, name, "assert f(1) == 1", 1.0, place=1))
    results: list[dict[CaseKey, str]] = [
        {("f", "test_one"): "the stubs pass it", ("f", "test_one_2"): "the stubs pass it"},
        {("f", "test_two"): "the solution fails it", ("f", "test_two_2"): "the solution fails it"},
        {},
    ]
    tried: list[str] = []
    seeds: set[int] = set()

    def try_cases(folder: Path, sandbox: str, attempt: int) -> dict[CaseKey, str]:
        seeds.add(attempt)
        tried.append((folder / "hidden" / "test_f.py").read_text())
        return results[len(tried) - 1]

    monkeypatch.setattr(attempt, "try_cases", try_cases)
    files = import_assignment._checked_files(draft, {}, tmp_path / "lab", "a notebook", "full")
    assert [text.count("def test_") for text in tried] == [6, 2, 1]  # at first, each test in both translations
    assert len(seeds) == 3  # a case that passes by chance would fail with other random numbers
    assert [case.function for case in files.cases] == ["test_three"]
    assert [(each.what, each.why) for each in files.skipped] == [
        ("one", "the stubs pass it"),
        ("two", "the solution fails it"),
    ]
