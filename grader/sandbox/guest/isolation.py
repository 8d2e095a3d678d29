"""The steps by which a worker isolates itself before it runs a line of student code.

The fork server runs in a bubblewrap sandbox that shows the interpreter and its packages, read-only, and has no
network. A worker goes further: namespaces of its own, so that it sees neither the fork server nor other workers, an
empty /tmp of its own, a /proc that shows only itself, limits, no capabilities, and a filter of system calls. Every
step raises OSError if the kernel refuses it. No step is skipped silently.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import resource
import struct
from pathlib import Path

from ..protocol import limits

CLONE_NEWNS, CLONE_NEWUTS, CLONE_NEWIPC = 0x20000, 0x4000000, 0x8000000
CLONE_NEWUSER, CLONE_NEWPID, CLONE_NEWNET = 0x10000000, 0x20000000, 0x40000000
MS_RDONLY, MS_NOSUID, MS_NODEV, MS_NOEXEC, MS_REMOUNT = 1, 2, 4, 8, 32
MS_BIND, MS_REC, MS_PRIVATE = 4096, 16384, 1 << 18
MOUNT_FLAGS = {"nosuid": MS_NOSUID, "nodev": MS_NODEV, "noexec": MS_NOEXEC}
PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_CAPBSET_DROP, PR_SET_NO_NEW_PRIVS = 1, 4, 24, 38
PR_SET_SECCOMP, SECCOMP_MODE_FILTER = 22, 2
SIGKILL = 9

PROC = "/tmp/proc"  # the fork server prepares the workers' /proc here
PROC_COPIES = ("cpuinfo", "meminfo", "stat", "loadavg", "uptime", "version", "filesystems")
PROC_SELF = ("auxv", "cmdline", "comm", "environ", "fd", "limits", "maps", "stat", "statm", "status")
NOBODY = 65534
LAST_CAPABILITY = 63
ANY_PROCESS = 0x7AB1E5E7  # larger than any process number

libc = ctypes.CDLL(None, use_errno=True)
for _name in ("capset", "mount", "prctl", "setns", "unshare"):
    getattr(libc, _name)  # looked up once, before any fork


def raise_on_error(result: int, what: str) -> None:
    """Raise OSError with the C library's error number if a call returned a negative result."""
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")


def unshare(flags: int) -> None:
    """Move this process into new namespaces. `flags` are CLONE_NEW... combined."""
    raise_on_error(libc.unshare(flags), "unshare")


def join_namespace(namespace: int, kind: int) -> None:
    """Enter the namespace of a descriptor."""
    raise_on_error(libc.setns(namespace, kind), "setns")


def map_user(inside: int, outside_user: int, outside_group: int) -> None:
    """Give this process's new user namespace its only user and group. The outside ids are those before `unshare`."""
    write_file("/proc/self/setgroups", "deny")
    write_file("/proc/self/uid_map", f"{inside} {outside_user} 1")
    write_file("/proc/self/gid_map", f"{inside} {outside_group} 1")


def write_file(path: str, text: str) -> None:
    """Write text to a file without Python's file objects: a new fork pays for every memory page that it touches."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CLOEXEC)
    os.write(descriptor, text.encode())
    os.close(descriptor)


def seal_mounts() -> None:
    """Make every mount of this namespace read-only, except /tmp and /proc, which each worker covers with its own.

    bubblewrap leaves devices writable, and if root runs the grader, a worker could change their modes and times.
    """
    for line in Path("/proc/self/mountinfo").read_text().splitlines():
        place, options = line.split(" ")[4:6]
        if place not in ("/tmp", "/proc") and "ro" not in options.split(","):
            kept = sum(flag for name, flag in MOUNT_FLAGS.items() if name in options.split(","))
            mount(None, place, None, MS_REMOUNT | MS_BIND | MS_RDONLY | kept)


def prepare_proc() -> None:
    """Create the folder that workers will see as /proc: copies of a few files, and mount points for a worker's own
    files.

    The real files would reveal the load of other workers. If root runs the grader, modes of files that don't belong to
    a process could be changed for the whole machine.
    """
    os.mkdir(PROC)
    mount("tmpfs", PROC, "tmpfs", MS_NOSUID | MS_NODEV | MS_NOEXEC, "size=4m,nr_inodes=64")
    for name in PROC_COPIES:
        with contextlib.suppress(OSError):  # skip files that are missing or too large
            Path(PROC, name).write_bytes(Path("/proc", name).read_bytes())
    for name in PROC_SELF:
        place = Path(PROC, "self", name)
        if name == "fd":
            place.mkdir(parents=True)
        else:
            place.parent.mkdir(exist_ok=True)
            place.touch()
    os.symlink(os.readlink("/proc/self/exe"), f"{PROC}/self/exe")
    for name in ("thread-self", "1"):  # a worker is process 1 of its namespace
        os.symlink("self", f"{PROC}/{name}")
    mount(None, PROC, None, MS_REMOUNT | MS_RDONLY | MS_NOSUID | MS_NODEV | MS_NOEXEC)


def enter_namespaces() -> None:
    """Continue in new user, mount, IPC, UTS and network namespaces, with an empty /tmp and a /proc of this process
    only.
    """
    user, group = os.getuid(), os.getgid()
    unshare(CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWIPC | CLONE_NEWUTS | CLONE_NEWNET)
    map_user(NOBODY, user, group)
    mount(None, "/", None, MS_REC | MS_PRIVATE)
    for name in PROC_SELF:
        mount(f"/proc/self/{name}", f"{PROC}/self/{name}", None, MS_BIND)
    mount(PROC, "/proc", None, MS_BIND | MS_REC)
    mount(
        "tmpfs", "/tmp", "tmpfs", MS_NOSUID | MS_NODEV, f"size={limits.TMP_BYTES},nr_inodes={limits.MAX_FILES},mode=700"
    )
    mount("tmpfs", "/dev/shm", "tmpfs", MS_NOSUID | MS_NODEV | MS_NOEXEC, f"size={limits.SHM_BYTES},nr_inodes=64")


def work_in(folder: str, support: str) -> None:
    """Create a folder with links to the support files, and make it the current folder."""
    os.mkdir(folder)
    for name in os.listdir(support) if support else ():
        os.symlink(f"{support}/{name}", f"{folder}/{name}")
    os.chdir(folder)


def drop_capabilities(user: int = -1) -> None:
    """Drop all capabilities, and the possibility to regain one.

    :param user: continue as this user, without groups; -1 to stay the same user
    """
    for capability in range(LAST_CAPABILITY + 1):
        if libc.prctl(PR_CAPBSET_DROP, ctypes.c_ulong(capability), 0, 0, 0):
            break  # the kernel knows no more, or allows to drop none
    if user >= 0:
        os.setgroups([])
        os.setresgid(user, user, user)
        os.setresuid(user, user, user)
    header = (ctypes.c_uint32 * 2)(0x20080522, 0)  # version 3, this process
    raise_on_error(libc.capset(header, (ctypes.c_uint32 * 6)()), "capset")


def disallow_new_privileges() -> None:
    """Forbid this process to gain privileges by starting a program, and others to inspect it."""
    prctl(PR_SET_NO_NEW_PRIVS, 1)
    prctl(PR_SET_DUMPABLE, 0)


def filter_system_calls(program: bytes) -> None:
    """Refuse, for good, the system calls that a seccomp program doesn't allow. Needs no_new_privs.

    The value ANY_PROCESS in the program is replaced by this process's own number.
    """
    own = program.replace(struct.pack("<I", ANY_PROCESS), struct.pack("<I", os.getpid()))
    code = ctypes.create_string_buffer(own, len(own))
    length = len(program) // 8  # instructions, of 8 bytes each
    filled = _SeccompProgram(length, ctypes.addressof(code))
    raise_on_error(
        libc.prctl(PR_SET_SECCOMP, ctypes.c_ulong(SECCOMP_MODE_FILTER), ctypes.byref(filled), 0, 0), "seccomp filter"
    )


class _SeccompProgram(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_void_p))


def set_limits(memory_mb: int, cpu_seconds: int, *, own_user: bool) -> None:
    """Set this process's limits. Private memory counts, because TensorFlow maps much memory that it never touches.

    :param own_user: the process is alone in a user namespace, so processes can be counted. Otherwise the kernel would
        count all processes of its user together, and none of root's
    """
    rlimits = {
        resource.RLIMIT_DATA: memory_mb << 20,
        resource.RLIMIT_AS: (memory_mb << 20) + limits.EXTRA_ADDRESS_BYTES,
        resource.RLIMIT_STACK: limits.STACK_BYTES,
        resource.RLIMIT_MEMLOCK: 0,
        resource.RLIMIT_MSGQUEUE: 0,
        resource.RLIMIT_SIGPENDING: limits.MAX_PENDING_SIGNALS,
        resource.RLIMIT_CPU: cpu_seconds,
        resource.RLIMIT_FSIZE: limits.MAX_FILE_BYTES,
        resource.RLIMIT_NOFILE: limits.MAX_OPEN_FILES,
        resource.RLIMIT_CORE: 0,
    } | ({resource.RLIMIT_NPROC: limits.MAX_PROCESSES} if own_user else {})
    for what, most in rlimits.items():
        _, hard = resource.getrlimit(what)
        most = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(what, (most, most))


def mount(source: str | None, target: str, kind: str | None, flags: int, options: str = "") -> None:
    """Call mount(2). Raises OSError."""
    encoded = [text.encode() if text is not None else None for text in (source, target, kind)]
    raise_on_error(libc.mount(*encoded, ctypes.c_ulong(flags), options.encode() or None), f"mount {target}")


def prctl(option: int, value: int) -> None:
    """Call prctl(2) with one argument. Raises OSError."""
    arguments = [ctypes.c_ulong(number) for number in (value, 0, 0, 0)]
    raise_on_error(libc.prctl(ctypes.c_int(option), *arguments), f"prctl {option}")
