"""What every bundle is: complete, the same each time, private where it must be, and no more than a folder."""

from __future__ import annotations

import io
import re
import shlex
import stat
import zipfile
from pathlib import Path

import click
import pytest
import yaml

from grader.assignments.loader import load
from grader.cli.main import cli
from grader.delivery.bundle import PLATFORM_BUNDLES
from grader.delivery.files import BundleError, BundleFile, write_bundle
from grader.delivery.options import BundleOptions
from grader.delivery.prepare import make_private
from grader.models import Assignment
from tests.factories import with_student_file
from tests.helpers.terminal import grader

pytestmark = pytest.mark.thorough  # each bundle packs the grader and its lock
OPTIONS = BundleOptions()


@pytest.mark.parametrize("platform", PLATFORM_BUNDLES)
def test_a_bundle_is_the_same_each_time_and_has_a_page_to_read(platform: str, tiny: Assignment) -> None:
    """The README names the assignment, is about a page long, and leaves no placeholder open."""
    files = PLATFORM_BUNDLES[platform](tiny, OPTIONS)
    assert files == PLATFORM_BUNDLES[platform](tiny, OPTIONS)
    readme = files["README.md"].content.decode()
    assert "Two functions" in readme
    assert "${" not in readme
    assert 20 < len(readme.splitlines()) < 80


def test_the_wheel_of_a_bundle_is_this_grader(tiny: Assignment) -> None:
    """pip reads it: metadata, a record of each file, and the command."""
    content = PLATFORM_BUNDLES["gradescope"](tiny, OPTIONS)["autograder.zip"].content
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        (name,) = (name for name in archive.namelist() if name.endswith(".whl"))
        assert stat.S_IMODE(archive.getinfo("setup.sh").external_attr >> 16) == 0o755
        with zipfile.ZipFile(io.BytesIO(archive.read(name))) as wheel:
            names = set(wheel.namelist())
            record = wheel.read("grader-0.1.0.dist-info/RECORD").decode()
            assert b"Name: grader" in wheel.read("grader-0.1.0.dist-info/METADATA")
    assert {"grader/api.py", "grader/py.typed", "grader/delivery/requirements.txt"} <= names
    assert {line.split(",")[0] for line in record.splitlines()} == names


def test_containers_run_as_an_ordinary_user_and_hold_no_assignment(tiny: Assignment) -> None:
    """The compose file is YAML whose services mount what the Containerfile doesn't copy, and hold no password."""
    files = PLATFORM_BUNDLES["container"](tiny, OPTIONS)
    lines = files["Containerfile"].content.decode().splitlines()
    assert "USER grader" in lines
    assert any(line.startswith("HEALTHCHECK") for line in lines)
    assert [line for line in lines if line.startswith("COPY")] == ["COPY requirements.txt *.whl /grader/"]
    compose = yaml.safe_load(files["compose.yaml"].content)
    assert compose["services"].keys() == {"portal", "worker", "caddy", "database"}
    portal = compose["services"]["portal"]
    assert portal["security_opt"] == [f"{name}=unconfined" for name in ("seccomp", "apparmor", "systempaths")]
    assert "/assignments/tiny" in portal["command"]
    assert portal["environment"]["GRADER_DATABASE"].startswith(
        "postgresql+psycopg://grader:${POSTGRES_PASSWORD:?is missing in .env}@"
    )
    pinned = files["requirements.txt"].content.decode()
    assert all(f"\n{name}==" in pinned for name in ("fastapi", "uvicorn", "psycopg", "jinja2", "nbconvert"))


def test_a_folder_with_something_in_it_stays_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("kept")
    with pytest.raises(BundleError, match="isn't an empty folder"):
        write_bundle({"a": BundleFile(b"")}, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_the_command_says_what_it_cannot_do(tiny_folder: Path, tmp_path: Path) -> None:
    """In one sentence, with exit code 2, and without a bundle."""
    done = grader("bundle", tiny_folder, "--to", "gradescope", "--out", tmp_path / "b", "--requirements", "nowhere.txt")
    assert done.exit_code == 2
    assert "nowhere.txt can't be read" in done.output
    assert not (tmp_path / "b").exists()
    done = grader("bundle", tmp_path / "none", "--to", "gradescope", "--out", tmp_path / "b")
    assert done.exit_code == 2
    assert "Traceback" not in done.output


def test_only_the_files_of_students_can_be_read_by_others(tiny: Assignment, tmp_path: Path) -> None:
    """And the folders above them be walked through, not listed."""
    with_student_file(tiny.folder)
    make_private(tmp_path, tiny)
    readable = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.stat().st_mode & 0o044}
    assert readable == {"tiny/student", "tiny/student/note.txt"}
    passable = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.stat().st_mode & 0o011}
    assert passable == {"tiny", "tiny/student"}


def put_policy(folder: Path, text: str) -> Assignment:
    with (folder / "assignment.toml").open("a") as settings:
        settings.write(f"\n[policy]\n{text}\n")
    return load(folder)


def test_the_readme_says_what_holds_of_a_policy(tiny_folder: Path) -> None:
    """Gradescope shows results when the policy says; PrairieLearn can't. Dates and attempts are theirs."""
    policy = 'due = 2026-12-01T00:00:00Z\nvisible = "after due"\nattempts = {capacity = 3}\n'
    tiny = put_policy(tiny_folder, f'{policy}visible_by_question = {{quadruple = "on release"}}')
    readmes = {to: PLATFORM_BUNDLES[to](tiny, OPTIONS)["README.md"].content.decode() for to in PLATFORM_BUNDLES}
    assert "Students see results after the due date that is set on Gradescope" in readmes["gradescope"]
    assert "those of `quadruple` when you publish the grades" in readmes["gradescope"]
    assert "has `due` and `attempts`, without effect on Gradescope" in readmes["gradescope"]
    missing = "`visible`, `visible_by_question`, `due` and `attempts`, without effect on PrairieLearn"
    assert missing in readmes["prairielearn"]
    assert "without effect" not in readmes["container"] + readmes["github-actions"]


def test_no_leaderboard_where_results_are_not_shown_at_once(tiny_folder: Path) -> None:
    """It would show the scores of the class."""
    tiny = put_policy(tiny_folder, 'visible = "on release"')
    with pytest.raises(BundleError, match="leave out --leaderboard"):
        PLATFORM_BUNDLES["gradescope"](tiny, BundleOptions(leaderboard=True))
    assert PLATFORM_BUNDLES["gradescope"](tiny, OPTIONS)


def test_docker_finds_the_files_that_the_compose_file_names(tiny: Assignment) -> None:
    """It looks for a Dockerfile unless the compose file says otherwise."""
    files = PLATFORM_BUNDLES["container"](tiny, OPTIONS)
    services = yaml.safe_load(files["compose.yaml"].content)["services"]
    for name in ("portal", "worker"):
        assert services[name]["build"]["dockerfile"] in files
        assert f"{services[name]['volumes'][0].split(':')[0].removeprefix('./')}/tiny/assignment.toml" in files
    assert services["caddy"]["volumes"][0].split(":")[0].removeprefix("./") in files


# In a README, what the bundle holds, and a command of the grader, which may run in a container.
PLACE = re.compile(r"`((?:repository|release|image|questions|assignment)/[^` ]*|[\w.]+\.(?:zip|yaml))`")
COMMAND = re.compile(r"^ {4,7}.*?\bgrader (?P<words>(?:grade|serve|roster|export|backup|doctor) .*)$", re.MULTILINE)


@pytest.mark.parametrize("platform", PLATFORM_BUNDLES)
def test_what_a_readme_names_exists(platform: str, tiny: Assignment) -> None:
    """Files and folders of the bundle, and commands of the grader with their options."""
    files = PLATFORM_BUNDLES[platform](tiny, OPTIONS)
    text = files["README.md"].content.decode().replace("\\\n", " ")
    folders = {"/".join(name.split("/")[:depth]) for name in files for depth in range(1, name.count("/") + 2)}
    assert {place.rstrip("/") for place in PLACE.findall(text)} <= folders
    commands = [found["words"] for found in COMMAND.finditer(text)]
    assert commands or platform in ("gradescope", "prairielearn")
    for words in commands:
        check_command(shlex.split(words.partition(" < ")[0]))


def check_command(words: list[str]) -> None:
    """Fail unless these are a command of the grader and options that it has."""
    name, *rest = words
    command = cli.get_command(click.Context(cli), name)
    assert command, name
    if isinstance(command, click.Group):
        command, rest = command.commands[rest[0]], rest[1:]
    command.make_parser(click.Context(command)).parse_args(rest)
