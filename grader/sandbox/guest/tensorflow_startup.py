"""In the fork server: makes TensorFlow start quickly in a worker, which lives for a few hundred operations only.

TensorFlow makes a function of every operation that is new to it, and takes that through its graph optimizer, the
search for what could be compiled included: 0.6 ms for each, which never pays here. It can be told not to, once a
process has a context. And its registry of kernels is set up by the first that looks something up in it.

All of this is TensorFlow's own C API, from Python only by way of ctypes. Where a version has it no more, workers are
slower, and nothing else is different.
"""

from __future__ import annotations

import contextlib
import ctypes
import importlib
import sys
from pathlib import Path
from typing import Any


def prepare() -> None:
    """Does nothing where TensorFlow isn't imported. Runs no operation: a process that did may not fork."""
    if "tensorflow" in sys.modules:
        with contextlib.suppress(ImportError, AttributeError, OSError, IndexError):
            importlib.import_module("tensorflow.python.framework.kernels").get_registered_kernels_for_op("Add")
            _run_operations_directly()


def _run_operations_directly() -> None:
    """Has each context that is made from now on run operations without making functions of them."""
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
