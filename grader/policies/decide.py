"""Which hand-in counts, and with how many points. docs/decisions/2026-11-30-policies.md has the reasons."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from msgspec.structs import replace

from grader._util.wording import format_number
from grader.policies.corrections import Corrector, adjustment_line, applies, flags, holding, settled
from grader.policies.dates import add_days
from grader.policies.lateness import ON_TIME, Lateness, StudentDeadline, early_bonus, kept_points, late_sentence
from grader.policies.points import to_points, to_units
from grader.policies.policy import LateRule, Policy
from grader.policies.records import Adjustment, Extension, Grade, GradeState, HandIn, LedgerLine, LineKind

WITHOUT_RESULT = {
    "missing": "nothing was handed in",
    "waiting": "not graded yet",
    "rejected": "the file could not be read",
}
NONE_USED = (0,)  # late days of other assignments
BEFORE_ALL = datetime(1970, 1, 1, tzinfo=UTC)  # when a file was received of which nobody knows


def decide(
    handins: Sequence[HandIn],
    policy: Policy,
    extensions: Sequence[Extension] = (),
    adjustments: Sequence[Adjustment] = (),
    *,
    max_score: float = 0.0,
    days_used: Collection[int] = NONE_USED,
) -> Grade:
    """Return the grade of a student from their hand-ins, extensions and adjustments, in whatever order they come.

    :param max_score: points of the assignment, for a student whose hand-ins don't say it
    :param days_used: late days that other assignments took of a budget that the course shares, as `days_after`
        returns them; the best for the student counts
    """
    best: Grade | None = None
    for _, student, ordered, times in _situations(handins, policy, extensions, adjustments, max_score, days_used):
        grade = student.grade(ordered, times)
        if best is None or grade.final > best.final:
            best = grade
    assert best is not None  # there is at least one due date, which may be None
    return best


def worth(
    handins: Sequence[HandIn],
    policy: Policy,
    extensions: Sequence[Extension] = (),
    adjustments: Sequence[Adjustment] = (),
    *,
    max_score: float = 0.0,
    days_used: Collection[int] = NONE_USED,
) -> dict[int, Grade]:
    """Return number of a hand-in -> the grade that it would give if it counted, for those that have a result.

    That of the hand-in that counts is the final grade.
    """
    best: dict[int, Grade] = {}
    for _, student, ordered, times in _situations(handins, policy, extensions, adjustments, max_score, days_used):
        for handin, grade in student.each(ordered, times):
            if handin.number not in best or grade.final > best[handin.number].final:
                best[handin.number] = grade
    return best


def days_after(
    handins: Sequence[HandIn],
    policy: Policy,
    extensions: Sequence[Extension] = (),
    adjustments: Sequence[Adjustment] = (),
    *,
    days_used: Collection[int] = NONE_USED,
) -> frozenset[int]:
    """Return how many late days of a shared budget a student may have used after an assignment.

    One number, unless the student has an extension or a result is in doubt: each due date of theirs makes another, and
    what needs a person may have taken any number. All are kept, and the best for the student counts, so that an
    extension of one assignment, or a fault of ours in it, lowers the grade of no other.

    :param days_used: those before it
    """
    found = set[int]()
    for used, student, ordered, times in _situations(handins, policy, extensions, adjustments, 0.0, days_used):
        grade = student.grade(ordered, times)
        found.add(used + grade.late_days)
        if grade.needs_review:
            found.update(range(used, max(used, policy.late.free_days) + 1))
    return frozenset(found)


def _situations(
    handins: Sequence[HandIn],
    policy: Policy,
    extensions: Sequence[Extension],
    adjustments: Sequence[Adjustment],
    max_score: float,
    days_used: Collection[int],
) -> Iterator[tuple[int, _Student, Sequence[HandIn], Sequence[datetime | None]]]:
    """Yield what a grade may be computed by, of which the best for the student holds.

    Late days that were used before, the student with one due date, the hand-ins in their order, and their times.
    """
    ordered = sorted(map(_in_utc, handins), key=_time)
    held = holding(adjustments) if adjustments else []
    known = sorted(days_used) if policy.late.shares_days else NONE_USED
    all_times = _times(ordered)
    for due in own_due_dates(policy, extensions):  # the latest first
        for used in known:
            student = _Student(policy, due, held, used, max_score)
            for times in all_times:
                yield used, student, ordered, times


def own_due_dates(policy: Policy, extensions: Sequence[Extension]) -> Sequence[datetime | None]:
    """Return the due dates of a student, the latest first: the class's, and those of extensions that are later."""
    if policy.due is None:
        return [None]
    if not extensions:
        return [policy.due]
    found = {policy.due}
    for extension in holding(extensions):
        if extension.days is not None:
            found.add(add_days(policy.due, extension.days, policy.zone))
        if extension.until is not None:
            found.add(max(policy.due, extension.until.astimezone(UTC)))
    return sorted(found, reverse=True)


def _in_utc(handin: HandIn) -> HandIn:
    """Return a hand-in with its time in UTC (dates.py says why)."""
    if handin.received is None or handin.received.tzinfo is UTC:
        return handin
    return replace(handin, received=handin.received.astimezone(UTC))


def _time(handin: HandIn) -> tuple[datetime, int]:
    return handin.received or BEFORE_ALL, handin.number


def _times(ordered: Sequence[HandIn]) -> list[list[datetime | None]]:
    """Return when the files were received. The grade is the best that these lists give.

    A file that a fault of ours hit and that was handed in again can count from the first time; it needn't.
    """
    times = [each.received for each in ordered]
    if not any(each.fault for each in ordered):
        return [times]
    faults = {each.digest: each.received for each in reversed(ordered) if each.fault and each.digest}
    first = [faults.get(each.digest) if each.received else None for each in ordered]
    earlier = [min(time, other) if time and other else time for time, other in zip(times, first, strict=True)]
    return [times] if earlier == times else [times, earlier]


class _Candidate(NamedTuple):
    handin: HandIn
    late: Lateness


class _Student:
    """One student with one due date."""

    def __init__(
        self,
        policy: Policy,
        due: datetime | None,
        adjustments: Sequence[Adjustment],
        days_used: int,
        max_score: float,
    ) -> None:
        self.policy = policy
        self.deadline = StudentDeadline(policy, due, policy.late.free_days - days_used)
        self.days_used = days_used
        self.adjustments = adjustments
        self.max_score = max_score

    def grade(self, ordered: Sequence[HandIn], times: Sequence[datetime | None]) -> Grade:
        """Return the grade of hand-ins in their order, which were received at these times."""
        scored = self._scored(ordered, times)
        if not scored:
            return self._without_result(ordered)
        candidates = self._candidates(scored)
        best, place = None, 0
        for index in sorted(range(len(candidates)), key=lambda index: -candidates[index].handin.score):
            if best and self._at_most(candidates[index].handin) < best.final:
                continue
            grade = self._evaluate(*candidates[index])
            if best is None or (grade.final, -index) > (best.final, -place):
                best, place = grade, index
        assert best
        best_handin = candidates[place].handin
        needs_review = any(not self._is_settled(each.handin) for each in candidates) or self._unclear(best_handin)
        state: GradeState = "graded" if self._is_settled(best_handin) else "review"
        flagged = flags(self.adjustments, best_handin) if self.adjustments else ()
        grade = best
        if needs_review or flagged:  # rarely
            grade = replace(best, state=state, needs_review=needs_review, flagged=flagged)
        if not any(self._is_settled(each.handin) for each in candidates):
            without = self._without_result([], best_handin.max_score)
            if without.final > grade.final:
                return replace(without, state="review", needs_review=True)
        return grade

    def each(self, ordered: Sequence[HandIn], times: Sequence[datetime | None]) -> Iterator[tuple[HandIn, Grade]]:
        """Yield the hand-ins that have a result, each with the grade that it would give."""
        for candidate in self._scored(ordered, times):
            yield candidate.handin, self._evaluate(*candidate)

    def _scored(self, ordered: Sequence[HandIn], times: Sequence[datetime | None]) -> list[_Candidate]:
        """Return the hand-ins that have a result, or points of a person in place of one."""
        lateness = self.deadline.lateness
        return [
            _Candidate(each, lateness(time))
            for each, time in zip(ordered, times, strict=True)
            if each.scored or (self.adjustments and self._graded_by_hand(each))
        ]

    def _candidates(self, scored: Sequence[_Candidate]) -> list[_Candidate]:
        """Return the hand-ins of which the best counts: those in time; others only if there is none."""
        in_time = self._in_question([each for each in scored if not each.late.too_late])
        if any(self._is_settled(each.handin) for each in in_time):
            return in_time
        return in_time + self._in_question([each for each in scored if each.late.too_late])

    def _in_question(self, scored: list[_Candidate]) -> list[_Candidate]:
        """Return the hand-ins that `Policy.counts` means.

        Of last and first, that is one; but a hand-in that waits for a person doesn't push out the next one, so that
        a fault of ours can't cost anything.
        """
        if self.policy.counts == "best":
            return scored
        found = []
        for each in reversed(scored) if self.policy.counts == "last" else scored:
            found.append(each)
            if self._is_settled(each.handin):
                break
        return found

    def _is_settled(self, handin: HandIn) -> bool:
        return handin.state != "review" or settled(handin, self.adjustments)

    def _at_most(self, handin: HandIn) -> float:
        """Return points that a grade by this hand-in can't exceed. It saves computing most of them."""
        if self.adjustments:
            return math.inf
        early = self.policy.early.percent if self.policy.early else 0.0
        return handin.score * (1 + early / 100) + 0.01

    def _graded_by_hand(self, handin: HandIn) -> bool:
        """Return whether a person gave an unreadable file its points, so that it counts as the others do."""
        decisions = (each for each in self.adjustments if each.absolute or each.verdict is not None)
        return handin.state == "rejected" and any(each.handin == handin.number for each in decisions)

    def _unclear(self, handin: HandIn) -> bool:
        """Return whether a hand-in is late, and costs something, and nobody knows by how much."""
        return handin.late and handin.received is None and self.policy.late != LateRule()

    def _late_sentence(self, late: Lateness, kept: bool) -> str:
        """Return what lateness did, and what is left of a shared budget if that was too little.

        :param kept: whether the hand-in kept all its points
        """
        sentence, budget = late_sentence(late, self.policy.late, kept), self.policy.late.free_days
        if kept or not self.days_used or late.free == late.periods:
            return sentence
        return f"{sentence} (other assignments took {min(self.days_used, budget)} of {budget} late days)"

    def _without_result(self, ordered: Sequence[HandIn], max_score: float = 0.0) -> Grade:
        """Return the grade of a student of whom nothing is graded: what people gave."""
        rejected = [each for each in ordered if each.state == "rejected"]
        newest = next(iter(reversed(rejected or ordered)), HandIn(0, None, "waiting", max_score=max_score))
        handin = HandIn(newest.number, None, newest.state, 0.0, newest.max_score, digest=newest.digest)
        state: GradeState = handin.state if ordered else "missing"
        grade = self._evaluate(handin, ON_TIME)
        first = LedgerLine("automatic", 0.0, WITHOUT_RESULT[state])
        if any(not each.question and each.absolute for each in self.adjustments if applies(each, handin)):
            state = "graded"
        flagged = flags(self.adjustments, handin)
        return replace(grade, state=state, ledger=(first, *grade.ledger[1:]), flagged=flagged)

    def _evaluate(self, handin: HandIn, late: Lateness) -> Grade:
        """Return the grade that a hand-in would have if it counted."""
        policy = self.policy
        auto, maximum = to_units(handin.score), to_units(handin.max_score or self.max_score)
        steps = _Steps(auto, f"{format_number(handin.score)} of {format_number(to_points(maximum))}")
        mine = [each for each in self.adjustments if applies(each, handin)] if self.adjustments else []
        corrector = Corrector(handin)
        for each in mine:
            if each.question:
                steps.adjust(each, corrector)
        if late.elapsed:
            kept = kept_points(steps.total, maximum, late, policy.late)
            steps.add("late", kept - steps.total, self._late_sentence(late, kept == steps.total))
        elif self._unclear(handin):
            steps.add("late", 0, "late, but no time is known, so nothing is off")
        elif policy.early and (bonus := early_bonus(steps.total, maximum, handin.received, policy)):
            steps.add("early", bonus, f"{policy.early.percent:g} % more for handing in early")
        most = maximum + to_units(policy.bonus)
        steps.limit(most)
        for each in mine:
            if not each.question:
                steps.adjust(each, corrector)
        steps.limit(most)
        return Grade(
            state="graded",
            auto=to_points(auto),
            adjustments=to_points(steps.adjusted),
            penalty=to_points(steps.total - auto - steps.adjusted),
            final=to_points(steps.total),
            max=to_points(maximum),
            handin=handin.number or None,
            late_seconds=int(late.elapsed.total_seconds()),
            late_days=late.free,
            due=self.deadline.due,
            ledger=tuple(steps.lines),
        )


class _Steps:
    """Ledger under construction. Points are in millionths."""

    def __init__(self, auto: int, sentence: str) -> None:
        self.total = auto
        self.adjusted = 0  # by people
        self.lines = [LedgerLine("automatic", to_points(auto), sentence)]

    def add(self, kind: LineKind, change: int, sentence: str) -> None:
        """Add a step of the policy."""
        self.total += change
        self.lines.append(LedgerLine(kind, to_points(change), sentence))

    def adjust(self, adjustment: Adjustment, corrector: Corrector) -> None:
        """Add a step that a person made."""
        change = corrector.change(adjustment, self.total)
        self.total += change
        self.adjusted += change
        self.lines.append(adjustment_line(adjustment, change))

    def limit(self, most: int) -> None:
        """Keep the total within 0 and the most that a grade can be."""
        bound = min(max(self.total, 0), most)
        if bound != self.total:
            word = "less" if bound == 0 else "more"
            self.add("limit", bound - self.total, f"no {word} than {format_number(to_points(bound))}")
