"""Final grades in the portal: in the report, on the class page, in scores.csv, and before and after a regrade."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from grader.policies import Adjustment
from tests.helpers.portals import TestPortal

API = "/api/v1/assignments/tiny"
NOW = datetime(2026, 3, 1, tzinfo=UTC)
PLUS_ONE = Adjustment(0, "ira", NOW, "double", "shape", 1.0, comment="Was <right>.", reason="r", basis_points=2.0)
LATE = "due = 2020-01-01T00:00:00Z\nlate = { points = 0.5, cap = 50 }"  # by half of the points, after years


def grade_preview(served: TestPortal, points: float) -> None:
    """Grade the next attempt of a preview by hand."""
    portal = served.portal
    shadow = portal.queue.claim("test", 60, ["tiny"])
    assert shadow
    owner = portal.roster.get(shadow.person)
    assert owner
    made = msgspec.structs.replace(served.a_report(owner.id, points), digest=shadow.digest)
    assert portal.queue.finish_preview(shadow, "test", portal.courses["tiny"].dispatcher.basis, made, "", "graded")


def test_an_adjustment_is_in_the_report_and_in_the_table(served: TestPortal) -> None:
    """With its comment; the report of somebody else stays as it is."""
    ada, otto = served.graded("ada", 2.0), served.graded("otto", 1.0)
    before = served.client("otto").get(f"/api/v1/submissions/{otto.public_id}/report").content
    served.client("ada").get(f"/submissions/{ada.public_id}/report.html")  # a page that was made before
    served.portal.adjustments.add("tiny", "ada", PLUS_ONE)
    mine = served.client("ada").get(f"/api/v1/submissions/{ada.public_id}/report").json()
    assert (mine["schema"], mine["score"], mine["grade"]["final"]) == (2, 2.0, 3.0)
    page = served.client("ada").get(f"/submissions/{ada.public_id}/report.html").text
    assert "Was &lt;right&gt;." in page and "2 of 5; +1 for double/shape by ira" in page
    assert served.client("otto").get(f"/api/v1/submissions/{otto.public_id}/report").content == before
    table = served.client("tess").get("/assignments/tiny/scores.csv").content.decode("utf-8-sig")
    rows = {row["student"]: row for row in csv.DictReader(io.StringIO(table, newline=""))}
    assert [rows["ada"][name] for name in ("score", "auto", "adjustment", "penalty", "final", "attempt")] == [
        *("3.0", "2.0", "1.0", "0.0", "3.0", "1")
    ]
    assert rows["otto"]["final"] == "1.0"
    page = served.client("tess").get("/assignments/tiny/class").text
    assert "<td role=cell>3<td role=cell>graded, adjusted<td" in page


def test_only_the_submission_that_counts_has_the_grade(tmp_path: Path) -> None:
    """Of two with counts = "best", the better one; the table has its points."""
    served = TestPortal(tmp_path, 'counts = "best"')
    better, newer = served.graded("ada", 2.0), served.graded("ada", 1.0)
    read = [served.client("ada").get(f"/api/v1/submissions/{one.public_id}/report").json() for one in (better, newer)]
    assert [one.get("grade", {}).get("final") for one in read] == [2.0, None]
    table = served.client("tess").get("/assignments/tiny/scores.csv").text
    assert '"ada",2.0,5.0,"graded"' in table
    served.portal.close()


@pytest.mark.parametrize(
    ("ended", "points"),
    [
        (["graded 2", "rejected 0"], 2.0),
        (["rejected 0"], 0.0),
        (["rejected 0", "graded 1", "rejected 0", "rejected 0"], 1.0),
        (["graded 2", "graded 1"], 1.0),
        (["graded 3", "review 1"], 3.0),
    ],
)
def test_the_table_and_the_page_agree_without_a_policy(served: TestPortal, ended: list[str], points: float) -> None:
    """On what counts: a file that can't be read, or that waits for a person, costs nobody an earlier score."""
    for each in ended:
        state, score = each.split()
        graded = state != "rejected"
        fields = {"status": "graded" if graded else "rejected", "notes": ("empty",), "needs_review": state == "review"}
        assert served.graded("ada", float(score), **fields).state == state
    (row, *_) = served.client("ira").get(f"{API}/grades").json()
    table = served.client("tess").get("/assignments/tiny/scores.csv").content.decode("utf-8-sig")
    (line,) = csv.DictReader(io.StringIO(table, newline=""))
    assert (row["final"], float(line["score"])) == (points, points)
    assert (line["status"] == "rejected") == (set(ended) == {"rejected 0"})


@pytest.mark.parametrize("confirmed", [False, True])
def test_a_regrade_says_what_it_does_to_the_final_grade(served: TestPortal, confirmed: bool) -> None:
    """Before it is confirmed and afterwards, with the adjustment that lies there."""
    served.graded("ada", 2.0)
    served.portal.adjustments.add("tiny", "ada", PLUS_ONE)
    client = served.client("ira")
    id = client.post(f"{API}/regrades", json={"preview": True}).json()["id"]
    grade_preview(served, 4.0)
    if confirmed:
        assert client.post(f"{API}/regrades/{id}/confirm", json={"lower": True}).status_code == 200
    (change,) = client.get(f"{API}/regrades/{id}").json()["changes"]
    assert change["final"] == {
        "before": "3 / 5",
        "after": "5 / 5",
        "by": 2.0,
        "adjusted": True,
        "flagged": ["the automatic result was 2 and is 4 now"],
        "drops": False,
    }
    page = client.get(f"/assignments/tiny/regrades/{id}").text
    assert "Final grade 3 / 5 → 5 / 5" in page and "adjusted by a person" in page


def test_a_grade_is_hidden_with_the_results(tmp_path: Path) -> None:
    """A student sees neither score nor grade before the release; staff see both."""
    served = TestPortal(tmp_path, f'visible = "on release"\n{LATE}')
    ada = served.graded("ada", 2.0)
    path = f"/api/v1/submissions/{ada.public_id}/report"
    assert "grade" not in served.client("ada").get(path).text
    assert served.client("tess").get(path).json()["grade"]["final"] == 1.0
    served.portal.close()
