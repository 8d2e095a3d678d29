"""Similar submissions: who shares what nobody else has stands out, and who came to the same by himself doesn't."""

from __future__ import annotations

import ast
import json
import os
import random
import re
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import ClassVar

import pytest

from benchmarks import classroom
from grader.models import Assignment, Submission
from grader.sandbox.host import subprocesses
from grader.similarity import limits as similarity_limits
from grader.similarity import parser_process
from grader.similarity.compare import NothingToCompare, SimilarityResult, compare
from grader.similarity.limits import MAX_CHARACTERS, MAX_LINE_CHARACTERS, MAX_NAME, MAX_PIECES
from grader.similarity.page import render
from grader.similarity.parser_process import ParsedAnswer, ParseRequest, ParserPool, ParserProcess
from grader.similarity.side_by_side import SideBySide
from grader.submissions.spool import SubmissionSpool
from tests.factories import ROOT, notebook, submission
from tests.helpers.browsing import Seen
from tests.helpers.processes import Counted
from tests.helpers.similar_code import OWN, helpers
from tests.helpers.terminal import grader_in

# The same by someone who covers it up: other names, other order, comments, hints, docstrings, prints.
COPIED = '''
import numpy as whatever

def standardize(X: "array") -> "array":
    """Rows with mean 0."""
    c = X - X @ whatever.full((X.shape[1], 1), 1 / X.shape[1])   # centre
    n: object = whatever.sqrt((c * c).sum(axis=1, keepdims=True) / X.shape[1])
    print("lengths", n)
    n[n < 1e-9] = whatever.inf
    return (c / n)

def predict(X, parameters, threshold=0.5):
    out = forward(X, parameters).pop()
    labels = whatever.zeros_like(out)
    labels[out > threshold] = 1
    labels[out == threshold] = 1
    return labels

def my_dense_v(A_in, W, b, g):
    return g(z(A_in, W, b))

def cost(Y_hat, Y):
    p = whatever.minimum(whatever.maximum(Y_hat, 3e-14),
                         1 - 3e-14).ravel()
    y = Y.ravel().astype(bool)
    both = whatever.concatenate([whatever.log(p[y]), whatever.log(1 - p[~y])])
    return float(-both.sum() / y.size)

def z(a, w, b):
    s = b * 1.
    for k in range(w.shape[1]):
        s += w[:, [k]] * a[[k], :]
    return s
'''
Found = tuple[SimilarityResult, list[SideBySide]]


class ReadOnce(ParserPool):
    """Readers that remember: most comparisons of this file are of the same 48 notebooks and the same known answers.

    Their processes stay for the next comparison.
    """

    known: ClassVar[dict[ParseRequest, ParsedAnswer]] = {}
    processes: ClassVar[deque[ParserProcess]] = deque()

    def __init__(self, size: int) -> None:
        super().__init__(size)
        self._idle = self.processes

    def __exit__(self, *exception: object) -> None:
        for process in self._busy:
            process.end()

    def parse(self, requests: Iterable[ParseRequest]) -> Iterator[tuple[int, ParsedAnswer]]:
        asked = list(requests)
        new = [one for one in dict.fromkeys(asked) if one not in self.known]
        self.known.update((new[number], answer) for number, answer in super().parse(new))
        return ((number, self.known[one]) for number, one in enumerate(asked))


@pytest.fixture(scope="module", autouse=True)
def read_once() -> Iterator[None]:
    """Read each text once for all comparisons of this file, in processes as ever."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("grader.similarity.compare.ParserPool", ReadOnce)
        yield
    while ReadOnce.processes:
        ReadOnce.processes.pop().end()


def compared(assignment: Assignment, codes: dict[str, str]) -> Found:
    """Compares texts: a notebook's begins with a brace."""
    submissions = [
        submission(code, student, f"{student}.{'ipynb' if code.startswith('{') else 'py'}")
        for student, code in codes.items()
    ]
    return compared_submissions(assignment, submissions)


def compared_submissions(assignment: Assignment, submissions: list[Submission]) -> Found:
    with SubmissionSpool() as contents:
        for one in submissions:
            contents.add(one.content)
        return compare(assignment, submissions, contents)


@cache
def others(size: int) -> dict[str, str]:
    """A class of students who worked by themselves."""
    made = (classroom.notebook(classroom.KINDS[n % 20], n, random.Random(f"7 {n}")) for n in range(size))
    return {f"student-{n:02}": json.dumps(one) for n, one in enumerate(made)}


@pytest.fixture(scope="module")
def planted(digits: Assignment) -> Found:
    """A class of 16, two of whom share five functions, one behind other names."""
    return compared(digits, {**others(14), "ada": OWN, "bob": COPIED})


def test_a_covered_up_copy_comes_first(planted: Found) -> None:
    """Other names, order, comments, hints, docstrings, prints, another way to write += hide nothing."""
    found, _ = planted
    assert [(one.first, one.second) for one in found.pairs] == [("ada", "bob")]
    assert found.compared == 16
    assert found.pairs[0].share > 0.95
    assert set(found.pairs[0].functions) >= {("cost", "cost"), ("layer_of", "z"), ("standardize", "standardize")}


@pytest.mark.long
def test_a_covered_up_copy_among_fifty_is_rare(digits: Assignment) -> None:
    """The more there are to compare with, the less it can be by chance."""
    found, _ = compared(digits, {**others(48), "ada": OWN, "bob": COPIED})
    assert [(one.first, one.second) for one in found.pairs] == [("ada", "bob")]
    assert found.compared == 50
    assert found.pairs[0].share > 0.95
    assert found.pairs[0].bits > found.expected + 5 > found.usual[2]
    assert found.pairs[0].rare > 100
    assert set(found.pairs[0].functions) >= {("cost", "cost"), ("layer_of", "z"), ("standardize", "standardize")}


def test_what_both_have_stands_side_by_side_and_is_marked(planted: Found) -> None:
    """Every line of the copied function but its head, its docstring and its print line is marked on both sides."""
    (sides,) = planted[1]
    row = next(row for row in sides.rows if row.first and row.first.name == "standardize")
    assert row.second is not None
    unmarked = [line.text.strip() for line in row.second.lines if not line.marked]
    assert all(text.startswith(('"""', "print", "def ")) for text in unmarked), unmarked
    assert sum(line.marked for line in row.first.lines) >= 4 if row.first else False


def test_who_copies_a_part_is_found_too(digits: Assignment) -> None:
    """Three functions of another's, the rest of one's own: the amount that nobody else has tells."""
    own, cells = ast.parse(OWN), json.loads(others(14)["student-00"])["cells"]
    mine = [node.name for node in own.body if isinstance(node, ast.FunctionDef)]
    for cell in cells:
        if any(f"def {name}(" in "".join(cell["source"]) for name in mine):
            cell["source"] = ""
    kept = ast.Module([node for node in own.body if getattr(node, "name", "") != "predict"], [])
    bob = [*("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"), ast.unparse(kept)]
    ada = [*OWN.split("\n\n"), *classroom.written("right_tensors").values()][::-1]
    found, _ = compared(digits, {**dict(list(others(14).items())[1:]), "ada": notebook(ada), "bob": notebook(bob)})
    assert [(one.first, one.second) for one in found.pairs] == [("ada", "bob")]


def test_who_works_alone_is_not_pointed_at(digits: Assignment) -> None:
    """In a class whose members chose between the same few ways for each function, no pair stands out."""
    found, _ = compared(digits, others(14))
    assert found.pairs == ()


@pytest.mark.parametrize("size", [2, 5, pytest.param(20, marks=pytest.mark.long)])
def test_right_answers_that_the_author_knows_point_at_nobody(digits: Assignment, size: int) -> None:
    """Independent choices among alternatives.py, in a class of any size."""
    rng = random.Random(size)
    known = alternatives(digits)
    codes = {
        f"s{n}": "import math\nimport numpy as np\nimport tensorflow as tf\n"
        + "\n".join(rng.choice(ways) for ways in known.values())
        for n in range(size)
    }
    assert compared(digits, codes)[0].pairs == ()


def alternatives(assignment: Assignment) -> dict[str, list[str]]:
    """question -> the right answers in alternatives.py, each as a function of the question's name."""
    found: dict[str, list[str]] = {}
    for node in ast.parse((assignment.folder / "alternatives.py").read_text()).body:
        if isinstance(node, ast.FunctionDef) and (match := re.fullmatch(r"right\('(\w+)'\)", decorated(node))):
            question = match[1]
            node.decorator_list, node.name = [], question
            found.setdefault(question, []).append(ast.unparse(node))
    return found


def decorated(function: ast.FunctionDef) -> str:
    return "\n".join(map(ast.unparse, function.decorator_list))


def test_stubs_and_the_solution_say_nothing(digits: Assignment) -> None:
    """Two untouched notebooks are alike, and so are two who wrote just what the author did: nobody asks."""
    stubs = (ROOT / "assignment/digits/digits.ipynb").read_text()
    found, _ = compared(digits, {"ada": stubs, "bob": stubs, "cy": stubs})
    assert found.pairs == () and found.usual == (0, 0, 0)
    solution = digits.notebook.read_text()
    assert compared(digits, {"ada": solution, "bob": solution + "\n"})[0].pairs == ()


def test_the_same_file_is_a_question_even_where_it_says_little(digits: Assignment) -> None:
    """The same bytes, with something of a student's own in them."""
    code = "import numpy as np\ndef my_dense(a_in, W, b, g):\n    z = np.matmul(W, a_in) + 1 * b + 0\n    return g(z)\n"
    (pair,) = compared(digits, {"ada": code, "bob": code, "cy": OWN})[0].pairs
    assert pair.same_file and (pair.first, pair.second) == ("ada", "bob")


@pytest.mark.long
def test_it_is_symmetric_and_deterministic(digits: Assignment, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who is named first, and which process reads what, makes no difference."""
    codes = {**dict(list(others(48).items())[:2]), "ada": OWN, "bob": COPIED}
    found, sides = compared(digits, codes)
    with monkeypatch.context() as patch:
        patch.setattr("grader.similarity.compare.ParserPool", ParserPool)  # all is read anew
        assert (found, sides) == compared(digits, codes)
    turned, _ = compared(digits, dict(reversed(codes.items())))
    (one,), (other,) = found.pairs, turned.pairs
    assert (one.first, one.second) == (other.second, other.first)
    assert (one.bits, one.share) == pytest.approx((other.bits, other.share))


def test_only_what_graded_names_need_is_compared(digits: Assignment) -> None:
    """Training, plots and helpers that no question uses don't count, however alike."""
    extra = "\n\ndef plot(history):\n" + "\n".join(
        f"    a{n} = [history[{n}] * b for b in range({n})]" for n in range(40)
    )
    alone = dict(list(others(48).items())[4:8])
    found, _ = compared(digits, {**alone, "ada": OWN + extra, "cy": CODE + extra})
    assert found.pairs == ()


CODE = "def sigmoid(z):\n    return 1 / (1 + 2.718281828459045 ** -z)\n"


def test_what_cannot_be_read_is_listed_and_nobody_is_dropped(digits: Assignment) -> None:
    """Broken files, hostile depth, endless sums and rejected submissions are told of, and the others are compared."""
    codes = {
        "ada": OWN,
        "bob": COPIED,
        "broken": '{"cells": [',
        "deep": f"def cost(a, b):\n    return {'-' * 100_000}a\n",
        "long": f"def cost(a, b):\n    return {'+'.join(['a'] * 60_000)}\n",
        "nothing": "print(1)\n",
    }
    submissions = [
        submission(code, name, f"{name}.{'ipynb' if name == 'broken' else 'py'}") for name, code in codes.items()
    ]
    submissions.append(Submission("zoe", "zoe.docx", b"", "0", rejection="a .docx can't be graded"))
    found, _ = compared_submissions(digits, submissions)
    assert [(one.first, one.second) for one in found.pairs] == [("ada", "bob")]
    assert set(found.left_out) == {"broken", "deep", "long", "nothing", "zoe"}
    assert found.left_out["zoe"] == "a .docx can't be graded"


def test_a_reader_that_takes_too_long_or_dies_is_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    """The submission that did it is told of, and the next ones are read."""
    monkeypatch.setattr(parser_process, "TIMEOUT_SECONDS", 4.0)
    give, harm = parser_process.ParserProcess.send, {"slow.py": signal.SIGSTOP, "dies.py": signal.SIGKILL}

    def given(self: parser_process.ParserProcess, request: parser_process.ParseRequest) -> None:
        if request.filename in harm:  # as if what it reads had done it
            os.kill(self._process.pid, harm[request.filename])
        give(self, request)

    monkeypatch.setattr(parser_process.ParserProcess, "send", given)
    names = ["a.py", "slow.py", "b.py", "dies.py", "c.py"]
    with parser_process.ParserPool(1) as readers:
        answers = dict(
            readers.parse([parser_process.ParseRequest(CODE.encode(), name, ("sigmoid",)) for name in names])
        )
    assert [len(answers[k].pieces) for k in range(5)] == [1, 0, 1, 0, 1]
    assert [answers[k].problem for k in (1, 3)] == ["takes over 4 s to read", "can't be read within the limits"]


def test_a_reader_has_a_limit_on_its_memory() -> None:
    """The kernel holds it to that, whatever it reads."""
    one = parser_process.ParserProcess()
    try:
        one.send(parser_process.ParseRequest(CODE.encode(), "a.py", ("sigmoid",)))
        assert one.receive()
        limits = Path(f"/proc/{one._process.pid}/limits").read_text()
        assert re.findall(r"Max data size +(\d+)", limits) == [str(similarity_limits.MEMORY_BYTES)]
    finally:
        one.end()


# A reader as it is, but with a second of processor time, and with contents that misbehave.
TROUBLED = (
    "import sys, os; sys.path[:] = {path!r}; from grader.similarity import parser_process as r; answer = r._answer\n"
    "def bad(request):\n"
    "    if request.content == b'spin':\n"
    "        while True: pass\n"
    "    if request.content == b'half': os.write({descriptor}, bytes([0, 0, 16, 0, 1])); import time; time.sleep(60)\n"
    "    if request.content == b'huge': return r.ParsedAnswer(problem='x' * r.MAX_ANSWER_BYTES)\n"
    "    if request.content == b'fat': del [bytes(range(256)) * (r.RESTART_BYTES // 200)][:]\n"
    "    return answer(request)\n"
    "r._answer, r.CPU_SECONDS = bad, 0; r.main({descriptor}, {parent})"
)


def test_what_breaks_a_limit_is_told_and_the_rest_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """Time of the processor, an answer that doesn't end, one that is too large; and memory that a reader kept."""
    monkeypatch.setattr(parser_process, "START_COMMAND", TROUBLED)
    monkeypatch.setattr(parser_process, "TIMEOUT_SECONDS", 15.0)  # a busy machine starts a process in 6
    contents = [CODE.encode(), b"spin", b"half", b"huge", b"fat", CODE.encode(), CODE.encode()]
    started = Counted(subprocesses.start_process)
    monkeypatch.setattr(subprocesses, "start_process", started)
    with parser_process.ParserPool(1) as readers:
        answers = dict(
            readers.parse([parser_process.ParseRequest(content, "a.py", ("sigmoid",)) for content in contents])
        )
    assert [answers[k].problem for k in (1, 2, 3)] == [
        f"takes over {similarity_limits.CPU_SECONDS} s of processor time to read",
        "takes over 15 s to read",
        "can't be read within the limits",
    ]
    assert [len(answers[k].pieces) for k in (0, 4, 5, 6)] == [1, 0, 1, 1]
    assert answers[4].last and started.times >= 5  # more where a reader took too long to come up


def test_as_much_is_shown_as_can_be_read(digits: Assignment) -> None:
    """Of many functions that two share those that share most, the rest as a number; of long texts the beginning."""
    code = helpers(540, "  # " + "x" * 300)
    found, (sides,) = compared(digits, {"ada": code, "bob": code + "# another file\n", "cy": OWN})
    assert [(one.first, one.second) for one in found.pairs] == [("ada", "bob")]
    assert len(sides.rows) == MAX_PIECES and sides.more == 2 * (541 - MAX_PIECES)
    for row in sides.rows:
        assert row.first and row.second and row.first.name == row.second.name
    shown = [line for row in sides.rows for side in (row.first, row.second) if side for line in side.lines]
    assert sum(len(line.text) for line in shown) <= 2 * (MAX_CHARACTERS + MAX_LINE_CHARACTERS)
    page = render(found, [sides]).decode()
    assert f"And {sides.more} more functions or statements" in page
    assert len(page) < 500_000


def sums(name: str) -> str:
    return " + ".join(f"a.{name} * {n}.25" for n in range(60))


def test_a_class_of_hostile_code_is_compared(digits: Assignment) -> None:
    """Names as long as a file, a class's worth of text, pieces that are nothing: all have a place, none is large."""
    name = "n" * 100_000
    codes = {
        "name": f"def cost(a, b):\n    return {name}(a)\ndef {name}(a):\n    return {sums('name')}\n",
        "text": helpers(60, "  # " + "y" * 19_000),
        "tuple": f"{', '.join(f'v{n}' for n in range(9000))} = cost = {sums('tuple')}\n",
    }
    twice = {f"{kind} {n}": code + "#" * n for kind, code in codes.items() for n in range(2)}
    found, sides = compared(digits, {**twice, "ada": OWN, "bob": COPIED})
    assert ("ada", "bob") in [(one.first, one.second) for one in found.pairs]
    assert {one.first.split()[0] for one in found.pairs} >= {"name", "text", "tuple"}
    assert len(render(found, sides)) < 6_000_000
    assert max(len(name) for one in found.pairs for both in one.functions for name in both) <= MAX_NAME


def test_a_class_of_one_cannot_be_compared(digits: Assignment) -> None:
    with pytest.raises(NothingToCompare, match="comparing needs two submissions"):
        compared(digits, {"ada": OWN})


def test_the_page_shows_names_and_code_as_text(digits: Assignment) -> None:
    """Whatever names and code hold, no tag and no invisible sign of theirs gets into the page."""
    name, evil = "<script>alert(1)</script>", OWN + "\n\ndef sigmoid(z):\n    # \u202e <img src=x onerror=alert(1)>\n"
    evil += "    return 0.25 * (2 + 2 * np.tanh(z * 0.5) + 0 * z) + 0.5 - 0.25 * 2 + 0 * np.arctan(z)\n"
    other = evil.replace("OWN", "own") + "# another file\n"
    text = render(*compared(digits, {name: evil, "bob": other})).decode()
    assert "<script>" not in text and "<img" not in text and "\u202e" not in text
    assert "&lt;script&gt;" in text and "&lt;img src=x" in text and "\\u202e" in text
    assert "Did &lt;script&gt;alert(1)&lt;/script&gt; and bob work together?" in text


@pytest.mark.parametrize(("width", "dark"), [(375, False), pytest.param(1280, True, marks=pytest.mark.long)])
def test_the_page_is_readable_on_every_screen(
    planted: Found, tmp_path: Path, page: Callable[..., Seen], width: int, dark: bool
) -> None:
    """Narrow and wide, light and dark: axe finds nothing, nothing is wider than the screen, no style is refused."""
    (tmp_path / "similar.html").write_bytes(render(*planted))
    seen = page(tmp_path / "similar.html", width, dark=dark)
    assert seen.wrong() == []
    assert seen.too_wide() <= 0
    assert seen.page.locator("mark").count() > 20
    assert seen.violations() == []


def test_the_command(tmp_path: Path) -> None:
    """It prints a table or JSON, writes the page, and ends with 0; a folder with one student in it is a sentence."""
    folder = tmp_path / "class"
    folder.mkdir()
    for name, code in (("ada.py", OWN), ("bob.ipynb", notebook(COPIED.split("\n\n"))), ("cy.py", CODE)):
        (folder / name).write_text(code)
    command = ("similar", "--assignment", "solutions/digits", "--out", tmp_path / "out")
    done = grader_in(ROOT, *command, "--json", folder)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert [(one["first"], one["second"]) for one in found["pairs"]] == [("ada", "bob")]
    assert b"Did ada and bob work together?" in (tmp_path / "out/similar.html").read_bytes()
    alone = grader_in(ROOT, *command, folder / "cy.py")
    assert alone.returncode == 2 and len(alone.stderr.splitlines()) == 1
