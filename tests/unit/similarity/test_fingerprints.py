"""Fingerprints of code, and pairs of submissions that share them."""

from __future__ import annotations

import ast
import random
import unicodedata

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.similarity import scoring
from grader.similarity.fingerprints import Piece, pieces
from grader.similarity.scoring import Background, QuestionCode, ScoredPair, weigh_questions
from grader.similarity.side_by_side import side_by_side
from grader.similarity.tokens import tokens
from tests.helpers.effort import examples
from tests.helpers.growth import LINEAR, factor
from tests.helpers.processes import Counted
from tests.helpers.similar_code import OWN, helpers

LOCAL = sorted(
    {node.arg for node in ast.walk(ast.parse(OWN)) if isinstance(node, ast.arg)}
    | {node.id for node in ast.walk(ast.parse(OWN)) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
)
NAMES = st.text("abcxyzé_", min_size=1, max_size=8).filter(
    lambda name: name.isidentifier() and name not in ("abs", "as") and unicodedata.is_normalized("NFKC", name)
)


@settings(max_examples=examples(25), deadline=None)
@given(st.lists(NAMES, min_size=len(LOCAL), max_size=len(LOCAL), unique=True), st.randoms(use_true_random=False))
def test_renaming_and_reordering_leave_the_fingerprints_as_they_are(names: list[str], rng: random.Random) -> None:
    """Arguments, variables and helpers may be called whatever is no builtin's name, and functions stand anywhere."""
    renamed = {**dict(zip(LOCAL, names, strict=True)), "layer_of": "helper_of_mine"}
    tree = ast.parse(OWN)
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            node.id = renamed.get(node.id, node.id)
        elif isinstance(node, ast.arg):
            node.arg = renamed[node.arg]
        elif isinstance(node, ast.FunctionDef):
            node.name = renamed.get(node.name, node.name)
    rng.shuffle(tree.body)
    graded = ("my_dense_v", "cost", "predict", "standardize")
    assert prints(OWN, graded) == prints(ast.unparse(tree), graded)


def prints(code: str, graded: tuple[str, ...]) -> dict[str, set[int]]:
    found: dict[str, set[int]] = {}
    for piece in pieces(code.encode(), "a.py", graded):
        found.setdefault(piece.question, set()).update(piece.hashes().tolist())
    assert sum(map(len, found.values())) > 40
    return found


def test_another_operation_or_number_leaves_other_fingerprints() -> None:
    """Renaming is the only thing that is forgiven: which variable stands where still counts."""
    graded = ("cost",)
    for old, new in (
        ("3e-14", "4e-14"),
        ("np.minimum", "np.fmin"),
        ("safe[wanted]", "safe[safe]"),
        ("-parts", "+parts"),
    ):
        assert prints(OWN, graded) != prints(OWN.replace(old, new), graded)


def laid(first: str, second: str) -> tuple[list[Piece], list[Piece], dict[str, QuestionCode]]:
    """The pieces of two modules, and what the two of them wrote for `cost`."""
    read = [pieces(code.encode(), "a.py", ("cost",)) for code in (first, second)]
    works = [{"cost": np.unique(np.concatenate([piece.hashes() for piece in one]))} for one in read]
    nothing = np.empty(0, dtype=np.uint64)
    return read[0], read[1], weigh_questions(works, ["cost"], Background(nothing, nothing, nothing))


@pytest.mark.thorough
def test_two_are_laid_side_by_side_in_linear_time() -> None:
    """However many functions, and lines of one, they have in common; a pair of 1,500 functions took 45 seconds."""
    assert factor(lambda n: laid(helpers(n), helpers(n)), lambda two: side_by_side(*two), 100) < LINEAR

    def lines(many: int) -> str:
        return "def cost(Y_hat, Y):\n" + "".join(f"    Y = Y.x * {n}.5\n" for n in range(many))

    assert factor(lambda n: laid(lines(n), lines(n)), lambda two: side_by_side(*two), 700) < LINEAR


@pytest.mark.parametrize("nested", ["lambda:", "[", "lambda a, b=1, *c:"], ids=["lambdas", "lists", "arguments"])
@pytest.mark.thorough
def test_what_stands_in_each_other_is_looked_at_once(nested: str) -> None:
    """400 lambdas in each other were walked 400 times: 80 kB of them took half a minute."""
    closing = " for x in y]" if nested == "[" else ""
    size = 20 if nested == "[" else 100

    def statement(many: int) -> ast.stmt:
        return ast.parse(f"f = {nested * many} 1{closing * many}").body[0]

    def taken(node: ast.stmt) -> None:
        for _ in range(20):
            list(tokens(node, {}, frozenset()))

    assert factor(statement, taken, size) < LINEAR


def test_a_class_that_hands_in_one_file_is_ranked_without_an_object_for_each_pair(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """All pairs stand out; they are counted, and the first are shown."""
    made = Counted(ScoredPair)
    monkeypatch.setattr(scoring, "ScoredPair", made)
    prints = np.arange(100, dtype=np.uint64)
    nothing = np.empty(0, dtype=np.uint64)
    questions = weigh_questions([{"cost": prints}] * 600, ["cost"], Background(nothing, nothing, nothing))
    ranking = scoring.rank_pairs(questions, np.zeros(600, dtype=np.int64), 50)
    assert [(one.first, one.second) for one in ranking.pairs] == [(0, n) for n in range(1, 51)]
    assert len(ranking.pairs) + ranking.more == 600 * 599 // 2
    assert made.times <= 3 * 50
