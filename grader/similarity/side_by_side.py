"""Two submissions side by side: which of their pieces belong together, and which lines both have."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from grader.similarity.fingerprints import WIDTH, Hashes, Piece
from grader.similarity.scoring import QuestionCode

MIN_MARKED_BITS = 0.5  # tosses: a fingerprint that says less is marked nowhere
MAX_PIECES = 40  # pieces of each of the two that are shown, those that share most
MAX_LINES = 200  # of a piece on a page,
MAX_LINE_CHARACTERS = 500  # characters of a line,
MAX_CHARACTERS = 60_000  # and characters of all that is shown of one

Places = NDArray[np.intp]


@dataclass(frozen=True)
class CodeLine:
    number: int
    text: str
    marked: bool


@dataclass(frozen=True)
class PieceView:
    """A piece of one submission as a page shows it."""

    name: str
    place: str
    lines: tuple[CodeLine, ...]
    cut: bool  # there are more lines


@dataclass(frozen=True)
class CodeRow:
    """What stands side by side; a side may be empty."""

    first: PieceView | None
    second: PieceView | None


@dataclass(frozen=True)
class SideBySide:
    """What two submissions have in common, side by side."""

    rows: tuple[CodeRow, ...]
    more: int  # pieces with something in common that aren't shown


@dataclass(frozen=True)
class FingerprintTable:
    """A submission's fingerprints, one piece after another."""

    pieces: Sequence[Piece]
    prints: Hashes
    owner: Places  # the piece of each
    marked: NDArray[np.bool_]  # whether it says anything

    @classmethod
    def from_pieces(cls, pieces: Sequence[Piece], questions: Mapping[str, QuestionCode]) -> FingerprintTable:
        each = [piece.hashes() for piece in pieces]
        prints = np.concatenate([*each, np.empty(0, dtype=np.uint64)])
        sizes = [len(hashes) for hashes in each]
        asked = np.repeat(np.array([piece.question for piece in pieces], dtype=object), sizes)
        telling = np.zeros(len(prints), dtype=bool)
        for name in {piece.question for piece in pieces} & questions.keys():
            here = asked == name
            telling[here] = questions[name].bits_of(prints[here]) >= MIN_MARKED_BITS
        return cls(pieces, prints, np.repeat(np.arange(len(pieces)), sizes), telling)


def side_by_side(first: Sequence[Piece], second: Sequence[Piece], questions: Mapping[str, QuestionCode]) -> SideBySide:
    """The pieces in which the two have telling fingerprints in common, those that share most beside each other.

    The time is linear in the pieces, but for the ROWS of each that are compared with each other.
    """
    one, other = FingerprintTable.from_pieces(first, questions), FingerprintTable.from_pieces(second, questions)
    shared = np.intersect1d(one.prints[one.marked], other.prints[other.marked])
    (left, holds, many), (right, has, count) = _concerned(one, shared), _concerned(other, shared)
    common = holds @ has.T
    order = sorted((-int(common[i, k]), i, k) for i, k in np.argwhere(common > 0).tolist())
    partner: dict[int, int] = {}
    taken: set[int] = set()
    for _, i, k in order:
        if i not in partner and k not in taken:
            partner[i] = k
            taken.add(k)
    pairs: list[tuple[int | None, int | None]] = [(i, partner.get(i)) for i in range(len(left))]
    pairs += [(None, k) for k in range(len(right)) if k not in taken]
    these, those = (_sides(first, left, shared), _sides(second, right, shared))
    rows = (CodeRow(these[i] if i is not None else None, those[k] if k is not None else None) for i, k in pairs)
    return SideBySide(tuple(rows), many - len(left) + count - len(right))


def function_names(shown: SideBySide) -> tuple[tuple[str, str], ...]:
    """The names of what is alike, in the first and in the second."""
    return tuple((row.first.name if row.first else "", row.second.name if row.second else "") for row in shown.rows)


def _concerned(laid: FingerprintTable, shared: Hashes) -> tuple[list[int], NDArray[np.float32], int]:
    """The ROWS pieces that hold most of what is shared, in their order; which of it each holds; how many there are."""
    inside = _among(laid.prints, shared)
    at, owner = np.searchsorted(shared, laid.prints[inside]), laid.owner[inside]
    held = np.unique(np.stack([owner, at], axis=1), axis=0)
    counts = np.bincount(held[:, 0], minlength=len(laid.pieces))
    chosen = np.sort(np.argsort(-counts, kind="stable")[: min(MAX_PIECES, np.count_nonzero(counts))])
    holds = np.zeros((len(chosen), len(shared)), dtype=np.float32)
    rows = np.full(len(laid.pieces), -1)
    rows[chosen] = np.arange(len(chosen))
    held = held[rows[held[:, 0]] >= 0]
    holds[rows[held[:, 0]], held[:, 1]] = 1
    return chosen.tolist(), holds, int(np.count_nonzero(counts))


def _sides(pieces: Sequence[Piece], chosen: Sequence[int], shared: Hashes) -> list[PieceView]:
    """The chosen pieces as they are shown, as long as there is room."""
    sides, room = [], MAX_CHARACTERS
    for piece in (pieces[k] for k in chosen):
        marked, texts = _marked(piece, shared), piece.text.split("\n", MAX_LINES)
        lines = []
        for number, text in enumerate(texts[:MAX_LINES], piece.first):
            if room <= 0:
                break
            lines.append(CodeLine(number, text[:MAX_LINE_CHARACTERS], number in marked))
            room -= len(text[:MAX_LINE_CHARACTERS])
        sides.append(PieceView(piece.name, piece.place, tuple(lines), len(texts) > len(lines)))
    return sides


def _marked(piece: Piece, shared: Hashes) -> set[int]:
    """The lines of which at least half of the tokens stand in what is shared."""
    begins = np.flatnonzero(_among(piece.hashes(), shared))
    covered = np.zeros(len(piece.lines) + 1, dtype=int)
    np.add.at(covered, begins, 1)
    np.add.at(covered, np.minimum(begins + WIDTH, len(piece.lines)), -1)
    inside = np.cumsum(covered)[:-1] > 0
    lines, at = np.unique(np.array(piece.lines, dtype=int), return_inverse=True)
    share = np.bincount(at, inside) / np.bincount(at)
    return set(lines[share >= 0.5].tolist())


def _among(prints: Hashes, shared: Hashes) -> NDArray[np.bool_]:
    """Whether each is among those that are shared, which are in order: np.isin would sort them every time."""
    if not len(shared):
        return np.zeros(len(prints), dtype=bool)
    found: NDArray[np.bool_] = shared[np.searchsorted(shared, prints).clip(max=len(shared) - 1)] == prints
    return found
