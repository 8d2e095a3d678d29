"""A folder of submissions as hostile as students could make it, through the command: names, sizes, files beside."""

from __future__ import annotations

import csv
import json
import os
import resource
import subprocess
import sys
import time
import zipfile
import zlib
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from grader.authoring.quality.solution import solution_as_module
from grader.models import Assignment
from tests.factories import RIGHT, ROOT, notebook, submission, tiny_assignment
from tests.helpers import corpus_reader as zoo_reader

GIGABYTE = 1 << 30
HEAD = b'{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [{"cell_type": "code", "outputs": [{"text": "'
MEMORY = 400 << 20  # bytes that any process of ours may have: far below what lies there
IMPORTED = ("conftest", "sitecustomize", "usercustomize", "numpy", "msgspec", "pytest_points", "test_double")
CHEAT = "import pathlib; pathlib.Path({mark!r}).write_text('run by the grader')\n"


def grade(assignment: Path, where: Path, out: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """`grader grade .`, with the class as the current folder and little memory for each process."""

    def little_memory() -> None:
        resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))

    words: list[str | Path] = [".", "--assignment", assignment, "--out", out, "--jobs", "1", *options]
    return subprocess.run(
        [sys.executable, "-m", "grader", "grade", *words],
        cwd=where,
        env={**os.environ, "COLUMNS": "100", "NO_COLOR": "1", "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        preexec_fn=little_memory,
    )


def reports(out: Path) -> dict[str, dict[str, Any]]:
    found = [json.loads(path.read_text()) for path in (out / "reports").glob("*.json")]
    return {report["student"]: report for report in found}


def gigabyte(path: Path) -> None:
    """A notebook with a gigabyte of output, most of which is a hole in the file."""
    with path.open("wb") as file:
        file.write(HEAD)
        file.seek(GIGABYTE)
        file.write(b'"}]}]}')


def gigabyte_in_a_zip(path: Path) -> None:
    """A zip that unpacks to such a notebook: one deflated megabyte, a thousand times over."""
    block, checksum = bytes(1 << 20), 0
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = packer.compress(block) + packer.flush(zlib.Z_FULL_FLUSH)
    for _ in range(1024):
        checksum = zlib.crc32(block, checksum)
    info = zipfile.ZipInfo("digits.ipynb")
    info.compress_type = zipfile.ZIP_STORED
    stream = packed * 1024 + packer.flush()
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(info, stream)
        info.compress_type, info.file_size, info.CRC = zipfile.ZIP_DEFLATED, GIGABYTE, checksum
    content = bytearray(path.read_bytes())
    local = zipfile.ZipInfo.FileHeader(info)
    content[: len(local)] = local
    path.write_bytes(content)


HOSTILE = [
    b"-rf.py",
    b"=HYPERLINK(0).py",
    b"a..py",
    b"<script>alert(1)</script>".replace(b"/", b"\\") + b".py",
    b"\x1b[2J\x1b]0;owned\x07.py",
    b"two\nlines.py",
    b"\xff\xfe not text.py",
    "\u202egpj.ecnetnes\u202c.py".encode(),
    b"CON.py",
    b"scores.csv.py",
    b"a" * 252 + b".py",
    "é".encode() * 126 + b".py",
    b"%s%n{0}{student}.py",
]
LEADING_OUT = [
    "../../etc/passwd.py",
    "/etc/cron.d/digits.py",
    "C:\\Windows\\digits.py",
    "a/../../b.py",
    "x" * 300 + ".py",
]


class HostileClass(NamedTuple):
    """A class of all that is hostile in this file, and what the command made of it."""

    top: Path  # above the class, the results and the assignment
    done: subprocess.CompletedProcess[str]
    seconds: float  # of processor time that the command took, sandboxes not included
    before: set[Path]  # files and folders, before it
    reports: dict[str, dict[str, Any]]  # of each student


@pytest.fixture(scope="module")
def hostile_class(tmp_path_factory: pytest.TempPathFactory) -> HostileClass:
    """Graded once for all tests here: each looks at its students."""
    top = tmp_path_factory.mktemp("hostile")
    assignment, room = tiny_assignment(top), top / "deep" / "class"
    room.mkdir(parents=True)
    gigabyte(room / "ada.ipynb")
    gigabyte_in_a_zip(room / "bob.zip")
    (room / "cy.ipynb").write_text(notebook([RIGHT]))
    for number, name in enumerate(HOSTILE):
        Path(os.fsdecode(os.fsencode(room) + b"/" + name)).write_text(f"{RIGHT}# {number}\n")
    with zipfile.ZipFile(room / "zipped.zip", "w") as archive:
        for member in ("tiny.py", "null\0byte.py"):
            archive.writestr(member, RIGHT)
    for number, member in enumerate(LEADING_OUT):
        with zipfile.ZipFile(room / f"leading_out-{number}.zip", "w") as archive:
            archive.writestr(member, RIGHT)
    (room / "dan").mkdir()
    (room / "dan" / "tiny.py").write_text(RIGHT)
    for folder in (room, room / "dan"):
        for module in IMPORTED:
            (folder / f"{module}.py").write_text(CHEAT.format(mark=str(top / f"{folder.name}-{module}")))
        (folder / "cheat.pth").write_text(CHEAT.format(mark=str(top / "pth")))
        (folder / "pytest.ini").write_text("[pytest]\naddopts = --collect-only\npython_files = none\n")
        (folder / "pyproject.toml").write_text('[tool.pytest.ini_options]\naddopts = "--collect-only"\n')
    before = files_below(top)
    used = processor_time()
    done = grade(assignment, room, top / "out")
    assert done.returncode == 0, done.stderr
    return HostileClass(top, done, processor_time() - used, before, reports(top / "out"))


def processor_time() -> float:
    """Return the seconds of all processes that this one has started and waited for."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def files_below(folder: Path) -> set[Path]:
    """All files and folders, but for the code that Python compiled of the cases."""
    return {path for path in folder.rglob("*") if "__pycache__" not in path.parts}


def test_a_gigabyte_of_output_costs_nothing(hostile_class: HostileClass) -> None:
    """As a file or in a zip it is rejected with the limit, in seconds and in little memory; the others are graded."""
    with zipfile.ZipFile(hostile_class.top / "deep" / "class" / "bob.zip") as archive:
        assert archive.getinfo("digits.ipynb").file_size == GIGABYTE
    assert hostile_class.seconds < 20
    found = hostile_class.reports
    assert [found[name]["status"] for name in ("ada", "bob", "cy")] == ["rejected", "rejected", "graded"]
    assert "ada.ipynb is 1024.0 MB; a submission may have 32 MB" in str(found["ada"])
    assert "digits.ipynb is 1024.0 MB; a submission may have 32 MB" in str(found["bob"])
    assert found["cy"]["score"] == 5


def test_names_lead_nowhere(hostile_class: HostileClass) -> None:
    """Every file has an entry under a harmless name; nothing is written but what belongs in OUT."""
    found = hostile_class.reports
    right = [report for report in found.values() if report["score"] == 5]
    assert len(right) == len(HOSTILE) + len(("zipped", "cy", "dan"))
    beside = (*IMPORTED, "cheat.pth", "pytest.ini", "pyproject.toml")  # each is an entry of its own
    assert len(found) == len(right) + len(("ada", "bob")) + len(LEADING_OUT) + len(beside)
    for student in found:
        assert student.isprintable() and 0 < len(student.encode()) <= 200
        assert not set("/\\\n\0") & set(student) and not student.startswith((".", "-"))
    assert not {character for character in hostile_class.done.stdout if not character.isprintable()} - {"\n"}
    sheet = hostile_class.top / "out" / "scores.csv"
    rows = list(csv.DictReader(sheet.open(newline="", encoding="utf-8-sig")))
    assert len(rows) == len(found)
    assert not [row for row in rows if row["student"].startswith(("=", "+", "-", "@"))]


def test_nothing_is_written_but_the_results(hostile_class: HostileClass) -> None:
    top = hostile_class.top
    assert {path for path in files_below(top) if not path.is_relative_to(top / "out")} == hostile_class.before


def test_a_zip_that_leads_out_is_no_way_out(hostile_class: HostileClass) -> None:
    """A member whose name leads out of the zip is rejected; the test above sees that it is never written anywhere."""
    found = [report for student, report in hostile_class.reports.items() if student.startswith("leading_out")]
    assert len(found) == len(LEADING_OUT)
    assert all(report["status"] == "rejected" and "leads out of it" in str(report) for report in found)


def test_what_lies_beside_a_submission_is_never_run(hostile_class: HostileClass) -> None:
    """Files that pytest, Python or the grader would import, in the class's folder and in a student's, are not.

    Those in the class's folder are also somebody's submission, which runs in a sandbox that can't write there.
    """
    marks = [hostile_class.top / f"{folder}-{name}" for folder in ("class", "dan") for name in IMPORTED]
    assert not [mark for mark in [*marks, hostile_class.top / "pth"] if mark.exists()]
    assert hostile_class.reports["dan"]["score"] == 5


# Twenty of the worst, as an attacker with the source found them.
WORST = [
    "text-long_dtype",
    "text-long_message",
    "text-long_loss",
    "text-long_forged_messages",
    "text-claims_in_notes",
    "time-work_that_no_size_shows",
    "time-answers_in_many_parts",
    "bombs-stack_mappings",
    "bombs-kernel_tables",
    "bombs-fork_bomb",
    "bombs-memory_grows",
    "exits-endless_loop",
    "exits-kills_everybody",
    "values-false_model",
    "callbacks-lent_for_another_question",
    "protocol-status_in_a_list",
    "protocol-wrong_number",
    "protocol-notes_that_are_a_number",
    "reading-hidden_cases",
    "tampering-imitates_a_platform",
]


def peak_of(process: subprocess.Popen[bytes]) -> int:
    """Wait for a process, and return the most memory that it held, without its children's, in bytes."""
    peak = 0
    while process.poll() is None:
        status = Path(f"/proc/{process.pid}/status").read_text()
        peak = max([peak, *(int(line.split()[1]) << 10 for line in status.splitlines() if line.startswith("VmHWM"))])
        time.sleep(0.05)
    return peak


@pytest.mark.long
def test_twenty_of_the_worst_cost_forty_right_ones_nothing(digits: Assignment, tmp_path: Path) -> None:
    """The forty have full marks, nothing is for a person to look at, and the command ends with 0, in little memory."""
    attacks = {sample.name.removeprefix("attacks-"): sample for sample in zoo_reader.samples()}
    assert len(set(WORST)) == 20
    handed_in = {name: attacks[name].submission(digits) for name in WORST}
    right = solution_as_module(digits)
    for n in range(40):
        handed_in[f"right-{n:02}"] = submission(f"{right.decode()}\n# {n}\n", f"right-{n:02}", "digits.py")
    room = tmp_path / "class"
    for name, one in handed_in.items():
        (room / name).mkdir(parents=True)
        (room / name / one.file).write_bytes(one.content)
    command: list[str | Path] = [
        sys.executable,
        "-m",
        "grader",
        "grade",
        room,
        "--assignment",
        digits.folder,
        "--out",
        tmp_path / "out",
    ]
    with (tmp_path / "log").open("wb") as log:
        process = subprocess.Popen([*command, "--jobs", "2"], cwd=ROOT, stdout=log, stderr=log)
        peak = peak_of(process)
    assert process.returncode == 0, (tmp_path / "log").read_text()
    assert peak < MEMORY
    found = reports(tmp_path / "out")
    assert sorted(found) == sorted(handed_in)
    assert [name for name in found if name.startswith("right") and found[name]["score"] != 100] == []
    assert [name for name, report in found.items() if report["needs_review"]] == []
    for name in WORST:
        score = sum(points for _, points in attacks[name].wanted(digits).values())
        assert found[name]["score"] == score, name
