"""Machines that refuse what the full sandbox needs: what is told there, and what is graded. See machines.py."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from grader.execution.output import GRADEBOOK
from grader.sandbox.host import availability
from grader.sandbox.host.launcher import BubblewrapLauncher, ProcessLauncher
from tests.factories import RIGHT
from tests.helpers.command_process import CommandProcess
from tests.helpers.processes import ORDINARY

MACHINES = {  # and what bubblewrap says there
    "container": "No permissions to create",  # a new namespace, in words that change
    "apparmor": "Permission denied",
    "forbidden": "max_*_namespaces exceeded",
}
USERS: dict[str, list[str]] = {"whoever runs the tests": [], "an ordinary user": ORDINARY if os.getuid() == 0 else []}
WHERE = [("container", "whoever runs the tests"), *((name, "an ordinary user") for name in MACHINES)]


class Machine(CommandProcess):
    """Such a machine: one process, in which the commands of a user are run, one after another."""

    def __init__(self, name: str, user: str = "whoever runs the tests") -> None:
        super().__init__([*USERS[user], sys.executable, "tests/helpers/machines.py", name])


@pytest.fixture(scope="module")
def where(request: pytest.FixtureRequest) -> tuple[str, str]:
    """The name of a machine, and who uses it."""
    found: tuple[str, str] = request.param
    return found


@pytest.fixture(scope="module")
def machine(where: tuple[str, str]) -> Iterator[Machine]:
    with Machine(*where) as made:
        yield made


@pytest.fixture
def name(where: tuple[str, str]) -> str:
    """The name of the machine."""
    return where[0]


@pytest.mark.parametrize("where", WHERE, indirect=True, ids="-".join)
def test_doctor_names_what_is_on_what_is_not_possible_and_how_to_get_it(machine: Machine, name: str) -> None:
    """The full sandbox isn't possible, with the reason and a command; every protection has its line."""
    done = machine.grader("doctor")
    assert done.returncode == 2, done.stderr
    first, why, how, *lines = done.stdout.splitlines()
    assert first == "--sandbox=full: not possible here"
    assert MACHINES[name] in why
    assert ": docker run " in how  # these machines are filters of system calls, as containers are
    assert "--sandbox=process: possible" in lines
    pairs = [line.split(":")[0].split("  ", 1) for line in lines if "  " in line]
    states = {protection.strip(): state for state, protection in pairs}
    assert [name for name, state in states.items() if state == "not possible here"] == [
        "read-only files",
        "own processes only",
    ]
    assert {states[protection] for protection in ProcessLauncher.protections} == {"on"}


@pytest.mark.parametrize(
    "where",
    [*WHERE[:1], *(pytest.param(one, marks=pytest.mark.long) for one in WHERE[1:])],
    indirect=True,
    ids="-".join,
)
def test_grading_below_the_full_sandbox_must_be_asked_for(
    machine: Machine, name: str, tiny_folder: Path, tmp_path: Path
) -> None:
    """Without the word, one line that says why, how to get it, and the word; with it a right score and report."""
    (tmp_path / "ada.py").write_text(RIGHT)
    command = ["grade", tmp_path / "ada.py", "--assignment", tiny_folder, "--out", tmp_path / "out"]
    done = machine.grader(*command)
    assert (done.returncode, done.stdout) == (2, "")
    (line,) = done.stderr.splitlines()
    assert MACHINES[name] in line
    assert line.endswith("--sandbox=process")
    assert list((tmp_path / "out" / "reports").iterdir()) == []
    assert not (tmp_path / "out" / GRADEBOOK).exists()

    done = machine.grader(*command, "--sandbox=process", "--no-pages")
    assert done.returncode == 0, done.stderr
    report = json.loads((tmp_path / "out" / "reports" / "ada.json").read_text())
    assert (report["status"], report["score"], report["needs_review"]) == ("graded", 5, False)
    assert report["sandbox"] == list(ProcessLauncher.protections)
    assert f"Protections in force: {', '.join(ProcessLauncher.protections)}." in (
        tmp_path / "out" / "reports" / "ada.md"
    ).read_text().replace("\\", "")


def test_on_a_mac_there_is_one_clear_sentence(tiny_folder: Path, tmp_path: Path) -> None:
    """Nothing that only Linux has is touched before it is told; no level is offered that can't be had."""
    (tmp_path / "ada.py").write_text(RIGHT)
    with Machine("mac") as mac:
        for level in ("full", "process", "off"):
            command = ["grade", tmp_path / "ada.py", "--assignment", tiny_folder, "--out", tmp_path / "out"]
            done = mac.grader(*command, f"--sandbox={level}")
            assert (done.returncode, done.stdout) == (2, "")
            (line,) = done.stderr.splitlines()
            assert line.endswith("student code runs on Linux only. Grade in a Linux virtual machine or container")
        done = mac.grader("doctor")
    assert done.returncode == 2
    assert done.stdout.count("not possible here") == 3 + len(BubblewrapLauncher.protections) + 1  # levels, and Landlock
    assert "\non " not in done.stdout


@pytest.mark.parametrize(
    ("files", "why", "how"),
    [
        ({"proc/sys/user/max_user_namespaces": "0"}, "switched off", "sudo sysctl user.max_user_namespaces="),
        (
            {"proc/sys/kernel/apparmor_restrict_unprivileged_userns": "1"},
            "ordinary users may not",
            "sudo sysctl kernel.apparmor_restrict_unprivileged_userns=0",
        ),
        (
            {"proc/sys/kernel/unprivileged_userns_clone": "0"},
            "ordinary users may not",
            "sudo sysctl kernel.unprivileged_userns_clone=1",
        ),
        ({".dockerenv": ""}, "container", "docker run --security-opt seccomp=unconfined"),
        ({"proc/self/status": "Name:\tx\nSeccomp:\t2\n"}, "container", "docker run"),
        ({"proc/self/status": "Name:\tx\nSeccomp:\t0\n"}, "gives bubblewrap no namespaces", "administrator"),
    ],
)
def test_the_obstacle_is_found(
    files: dict[str, str], why: str, how: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each switch of a kernel, and a container, is told from the others, with the command that helps."""
    monkeypatch.setattr(os, "getuid", lambda: 1000)
    for name, content in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(content)
    found = availability.namespaces_unavailable("bwrap: No. See <somewhere>.", tmp_path)
    assert found.impossible
    assert why in found.why
    assert found.why.endswith("(bwrap: No)")
    assert how in found.how


def test_root_is_not_told_of_what_ordinary_users_may_not_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The switches for ordinary users don't concern root, whose obstacle is another one."""
    (tmp_path / "proc/sys/kernel").mkdir(parents=True)
    (tmp_path / "proc/sys/kernel/apparmor_restrict_unprivileged_userns").write_text("1")
    monkeypatch.setattr(os, "getuid", lambda: 0)
    assert "administrator" in availability.namespaces_unavailable("no", tmp_path).how
