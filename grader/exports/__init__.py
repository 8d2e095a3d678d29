"""Write grades for other systems: Canvas, Moodle, Gradescope, CSV.

A format is one file with one function or one class, and one row here.
"""

from __future__ import annotations

from collections.abc import Callable

from grader.exports import canvas, gradescope, junit, moodle, nbgrader
from grader.exports import csv as as_csv
from grader.exports import json as as_json
from grader.exports.roster_match import MatchedGrades
from grader.models import ScoreReport

# Platforms whose own sheet is the roster, and is given back with the grades filled in.
SHEETS: dict[str, type[canvas.CanvasSheet] | type[moodle.MoodleSheet]] = {
    "canvas": canvas.CanvasSheet,
    "moodle": moodle.MoodleSheet,
}

# Format -> the file's name, and what makes it of a whole class.
FILES: dict[str, tuple[str, Callable[[MatchedGrades], bytes]]] = {
    "csv": ("grades.csv", as_csv.render),
    "json": ("grades.json", as_json.render),
    "junit": ("junit.xml", junit.render),
    "nbgrader": ("nbgrader.csv", nbgrader.render),
}

# Format -> the name of the file that each student gets in a folder of their own, and what makes it.
FOLDERS: dict[str, tuple[str, Callable[[ScoreReport], bytes]]] = {"gradescope": (gradescope.FILE, gradescope.render)}

FORMATS = sorted([*SHEETS, *FILES, *FOLDERS])
