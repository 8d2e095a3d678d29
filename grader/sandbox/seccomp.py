"""Outside: the system calls that student code may make, compiled once for every worker.

An allow list: what isn't named is refused with EPERM, numbers that nobody knows yet included. There is no way to
start a process or to enter a namespace, so that a submission stays one process and its limits are totals; no socket
but a pair (asyncio has one), no shared memory that the memory limit wouldn't count, and nothing that looks into
other processes. Signals reach the sender alone.
"""

from __future__ import annotations

import errno
import tempfile

from grader.sandbox.confine import ANY_PROCESS

FILES = """
    access chdir chmod close close_range copy_file_range creat dup dup2 dup3 faccessat faccessat2 fadvise64 fallocate
    fchdir fchmod fchmodat fcntl fdatasync flock fstat fstatfs fsync ftruncate getcwd getdents getdents64 link linkat
    lseek lstat mkdir mkdirat newfstatat open openat pread64 preadv preadv2 pwrite64 pwritev pwritev2 read readahead
    readlink readlinkat readv rename renameat renameat2 rmdir sendfile splice stat statfs statx symlink symlinkat
    truncate umask unlink unlinkat utime utimensat utimes write writev
"""
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
TO_ITSELF = ("kill", "tgkill", "rt_sigqueueinfo", "rt_tgsigqueueinfo")
TIME = "clock_getres clock_gettime clock_nanosleep gettimeofday nanosleep time times"
WAITING = """
    epoll_create epoll_create1 epoll_ctl epoll_pwait epoll_pwait2 epoll_wait eventfd eventfd2 pipe pipe2 poll ppoll
    pselect6 select timerfd_create timerfd_gettime timerfd_settime wait4 waitid
"""
SOCKETS = "getsockname getpeername getsockopt recvfrom recvmsg sendmsg sendto setsockopt shutdown socketpair"
SELF = """
    capget getegid geteuid getgid getgroups getpgid getpgrp getpid getppid getpriority getrandom getresgid getresuid
    getrlimit getrusage getsid getuid prctl prlimit64 setrlimit sysinfo uname
"""
TERMINAL = (0x5401, 0x5413, 0x541B, 0x5421, 0x5450, 0x5451)  # TCGETS, window size, bytes waiting, blocking, cloexec
MAP_SHARED, MAP_ANONYMOUS = 0x01, 0x20
CLONE_THREAD = 0x10000
CLONE_NAMESPACES = 0x7E020080


def program() -> bytes:
    """The filter as BPF, ready for prctl(PR_SET_SECCOMP). Raises ImportError or RuntimeError without libseccomp."""
    import pyseccomp

    rules = pyseccomp.SyscallFilter(pyseccomp.ERRNO(errno.EPERM))
    allow = pyseccomp.ALLOW
    for name in " ".join([FILES, MEMORY, THREADS, SIGNALS, TIME, WAITING, SOCKETS, SELF]).split():
        if pyseccomp.resolve_syscall(pyseccomp.Arch.NATIVE, name) >= 0:  # some exist on some processors only
            rules.add_rule(allow, name)
    rules.add_rule(pyseccomp.ERRNO(errno.ENOSYS), "clone3")  # glibc then takes clone, whose flags can be seen
    only_a_thread = (CLONE_THREAD | CLONE_NAMESPACES, CLONE_THREAD)
    rules.add_rule(allow, "clone", pyseccomp.Arg(0, pyseccomp.MASKED_EQ, *only_a_thread))
    rules.add_rule(allow, "mmap", pyseccomp.Arg(3, pyseccomp.MASKED_EQ, MAP_ANONYMOUS, 0))
    rules.add_rule(allow, "mmap", pyseccomp.Arg(3, pyseccomp.MASKED_EQ, MAP_SHARED, 0))
    for name in TO_ITSELF:
        rules.add_rule(allow, name, pyseccomp.Arg(0, pyseccomp.EQ, ANY_PROCESS))
    for request in TERMINAL:
        rules.add_rule(allow, "ioctl", pyseccomp.Arg(1, pyseccomp.EQ, request))
    with tempfile.TemporaryFile() as file:
        rules.export_bpf(file)
        file.seek(0)
        return file.read()
