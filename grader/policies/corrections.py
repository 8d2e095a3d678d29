"""Adjustments: which of them hold, what they change, and which of them lie on something that has changed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Protocol, TypeVar

from msgspec.structs import replace

from grader._util.wording import format_number
from grader.policies.points import to_points, to_units
from grader.policies.records import (
    Adjustment,
    CaseScore,
    FlaggedAdjustment,
    HandIn,
    LedgerLine,
    LineKind,
    QuestionScore,
)


class Row(Protocol):
    """A row that another row can withdraw: an extension or an adjustment."""

    @property
    def number(self) -> int: ...
    @property
    def at(self) -> datetime: ...
    @property
    def withdraws(self) -> int | None: ...


SomeRow = TypeVar("SomeRow", bound=Row)


def holding(rows: Iterable[SomeRow]) -> list[SomeRow]:
    """Return the rows that nobody withdrew, oldest first."""
    rows = list(rows)
    withdrawn = {row.withdraws for row in rows}
    kept = [row for row in rows if row.withdraws is None and row.number not in withdrawn]
    return sorted(kept, key=lambda row: (row.at.astimezone(UTC), row.number))


def applies(adjustment: Adjustment, handin: HandIn) -> bool:
    """Return whether an adjustment is for a hand-in."""
    return adjustment.handin is None or adjustment.handin == handin.number


def target(adjustment: Adjustment, handin: HandIn) -> HandIn | QuestionScore | CaseScore | None:
    """Return what an adjustment lies on; None if the result has no such question or case."""
    if not adjustment.question:
        return handin
    question = next((each for each in handin.questions if each.name == adjustment.question), None)
    if question is None or not adjustment.case:
        return question
    return next((each for each in question.cases if each.name == adjustment.case), None)


def settled(handin: HandIn, adjustments: Sequence[Adjustment]) -> bool:
    """Return whether people decided everything about a hand-in that the grader couldn't."""
    decided = {
        (each.question, each.case)
        for each in adjustments
        if applies(each, handin) and (each.verdict is not None or each.absolute)
    }
    if ("", "") in decided:
        return True
    unclear = [each for each in handin.questions if each.review]
    return bool(unclear) and all((each.name, "") in decided or _cases_decided(each, decided) for each in unclear)


def _cases_decided(question: QuestionScore, decided: set[tuple[str, str]]) -> bool:
    unclear = [(question.name, case.name) for case in question.cases if case.review]
    return bool(unclear) and decided.issuperset(unclear)


class Corrector:
    """Points of a hand-in while adjustments are applied to it, in millionths."""

    def __init__(self, handin: HandIn) -> None:
        self._handin = handin
        self._points: dict[tuple[str, str], int] = {}  # as adjusted, by question and case

    def change(self, adjustment: Adjustment, total: int) -> int:
        """Return what an adjustment adds, and remember it for those that follow.

        :param total: points of the whole so far
        """
        on = target(adjustment, self._handin)
        whole = not adjustment.question
        now = total if whole else self._now(adjustment, on)
        if adjustment.verdict is not None:
            new = to_units(on.max_score) if on and adjustment.verdict == "passed" else 0
            change = new - now if on else 0
        elif adjustment.absolute:
            change = to_units(adjustment.points or 0.0) - now
        else:
            change = to_units(adjustment.points or 0.0)
        if on and adjustment.case:
            of_question = replace(adjustment, case="")
            before = self._now(of_question, target(of_question, self._handin))
            self._points[adjustment.question, ""] = before + change
        self._points[adjustment.question, adjustment.case] = now + change
        return change

    def _now(self, adjustment: Adjustment, on: HandIn | QuestionScore | CaseScore | None) -> int:
        """Return the points of a target so far. Where the target is gone, an adjustment keeps its difference."""
        known = self._points.get((adjustment.question, adjustment.case))
        if known is not None:
            return known
        if on:
            return to_units(on.score)
        return to_units(adjustment.basis_points or 0.0)


def adjustment_line(adjustment: Adjustment, change: int) -> LedgerLine:
    """Return the step that an adjustment is, such as "+1 by A. Instructor: unclear wording"."""
    place = "/".join(each for each in (adjustment.question, adjustment.case) if each)
    number = format_number(abs(to_points(change)))
    amount = f"{'-' if change < 0 else '+'}{number}"
    if adjustment.verdict is not None:
        what = f"{amount}{' for' if place else ''} {place}".rstrip() + f", {adjustment.verdict}"
    elif adjustment.absolute:
        what = f"{amount}: {place or 'the whole'} set to {format_number(adjustment.points or 0.0)}"
    else:
        what = f"{amount} for {place}" if place else amount
    comment = f": {adjustment.comment.removesuffix('.')}" if adjustment.comment else ""  # the ledger ends with its own
    kind: LineKind = "correction" if place else "adjustment"
    return LedgerLine(kind, to_points(change), f"{what} by {adjustment.who}{comment}", adjustment.number)


def flags(adjustments: Iterable[Adjustment], handin: HandIn) -> tuple[FlaggedAdjustment, ...]:
    """Return the adjustments that a person should look at again, now that this hand-in counts."""
    found = ((each.number, _flag(each, handin)) for each in adjustments)
    return tuple(FlaggedAdjustment(number, reason) for number, reason in found if reason)


def _flag(adjustment: Adjustment, handin: HandIn) -> str:
    """Return why an adjustment should be looked at again; empty if it needn't."""
    if not applies(adjustment, handin):
        return "it is for another file than the one that counts"
    if adjustment.basis_digest and handin.digest and adjustment.basis_digest != handin.digest:
        return "it was made for another file than the one that counts"
    on = target(adjustment, handin)
    if on is None:
        return "the result has no such question or case" if handin.scored else ""
    basis = adjustment.basis_points
    if basis is not None and to_units(basis) != to_units(on.score):
        return f"the automatic result was {format_number(basis)} and is {format_number(on.score)} now"
    return ""
