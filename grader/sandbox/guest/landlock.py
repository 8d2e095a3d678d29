"""Landlock: a process gives up access to files, network and signals for good.

Numbers and structures are those of linux/landlock.h. Features that the kernel's version lacks are left out.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import sys
from collections.abc import Iterable

CREATE_RULESET, ADD_RULE, RESTRICT_SELF = 444, 445, 446  # equal on all processors
VERSION_QUERY, PATH_BENEATH = 1, 1
EXECUTE, WRITE_FILE, READ_FILE, READ_DIR = 1, 2, 4, 8
ALL_BY_VERSION = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1, 5: (1 << 16) - 1}  # refer, truncate, ioctl
READING = EXECUTE | READ_FILE | READ_DIR
FILE_ONLY = EXECUTE | WRITE_FILE | READ_FILE | 1 << 14 | 1 << 15
TCP_BIND_AND_CONNECT, NETWORK_SINCE = 3, 4
ABSTRACT_SOCKETS_AND_SIGNALS, SCOPES_SINCE = 3, 6
KEEP_QUIET, LOGS_SINCE = 1, 7  # don't log refusals: a submission could fill the machine's audit log

libc = ctypes.CDLL(None, use_errno=True)
libc.syscall.restype = ctypes.c_long  # also looks it up once, before any fork


class _Ruleset(ctypes.Structure):
    _fields_ = (("files", ctypes.c_uint64), ("network", ctypes.c_uint64), ("scopes", ctypes.c_uint64))


class _PathBeneath(ctypes.Structure):
    _pack_ = 1
    _layout_ = "ms"
    _fields_ = (("allowed", ctypes.c_uint64), ("parent", ctypes.c_int32))


def version() -> int:
    """Return the kernel's Landlock version; 0 if it has none."""
    if sys.platform != "linux":
        return 0
    return max(0, int(libc.syscall(CREATE_RULESET, None, ctypes.c_size_t(0), VERSION_QUERY)))


def restrict(readable: Iterable[str], writable: Iterable[str]) -> None:
    """Allow reading below some paths, and reading and writing below others; forbid all else. Needs no_new_privs.

    Raises OSError if the kernel refuses. Does nothing where the kernel has no Landlock: the level `process` checks
    that.
    """
    known = version()
    if not known:
        return
    files = ALL_BY_VERSION[max(since for since in ALL_BY_VERSION if since <= known)]
    rules = _Ruleset(
        files,
        TCP_BIND_AND_CONNECT if known >= NETWORK_SINCE else 0,
        ABSTRACT_SOCKETS_AND_SIGNALS if known >= SCOPES_SINCE else 0,
    )
    size = 8 if known < NETWORK_SINCE else 16 if known < SCOPES_SINCE else 24
    ruleset = _checked(libc.syscall(CREATE_RULESET, ctypes.byref(rules), ctypes.c_size_t(size), 0))
    for paths, allowed in ((readable, READING & files), (writable, files)):
        for path in paths:
            with contextlib.suppress(FileNotFoundError):
                _allow(ruleset, path, allowed)
    _checked(libc.syscall(RESTRICT_SELF, ruleset, KEEP_QUIET if known >= LOGS_SINCE else 0))
    os.close(ruleset)


def _allow(ruleset: int, path: str, allowed: int) -> None:
    parent = os.open(path, os.O_PATH | os.O_CLOEXEC)
    try:
        rule = _PathBeneath(allowed if os.path.isdir(path) else allowed & FILE_ONLY, parent)
        _checked(libc.syscall(ADD_RULE, ruleset, PATH_BENEATH, ctypes.byref(rule), 0))
    finally:
        os.close(parent)


def _checked(result: int) -> int:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"landlock: {os.strerror(number)}")
    return result
