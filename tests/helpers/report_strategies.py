"""Reports with any text in them, for Hypothesis."""

from __future__ import annotations

from hypothesis import strategies as st

from grader.models import CaseResult, Diagnosis, QuestionResult, ScoreReport, Status

ANYTHING = st.text(st.characters(exclude_categories=()), max_size=30)
NASTY = st.text(st.sampled_from("\\`*_[]()<>|~&#+-=!@:/.\n\r 1aw;\x1b\u202e\ud800"), max_size=30)
TEXT = ANYTHING | NASTY
POINTS = st.floats(0, 100)

CASES = st.builds(CaseResult, TEXT, TEXT, st.sampled_from(Status), points=POINTS, max_points=POINTS, message=TEXT)
QUESTIONS = st.builds(
    QuestionResult,
    TEXT,
    POINTS,
    POINTS,
    st.sampled_from(Status),
    st.lists(CASES, max_size=3).map(tuple),
    lent=st.lists(TEXT, max_size=2).map(tuple),
    diagnosis=st.none() | st.builds(Diagnosis, TEXT, TEXT),
)
REPORTS = st.builds(
    ScoreReport,
    **dict.fromkeys(["student", "file", "digest", "assignment", "assignment_digest", "grader_version"], TEXT),
    status=st.sampled_from(["graded", "rejected"]),
    score=POINTS,
    max_score=POINTS,
    needs_review=st.booleans(),
    questions=st.lists(QUESTIONS, max_size=3).map(tuple),
    sandbox=st.lists(TEXT, max_size=2).map(tuple),
    notes=st.lists(TEXT, max_size=2).map(tuple),
    sandbox_notes=st.lists(TEXT, max_size=2).map(tuple),
    seconds=st.floats(0, 1000),
)
