"""Fingerprints of a submission: one for every window of WIDTH tokens in the code that its graded names need.

Because every window has a fingerprint, common code is found from WIDTH tokens on, about two lines. A variable is
represented by the distance to its last use in the window, so its name makes no difference.
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
from grader.similarity.limits import MAX_CACHED_TOKEN, MAX_NAME, MAX_PIECE_CHARACTERS, MAX_TOKENS, MAX_TOTAL_CHARACTERS
from grader.similarity.tokens import Token, import_paths, tokens

WIDTH = 16

Hashes = NDArray[np.uint64]


class TooLong(Exception):
    """A submission has more than MAX_TOKENS tokens."""


class Piece(msgspec.Struct, frozen=True):
    """A top-level statement of a submission, mostly a function, with its fingerprints."""

    name: str
    question: str  # the first question that needs it; empty if none does
    place: str  # "cell 7"; empty in a module
    first: int  # number of its first line in the cell or module
    text: str
    lines: tuple[int, ...]  # line number of each token
    prints: bytes  # fingerprint of the window that begins at each token, 8 bytes each

    def hashes(self) -> Hashes:
        """Return the fingerprints as an array of shape (n_windows,)."""
        return np.frombuffer(self.prints, dtype="<u8")


def pieces(content: bytes, filename: str, graded: Sequence[str], all_statements: bool = False) -> list[Piece]:
    """Return the statements that graded names need, or all statements, without imports. Runs no code.

    Raises NotebookUnreadable, TooLong above MAX_TOKENS, and one of UNPARSABLE if the code can't be parsed.
    """
    statements = read(content, filename).statements
    questions = _questions(statements, graded)
    imports = import_paths(statement.node for statement in statements)
    found, left, room = [], MAX_TOKENS, MAX_TOTAL_CHARACTERS
    for k, statement in enumerate(statements):
        if isinstance(statement.node, ast.Import | ast.ImportFrom) or not (all_statements or k in questions):
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
    """Return statement number -> question: the one that the statement defines, else the first one that needs it."""
    graph = DependencyGraph(statements)
    named = {k: name for name in graded for k in graph.binders(name)}
    return {k: named.get(k, name) for name in reversed(graded) for k in graph.closure([name])} | named


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
    """Yield the fingerprint of each window of WIDTH tokens."""
    last_use: dict[str, int] = {}
    codes, back = [], []
    for k, token in enumerate(found):
        codes.append((_code if len(token.text) <= MAX_CACHED_TOKEN else _code.__wrapped__)(token.text))
        back.append(k - last_use.get(token.variable, k) if token.variable else 0)
        if token.variable:
            last_use[token.variable] = k
    if len(found) < WIDTH:
        return
    windows = np.lib.stride_tricks.sliding_window_view(np.array(back, dtype="<u8"), WIDTH)
    inside = np.where(windows <= np.arange(WIDTH), windows, 0)  # a variable used before the window is new in it
    text_codes = np.lib.stride_tricks.sliding_window_view(np.array(codes, dtype="<u8"), WIDTH)
    for row in np.concatenate([text_codes, inside.astype("<u8")], axis=1):
        yield blake2b(row.tobytes(), digest_size=8).digest()


@lru_cache(maxsize=10_000)
def _code(text: str) -> int:
    return int.from_bytes(blake2b(text.encode("utf-8", "backslashreplace"), digest_size=8).digest(), "little")


__all__ = ["MAX_TOKENS", "WIDTH", "Hashes", "NotebookUnreadable", "Piece", "TooLong", "pieces"]
