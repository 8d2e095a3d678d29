"""Imports without garbage collection in between, which take a fifth less time."""

from __future__ import annotations

import contextlib
import gc
import sys
from collections.abc import Iterator


@contextlib.contextmanager
def fast_imports() -> Iterator[None]:
    """Pause garbage collection while modules are imported in this context.

    If there were new modules, all objects that exist afterwards are exempt from collection: modules live as long as
    the process, and looking through them takes as long as what was saved.
    """
    before = len(sys.modules)
    gc.disable()
    try:
        yield
    finally:
        if len(sys.modules) > before:  # else what is imported again and again would keep all garbage
            gc.freeze()
        gc.enable()
