"""Records: Assignment, Submission, ScoreReport, Status."""

from __future__ import annotations

import hashlib
import os
from enum import StrEnum
from pathlib import Path

import msgspec


class Status(StrEnum):
    """How a case, or the whole of a question, ended. Only PASSED earns points."""

    PASSED = "passed"
    FAILED = "failed"  # the answer came, and was wrong
    ERROR = "error"  # the student's code raised
    MISSING = "missing"  # the name isn't there, or is still the stub
    TIMEOUT = "timeout"
    CRASHED = "crashed"  # the worker process ended or broke the protocol
    OUT_OF_MEMORY = "out_of_memory"
    BAD_VALUE = "bad_value"  # something that isn't a value came back
    SKIPPED = "skipped"  # not counted: it counts only together with another case, which did not pass
    INTERNAL = "internal"  # ours, never the student's: a person must look


class Limits(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What one submission may use. Times are seconds of the worker's own (deadline.py), but for `case_seconds`."""

    load_seconds: float = 30.0  # running the submission's own statements, imports included
    call_seconds: float = 10.0  # one call of one function
    total_seconds: float = 300.0  # everything together; and, apart from it, the grader's own processor time
    case_seconds: float = 30.0  # processor time of the grader's own for one case, lent functions included
    memory_mb: int = 1024  # private memory of the worker process


class Question(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One graded name. `uses` are the questions whose right versions it may lean on."""

    name: str
    points: float
    uses: tuple[str, ...] = ()
    preload: tuple[str, ...] = ()  # modules that it needs beside those that every question does


class Assignment(msgspec.Struct, frozen=True):
    """An assignment folder, read and checked (see grader/assignments/loader.py)."""

    name: str
    title: str
    folder: Path
    questions: tuple[Question, ...]  # those that are graded
    limits: Limits
    preload: tuple[str, ...]  # modules that every question needs: the sandbox imports them once
    secret: str  # salts the random inputs of the hidden cases
    digest: str  # of everything in the folder that can move a score
    ungraded: tuple[Question, ...] = ()  # those that aren't graded this time, though others may lean on them
    reveal: bool = False  # whether a report shows the value that was wanted

    @property
    def notebook(self) -> Path:
        return self.folder / f"{self.name}.ipynb"

    @property
    def hidden(self) -> Path:
        return self.folder / "hidden"

    @property
    def support(self) -> Path:
        """Files that a submission may import or read: what the student was given beside the notebook."""
        return self.folder / "student"

    @property
    def max_score(self) -> float:
        return sum(question.points for question in self.questions)

    def question(self, name: str) -> Question:
        return next(question for question in (*self.questions, *self.ungraded) if question.name == name)

    @property
    def modules(self) -> tuple[str, ...]:
        """What the sandbox imports before any submission: no more than the graded questions need."""
        needed = [*self.preload, *(module for question in self.questions for module in question.preload)]
        return tuple(dict.fromkeys(needed))

    @property
    def question_names(self) -> tuple[str, ...]:
        """Of all questions, the graded ones first."""
        return tuple(question.name for question in (*self.questions, *self.ungraded))

    def dependencies(self, question: Question) -> frozenset[str]:
        """The questions that one builds on, directly or through others."""
        return frozenset(question.uses).union(*(self.dependencies(self.question(name)) for name in question.uses))


class Submission(msgspec.Struct, frozen=True):
    """What one student handed in: the bytes of a notebook or module, or the reason why there are none."""

    student: str  # unique within a batch, safe as a path and in a shell
    file: str  # the name of the file that is graded, for people
    content: bytes
    digest: str  # sha256 of the content, hexadecimal
    rejection: str = ""  # why it can't be graded; empty when it can
    notes: tuple[str, ...] = ()
    questions: tuple[str, ...] = ()  # only these are graded, as when cases are judged; all of them if none is named
    diagnose: bool = True  # whether a known mistake is looked for where points are lost
    id: str = ""  # by which a roster knows the student; the name when empty
    late: bool = False  # the platform that it comes from says so
    handed_in: str = ""  # when, as the platform writes it, where it tells
    name: str = ""  # the student's name as people read it, where it isn't `student`

    @classmethod
    def from_bytes(cls, student: str, filename: str, content: bytes) -> Submission:
        """Return a submission of these bytes. The ending of the file's name says what they are: .ipynb or .py."""
        return cls(student, filename, content, hashlib.sha256(content).hexdigest())

    @classmethod
    def from_path(cls, path: str | os.PathLike[str], student: str = "") -> Submission:
        """Return the submission in a notebook or module; the student is named by the file if no name is given.

        Raises OSError when the file can't be read. A class, zips and downloads of platforms are for
        `collect_submissions`, which also bounds what it reads.
        """
        file = Path(path)
        return cls.from_bytes(student or file.stem, file.name, file.read_bytes())


class Diagnosis(msgspec.Struct, frozen=True):
    """A known mistake that explains a wrong answer."""

    name: str
    hint: str


class Step(msgspec.Struct, frozen=True):
    """One station of a flow."""

    label: str
    shape: str  # what came there: "(3, 1)", or "a float"
    wrong: str = ""  # what is wrong with it; empty when nothing is


class Flow(msgspec.Struct, frozen=True, tag="flow", tag_field="kind"):
    """How values go from step to step, as through the layers of a network."""

    steps: tuple[Step, ...]
    title: str


class Curve(msgspec.Struct, frozen=True, tag="curve", tag_field="kind"):
    """Numbers that came one after another, and the form that is looked for, whose height says nothing."""

    values: tuple[float | None, ...]  # None: NaN or infinite, which JSON can't hold
    form: tuple[float, ...]  # between 0 and 1
    title: str


class GrayImage(msgspec.Struct, frozen=True):
    """A small picture in shades of gray."""

    width: int
    pixels: bytes  # row by row, 0 is black
    caption: str


class ImageGallery(msgspec.Struct, frozen=True, tag="pictures", tag_field="kind"):
    """Pictures that an answer is about."""

    pictures: tuple[GrayImage, ...]
    title: str
    more: int = 0  # how many others there would be


Exhibit = Flow | Curve | ImageGallery


class CaseResult(msgspec.Struct, frozen=True):
    """One hidden case, judged."""

    name: str
    title: str
    status: Status
    points: float
    max_points: float
    message: str = ""
    called: str = ""  # with what the student's function was called last, where the case went wrong
    beyond: bool = False  # the checks that students have don't cover it
    exhibits: tuple[Exhibit, ...] = ()  # what shows better than it can be told, where points were lost


class QuestionResult(msgspec.Struct, frozen=True):
    """One question: the sum of its cases."""

    name: str
    score: float
    max_score: float
    status: Status
    cases: tuple[CaseResult, ...]
    lent: tuple[str, ...] = ()  # questions that were answered by the reference meanwhile
    diagnosis: Diagnosis | None = None


class ScoreReport(msgspec.Struct, frozen=True):
    """The canonical report of one submission; every other format is made from it."""

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
    sandbox: tuple[str, ...]  # the protections that were in force
    questions: tuple[QuestionResult, ...]
    notes: tuple[str, ...]  # the grader's own
    seconds: float
    schema: int = 1
    id: str = ""  # by which a roster knows the student; the name when empty
    late: bool = False  # handed in late, as the platform says; it costs nothing here
    handed_in: str = ""  # when, as the platform writes it, where it tells
    sandbox_notes: tuple[str, ...] = ()  # of loading it, from the process that ran it: a claim of the submission's
    name: str = ""  # the student's name as people read it, where it isn't `student`

    @property
    def roster_id(self) -> str:
        """What to look for in a roster."""
        return self.id or self.name or self.student

    @property
    def display_name(self) -> str:
        """The student's name for the head of a page. It isn't unique: `student` is."""
        return self.name or self.student
