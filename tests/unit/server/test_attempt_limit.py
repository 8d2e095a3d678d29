"""The attempts of a policy at upload: 429 with a time when they are used, and what costs none."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from grader.policies import HandIn, Policy
from grader.policies.policy import AttemptRule
from grader.server.attempt_limit import NoAttemptLeft, admit_within, local_time
from tests.helpers.portals import TestPortal

UPLOAD = "/api/v1/assignments/tiny/submissions"
NOW = datetime(2026, 11, 30, 12, 0, 30, tzinfo=UTC)


@pytest.fixture
def limited(tmp_path: Path) -> Iterator[TestPortal]:
    """A portal with two attempts, of which one comes back each hour."""
    made = TestPortal(tmp_path, 'zone = "Europe/Berlin"\n[policy.attempts]\ncapacity = 2\nrefill_hours = 1')
    yield made
    made.portal.close()


def upload(portal: TestPortal, content: bytes, who: str = "ada", path: str = UPLOAD) -> Any:
    return portal.client(who).post(path, files={"file": ("tiny.py", content)})


def test_the_answer_says_when_the_next_attempt_is_there(limited: TestPortal) -> None:
    """In the API, on the page and in the form; nothing of the refused file is kept."""
    page = "/assignments/tiny"
    assert "2 of 2 attempts are left." in limited.client("ada").get(page).text
    assert [upload(limited, content).status_code for content in (b"1", b"2")] == [202, 202]
    refused = upload(limited, b"3")
    assert refused.status_code == 429
    assert 3500 < int(refused.headers["retry-after"]) <= 3600
    said = refused.json()["detail"]
    assert re.match(r"You have no attempt left. The next one comes at \S+ \d\d:\d\d Europe/Berlin.", said)
    assert said in html.unescape(limited.client("ada").get(page).text)
    form = upload(limited, b"3", path="/assignments/tiny/submissions")
    assert form.status_code == 429 and "You have no attempt left" in form.text
    assert len(limited.portal.queue.newest("tiny", 9)) == 2
    assert sum(path.is_file() for path in limited.portal.data.files.folder.rglob("*")) == 2


def test_what_costs_no_attempt(limited: TestPortal) -> None:
    """The same bytes again, another student's, an assistant's, and a class that an instructor uploads."""
    for content in (b"1", b"1", b"1", b"2", b"1"):
        assert upload(limited, content).status_code == 202
    assert upload(limited, b"3").status_code == 429
    assert upload(limited, b"3", "otto").status_code == 202
    assert [upload(limited, b"%d" % number, "tess").status_code for number in range(4)] == [202] * 4


@pytest.mark.parametrize("state", ["rejected", "review"])
def test_files_that_cannot_be_read_and_faults_of_ours_are_free(limited: TestPortal, state: str) -> None:
    """Whatever waits costs; when it turns out so, it doesn't any more."""
    fields = {"status": "rejected"} if state == "rejected" else {"needs_review": True}
    for points in (1.0, 2.0, 3.0):
        attempt = limited.graded("ada", points, **fields)
        with limited.portal.book.writing() as connection:
            connection.exec_driver_sql("UPDATE attempts SET state = ? WHERE id = ?", (state, attempt.number))
    assert [upload(limited, content).status_code for content in (b"1", b"2", b"3")] == [202, 202, 429]


def test_two_files_at_once_need_two_attempts() -> None:
    """What was handed in before is read in the transaction that accepts the file."""
    admit = admit_within(Policy(attempts=AttemptRule(1)), "c", NOW)
    admit([])
    admit([HandIn(1, NOW, "waiting", digest="c")])
    with pytest.raises(NoAttemptLeft, match=r"^You have no attempt left\. A file") as caught:
        admit([HandIn(1, NOW, "waiting", digest="a")])
    assert caught.value.seconds is None


def test_the_transaction_refuses_what_came_in_between(limited: TestPortal, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that was accepted after the first look takes the attempt."""
    portal = limited.portal
    looks = iter([[], portal.queue.handins(limited.person("ada").number, "tiny")])
    upload(limited, b"1")
    upload(limited, b"2")
    monkeypatch.setattr(portal.queue, "handins", lambda person, assignment: next(looks))
    assert upload(limited, b"3").status_code == 429


def test_times_are_local_and_never_too_early() -> None:
    """Rounded up to the minute, in the zone of the course."""
    assert local_time(NOW, "Europe/Berlin") == "2026-11-30 13:01 Europe/Berlin"
    assert local_time(NOW.replace(second=0), "") == "2026-11-30 12:00 UTC"
