"""The code is written in the words of its field: words that this project coined are gone, and stay gone."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from functools import cache, lru_cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

# Coined word -> the field's word. Neither an identifier nor a comment or docstring may hold one.
COINED = {
    "aside": "quarantined",
    "bench": "known-answer runner",
    "blamed": "failure count",
    "crew": "worker set",
    "door": "isolation",
    "doors": "isolation",
    "equip": "send the assignment",
    "equipped": "with the assignment",
    "errand": "dispatch",
    "errands": "dispatches",
    "greeted": "started",
    "killer": "killing case",
    "killers": "killing cases",
    "lend": "substitute",
    "lending": "substitution",
    "lends": "substitutes",
    "lent": "substituted",
    "manieth": "index, number",
    "mate": "worker",
    "mates": "workers",
    "mend": "fix",
    "mended": "fixed",
    "mends": "fixes",
    "offering": "suggest",
    "parcel": "bundle",
    "parcels": "bundles",
    "patience": "grace period, timeout",
    "tally": "counts",
    "tells": "says, returns, distinguishes",
    "told": "said, described, named",
    "toss": "bit",
    "tosses": "bits",
    "trouble": "error, problem",
    "troubles": "errors, problems",
    "unfit": "invalid",
    "vain": "futile",
    "zoo": "adversarial corpus",
}

# Words of plain English that name nothing in particular: no identifier may hold one.
VAGUE_NAMES = {
    "extreme": "baseline",
    "extremes": "baselines",
    "judged": "results",
    "tried": "attempts",
    "trial": "control submission, attempt",
    "trials": "control submissions, attempts",
    "wish": "request",
    "wishes": "options",
}

# Names of several words, as a part of an identifier.
COINED_NAMES = {"why_not": "reason", "set_aside": "quarantine"}

# Word -> files, or folders with all their files, that may hold it.
EXCEPTIONS = {
    # `lent` is the key of a stored report, and so the name of its field.
    "lent": (
        "grader/models.py",
        "grader/grading/scoring.py",
        "grader/grading/session.py",
        "grader/reports/feedback.py",
        "grader/server/visible.py",
    ),
}

WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")


def words(text: str) -> Iterator[str]:
    """Yield the words of an identifier or a sentence in lower case: of fooBar_baz foo, bar and baz."""
    yield from (word.lower() for word in WORD.findall(text))


@lru_cache(1)  # names and comments are looked for one after the other
def tokens(text: str) -> list[tokenize.TokenInfo]:
    return list(tokenize.generate_tokens(io.StringIO(text).readline))


def names(text: str) -> Iterator[tuple[int, str]]:
    """Yield line and text of each identifier in a module."""
    for token in tokens(text):
        if token.type == tokenize.NAME:
            yield token.start[0], token.string


def prose(text: str) -> Iterator[tuple[int, str]]:
    """Yield line and text of each comment and docstring in a module."""
    for token in tokens(text):
        if token.type == tokenize.COMMENT:
            yield token.start[0], token.string
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            yield getattr(node, "lineno", 1), ast.get_docstring(node, clean=False) or ""


@cache  # most names occur hundreds of times
def coined_in_name(name: str) -> list[str]:
    found = [word for word in words(name) if word in COINED or word in VAGUE_NAMES]
    return found + [phrase for phrase in COINED_NAMES if re.search(rf"(?:^|_){phrase}(?:_|$)", name)]


def may_hold_one(text: str) -> bool:
    """Return whether a coined word is anywhere in a module: splitting all of it into tokens takes seconds."""
    return bool({*words(text)} & (COINED.keys() | VAGUE_NAMES.keys())) or any(name in text for name in COINED_NAMES)


def coined(text: str) -> Iterator[tuple[int, str, str]]:
    """Yield line, word and replacement of each coined word in a module."""
    if not may_hold_one(text):
        return
    for line, name in names(text):
        yield from ((line, word, (COINED | VAGUE_NAMES | COINED_NAMES)[word]) for word in coined_in_name(name))
    for line, sentence in prose(text):
        yield from ((line, word, COINED[word]) for word in words(sentence) if word in COINED)


def problems() -> Iterator[str]:
    """Yield the coined words in the package, with file and line."""
    for path in sorted((ROOT / "grader").rglob("*.py")):
        file = path.relative_to(ROOT).as_posix()
        for line, word, instead in coined(path.read_text(encoding="utf-8")):
            if not file.startswith(EXCEPTIONS.get(word, ())):
                yield f"{file}:{line}: {word!r} is a coined word; write: {instead}"


def test_no_coined_word_is_left() -> None:
    """Names, comments and docstrings use the field's words, so that a newcomer finds them by searching."""
    assert list(problems()) == []


def test_every_exception_is_needed() -> None:
    """A file or folder that no longer holds a word is removed from the table."""
    for word, places in EXCEPTIONS.items():
        for place in places:
            files = [ROOT / place] if place.endswith(".py") else (ROOT / place).rglob("*.py")
            found = {found for file in files for _, found, _ in coined(file.read_text(encoding="utf-8"))}
            assert word in found, f"{place} no longer holds {word!r}: delete it from EXCEPTIONS"


@pytest.mark.parametrize(
    ("planted", "word"),
    [
        ("tally = 1", "tally"),
        ("def _is_told(x): pass", "told"),
        ("class ErrandQueue: pass", "errand"),
        ("x.why_not = ''", "why_not"),
        ("trials = []", "trials"),
        ("x = 1  # the zoo of attacks", "zoo"),
        ('"""What its killers are."""', "killers"),
        ('class A:\n    """Lend it."""', "lend"),
        ('def f():\n    """Say what is told."""', "told"),
    ],
)
def test_a_planted_word_is_found(planted: str, word: str) -> None:
    """In a name, a comment and a docstring alike."""
    assert [found for _, found, _ in coined(f"x = 0\n{planted}" if planted[0] != '"' else planted)] == [word]


@pytest.mark.parametrize(
    "text", ["untold = estimate", "x = 1  # a bold doorway", 'message = "as told"', "a = b.talent"]
)
def test_other_words_are_none(text: str) -> None:
    """A part of another word counts as little as a message, which says what it has to."""
    assert list(coined(text)) == []
