"""Two submissions side by side: which of their pieces belong together, and which lines both have."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from grader.similar.fingerprints import WIDTH, Hashes, Piece
from grader.similar.pairs import Question

TELLING = 0.5  # tosses: a fingerprint that says less is marked nowhere
LINES = 200  # of a piece on a page


@dataclass(frozen=True)
class Line:
    number: int
    text: str
    marked: bool


@dataclass(frozen=True)
class Side:
    """A piece of one submission as a page shows it."""

    name: str
    place: str
    lines: tuple[Line, ...]
    cut: bool  # there are more lines


@dataclass(frozen=True)
class Row:
    """What stands side by side; a side may be empty."""

    first: Side | None
    second: Side | None


def rows(first: Sequence[Piece], second: Sequence[Piece], questions: Mapping[str, Question]) -> list[Row]:
    """The pieces in which the two have telling fingerprints in common, those that share most beside each other."""
    shared = np.intersect1d(_telling(first, questions), _telling(second, questions))
    left, right = _concerned(first, shared), _concerned(second, shared)
    counts = sorted((-len(np.intersect1d(a, b)), i, k) for i, a in left.items() for k, b in right.items())
    partner: dict[int, int] = {}
    for count, i, k in counts:
        if count and i not in partner and k not in partner.values():
            partner[i] = k
    pairs: list[tuple[int | None, int | None]] = [(i, partner.get(i)) for i in left]
    pairs += [(None, k) for k in right if k not in partner.values()]
    return [Row(_side(first, i, shared), _side(second, k, shared)) for i, k in pairs]


def functions(shown: Sequence[Row]) -> tuple[tuple[str, str], ...]:
    """The names of what is alike, in the first and in the second."""
    return tuple((row.first.name if row.first else "", row.second.name if row.second else "") for row in shown)


def _telling(pieces: Sequence[Piece], questions: Mapping[str, Question]) -> Hashes:
    found = [np.empty(0, dtype=np.uint64)]
    for piece in pieces:
        if piece.question in questions:
            prints = piece.hashes()
            found.append(prints[questions[piece.question].says_of(prints) >= TELLING])
    return np.unique(np.concatenate(found))


def _concerned(pieces: Sequence[Piece], shared: Hashes) -> dict[int, Hashes]:
    found = {k: np.intersect1d(piece.hashes(), shared) for k, piece in enumerate(pieces)}
    return {k: prints for k, prints in found.items() if len(prints)}


def _side(pieces: Sequence[Piece], k: int | None, shared: Hashes) -> Side | None:
    if k is None:
        return None
    piece, marked = pieces[k], _marked(pieces[k], shared)
    texts = piece.text.split("\n")
    lines = (Line(number, text, number in marked) for number, text in enumerate(texts, piece.first))
    return Side(piece.name, piece.place, tuple(list(lines)[:LINES]), len(texts) > LINES)


def _marked(piece: Piece, shared: Hashes) -> set[int]:
    """The lines of which at least half of the tokens stand in what is shared."""
    begins = np.flatnonzero(np.isin(piece.hashes(), shared))
    covered = np.zeros(len(piece.lines) + 1, dtype=int)
    np.add.at(covered, begins, 1)
    np.add.at(covered, np.minimum(begins + WIDTH, len(piece.lines)), -1)
    inside = np.cumsum(covered)[:-1] > 0
    lines = np.array(piece.lines)
    return {line for line in set(piece.lines) if inside[lines == line].mean() >= 0.5}
