"""Runs the grader as another machine would: python tests/helpers/machines.py MACHINE doctor

Without a command, it runs those that it reads: each line is a command as a list in JSON, and each line that it prints
the exit code, the output and the error output. A process for each command would import the grader for each.

container  Docker's default profile: no namespaces, no mounts, and of root's capabilities those that Docker leaves
apparmor   Ubuntu 24.04: a user namespace can be made, and gives no right to mount anything
forbidden  user.max_user_namespaces = 0
mac        another system altogether, without what only Linux has
"""

from __future__ import annotations

import ctypes
import errno
import os
import runpy
import signal
import sys
from importlib import import_module

import pyseccomp

NEW_NAMESPACES = (0x20000, 0x2000000, 0x4000000, 0x8000000, 0x10000000, 0x20000000, 0x40000000)  # flags of clone
MOUNTS = ("mount", "umount2", "pivot_root", "fsopen", "fsmount", "move_mount", "open_tree")
LEFT_BY_DOCKER = (0, 1, 3, 4, 5, 6, 7, 8, 10, 13, 18, 27, 29, 31)  # chown to setfcap; see capability.h
PR_CAPBSET_DROP = 24
ONLY_ON_LINUX = {
    os: ("memfd_create", "pidfd_open", "O_DIRECT", "sched_getaffinity", "sched_setaffinity"),
    signal: ("pidfd_send_signal",),
}


def container() -> None:
    keep_capabilities(LEFT_BY_DOCKER if os.getuid() == 0 else ())
    container_filter().load()


def container_filter() -> pyseccomp.SyscallFilter:
    rules = pyseccomp.SyscallFilter(pyseccomp.ALLOW)
    for name in ("unshare", "setns", "chroot", *MOUNTS):
        rules.add_rule(pyseccomp.ERRNO(errno.EPERM), name)
    refuse_clones(rules, errno.EPERM)
    return rules


def apparmor() -> None:
    rules = pyseccomp.SyscallFilter(pyseccomp.ALLOW)
    for name in MOUNTS:
        rules.add_rule(pyseccomp.ERRNO(errno.EACCES), name)
    rules.load()


def forbidden() -> None:
    rules = pyseccomp.SyscallFilter(pyseccomp.ALLOW)
    rules.add_rule(pyseccomp.ERRNO(errno.ENOSPC), "unshare")
    refuse_clones(rules, errno.ENOSPC)
    rules.load()


def mac() -> None:
    import_module("zoneinfo")  # it asks how this Python was built, which can't be told of another system's
    sys.platform = "darwin"
    for module, names in ONLY_ON_LINUX.items():
        for name in names:
            delattr(module, name)

    def no_such_call(*_: object) -> int:
        raise SystemExit("a system call that another system doesn't have ends the process there")

    ctypes.CDLL.syscall = staticmethod(no_such_call)  # type: ignore[attr-defined]  # found before the library is asked


def refuse_clones(rules: pyseccomp.SyscallFilter, number: int) -> None:
    rules.add_rule(pyseccomp.ERRNO(errno.ENOSYS), "clone3")
    for flag in NEW_NAMESPACES:
        rules.add_rule(pyseccomp.ERRNO(number), "clone", pyseccomp.Arg(0, pyseccomp.MASKED_EQ, flag, flag))


def keep_capabilities(kept: tuple[int, ...]) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    for capability in range(64):
        if capability not in kept:
            libc.prctl(PR_CAPBSET_DROP, ctypes.c_ulong(capability), 0, 0, 0)
    mask = sum(1 << capability for capability in kept)
    header, sets = (ctypes.c_uint32 * 2)(0x20080522, 0), (ctypes.c_uint32 * 6)(mask, mask, 0, 0, 0, 0)
    if libc.capset(header, sets):
        raise OSError(ctypes.get_errno(), "capset")


if __name__ == "__main__":
    {"container": container, "apparmor": apparmor, "forbidden": forbidden, "mac": mac}[sys.argv.pop(1)]()
    sys.path.insert(0, os.getcwd())
    if sys.argv[1:]:
        runpy.run_module("grader", run_name="__main__", alter_sys=True)
    else:
        from tests.helpers.command_process import run_each

        run_each()
