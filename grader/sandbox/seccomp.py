"""Outside: the system calls that student code may make, compiled once for every worker.

An allow list: what isn't named is refused with EPERM, numbers that nobody knows yet included. There is no way to
start a process or to enter a namespace, so that a submission stays one process and its limits are totals; no socket
but a pair (asyncio has one), no shared memory that the memory limit wouldn't count, and nothing that looks into
other processes. Signals and limits reach the sender alone.
"""

from __future__ import annotations

import errno
import tempfile

from grader.sandbox.confine import ANY_PROCESS, PR_SET_PDEATHSIG

FILES = """
    access chdir close close_range copy_file_range creat dup dup2 dup3 faccessat faccessat2 fadvise64 fallocate
    fchdir fdatasync flock fstat fstatfs fsync ftruncate getcwd getdents getdents64 link linkat lseek lstat mkdir
    mkdirat newfstatat pread64 preadv preadv2 pwrite64 pwritev pwritev2 read readahead readlink readlinkat readv
    rename renameat renameat2 rmdir sendfile splice stat statfs statx symlink symlinkat umask unlink unlinkat write
    writev
"""
BY_PATH_ALONE = "chmod fchmod fchmodat truncate utime utimensat utimes"  # for which nobody opens the file
OPENING = {"open": 1, "openat": 2}  # and the place of their flags
MEMORY = "brk madvise mincore mlock mprotect mremap msync munlock munmap membarrier get_mempolicy"
THREADS = """
    arch_prctl exit exit_group futex futex_waitv get_robust_list getcpu gettid restart_syscall rseq
    sched_getaffinity sched_getattr sched_getparam sched_getscheduler sched_get_priority_max
    sched_get_priority_min sched_yield set_robust_list set_tid_address
"""
SIGNALS = """
    alarm getitimer pause rt_sigaction rt_sigpending rt_sigprocmask rt_sigreturn rt_sigsuspend rt_sigtimedwait
    setitimer sigaltstack
"""
TO_ITSELF = ("kill", "prlimit64", "tgkill", "rt_sigqueueinfo", "rt_tgsigqueueinfo")
TIME = "clock_getres clock_gettime clock_nanosleep gettimeofday nanosleep time times"
WAITING = """
    epoll_create epoll_create1 epoll_ctl epoll_pwait epoll_pwait2 epoll_wait eventfd eventfd2 pipe pipe2 poll ppoll
    pselect6 select timerfd_create timerfd_gettime timerfd_settime wait4 waitid
"""
SOCKETS = "getsockname getpeername getsockopt recvfrom recvmsg sendmsg sendto setsockopt shutdown socketpair"
SELF = """
    capget getegid geteuid getgid getgroups getpgid getpgrp getpid getppid getpriority getrandom getresgid getresuid
    getrlimit getrusage getsid getuid setrlimit sysinfo uname
"""
DESCRIPTORS = (0, 1, 2, 3, 4, 5, 6, 7, 36, 37, 38, 1030, 1032)  # of fcntl: copies, flags, locks; no owner, no signal
TERMINAL = (0x5401, 0x5413, 0x541B, 0x5421, 0x5450, 0x5451)  # TCGETS, window size, bytes waiting, blocking, cloexec
MAP_SHARED, MAP_ANONYMOUS = 0x01, 0x20
O_WRONLY, O_RDWR, O_TRUNC = 1, 2, 0x200
EMPTIES_ONLY_WHAT_IT_WRITES = ((O_TRUNC, 0), (O_TRUNC | 3, O_TRUNC | O_WRONLY), (O_TRUNC | 3, O_TRUNC | O_RDWR))
CLONE_THREAD = 0x10000
CLONE_NAMESPACES = 0x7E020080


def program(*, own_files: bool) -> bytes:
    """The filter as BPF, ready for prctl(PR_SET_SECCOMP). Raises ImportError or RuntimeError without libseccomp.

    `own_files`: all that can be seen but can't be written is mounted read-only. Elsewhere Landlock guards files, which
    leaves modes and times alone and, before Linux 6.2, lengths: they can't be changed then, not even one's own.
    """
    import pyseccomp

    rules = pyseccomp.SyscallFilter(pyseccomp.ERRNO(errno.EPERM))
    allow = pyseccomp.ALLOW
    names = [FILES, MEMORY, THREADS, SIGNALS, TIME, WAITING, SOCKETS, SELF, *([BY_PATH_ALONE] if own_files else [])]
    for name in " ".join(names).split():
        if pyseccomp.resolve_syscall(pyseccomp.Arch.NATIVE, name) >= 0:  # some exist on some processors only
            rules.add_rule(allow, name)
    rules.add_rule(pyseccomp.ERRNO(errno.ENOSYS), "clone3")  # glibc then takes clone, whose flags can be seen
    only_a_thread = (CLONE_THREAD | CLONE_NAMESPACES, CLONE_THREAD)
    rules.add_rule(allow, "clone", pyseccomp.Arg(0, pyseccomp.MASKED_EQ, *only_a_thread))
    rules.add_rule(allow, "mmap", pyseccomp.Arg(3, pyseccomp.MASKED_EQ, MAP_ANONYMOUS, 0))
    rules.add_rule(allow, "mmap", pyseccomp.Arg(3, pyseccomp.MASKED_EQ, MAP_SHARED, 0))
    for name in TO_ITSELF:
        rules.add_rule(allow, name, pyseccomp.Arg(0, pyseccomp.EQ, ANY_PROCESS))
    rules.add_rule(allow, "prlimit64", pyseccomp.Arg(0, pyseccomp.EQ, 0))  # 0 is the caller, too
    rules.add_rule(allow, "prctl", pyseccomp.Arg(0, pyseccomp.GT, PR_SET_PDEATHSIG))  # it is the lowest number
    for command in DESCRIPTORS:
        rules.add_rule(allow, "fcntl", pyseccomp.Arg(1, pyseccomp.EQ, command))
    for name, place in OPENING.items():
        if pyseccomp.resolve_syscall(pyseccomp.Arch.NATIVE, name) >= 0:
            for mask, flags in [(0, 0)] if own_files else EMPTIES_ONLY_WHAT_IT_WRITES:
                rules.add_rule(allow, name, pyseccomp.Arg(place, pyseccomp.MASKED_EQ, mask, flags))
    for request in TERMINAL:
        rules.add_rule(allow, "ioctl", pyseccomp.Arg(1, pyseccomp.EQ, request))
    with tempfile.TemporaryFile() as file:
        rules.export_bpf(file)
        file.seek(0)
        return file.read()
