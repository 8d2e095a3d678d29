"""`grader regrade`: a preview that is graded by the command, while the portal may run with an older version."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest
from click.testing import Result

from grader.gradebook.attempts import Attempt
from grader.gradebook.audit import AuditLog
from grader.gradebook.flags import Flags
from grader.gradebook.grades import grade_of
from grader.policies import Adjustment
from grader.server.dispatcher import version_flag
from grader.server.preview_run import PreviewRun
from tests.factories import RIGHT, ROOT, put
from tests.helpers.portals import TestPortal
from tests.helpers.terminal import grader, grader_in

GUIDE = ROOT / "docs" / "instructors.md"
WRONG = RIGHT.replace("2 * x", "3 * x")  # worth 3 of 5: zero is zero, and four times a number counts
AT = datetime(2026, 3, 1, tzinfo=UTC)
ID = re.compile(r"--confirm (\S+)")


@pytest.fixture
def served(tmp_path: Path) -> Iterator[TestPortal]:
    """A portal with two students, whose files were graded when the cases were others: both had 4 points."""
    made = TestPortal(tmp_path)
    for who, code in (("ada", RIGHT), ("otto", WRONG)):
        hand_in(made, who, code, 4.0)
    yield made
    made.portal.close()


def hand_in(served: TestPortal, who: str, code: str, points: float) -> Attempt:
    """Return an attempt that had these points."""
    attempt = served.hand_in(who, f"{code}# {who}\n".encode())
    claimed = served.portal.queue.claim("test", 60, ["tiny"])
    assert claimed and claimed.number == attempt.number
    run = served.portal.book.new_run(served.portal.courses["tiny"].dispatcher.basis, 1)
    made = msgspec.structs.replace(served.a_report(who, points), digest=attempt.digest)
    assert served.portal.queue.finish(claimed, "test", run, made, "", "graded")
    return attempt


def regrade(served: TestPortal, *arguments: object) -> Result:
    folder = served.portal.courses["tiny"].assignment.folder
    data = served.portal.settings.data
    return grader("regrade", folder, "--data", data, *arguments, COLUMNS="200")


def said(result: Result, code: int = 0) -> str:
    assert result.exit_code == code, result.output
    return " ".join(result.output.replace("│", " ").replace("┃", " ").split())


def preview(served: TestPortal, *students: str) -> tuple[str, str]:
    """Return the id of a new preview, and what the command said."""
    text = said(regrade(served, *students, "--preview", "--jobs", 1))
    found = ID.search(text)
    assert found, text
    return found[1], text


def finals(served: TestPortal) -> dict[str, float]:
    return {who: grade_of(served.portal.book, "tiny", who).final for who in ("ada", "otto")}


def test_a_preview_says_who_would_change_and_counts_when_it_is_confirmed(served: TestPortal) -> None:
    """By which case, from what to what, to which final grade. A drop is named, and needs its word."""
    plus = Adjustment(0, "ira", AT, points=0.5, comment="c", reason="r")
    served.portal.adjustments.add("tiny", "ada", plus)
    id, text = preview(served)
    assert "2 of 2 results change; 1 score drops, 1 final grade does" in text
    assert "final grades that drop: otto (4 / 5 -> 3 / 5)" in text and f"--confirm {id} --allow-drops" in text
    assert "4 / 5 -> 5 / 5" in text and "final grade 4.5 / 5 -> 5 / 5; a person has adjusted it" in text
    assert "Twice a number is right." in text
    assert finals(served) == {"ada": 4.5, "otto": 4}
    on_page = served.client("ira").get(f"/api/v1/assignments/tiny/regrades/{id}").json()
    assert (on_page["state"], on_page["drops"], on_page["who"]) == ("ready", 1, on_page["who"])
    assert f"{id}: by {on_page['who']}" in said(regrade(served, "--list"))
    assert json.loads(regrade(served, "--show", id, "--json").output) == on_page
    refused = said(regrade(served, "--confirm", id), 2)
    assert "1 final grade would drop: otto (4 / 5 -> 3 / 5); nothing was changed. Add --allow-drops" in refused
    assert finals(served) == {"ada": 4.5, "otto": 4}
    done = said(regrade(served, "--confirm", id, "--allow-drops", "--reason", "A case was wrong."))
    assert "2 results count" in done and "ada (4.5 / 5 -> 5 / 5), otto (4 / 5 -> 3 / 5)" in done
    assert finals(served) == {"ada": 5, "otto": 3}
    assert "was confirmed by" in said(regrade(served, "--show", id))
    assert "The course says: <bdi>A case was wrong.</bdi>" in served.client("otto").get("/assignments/tiny").text
    assert "there are none" in said(regrade(served, "--list"))
    assert f"was confirmed by {on_page['who']}" in said(regrade(served, "--discard", id), 2)


def test_the_log_and_the_report_before_stay(served: TestPortal) -> None:
    """Who confirmed, what changed from what to what; `show --run` has the report of the run before."""
    id, _ = preview(served, "otto")
    regrade(served, "--confirm", id, "--allow-drops")
    entries = {(one.what, one.target): (one.before, one.after) for one in AuditLog(served.portal.book).entries(9)}
    assert entries["change grade", "tiny otto"] == ("4 / 5", "3 / 5")
    assert entries["confirm regrade", id] == ("", "1 results replaced, 0 kept, 1 grades lower")
    assert {one.who.endswith("command line)") for one in AuditLog(served.portal.book).entries(3)} == {True}
    data = served.portal.settings.data
    assert "otto: 3 / 5" in grader("show", data, "otto").output
    assert "otto: 4 / 5" in grader("show", data, "otto", "--run", 2).output
    missing = grader("show", data, "otto", "--run", 1)
    assert (missing.exit_code, "run 1 has no report of otto" in missing.output) == (2, True)


def test_a_new_case_is_previewed_while_the_portal_has_the_old_one(served: TestPortal) -> None:
    """The portal's workers take nothing of it; the command says that the portal has another version."""
    Flags(served.portal.book).set(version_flag("tiny"), "another version", "test")
    folder = served.portal.courses["tiny"].assignment.folder
    put(folder, "hidden/test_double.py", "reference.double(x))", "3 * x)")
    id, text = preview(served, "otto")
    assert "otto" in text and "4 / 5 -> 5 / 5" in text and "no score drops" in text
    assert "The portal grades by another version" in text
    assert served.portal.queue.claim("test", 60, ["tiny"]) is None
    put(folder, "hidden/test_double.py", "3 * x)", "4 * x)")
    assert "graded by another version of the assignment than this one" in said(regrade(served, "--show", id))
    assert "is deleted; nothing was changed" in said(regrade(served, "--discard", id))


def test_what_cannot_be_read_or_graded_stays(served: TestPortal) -> None:
    """A file that was damaged: its result stays, and the others count."""
    attempt = hand_in(served, "ada", RIGHT + "# newer", 4.0)
    served.portal.data.files.path(attempt.digest).write_bytes(b"damaged")
    id, text = preview(served)
    assert "ada stays as before: The grader failed in this preview" in text
    assert "1 stays as before" in said(regrade(served, "--confirm", id, "--allow-drops"))
    assert finals(served) == {"ada": 4, "otto": 3}


def test_an_interrupted_preview_leaves_nothing(served: TestPortal, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C deletes it."""

    def interrupted(*arguments: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(PreviewRun, "grade", interrupted)
    assert "the preview is deleted, and nothing was changed" in said(regrade(served, "--preview"), 130)
    assert "there are none" in said(regrade(served, "--list"))


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        ((), "give one of --preview, --show ID, --confirm ID, --discard ID and --list"),
        (("--preview", "--list"), "give one of"),
        (("--confirm", "x", "ada"), "students are named with --preview"),
        (("--preview", "--allow-drops"), "--allow-drops goes with --confirm ID"),
        (("--preview", "--reason", "x"), "--reason goes with --confirm ID"),
        (("--preview", "adda"), "there is no student 'adda'; did you mean ada?"),
        (("--confirm", "x"), "tiny has no regrade 'x'; --list shows the previews that wait"),
        (("--discard", "x"), "tiny has no regrade 'x'"),
        (("--show", "x"), "tiny has no regrade 'x'"),
    ],
)
def test_a_wrong_call_says_what_to_do(served: TestPortal, arguments: tuple[str, ...], why: str) -> None:
    """And changes nothing."""
    assert why in said(regrade(served, *arguments), 2)
    assert finals(served) == {"ada": 4, "otto": 4}


def test_nothing_was_handed_in(tmp_path: Path) -> None:
    """Neither to a new portal, nor to a folder that is none."""
    served = TestPortal(tmp_path)
    assert "nobody has handed in tiny to the portal of" in said(regrade(served, "--preview"), 2)
    served.portal.close()
    missing = grader("regrade", tmp_path / "tiny", "--data", tmp_path / "nothing", "--list")
    assert (missing.exit_code, "doesn't exist" in missing.output) == (2, True)


def commands(section: str) -> list[list[str]]:
    """Return the commands of a section of the guide for instructors, as words."""
    text = GUIDE.read_text().partition(f"\n## {section}\n")[2].partition("\n## ")[0]
    fenced = "".join(re.findall(r"```sh\n(.*?)```", text, re.DOTALL)).splitlines()
    return [line.split() for line in [*fenced, *re.findall(r"`(grader [^`]+)`", text)] if line.startswith("grader ")]


def test_the_commands_of_the_guide_work(served: TestPortal) -> None:
    """Each as it stands in the section, on this portal; each decision is about a preview of its own."""
    folder, data = served.portal.courses["tiny"].assignment.folder, served.portal.settings.data
    mine = {"solutions/digits": str(folder), "course": str(data), "student-02": "ada", "student-05": "otto"}
    found = [words for words in commands("Regrading") if words[1:] not in (["grade"], ["diff"], ["regrade"])]
    assert {words[1] for words in found} == {"regrade", "runs", "show"} and len(found) >= 6
    id = ""
    for words in found:
        if "ID" in words:
            id, _ = preview(served)
        typed = [id if word == "ID" else mine.get(word, word) for word in words[1:]]
        if "--confirm" in typed:
            typed.append("--allow-drops")
        done = grader_in(data.parent, *typed)
        assert done.returncode == 0, (words, done.stdout, done.stderr)
