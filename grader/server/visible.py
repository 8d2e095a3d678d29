"""What a reader may see. Every response about an attempt goes through `visible`, the one function that decides.

A student sees their own attempts: state, file, receipt, and what the policy shows of the results. Assistants and
instructors see everybody's, and what the submission printed; under blind marking, without the name until the release.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import PurePath

import msgspec

from grader.gradebook.attempt_worth import AttemptWorth
from grader.gradebook.attempts import Attempt, State
from grader.gradebook.roster import Person
from grader.gradebook.score_changes import ScoreChange
from grader.models import ScoreReport
from grader.policies import Policy
from grader.policies.release import EVERYTHING, names_hidden, question_released
from grader.server.naming import Naming
from grader.submissions.selection import IGNORED

STAFF = ("assistant", "instructor")
NOT_YET = "Results are shown when your course releases them."
AFTER_DUE = "Results are shown after the last due date of the class."
SOME_HIDDEN = "The results of some questions are not shown yet."
NOTE_HIDDEN = "A note about the files isn't shown under blind marking: their names may say whose they are."


class Disclosure(msgspec.Struct, frozen=True):
    """What decides when results and names of an assignment are shown.

    :param questions: names of all questions of the assignment
    :param releases: question -> when it was released; EVERYTHING stands for all
    :param last_due: latest due date of the class, extensions included
    """

    policy: Policy
    questions: tuple[str, ...]
    releases: Mapping[str, datetime]
    last_due: datetime | None
    now: datetime

    def shows(self, question: str) -> bool:
        """Return whether students see the results of a question."""
        return question_released(self.policy, self.releases, self.last_due, self.now, question)

    @property
    def shows_all(self) -> bool:
        """Return whether students see everything: all questions, and so the score."""
        return all(map(self.shows, self.questions))

    @property
    def hides_names(self) -> bool:
        """Return whether those who grade see no names."""
        return names_hidden(self.policy, self.releases.get(EVERYTHING), self.now)

    @property
    def withheld(self) -> str:
        """Return the sentence for students while something is hidden from them; empty if nothing is."""
        hidden = [name for name in self.questions if not self.shows(name)]
        if not hidden:
            return ""
        if len(hidden) < len(self.questions):
            return SOME_HIDDEN
        times = {self.policy.visible_by_question.get(name, self.policy.visible) for name in hidden}
        return AFTER_DUE if times == {"after due"} else NOT_YET


class Visible(msgspec.Struct, frozen=True):
    """What a reader may see of an attempt."""

    state: State
    report: ScoreReport | None  # None as long as there is none, or the reader may not see it; else what they may see
    score: float | None
    max_score: float | None
    original: bool  # whether the reader may have the file
    receipt: bool
    printed: bool  # whether the reader may see what it printed
    filename: str
    student: Person  # whose it is, as the reader may know them
    withheld: str = ""  # why results are hidden, as a sentence; empty if nothing is
    rejection: str = ""  # why the file can't be graded
    worth: AttemptWorth | None = None  # what the score gives if it counts; None without a score
    changes: tuple[ScoreChange, ...] = ()  # what regrades did to the score; none without a score


class AssignmentView(msgspec.Struct, frozen=True):
    """What decides who sees what of an assignment, read once for a request."""

    disclosure: Disclosure
    naming: Naming

    def see(
        self,
        attempt: Attempt,
        report: ScoreReport | None,
        reader: Person,
        owner: Person,
        worth: AttemptWorth | None = None,
        changes: tuple[ScoreChange, ...] = (),
    ) -> Visible | None:
        """Return what a reader may see of an attempt of `owner`; None if nothing."""
        return visible(attempt, report, reader, self.naming.person(owner), self.disclosure, worth, changes)


def is_staff(person: Person) -> bool:
    """Return whether a person sees everybody's work."""
    return person.role in STAFF


def visible(
    attempt: Attempt,
    report: ScoreReport | None,
    reader: Person,
    owner: Person,
    disclosure: Disclosure,
    worth: AttemptWorth | None = None,
    changes: tuple[ScoreChange, ...] = (),
) -> Visible | None:
    """Return what a reader may see of an attempt; None if nothing, not even that it exists.

    A score that a grader error made isn't shown: nobody should take it for a grade. While an attempt is graded
    again, its earlier score and report stay.

    :param report: the newest report of the attempt, if the caller needs it
    :param owner: the attempt's person, with a pseudonym in place of the name if names are hidden (`Naming.person`)
    :param worth: what the attempt is worth, if the caller needs it; it is shown with the score
    :param changes: what regrades did to the score, if the caller needs it; they are shown with the score
    """
    if attempt.shadow_of is not None or reader.revoked:  # a preview is nobody's submission
        return None
    if is_staff(reader):
        own = reader.number == attempt.person
        seen = _visible_to_staff(attempt, report, owner, own or not disclosure.hides_names)
    elif reader.number == attempt.person:
        seen = _visible_to_student(attempt, report, reader, disclosure)
    else:
        return None
    return seen if seen.score is None else msgspec.structs.replace(seen, worth=worth, changes=changes)


def _visible_to_staff(attempt: Attempt, report: ScoreReport | None, owner: Person, names: bool) -> Visible:
    shown = report if names or report is None else without_name(report, owner.id)
    scored = attempt.result is not None and attempt.state != "review"
    return Visible(
        state=attempt.state,
        report=shown,
        score=attempt.score if scored else None,
        max_score=attempt.max_score if scored else None,
        original=True,
        receipt=names,
        printed=True,
        filename=attempt.filename if names else plain_filename(attempt.filename),
        student=owner,
        rejection=_rejection(shown),
    )


def _visible_to_student(
    attempt: Attempt,
    report: ScoreReport | None,
    reader: Person,
    disclosure: Disclosure,
) -> Visible:
    withheld = disclosure.withheld
    scored = attempt.result is not None and attempt.state != "review" and not withheld
    return Visible(
        state=attempt.state,
        report=_shown_part(report, disclosure) if report and withheld else report,
        score=attempt.score if scored else None,
        max_score=attempt.max_score if scored else None,
        original=True,
        receipt=True,
        printed=False,
        filename=attempt.filename,
        student=reader,
        withheld=withheld,
        rejection=_rejection(report),
    )


def _shown_part(report: ScoreReport, disclosure: Disclosure) -> ScoreReport | None:
    """Return a report of the questions whose results are shown; None if there is none.

    Notes and times of the whole submission could say something about the others, and so does the name of a question
    that was substituted because its answer is wrong.
    """
    shown = tuple(
        msgspec.structs.replace(question, lent=tuple(filter(disclosure.shows, question.lent)))
        for question in report.untimed().questions
        if disclosure.shows(question.name)
    )
    if not shown:
        return None
    return msgspec.structs.replace(
        report.untimed(),
        questions=shown,
        score=sum(question.score for question in shown),
        max_score=sum(question.max_score for question in shown),
        needs_review=False,
        notes=(SOME_HIDDEN,),
        sandbox_notes=(),
        grade=None,
    )


def _rejection(report: ScoreReport | None) -> str:
    return report.notes[-1] if report and report.status == "rejected" and report.notes else ""


def without_name(report: ScoreReport, pseudonym: str) -> ScoreReport:
    """Return a report that doesn't say whose it is."""
    notes = tuple(dict.fromkeys(NOTE_HIDDEN if _names_files(note, report) else note for note in report.notes))
    file = plain_filename(report.file)
    return msgspec.structs.replace(report, student=pseudonym, name="", id="", file=file, notes=notes)


def _names_files(note: str, report: ScoreReport) -> bool:
    """Return whether a note may hold the name of a student, or of a file or folder, which often says whose it is."""
    if report.status == "rejected" or IGNORED in note:
        return True
    names = (report.student, report.name, report.id, PurePath(report.file).stem)
    return any(name.casefold() in note.casefold() for name in names if name)


def plain_filename(filename: str) -> str:
    """Return a name for a file that says nothing but its kind."""
    return f"submission{PurePath(filename).suffix}"
