"""Makes TensorFlow start quickly in workers, which run only a few hundred operations each.

TensorFlow turns each operation that is new to it into a function and optimizes its graph: 0.6 ms each, which never
pays here. A setting of a process's context turns that off. TensorFlow also fills its registry of kernels at the first
lookup, so the fork server looks one up.

All of this is TensorFlow's C API, reachable from Python through ctypes only. If a version lacks it, workers are slower
and nothing else changes.
"""

from __future__ import annotations

import contextlib
import ctypes
import importlib
import sys
from pathlib import Path
from typing import Any


def prepare() -> None:
    """Prepare TensorFlow if it is imported. Runs no operation: a process that has run one may not fork."""
    if "tensorflow" in sys.modules:
        with contextlib.suppress(ImportError, AttributeError, OSError, IndexError):
            importlib.import_module("tensorflow.python.framework.kernels").get_registered_kernels_for_op("Add")
            _run_operations_directly()


def _run_operations_directly() -> None:
    """Make every new context run operations without turning them into functions."""
    package = Path(sys.modules["tensorflow"].__file__ or "").parent
    calls, framework = (
        ctypes.CDLL(str(sorted(package.glob(f"libtensorflow_{part}.so.*"))[0])) for part in ("cc", "framework")
    )
    status = framework.TF_NewStatus
    status.restype = ctypes.c_void_p
    wrap = calls.TFE_ContextSetRunEagerOpAsFunction
    wrap.argtypes, wrap.restype = [ctypes.c_void_p, ctypes.c_ubyte, ctypes.c_void_p], None
    pointer = ctypes.pythonapi.PyCapsule_GetPointer
    pointer.argtypes, pointer.restype = [ctypes.py_object, ctypes.c_char_p], ctypes.c_void_p
    api: Any = importlib.import_module("tensorflow.python.pywrap_tfe")
    new_context = api.TFE_NewContext

    def new(options: Any) -> Any:
        context = new_context(options)
        wrap(pointer(context, None), 0, status())
        return context

    api.TFE_NewContext = new
