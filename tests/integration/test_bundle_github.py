"""The bundle for GitHub Actions: its YAML, and the steps of its action, run against a real portal."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import yaml

from grader import load_assignment
from tests.factories import RIGHT, VARIANTS
from tests.helpers.platform_bundles import secrets_of
from tests.helpers.portals import RunningPortal
from tests.helpers.terminal import grader

ACTION = ".github/actions/grade"
CHECK = "import sys, tiny\nsys.exit(tiny.double(2) != 4 if sys.argv[1] == 'double' else 0)\n"


@dataclass(frozen=True)
class Course:
    """A portal in this process, whose repository is below its folder."""

    folder: Path
    url: str
    tokens: dict[str, str]  # of the personal links

    @property
    def assignment(self) -> Path:
        return self.folder / "tiny"


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Course]:
    """A portal, and the repository of its assignment, which has a check of its own."""
    folder = tmp_path_factory.mktemp("github")
    running = RunningPortal(folder, student_files={"check.py": CHECK})
    try:
        made = Course(folder, running.url, running.test.tokens)
        done = grader("bundle", made.assignment, "--to", "github-actions", "--out", folder / "bundle")
        assert done.exit_code == 0, done.output
        yield made
    finally:
        running.close()


@pytest.fixture
def repository(course: Course) -> Path:
    return course.folder / "bundle" / "repository"


class Run:
    """What a run of the action leaves: the exit code of each step, the summary and the JUnit files."""

    def __init__(self, repository: Path, link: str, room: Path) -> None:
        summary = room / "summary.md"
        summary.write_text("")
        action = yaml.safe_load((repository / ACTION / "action.yml").read_text())
        given = {**{name: one["default"] for name, one in action["inputs"].items()}, "portal-link": link}
        given["results"] = str(room / "results")
        self.codes, self.printed = {}, ""
        for step in action["runs"]["steps"]:
            own = {key: filled(value, given) for key, value in step.get("env", {}).items()}
            environment = {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}", **own}
            environment |= {"GITHUB_STEP_SUMMARY": str(summary), "GITHUB_ACTION_PATH": str(repository / ACTION)}
            command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]]
            done = subprocess.run(
                command, cwd=repository, env=environment, capture_output=True, text=True, check=False, timeout=300
            )
            self.codes[step["name"]] = done.returncode
            self.printed += done.stdout + done.stderr
        self.summary = summary.read_text()
        self.junit = {path.name: ElementTree.parse(path).getroot() for path in (room / "results").glob("*.xml")}


def filled(value: str, inputs: dict[str, str]) -> str:
    """Return the value of an expression of the action, which has only inputs."""
    return re.sub(r"\$\{\{ inputs\.([\w-]+) \}\}", lambda found: inputs[found[1]], value)


def put_work(repository: Path, code: str) -> None:
    (repository / "tiny.py").write_text(code)


def test_the_workflow_is_as_github_reads_it(repository: Path) -> None:
    """Every key is one that GitHub documents, every step does one thing, and no expression stands in a script."""
    workflow: dict[Any, Any] = yaml.safe_load((repository / ".github/workflows/grade.yml").read_text())
    assert workflow.keys() == {"name", True, "permissions", "concurrency", "jobs"}  # YAML 1.1 reads `on` as true
    assert workflow["permissions"] == {"contents": "read"}
    (job,) = workflow["jobs"].values()
    assert job.keys() == {"runs-on", "timeout-minutes", "steps"}
    assert all(set(step) <= {"uses", "with", "if"} for step in job["steps"])
    assert f"./{ACTION}" in [step["uses"] for step in job["steps"]]
    action = yaml.safe_load((repository / ACTION / "action.yml").read_text())
    assert action["runs"]["using"] == "composite"
    for step in action["runs"]["steps"]:
        assert {"name", "shell", "run"} <= set(step) <= {"name", "id", "if", "shell", "run", "env"}
        assert "${{" not in step["run"]  # it would be pasted into the shell
    holders = [step["name"] for step in action["runs"]["steps"] if "PORTAL_LINK" in step.get("env", {})]
    assert holders == ["Hand in"]


def test_the_repository_holds_no_secret(repository: Path, course: Course) -> None:
    hidden = secrets_of(load_assignment(course.assignment))
    for path in repository.rglob("*"):
        if path.is_file():
            text = path.read_text(errors="replace")
            assert not [secret for secret in hidden if secret in text], path
    assert not list(repository.rglob("hidden"))


def test_a_push_is_checked_and_handed_in(course: Course, repository: Path, tmp_path: Path) -> None:
    """The portal has the submission, and the run shows its report and the checks."""
    put_work(repository, RIGHT)
    run = Run(repository, f"{course.url}/link/{course.tokens['ada']}", tmp_path)
    assert set(run.codes.values()) == {0}, run.printed
    assert "**5 of 5 points** for tiny\\.py" in run.summary
    assert "| double | passed |" in run.summary
    suites = [suite for root in run.junit.values() for suite in root.findall("testsuite")]
    assert [suite.attrib["failures"] for suite in suites] == ["0", "0"]
    assert course.tokens["ada"] in grader("roster", "links", "--data", course.folder / "data").output
    assert course.tokens["ada"] not in run.printed + run.summary


def test_what_is_wrong_makes_the_run_red(course: Course, repository: Path, tmp_path: Path) -> None:
    put_work(repository, VARIANTS[1])
    run = Run(repository, f"{course.url}/link/{course.tokens['otto']}", tmp_path)
    assert run.codes["Hand in"] == 0
    assert run.codes["Public checks"] == 1
    assert "| double | failed |" in run.summary
    portal = run.junit["portal.xml"].find("testsuite")
    assert portal is not None
    assert int(portal.attrib["failures"]) > 0
    hidden = secrets_of(load_assignment(course.assignment))
    everything = run.printed + run.summary + "".join(ElementTree.tostring(x, "unicode") for x in run.junit.values())
    assert not [secret for secret in hidden if secret in everything]


def test_results_that_are_not_shown_yet_are_no_failure(tmp_path: Path) -> None:
    """The policy of the assignment holds: the summary says when results are shown, and nothing of them."""
    running = RunningPortal(tmp_path, 'visible = "on release"')
    try:
        done = grader("bundle", tmp_path / "tiny", "--to", "github-actions", "--out", tmp_path / "bundle")
        assert done.exit_code == 0, done.output
        repository = tmp_path / "bundle" / "repository"
        put_work(repository, VARIANTS[1])
        run = Run(repository, f"{running.url}/link/{running.test.tokens['ada']}", tmp_path)
    finally:
        running.close()
    assert run.codes["Hand in"] == 0, run.printed
    assert "Handed in: tiny\\.py" in run.summary
    assert "when your course releases them" in run.summary
    assert "points" not in run.summary + run.printed
    assert "portal.xml" not in run.junit


@pytest.mark.parametrize(
    ("link", "code", "why"),
    [
        ("", 0, "has no secret `PORTAL_LINK`"),
        ("my link", 1, "isn't a personal link"),
        ("{url}/link/AAAAAAAAAAAAAAAAAAAAAAAA", 1, "answers 401"),
        ("http://127.0.0.1:9/link/AAAAAAAAAAAAAAAAAAAAAAAA", 1, "can't be reached"),
    ],
    ids=["none", "wrong", "unknown", "away"],
)
def test_a_link_that_does_not_work_is_said(
    link: str, code: int, why: str, course: Course, repository: Path, tmp_path: Path
) -> None:
    """In a sentence of the summary. The checks run all the same."""
    put_work(repository, RIGHT)
    run = Run(repository, link.format(url=course.url), tmp_path)
    assert run.codes["Hand in"] == code, run.printed
    assert why in run.summary.replace("\\", "")
    assert run.codes["Public checks"] == 0
    assert "Traceback" not in run.printed
    settings = json.loads((repository / ACTION / "settings.json").read_text())
    assert settings["checks"] == {name: ["check.py", name] for name in ("double", "quadruple")}
