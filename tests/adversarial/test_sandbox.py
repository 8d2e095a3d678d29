"""The sandbox, seen from inside: what student code can reach, and what is left of it afterwards."""

from __future__ import annotations

import os
import re
import secrets
import socket
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from grader.models import Assignment, Limits, Status
from grader.sandbox.client.errors import SandboxFailed, StudentError
from grader.sandbox.client.student_proxy import StudentProxy
from grader.sandbox.guest import tensorflow_startup
from grader.sandbox.host import launcher as launch
from grader.sandbox.host import mounts
from grader.sandbox.host.launcher import BubblewrapLauncher
from tests.factories import ROOT, submission

LIMITS = Limits(load_seconds=60, call_seconds=60, total_seconds=200)
OWN = ("/tmp", "/dev/shm")  # the only places where a worker may write
HIDDEN = ("solutions", "tests", "grader", "assignment", "docs", "benchmarks", ".ci", ".git")  # of the project

# What the tests let a worker do. Everything here runs inside, with the rights of a submission.
PROBE = '''
import ctypes, fcntl, os, socket

def walked():
    """Everything that can be seen, but for /proc, which is not of files."""
    for folder, folders, files in os.walk("/"):
        if folder == "/":
            folders.remove("proc")
        yield folder, files

def found(numbers):
    """Files by their device and inode number, wherever they are mounted."""
    wanted = set(map(tuple, numbers.tolist()))
    seen = []
    for folder, files in walked():
        for path in [folder, *(os.path.join(folder, name) for name in files)]:
            try:
                status = os.stat(path)
            except OSError:
                continue
            if (status.st_dev, status.st_ino) in wanted:
                seen.append(path)
    return seen

def reached(paths):
    """Those of the paths that can be opened, listed or even looked at."""
    seen = []
    for path in paths:
        for way in (os.stat, os.listdir, os.readlink, lambda path: os.close(os.open(path, os.O_RDONLY))):
            try:
                way(path)
                seen.append(path)
                break
            except OSError:
                pass
    return seen

def written():
    """Folders in which a file can be made, and files that can be opened for writing."""
    seen = []
    for folder, files in walked():
        try:
            os.close(os.open(folder + "/made", os.O_CREAT | os.O_WRONLY))
            os.remove(folder + "/made")
            seen.append(folder)
        except OSError:
            pass
        for name in files if folder != "/dev" else ():
            try:
                os.close(os.open(os.path.join(folder, name), os.O_WRONLY | os.O_NOFOLLOW | os.O_NONBLOCK))
                seen.append(os.path.join(folder, name))
            except OSError:
                pass
    return seen

def listed(path):
    return sorted(os.listdir(path))

def legible(folder):
    """What lies in a folder and shows something: files with a byte that can be read, folders that aren't empty."""
    seen = []
    for entry in os.scandir(folder):
        try:
            if os.listdir(entry.path) if entry.is_dir() else open(entry.path, "rb").read(1):
                seen.append(entry.path)
        except OSError:
            pass
    return sorted(seen)

def text(path):
    return open(path).read()

def environment():
    return dict(os.environ)

def processes():
    return [name for name in os.listdir("/proc") if name.isdigit()] + [str(os.getppid())]

def descriptors():
    held = {}
    for name in os.listdir("/proc/self/fd"):
        try:
            held[name] = os.readlink("/proc/self/fd/" + name)
        except OSError:
            pass  # the one that listed the folder
    return held

def sockets():
    """The kinds of socket that can be made."""
    made = []
    for family in ("AF_INET", "AF_INET6", "AF_UNIX", "AF_NETLINK", "AF_PACKET", "AF_VSOCK", "AF_ALG"):
        for kind in ("SOCK_STREAM", "SOCK_DGRAM", "SOCK_RAW"):
            try:
                socket.socket(getattr(socket, family), getattr(socket, kind)).close()
                made.append(family + " " + kind)
            except OSError:
                pass
    return made

def refused():
    """System calls that no submission needs, and their error numbers; 0 for one that worked."""
    libc = ctypes.CDLL(None, use_errno=True)
    calls = {
        "fork": lambda: os.fork() or os._exit(0),
        "execve": lambda: os.execv("/bin/true", ["true"]),
        "unshare": lambda: libc.unshare(0x10000000),
        "mount": lambda: libc.mount(b"tmpfs", b"/tmp", b"tmpfs", 0, None),
        "ptrace": lambda: libc.ptrace(0, 0, 0, 0),
        "process_vm_readv": lambda: libc.process_vm_readv(1, None, 0, None, 0, 0),
        "memfd_create": lambda: os.memfd_create("x"),
        "shmget": lambda: libc.shmget(0, 4096, 0o1600),
        "keyctl": lambda: libc.syscall(250, 0, 0, 0, 0, 0),
        "bpf": lambda: libc.syscall(321, 0, None, 0),
        "io_uring_setup": lambda: libc.syscall(425, 1, None),
        "perf_event_open": lambda: libc.syscall(298, None, 0, 0, 0, 0),
        "userfaultfd": lambda: libc.syscall(323, 0),
    }
    numbers = {}
    for name, call in calls.items():
        ctypes.set_errno(0)
        try:
            numbers[name] = 0 if call() >= 0 else ctypes.get_errno()
        except OSError as error:
            numbers[name] = error.errno
    return numbers

def leave(mark):
    """Leaves a mark in every place that takes one; how many did."""
    left = 0
    for folder in ("/tmp", ".", "/dev/shm", "/var/tmp", "/run", "/support", "/"):
        try:
            open(folder + "/mark", "w").write(mark)
            left += 1
        except OSError:
            pass
    for descriptor in (1, 2):
        os.write(descriptor, mark.encode())
    os.environ["MARK"] = mark
    return left

def marks(mark):
    """Where such a mark is to be seen."""
    seen = [f"{folder}/mark" for folder, files in walked() if "mark" in files]
    for descriptor in (0, 1, 2):
        try:
            if mark.encode() in os.pread(descriptor, 1 << 20, 0):
                seen.append(f"descriptor {descriptor}")
        except OSError:
            pass
    return seen + ["environment"] * ("MARK" in os.environ)

def flags():
    """Those of two flags of standard input that are set; then it sets both."""
    both = os.O_APPEND | os.O_NONBLOCK
    found = fcntl.fcntl(0, fcntl.F_GETFL) & both
    fcntl.fcntl(0, fcntl.F_SETFL, both)
    return found

def locked(path):
    """Whether a lock that nobody else may have at the same time was given."""
    try:
        fcntl.flock(os.open(path, os.O_RDONLY), fcntl.LOCK_EX | fcntl.LOCK_NB)
        fcntl.lockf(os.open(path, os.O_RDONLY), fcntl.LOCK_SH | fcntl.LOCK_NB)
        return True
    except OSError:
        return False

def shared():
    """Memory that others could write to as well."""
    return [line for line in open("/proc/self/maps").read().splitlines() if line.split()[1][1::2] == "ws"]

def datagram(path):
    """Whether a datagram from a pair of sockets reaches a socket that has a name."""
    try:
        return socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)[0].sendto(b"x", path) == 1
    except OSError:
        return False

def threads():
    import threading, time
    for _ in range(5):
        threading.Thread(target=time.sleep, args=(1000,)).start()
    return True

def double(x):
    return 2 * x

def die(g):
    g(0)
    os._exit(0)

def hang(g):
    g(0)
    while True:
        pass

def hoard(g):
    g(0)
    return len(bytearray(400 << 20))
'''
NAMES = [line.split("(")[0].removeprefix("def ") for line in PROBE.splitlines() if line.startswith("def ")]


@pytest.fixture(scope="module")
def launcher(digits: Assignment) -> Iterator[BubblewrapLauncher]:
    """The full sandbox, without TensorFlow, which the tests don't need."""
    with BubblewrapLauncher(digits.support, ["numpy"]) as started:
        yield started


@pytest.fixture
def probe(launcher: BubblewrapLauncher) -> Iterator[StudentProxy]:
    """A worker that runs PROBE."""
    with worker(launcher) as student:
        yield student


@contextmanager
def worker(launcher: BubblewrapLauncher, limits: Limits = LIMITS, name: str = "ada") -> Iterator[StudentProxy]:
    student = StudentProxy(submission(PROBE, name, "probe.py"), NAMES, launcher, limits)
    try:
        yield student
    finally:
        student.close()


@pytest.fixture
def canaries() -> Iterator[list[Path]]:
    """Files that nobody inside may see: in the home directory, in /tmp, in the project and beside it, around the
    interpreter and its packages, and where containers have their programs."""
    made = []
    prefixes = [Path(prefix) / name for prefix in (sys.prefix, sys.base_prefix) for name in ("", "share")]
    system = map(Path, ("/var/tmp", "/dev/shm", "/usr", "/usr/src", "/usr/share", "/usr/local", "/opt", "/srv"))
    for folder in {Path.home(), Path(tempfile.gettempdir()), ROOT, ROOT.parent, *prefixes, *system}:
        path = folder / f"canary-{secrets.token_hex(8)}.txt"
        try:
            path.write_text("nobody's business")
        except OSError:  # an ordinary user can't write everywhere
            continue
        made.append(path)
    assert made
    yield made
    for path in made:
        path.unlink()


@pytest.fixture
def secret_files(digits: Assignment, canaries: list[Path]) -> list[Path]:
    """All that is hidden: the project's files, those apart that student code is given, and the canaries."""
    given = (digits.support, *launch.visible_folders())
    files = [path for name in HIDDEN for path in (ROOT / name).rglob("*") if not path.is_symlink()]
    files = [path for path in files if not any(path == folder or path.is_relative_to(folder) for folder in given)]
    files = [path for path in files if not any(part.startswith(".") for part in path.relative_to(ROOT).parts)]
    assert digits.notebook in files and digits.hidden / "test_cost.py" in files
    return [*files, *canaries]


# ---- what can be reached


def test_no_secret_file_is_mounted_anywhere(probe: StudentProxy, digits: Assignment, secret_files: list[Path]) -> None:
    """A walk through all that is visible meets no file or folder of the project, and no canary, by any path.

    That the walk would recognise one is seen by a file that student code is given.
    """
    given = digits.support / "check.py"
    same = {(status.st_dev, status.st_ino) for status in map(os.stat, [*secret_files, given])}
    assert {Path(path).name for path in probe.found(np.array(sorted(same)))} == {given.name}


def test_no_secret_file_can_be_opened_by_its_path(probe: StudentProxy, secret_files: list[Path]) -> None:
    """Neither its own path nor one through /proc leads to a hidden file."""
    ways = [f"{root}{path}" for path in secret_files for root in ("", "/proc/1/root", "/proc/self/root", "/proc/1/cwd")]
    assert probe.reached(ways) == []


def test_the_root_shows_the_interpreter_and_nothing_around_it(probe: StudentProxy) -> None:
    """Wherever the interpreter and its packages are installed, they stand in places of their own, with what they need
    from the system; of a prefix, a virtual environment or /usr nothing else is there."""
    roots = {Path(name).parts[1] for name in (*mounts.LIBRARIES, *mounts.SYSTEM_FILES) if os.path.exists(name)}
    assert set(probe.listed("/")) == roots | {"python", "packages", "grader", "support", "proc", "dev", "tmp"}
    assert set(probe.listed("/usr")) <= {"lib", "lib64", "local", "share"}
    for folder in map(Path, mounts.LIBRARIES):
        if folder not in mounts.libraries() and not folder.is_symlink():  # as on Debian
            beside = {folder / name for name in probe.listed(str(folder))} - {
                Path(name) for name in mounts.SYSTEM_FILES
            }
            assert beside <= set(mounts.libraries())
    assert probe.listed("/usr/local") in ([], ["lib"])
    assert probe.listed("/usr/share") in ([], ["zoneinfo"])
    assert sorted(probe.listed("/grader")) == ["notebooks", "sandbox"]
    assert sorted(probe.listed("/grader/sandbox")) == ["guest", "protocol"]
    assert set(probe.listed("/python")) <= {"bin", "lib", "lib64"}
    assert probe.listed("/python/bin") == ["python"]
    assert set(probe.listed("/dev")) == {"shm", "fd", *mounts.DEVICES}


def test_no_package_tells_where_the_grader_or_a_course_lies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The grader isn't among the packages, and no file there names a folder of the machine for Python to import from:
    neither our own installation, editable or not, nor that of a course's helpers."""
    for name in (
        *("grader/secret.py", "grader-0.1.0.dist-info/direct_url.json", "grader-0.1.0-py3.11.egg", "grader.egg-link"),
        *("course.pth", "helpers-1.0.dist-info/direct_url.json", "__editable___helpers_finder.py"),
        *("__pycache__/__editable___helpers_finder.cpython-311.pyc", "helpers-1.0.dist-info/METADATA", "fine.py"),
    ):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("/usr/src/app")
    installed = mounts.packages()
    monkeypatch.setattr(mounts, "packages", lambda: [*installed, tmp_path])
    with BubblewrapLauncher(preload=["numpy"]) as launcher, worker(launcher) as student:
        *others, made = mounts.package_path()
        assert student.legible(made) == [
            f"{made}/{name}" for name in ("__pycache__", "fine.py", "helpers-1.0.dist-info")
        ]
        assert student.legible(f"{made}/helpers-1.0.dist-info") == [f"{made}/helpers-1.0.dist-info/METADATA"]
        assert student.reached([f"{made}/grader/secret.py"]) == student.legible(f"{made}/__pycache__") == []
        hidden = re.compile(r"/grader|__editable__|\.pth$")
        assert [path for folder in others for path in student.legible(folder) if hidden.search(path)] == []


def test_its_own_folder_holds_the_support_files_alone(probe: StudentProxy, digits: Assignment) -> None:
    """A fresh worker stands in a folder with what every student was given."""
    assert probe.listed(".") == sorted(path.name for path in digits.support.iterdir())
    assert probe.listed("/dev/shm") == []
    assert probe.listed("/tmp") == ["work"]


def test_only_its_own_places_can_be_written(probe: StudentProxy) -> None:
    """Nothing but /tmp and /dev/shm takes a file, and no file elsewhere can be changed."""
    written = probe.written()
    assert set(OWN) <= set(written)
    assert [path for path in written if not path.startswith(OWN)] == []


def test_no_socket_but_a_pair(probe: StudentProxy) -> None:
    """No socket of any family can be made, so there is no network."""
    assert probe.sockets() == []


def test_the_environment_is_ours(probe: StudentProxy) -> None:
    """The environment holds what the launcher gives and nothing of the machine's; its folders are the worker's own."""
    inside, given = probe.environment(), mounts.worker_environment()
    own = {"HOME", "TMPDIR", "MPLCONFIGDIR", "PWD", "LD_LIBRARY_PATH"}
    assert {key: value for key, value in inside.items() if key not in own} == {
        key: value for key, value in given.items() if key not in own
    }
    assert all(inside[key].startswith(("/tmp", "/python")) for key in own & set(inside))


def test_it_sees_no_other_process(probe: StudentProxy) -> None:
    """/proc shows the worker alone, as the first process, without a parent."""
    assert probe.processes() == ["1", "0"]


def test_it_has_no_capability(probe: StudentProxy) -> None:
    """All sets of capabilities are empty, no program gives new privileges, and system calls are filtered."""
    lines = dict(line.split(":\t", 1) for line in probe.text("/proc/self/status").splitlines() if ":\t" in line)
    assert {int(lines[name], 16) for name in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb")} == {0}
    assert (lines["NoNewPrivs"], lines["Seccomp"]) == ("1", "2")


def test_system_calls_that_lead_outside_are_refused(probe: StudentProxy) -> None:
    """No new process, program, namespace or mount, no look into others, no memory that the limit doesn't count."""
    refused = probe.refused()
    assert [name for name, number in refused.items() if number == 0] == []


def test_it_holds_no_descriptor_of_ours(probe: StudentProxy) -> None:
    """Open are the three standard descriptors and the one socket; none of them is a file of the machine."""
    held = probe.descriptors()
    standard = [held.pop(name) for name in ("0", "1", "2")]
    assert all(path == "/dev/null" or path.startswith(("/memfd:", "pipe:")) for path in standard)
    assert len(held) == 1
    assert all(path.startswith("socket:") for path in held.values())


# ---- what is left


def test_nothing_is_left_for_the_next_submission(launcher: BubblewrapLauncher) -> None:
    """What one submission leaves anywhere, the next one on the same fork server doesn't find."""
    mark = secrets.token_hex(8)
    with worker(launcher, name="ada") as first:
        assert first.leave(mark) >= 3
        assert len(first.marks(mark)) >= 3
    with worker(launcher, name="bea") as second:
        assert second.marks(mark) == []


def test_two_workers_do_not_see_each_other(launcher: BubblewrapLauncher) -> None:
    """While both live, neither finds the other's files or processes."""
    mark = secrets.token_hex(8)
    with worker(launcher, name="ada") as one, worker(launcher, name="bea") as other:
        assert one.leave(mark) >= 3
        assert other.double(2) == 4
        assert other.marks(mark) == []
        assert other.processes() == ["1", "0"]
        assert one.double(2) == 4


def test_what_workers_have_in_common_keeps_nothing(tmp_path: Path) -> None:
    """One after the other and at the same time: the flags of standard input are a worker's own, a lock on a file that
    all can read is a lock on nothing, no memory is shared, and to read a file doesn't change when it was last read."""
    given, old = tmp_path / "given.txt", 10**18
    given.write_text("for everybody")
    os.utime(given, ns=(old, old))
    with BubblewrapLauncher(tmp_path, ["numpy"]) as launcher:
        with worker(launcher, name="ada") as one, worker(launcher, name="bea") as other:
            assert one.flags() == other.flags() == 0 != one.flags()
            assert one.locked(given.name) and other.locked(given.name)
            assert one.shared() == []
            assert one.text(given.name) == "for everybody"
        with worker(launcher, name="cleo") as later:
            assert later.flags() == 0
    assert os.stat(given).st_atime_ns == old


@pytest.mark.parametrize("kind", [BubblewrapLauncher, launch.ProcessLauncher])
def test_no_datagram_leaves(kind: type[launch.Launcher], digits: Assignment, tmp_path: Path) -> None:
    """A socket of the machine that takes datagrams gets none from a submission, which has a pair of sockets."""
    path = str(tmp_path / "listening")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening, kind(digits.support, ["numpy"]) as launcher:
        listening.bind(path)
        listening.setblocking(False)
        student = StudentProxy(submission(PROBE, "ada", "probe.py"), NAMES, launcher, LIMITS)
        assert not student.datagram(path)
        student.close()
        with pytest.raises(BlockingIOError):
            listening.recv(1)
        with socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)[0] as ours:  # as nobody stops us, it is the sandbox
            assert ours.sendto(b"x", path) == 1
        assert listening.recv(1) == b"x"


def test_nothing_is_left_on_the_machine(launcher: BubblewrapLauncher) -> None:
    """After the end of a worker no process, mount, shared memory or descriptor of it remains."""
    with worker(launcher) as warm:
        warm.double(1)
    before = traces(launcher)
    for _ in range(3):
        with worker(launcher) as student:
            student.leave("mark")
            student.threads()
            assert len(descendants(server(launcher))) > len(before["processes"])
    assert eventually(lambda: traces(launcher) == before), (before, traces(launcher))


def test_closing_the_launcher_ends_everything(digits: Assignment) -> None:
    """The fork server and its workers end with the launcher, also when a worker is still there."""
    launcher = BubblewrapLauncher(digits.support, ["numpy"])
    student = StudentProxy(submission(PROBE, "ada", "probe.py"), NAMES, launcher, LIMITS)
    student.threads()
    started = server(launcher)
    family = {started, *descendants(started)}
    assert len(family) > 2
    launcher.close()
    assert eventually(lambda: not family & set(parents()))
    student.close()


# ---- what goes on


@pytest.mark.parametrize(("name", "status"), [("die", Status.CRASHED), ("hang", Status.TIMEOUT)])
def test_a_lost_worker_is_replaced(launcher: BubblewrapLauncher, name: str, status: Status) -> None:
    """What kills a worker is told, and not called again; everything else goes on at once."""
    calls: list[float] = []
    with worker(launcher, Limits(load_seconds=60, call_seconds=0.5, total_seconds=60)) as student:
        assert student.double(1) == 2
        for _ in range(3):
            with pytest.raises(StudentError) as caught:
                student.call(name, calls.append)
            assert caught.value.status is status
            assert student.double(2) == 4
    assert len(calls) == 1


def test_memory_has_a_limit_of_its_own(launcher: BubblewrapLauncher) -> None:
    """Too much memory is told as such, with the limit, and the worker goes on."""
    with worker(launcher, Limits(memory_mb=300, load_seconds=60, call_seconds=60)) as student:
        with pytest.raises(StudentError, match="300 MB") as caught:
            student.hoard(lambda z: z)
        assert caught.value.status is Status.OUT_OF_MEMORY
        assert student.double(2) == 4


def test_a_killed_fork_server_is_started_again(digits: Assignment) -> None:
    """When the fork server dies between two submissions, the next one gets a new one."""
    with BubblewrapLauncher(digits.support, ["numpy"]) as launcher:
        with worker(launcher, name="ada") as first:
            assert first.double(1) == 2
        started = server(launcher)
        os.kill(started, 9)
        assert eventually(lambda: not descendants(started))
        with worker(launcher, name="bea") as second:
            assert second.double(2) == 4
        assert server(launcher) != started


# ---- how the tests look from outside


def server(launcher: launch.Launcher) -> int:
    """The process that the launcher started."""
    assert launcher._popen
    return launcher._popen.pid


def parents() -> dict[int, int]:
    """Every process of the machine that isn't dead, and its parent."""
    found = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, parent = path.read_text().rpartition(")")[2].split()[:2]
        except OSError:  # it has just ended
            continue
        if state not in "ZX":
            found[int(path.parent.name)] = int(parent)
    return found


def descendants(process: int) -> set[int]:
    """The children of a process, and theirs."""
    tree, found = parents(), {process}
    while more := {child for child, parent in tree.items() if parent in found} - found:
        found |= more
    return found - {process}


def traces(launcher: BubblewrapLauncher) -> dict[str, Any]:
    """What a worker could leave: processes, mounts, files and segments of shared memory, descriptors."""
    processes = descendants(server(launcher))
    return {
        "processes": processes,
        "mounts": [Path(f"/proc/{one}/mountinfo").read_text().count("\n") for one in ("self", *sorted(processes))],
        "shared memory": sorted(path.name for path in Path("/dev/shm").glob("*mark*")),
        "segments": Path("/proc/sysvipc/shm").read_text().count("\n"),
        "ours": len(os.listdir("/proc/self/fd")),
        "the server's": [len(os.listdir(f"/proc/{one}/fd")) for one in sorted(processes)],
    }


def eventually(holds: Callable[[], bool], seconds: float = 10) -> bool:
    """Whether something becomes true in time: the kernel takes processes apart at its leisure."""
    end = time.monotonic() + seconds
    while not (held := holds()) and time.monotonic() < end:
        time.sleep(0.05)
    return held


# ---- the level `process`, for machines without namespaces

CONTAINED = """
import os, signal, socket

def read(path):
    with open(path, "rb") as file:
        return len(file.read(10))

def listed(path): return sorted(os.listdir(path))
def write(path):
    with open(path, "w") as file:
        return file.write("x")
def fork(): return os.fork()
def connect(): return bool(socket.socket())
def stop(pid): return os.kill(pid, signal.SIGTERM)
def capabilities(): return int(next(l for l in open("/proc/self/status") if l.startswith("CapEff")).split()[1], 16)
"""


@pytest.fixture
def contained(digits: Assignment) -> Iterator[StudentProxy]:
    """A submission at the level `process`."""
    names = ["read", "listed", "write", "fork", "connect", "stop", "capabilities"]
    with launch.ProcessLauncher(digits.support) as launcher:
        student = StudentProxy(submission(CONTAINED, file="digits.py"), names, launcher, Limits())
        yield student
        student.close()


def test_without_namespaces_files_stay_closed(
    contained: StudentProxy, digits: Assignment, tmp_path: Path, canaries: list[Path]
) -> None:
    """Solutions, tests, the home directory, devices and other processes can't be read, nor anything written outside."""
    mine = tmp_path / "mine"
    mine.write_text("secret")
    closed = [digits.notebook, digits.hidden / "test_cost.py", ROOT / "README.md", mine, f"/proc/{os.getpid()}/environ"]
    own = "/proc/self"
    closed += [
        f"{own}/{name}" for name in ("mountinfo", "mounts", "mountstats", "cgroup", "net/tcp", "net/unix", "task")
    ]
    for path in [*closed, *canaries, "/etc/passwd", "/dev/mem"]:
        with pytest.raises(StudentError, match=r"PermissionError|FileNotFoundError"):
            contained.read(str(path))
    for path in (Path.home(), ROOT, "/", "/tmp"):
        with pytest.raises(StudentError, match="PermissionError"):
            contained.listed(str(path))
    for path in (mine, "/tmp/x", "/dev/shm/x"):
        with pytest.raises(StudentError, match="PermissionError"):
            contained.write(str(path))
    assert contained.read("check.py") == 10
    assert contained.write("own.txt") == 1


def test_without_namespaces_nothing_else_can_be_reached(contained: StudentProxy) -> None:
    """No process can be started or signalled, no socket opened, and no capability is left."""
    for forbidden in (
        contained.fork,
        contained.connect,
        lambda: contained.stop(os.getpid()),
        lambda: contained.stop(-1),
    ):
        with pytest.raises(StudentError, match="PermissionError"):
            forbidden()
    assert contained.capabilities() == 0


def test_without_namespaces_a_lost_grader_leaves_nothing(digits: Assignment) -> None:
    """When whoever started the fork server is gone without a word, the workers end and their folders are removed."""
    launcher = launch.ProcessLauncher(digits.support)
    student = StudentProxy(submission(CONTAINED, file="digits.py"), ["write"], launcher, Limits())
    assert student.write("own.txt") == 1
    family = {server(launcher), *descendants(server(launcher))}
    folder = Path(launcher._folder)
    assert len(family) > 1 and list(folder.rglob("own.txt"))
    assert launcher._control
    launcher._control.close()
    assert eventually(lambda: not folder.exists() and not family & set(parents()))
    student.close()
    launcher.close()


def test_a_door_that_does_not_close_is_our_fault(digits: Assignment) -> None:
    """A worker that the kernel refuses a step of its confinement never sees the submission, and says why."""

    class Half(BubblewrapLauncher):
        def _system_calls(self) -> bytes:
            return b"no filter"

    with Half(digits.support) as launcher:
        student = StudentProxy(submission("def double(x): return x"), ["double"], launcher, Limits())
        with pytest.raises(SandboxFailed, match="seccomp"):
            student.double(1)


FUNCTIONS = """
def name(g): return type(g).__name__
def called(g, x): return g(x)
def back(g): return called(g, 1.0)
def options(g): return g([1.0, 2.0], where=False)
"""


def test_functions_of_numpy_cross_by_name_and_others_ask_back(launcher: BubblewrapLauncher) -> None:
    """NumPy's own run in the worker, also when they are handed on to a lent function; of any other each call is
    answered here, and what lay in our memory never goes out."""
    names = ["name", "called", "back", "options"]
    student = StudentProxy(submission(FUNCTIONS), names, launcher, LIMITS)
    ours = np.frompyfunc(lambda z: z + 1, 1, 1)  # a function of NumPy's kind, and none of NumPy's
    try:
        assert (student.name(np.tanh), student.name(ours)) == ("ufunc", "function")
        assert student.called(np.tanh, 0.5) == pytest.approx(np.tanh(0.5))
        assert student.called(np.negative, np.ones(2)).tolist() == [-1, -1]
        with pytest.raises(StudentError, match="takes no keyword arguments here"):
            student.options(ours)
        student.substitute("question", {"called": lambda g, x: g is np.tanh and x})
        assert student.back(np.tanh) == 1
    finally:
        student.close()


@pytest.mark.parametrize("libraries", [(), ("libtensorflow_cc.so.2", "libtensorflow_framework.so.2")])
def test_another_tensorflow_is_taken_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, libraries: tuple[str, ...]
) -> None:
    """A version that hasn't what makes workers start quickly, or has something else there, is left as it is."""
    for name in libraries:
        (tmp_path / name).write_bytes(b"no library")
    other = ModuleType("tensorflow")
    other.__file__ = str(tmp_path / "__init__.py")
    kernels = ModuleType("tensorflow.python.framework.kernels")
    vars(kernels).update(get_registered_kernels_for_op=lambda name: None)
    for name, module in {
        "tensorflow": other,
        "tensorflow.python": ModuleType("tensorflow.python"),
        "tensorflow.python.framework": ModuleType("tensorflow.python.framework"),
        kernels.__name__: kernels,
    }.items():
        monkeypatch.setitem(sys.modules, name, module)
    before = dict(vars(other))
    tensorflow_startup.prepare()
    assert vars(other) == before
