"""What readers see before and after a release, and under blind marking: all responses are searched for it."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec
import pytest

from grader.models import Status
from grader.server.visible import NOTE_HIDDEN
from tests.factories import case, question
from tests.helpers.portals import TestPortal, filled, routes

SCORE = "3.57"  # of nothing else
MESSAGE = "secretmessage"
NAMES = re.compile(r"\b(ada|otto|adamant|otherwise|example\.org)\b", re.I)
pytestmark = pytest.mark.thorough  # asks every route, for each policy
RELEASES = "/api/v1/assignments/tiny/releases"


@contextmanager
def portal(folder: Path, policy: str) -> Iterator[TestPortal]:
    """A portal with this policy, and a graded attempt of two students whose file names them."""
    made = TestPortal(folder, policy)
    yield made
    made.portal.close()


def grade(served: TestPortal, who: str = "ada") -> str:
    """The id of a graded attempt with the score SCORE, which lost points in one question."""
    wrong = case("shape", worth=1.0, status=Status.FAILED, message=MESSAGE)
    questions = (
        question("double", wrong, case("numbers", worth=1.0)),
        question("quadruple", case("zero", worth=2.57)),
    )
    return served.graded(who, questions=questions, score=float(SCORE), file=f"{who}.py").public_id


def answers(served: TestPortal, who: str, id: str) -> Iterator[tuple[str, str]]:
    """Yield path and text of every answer to a reader, those in a zip unpacked."""
    served.portal.live.close()  # streams end at once
    address = {"name": "tiny", "id": id, "path:path": "note.txt", "token": "x" * 22, "number": "1"}
    for method, path in routes(served):
        if method == "GET":
            answer = served.client(who).get(filled(path, address))
            text = answer.text
            if answer.headers.get("content-type") == "application/zip" and answer.status_code == 200:
                with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
                    text = "\n".join(
                        name + archive.read(name).decode("utf-8", "replace") for name in archive.namelist()
                    )
            yield path, f"{answer.headers}\n{text}"


def found(served: TestPortal, who: str, id: str, *words: str) -> set[str]:
    """The paths whose answers hold one of the words."""
    return {path for path, text in answers(served, who, id) if any(word in text for word in words)}


@pytest.mark.parametrize(
    "policy",
    [
        'visible = "on release"',
        'visible = "after due"\ndue = 2999-01-01T00:00:00Z',
        'visible_by_question.double = "on release"',
    ],
)
def test_before_the_release_no_answer_shows_a_student_a_score(tmp_path: Path, policy: str) -> None:
    """Neither the score nor what a hidden case says; afterwards both are there, and staff see them all the time."""
    with portal(tmp_path, policy) as served:
        id = grade(served)
        assert found(served, "ada", id, SCORE, MESSAGE) == set()
        assert "/submissions/{id}/report.html" in found(served, "tess", id, MESSAGE)
        state = served.client("ada").get(f"/api/v1/submissions/{id}").json()
        assert (state["state"], state["score"]) == ("graded", None) and state["withheld"]
        assert state["withheld"] in served.client("ada").get(f"/submissions/{id}").text
        served.client("ira").post(RELEASES, json={})
        shown = found(served, "ada", id, MESSAGE)
        assert {"/submissions/{id}/report.html", "/api/v1/submissions/{id}/report"} <= shown
        assert SCORE in served.client("ada").get(f"/submissions/{id}").text
        assert served.client("ada").get(f"/api/v1/submissions/{id}").json()["withheld"] == ""


def test_questions_are_released_one_by_one(tmp_path: Path) -> None:
    """A report has the questions that are shown, and their points alone; the score comes with the last one."""
    with portal(tmp_path, 'visible = "on release"') as served:
        id, client = grade(served), served.client("ada")
        refused = client.get(f"/api/v1/submissions/{id}/report")
        assert refused.status_code == 403 and "releases" in refused.json()["detail"]
        asked = {"question": "double", "case": "shape", "text": "Why?"}
        assert client.post(f"/api/v1/submissions/{id}/requests", json=asked).status_code == 404
        served.client("ira").post(RELEASES, json={"question": "quadruple"})
        report = client.get(f"/api/v1/submissions/{id}/report").json()
        assert [one["name"] for one in report["questions"]] == ["quadruple"]
        assert (report["score"], report["max_score"]) == (2.57, 2.57)
        assert "quadruple" in client.get(f"/submissions/{id}/report.html").text
        assert found(served, "ada", id, SCORE, MESSAGE) == set()
        served.client("ira").post(RELEASES, json={"question": "double"})
        assert client.get(f"/api/v1/submissions/{id}").json()["score"] == float(SCORE)
        assert MESSAGE in client.get(f"/submissions/{id}/report.html").text


def test_a_shown_question_says_nothing_of_a_hidden_one(tmp_path: Path) -> None:
    """That its answer was substituted tells that it is wrong."""
    with portal(tmp_path, 'visible_by_question.double = "on release"') as served:
        wrong = question("double", case("shape", worth=3.0, status=Status.FAILED))
        builds = question("quadruple", case("zero", worth=2.0, status=Status.FAILED), lent=("double",))
        id, client = served.graded("ada", questions=(wrong, builds)).public_id, served.client("ada")
        assert client.get(f"/api/v1/submissions/{id}/report").json()["questions"][0]["lent"] == []
        assert "Graded with a correct" not in client.get(f"/submissions/{id}/report.html").text
        assert served.client("tess").get(f"/api/v1/submissions/{id}/report").json()["questions"][1]["lent"]
        served.client("ira").post(RELEASES, json={"question": "double"})
        assert client.get(f"/api/v1/submissions/{id}/report").json()["questions"][1]["lent"] == ["double"]


def test_a_student_reads_why_a_file_is_rejected(tmp_path: Path) -> None:
    """At once: it can be handed in again before the date."""
    with portal(tmp_path, 'visible = "on release"') as served:
        fields: dict[str, Any] = {"status": "rejected", "notes": ("No module is in the zip.",), "questions": ()}
        id = served.graded("ada", **fields).public_id
        with served.portal.book.writing() as connection:
            connection.exec_driver_sql("UPDATE attempts SET state = 'rejected'")
        client = served.client("ada")
        assert "No module is in the zip." in client.get(f"/submissions/{id}").text
        assert client.get(f"/api/v1/submissions/{id}/report").json()["detail"] == "No module is in the zip."


@pytest.mark.parametrize("who", ["tess", "ira"])
def test_under_blind_marking_no_answer_shows_staff_a_name(tmp_path: Path, who: str) -> None:
    """No name, id, address or file name, in pages, files, zips and headers; after the release they are back."""
    with portal(tmp_path, "blind = true") as served:
        id = grade(served)
        grade(served, "otto")
        adjustment = {"by": 1, "comment": "c", "reason": "r"}
        shown = served.portal.view("tiny").naming.id("ada")
        assert re.fullmatch("student-[0-9a-f]{12}", shown)
        made = served.client(who).post("/api/v1/assignments/tiny/adjustments", json={"student": shown, **adjustment})
        assert made.status_code == 201 and made.json()["student"] == shown
        real = served.client(who).post("/api/v1/assignments/tiny/adjustments", json={"student": "ada", **adjustment})
        assert real.status_code == 404
        regrade = served.client("ira").post("/api/v1/assignments/tiny/regrades", json={"students": [shown]})
        assert regrade.status_code == 202
        pages = [*answers(served, who, id), *answers(served, who, regrade.json()["id"])]
        assert {path: NAMES.findall(without_own(text)) for path, text in pages if NAMES.search(without_own(text))} == {}
        assert served.client(who).get(f"/assignments/tiny/students/{shown}").status_code == 303
        assert served.client(who).get("/assignments/tiny/students/ada").status_code == 404
        assert any(shown in text for _, text in pages)
        own = served.client("ada").get(f"/api/v1/submissions/{id}/report").json()
        assert (own["student"], own["file"]) == ("ada", "ada.py")
        served.client("ira").post(RELEASES, json={})
        assert "ada" in served.client(who).get("/assignments/tiny/students").text
        assert served.client(who).get(f"/api/v1/submissions/{id}/report").json()["student"] == "ada"


@pytest.mark.parametrize("status", ["graded", "rejected"])
def test_under_blind_marking_no_note_shows_staff_a_name(tmp_path: Path, status: str) -> None:
    """A note that names files holds what students name after themselves; the student reads it all the time."""
    note = "adamant/tiny.py was graded; ignored: notes.pdf" if status == "graded" else "Ada Adamant.py is empty"
    with portal(tmp_path, "blind = true") as served:
        id = served.graded("ada", status=status, notes=("kept" if status == "graded" else note, note)).public_id
        if status == "rejected":
            with served.portal.book.writing() as connection:
                connection.exec_driver_sql("UPDATE attempts SET state = 'rejected'")
        for who in ("tess", "ira"):
            pages = answers(served, who, id)
            assert {path for path, text in pages if NAMES.search(without_own(text))} == set()
        report = served.client("ira").get(f"/api/v1/submissions/{id}/report").json()
        assert report["notes"] == ["kept", NOTE_HIDDEN][status == "rejected" :]
        assert note in served.client("ada").get(f"/api/v1/submissions/{id}/report").text
        served.client("ira").post(RELEASES, json={})
        assert note in served.client("ira").get(f"/api/v1/submissions/{id}/report").text


def test_under_blind_marking_no_preview_names_a_file(tmp_path: Path) -> None:
    """It says that a file is rejected now, or no longer; the note that says why may name it."""
    with portal(tmp_path, "blind = true") as served:
        id = served.graded("ada", status="rejected", notes=("Ada Adamant.py is empty",), questions=()).public_id
        regrades = "/api/v1/assignments/tiny/regrades"
        started = served.client("ira").post(regrades, json={"preview": True}).json()["id"]
        shadow = served.portal.queue.claim("test", 60, ["tiny"])
        assert shadow and shadow.public_id.endswith(id)
        basis = served.portal.courses["tiny"].dispatcher.basis
        made = msgspec.structs.replace(served.a_report("ada", 2.0), digest=shadow.digest)
        assert served.portal.queue.finish_preview(shadow, "test", basis, made, "", "graded")
        (change,) = served.client("ira").get(f"{regrades}/{started}").json()["changes"]
        assert change["reasons"] == ["no longer rejected"]


def without_own(text: str) -> str:
    """An answer without what the student wrote: the file itself, which names ada in a comment."""
    return re.sub(r"# (?:<[^>]*>)*ada [\d.]+|# (?:<[^>]*>)*otto [\d.]+", "", text)


def test_pseudonyms_say_nothing_of_the_order_of_names(tmp_path: Path) -> None:
    """Lists are sorted by what they show; the pseudonym of another assignment differs."""
    with portal(tmp_path, "blind = true") as served:
        for who in ("ada", "otto"):
            grade(served, who)
        rows = served.client("ira").get("/api/v1/assignments/tiny/grades").json()
        shown = [row["student"] for row in rows]
        assert shown == sorted(shown) and len(set(shown)) == 2
        assert [row["name"] for row in rows] == shown
        table = served.client("ira").get("/assignments/tiny/scores.csv").text
        assert re.findall(r"student-[0-9a-f]{12}", table) == shown
        page = served.client("ira").get("/assignments/tiny/students", params={"after": shown[0]}).text
        assert shown[1] in page and shown[0] not in page.replace(f"after={shown[0]}", "")
