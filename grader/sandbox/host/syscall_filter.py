"""The system calls that student code may make, compiled once for all workers.

This is an allow list: any other call fails with EPERM, future ones included. No call starts a process or enters a
namespace, so a submission stays one process and its limits are totals. There is no socket but a pair (asyncio needs
one), no shared memory that the memory limit wouldn't count, and no call that looks into other processes. Signals and
limits reach the sender only. Calls with many purposes (prctl, madvise, mmap, socket options) are allowed only with the
arguments that a submission needs: other arguments were ways to hold kernel memory, to observe the page cache, or to
reach a socket of the machine. docs/decisions/2026-11-29-system-calls.md gives the reason for each call.
"""

from __future__ import annotations

import contextlib
import ctypes.util
import errno
import os
import socket
import tempfile
from collections.abc import Iterator
from typing import Any

from grader.sandbox.guest.isolation import ANY_PROCESS

FILES = """
    access chdir close creat dup dup2 dup3 faccessat faccessat2 fchdir fstat fstatfs ftruncate
    getcwd getdents getdents64 link linkat lseek lstat mkdir mkdirat newfstatat pread64 preadv pwrite64 pwritev read
    readlink readlinkat readv rename renameat renameat2 rmdir stat statfs statx symlink symlinkat umask unlink unlinkat
    write writev
"""
CHANGES_BY_PATH = "chmod fchmod fchmodat truncate utime utimensat utimes"  # changes to a file that isn't open
# Takes room on the disk without writing there: 1.6 GB before anybody looks. Without it, glibc writes instead.
ALLOCATES = "fallocate"
FLAGS_ARGUMENT = {"open": 1, "openat": 2}  # and the index of the argument with the flags
MEMORY = "brk mprotect mremap munmap get_mempolicy"
THREADS = """
    arch_prctl exit exit_group get_robust_list getcpu gettid restart_syscall rseq
    sched_getaffinity sched_getattr sched_getparam sched_getscheduler sched_get_priority_max
    sched_get_priority_min sched_yield set_robust_list set_tid_address
"""
SIGNALS = """
    alarm getitimer pause rt_sigaction rt_sigpending rt_sigprocmask rt_sigreturn rt_sigsuspend rt_sigtimedwait
    setitimer sigaltstack
"""
SELF_ONLY = ("kill", "prlimit64", "tgkill", "rt_sigqueueinfo", "rt_tgsigqueueinfo")
TIME = "clock_getres clock_gettime clock_nanosleep gettimeofday nanosleep time times"
WAITING = """
    epoll_create epoll_create1 epoll_ctl epoll_pwait epoll_pwait2 epoll_wait eventfd eventfd2 pipe poll ppoll
    pselect6 select timerfd_create timerfd_gettime timerfd_settime wait4 waitid
"""
SOCKETS = "getsockname getpeername shutdown"
SELF = """
    capget getegid geteuid getgid getgroups getpgid getpgrp getpid getppid getpriority getrandom getresgid getresuid
    getrlimit getrusage getsid getuid setrlimit sysinfo uname
"""

# These calls do nothing and report success. A single process whose files end with it needs no locks and no syncing. A
# lock on a file that all workers can read would be a signal to others, and unlimited kernel memory.
NO_OPS = "flock fadvise64 fdatasync fsync msync readahead"
LOCKS = (5, 6, 7, 36, 37, 38)  # commands of fcntl
# Libraries try these first, and fall back if the call fails with this error number.
OPTIONAL_CALLS = {
    "clone3": errno.ENOSYS,  # glibc falls back to clone, whose flags a filter can check
    "membarrier": errno.ENOSYS,
    "copy_file_range": errno.EXDEV,
    "sendfile": errno.ENOTSOCK,
    **dict.fromkeys(("getxattr", "lgetxattr", "fgetxattr", "listxattr", "llistxattr", "flistxattr"), errno.EOPNOTSUPP),
}

DESCRIPTORS = (0, 1, 2, 3, 4, 1030, 1032)  # of fcntl: duplicates, flags, a pipe's size; not owner, signal, lease
TERMINAL = (0x5401, 0x5413, 0x541B, 0x5421, 0x5450, 0x5451)  # TCGETS, window size, bytes waiting, blocking, cloexec
CLONES_A_FILE = 0x40049409  # FICLONE
PROCESS_OPTIONS = (3, 15, 16, 21, 23, 29, 30, 39, 41, 42)  # of prctl: names, timer slack, huge pages; queries
SOCKET_OPTIONS = (socket.SO_TYPE, socket.SO_ERROR, socket.SO_ACCEPTCONN, 38, 39)  # 38, 39: protocol and domain
ADVICE = (0, 2, 4, 8, 10, 11, 14, 15, 16, 17, 102, 103)  # of madvise: those that affect private memory only
RECEIVING, SENDING = 0x4162, 0x4040  # flags: MSG_PEEK, MSG_TRUNC, MSG_WAITALL, MSG_DONTWAIT, MSG_NOSIGNAL; not MSG_OOB
FUTEXES = (0, 1, 3, 4, 5, 9, 10)  # wait, wake, requeue, bitsets; not those that pass on a priority
FUTEX_COMMAND = 0x7F
CLOSE_ON_EXEC = (
    4  # of close_range; the other flag gives each thread a descriptor table of its own, with a full limit each
)
MAP_SHARED, MAP_ANONYMOUS = 0x01, 0x20
MAP_FLAGS = (
    0x13D873  # without: growing downwards, which no limit counts; locked, huge and droppable pages; unknown flags
)
EVERY_BIT = (1 << 64) - 1
O_WRONLY, O_RDWR, O_TRUNC = 1, 2, 0x200
EMPTIES_ONLY_WHAT_IT_WRITES = ((O_TRUNC, 0), (O_TRUNC | 3, O_TRUNC | O_WRONLY), (O_TRUNC | 3, O_TRUNC | O_RDWR))
CLONE_THREAD, CLONE_FILES = 0x10000, 0x400
CLONE_NAMESPACES = 0x7E020080

LIBRARIES = {"c": "libc.so.6", "seccomp": "libseccomp.so.2"}  # of pyseccomp

Condition = tuple[int, Any, int] | tuple[int, Any, int, int]  # index of the argument, comparison, mask if any, value


def compile_filter(*, own_files: bool) -> bytes:
    """Return the filter as BPF, for prctl(PR_SET_SECCOMP).

    :param own_files: every file that is visible but not writable is mounted read-only, and the mounts limit what is
        written. Otherwise only Landlock guards files, and it leaves out modes, times and, before Linux 6.2, lengths:
        then no call may change those of any file. Nor may a call take room on the disk faster than anybody looks
    :raises ImportError, RuntimeError: if libseccomp is missing
    """
    pyseccomp = _import_pyseccomp()
    rules = pyseccomp.SyscallFilter(pyseccomp.ERRNO(errno.EPERM))

    def add(action: Any, name: str, *together: Condition) -> None:
        if pyseccomp.resolve_syscall(pyseccomp.Arch.NATIVE, name) >= 0:  # some calls exist on some processors only
            rules.add_rule(action, name, *(pyseccomp.Arg(*condition) for condition in together))

    names = [FILES, MEMORY, THREADS, SIGNALS, TIME, WAITING, SOCKETS, SELF]
    names += [CHANGES_BY_PATH, ALLOCATES] if own_files else []
    for name in " ".join(names).split():
        add(pyseccomp.ALLOW, name)
    for name, *together in argument_rules(pyseccomp.EQ, pyseccomp.MASKED_EQ, own_files=own_files):
        add(pyseccomp.ALLOW, name, *together)
    for name, number in [*dict.fromkeys(NO_OPS.split(), 0).items(), *OPTIONAL_CALLS.items()]:
        add(pyseccomp.ERRNO(number), name)
    if not own_files:
        add(pyseccomp.ERRNO(errno.EOPNOTSUPP), ALLOCATES)
    for command in LOCKS:
        add(pyseccomp.ERRNO(0), "fcntl", (1, pyseccomp.EQ, command))
    add(pyseccomp.ERRNO(errno.EOPNOTSUPP), "ioctl", (1, pyseccomp.EQ, CLONES_A_FILE))
    with tempfile.TemporaryFile() as file:
        rules.export_bpf(file)
        file.seek(0)
        return file.read()


def _import_pyseccomp() -> Any:
    """Import pyseccomp, and have it find its libraries without processes.

    ctypes asks ldconfig and gcc for a library. If the machine has no room for their processes just now, libseccomp
    seems to be missing.
    """

    def find_library(name: str) -> str | None:
        with contextlib.suppress(KeyError, OSError):
            ctypes.CDLL(LIBRARIES[name])
            return LIBRARIES[name]
        return ask_for_library(name)

    ask_for_library = ctypes.util.find_library
    vars(ctypes.util)["find_library"] = find_library
    try:
        import pyseccomp

        return pyseccomp
    finally:
        vars(ctypes.util)["find_library"] = ask_for_library


def argument_rules(equal: Any, masked: Any, *, own_files: bool) -> Iterator[tuple[Any, ...]]:
    """Yield calls that are allowed with some arguments only: a name, and conditions that must all hold.

    If several rules are yielded for a call, one of them is enough.
    """
    thread = CLONE_THREAD | CLONE_FILES  # shared descriptors, so that their limit holds for all threads together
    yield "clone", (0, masked, thread | CLONE_NAMESPACES, thread)
    for kind in (MAP_ANONYMOUS, MAP_SHARED):  # a mapping may be either, but not both: that is shared memory
        yield "mmap", (3, masked, EVERY_BIT & ~MAP_FLAGS | kind, 0)
    for name in SELF_ONLY:
        yield name, (0, equal, ANY_PROCESS)
    yield "prlimit64", (0, equal, 0)  # 0 is the caller
    for name, place in FLAGS_ARGUMENT.items():
        for mask, flags in [(0, 0)] if own_files else EMPTIES_ONLY_WHAT_IT_WRITES:
            yield name, (place, masked, mask, flags)
    yield "pipe2", (1, masked, EVERY_BIT & ~(os.O_CLOEXEC | os.O_NONBLOCK | os.O_DIRECT), 0)  # not O_NOTIFICATION_PIPE
    yield "socketpair", (0, equal, socket.AF_UNIX)
    yield (
        "sendto",
        (3, masked, EVERY_BIT & ~SENDING, 0),
        (4, equal, 0),
    )  # without an address, so that no named socket is reached
    yield "recvfrom", (3, masked, EVERY_BIT & ~RECEIVING, 0)
    for command in FUTEXES:
        yield "futex", (1, masked, FUTEX_COMMAND, command)
    for name in ("preadv2", "pwritev2"):
        yield name, (5, equal, 0)  # flags would reveal or change what is in the page cache
    for name, place, values in (
        ("close_range", 2, (0, CLOSE_ON_EXEC)),
        ("fcntl", 1, DESCRIPTORS),
        ("getsockopt", 2, SOCKET_OPTIONS),
        ("ioctl", 1, TERMINAL),
        ("madvise", 2, ADVICE),
        ("prctl", 0, PROCESS_OPTIONS),
    ):
        for value in values:
            yield name, (place, equal, value)
