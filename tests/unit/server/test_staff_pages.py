"""Pages of the staff: large classes, and what a form does when it was sent by mistake."""

from __future__ import annotations

import html
import io
import re
import threading
import zipfile
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest.mock import Mock

import pytest

from grader.gradebook.attempts import Attempt
from grader.gradebook.files import FileStoreError
from grader.gradebook.grades import student_record
from grader.gradebook.roster import Person, RosterEntry
from grader.server import class_pages, staff_pages
from grader.server.class_pages import ClassPages
from grader.server.intake import read_attempt
from tests.factories import RIGHT
from tests.helpers.portals import ADA_FILE, TestPortal
from tests.helpers.processes import PATIENCE, until

REGRADES = "/assignments/tiny/regrades"


def test_a_regrade_of_nobody_asks(served: TestPortal) -> None:
    """The button without a choice regrades nobody; everybody is regraded by a form of its own."""
    attempts = [served.graded("ada"), served.graded("otto")]
    client = served.client("ira")
    refused = client.post(REGRADES)
    assert refused.status_code == 400 and "Nobody was chosen" in refused.text
    assert served.portal.queue.waiting("tiny", 5) == []
    page = client.get("/assignments/tiny/students").text
    assert re.search(r'name="everybody" value="yes" required', page)
    assert client.post(REGRADES, data={"student": "otto", "at_once": "yes"}).status_code == 303
    assert [one.public_id for one in served.portal.queue.waiting("tiny", 5)] == [attempts[1].public_id]
    assert client.post(REGRADES, data={"everybody": "yes", "at_once": "yes"}).status_code == 303
    assert len(served.portal.queue.waiting("tiny", 5)) == 2


def test_the_queue_says_how_long_somebody_waits(served: TestPortal) -> None:
    """Since the receipt; of a regrade that would be the time since the earlier grading, so there is none."""
    served.graded("otto")
    client = served.client("ira")
    client.post(REGRADES, data={"student": "otto", "at_once": "yes"})
    served.hand_in("ada")
    rows = re.findall(r"<tr><td.*?</tr>", client.get("/assignments/tiny/queue").text)
    texts = [re.sub("<[^>]*>", " ", row).split() for row in rows]
    assert [(row[1], row[-3], " ".join(row[-2:])) for row in texts] == [
        ("ada", "0", "handed in"),
        ("otto", "\N{EN DASH}", "graded again"),
    ]


def test_a_page_that_is_not_there_is_told(served: TestPortal) -> None:
    """In a sentence, with a way back."""
    answer = served.client("ada").get("/nothing")
    assert answer.status_code == 404 and "There is no such page." in answer.text


def test_students_are_listed_page_by_page(served: TestPortal, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the order of their ids; each page leads to the next."""
    monkeypatch.setattr(staff_pages, "PAGE_ROWS", 1)
    served.graded("otto", 1.5)
    client = served.client("tess")
    first = client.get("/assignments/tiny/students").text
    assert "ada" in first and "otto" not in first
    after = re.search(r'href="([^"]*after=[^"]*)"', first)
    assert after
    second = client.get(after[1]).text
    assert "otto" in second and ">1.5<" in second and "ada" not in second
    assert "There are no further students." in client.get("/assignments/tiny/students?after=otto").text


def test_a_student_who_waits_again_keeps_the_score(served: TestPortal) -> None:
    """The newest submission that was graded counts, however many wait."""
    served.graded("ada", 2.0)
    served.hand_in("ada", b"# newer\n")
    (row, _) = served.client("ira").get("/api/v1/assignments/tiny/grades").json()
    assert (row["student"], row["auto"], row["attempts"], row["state"]) == ("ada", 2.0, 2, "queued")


def test_a_class_that_is_uploaded_keeps_who_was_late(served: TestPortal) -> None:
    """As the platform of the download says. The report says it, too, as that of `grader grade`."""
    served.portal.roster.load([RosterEntry("Cy Canvas", "", id) for id in ("4711", "4712")], "test")
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("canvascy_LATE_4711_678910_tiny.py", ADA_FILE)
        archive.writestr("canvasdi_4712_678911_tiny.py", ADA_FILE)
    files = {"file": ("submissions.zip", packed.getvalue())}
    answer = served.client("ira").post("/assignments/tiny/class-upload", files=files)
    assert answer.status_code == 200
    found = {}
    for attempt in served.portal.queue.newest("tiny", 5):
        person = served.portal.roster.get(attempt.person)
        assert person
        read = read_attempt(attempt, person.id, served.portal.data.files, served.portal.courses["tiny"].rules)
        found[person.id] = (attempt.late, read.late)
    assert found == {"4711": (True, True), "4712": (False, False)}


def test_a_class_of_which_a_part_is_kept_says_so(served: TestPortal, monkeypatch: pytest.MonkeyPatch) -> None:
    """The disk is full at the second file: the first one is handed in, and the page names it."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for id in ("ada", "otto"):
            archive.writestr(f"{id}.py", RIGHT)
    real = served.portal.hand_in

    def hand_in(person: Person, *arguments: Any, **options: Any) -> Attempt:
        if person.id == "otto":
            raise FileStoreError("the file can't be stored: No space left on device")
        return real(person, *arguments, **options)

    monkeypatch.setattr(served.portal, "hand_in", hand_in)
    files = {"file": ("class.zip", packed.getvalue())}
    answer = served.client("ira").post("/assignments/tiny/class-upload", files=files)
    assert answer.status_code == 503 and "No space left on device. When that is repaired" in answer.text
    assert "Handed in: 1" in answer.text and "<bdi>ada</bdi>" in answer.text and "<bdi>otto</bdi>" not in answer.text


def test_nobody_is_late_because_a_class_was_uploaded_late(tmp_path: Path) -> None:
    """A platform that writes no times says who was late: the time of the upload says nothing."""
    served = TestPortal(tmp_path, "due = 2026-01-10T12:00:00Z\n[policy.late]\npercent = 10")
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("ada.py", ADA_FILE)
    served.client("ira").post("/assignments/tiny/class-upload", files={"file": ("class.zip", packed.getvalue())})
    (attempt,) = served.portal.queue.newest("tiny", 5)
    read = read_attempt(attempt, "ada", served.portal.data.files, served.portal.courses["tiny"].rules)
    assert read.handed_in == ""
    (handin,) = student_record(served.portal.book, "tiny", "ada").handins
    assert (handin.received, handin.late) == (None, False)


@pytest.mark.parametrize("blind", [False, True])
def test_the_submissions_of_a_student_are_a_list(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, blind: bool) -> None:
    """Reached from the student's row and from each of the submissions; older ones by a link. No name shows."""
    monkeypatch.setattr(staff_pages, "PAGE_ROWS", 2)
    served = TestPortal(tmp_path, "blind = true" if blind else "")
    first, second, otto, third = (served.graded(who, n) for who, n in (("ada", 1), ("ada", 2), ("otto", 3), ("ada", 4)))
    client = served.client("ira")
    (link,) = {
        one
        for page in (f"/submissions/{first.public_id}", f"/submissions/{third.public_id}")
        for one in re.findall(r'href="(/assignments/tiny/attempts\?student=[^"]+)"', client.get(page).text)
    }
    assert link in client.get("/assignments/tiny/students").text
    assert ("ada" in link) != blind
    page = client.get(link).text
    assert [one.public_id in page for one in (first, second, otto, third)] == [False, True, False, True]
    older = html.unescape(re.findall(r'href="([^"]+)">Older', page)[0])
    page = client.get(older).text
    assert [one.public_id in page for one in (first, second, otto, third)] == [True, False, False, False]
    for unknown in ("nobody", *(["ada"] if blind else ())):
        assert client.get(f"/assignments/tiny/attempts?student={unknown}").status_code == 404
    served.portal.close()


class Class:
    """A class whose page holds its version."""

    def __init__(self) -> None:
        self.version = 1
        self.made = 0
        self.changed: list[str] = []
        self.pages = ClassPages(self.render, lambda: self.version, self.changed.append)

    def render(self, assignment: str) -> bytes:
        self.made += 1
        return f"{assignment} {self.version}".encode()


class SlowClass(Class):
    """One whose pages aren't made before `asked` is set, apart from the first."""

    def __init__(self) -> None:
        super().__init__()
        self.asked = threading.Event()

    def render(self, assignment: str) -> bytes:
        assert self.version == 1 or self.asked.wait(PATIENCE)
        return super().render(assignment)


def test_a_small_class_page_is_always_new() -> None:
    """And made once for each version, however often it is asked for."""
    course = Class()
    assert [course.pages.page("tiny").content for _ in range(3)] == [b"tiny 1"] * 3
    course.version = 2
    assert [course.pages.page("tiny").content for _ in range(3)] == [b"tiny 2"] * 3
    assert (course.made, course.pages.shown("tiny"), course.changed) == (2, 2, [])


def test_a_large_class_page_is_made_in_the_background(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever asks gets the last one at once; when the new one is made, open pages are told."""
    monkeypatch.setattr(class_pages, "QUICK_SECONDS", -1.0)
    course = SlowClass()
    course.pages.start(["tiny"])
    until(lambda: course.changed == ["tiny"])
    course.version = 2
    assert course.pages.page("tiny").content == b"tiny 1"
    course.asked.set()
    until(lambda: course.changed == ["tiny", "tiny"])
    assert course.pages.page("tiny").content == b"tiny 2"
    course.version = 3
    course.pages.close()
    assert [course.pages.page("tiny").content for _ in range(3)] == [b"tiny 2"] * 3
    assert course.made == 3  # the first one twice


def test_a_class_page_without_room_for_its_thread_is_made_later(monkeypatch: pytest.MonkeyPatch) -> None:
    """Else the server would show the last one as long as it runs."""
    monkeypatch.setattr(class_pages, "QUICK_SECONDS", -1.0)
    course = SlowClass()
    assert course.pages.page("tiny").content == b"tiny 1"
    course.version = 2
    with monkeypatch.context() as patch:
        patch.setattr(threading.Thread, "start", Mock(side_effect=RuntimeError("can't start new thread")))
        assert course.pages.page("tiny").content == b"tiny 1"
    assert course.pages.page("tiny").content == b"tiny 1"
    course.asked.set()
    until(lambda: course.changed == ["tiny"])
    assert course.pages.page("tiny").content == b"tiny 2"


def test_a_small_class_page_whose_first_one_took_long_is_always_new(monkeypatch: pytest.MonkeyPatch) -> None:
    """At the start of the server nothing is imported yet. That says nothing about the next page."""
    now = [0.0]
    monkeypatch.setattr(class_pages, "time", SimpleNamespace(monotonic=lambda: now[0]))
    course = Class()

    def render(assignment: str) -> bytes:
        now[0] += 0.0 if course.made else 1.0
        return course.render(assignment)

    course.pages = ClassPages(render, lambda: course.version, course.changed.append)
    course.pages.start(["tiny"])
    until(lambda: course.changed == ["tiny"])
    course.version = 2
    assert course.pages.page("tiny").content == b"tiny 2"


def test_a_class_page_that_is_quick_again_is_new(monkeypatch: pytest.MonkeyPatch) -> None:
    """The last one may have taken long because the machine was busy."""
    now = [0.0]
    monkeypatch.setattr(class_pages, "time", SimpleNamespace(monotonic=lambda: now[0]))
    monkeypatch.setattr(class_pages, "QUICK_SECONDS", 30.0)  # of the test's own clock; a thread is quick enough
    course = Class()

    def render(assignment: str) -> bytes:
        now[0] += 60.0 if course.version == 1 else 0.0
        return course.render(assignment)

    course.pages = ClassPages(render, lambda: course.version, course.changed.append)
    assert course.pages.page("tiny").content == b"tiny 1"
    now[0] += 1000.0
    course.version = 2
    page = course.pages.page("tiny")
    assert (page.content, page.version) == (b"tiny 2", 2)
