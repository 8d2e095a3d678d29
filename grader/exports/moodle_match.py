"""Match reports with the rows of a Moodle worksheet, by number and name, or by group and name.

The folder of a submission is called NAME_NUMBER. Where students hand in for themselves, the number is the one in the
worksheet's Identifier. Where groups hand in, name and number are those of the group, and the members' rows have its
name in the column Group; the default group has no number. A number of a group may be the Identifier of somebody who is
in another group. Therefore no row gets a grade by its number alone: the names must be equal too.

Moodle removes some characters from names of files (its clean_filename), so only letters and digits are compared.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import dropwhile

from grader._util.escaping import one_line, quote_text
from grader.exports.moodle_languages import LANGUAGES
from grader.exports.moodle_worksheet import Worksheet, WorksheetRow
from grader.exports.roster import RosterError
from grader.exports.roster_match import ExportedGrade, Matching, RosterRow
from grader.submissions.limits import MAX_STUDENT_NAME, MAX_STUDENT_NAME_BYTES
from grader.submissions.student_names import safe_name

NUMBERED = re.compile(r"--\d+$")  # of a second student with one name (student_names.py)
LONGEST_CUT = 12  # characters or bytes that a cut name may be shorter than the limit


def letters(name: str) -> str:
    """Return the letters, digits and combining marks of a name, without case, and without marks in front of all.

    A mark in front would join whatever stands before the name, so no name of a student or file begins with one.
    """
    name = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())
    kept = (character for character in name if unicodedata.category(character)[0] in "LMN")
    return "".join(dropwhile(lambda character: unicodedata.category(character)[0] == "M", kept))


PARTICIPANTS = frozenset(letters(word) for language in LANGUAGES for word in language.participant)


def match_worksheet(worksheet: Worksheet, grades: Iterable[ExportedGrade]) -> Matching:
    """Return the rows of a worksheet with their grades, and the grades that no row gets.

    All members of a group get the grade of their group. Raises RosterError if two rows have the number of a grade.
    """
    index = RowIndex(worksheet.rows)
    claims: dict[int, list[ExportedGrade]] = defaultdict(list)  # index of a row -> grades
    unmatched: list[ExportedGrade] = []
    mismatched: list[tuple[ExportedGrade, str]] = []
    for grade in grades:
        rows, problem = index.find(grade.name, grade.id)
        if problem:
            mismatched.append((grade, problem))
        elif not rows:
            unmatched.append(grade)
        for at in rows:
            claims[at].append(grade)
    contested = {id(grade) for several in claims.values() if len(several) > 1 for grade in several}
    claimed = {id(grade): grade for several in claims.values() for grade in several if id(grade) in contested}
    pairs: list[tuple[RosterRow, ExportedGrade | None]] = []
    for number, row in enumerate(worksheet.rows):
        grade_of_row = next((one for one in claims.get(number, ()) if id(one) not in contested), None)
        pairs.append((RosterRow(row.identifier, row.cells, row.locked, row.name), grade_of_row))
    left = frozenset(number for number, several in claims.items() if any(id(one) in contested for one in several))
    return Matching(pairs, unmatched, list(claimed.values()), mismatched, left)


class RowIndex:
    """Rows of a worksheet by number and by group."""

    def __init__(self, rows: Sequence[WorksheetRow]) -> None:
        self._rows = rows
        self._by_number: dict[str, list[int]] = defaultdict(list)
        self._by_group: dict[str, list[int]] = defaultdict(list)
        for number, row in enumerate(rows):
            self._by_number[row.number].append(number)
            if row.group:
                self._by_group[letters(row.group)].append(number)

    def find(self, full_name: str, identity: str) -> tuple[Sequence[int], str]:
        """Return the indexes of the rows of a submission, or why it gets none although it seems to have one.

        :param full_name: for people, as the folder has it: "Ada Lovelace_12"
        :param identity: number of the student or group
        """
        name = folder_name(full_name, identity)
        own = self._by_number.get(_number(identity), ())
        if members := self._by_group.get(letters(name)):
            if any(letters(self._rows[one].name) == letters(name) for one in own):  # students may rename themselves
                return (), f"a group and a student are called {quote_text(name, 100)}; enter the grades by hand"
            groups = sorted({self._rows[member].group for member in members})
            if len(groups) > 1:
                named = " and ".join(quote_text(group, 100) for group in groups)
                return (), f"the groups {named} have one name in the download; enter their grades by hand"
            return members, ""
        if len(own) > 1:
            raise RosterError(f"the id {one_line(identity, 100)} stands in {len(own)} rows of the roster; leave one")
        if own and (problem := _name_problem(full_name, identity, self._rows[own[0]])):
            return (), problem
        return own, ""


def folder_name(full_name: str, identity: str) -> str:
    """Return a name as Moodle wrote it into the name of a folder, without the number."""
    name = NUMBERED.sub("", full_name)
    for number in (identity, safe_name(identity)):
        if name != number and name.endswith(f"_{number}"):
            return name.removesuffix(f"_{number}")
    return name


def _number(identity: str) -> str:
    """Return the number in an id, which may be written as in the worksheet: "Participant 12"."""
    word, _, number = identity.strip().rpartition(" ")
    return number if letters(word) in PARTICIPANTS else identity.strip()


def _name_problem(full_name: str, identity: str, row: WorksheetRow) -> str:
    """Return why a row isn't that of a submission with its number; empty if the names are equal or hidden."""
    name = folder_name(full_name, identity)
    own = letters(name)
    if own in PARTICIPANTS or own in (letters(identity), letters(row.identifier), letters(row.name)):
        return ""
    if not row.name:
        return f"{row.identifier} has no name in the worksheet to compare; download it again with the names shown"
    # A course with groups writes "GROUP-NAME".
    parts = name.split("-")
    if letters(row.name) in {letters("-".join(parts[n:])) for n in range(len(parts))}:
        return ""
    if _is_cut(full_name) and own and letters(row.name).startswith(own):
        return ""
    return f"{row.identifier} is {quote_text(row.name, 100)} in the worksheet"


def _is_cut(name: str) -> bool:
    """Return whether a name may have lost its end (student_names.py)."""
    long = len(name) > MAX_STUDENT_NAME - LONGEST_CUT
    return long or len(name.encode(errors="replace")) > MAX_STUDENT_NAME_BYTES - LONGEST_CUT
