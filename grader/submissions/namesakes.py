"""Unique names for the submissions in a watched folder.

In a folder that students share, anybody can add ada.ipynb beside ada.py. The first entry keeps the name, and with it
the row in the roster. Later entries get numbered names, a note, and no row in the roster.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping

import msgspec

from grader._util.escaping import one_line
from grader.models import Submission
from grader.submissions.student_names import NumberedNames, name_key


class Namesakes:
    """Which entry of a watched folder has which student name.

    :param graded: student -> digest of the submission that an earlier run graded
    """

    def __init__(self, graded: Mapping[str, str]) -> None:
        self._graded = {name_key(student): digest for student, digest in graded.items()}
        self._holders: dict[str, str] = {}  # name key -> the entry that has the name
        self._final: set[str] = set()  # name keys of entries with a submission that can be graded
        self._numbered: dict[str, str] = {}  # entry -> its numbered name
        self._numbers = NumberedNames()

    def register(self, entry: str, submission: Submission, shared: Callable[[], Container[str]]) -> None:
        """Record that an entry was handed in, and give it its name if that is free.

        An entry that can't be graded loses its name to the first one that can.

        :param shared: returns the name keys that several entries have
        """
        key = name_key(submission.student)
        if key not in self._holders:
            # Another entry may have had the name in an earlier run.
            if self._graded.get(key, submission.digest) == submission.digest or key not in shared():
                self._holders[key] = entry
        elif key not in self._final and not submission.rejection:
            self._holders[key] = entry
        if self._holders.get(key) == entry and not submission.rejection:
            self._final.add(key)

    def resolve(self, entry: str, submission: Submission) -> tuple[Submission, str | None]:
        """Return the submission under the name of its entry, and a note if that isn't the student's own name."""
        own = submission.student
        holder = self._holders.get(name_key(own))
        if holder == entry:
            return submission, None
        if entry not in self._numbered:
            self._numbered[entry] = self._numbers.next(own)
        name = self._numbered[entry]
        first = f"{one_line(holder, 100)} was there first" if holder else "another one was graded before"
        note = f"{first} for {own}; this one is listed as {name} and matches no row of a roster"
        notes = (*submission.notes, note)
        return msgspec.structs.replace(submission, student=name, id=f"{name} (not {own})", notes=notes), note
