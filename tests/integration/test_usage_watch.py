"""What the fork server looks at where no limit of the kernel's bounds a worker."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from grader.sandbox.guest import fork_server, usage_watch
from grader.sandbox.protocol import limits
from tests.factories import ROOT
from tests.helpers.processes import ORDINARY, until

HIDE = """
import os, sys
from grader.sandbox.guest import usage_watch
os.makedirs(f"{sys.argv[1]}/inner")
os.mkdir(f"{sys.argv[1]}/inner/dark", 0o300)
open(f"{sys.argv[1]}/inner/dark/file", "w").close()
print(usage_watch.exceeds_disk_limit(sys.argv[1]))
usage_watch.remove_folder(sys.argv[1])
print(os.path.exists(sys.argv[1]))
"""


def deep(folder: Path, levels: int) -> None:
    """Folders in folders, further than a path can be long."""
    script = f"import os\nfor _ in range({levels}): os.mkdir('inner'); os.chdir('inner')\nopen('end', 'w')"
    subprocess.run([sys.executable, "-c", script], cwd=folder, check=True)


def test_a_folder_is_overfull_by_size_by_number_and_by_depth(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What counts is what it takes on the disk, wherever in the folder it lies; a hole in a file takes nothing."""
    monkeypatch.setattr(limits, "MAX_FILES", 10)
    monkeypatch.setattr(limits, "TMP_BYTES", 1 << 20)
    for name in ("size", "number", "depth", "fine"):
        (tmp_path / name / "inner").mkdir(parents=True)
    (tmp_path / "size" / "inner" / "large").write_bytes(bytes((1 << 20) + 1))
    for number in range(10):
        (tmp_path / "number" / "inner" / str(number)).touch()
    deep(tmp_path / "depth" / "inner", 1500)
    with (tmp_path / "fine" / "inner" / "hole").open("wb") as file:
        file.truncate(1 << 30)
    assert usage_watch.exceeds_disk_limit(str(tmp_path / "size"))
    assert usage_watch.exceeds_disk_limit(str(tmp_path / "number"))
    assert not usage_watch.exceeds_disk_limit(str(tmp_path / "fine"))
    monkeypatch.setattr(limits, "MAX_FILES", 5000)
    assert usage_watch.exceeds_disk_limit(str(tmp_path / "depth"))
    usage_watch.remove_folder(str(tmp_path / "depth"))
    assert not (tmp_path / "depth").exists()


def test_folders_in_folders_are_overfull_while_their_paths_are_short(tmp_path: Path) -> None:
    """Each level makes each look at the files in it slower."""
    deep(tmp_path, limits.MAX_NESTING - 1)
    assert not usage_watch.exceeds_disk_limit(str(tmp_path))
    (tmp_path / "other").mkdir()
    deep(tmp_path / "other", limits.MAX_NESTING)
    assert usage_watch.exceeds_disk_limit(str(tmp_path))


@pytest.mark.parametrize(("seconds", "looks"), [(0.0001, 50), (0.015, 8), (0.3, 1)])
def test_looks_at_files_take_a_tenth_of_the_time_at_most(
    seconds: float, looks: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However long one takes: no budget pays for them. The memory is looked at each time."""
    now, memory_looks = 100.0, 0
    file_looks: list[float] = []

    def look_at_files(folder: str) -> bool:
        nonlocal now
        file_looks.append(now)
        now += seconds
        return False

    def look_at_memory(number: int, memory_mb: int) -> None:
        nonlocal memory_looks
        memory_looks += 1

    monkeypatch.setattr(time, "monotonic", lambda: now)
    monkeypatch.setattr(usage_watch, "exceeds_disk_limit", look_at_files)
    monkeypatch.setattr(usage_watch, "exceeded_limit", look_at_memory)
    worker = fork_server.WatchedWorker(pid=0, proc_pid=0, memory_mb=1, folder="")
    for _ in range(50):
        fork_server.end_overdrawn([worker], fork_server.Isolation("process", "", "", []))
        now += limits.WATCH_SECONDS
    assert len(file_looks) == looks
    assert memory_looks == 50


def test_a_folder_that_goes_meanwhile_is_not_overfull(tmp_path: Path) -> None:
    """A worker removes what it likes while it is looked at, and to remove what is gone is no fault."""
    assert not usage_watch.exceeds_disk_limit(str(tmp_path / "gone"))
    usage_watch.remove_folder(str(tmp_path / "gone"))


def test_a_folder_that_cannot_be_listed_hides_nothing(tmp_path: Path) -> None:
    """An ordinary user may write to a folder that even its owner can't list. It counts as overfull, and is removed."""
    tmp_path.chmod(0o777)
    command = [*(ORDINARY if os.getuid() == 0 else []), sys.executable, "-c", HIDE, str(tmp_path / "worker")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["True", "False"]


def test_threads_and_memory_are_counted_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """A process is known by its number in the /proc at hand; too many threads, or too much memory, are seen there."""
    pidfd = os.pidfd_open(os.getpid())
    assert usage_watch.proc_pid(pidfd) == os.getpid()
    os.close(pidfd)
    assert usage_watch.exceeded_limit(os.getpid(), 4096) is None
    assert usage_watch.exceeded_limit(os.getpid(), -limits.EXTRA_MEMORY_MB) == usage_watch.MEMORY
    monkeypatch.setattr(limits, "MAX_POLLED_THREADS", 0)
    assert usage_watch.exceeded_limit(os.getpid(), 4096) == usage_watch.THREADS
    assert usage_watch.exceeded_limit(2**22 + 1, 0) is None  # a number that no process has


KILLED_WHILE_STARTING = """
import os, signal, sys
from grader.sandbox.host.levels import SANDBOXES

def end(event=sys.argv[2], _=()):
    if event == sys.argv[2]:
        os.kill(os.getpid(), signal.SIGKILL)

launcher = SANDBOXES[sys.argv[1]]()
sys.addaudithook(end)
launcher.start_server()
end()
"""


def running_with(word: str) -> list[str]:
    """The processes that have `word` in their command."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            found += [process.name] * (word in (process / "cmdline").read_text(errors="replace"))
    return found


@pytest.mark.parametrize("level", ["process", "off"])
@pytest.mark.parametrize("moment", ["subprocess.Popen", "after the start"])
def test_a_fork_server_whose_starter_is_killed_leaves_no_folder(tmp_path: Path, level: str, moment: str) -> None:
    """Its folder doesn't exist before it, and it removes the folder itself, whether or not it had begun to serve."""
    command = [sys.executable, "-c", KILLED_WHILE_STARTING, level, moment]
    killed = subprocess.run(command, env=os.environ | {"TMPDIR": str(tmp_path)}, cwd=ROOT, check=False)
    assert killed.returncode == -signal.SIGKILL
    until(lambda: not running_with(str(tmp_path)))
    assert list(tmp_path.iterdir()) == []
