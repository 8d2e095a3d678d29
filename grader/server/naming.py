"""Names of students as those who grade may know them: their own, or pseudonyms under blind marking.

A pseudonym is an HMAC of assignment and id with the key of the links. It is the same on every page, says nothing of
the order of names, and differs between assignments.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable

import msgspec

from grader.gradebook.roster import Person, Roster
from grader.gradebook.runs import student_sort_key

DIGITS = 12  # of 100,000 people, two have one pseudonym with a probability of 1 in 50,000


class Naming:
    """Names of the students of an assignment.

    :param blind: whether names are hidden
    """

    def __init__(self, roster: Roster, key: bytes, assignment: str, blind: bool) -> None:
        self._roster = roster
        self._key = key
        self._assignment = assignment
        self.blind = blind
        self._shown: dict[str, Person] | None = None  # by the id that is shown, if names are hidden

    def id(self, student: str) -> str:
        """Return the id under which a student is shown."""
        if not self.blind:
            return student
        text = f"blind:{self._assignment}:{student}".encode()
        return "student-" + hmac.new(self._key, text, hashlib.sha256).hexdigest()[:DIGITS]

    def person(self, person: Person) -> Person:
        """Return a student as they are shown; assistants and instructors as they are."""
        if not self.blind or person.role != "student":
            return person
        pseudonym = self.id(person.id)
        return msgspec.structs.replace(person, id=pseudonym, name=pseudonym, email="")

    def numbered(self, numbers: Iterable[int]) -> dict[int, Person]:
        """Return people by their numbers of the gradebook, as they are shown."""
        return {number: self.person(person) for number, person in self._roster.numbered(numbers).items()}

    def find(self, shown: str) -> Person | None:
        """Return the person with the id that is shown; None if there is none. If names are hidden, so are real ids."""
        if not self.blind:
            return self._roster.find(shown)
        if self._shown is None:
            self._shown = {self.person(one).id: one for one in self._roster.people()}
        return self._shown.get(shown)

    def sort_key(self, student: str) -> tuple[str, str]:
        """Return the key to sort students by as they are shown: the order of their names would tell them."""
        return student_sort_key(self.id(student))
