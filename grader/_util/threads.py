"""Start of threads on a machine that may have no room for another one just now."""

from __future__ import annotations

import errno
import os
import threading
import time

RETRY_SECONDS = 0.5  # between two tries


def start_thread(thread: threading.Thread, timeout: float = 0.0) -> None:
    """Start a thread. Raises BlockingIOError if the machine has no room for one.

    :param timeout: seconds for which it is tried again: what fills the machine may end soon
    """
    end = time.monotonic() + timeout
    while True:
        try:
            thread.start()
            return
        except RuntimeError as problem:
            if "can't start new thread" not in problem.args:
                raise
            if time.monotonic() >= end:
                raise BlockingIOError(errno.EAGAIN, os.strerror(errno.EAGAIN)) from None
        time.sleep(RETRY_SECONDS)
