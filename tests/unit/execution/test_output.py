"""The output folder of a run: what it writes beside the reports."""

from __future__ import annotations

from pathlib import Path

from grader.execution.output import OutputFolder
from tests.factories import BASIS


def test_the_log_of_errors_obeys_no_text_of_a_student(tmp_path: Path) -> None:
    """A traceback may quote an answer, and people read the log on a terminal: escapes show, and lines stay."""
    story = "eve: a case\n  File '<unknown>', line 1\n    4 +\x1b]0;title\x07\x1b[2J\u202e\U000e0001 (\ud800"
    with OutputFolder.open(tmp_path, BASIS, []) as output:
        output.finish([story, "x" * 30_000])
    first, *rest = (tmp_path / "internal.log").read_text().splitlines()
    assert first == "eve: a case"
    assert rest[1] == "    4 +\\x1b]0;title\\x07\\x1b[2J\\u202e\\U000e0001 (\\ud800"
    assert rest[2] == "x" * 30_000
