"""How good the hidden cases are: plain records, for a table, a page and JSON."""

from __future__ import annotations

import msgspec


class CaseQuality(msgspec.Struct, frozen=True):
    """What one case tells apart. A killed answer is a wrong one that the case fails."""

    question: str
    name: str
    title: str
    points: float
    misconceptions: int  # killed
    mutants: int  # killed
    unique_kills: int = msgspec.field(name="alone")  # wrong answers that no other case of the question kills
    numeric: bool  # it fails an answer that is off by a half


class QuestionQuality(msgspec.Struct, frozen=True):
    """What all cases of a question tell apart together."""

    name: str
    points: float
    misconceptions: int
    misconceptions_lost: int  # those that cost points here, and nothing elsewhere
    named: int  # those whose report gives their own hint
    alternatives: int
    alternatives_passed: int
    trivial: int  # answers that compute nothing
    gained: float  # the most points that one of them earns, the excused ones aside
    mutants: int
    killed: int
    equivalent: int
    numeric: int  # cases that compare numbers
    tolerant: bool  # all cases pass what is right but for rounding
    exact: bool  # every numeric case fails an answer off by 0.1 %
    cases: tuple[CaseQuality, ...]

    @property
    def rate(self) -> float:
        """The share of mutants killed, of those that could be."""
        able = self.mutants - self.equivalent
        return self.killed / able if able else 1.0

    @property
    def tolerance(self) -> str:
        """In words."""
        if not self.tolerant:
            return "too narrow"
        if not self.exact:
            return "too wide"
        return "ok" if self.numeric else "n/a"


class Equivalent(msgspec.Struct, frozen=True):
    """A mutant that does what the solution does."""

    mutant: str
    reason: str


class BaselineScore(msgspec.Struct, frozen=True):
    """The solution, the stubs, or the best trivial answers, as one whole submission."""

    name: str
    score: float
    max_score: float


class Quality(msgspec.Struct, frozen=True):
    """The judgement on all hidden cases. They are fit when there is no problem."""

    assignment: str
    digest: str  # of the assignment's folder, as it was when it was judged
    title: str
    baselines: tuple[BaselineScore, ...] = msgspec.field(name="extremes")
    questions: tuple[QuestionQuality, ...]
    equivalent: tuple[Equivalent, ...]
    problems: tuple[str, ...]  # each fails the build
    remarks: tuple[str, ...]  # for the author to think about

    @property
    def total(self) -> QuestionQuality:
        """All questions taken together."""
        added = [name for name, kind in QuestionQuality.__annotations__.items() if kind in ("int", "float")]
        return QuestionQuality(
            name="together",
            tolerant=all(question.tolerant for question in self.questions),
            exact=all(question.exact for question in self.questions),
            cases=tuple(case for question in self.questions for case in question.cases),
            **{name: sum(getattr(question, name) for question in self.questions) for name in added},
        )

    @property
    def valid(self) -> bool:
        return not self.problems
