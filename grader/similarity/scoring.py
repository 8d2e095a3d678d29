"""Score the similarity of each pair of submissions in bits: -log2 of the probability that they share this by chance.

The more students have a fingerprint, the fewer bits it scores when two share it. The frequency is estimated from the
rest of the class and from ASSUMED_STUDENTS more students, who stand for what the author knows: most of them write what
the solution has, some what other known answers have, and a few whatever a pair has in common. So code that the whole
class has scores nothing, short obvious answers score little, and a small class can be compared too.

Within a function one choice determines the rest, so a function counts once, however long it is: the mean of the bits of
its fingerprints, in proportion to how many are shared. This mean doesn't show how much code two students share with
hardly anybody else. Therefore rare fingerprints, those of no known answer, are counted as well: 1 if only the two have
one, 1/2 if three have it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from grader.similarity.fingerprints import Hashes

ASSUMED_STUDENTS = 20  # in addition to the class
ASSUMED_WITH_SOLUTION = 16  # of them, how many write a fingerprint of the solution,
ASSUMED_WITH_KNOWN = 8  # of another known answer,
ASSUMED_WITH_ANY = 2  # and any other fingerprint
MIN_PRINTS = 24  # about 3 lines: a shorter function counts in proportion
MARGIN_BITS = 10  # above what one pair of the class reaches by chance: expected in one class of a thousand
NEARLY_ALL_SHARE, NEARLY_ALL_MARGIN_BITS = 0.95, 2  # a pair that shares nearly everything needs less,
MIN_BITS = 10  # but at least this
MIN_RARE_PRINTS = 100  # about 12 lines that hardly anybody else has: a pair that shares them always stands out
BLOCK_SIZE = 256  # submissions that are compared with all others at once; bounds the memory

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class ScoredPair:
    """Two submissions, by their index."""

    first: int
    second: int
    bits: float
    share: float  # shared bits, as a share of all bits of the submission that has fewer, 0 to 1
    rare: float  # shared fingerprints that hardly anybody else has


@dataclass(frozen=True)
class Background:
    """Fingerprints of code that explains similarity."""

    given: Hashes  # of the files that students receive
    solution: Hashes
    known: Hashes  # of the other known answers

    def assumed_counts(self, prints: Hashes) -> NDArray[np.int64]:
        """Return how many of the assumed students write each fingerprint; shape (n_prints,)."""
        return np.where(
            np.isin(prints, self.solution),
            ASSUMED_WITH_SOLUTION,
            np.where(np.isin(prints, self.known), ASSUMED_WITH_KNOWN, ASSUMED_WITH_ANY),
        )


@dataclass(frozen=True)
class QuestionCode:
    """Fingerprints of the whole class for one question, sorted, with their bits."""

    prints: Hashes
    bits: Floats
    # Fingerprints that the same submissions have, summed up: indices of the submissions, bits, rarity
    groups: list[tuple[NDArray[np.intp], float, float]]
    sizes: Floats  # number of fingerprints of each submission, at least MIN_PRINTS; shape (n_submissions,)

    @classmethod
    def from_submissions(cls, works: Sequence[Hashes], background: Background) -> QuestionCode:
        """Return the code of a class, given the distinct fingerprints of each submission."""
        every, owner = np.concatenate(works), np.repeat(np.arange(len(works)), [len(prints) for prints in works])
        own = ~np.isin(every, background.given)
        every, owner = every[own], owner[own]
        sizes = np.bincount(owner, minlength=len(works))
        order = np.argsort(every, kind="stable")
        prints, begins, counts = np.unique(every[order], return_index=True, return_counts=True)
        assumed = background.assumed_counts(prints)
        others = counts - 1 + assumed
        rare = (assumed == ASSUMED_WITH_ANY) / np.maximum(counts - 1, 1)
        bits = -np.log2(others / (len(works) - 1 + ASSUMED_STUDENTS))
        together: dict[bytes, Floats] = defaultdict(lambda: np.zeros(2))
        for owners, scores in zip(np.split(owner[order], begins[1:]), np.stack([bits, rare], axis=1), strict=False):
            together[owners.tobytes()] += scores
        groups = [(np.frombuffer(key, dtype=np.intp), float(both[0]), float(both[1])) for key, both in together.items()]
        return cls(prints, bits, groups, np.maximum(sizes, MIN_PRINTS).astype(float))

    def bits_of(self, prints: Hashes) -> Floats:
        """Return the bits of each fingerprint; 0 for those in the files that students were given."""
        if not len(self.prints):
            return np.zeros(len(prints))
        at = np.searchsorted(self.prints, prints).clip(max=len(self.prints) - 1)
        return np.where(self.prints[at] == prints, self.bits[at], 0.0)

    def add_shared_bits(self, bits: Floats, rare: Floats, first: int) -> None:
        """Add what pairs share in this question to two tables of shape (n_rows, n_submissions).

        :param bits: table of bits; row i is submission `first` + i
        :param rare: table of rare fingerprints, with the same rows
        """
        last, amounts = first + len(bits), np.zeros_like(bits)
        for owners, group_bits, rarity in self.groups:
            here = owners[np.searchsorted(owners, first) : np.searchsorted(owners, last)]
            if len(owners) > 1 and len(here):
                table = np.ix_(here - first, owners)
                amounts[table] += group_bits
                rare[table] += rarity
        bits += amounts / np.minimum(self.sizes[first:last, None], self.sizes[None, :])

    def self_similarity(self) -> Floats:
        """Return the bits that each submission would share with a copy of itself; shape (n_submissions,)."""
        bits = np.zeros(len(self.sizes))
        for owners, group_bits, _ in self.groups:
            bits[owners] += group_bits
        return bits / self.sizes


def weigh_questions(
    works: Sequence[Mapping[str, Hashes]], names: Sequence[str], background: Background
) -> dict[str, QuestionCode]:
    """Return question -> code of the class for it."""
    nothing = np.empty(0, dtype=np.uint64)
    return {
        name: QuestionCode.from_submissions([work.get(name, nothing) for work in works], background) for name in names
    }


@dataclass(frozen=True)
class Ranking:
    """Pairs that stand out, most similar first, and what is usual in the class."""

    pairs: list[ScoredPair]
    more: int  # number of further pairs that stand out
    usual: tuple[float, float, float]  # bits that 50, 10 and 1 of 100 pairs exceed
    expected: float  # bits that one pair of a class of this size reaches by chance


def rank_pairs(questions: Mapping[str, QuestionCode], equal_files: NDArray[np.int64], max_pairs: int) -> Ranking:
    """Return up to `max_pairs` pairs that stand out. Only a block of the table of all pairs is in memory at once.

    :param equal_files: a number for each submission, equal for equal files, whose pairs always stand out
    """
    size = len(equal_files)
    expected = float(np.log2(max(size * (size - 1) / 2, 1)))  # 1 of n pairs reaches log2(n) by chance
    own_bits = sum((question.self_similarity() for question in questions.values()), np.zeros(size))
    found, count, histogram = list[ScoredPair](), 0, np.zeros(10_000, dtype=np.int64)
    for first in range(0, size, BLOCK_SIZE):
        bits, rare = np.zeros((2, min(BLOCK_SIZE, size - first), size))
        for question in questions.values():
            question.add_shared_bits(bits, rare, first)
        rows = np.arange(first, first + len(bits))
        upper = np.arange(size)[None, :] > rows[:, None]
        histogram += np.bincount((bits[upper] * 10).astype(int).clip(max=9_999), minlength=10_000)
        less = np.minimum(own_bits[rows][:, None], own_bits[None, :])
        share = np.divide(bits, less, out=np.ones_like(bits), where=less > 0).clip(max=1)
        out = bits >= expected + MARGIN_BITS
        out |= (share >= NEARLY_ALL_SHARE) & (bits >= max(expected + NEARLY_ALL_MARGIN_BITS, MIN_BITS))
        out |= rare >= MIN_RARE_PRINTS
        at, columns = np.nonzero(upper & (out | (equal_files[rows][:, None] == equal_files[None, :])))
        count += len(at)
        # If a class hands in one file, half a million pairs stand out: only those that may be shown become objects.
        order = np.lexsort((columns, at, -share[at, columns], -bits[at, columns].round(6)))[:max_pairs]
        found += [
            ScoredPair(first + row, column, *(float(table[row, column]) for table in (bits, share, rare)))
            for row, column in zip(at[order].tolist(), columns[order].tolist(), strict=True)
        ]
        found = sorted(found, key=lambda pair: (-round(pair.bits, 6), -pair.share, pair.first, pair.second))[:max_pairs]
    return Ranking(found, count - len(found), _usual(histogram), expected)


def _usual(histogram: NDArray[np.int64]) -> tuple[float, float, float]:
    """Return the bits that 50, 10 and 1 of 100 pairs exceed, from a histogram in steps of 0.1 bits."""
    cumulative = np.cumsum(histogram) / max(histogram.sum(), 1)
    half, tenth, hundredth = (float(np.searchsorted(cumulative, part)) / 10 for part in (0.5, 0.9, 0.99))
    return half, tenth, hundredth
