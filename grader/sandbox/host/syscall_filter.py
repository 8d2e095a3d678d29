"""Outside: the system calls that student code may make, compiled once for every worker.

An allow list: what isn't named is refused with EPERM, numbers that nobody knows yet included. There is no way to
start a process or to enter a namespace, so that a submission stays one process and its limits are totals; no socket
but a pair (asyncio has one), no shared memory that the memory limit wouldn't count, and nothing that looks into
other processes. Signals and limits reach the sender alone. Of calls with many purposes (prctl, madvise, mmap, socket
options) only the arguments that a submission needs are allowed: each other one was a way to hold kernel memory, to
see what is in the page cache, or to reach a socket of the machine. docs/decisions/2026-11-29-system-calls.md says of
each call that stays why it does.
"""

from __future__ import annotations

import errno
import os
import socket
import tempfile
from collections.abc import Iterator
from typing import Any

from grader.sandbox.guest.isolation import ANY_PROCESS

FILES = """
    access chdir close creat dup dup2 dup3 faccessat faccessat2 fallocate fchdir fstat fstatfs ftruncate
    getcwd getdents getdents64 link linkat lseek lstat mkdir mkdirat newfstatat pread64 preadv pwrite64 pwritev read
    readlink readlinkat readv rename renameat renameat2 rmdir stat statfs statx symlink symlinkat umask unlink unlinkat
    write writev
"""
CHANGES_BY_PATH = "chmod fchmod fchmodat truncate utime utimensat utimes"  # for which nobody opens the file
FLAGS_ARGUMENT = {"open": 1, "openat": 2}  # and the place of their flags
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

# A lone process needs no locks, and what it writes ends with it: these do nothing and say that they did. On files that
# all workers read, a lock would be a sign for others, and each of them kernel memory that nothing bounds.
NO_OPS = "flock fadvise64 fdatasync fsync msync readahead"
LOCKS = (5, 6, 7, 36, 37, 38)  # commands of fcntl
# What libraries try first, and do without after the error number that they know.
OPTIONAL_CALLS = {
    "clone3": errno.ENOSYS,  # glibc then takes clone, whose flags can be seen
    "membarrier": errno.ENOSYS,
    "copy_file_range": errno.EXDEV,
    "sendfile": errno.ENOTSOCK,
    **dict.fromkeys(("getxattr", "lgetxattr", "fgetxattr", "listxattr", "llistxattr", "flistxattr"), errno.EOPNOTSUPP),
}

DESCRIPTORS = (0, 1, 2, 3, 4, 1030, 1032)  # of fcntl: copies, flags, a pipe's size; no owner, no signal, no lease
TERMINAL = (0x5401, 0x5413, 0x541B, 0x5421, 0x5450, 0x5451)  # TCGETS, window size, bytes waiting, blocking, cloexec
CLONES_A_FILE = 0x40049409  # FICLONE
PROCESS_OPTIONS = (3, 15, 16, 21, 23, 29, 30, 39, 41, 42)  # of prctl: names, timer slack, huge pages; queries
SOCKET_OPTIONS = (socket.SO_TYPE, socket.SO_ERROR, socket.SO_ACCEPTCONN, 38, 39)  # 38, 39: protocol and domain
ADVICE = (0, 2, 4, 8, 10, 11, 14, 15, 16, 17, 102, 103)  # of madvise, on what no other process sees
RECEIVING, SENDING = 0x4162, 0x4040  # flags: MSG_PEEK, MSG_TRUNC, MSG_WAITALL, MSG_DONTWAIT, MSG_NOSIGNAL; not MSG_OOB
FUTEXES = (0, 1, 3, 4, 5, 9, 10)  # wait, wake, requeue, on bits: none that lends a priority
FUTEX_COMMAND = 0x7F
CLOSE_ON_EXEC = 4  # of close_range; another flag gives a thread descriptors of its own, as many as all have together
MAP_SHARED, MAP_ANONYMOUS = 0x01, 0x20
MAP_FLAGS = 0x13D873  # not: growing downwards, which no limit counts; locked, huge and droppable pages; unknown flags
EVERY_BIT = (1 << 64) - 1
O_WRONLY, O_RDWR, O_TRUNC = 1, 2, 0x200
EMPTIES_ONLY_WHAT_IT_WRITES = ((O_TRUNC, 0), (O_TRUNC | 3, O_TRUNC | O_WRONLY), (O_TRUNC | 3, O_TRUNC | O_RDWR))
CLONE_THREAD, CLONE_FILES = 0x10000, 0x400
CLONE_NAMESPACES = 0x7E020080


Condition = tuple[int, Any, int] | tuple[int, Any, int, int]  # which argument, how compared, mask if any, value


def compile_filter(*, own_files: bool) -> bytes:
    """Return the filter as BPF, ready for prctl(PR_SET_SECCOMP).

    :param own_files: all that can be seen but can't be written is mounted read-only. Elsewhere Landlock guards files,
        which leaves modes and times alone and, before Linux 6.2, lengths: then none can be changed, not even its own
    :raises ImportError, RuntimeError: without libseccomp
    """
    import pyseccomp

    rules = pyseccomp.SyscallFilter(pyseccomp.ERRNO(errno.EPERM))

    def add(action: Any, name: str, *together: Condition) -> None:
        if pyseccomp.resolve_syscall(pyseccomp.Arch.NATIVE, name) >= 0:  # some exist on some processors only
            rules.add_rule(action, name, *(pyseccomp.Arg(*condition) for condition in together))

    names = [FILES, MEMORY, THREADS, SIGNALS, TIME, WAITING, SOCKETS, SELF, *([CHANGES_BY_PATH] if own_files else [])]
    for name in " ".join(names).split():
        add(pyseccomp.ALLOW, name)
    for name, *together in argument_rules(pyseccomp.EQ, pyseccomp.MASKED_EQ, own_files=own_files):
        add(pyseccomp.ALLOW, name, *together)
    for name, number in [*dict.fromkeys(NO_OPS.split(), 0).items(), *OPTIONAL_CALLS.items()]:
        add(pyseccomp.ERRNO(number), name)
    for command in LOCKS:
        add(pyseccomp.ERRNO(0), "fcntl", (1, pyseccomp.EQ, command))
    add(pyseccomp.ERRNO(errno.EOPNOTSUPP), "ioctl", (1, pyseccomp.EQ, CLONES_A_FILE))
    with tempfile.TemporaryFile() as file:
        rules.export_bpf(file)
        file.seek(0)
        return file.read()


def argument_rules(equal: Any, masked: Any, *, own_files: bool) -> Iterator[tuple[Any, ...]]:
    """Yield calls that are allowed with some arguments only: a name, and conditions that hold together.

    Of several that are yielded for a call, one is enough.
    """
    thread = CLONE_THREAD | CLONE_FILES  # with descriptors in common, or their limit would be one for each thread
    yield "clone", (0, masked, thread | CLONE_NAMESPACES, thread)
    for kind in (MAP_ANONYMOUS, MAP_SHARED):  # a mapping may be one of them, and not both
        yield "mmap", (3, masked, EVERY_BIT & ~MAP_FLAGS | kind, 0)
    for name in SELF_ONLY:
        yield name, (0, equal, ANY_PROCESS)
    yield "prlimit64", (0, equal, 0)  # 0 is the caller, too
    for name, place in FLAGS_ARGUMENT.items():
        for mask, flags in [(0, 0)] if own_files else EMPTIES_ONLY_WHAT_IT_WRITES:
            yield name, (place, masked, mask, flags)
    yield "pipe2", (1, masked, EVERY_BIT & ~(os.O_CLOEXEC | os.O_NONBLOCK | os.O_DIRECT), 0)  # no notification pipe
    yield "socketpair", (0, equal, socket.AF_UNIX)
    yield "sendto", (3, masked, EVERY_BIT & ~SENDING, 0), (4, equal, 0)  # no address: any socket with a name has one
    yield "recvfrom", (3, masked, EVERY_BIT & ~RECEIVING, 0)
    for command in FUTEXES:
        yield "futex", (1, masked, FUTEX_COMMAND, command)
    for name in ("preadv2", "pwritev2"):
        yield name, (5, equal, 0)  # flags would tell what is in the page cache, or remove it from there
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
