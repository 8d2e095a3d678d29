"""How alike each two submissions are, in tosses of a coin: 10 is as improbable as ten tosses that all fall as foretold.

A fingerprint that two have in common says the less, the more others have it too. How many do is judged by the rest
of the class, and by SUPPOSED more students who stand for what the author knows: of those most write what the solution
has, some what other known answers have, and a few whatever two are found to have. So what the whole class has says
nothing, nor do the short answers that are obvious, and a small class can be compared as well.

Within a function one choice brings about the rest, so a function counts once, however long it is: the mean of what its
fingerprints say, in proportion to how many are shared. That can't see how much code two share with hardly anybody else.
So this is counted too: a fingerprint of no known answer as 1 where only the two have it, as 1/2 where three do.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from grader.similarity.fingerprints import Hashes

ASSUMED_STUDENTS = 20  # students beside those of the class
ASSUMED_WITH_SOLUTION = 16  # of whom so many write what the solution has,
ASSUMED_WITH_KNOWN = 8  # so many what another known answer has,
ASSUMED_WITH_ANY = 2  # and so many any other thing
MIN_PRINTS = 24  # fingerprints, three lines or so: what is shorter counts less than a whole function
MARGIN_BITS = (
    10  # tosses beyond what one pair of the class reaches by chance: so much stands out in one class of a thousand
)
NEARLY_ALL_SHARE, NEARLY_ALL_MARGIN_BITS = 0.95, 2  # who shares so much of it all stands out with less,
MIN_BITS = 10  # but not with less than this
MIN_RARE_PRINTS = (
    100  # fingerprints, some 12 lines, that hardly anybody else has: who shares them stands out in any case
)
BLOCK_SIZE = 256  # submissions that are compared with all others at a time

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Pair:
    """Two submissions, by their places."""

    first: int
    second: int
    bits: float
    share: float  # of all that is told by the one of whom less can be told, 0 to 1
    rare: float  # fingerprints that hardly anybody else has


@dataclass(frozen=True)
class Background:
    """What explains likeness, whoever wrote it."""

    given: Hashes  # in what students receive
    solution: Hashes
    known: Hashes  # in the other answers that the author knows

    def assumed_counts(self, prints: Hashes) -> NDArray[np.int64]:
        """How many of the supposed students write each of these."""
        return np.where(
            np.isin(prints, self.solution),
            ASSUMED_WITH_SOLUTION,
            np.where(np.isin(prints, self.known), ASSUMED_WITH_KNOWN, ASSUMED_WITH_ANY),
        )


@dataclass(frozen=True)
class QuestionCode:
    """What the class wrote for one question: fingerprints, sorted, and what each says when two have it."""

    prints: Hashes
    bits: Floats
    groups: list[tuple[NDArray[np.intp], float, float]]  # who has the same: submissions, what it says, how rare it is
    sizes: Floats  # of each submission: how many it has, no less than SHORT

    @classmethod
    def from_submissions(cls, works: Sequence[Hashes], background: Background) -> QuestionCode:
        """From the fingerprints of each submission, without repetition."""
        every, owner = np.concatenate(works), np.repeat(np.arange(len(works)), [len(prints) for prints in works])
        telling = ~np.isin(every, background.given)
        every, owner = every[telling], owner[telling]
        sizes = np.bincount(owner, minlength=len(works))
        order = np.argsort(every, kind="stable")
        prints, begins, counts = np.unique(every[order], return_index=True, return_counts=True)
        supposed = background.assumed_counts(prints)
        others = counts - 1 + supposed
        rare = (supposed == ASSUMED_WITH_ANY) / np.maximum(counts - 1, 1)
        says = -np.log2(others / (len(works) - 1 + ASSUMED_STUDENTS))
        together: dict[bytes, Floats] = defaultdict(lambda: np.zeros(2))
        for owners, told in zip(np.split(owner[order], begins[1:]), np.stack([says, rare], axis=1), strict=False):
            together[owners.tobytes()] += told
        groups = [(np.frombuffer(key, dtype=np.intp), float(told[0]), float(told[1])) for key, told in together.items()]
        return cls(prints, says, groups, np.maximum(sizes, MIN_PRINTS).astype(float))

    def bits_of(self, prints: Hashes) -> Floats:
        """What each of these says when two have it: nothing where students were given it."""
        if not len(self.prints):
            return np.zeros(len(prints))
        at = np.searchsorted(self.prints, prints).clip(max=len(self.prints) - 1)
        return np.where(self.prints[at] == prints, self.bits[at], 0.0)

    def add_shared_bits(self, tosses: Floats, rare: Floats, first: int) -> None:
        """Adds what is shared in this question to the rows of two tables that begin with submission `first`."""
        last, amounts = first + len(tosses), np.zeros_like(tosses)
        for owners, says, rarity in self.groups:
            here = owners[np.searchsorted(owners, first) : np.searchsorted(owners, last)]
            if len(owners) > 1 and len(here):
                table = np.ix_(here - first, owners)
                amounts[table] += says
                rare[table] += rarity
        tosses += amounts / np.minimum(self.sizes[first:last, None], self.sizes[None, :])

    def self_similarity(self) -> Floats:
        """What each submission would share with a copy of itself."""
        told = np.zeros(len(self.sizes))
        for owners, says, _ in self.groups:
            told[owners] += says
        return told / self.sizes


def weigh_questions(
    works: Sequence[Mapping[str, Hashes]], names: Sequence[str], background: Background
) -> dict[str, QuestionCode]:
    """For each question, what the class wrote for it."""
    nothing = np.empty(0, dtype=np.uint64)
    return {
        name: QuestionCode.from_submissions([work.get(name, nothing) for work in works], background) for name in names
    }


@dataclass(frozen=True)
class Ranking:
    """The pairs that stand out, the most alike first, and what is usual."""

    pairs: list[Pair]
    more: int  # pairs that stand out too, left out
    usual: tuple[float, float, float]  # tosses that 50, 10 and 1 of 100 pairs exceed
    expected: float  # tosses that one pair of a class of this size reaches by chance


def rank_pairs(questions: Mapping[str, QuestionCode], same: NDArray[np.int64], most: int) -> Ranking:
    """The pairs that stand out. Submissions with the same number in `same` do without more ado.

    No more is in memory at a time than a block of the table of all pairs.
    """
    size = len(same)
    expected = float(np.log2(max(size * (size - 1) / 2, 1)))  # among so many pairs one reaches this by chance
    alone = sum((question.self_similarity() for question in questions.values()), np.zeros(size))
    found, count, histogram = list[Pair](), 0, np.zeros(10_000, dtype=np.int64)
    for first in range(0, size, BLOCK_SIZE):
        tosses, rare = np.zeros((2, min(BLOCK_SIZE, size - first), size))
        for question in questions.values():
            question.add_shared_bits(tosses, rare, first)
        rows = np.arange(first, first + len(tosses))
        upper = np.arange(size)[None, :] > rows[:, None]
        histogram += np.bincount((tosses[upper] * 10).astype(int).clip(max=9_999), minlength=10_000)
        less = np.minimum(alone[rows][:, None], alone[None, :])
        share = np.divide(tosses, less, out=np.ones_like(tosses), where=less > 0).clip(max=1)
        out = tosses >= expected + MARGIN_BITS
        out |= (share >= NEARLY_ALL_SHARE) & (tosses >= max(expected + NEARLY_ALL_MARGIN_BITS, MIN_BITS))
        out |= rare >= MIN_RARE_PRINTS
        at, columns = np.nonzero(upper & (out | (same[rows][:, None] == same[None, :])))
        count += len(at)
        # Where all hand in one file half a million pairs stand out: only those that may be shown become objects.
        order = np.lexsort((columns, at, -share[at, columns], -tosses[at, columns].round(6)))[:most]
        found += [
            Pair(first + row, column, *(float(table[row, column]) for table in (tosses, share, rare)))
            for row, column in zip(at[order].tolist(), columns[order].tolist(), strict=True)
        ]
        found = sorted(found, key=lambda pair: (-round(pair.bits, 6), -pair.share, pair.first, pair.second))[:most]
    return Ranking(found, count - len(found), _usual(histogram), expected)


def _usual(histogram: NDArray[np.int64]) -> tuple[float, float, float]:
    heaped = np.cumsum(histogram) / max(histogram.sum(), 1)
    half, tenth, hundredth = (float(np.searchsorted(heaped, part)) / 10 for part in (0.5, 0.9, 0.99))
    return half, tenth, hundredth
