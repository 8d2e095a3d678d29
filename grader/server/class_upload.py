"""A whole class that an instructor uploads: everything that `grader grade` can read."""

from __future__ import annotations

import io
import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO, NamedTuple

from grader.errors import GraderError, UserError
from grader.gradebook.attempts import UNKNOWN_TIME
from grader.gradebook.roster import Person
from grader.models import Submission
from grader.server.handout import ZIP_TIME
from grader.server.intake import file_name
from grader.server.portal import Course, Portal
from grader.submissions.archives import open_zip
from grader.submissions.collect import CLASS, class_entries, open_path
from grader.submissions.file_tree import FileUnreadable, Node
from grader.submissions.limits import MAX_CLASS_ZIP, MAX_DEPTH
from grader.submissions.lms_downloads import guess_platform
from grader.submissions.selection import visible_nodes
from grader.submissions.student_names import name_key


class ClassUpload(NamedTuple):
    """What became of a class: ids of students with a new attempt, names without a person, files that can't be read."""

    accepted: list[str]
    unmatched: list[str]
    unreadable: list[tuple[str, str]]  # name, reason
    stopped: str = ""  # why the rest of the class wasn't handed in


def hand_in_class(portal: Portal, course: Course, filename: str, file: BinaryIO) -> ClassUpload:
    """Hand in each submission of an uploaded zip for the person with its id. Raises UserError.

    The name of a submission is compared with the ids of the roster, without regard to case. What was handed in is kept
    as it is; a folder becomes a zip.
    """
    naming = portal.view(course.assignment.name).naming
    people = {name_key(person.id): person for person in portal.roster.people()}
    result = ClassUpload([], [], [])
    with tempfile.TemporaryDirectory(prefix="grader-", dir=portal.settings.data) as folder:
        path = Path(folder) / file_name(filename)
        with path.open("wb") as stream:
            shutil.copyfileobj(file, stream)
        for one, node in class_entries(path, course.rules, _platform(path, course)):
            person = _person(one, people)
            if person is None:
                result.unmatched.append(one.student)
                continue
            try:
                name, content = packed_original(node)
            except FileUnreadable as reason:
                result.unreadable.append((naming.id(person.id), str(reason)))
                continue
            packed = io.BytesIO(content)
            time = one.handed_in or UNKNOWN_TIME
            try:
                portal.hand_in(person, course.assignment.name, name, packed, late=one.late, handed_in=time)
            except GraderError as problem:  # of the disk or the database; those before are kept
                return result._replace(stopped=str(problem))
            result.accepted.append(naming.id(person.id))
    return result


def packed_original(node: Node) -> tuple[str, bytes]:
    """Return the file name and the bytes that a student handed in; of a folder, a zip. Raises FileUnreadable.

    What can't be read in a folder, such as a link, is left out of its zip.
    """
    if not node.is_folder:
        return node.name, node.read()
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, inner in _files(node, ""):
            with suppress(FileUnreadable):
                archive.writestr(zipfile.ZipInfo(name, ZIP_TIME), inner.read(), zipfile.ZIP_DEFLATED)
            node.check_size(packed.tell())
    return f"{node.name}.zip", packed.getvalue()


def _files(folder: Node, above: str, depth: int = 0) -> Iterator[tuple[str, Node]]:
    for node in visible_nodes(folder):
        if node.is_folder and depth < MAX_DEPTH:
            yield from _files(node, f"{above}{node.name}/", depth + 1)
        elif not node.is_folder and not node.problem:
            yield above + node.name, node


def _platform(path: Path, course: Course) -> str:
    """Return how to read an uploaded file: as the download of a platform, or as a class of any other layout."""
    if path.suffix.lower() != ".zip":
        raise UserError("a class is uploaded as a zip: of a folder with a file for each student, or from a platform")
    try:
        with open_path(path) as root, open_zip(root, MAX_CLASS_ZIP) as top:
            return guess_platform(top, course.rules) or CLASS
    except FileUnreadable as reason:
        raise UserError(str(reason)) from None


def _person(one: Submission, people: dict[str, Person]) -> Person | None:
    """Return the person of a submission: by the id that a platform says, else by its name."""
    found = (people.get(name_key(name)) for name in (one.id, one.student, one.name) if name)
    return next((person for person in found if person), None)
