"""Attackers among honest submissions: nobody else's score changes, and nothing is left behind."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec
import numpy as np
import pytest

from grader.assignments.loader import load
from grader.models import Assignment, Limits, ScoreReport, Submission
from grader.sandbox.client.errors import StudentError, SubmissionUnreadable
from grader.sandbox.client.student_proxy import StudentProxy
from grader.sandbox.host.launcher import BubblewrapLauncher
from tests.factories import RIGHT, submission, with_student_file
from tests.helpers import corpus_reader as zoo
from tests.helpers.grading import GradedClass

HONEST = {
    "right": (RIGHT, 5.0),
    "wrong": (RIGHT.replace("2 * x", "x"), 3.0),
    "half": ("def double(x): return 2 * x\n", 3.0),
    "stubs": ("def double(x): raise NotImplementedError\n", 0.0),
}
ARGUMENTS = {  # of questions; others get a matrix
    "my_dense": (np.ones(3), np.ones((3, 2)), np.zeros(2), np.tanh),
    "cost": (np.full((3, 1), 0.5), np.ones((3, 1))),
}
ATTACKS = [
    "import os\n    os._exit(0)",
    "import os, signal\n    os.kill(-1, signal.SIGKILL)\n    os.kill(0, signal.SIGKILL)",
    "import ctypes\n    ctypes.string_at(0)",
    "return [bytearray(1 << 28) for _ in range(100)]",
    "import os\n    while os.fork() >= 0: pass",
    "import os\n    for n in os.listdir('/proc/self/fd'): os.write(int(n), b'GRW1' + b'\\xff' * 64)",
    "import threading as t, time\n    for _ in range(500): t.Thread(target=time.sleep, args=(9,), daemon=True).start()",
    "open('/dev/shm/x', 'wb').write(bytes(1 << 26))",
    "while True: open(f'/tmp/{len(__import__(\"os\").listdir(\"/tmp\"))}', 'w').write('x')",
    "import sys\n    return sys.stdout.write('x' * (1 << 28))",
]


def class_of(size: int) -> Iterator[Submission]:
    """Honest submissions, with an attack in the place of every fifth."""
    honest = list(HONEST.items())
    for number in range(size):
        if number % 5 == 4:
            code = f"def double(x):\n    {ATTACKS[number // 5 % len(ATTACKS)]}\n"
            yield submission(code, f"attack-{number}")
        else:
            name, (code, _) = honest[number % len(honest)]
            yield submission(f"{code}# {number}\n", f"{name}-{number}")


# Of Python's multiprocessing, and of PostgreSQL and its data, in other tests that run meanwhile
OF_OTHERS = re.compile(r"sem\.mp-[a-z0-9_]{8}|PostgreSQL\.\d+|grader-(postgres|tests)-\w+")


def left_behind(sign: str) -> dict[str, object]:
    """What a submission might leave: sandboxes (with `sign` in their command), mounts, shared memory, folders."""
    return {
        "sandboxes": [process.name for process in Path("/proc").iterdir() if sign in command(process)],
        "mounts": Path("/proc/self/mounts").read_text(),
        "shared memory": sorted(name for name in os.listdir("/dev/shm") if not OF_OTHERS.fullmatch(name)),
        "ipc": ownerless_segments() + [Path("/proc/sysvipc", kind).read_text() for kind in ("sem", "msg")],
        "folders": [path.name for path in Path(tempfile.gettempdir()).glob("grader-*")],
        "descriptors": sorted(map(opened, Path("/proc/self/fd").iterdir())),
    }


def ownerless_segments() -> list[str]:
    """The numbers of segments of shared memory whose maker has ended: other programs have theirs."""
    rows = [line.split() for line in Path("/proc/sysvipc/shm").read_text().splitlines()[1:]]
    return [number for _, number, _, _, maker, *_ in rows if not Path("/proc", maker).exists()]


def opened(descriptor: Path) -> str:
    """What a descriptor leads to, without the number that every socket and pipe has of its own."""
    try:
        return re.sub(r"\d+", "", str(descriptor.readlink()))
    except OSError:
        return "the listing itself"


def command(process: Path) -> str:
    try:
        return (process / "cmdline").read_text() if process.name.isdigit() else ""
    except OSError:
        return ""


@pytest.mark.long
@pytest.mark.usefixtures("no_server_kept")  # one of an earlier test would end meanwhile
def test_the_honest_ones_get_what_they_get_alone(
    tiny_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """200 submissions with an attack every fifth: every honest score is right, and the machine is as it was."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", None)
    tiny = load(with_student_file(tiny_folder))
    sign = str(tiny.support)  # by which its sandboxes are known
    list(GradedClass(tiny, [submission(RIGHT)], workers=1))  # starts what Python keeps for all batches
    before = left_behind(sign)
    batch = GradedClass(msgspec.structs.replace(tiny, limits=Limits(call_seconds=1)), list(class_of(200)), workers=2)
    reports: dict[str, ScoreReport] = {report.student: report for report in batch}
    assert batch.log == []
    assert len(reports) == 200
    del batch
    for student, report in reports.items():
        kind = student.partition("-")[0]
        assert not report.needs_review, student
        if kind in HONEST:
            assert report.score == HONEST[kind][1], student
        else:
            assert report.score == 0, report
    assert left_behind(sign) == before


@pytest.mark.long
def test_a_fork_server_does_not_wear_out(digits: Assignment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """After the whole zoo and 1,000 submissions it has as many descriptors, children and mounts as after one, and no
    more memory than a few pages; nor is anything left on the machine, or with us."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", None)
    support = shutil.copytree(digits.support, tmp_path / "support")  # by which its own sandboxes are known
    with BubblewrapLauncher(support, ["numpy"]) as launcher:
        graded = [question.name for question in digits.questions]

        def call(one: Submission, names: Sequence[str]) -> None:
            student = StudentProxy(one, graded, launcher, Limits(load_seconds=2, call_seconds=0.3, total_seconds=3))
            for name in names:
                with contextlib.suppress(StudentError, SubmissionUnreadable):
                    student.call(name, *ARGUMENTS.get(name, (np.ones((2, 3)),)))
            student.close()

        honest = submission("def my_dense(*_): return 1\n")
        call(honest, ["my_dense"])
        server, sign = find_server(launcher), str(support)
        before, around = state(server), left_behind(sign)
        for sample in zoo.samples():
            attacked = [name for name in sample.expect if name in graded and sample.expect[name][0] != "passed"]
            call(sample.submission(digits), attacked[:2] or ["my_dense"])
        assert find_server(launcher) == server, "it was not started again"
        for _ in range(1000):
            call(honest, ["my_dense"])
        after = state(server)
        assert left_behind(sign) == around
    assert after[:3] == before[:3]
    assert after[3] - before[3] < 2048, "kB of memory"


def find_server(launcher: BubblewrapLauncher) -> Path:
    """The innermost process of a fork server: the one without children."""
    assert launcher._popen
    process = Path("/proc", str(launcher._popen.pid))
    while children := (process / "task" / process.name / "children").read_text().split():
        process = Path("/proc", children[0])
    return process


def state(server: Path) -> tuple[int, str, str, int]:
    """Descriptors, children, mounts and private memory (kB) of a process."""
    status = dict(line.split(":", 1) for line in (server / "status").read_text().splitlines())
    return (
        len(list((server / "fd").iterdir())),
        (server / "task" / server.name / "children").read_text(),
        (server / "mounts").read_text(),
        int(status["RssAnon"].split()[0]),
    )
