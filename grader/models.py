"""Records: Assignment, Submission, ScoreReport, Status."""

from __future__ import annotations

import hashlib
import os
from enum import StrEnum
from pathlib import Path
from typing import Literal

import msgspec


class Status(StrEnum):
    """Outcome of a case or a question. Only PASSED earns points."""

    PASSED = "passed"
    FAILED = "failed"  # the answer is wrong
    ERROR = "error"  # the student's code raised
    MISSING = "missing"  # the name isn't defined, or is still the stub
    TIMEOUT = "timeout"
    CRASHED = "crashed"  # the worker process ended or broke the protocol
    OUT_OF_MEMORY = "out_of_memory"
    BAD_VALUE = "bad_value"  # the answer isn't a value that can be compared
    SKIPPED = "skipped"  # not counted, because a case that it needs did not pass
    INTERNAL = "internal"  # grader error, never the student's fault; needs manual review


class Limits(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Limits of one submission. Times are seconds that the worker itself uses (deadline.py), except `case_seconds`."""

    load_seconds: float = 30.0  # for the submission's own statements, imports included
    call_seconds: float = 10.0  # for one call of a function
    total_seconds: float = 300.0  # for everything; also the limit of the grader's own processor time, counted apart
    case_seconds: float = 30.0  # of the grader's own processor time for one case, reference functions included
    memory_mb: int = 1024  # private memory of the worker process, in MB


class Question(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Graded name of an assignment. `uses` names the questions that it builds on."""

    name: str
    points: float
    uses: tuple[str, ...] = ()
    preload: tuple[str, ...] = ()  # modules that it needs in addition to those of the assignment


class Assignment(msgspec.Struct, frozen=True):
    """An assignment folder, read and checked (see grader/assignments/loader.py)."""

    name: str
    title: str
    folder: Path
    questions: tuple[Question, ...]  # the graded ones
    limits: Limits
    preload: tuple[str, ...]  # modules that every question needs; the sandbox imports them once
    secret: str  # salt of the random inputs in hidden cases
    digest: str  # SHA-256 of everything in the folder that can change a score
    ungraded: tuple[Question, ...] = ()  # not graded in this run, but graded ones may use them
    reveal: bool = False  # whether a report shows the expected value
    missing_imports: str = "note"  # "note": bind names of the assignment's own imports; "error": leave them missing

    @property
    def notebook(self) -> Path:
        """Return the path of the solution notebook."""
        return self.folder / f"{self.name}.ipynb"

    @property
    def hidden(self) -> Path:
        """Return the folder of the hidden cases."""
        return self.folder / "hidden"

    @property
    def support(self) -> Path:
        """Return the folder of files given to students, which a submission may import or read."""
        return self.folder / "student"

    @property
    def max_score(self) -> float:
        """Return the points of all graded questions."""
        return sum(question.points for question in self.questions)

    def question(self, name: str) -> Question:
        """Return the question with this name. Raises StopIteration if there is none."""
        return next(question for question in (*self.questions, *self.ungraded) if question.name == name)

    @property
    def modules(self) -> tuple[str, ...]:
        """Return the modules that the sandbox imports before any submission: those that graded questions need."""
        needed = [*self.preload, *(module for question in self.questions for module in question.preload)]
        return tuple(dict.fromkeys(needed))

    @property
    def question_names(self) -> tuple[str, ...]:
        """Return the names of all questions, graded ones first."""
        return tuple(question.name for question in (*self.questions, *self.ungraded))

    def dependencies(self, question: Question) -> frozenset[str]:
        """Return the names of the questions that a question builds on, directly or through others."""
        return frozenset(question.uses).union(*(self.dependencies(self.question(name)) for name in question.uses))


class Submission(msgspec.Struct, frozen=True):
    """Submission of one student: the bytes of a notebook or module, or the reason why it can't be graded."""

    student: str  # unique in a batch; safe as a path and in a shell
    file: str  # name of the graded file
    content: bytes
    digest: str  # SHA-256 of the content, hexadecimal
    rejection: str | None = None  # why it can't be graded; None if it can
    notes: tuple[str, ...] = ()
    questions: tuple[str, ...] = ()  # grade only these; all questions if empty
    diagnose: bool = True  # whether to look for known mistakes where points are lost
    id: str = ""  # the student's id in a roster; if empty, the name
    late: bool = False  # whether the platform says that it was handed in late
    handed_in: str = ""  # time as the platform writes it; empty if unknown
    name: str = ""  # display name of the student; empty if it is `student`

    @classmethod
    def from_bytes(cls, student: str, filename: str, content: bytes) -> Submission:
        """Return a submission with this content. The ending of `filename` is its kind: .ipynb or .py."""
        return cls(student, filename, content, hashlib.sha256(content).hexdigest())

    @classmethod
    def from_path(cls, path: str | os.PathLike[str], student: str = "") -> Submission:
        """Return the submission in a notebook or module. Without `student`, the stem of the file names the student.

        Use `collect_submissions` for a class, zips and downloads of platforms: it also limits how much it reads.
        Raises OSError if the file can't be read.
        """
        file = Path(path)
        return cls.from_bytes(student or file.stem, file.name, file.read_bytes())


class Diagnosis(msgspec.Struct, frozen=True):
    """Explanation of a wrong answer: a known mistake, or a relation between the answers and the right ones."""

    name: str
    hint: str
    kind: Literal["misconception", "relation"] = "misconception"


class Step(msgspec.Struct, frozen=True):
    """One step of a flow."""

    label: str
    shape: str  # of the value there: "(3, 1)", or "a float"
    wrong: str = ""  # what is wrong with the value; empty if nothing is


class Flow(msgspec.Struct, frozen=True, tag="flow", tag_field="kind"):
    """Values from step to step, as through the layers of a network."""

    steps: tuple[Step, ...]
    title: str


class Curve(msgspec.Struct, frozen=True, tag="curve", tag_field="kind"):
    """Sequence of numbers, and the form that is expected, which has no scale."""

    values: tuple[float | None, ...]  # None for NaN and infinity, which JSON can't hold
    form: tuple[float, ...]  # between 0 and 1
    title: str


class GrayImage(msgspec.Struct, frozen=True):
    """Small grayscale image."""

    width: int  # pixels
    pixels: bytes  # row by row, one byte each; 0 is black
    caption: str


class ImageGallery(msgspec.Struct, frozen=True, tag="pictures", tag_field="kind"):
    """Images that an answer is about."""

    pictures: tuple[GrayImage, ...]
    title: str
    more: int = 0  # number of images that are left out


Exhibit = Flow | Curve | ImageGallery


class TimeUse(msgspec.Struct, frozen=True):
    """Time that something had used when it was stopped for its limit, in seconds: why a case timed out."""

    limit: float
    used: float  # what counted against the limit: not what a busy machine withheld (sandbox/client/deadline.py)
    processor: float  # of the worker, all threads together; of the grader, where that worked for the submission
    wall: float  # on the clock
    load: float  # processes for each core, averaged over a minute; above 1 the machine was busy


class CaseResult(msgspec.Struct, frozen=True):
    """Result of one hidden case."""

    name: str
    title: str
    status: Status
    points: float
    max_points: float
    message: str = ""
    called: str = ""  # arguments of the last call of the student's function, if the case went wrong
    beyond: bool = False  # whether the public checks don't cover the case
    exhibits: tuple[Exhibit, ...] = ()  # images and diagrams, if points were lost
    seconds: float = 0.0  # on the clock: fixtures, calls of the submission, and the check of the answers
    time_use: TimeUse | None = None  # where a limit on time stopped the case


class QuestionResult(msgspec.Struct, frozen=True):
    """Result of one question: the sum of its cases."""

    name: str
    score: float
    max_score: float
    status: Status
    cases: tuple[CaseResult, ...]
    lent: tuple[str, ...] = ()  # substituted dependencies: questions that the reference solution answered
    diagnosis: Diagnosis | None = None
    seconds: float = 0.0  # on the clock: the cases, both times where they ran again on substituted dependencies


class GradeStep(msgspec.Struct, frozen=True):
    """One step to a grade: the automatic score, a penalty, what a person added."""

    kind: str  # as in grader.policies.LedgerLine
    points: float  # that it adds; below 0 if it takes off
    sentence: str


class Correction(msgspec.Struct, frozen=True):
    """What a person changed, with their comment to the student."""

    question: str  # empty: the whole
    case: str  # empty: the whole question
    points: float  # that it adds; below 0 if it takes off
    who: str
    comment: str


class ReportGrade(msgspec.Struct, frozen=True):
    """Grade of a student: what the policy and people made of the automatic score. auto + adjustments + penalty = final.

    No gradebook stores it: it is decided anew whenever a report is read (grader/gradebook/graded_reports.py).
    """

    state: Literal["graded", "rejected", "review", "waiting", "missing"]
    auto: float
    adjustments: float  # what people added
    penalty: float  # what the policy adds, below 0 if it takes off
    final: float
    max_score: float
    needs_review: bool  # whether a person must look at something that could change the grade
    attempt: int  # which of the student's hand-ins counts, from 1; 0 if none does
    due: str  # the student's own due date, ISO 8601; empty if there is none
    late_seconds: int
    sentence: str  # "18 of 20; 10 % off for 1 day late"
    steps: tuple[GradeStep, ...]  # whose points add up to `final`
    corrections: tuple[Correction, ...] = ()

    @property
    def has_penalty(self) -> bool:
        """Return whether being late cost points."""
        return any(step.kind == "late" and step.points < 0 for step in self.steps)


class ScoreReport(msgspec.Struct, frozen=True):
    """Canonical report of one submission, from which every other format is made."""

    student: str
    file: str
    digest: str
    assignment: str
    assignment_digest: str
    grader_version: str
    status: str  # "graded" or "rejected"
    score: float
    max_score: float
    needs_review: bool
    sandbox: tuple[str, ...]  # active protections
    questions: tuple[QuestionResult, ...]
    notes: tuple[str, ...]  # of the grader
    seconds: float  # on the clock, from the first worker to the last answer, diagnoses included
    schema: int = 1
    id: str = ""  # the student's id in a roster; if empty, the name
    late: bool = False  # whether the platform says that it was handed in late; no penalty is applied
    handed_in: str = ""  # time as the platform writes it; empty if unknown
    sandbox_notes: tuple[str, ...] = ()  # from the process that ran the submission: untrusted
    name: str = ""  # display name of the student; empty if it is `student`
    load_seconds: float = 0.0  # of `seconds`: starting workers, and running the submission's own statements in them
    # The largest resident set of any worker (ru_maxrss). It counts pages shared with other processes, such as code of
    # libraries, so it isn't what `memory_mb` limits: that counts private memory alone.
    peak_memory_bytes: int = 0
    limits: Limits | None = None  # which the submission was graded with; None in reports of earlier versions
    grade: ReportGrade | None = None  # None if neither a policy nor a person has changed what the score counts

    def untimed(self) -> ScoreReport:
        """Return the report without its measurements: what remains is equal whenever the submission is graded."""
        questions = []
        for question in self.questions:
            cases = tuple(msgspec.structs.replace(case, seconds=0.0, time_use=None) for case in question.cases)
            questions.append(msgspec.structs.replace(question, cases=cases, seconds=0.0))
        return msgspec.structs.replace(
            self, questions=tuple(questions), seconds=0.0, load_seconds=0.0, peak_memory_bytes=0
        )

    @property
    def final(self) -> float:
        """Return the points that count."""
        return self.grade.final if self.grade else self.score

    @property
    def final_max(self) -> float:
        """Return the points of the assignment, which `final` is out of."""
        return self.grade.max_score if self.grade else self.max_score

    @property
    def final_status(self) -> str:
        """Return "graded" if there are points that count, else "rejected", "waiting" or "missing"."""
        if self.grade is None:
            return self.status
        return "graded" if self.grade.state == "review" else self.grade.state

    @property
    def awaits_review(self) -> bool:
        """Return whether a person must look before the points count."""
        return self.grade.needs_review if self.grade else self.needs_review

    @property
    def roster_id(self) -> str:
        """Return the id of the student in a roster."""
        return self.id or self.name or self.student

    @property
    def display_name(self) -> str:
        """Return the student's name for the title of a page. It isn't unique; `student` is."""
        return self.name or self.student
