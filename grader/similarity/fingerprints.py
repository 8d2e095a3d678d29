"""What can be compared of a submission: fingerprints of every stretch of WIDTH tokens in what its graded names need.

Every stretch has one, so that what two submissions have in common is found from WIDTH tokens on, about two lines. A
variable counts as how far back in the stretch it was last met, whatever its name.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from functools import lru_cache
from hashlib import blake2b

import msgspec
import numpy as np
from numpy.typing import NDArray

from grader.notebooks.cells import NotebookUnreadable
from grader.notebooks.dependencies import DependencyGraph
from grader.notebooks.statements import Statement, read
from grader.similarity.tokens import Token, import_paths, tokens

WIDTH = 16
MAX_TOKENS = 40_000  # tokens of one submission; those of this repository's assignment have about 1,500
MAX_PIECE_CHARACTERS = 20_000  # characters of a piece that a page can show,
MAX_TOTAL_CHARACTERS = 200_000  # and of all pieces of a submission
MAX_NAME = 200  # characters of a piece's name
MAX_CACHED_TOKEN = 100  # characters of a token whose code is kept

Hashes = NDArray[np.uint64]


class TooLong(Exception):
    """There is more than can be compared."""


class Piece(msgspec.Struct, frozen=True):
    """A statement of a submission, mostly a function: its text, and its fingerprints."""

    name: str
    question: str  # the first one that needs it; empty where none does
    place: str  # "cell 7", or nothing in a module
    first: int  # the number of its first line there
    text: str
    lines: tuple[int, ...]  # of each token
    prints: bytes  # of the stretch that begins at each token, as 8 bytes each

    def hashes(self) -> Hashes:
        return np.frombuffer(self.prints, dtype="<u8")


def pieces(content: bytes, filename: str, graded: Sequence[str], whole: bool = False) -> list[Piece]:
    """The statements that graded names need, imports apart; with `whole`, all there are. Nothing of it is run.

    Raises NotebookUnreadable, TooLong, and what a parser raises on what it can't take.
    """
    statements = read(content, filename).statements
    questions = _questions(statements, graded)
    imports = import_paths(statement.node for statement in statements)
    found, left, room = [], MAX_TOKENS, MAX_TOTAL_CHARACTERS
    for k, statement in enumerate(statements):
        if isinstance(statement.node, ast.Import | ast.ImportFrom) or not (whole or k in questions):
            continue
        here = []
        for token in tokens(statement.node, imports, frozenset(graded)):
            here.append(token)
            if len(here) > left:
                raise TooLong
        left -= len(here)
        if here:
            found.append(_piece(statement, questions.get(k, ""), here, room))
            room -= len(found[-1].text)
    return found


def _questions(statements: Sequence[Statement], graded: Sequence[str]) -> dict[int, str]:
    """For each statement that graded names need: the one that it defines, or else the first that needs it."""
    slices = DependencyGraph(statements)
    named = {k: name for name in graded for k in slices.binders(name)}
    return {k: named.get(k, name) for name in reversed(graded) for k in slices.closure([name])} | named


def _piece(statement: Statement, question: str, found: Sequence[Token], room: int) -> Piece:
    node = statement.node
    first = (node.end_lineno or node.lineno) - statement.source.count("\n")
    name = getattr(node, "name", "") or ", ".join(sorted(statement.names.binds)[:MAX_NAME])
    return Piece(
        name=name[:MAX_NAME],
        question=question,
        place=statement.prefix.rstrip(", "),
        first=max(first, 1),
        text=statement.source[: min(MAX_PIECE_CHARACTERS, room)],
        lines=tuple(token.line for token in found),
        prints=b"".join(_prints(found)),
    )


def _prints(found: Sequence[Token]) -> Iterator[bytes]:
    """The fingerprint of each stretch of WIDTH tokens."""
    met: dict[str, int] = {}
    codes, back = [], []
    for k, token in enumerate(found):
        codes.append((_code if len(token.text) <= MAX_CACHED_TOKEN else _code.__wrapped__)(token.text))
        back.append(k - met.get(token.variable, k) if token.variable else 0)
        if token.variable:
            met[token.variable] = k
    if len(found) < WIDTH:
        return
    windows = np.lib.stride_tricks.sliding_window_view(np.array(back, dtype="<u8"), WIDTH)
    inside = np.where(windows <= np.arange(WIDTH), windows, 0)  # one met before the stretch is new in it
    told = np.lib.stride_tricks.sliding_window_view(np.array(codes, dtype="<u8"), WIDTH)
    for row in np.concatenate([told, inside.astype("<u8")], axis=1):
        yield blake2b(row.tobytes(), digest_size=8).digest()


@lru_cache(maxsize=10_000)
def _code(text: str) -> int:
    return int.from_bytes(blake2b(text.encode("utf-8", "backslashreplace"), digest_size=8).digest(), "little")


__all__ = ["MAX_TOKENS", "WIDTH", "Hashes", "NotebookUnreadable", "Piece", "TooLong", "pieces"]
