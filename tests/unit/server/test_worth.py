"""What attempts are worth, and which one counts: in lists, on their pages, and in the API."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import event, update

from grader.gradebook.attempts import Attempt
from grader.gradebook.current_policy import store_policy
from grader.gradebook.schema import ATTEMPTS
from grader.policies import Adjustment, LateRule, Policy
from tests.helpers.portals import TestPortal

DUE = datetime(2020, 1, 1, tzinfo=UTC)
POLICY = 'due = 2020-01-01T00:00:00Z\ncounts = "best"\nlate = { percent = 10 }'
LATE = "10 % off for 1 day late"


@pytest.fixture
def served(tmp_path: Path) -> Iterator[TestPortal]:
    made = TestPortal(tmp_path, POLICY)
    yield made
    made.portal.close()


def graded(served: TestPortal, hours: float, points: float) -> Attempt:
    """Return an attempt of ada that was received so many hours after the due date."""
    attempt = served.graded("ada", points)
    with served.portal.book.writing() as connection:
        received = (DUE + timedelta(hours=hours)).isoformat()
        connection.execute(update(ATTEMPTS).where(ATTEMPTS.c.id == attempt.number).values(received=received))
    return attempt


def state(served: TestPortal, who: str, attempt: Attempt) -> dict[str, object]:
    answer = served.client(who).get(f"/api/v1/submissions/{attempt.public_id}").json()
    return {name: answer[name] for name in ("score", "max_score", "worth", "counts", "changes")}


def test_lists_show_what_counts_and_what_each_is_worth(served: TestPortal) -> None:
    """4.4 points a day late are worth 3.96, which is less than 4 in time."""
    early, late = graded(served, -1, 4.0), graded(served, 1, 4.4)
    for who, page in (("ada", "/assignments/tiny"), ("tess", "/assignments/tiny/attempts")):
        _, first, second = served.client(who).get(page).text.split("<tbody>")[-1].split("<tr>")
        assert late.public_id in first and early.public_id in second
        assert "4.4 of 5" in first and f"worth 3.96: {LATE}" in first and ">counts<" not in first
        assert "4 of 5" in second and "worth" not in second and ">counts<" in second
    for who in ("ada", "tess"):
        assert state(served, who, late) == {
            "score": 4.4,
            "max_score": 5.0,
            "worth": 3.96,
            "counts": False,
            "changes": LATE,
        }
        assert state(served, who, early) == {
            "score": 4.0,
            "max_score": 5.0,
            "worth": 4.0,
            "counts": True,
            "changes": "",
        }
        assert f"worth 3.96: {LATE}" in served.client(who).get(f"/submissions/{late.public_id}").text


def test_points_of_people_are_in_it(served: TestPortal) -> None:
    """The adjustment makes the late file the better one."""
    early, late = graded(served, -1, 4.0), graded(served, 1, 4.4)
    more = Adjustment(0, "ira", DUE, points=0.5, comment="c", reason="r", handin=late.number)
    served.portal.adjustments.add("tiny", "ada", more)
    assert (state(served, "ada", late)["worth"], state(served, "ada", late)["counts"]) == (4.46, True)
    assert state(served, "ada", early)["counts"] is False


def test_what_has_no_score_is_worth_nothing(served: TestPortal) -> None:
    """A file that waits, and one that a grader error hit."""
    hit = served.graded("ada", 2.0, needs_review=True)
    waiting = served.hand_in("ada", b"newer")
    for one in (hit, waiting):
        assert state(served, "ada", one) == {
            "score": None,
            "max_score": None,
            "worth": None,
            "counts": False,
            "changes": "",
        }


def test_nothing_is_shown_before_the_results_are(tmp_path: Path) -> None:
    """Which file counts would say which one is better."""
    served = TestPortal(tmp_path, f'{POLICY}\nvisible = "on release"')
    one = graded(served, 1, 4.4)
    assert state(served, "ada", one)["worth"] is None and state(served, "ada", one)["counts"] is False
    assert "counts<" not in served.client("ada").get("/assignments/tiny").text
    assert state(served, "tess", one)["counts"] is True
    served.portal.close()


def test_a_file_of_somebody_who_teaches_counts_for_nothing(served: TestPortal) -> None:
    """Assistants hand in to try things out; they have no grade."""
    own = served.graded("tess", 2.0)
    assert state(served, "tess", own) == {
        "score": 2.0,
        "max_score": 5.0,
        "worth": None,
        "counts": False,
        "changes": "",
    }


def test_a_student_reads_how_many_late_days_are_left(tmp_path: Path) -> None:
    """Of the budget of the course: another assignment, due before, has taken two of three."""
    shared = 'late = { percent = 10, free_days = 3, free_days_for = "course" }'
    served = TestPortal(tmp_path, f"due = 2020-01-01T00:00:00Z\n{shared}")
    assert "3 of 3 late days are left for it." in served.client("ada").get("/assignments/tiny").text
    book, rule = served.portal.book, LateRule(percent=10, free_days=3, free_days_for="course")
    store_policy(book, "before", Policy(due=DUE - timedelta(days=9), late=rule), "test")
    attempt = served.portal.queue.hand_in(served.person("ada").number, "before", "w.py", "0" * 64, 1, "", str)
    with book.writing() as connection:
        received = (DUE - timedelta(days=7)).isoformat()
        graded = {"state": "graded", "score": 1.0, "max_score": 5.0, "received": received}
        connection.execute(update(ATTEMPTS).where(ATTEMPTS.c.id == attempt.number).values(**graded))
    assert "1 of 3 late days are left for it." in served.client("ada").get("/assignments/tiny").text
    assert "late days" not in served.client("tess").get("/assignments/tiny").text
    served.portal.close()


@pytest.mark.parametrize("page", ["", "/report.html"])
@pytest.mark.parametrize("who", ["ada", "tess"])
def test_a_page_reads_what_a_grade_depends_on_once(served: TestPortal, who: str, page: str) -> None:
    """The page of a submission has the grade in three places: beside the score, in the report, and as a sentence."""
    attempt = graded(served, 1, 4.4)
    client = served.client(who)
    statements: list[str] = []
    with served.portal.book.reading() as connection:
        engine = connection.engine

    def listen(*of: object) -> None:
        statements.append(str(of[2]))

    event.listen(engine, "before_cursor_execute", listen)
    assert client.get(f"/submissions/{attempt.public_id}{page}").status_code == 200
    event.remove(engine, "before_cursor_execute", listen)
    assert sum("FROM adjustments" in one for one in statements) == 1


def test_times_are_by_the_clock_of_the_due_date(tmp_path: Path) -> None:
    """A student compares when a file was received with when it was due."""
    served = TestPortal(tmp_path, 'due = 2020-01-01T00:00:00\nzone = "Europe/Berlin"')
    attempt = graded(served, -2, 4.0)  # two hours before midnight in London, one in Berlin
    for who, page in (
        *(("ada", "/assignments/tiny"), ("ada", f"/submissions/{attempt.public_id}")),
        *(("tess", "/assignments/tiny/attempts"), ("tess", f"/submissions/{attempt.public_id}")),
    ):
        assert ">2019-12-31 23:00:00 CET<" in served.client(who).get(page).text
    for who, page in (("ada", "/assignments/tiny"), ("tess", "/assignments/tiny/dates")):
        assert "Due <time" in (text := served.client(who).get(page).text) and ">2020-01-01 00:00 CET<" in text
    served.portal.close()


@pytest.mark.parametrize(
    ("hours", "more", "sentence"),
    [
        (1, "late = { percent = 10 }", "After that: 10 % off for 1 day late."),
        (1, 'late = { percent = 5, per = "hour" }\ngrace_minutes = 90', "After that: 10 % off for 2 hours late."),
        (1, "late = { percent = 10, free_days = 3 }", "After that: 1 day late, of which 1 is free."),
        (1, "", "After that: 1 day late, which costs nothing."),
        (-1, "late = { percent = 10 }", "What you hand in now: 10 % off for 1 day late."),
        (-25, "late = { percent = 10 }", "What you hand in now: 20 % off for 2 days late."),
        (-1, "late = { percent = 10 }\ngrace_minutes = 120", "t late."),
    ],
)
def test_a_student_knows_before_handing_in_what_lateness_costs(
    tmp_path: Path, hours: float, more: str, sentence: str
) -> None:
    """And how much time is left, while there is some."""
    due = datetime.now(UTC) + timedelta(hours=hours)
    served = TestPortal(tmp_path, f"due = {due:%Y-%m-%dT%H:%M:%SZ}\n{more}")
    page = BeautifulSoup(served.client("ada").get("/assignments/tiny").content, "html.parser")
    assert sentence in page.get_text()
    left = [float(str(one["data-left"])) for one in page.select("[data-left]")]
    assert [0 < each <= 3600 for each in left] == [True] * (hours > 0)
    served.portal.close()


def test_the_list_of_assignments_says_what_is_due_and_done(tmp_path: Path) -> None:
    """To a student: the date, and the grade or that nothing was handed in. To the staff the date."""
    served = TestPortal(tmp_path, 'due = 2020-01-01T00:00:00\nzone = "Europe/Berlin"', copies=["other", "third"])
    graded(served, -2, 4.0)
    served.portal.hand_in(served.person("ada"), "third", "w.py", io.BytesIO(b"x = 1"))

    def cards(who: str) -> list[str]:
        page = BeautifulSoup(served.client(who).get("/").content, "html.parser")
        return [" ".join(card.get_text(" ").split()) for card in page.select(".cards li p")]

    due = "Due 2020-01-01 00:00 CET ."
    assert cards("ada") == [
        f"{due} Your grade: 4 of 5.",
        f"{due} You have handed in nothing yet.",
        f"{due} You have handed in 1 file.",
    ]
    assert cards("tess") == [due] * 3
    served.portal.close()


def test_the_list_of_assignments_tells_no_hidden_grade(tmp_path: Path) -> None:
    """Only that a file is there."""
    served = TestPortal(tmp_path, 'visible = "on release"', copies=["other"])
    served.graded("ada", 4.0)
    page = served.client("ada").get("/").text
    assert "You have handed in 1 file." in page and "Your grade" not in page
    served.portal.close()


def test_a_file_that_cannot_be_read_has_no_points(served: TestPortal) -> None:
    """Not 0 of 5, as if that was the grade: the page says what to do. A person may give it some."""
    graded(served, -1, 4.0)
    attempt = served.graded("ada", 0.0, status="rejected", notes=("It is empty.",))
    pages = ("/assignments/tiny", f"/submissions/{attempt.public_id}")

    def read(page: str) -> str:
        return BeautifulSoup(served.client("ada").get(page).content, "html.parser").get_text()

    assert ["0 of 5" in read(page) for page in pages] == [False, False]
    text = served.client("ada").get(pages[1]).text
    assert "costs no attempt; a file that you handed in before still counts." in text
    assert '<a href="/assignments/tiny">Hand in another file.</a>' in text
    by_hand = Adjustment(
        0, "ira", DUE, points=2.0, absolute=True, comment="as on paper", reason="r", handin=attempt.number
    )
    served.portal.adjustments.add("tiny", "ada", by_hand)
    for page in pages:
        text = read(page)
        assert "0 of 5" in text and "worth 2: " in text and "the whole set to 2 by ira: as on paper" in text
    assert "Hand in another file" not in served.client("ada").get(pages[1]).text
