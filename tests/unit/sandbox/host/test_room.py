"""What the machine has room for."""

from __future__ import annotations

import _thread
import os
import threading
from pathlib import Path
from typing import Any

import pytest

from grader.sandbox.host import room
from tests.helpers.processes import until


def test_room_for_threads_is_found_out_by_starting_some(monkeypatch: pytest.MonkeyPatch) -> None:
    """None of them stays."""
    before, start, threads = threading.stack_size(), _thread.start_new_thread, len(os.listdir("/proc/self/task"))
    started: list[object] = []

    def start_few(*arguments: Any) -> int:
        if len(started) == 5:
            raise RuntimeError("can't start new thread")
        started.append(arguments)
        return start(*arguments)

    assert room.has_room_for_threads()
    monkeypatch.setattr(_thread, "start_new_thread", start_few)
    assert not room.has_room_for_threads()
    assert len(started) == 5
    assert threading.stack_size() == before
    until(lambda: len(os.listdir("/proc/self/task")) <= threads)


def test_the_kernel_says_how_often_memory_was_short(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where it doesn't say so, nothing is known."""
    monkeypatch.setattr(Path, "read_text", lambda path: "nr_free_pages 12\noom_kill_other 5\noom_kill 7\n")
    assert room.memory_kills() == 7
    monkeypatch.setattr(Path, "read_text", lambda path: "nr_free_pages 12\n")
    assert room.memory_kills() == 0
