"""What the sample class must get: the scores of expected.json."""

from __future__ import annotations

import json
from pathlib import Path

from tests.factories import ROOT

CLASS = ROOT / "tests" / "corpus" / "sample_class"
EXPECTED = json.loads((CLASS / "expected.json").read_text())


def check_report(reports: Path, student: str) -> None:
    """Check score, status and points of every question that lost some, known mistakes; or the reason of a rejection.

    :param reports: the folder of reports that `grader grade` has written
    """
    report = json.loads((reports / f"{student}.json").read_text())
    expected = EXPECTED[student]
    assert not report["needs_review"]
    if "rejected" in expected:
        assert report["status"] == "rejected"
        assert expected["rejected"] in report["notes"][-1]
        return
    lost = {q["name"]: [q["status"], q["score"]] for q in report["questions"] if q["status"] != "passed"}
    assert (report["score"], lost) == (expected["score"], expected["lost"])
    mistakes = {q["name"]: q["diagnosis"]["name"] for q in report["questions"] if q["diagnosis"]}
    assert mistakes == expected.get("mistakes", {})
