"""Every regular expression of the grader takes time that is linear in the text it looks at."""

from __future__ import annotations

import ast
import importlib
import itertools
import random
import re
import signal
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

import pytest

from tests.factories import ROOT

# What a pattern is made of; there is no other way.
_constants, _parser = importlib.import_module("re._constants"), importlib.import_module("re._parser")

pytestmark = pytest.mark.thorough  # times each pattern on hundreds of texts
GRADER = ROOT / "grader"
METHODS = ("match", "fullmatch", "search", "findall", "finditer", "sub", "split")
SHORT, LONG = 200, 1600  # characters: eight times as many
QUICK = 200_000  # nanoseconds, in which no machine takes the 1600 ** 2 / 2 steps of a quadratic look at LONG
MOST = 24  # times the processor time: 8 is linear, 64 is quadratic
LOOKS = ((1, 1), (1, 5), (4, 5), (4, 9))  # times the lengths, and tries
SOME = 0.2  # share of the hostile texts in `make test`
CPU_SECONDS = 5.0  # for one text: what is exponential is ended here, and fails

# Patterns that see nothing of what a student wrote, by file and the beginning of the pattern.
AUTHORS = {
    "grading/cases.py": "what pytest tells of the hidden cases",
    "authoring/importers/": "an author's notebook of another tool",
    "assignments/known_answers.py": "an author's known answers",
    "authoring/release": "the solution's notebook",
    "notebooks/solution_regions.py": "the solution's notebook",
    "assignments/settings.py": "assignment.toml",
}


@dataclass(frozen=True)
class Pattern:
    """A pattern where it is used: the file, the pattern itself, and the method that looks through the text."""

    file: str
    line: int
    pattern: Any  # compiled
    method: str

    @property
    def name(self) -> str:
        return f"{self.file}:{self.line} {self.method}"

    def look(self, text: str) -> None:
        """Look through the text as the grader does."""
        subject = text if isinstance(self.pattern.pattern, str) else text.encode("utf-8", "replace")
        found = getattr(self.pattern, self.method)
        if self.method == "sub":
            found(subject[:0], subject)
        elif self.method == "finditer":
            for _ in found(subject):
                pass
        else:
            found(subject)


def calls(nodes: Iterable[ast.AST]) -> Iterator[tuple[ast.Call, str, str]]:
    """Calls of a method of a name: `re.sub(...)`, `WORD.findall(...)`."""
    for node in nodes:
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and isinstance(node.func.value, ast.Name)
        ):
            yield node, node.func.value.id, node.func.attr


def compiled_in(tree: ast.Module, file: str) -> dict[str, tuple[int, Any]]:
    """The names to which a module binds patterns at its top, each with its line and the pattern."""
    module = "grader." + file.removesuffix(".py").replace("/", ".")
    found = {}
    for node in tree.body:
        if isinstance(node, ast.Assign) and ast.unparse(node.value).startswith("re.compile("):
            (name,) = (ast.unparse(target) for target in node.targets)
            found[name] = node.lineno, getattr(importlib.import_module(module), name)
    return found


def files() -> list[str]:
    """All of grader/ in which `re` occurs. Each process of pytest-xdist looks for them, and parses none."""
    texts = {str(path.relative_to(GRADER)): path.read_text() for path in sorted(GRADER.rglob("*.py"))}
    texts = {file: text for file, text in texts.items() if not file.startswith(("authoring/starter/", *AUTHORS))}
    return [file for file, text in texts.items() if re.search(r"\bre\b", text)]


@cache
def patterns(file: str) -> list[Pattern]:
    """Those of a file. One that this doesn't understand is an error: nothing is left out in silence."""
    found: dict[tuple[int, str], Pattern] = {}
    tree = ast.parse((GRADER / file).read_text())
    nodes = list(ast.walk(tree))
    assert "re" not in {alias.asname for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    assert not [node for node in nodes if isinstance(node, ast.ImportFrom) and node.module == "re"], file
    named = compiled_in(tree, file)
    used = set()
    for node, owner, method in calls(nodes):
        if owner == "re" and method not in ("compile", "escape"):
            inline = _inline(node.args[0], file)
            found[node.lineno, method] = Pattern(file, node.lineno, re.compile(inline), method)
        elif owner in named and method in METHODS:
            used.add(owner)
            line, pattern = named[owner]
            found[line, method] = Pattern(file, line, pattern, method)
    compiles = sum(owner == "re" and method == "compile" for _, owner, method in calls(nodes))
    assert compiles == len(named), f"{file} compiles a pattern that isn't a name of the module"
    assert used == set(named), f"{file}: how are {set(named) - used} used?"
    return list(found.values())


def _inline(node: ast.expr, file: str) -> str:
    """A pattern that stands where it is used; a name in it stands for an identifier."""
    if isinstance(node, ast.JoinedStr):
        parts = [part.value if isinstance(part, ast.Constant) else "sigmoid" for part in node.values]
        return "".join(map(str, parts))
    assert isinstance(node, ast.Constant), f"{file}:{node.lineno}: what is this pattern?"
    return str(node.value)


# ---- hostile texts


def letters(pattern: Any) -> list[str]:
    """Signs that a pattern treats differently: its own, and some of each kind."""
    text = pattern.pattern if isinstance(pattern.pattern, str) else pattern.pattern.decode("latin-1")
    own: dict[str, None] = {}

    def walk(node: Any) -> None:
        if isinstance(node, tuple) and len(node) == 2 and node[0] in (_constants.LITERAL, _constants.NOT_LITERAL):
            own[chr(node[1])] = None
        elif isinstance(node, tuple) and len(node) == 2 and node[0] is _constants.RANGE:
            own[chr(node[1][0])] = None
        elif isinstance(node, tuple | list | _parser.SubPattern):
            for part in node:
                walk(part)

    walk(_parser.parse(text, pattern.flags & ~re.UNICODE & ~re.DEBUG if isinstance(pattern.pattern, bytes) else 0))
    return list(dict.fromkeys([*list(own)[:24], *"a0 _\n-.\"'\\"]))


def words(pattern: Any) -> list[str]:
    """Runs of its own signs, which a text must repeat to lead it on: `line `, `www.`, `<h1>`."""
    text = pattern.pattern if isinstance(pattern.pattern, str) else pattern.pattern.decode("latin-1")
    plain = re.sub(r"\\[dD]", "1", re.sub(r"\\[sS]", " ", re.sub(r"\\[wW]", "a", text)))
    plain = re.sub(r"\(\?(?:P<\w+>|:|[=!]|<[=!])|\\|\[\^?|[\])(*+?{}]|\$$|^\^", "", plain)
    return [part for part in re.split(r"\||\.\*|\n", plain) if 1 < len(part) < 60]


def hostile(pattern: Any, share: float = 1.0) -> Iterator[Callable[[int], str]]:
    """Texts of any length that lead the pattern on, and then disappoint it: ten thousand for many patterns.

    :param share: how many of those that have a beginning or an end of their own; the same ones each time
    """
    chance = random.Random(5)
    own = letters(pattern)
    signs = [sign for sign in own if not sign.isalnum()][:12]
    units = [*own, *words(pattern), *("".join(pair) for pair in itertools.permutations(own[:16], 2))]
    starts = ["", *words(pattern)[:6], *signs, *(3 * sign for sign in signs), *(f"a{sign}" for sign in signs)]
    ends = ["", "\0", "!", *"a0\n\\\"'", *signs[:6]]
    for unit in units:
        yield partial(repeated, "", unit, "")
    for start, unit, end in itertools.product(starts, ["a", "0", *signs, *words(pattern)[:6]], dict.fromkeys(ends)):
        if chance.random() < share:
            yield partial(repeated, start, unit, end)


def repeated(start: str, unit: str, end: str, size: int) -> str:
    return start + unit * (size // len(unit)) + end


# ---- how long it takes


@contextmanager
def ended() -> Iterator[None]:
    """What takes too much processor time is ended by a TimeoutError: `re` looks for signals as it goes.

    The time begins again with each call of `begin_again`, because to set a handler costs more than most looks.
    """

    def stop(*_: Any) -> None:
        raise TimeoutError("exponential, or worse than quadratic")

    before = signal.signal(signal.SIGVTALRM, stop)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def begin_again() -> None:
    signal.setitimer(signal.ITIMER_VIRTUAL, CPU_SECONDS)


def taken(pattern: Pattern, text: str, tries: int) -> int:
    """The least processor time in nanoseconds of so many tries."""
    times = []
    for _ in range(tries):
        begin_again()
        begin = time.thread_time_ns()
        pattern.look(text)
        times.append(time.thread_time_ns() - begin)
    return min(times)


def is_quick(pattern: Pattern, text: str) -> bool:
    """Whether even the wall clock, which costs nothing to read, finds less than QUICK."""
    begin_again()
    begin = time.perf_counter_ns()
    pattern.look(text)
    return time.perf_counter_ns() - begin < QUICK


def growth(pattern: Pattern, text: Callable[[int], str], scale: int, tries: int) -> float:
    """How many times as long eight times the text takes."""
    short, long = (taken(pattern, text(length * scale), tries) for length in (SHORT, LONG))
    return long / max(short, 1000)  # below a microsecond is noise


def is_linear(pattern: Pattern, text: Callable[[int], str]) -> bool:
    """A ratio that is too large is looked at again with longer texts, for the machine may have been busy."""
    return is_quick(pattern, text(LONG)) or any(growth(pattern, text, scale, tries) < MOST for scale, tries in LOOKS)


FILES = files()


@pytest.mark.parametrize("file", FILES)
def test_patterns_are_linear(file: str) -> None:
    """Eight times as much of some hostile texts takes about eight times as long."""
    for pattern in patterns(file):
        look_at(pattern, SOME)


@pytest.mark.long
@pytest.mark.parametrize("file", FILES)
def test_patterns_are_linear_in_every_text(file: str) -> None:
    """As above, of all hostile texts."""
    for pattern in patterns(file):
        look_at(pattern, 1.0)


def look_at(pattern: Pattern, share: float) -> None:
    with ended():
        for text in hostile(pattern.pattern, share):
            assert is_linear(pattern, text), f"{pattern.name}: {pattern.pattern.pattern!r} on {text(60)!r}"


# Patterns that have been in the grader, with the method that used them.
SLOW = [
    (r"\([\d, ]*\)|\[[\d, ]*\]|[-\d.e+]*\d", 0, "sub"),  # an hour for a message of 100,000 characters
    (r"\s*(muted|manual posting.*)?\s*", re.IGNORECASE, "fullmatch"),
    (r"(?P<title>.*?)\s*\((?P<id>\d+)\)\s*", 0, "fullmatch"),
    (r"\s*(?:[%!?]|(?P<targets>[\w\s,.\[\]'\"*]+)=\s*[!%])", 0, "match"),
    (r"%{0,2}[\w.*]+\?{1,2}\s*;?\s*$", 0, "match"),
    (r"(\w[\w ,]*?)\s*(?::[^=]*)?=(?!=)", 0, "match"),
    (r'"""(?:[^\\"]+|\\.|"(?!""))*(?:"""|\Z)', re.DOTALL, "finditer"),  # exponential
]


@pytest.mark.parametrize(("text", "flags", "method"), SLOW)
def test_what_is_slower_is_found(monkeypatch: pytest.MonkeyPatch, text: str, flags: int, method: str) -> None:
    """Quadratic and exponential patterns are told from linear ones, by some texts that are made for any pattern."""
    monkeypatch.setattr(sys.modules[__name__], "CPU_SECONDS", 0.5)
    monkeypatch.setattr(sys.modules[__name__], "LOOKS", LOOKS[:2])  # the others take seconds for such a pattern
    slow = Pattern("old.py", 1, re.compile(text, flags), method)
    with pytest.raises((AssertionError, TimeoutError)):
        look_at(slow, SOME)


def test_no_pattern_is_missing() -> None:
    """Every file of the grader that uses `re` is here, or is named as one that reads no student's text."""
    texts = {str(path.relative_to(GRADER)): path.read_text() for path in GRADER.rglob("*.py")}
    using = {file for file, text in texts.items() if "re." in text and "import re\n" in text}
    seen = {file for file in FILES if patterns(file)}
    assert using - seen == {file for file in using if file.startswith((*AUTHORS, "authoring/starter/"))}
    assert all(any(file.startswith(start) for file in using) for start in AUTHORS)
