"""Show two submissions side by side: pair their pieces, and mark the lines that both have."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from grader.similarity.fingerprints import WIDTH, Hashes, Piece
from grader.similarity.limits import MAX_CHARACTERS, MAX_LINE_CHARACTERS, MAX_LINES, MAX_PIECES
from grader.similarity.scoring import QuestionCode

MIN_MARKED_BITS = 0.5  # a fingerprint with fewer bits isn't marked

Places = NDArray[np.intp]


@dataclass(frozen=True)
class CodeLine:
    """Line of a piece; `marked` if both submissions have it."""

    number: int
    text: str
    marked: bool


@dataclass(frozen=True)
class PieceView:
    """A piece of one submission as a page shows it."""

    name: str
    place: str
    lines: tuple[CodeLine, ...]
    cut: bool  # the piece has more lines


@dataclass(frozen=True)
class CodeRow:
    """Pieces side by side; None for an empty side."""

    first: PieceView | None
    second: PieceView | None


@dataclass(frozen=True)
class SideBySide:
    """Common code of two submissions, side by side."""

    rows: tuple[CodeRow, ...]
    more: int  # number of further pieces with common code


@dataclass(frozen=True)
class FingerprintTable:
    """Fingerprints of a submission, one piece after another; arrays have shape (n_prints,)."""

    pieces: Sequence[Piece]
    prints: Hashes
    owner: Places  # index of the piece of each fingerprint
    marked: NDArray[np.bool_]  # whether it has at least MIN_MARKED_BITS

    @classmethod
    def from_pieces(cls, pieces: Sequence[Piece], questions: Mapping[str, QuestionCode]) -> FingerprintTable:
        """Return the table of the pieces of a submission."""
        each = [piece.hashes() for piece in pieces]
        prints = np.concatenate([*each, np.empty(0, dtype=np.uint64)])
        sizes = [len(hashes) for hashes in each]
        asked = np.repeat(np.array([piece.question for piece in pieces], dtype=object), sizes)
        marked = np.zeros(len(prints), dtype=bool)
        for name in {piece.question for piece in pieces} & questions.keys():
            here = asked == name
            marked[here] = questions[name].bits_of(prints[here]) >= MIN_MARKED_BITS
        return cls(pieces, prints, np.repeat(np.arange(len(pieces)), sizes), marked)


def side_by_side(first: Sequence[Piece], second: Sequence[Piece], questions: Mapping[str, QuestionCode]) -> SideBySide:
    """Return the pieces with common code, those that share most beside each other.

    The time is linear in the number of pieces, apart from MAX_PIECES of each that are compared with each other.
    """
    one, other = FingerprintTable.from_pieces(first, questions), FingerprintTable.from_pieces(second, questions)
    shared = np.intersect1d(one.prints[one.marked], other.prints[other.marked])
    left, left_prints, left_count = _sharing_pieces(one, shared)
    right, right_prints, right_count = _sharing_pieces(other, shared)
    common = left_prints @ right_prints.T
    order = sorted((-int(common[i, k]), i, k) for i, k in np.argwhere(common > 0).tolist())
    partner: dict[int, int] = {}
    taken: set[int] = set()
    for _, i, k in order:
        if i not in partner and k not in taken:
            partner[i] = k
            taken.add(k)
    pairs: list[tuple[int | None, int | None]] = [(i, partner.get(i)) for i in range(len(left))]
    pairs += [(None, k) for k in range(len(right)) if k not in taken]
    lefts, rights = _views(first, left, shared), _views(second, right, shared)
    rows = (CodeRow(lefts[i] if i is not None else None, rights[k] if k is not None else None) for i, k in pairs)
    return SideBySide(tuple(rows), left_count - len(left) + right_count - len(right))


def function_names(shown: SideBySide) -> tuple[tuple[str, str], ...]:
    """Return the names of similar pieces: name in the first, name in the second submission; empty for no piece."""
    return tuple((row.first.name if row.first else "", row.second.name if row.second else "") for row in shown.rows)


def _sharing_pieces(table: FingerprintTable, shared: Hashes) -> tuple[list[int], NDArray[np.float32], int]:
    """Return the up to MAX_PIECES pieces that hold most of the shared fingerprints, and how many pieces hold any.

    The array of shape (n_pieces, n_shared) has 1 where a returned piece holds a shared fingerprint.
    """
    inside = _in_sorted(table.prints, shared)
    at, owner = np.searchsorted(shared, table.prints[inside]), table.owner[inside]
    owned = np.unique(np.stack([owner, at], axis=1), axis=0)
    counts = np.bincount(owned[:, 0], minlength=len(table.pieces))
    chosen = np.sort(np.argsort(-counts, kind="stable")[: min(MAX_PIECES, np.count_nonzero(counts))])
    contains = np.zeros((len(chosen), len(shared)), dtype=np.float32)
    rows = np.full(len(table.pieces), -1)
    rows[chosen] = np.arange(len(chosen))
    owned = owned[rows[owned[:, 0]] >= 0]
    contains[rows[owned[:, 0]], owned[:, 1]] = 1
    return chosen.tolist(), contains, int(np.count_nonzero(counts))


def _views(pieces: Sequence[Piece], chosen: Sequence[int], shared: Hashes) -> list[PieceView]:
    """Return the chosen pieces as a page shows them, up to MAX_CHARACTERS."""
    views, room = [], MAX_CHARACTERS
    for piece in (pieces[k] for k in chosen):
        marked, texts = _marked(piece, shared), piece.text.split("\n", MAX_LINES)
        lines = []
        for number, text in enumerate(texts[:MAX_LINES], piece.first):
            if room <= 0:
                break
            lines.append(CodeLine(number, text[:MAX_LINE_CHARACTERS], number in marked))
            room -= len(text[:MAX_LINE_CHARACTERS])
        views.append(PieceView(piece.name, piece.place, tuple(lines), len(texts) > len(lines)))
    return views


def _marked(piece: Piece, shared: Hashes) -> set[int]:
    """Return the numbers of the lines of which at least half of the tokens are shared."""
    begins = np.flatnonzero(_in_sorted(piece.hashes(), shared))
    covered = np.zeros(len(piece.lines) + 1, dtype=int)
    np.add.at(covered, begins, 1)
    np.add.at(covered, np.minimum(begins + WIDTH, len(piece.lines)), -1)
    inside = np.cumsum(covered)[:-1] > 0
    lines, at = np.unique(np.array(piece.lines, dtype=int), return_inverse=True)
    share = np.bincount(at, inside) / np.bincount(at)
    return set(lines[share >= 0.5].tolist())


def _in_sorted(prints: Hashes, shared: Hashes) -> NDArray[np.bool_]:
    """Return which fingerprints are in `shared`, which is sorted; np.isin would sort it in every call."""
    if not len(shared):
        return np.zeros(len(prints), dtype=bool)
    found: NDArray[np.bool_] = shared[np.searchsorted(shared, prints).clip(max=len(shared) - 1)] == prints
    return found
