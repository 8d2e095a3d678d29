"""Write grades for other systems: Canvas, Moodle, Gradescope, CSV.

Each format is one file with one function or class, and one row in a table here.
"""

from __future__ import annotations

from collections.abc import Callable

from grader.exports import canvas, gradescope, junit, moodle, nbgrader
from grader.exports import csv as as_csv
from grader.exports import json as as_json
from grader.exports.roster_match import MatchedGrades
from grader.models import ScoreReport

# Platforms whose own file is the roster; the export is that file with the grades filled in.
SHEETS: dict[str, type[canvas.CanvasSheet] | type[moodle.MoodleSheet]] = {
    "canvas": canvas.CanvasSheet,
    "moodle": moodle.MoodleSheet,
}

# Format -> file name, and the function that renders a whole class.
FILES: dict[str, tuple[str, Callable[[MatchedGrades], bytes]]] = {
    "csv": ("grades.csv", as_csv.render),
    "json": ("grades.json", as_json.render),
    "junit": ("junit.xml", junit.render),
    "nbgrader": ("nbgrader.csv", nbgrader.render),
}

# Format -> name of the file in each student's folder, and the function that renders a report.
FOLDERS: dict[str, tuple[str, Callable[[ScoreReport], bytes]]] = {"gradescope": (gradescope.FILE, gradescope.render)}

FEEDBACK = "moodle-feedback"  # a zip with pages for each student (moodle_feedback.py)
NBGRADER_FEEDBACK = "nbgrader-feedback"  # a folder with the page of each student (nbgrader_feedback.py)

FORMATS = sorted([*SHEETS, *FILES, *FOLDERS, FEEDBACK, NBGRADER_FEEDBACK])
