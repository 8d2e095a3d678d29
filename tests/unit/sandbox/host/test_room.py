"""What the machine has room for."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from grader.sandbox.host import room


def test_room_for_threads_is_found_out_by_starting_some(monkeypatch: pytest.MonkeyPatch) -> None:
    """None of them stays."""
    before, start = threading.active_count(), threading.Thread.start
    started: list[threading.Thread] = []

    def start_few(thread: threading.Thread) -> None:
        if len(started) == 5:
            raise RuntimeError("can't start new thread")
        started.append(thread)
        start(thread)

    assert room.has_room_for_threads()
    monkeypatch.setattr(threading.Thread, "start", start_few)
    assert not room.has_room_for_threads()
    assert len(started) == 5
    assert threading.active_count() == before


def test_the_kernel_says_how_often_memory_was_short(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where it doesn't say so, nothing is known."""
    monkeypatch.setattr(Path, "read_text", lambda path: "nr_free_pages 12\noom_kill_other 5\noom_kill 7\n")
    assert room.memory_kills() == 7
    monkeypatch.setattr(Path, "read_text", lambda path: "nr_free_pages 12\n")
    assert room.memory_kills() == 0
