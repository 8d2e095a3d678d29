"""Worksheets and downloads of a real Moodle (tests/corpus/moodle)."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote

from grader.models import ScoreReport
from grader.reports import json as as_json
from grader.reports.html.page_queue import page_stamp
from tests.factories import ROOT

FILES = ROOT / "tests" / "corpus" / "moodle"


def names_in(archive: str) -> list[str]:
    """Return the names of the files in a download of Moodle, such as "main-folders.zip"."""
    names: dict[str, list[str]] = {}
    of = ""
    for line in (FILES / "names-in-zips.txt").read_text(encoding="utf-8").split("\n"):
        if line.startswith("   "):
            names[of].append(line.strip(" ").rsplit(" ", 3)[0])
        elif line:
            names[of := line] = []
    return names[archive]


def folders_in(archive: str) -> list[str]:
    """Return the names of the folders of files in a download, such as "Li Wei_11", without Moodle's ending."""
    folders = (name.split("/")[0] for name in names_in(archive))
    return list(
        dict.fromkeys(name.removesuffix("_assignsubmission_file") for name in folders if "onlinetext" not in name)
    )


def download(path: Path, archive: str, content: Mapping[str, bytes] | None = None) -> Path:
    """Write a zip with the names of a download. `content` is by name; the rest is an empty notebook."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        for name in names_in(archive):
            made.writestr(name, (content or {}).get(name, b'{"cells": []}'))
    return path


def table(content: bytes | str | Path) -> list[list[str]]:
    """Return the rows of a CSV file."""
    if isinstance(content, Path):
        content = content.read_bytes()
    text = content.decode("utf-8-sig") if isinstance(content, bytes) else content
    return list(csv.reader(io.StringIO(text, newline="")))


def graded_by_moodle(content: list[list[str]], titles: tuple[str, str, str], word: str) -> dict[str, str]:
    """Return number -> grade, as Moodle's importer reads a worksheet (importgradeslib.php)."""
    header, *rows = content
    identifier, grade, _ = (header.index(title) for title in titles)
    return {row[identifier][len(word) :].strip(): row[grade] for row in rows}


def with_pages(out: Path, reports: list[ScoreReport]) -> Path:
    """Write pages as a run does, with links to each other."""
    (out / "reports").mkdir()
    for one in reports:
        stamp = page_stamp(as_json.render(one))
        for ending, other in ((".html", ".notebook.html"), (".notebook.html", ".html")):
            page = f'<!-- {stamp} --><a href="{quote(one.student + other)}">{one.student}</a>'
            (out / "reports" / f"{one.student}{ending}").write_text(page)
    return out
