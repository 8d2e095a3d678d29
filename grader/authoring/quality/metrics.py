"""Records of the quality of hidden cases, for a table, a page and JSON."""

from __future__ import annotations

import msgspec


class CaseQuality(msgspec.Struct, frozen=True):
    """Quality of one case. A case kills a wrong answer that fails it."""

    question: str
    name: str
    title: str
    points: float
    misconceptions: int  # killed
    mutants: int  # killed
    unique_kills: int = msgspec.field(name="alone")  # wrong answers that no other case of the question kills
    numeric: bool  # whether an error of a half in the numbers fails it


class QuestionQuality(msgspec.Struct, frozen=True):
    """Quality of all cases of a question."""

    name: str
    points: float
    misconceptions: int
    misconceptions_lost: int  # that lose points on this question and on no other
    named: int  # whose report has their own hint
    alternatives: int
    alternatives_passed: int
    trivial: int  # number of answers that compute nothing
    gained: float  # most points of a trivial answer that equivalent.toml doesn't list
    mutants: int
    killed: int
    equivalent: int
    numeric: int  # cases that compare numbers
    tolerant: bool  # whether all cases pass a solution with other rounding
    exact: bool  # whether every numeric case fails an error of 0.1 %
    cases: tuple[CaseQuality, ...]

    @property
    def rate(self) -> float:
        """Return the share of killed mutants; equivalent mutants don't count."""
        able = self.mutants - self.equivalent
        return self.killed / able if able else 1.0

    @property
    def tolerance(self) -> str:
        """Return the state of the tolerances as text."""
        if not self.tolerant:
            return "too narrow"
        if not self.exact:
            return "too wide"
        return "ok" if self.numeric else "n/a"


class Equivalent(msgspec.Struct, frozen=True):
    """Mutant that is equivalent to the solution."""

    mutant: str
    reason: str


class BaselineScore(msgspec.Struct, frozen=True):
    """Score of a complete submission: the solution, the stubs, or the best trivial answers."""

    name: str
    score: float
    max_score: float


class Quality(msgspec.Struct, frozen=True):
    """Quality of all hidden cases."""

    assignment: str
    digest: str  # of the assignment's folder when it was validated
    title: str
    baselines: tuple[BaselineScore, ...] = msgspec.field(name="extremes")
    questions: tuple[QuestionQuality, ...]
    equivalent: tuple[Equivalent, ...]
    problems: tuple[str, ...]  # each fails the validation
    remarks: tuple[str, ...]  # for the author to consider

    @property
    def total(self) -> QuestionQuality:
        """Return the sums over all questions."""
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
        """Return whether there is no problem."""
        return not self.problems
