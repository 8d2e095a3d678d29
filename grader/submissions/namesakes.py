"""Whose name a submission has, where several in a watched folder would have the same one.

In a folder that students share, anybody can make ada.ipynb beside ada.py. Who came first has the name, and with it
the row in a roster; the others are listed under numbered names, with a note, and no roster knows them.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping

import msgspec

from grader._util.escaping import one_line
from grader.models import Submission
from grader.submissions.student_names import NumberedNames, name_key


class Namesakes:
    """Remembers, for as long as the watch goes on, which entry of the folder has which name.

    `graded` has the digest of the submission that an earlier run has graded for each student.
    """

    def __init__(self, graded: Mapping[str, str]) -> None:
        self._graded = {name_key(student): digest for student, digest in graded.items()}
        self._holders: dict[str, str] = {}  # name, as a key -> the entry that has it
        self._firm: set[str] = set()  # names for which there was something that could be graded
        self._others: dict[str, str] = {}  # entry -> the numbered name that it has instead
        self._numbers = NumberedNames()

    def register(self, entry: str, submission: Submission, shared: Callable[[], Container[str]]) -> None:
        """Take notice of a version that was handed in. `shared` gives the names, as keys, that several entries have.

        What can't be graded holds its name only until something comes that can.
        """
        key = name_key(submission.student)
        if key not in self._holders:
            # In an earlier run another entry may have had the name.
            if self._graded.get(key, submission.digest) == submission.digest or key not in shared():
                self._holders[key] = entry
        elif key not in self._firm and not submission.rejection:
            self._holders[key] = entry
        if self._holders.get(key) == entry and not submission.rejection:
            self._firm.add(key)

    def resolve(self, entry: str, submission: Submission) -> tuple[Submission, str]:
        """The submission under the name that its entry has, and what is to be told of it, if anything."""
        own = submission.student
        holder = self._holders.get(name_key(own))
        if holder == entry:
            return submission, ""
        if entry not in self._others:
            self._others[entry] = self._numbers.next(own)
        name = self._others[entry]
        first = f"{one_line(holder, 100)} was there first" if holder else "another one was graded before"
        note = f"{first} for {own}; this is listed as {name}, and is in no row of a roster"
        notes = (*submission.notes, note)
        return msgspec.structs.replace(submission, student=name, id=f"{name} (not {own})", notes=notes), note
