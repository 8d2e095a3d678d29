"""docs/authoring.md: what it tells an author to do works as it stands, and it names every key and no other."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from grader import checks
from grader.assignments.settings import KEYS, Release, Settings
from grader.grading import fixtures
from grader.models import Limits, Question
from grader.policies import AttemptRule, EarlyRule, LateRule, LateStep, Policy
from tests.factories import ROOT
from tests.helpers.terminal import grader_in

PAGE = (ROOT / "docs" / "authoring.md").read_text()
STEP = re.compile(r"(?:<!-- (?P<what>[\w ]+): (?P<where>.+?) -->\n)?```(?P<kind>\w*)\n(?P<text>.*?)```", re.DOTALL)
WRITTEN_AS = re.compile(r'(?P<command>.+), where "(?P<old>.+)" is "(?P<new>.+)"')


def grader(line: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    word, *arguments = shlex.split(line)
    assert word == "grader"
    return grader_in(cwd, *arguments)


def put_cell(path: Path, source: str) -> None:
    document = json.loads(path.read_text())
    cell = {"cell_type": "code", "id": "new", "metadata": {}, "source": source.rstrip("\n")}
    document["cells"].append({**cell, "outputs": [], "execution_count": None})
    path.write_text(json.dumps(document))


def says(where: str, text: str, cwd: Path) -> None:
    """A command tells this when something in the settings is written otherwise."""
    told = WRITTEN_AS.fullmatch(where)
    assert told
    path = cwd / "solutions" / "first_lab" / "assignment.toml"
    before = path.read_text()
    assert told["old"] in before
    path.write_text(before.replace(told["old"], told["new"]))
    done = grader(told["command"], cwd)
    path.write_text(before)
    assert (done.returncode, done.stderr) == (2, text)


@pytest.mark.long
def test_what_the_page_tells_to_do_works(tmp_path: Path) -> None:
    """Commands, new cells and files, one after the other: the cases are fit, the stubs earn nothing, and the author's
    own step takes part in the release."""
    done, printed = 0, ""
    for step in STEP.finditer(PAGE):
        what, text = step["what"] or step["kind"], step["text"]
        path = tmp_path / (step["where"] or "")
        if what == "sh":
            for line in text.splitlines():
                one_worker = " --jobs 1" if re.match("grader (grade|validate) ", line) else ""
                ended = grader(line + one_worker, tmp_path)
                assert ended.returncode == 0, (line, ended.stdout, ended.stderr)
                printed += ended.stdout
        elif what == "new cell in":
            put_cell(path, text)
        elif what == "new file":
            path.write_text(text)
        elif what == "append to":
            path.write_text(path.read_text() + text)
        elif what == "says":
            says(step["where"], text, tmp_path)
        else:
            assert not step["kind"], step  # to be read, not to be run
            continue
        done += 1
    assert done == 12
    assert "hidden cases: no problems" in printed
    report = json.loads((tmp_path / "out/stubs/reports/first_lab.json").read_text())
    assert (report["score"], report["max_score"]) == (0, 15)
    added = json.loads((tmp_path / "assignment/first_lab/first_lab.ipynb").read_text())["cells"][-1]
    assert added["source"] == ["## What was hard in first_lab?"]


def rows(head: str) -> Iterator[tuple[str, str]]:
    """The first two columns of the table that follows on these words."""
    after = PAGE.split(head, 1)[1].lstrip("\n").split("\n\n")[0]
    for line in after.splitlines()[2:]:
        first, second = (part.strip().strip("`") for part in line.strip("|").split("|")[:2])
        yield first, second


@pytest.mark.parametrize(
    ("head", "struct"),
    [
        ("Of `assignment.toml`:", Settings),
        ("Of `[limits]`, which may be left out, as may any of its keys:", Limits),
        ("Of `[release]`, which may be left out:", Release),
        ("Of each `[[question]]`:", Question),
        ("lateness costs nothing ([examples](instructors.md#policies)):", Policy),
        ("Of `[policy.late]`:", LateRule),
        ("in order of time; after the last one, nothing counts:", LateStep),
        ("Of `[policy.early]`:", EarlyRule),
        ("Of `[policy.attempts]`:", AttemptRule),
    ],
)
def test_every_key_is_told_of(head: str, struct: type[msgspec.Struct]) -> None:
    """The page has a row for each key with its default, and none for a key that there isn't."""
    told = dict(rows(head))
    fields = {field.name: field for field in msgspec.structs.fields(struct)}
    assert told.keys() == fields.keys()
    for name, field in fields.items():
        default = field.default if field.default is not msgspec.NODEFAULT else None
        if default is not None and not isinstance(default, Limits | Release | Policy | LateRule):
            assert json.loads(told[name]) == (list(default) if isinstance(default, tuple) else default)
        else:
            assert told[name] == ""


def test_the_settings_are_few() -> None:
    """Fewer than ten keys at the top: one must have an opinion about each."""
    assert len(KEYS[""]) < 10


def test_what_a_case_can_use_is_told_of() -> None:
    """Each fixture of ours, and no other; every check that is named is there."""
    given = [name for name in vars(fixtures.plugin(None)) if not name.startswith("_")]  # type: ignore[arg-type]  # unused
    assert [name for name, _ in rows("## What a case can use\n")] == given
    named = re.findall(r"`(\w+)`", PAGE.split("Compare with [grader.checks]")[1].split("- ")[0])
    assert len(named) >= 5
    assert [name for name in named if not hasattr(checks, name)] == ["assert"]
