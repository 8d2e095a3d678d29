"""Limits of grading one submission on the trusted side."""

# ---- exhibits (exhibits.py)

MAX_EXHIBITS = 2  # of a case: readers look at no more
MAX_STEPS = 12  # of a flow
MAX_CURVE_POINTS = 120  # of a curve
MAX_PICTURES = 8  # of a case
MAX_PICTURE_SIDE = 32  # pixels: a report holds each of them
MAX_TEXT = 80  # characters of a type or a shape: the student chooses them
MAX_EXHIBIT_NUMBERS = 1 << 20  # numbers of an answer: a larger one costs time and shows no more

# ---- a submission (session.py)

DIAGNOSIS_SECONDS = 20.0  # of processor time for all diagnoses of a submission: MAX_ANSWER_PARTS keeps most far below
MAX_TRACEBACK = 20_000  # characters in the log for one failure: a message may hold a whole value

# ---- a call in a report (call_summary.py)

MAX_SHAPES_TEXT = 80  # characters for the shapes of a list: a longer text is unreadable in a report
