"""Which submissions are handed out next, and what becomes of those whose worker died. It knows nothing of Dask."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterable, Sequence

from grader.models import Submission

SECONDS = 1.0  # of work in a batch, where that was measured
MOST = 100  # submissions in a batch
SHARE = 2  # a batch is at most this part of each worker's share of what is left, so that all end together
ALONE = 2  # deaths after which a submission is graded alone
GIVEN_UP = 3  # deaths, the last of them alone, after which a person must look
VAIN = 5  # second tries of what failed on our side that failed again, after which there are no others


class WorkQueue:
    """The submissions that nobody has at the moment."""

    def __init__(self, submissions: Iterable[Submission]) -> None:
        self.waiting = deque(submissions)
        self.suspects: deque[Submission] = deque()  # each is graded alone
        self._elsewhere: dict[str, tuple[Submission, str]] = {}  # student -> the worker that isn't to have it
        self._deaths: Counter[str] = Counter()
        self.failed: dict[str, str] = {}  # student -> the worker whose failure has, or had, a second try elsewhere
        self._vain = 0

    @property
    def left(self) -> bool:
        return bool(self.waiting or self.suspects or self._elsewhere)

    def take(self, where: str, each: float, slots: int, *, only: bool) -> list[Submission]:
        """A batch for a worker that takes `each` seconds for a submission; `only`: there is no other worker."""
        for student, (submission, failed) in self._elsewhere.items():
            if only or where != failed:
                del self._elsewhere[student]
                return [submission]
        size = min(int(SECONDS / max(each, SECONDS / MOST)), -(-len(self.waiting) // (SHARE * slots)))
        return [self.waiting.popleft() for _ in range(min(max(size, 1), len(self.waiting)))]

    def back(self, submissions: Sequence[Submission]) -> None:
        """Those come first again, by no fault of theirs."""
        for submission in reversed(submissions):
            if self._deaths[submission.student] >= ALONE:
                self.suspects.appendleft(submission)
            else:
                self.waiting.appendleft(submission)

    def died(self, submissions: Sequence[Submission], *, alone: bool) -> list[Submission]:
        """Their worker died, perhaps by one of them. Gives those that aren't tried again."""
        self._deaths.update(submission.student for submission in submissions)
        given_up = [one for one in submissions if alone and self._deaths[one.student] >= GIVEN_UP]
        self.back([one for one in submissions if one not in given_up])
        return given_up

    def again(self, submission: Submission, failed: str) -> bool:
        """Whether what failed on our side is tried once more, by another worker."""
        if submission.student in self.failed:
            self._vain += 1
        if submission.student in self.failed or self._vain >= VAIN:
            return False
        self.failed[submission.student] = failed
        self._elsewhere[submission.student] = submission, failed
        return True
