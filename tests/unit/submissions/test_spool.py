"""What was handed in is kept on the disk until it is graded."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from grader.submissions.spool import SubmissionSpool


@given(st.lists(st.binary(max_size=300), max_size=20))
def test_everything_comes_back_as_it_was(handed_in: list[bytes]) -> None:
    """In any order, and equal contents under one digest."""
    with SubmissionSpool() as contents:
        digests = [contents.add(content) for content in handed_in]
        assert [contents.get(digest) for digest in reversed(digests)] == handed_in[::-1]
        assert len(set(digests)) == len(set(handed_in))
