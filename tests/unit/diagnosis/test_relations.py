"""Relations between wrong answers and right ones: each is told, and none by accident."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

from grader.diagnosis.known_answers import NO_ANSWER
from grader.diagnosis.probes import (
    ABSENT,
    MAX_EXTRA_NUMBERS,
    MAX_PROBE_NUMBERS,
    Probe,
    ProbeAnswer,
    Recorder,
    with_value,
)
from grader.diagnosis.relations import RELATIONS, experiments, find_relation
from grader.diagnosis.relations.evidence import MAX_LOST, Evidence, signatures
from grader.diagnosis.relations.leaves import MAX_LEAVES, answer_leaves
from grader.diagnosis.relations.variants import other_arguments

Function = Callable[..., Any]
RNG = np.random.default_rng(7)
NOTEBOOK = b'''
def scale(X, b, g, alpha=0.5):
    """Returns g(alpha X) + b of shape (n, m)."""


def gradients(X, Y):
    """Returns a list of (dW, db), first layer first."""


def train(X, steps):
    """Returns (weights, costs)."""
'''
SIGNATURES = signatures(NOTEBOOK, "d.py")


def answer(function: Function, probe: Probe) -> ProbeAnswer:
    """What a function answers, with the functions that it called and the arguments that it changed."""
    calls: list[Any] = []

    def counted(value: Any) -> Any:
        def call(*args: Any) -> Any:
            calls.append(0)
            return value(*args)

        return call if callable(value) else value

    args = tuple(each.copy() if isinstance(each, np.ndarray) else counted(each) for each in probe.args)
    try:
        value = function(*args, **probe.kwargs)
    except Exception as problem:
        return ProbeAnswer({("raised",): f"error: {type(problem).__name__}: {problem}"})
    changed = {
        ("argument", i): after
        for i, (before, after) in enumerate(zip(probe.args, args, strict=True))
        if isinstance(before, np.ndarray) and not np.array_equal(before, after)
    }
    return with_value(ProbeAnswer(changed, tuple(calls)), deepcopy(value))


@dataclass
class Asked:
    """A function that can be asked more, or the probes again only."""

    function: Function
    probes: list[Probe]
    afresh: Function | None = None  # the function in a new process
    more: bool = False

    def ask(self, probe: Probe) -> ProbeAnswer | None:
        return answer(self.function, probe) if self.more or any(probe is one for one in self.probes) else None

    def ask_afresh(self, probe: Probe) -> ProbeAnswer | None:
        return answer(self.afresh, probe) if self.afresh else None

    def ask_together(self, probes: Sequence[Probe]) -> list[Any] | None:
        return [self.function(*probe.args, **probe.kwargs) for probe in probes] if self.more else None


def evidence(name: str, right: Function, wrong: Function, probes: list[Probe], asked: Asked | None = None) -> Evidence:
    """The evidence on a wrong function."""
    given, expected = ([answer(function, probe) for probe in probes] for function in (wrong, right))
    return Evidence(
        SIGNATURES[name],
        probes,
        given,
        expected,
        [{} for _ in probes],
        lambda words, probe, i: answer(right, probe),
        respondent=asked or Asked(wrong, probes),
    )


def told(name: str, right: Function, wrong: Function, probes: list[Probe]) -> tuple[str, str]:
    """Name and sentence of the relation."""
    return find_relation(evidence(name, right, wrong, probes)) or ("", "")


def told_after_experiments(
    right: Function, wrong: Function, probes: list[Probe], afresh: Function | None = None
) -> tuple[str, str]:
    """Name and sentence of the relation to `scale`, if its function can be asked more."""
    asked = Asked(wrong, probes, afresh, more=True)
    return find_relation(evidence("scale", right, wrong, probes, asked)) or ("", "")


def test_a_solution_that_does_not_end_on_other_arguments_is_asked_seldom() -> None:
    """Each answer that is lost takes the time limit of a call, which no budget counts."""
    found = evidence("scale", scale, lambda X, b, g, alpha=0.5: np.cos(X) * 7, PROBES)
    asked: list[str] = []

    def lost(words: str, probe: Probe, i: int) -> ProbeAnswer:
        asked.append(words)
        return NO_ANSWER

    found._reference = lost
    assert other_arguments(found) is None
    assert len(asked) == MAX_LOST


# ---- arrays


def scale(X: Any, b: Any, g: Any, alpha: float = 0.5) -> Any:
    return g(alpha * X) + b


def calls(*shapes: tuple[int, int]) -> list[Probe]:
    """Calls with other numbers, sizes, and rates."""
    rates = (0.5, 0.25, 2.0, 3.0)
    return [
        Probe((RNG.normal(size=shape), RNG.normal(size=(shape[0], 1)), np.tanh), {"alpha": rates[i % 4]})
        for i, shape in enumerate(shapes)
    ]


PROBES = calls((3, 4), (2, 5), (4, 4), (5, 7), (3, 1), (1, 6))


def scale_of(change: Function) -> Function:
    return lambda *args, **kwargs: change(scale(*args, **kwargs))


ARRAYS: list[tuple[Function, str, str]] = [
    (scale_of(lambda A: -A), "numbers", "negated"),
    (scale_of(lambda A: 2 * A), "numbers", "twice the right ones"),
    (scale_of(lambda A: 3.25 * A), "numbers", "3.25 times"),
    (scale_of(lambda A: A * A.shape[1]), "numbers", "the number of columns of `X` times"),
    (scale_of(lambda A: A / A.shape[1]), "numbers", "divided by the number of columns of `X`"),
    (scale_of(lambda A: A + 0.5), "numbers", "0.5 too large"),
    (scale_of(lambda A: A.round(2)), "numbers", "rounded to 2 decimals"),
    (scale_of(lambda A: 0 * A), "numbers", "0 in every call"),
    (scale_of(lambda A: np.clip(A, -0.5, 0.5)), "numbers", "(-0.5 and 0.5)"),
    (scale_of(lambda A: A.T), "shapes", "is transposed"),
    (scale_of(np.ravel), "shapes", "without their axes"),
    (scale_of(lambda A: A[::-1]), "shapes", "reverse order along its first axis"),
    (scale_of(lambda A: A.mean(axis=1)), "reductions", "the mean over each of the rows"),
    (scale_of(lambda A: None), "returns_none", "None"),
    (scale_of(lambda A: 1.001 * A + 1e-4 * np.sin(A)), "nearly_right", "near the right ones"),
    (lambda X, b, g, alpha: X, "an_argument", "`X` as it came in"),
    (lambda X, b, g, alpha: g(alpha * X), "other_arguments", "zeros in the place of `b`"),
    (lambda X, b, g, alpha: g(alpha * X) - b, "other_arguments", "-`b`"),
    (lambda X, b, g, alpha: scale(X, b, g), "other_arguments", "`alpha` = 0.5"),
    (lambda X, b, g, alpha: scale(X, b, lambda z: z, alpha), "other_arguments", "the identity in the place of `g`"),
    (lambda X, b, g, alpha: g(scale(X, b, g, alpha)), "applied_again", "`g` of the right ones"),
    (lambda X, b, g, alpha: np.hstack([g(alpha * x[:, None]) for x in X.T]) + b, "calls_too_often", "`g` is called"),
    (lambda X, b, g, alpha: scale(X, b, g, alpha) + X, "combined_with_argument", "the right ones plus `X`"),
    (lambda X, b, g, alpha: scale(X, b, g, alpha) - alpha * b, "combined_with_argument", "minus `alpha` times `b`"),
    (lambda X, b, g, alpha: scale(X, b, g, alpha) * X, "combined_with_argument", "the right ones times `X`"),
    (lambda X, b, g, alpha: alpha * X, "combined_with_argument", "`alpha` times `X` and nothing else"),
    (scale_of(lambda A: np.where(A > 0.5, np.sin(A), A)), "by_value", "where the right result is at most"),
    (scale_of(lambda A: np.vstack([A[:2], np.sin(A[2:])])), "wrong_places", "The first 2 rows are always right"),
    (scale_of(lambda A: np.sin(A[:, :1])), "sizes", "is 1; it should be the number of columns of `X`"),
    (scale_of(lambda A: np.sin(A[0])), "sizes", "has 1 axis in each wrong call; it should have 2 axes"),
    (scale_of(lambda A: "text"), "kind", "a text"),
    (lambda X, b, g, alpha: scale(X, b, g, alpha) + (X.shape[0] != X.shape[1]) * np.sin(X), "", ""),
]


@pytest.mark.parametrize(("wrong", "name", "words"), ARRAYS)
def test_a_relation_of_arrays_is_told(wrong: Function, name: str, words: str) -> None:
    """By the most specific that holds."""
    found, sentence = told("scale", scale, wrong, PROBES)
    assert (found, words in sentence) == (name, True), sentence


def test_a_changed_argument_is_told() -> None:
    """Where the values are right."""

    def wrong(X: Any, b: Any, g: Any, alpha: float) -> Any:
        X *= alpha
        return g(X) + b

    assert told("scale", scale, wrong, PROBES)[0] == "changes_arguments"


def test_a_changed_argument_is_told_though_few_values_are_wrong() -> None:
    """They may be wrong because of that: whole numbers can't hold the result."""

    def wrong(X: Any, b: Any, g: Any, alpha: float) -> Any:
        X *= alpha
        return g(X) + b + (X.shape == (1, 6))

    assert told("scale", scale, wrong, PROBES)[0] == "changes_arguments"


def test_exceptions_with_other_words_are_no_other_answers() -> None:
    """Keras makes up a name for each layer, which stands in its messages."""
    counted = iter(range(1000))

    def wrong(X: Any, b: Any, g: Any, alpha: float) -> Any:
        raise ValueError(f"dense_{next(counted)} can't be built")

    assert told("scale", scale, wrong, PROBES) == ("", "")


def test_what_a_call_leaves_behind_is_told() -> None:
    """A function that gives another answer to an equal call has no other relation."""
    seen: list[int] = []

    def wrong(X: Any, b: Any, g: Any, alpha: float) -> Any:
        seen.append(1)
        return scale(X, b, g, alpha) + len(seen)

    assert told("scale", scale, wrong, PROBES)[0] == "differs_between_calls"


# ---- conditions


def test_a_condition_is_told_if_it_fits_several_answers() -> None:
    """Right where the matrix is square, and nowhere else."""
    shapes = (3, 4), (3, 3), (2, 5), (4, 4), (5, 7), (2, 2), (6, 2), (5, 5)

    def wrong(X: Any, b: Any, g: Any, alpha: float) -> Any:
        return scale(X, b, g, alpha) + (X.shape[0] != X.shape[1]) * np.sin(9 * X)

    found, sentence = told("scale", scale, wrong, calls(*shapes))
    assert (found, "`X` is square" in sentence) == ("condition", True)
    assert told("scale", scale, wrong, calls((3, 4), (2, 5), (4, 4)))[0] == ""  # one right answer says nothing


def test_a_property_that_another_kind_explains_as_well_is_not_told() -> None:
    """Square arrays, all of them of integers: nobody knows which of the two it is."""
    probes = calls((3, 4), (2, 5), (4, 4), (3, 3))
    integers = [Probe((probe.args[0].round().astype(int), *probe.args[1:]), probe.kwargs) for probe in probes[2:]]

    def wrong(X: Any, b: Any, g: Any, alpha: float) -> Any:
        return scale(X, b, g, alpha) + (X.shape[0] != X.shape[1]) * np.sin(9 * X)

    assert told("scale", scale, wrong, [*probes[:2], *integers])[0] == ""


def test_a_size_is_told_if_it_stands_out() -> None:
    """Right for small numbers; numbers that are only a little larger say nothing."""

    def wrong(X: Any, b: Any, g: Any, alpha: float) -> Any:
        return scale(X, b, g, alpha) + (np.abs(X).max() > 10) * np.sin(9 * X)

    shapes = [(3, 4), (4, 3), (4, 4), (3, 5)]
    for factor, name in ((1000.0, "magnitude"), (2.6, "")):
        probes = [
            Probe((np.clip(probe.args[0], -1, 1) * size, *probe.args[1:]), {"alpha": 0.5})
            for size in (4.0, 4.0 * factor)
            for probe in calls(*shapes)
        ]
        found, sentence = told("scale", scale, wrong, probes)
        assert found == name, sentence


def test_one_wrong_answer_says_nothing() -> None:
    """A relation that fits a single probe may do so by accident."""

    def wrong(X: Any, b: Any, g: Any, alpha: float) -> Any:
        return scale(X, b, g, alpha) * (-1 if X.shape == (3, 4) else 1)

    assert told("scale", scale, wrong, PROBES) == ("", "")


def test_a_right_function_has_no_relation() -> None:
    """Not one of them."""
    right = evidence("scale", scale, scale, PROBES)
    assert [name for name, relation in RELATIONS.items() if relation(right)] == []


# ---- experiments


def with_X(change: Function, probe: Probe = PROBES[2]) -> Probe:
    """A probe with another X."""
    return Probe((change(probe.args[0]), *probe.args[1:]), probe.kwargs)


def in_blocks(X: Any, b: Any, g: Any, alpha: float) -> Any:
    """Leave the columns out that fill no block of 8."""
    whole = X.shape[1] // 8 * 8 if X.shape[1] > 8 else X.shape[1]
    return np.where(np.arange(X.shape[1]) < whole, scale(X, b, g, alpha), 0)


WIDE = calls((3, 30))[0]
EXPERIMENTS: list[tuple[Function, Probe, str, str]] = [
    (
        lambda X, b, g, alpha: scale(X, b, g, alpha).astype(X.dtype),
        with_X(lambda X: np.arange(X.size).reshape(X.shape)),
        "experiment",
        "the whole numbers as floats",
    ),
    (
        lambda X, b, g, alpha: scale(X, b, g, alpha) * (np.abs(X).max() < 100),
        with_X(lambda X: 1000 * X),
        "experiment",
        "the numbers in `X` scaled down",
    ),
    (
        lambda X, b, g, alpha: np.where(X == 0, 0, scale(X, b, g, alpha)),
        with_X(lambda X: np.diag(np.diag(X))),
        "experiment",
        "0.5 in the place of each 0 in `X`",
    ),
    (
        lambda X, b, g, alpha: scale(X, b, g, min(alpha, 5)),
        Probe(PROBES[0].args, {"alpha": 20.0}),
        "experiment",
        "`alpha` = 0.01",
    ),
    (in_blocks, WIDE, "size", "first 8 columns of `X`"),
]


@pytest.mark.parametrize(("wrong", "probe", "name", "words"), EXPERIMENTS)
def test_one_wrong_answer_is_explained_by_an_experiment(wrong: Function, probe: Probe, name: str, words: str) -> None:
    """The call is right once what the mistake depends on is changed."""
    probes = [*calls((3, 4), (2, 5), (5, 7)), probe]
    found, sentence = told_after_experiments(scale, wrong, probes)
    assert (found, words in sentence) == (name, True), sentence


DEPENDENCES: list[tuple[Function, str, str]] = [
    (lambda X, b, g, alpha: np.cos(b) + 0 * X, "ignores_argument", "when `X` was changed"),
    (lambda X, b, g, alpha: g(alpha * X - X.mean(axis=1, keepdims=True)) + b, "mixes_examples", "other columns of `X`"),
    (lambda X, b, g, alpha: g(alpha * X - X.mean(axis=0)) + b, "mixes_examples", "other rows of `X` and `b`"),
    (lambda X, b, g, alpha: g(alpha * X) + np.sin(b) * np.cos(X), "localised", "Look at the step with `b`"),
]


@pytest.mark.parametrize(("wrong", "name", "words"), DEPENDENCES)
def test_what_the_answers_depend_on_is_told(wrong: Function, name: str, words: str) -> None:
    """Where no relation of the answers holds, and the function is wrong in all calls."""
    found, sentence = told_after_experiments(scale, wrong, calls((3, 4), (2, 5), (5, 7)))
    assert (found, words in sentence) == (name, True), sentence


@pytest.mark.parametrize("label", [0, 1])
def test_wrong_labels_that_are_all_one_are_told(label: int) -> None:
    """As those of another threshold are."""

    def labels(*args: Any, **kwargs: Any) -> Any:
        return (scale(*args, **kwargs) > 0).astype(int)

    def wrong(X: Any, b: Any, g: Any, alpha: float) -> Any:
        return (scale(X, b, g, alpha) > 0.3 - 0.6 * label).astype(int)

    found, sentence = told("scale", labels, wrong, PROBES)
    assert (found, f"wrong is {label} and should be {1 - label}" in sentence) == ("wrong_labels", True), sentence


def test_equal_numbers_are_told_apart_from_zeros() -> None:
    """Biases that are all 0 are equal, too: with 0.5 in the place of each they are still wrong."""

    def wrong(X: Any, b: Any, g: Any, alpha: float) -> Any:
        return scale(X, b, g, alpha) + (len(np.unique(b)) < b.size) * np.sin(9 * X)

    zeros = [Probe((probe.args[0], np.zeros((5, 1)), np.tanh), {"alpha": 0.5}) for probe in calls((5, 4), (5, 6))]
    usual = [
        Probe((probe.args[0], sign * np.abs(probe.args[1]), np.tanh), probe.kwargs)
        for sign, probe in zip((1, -1, 1), calls((3, 4), (4, 5), (5, 7)), strict=True)
    ]
    found, sentence = told_after_experiments(scale, wrong, [*usual, *zeros])
    assert (found, "what becomes of equal ones" in sentence) == ("experiment", True), sentence


def test_labels_that_are_none_are_told() -> None:
    """Such as 2 and 3."""

    def labels(*args: Any, **kwargs: Any) -> Any:
        return (scale(*args, **kwargs) > 0).astype(int)

    def wrong(X: Any, b: Any, g: Any, alpha: float) -> Any:
        return labels(X, b, g, alpha) * (1 + (X > 0.5))

    found, sentence = told("scale", labels, wrong, PROBES)
    assert (found, "neither 0 nor 1, such as 2" in sentence) == ("wrong_labels", True), sentence


def test_zeros_in_the_last_layer_of_a_network_explain_nothing() -> None:
    """They hide a mistake in any layer; those in the layer after the mistake leave more to be right."""

    def network(x: Any, first: Any, second: Any, third: Any, g: Any) -> Any:
        return g(third @ g(second @ g(first @ x)) + 1)

    def wrong(x: Any, first: Any, second: Any, third: Any, g: Any) -> Any:
        return g(third @ g(second @ np.sin(first @ x)) + 1)

    matrices = [[RNG.normal(size=(3, 3)) for _ in range(3)] for _ in range(4)]
    probes = [Probe((RNG.normal(size=(3, 2)), *each, np.tanh)) for each in matrices]
    signature = signatures(b"def network(x, first, second, third, g):\n    pass\n", "d.py")
    SIGNATURES.update(signature)
    found = find_relation(more("network", network, wrong, probes))
    assert found is None or "third" not in found[1]


def test_an_answer_far_beyond_the_right_ones_is_wrong() -> None:
    """Where these differ among themselves, as the cost of a certain and wrong prediction does."""
    probes = [Probe((np.ones((2, 3)) * k, np.ones((2, 1)), np.tanh)) for k in (1, 2, 3)]
    for cost, count in ((11.0, 0), (400.0, 0), (4.6, 3), (2000.0, 3)):
        made = evidence("scale", lambda *args: 690.0, lambda *args, c=cost: c, probes)
        made._ambiguous = [{("value",): [np.asarray(690.0), np.asarray(11.5)]} for _ in probes]
        assert len(made.wrong) == count, cost


def test_labels_prove_nothing() -> None:
    """A wrong function gives right labels after any change, by chance."""

    def labels(*args: Any, **kwargs: Any) -> Any:
        return (scale(*args, **kwargs) > 0).astype(int)

    def wrong(X: Any, b: Any, g: Any, alpha: float) -> Any:
        return labels(X, b, g, alpha) ^ (np.abs(X).max() > 100)

    assert told_after_experiments(labels, wrong, [*PROBES, with_X(lambda X: 1000 * X)]) == ("", "")


def test_a_memory_of_earlier_calls_is_told() -> None:
    """Equal calls get equal answers, but those of a new process are others."""
    kept: dict[int, Any] = {}

    def wrong(X: Any, b: Any, g: Any, alpha: float) -> Any:
        first = kept.setdefault(len(X), X.mean())
        return scale(X + first - X.mean(), b, g, alpha)

    probes = calls((3, 4), (3, 5), (3, 6))
    assert told_after_experiments(scale, wrong, probes, afresh=scale)[0] == "remembers_calls"
    assert told_after_experiments(scale, wrong, probes, afresh=wrong)[0] != "remembers_calls"


def test_a_result_that_the_next_call_changes_is_told() -> None:
    """Each answer is right when it is read at once."""
    kept = np.zeros((3, 4))

    def wrong(X: Any, b: Any, g: Any, alpha: float) -> Any:
        kept[...] = scale(X, b, g, alpha)
        return kept

    assert told_after_experiments(scale, wrong, calls((3, 4), (3, 4), (3, 4)))[0] == "changes_results"


def test_a_call_that_is_wrong_alone_changes_no_earlier_result() -> None:
    """What is asked together may come in another form than a single call: one object stays one object."""
    probes = calls((3, 4), (3, 4), (3, 4))
    found = more("scale", scale, scale, probes)
    assert experiments.changes_results(found) is None

    def wrong(X: Any, b: Any, g: Any, alpha: float) -> Any:
        return 0 * X if X is probes[1].args[0] else scale(X, b, g, alpha)

    found.respondent = Asked(wrong, probes, more=True)
    assert experiments.changes_results(found) is None


def more(name: str, right: Function, wrong: Function, probes: list[Probe]) -> Evidence:
    """The evidence on a function that can be asked more."""
    return evidence(name, right, wrong, probes, Asked(wrong, probes, more=True))


def test_a_wrong_row_in_the_middle_is_no_matter_of_their_number() -> None:
    """The first two of five rows are right and the first three are wrong, and so are the last ones."""
    X = np.arange(1.0, 21).reshape(5, 4)
    rows = more("train", np.multiply, lambda X, steps: np.where(X[:, :1] == 9, 0, steps * X), [Probe((X, 3))])
    assert experiments.size(rows) is None
    many = more("train", np.multiply, lambda X, steps: steps * X * (len(X) < 3), [Probe((X, 3))] * 2)
    assert "first 2 rows" in str(experiments.size(many))


def test_a_long_list_of_right_rows_stays_as_it_is() -> None:
    """Each of its rows is a leaf, beyond MAX_LEAVES of them the list is one."""
    probes = [Probe((np.ones((MAX_LEAVES + 1, 2)), 3))]
    assert experiments.changes_results(more("train", np.multiply, lambda X, steps: list(steps * X), probes)) is None


def test_a_default_is_no_argument_to_experiment_with() -> None:
    """Another default than the solution's explains the wrong call; other numbers explain nothing."""
    X, b = np.ones((3, 4)) + np.arange(4), np.zeros((3, 1))
    probes = [Probe((X, b, np.sin)), Probe((X, b, np.sin), {"alpha": 2.0})]
    found = more("scale", scale, lambda X, b, g, alpha=0.1: scale(X, b, g, alpha), probes)
    assert len(found.wrong) == 1
    assert "alpha" not in str(experiments.experiment(found))


def test_a_name_that_is_no_argument_is_told() -> None:
    """The message of the exception names it in all calls."""

    def wrong(X: Any, b: Any, g: Any, alpha: float) -> Any:
        raise NameError("name 'weights' is not defined", name="weights")

    found, sentence = told("scale", scale, wrong, PROBES)
    assert (found, "`weights` isn't defined" in sentence) == ("unknown_name", True)


def test_arrays_that_do_not_fit_are_named() -> None:
    """By the shapes in the message, if each is that of one array in all calls."""
    found, sentence = told("scale", scale, lambda X, b, g, alpha: g(X @ X) + b, calls((3, 4), (2, 5), (5, 7)))
    assert found == "mismatched_product", sentence
    assert "columns as this: the number of columns of `X`" in sentence
    assert "rows as this: the number of rows of `X`" in sentence
    found, sentence = told("scale", scale, lambda X, b, g, alpha: X[0, X.shape[1]], calls((3, 4), (2, 5), (5, 7)))
    assert (found, "entries as this: the number of columns of `X`" in sentence) == ("index_beyond_end", True), sentence
    found, sentence = told("scale", scale, lambda X, b, g, alpha: np.dot(X, b), calls((3, 4), (2, 5), (5, 7)))
    assert (found, "the shape of `X` meets one of the shape of `b`" in sentence) == ("mismatched_shapes", True), (
        sentence
    )


def test_other_types_and_larger_calls_are_extra_probes() -> None:
    """They are recorded once; calls that are much too large aren't."""

    class Student:
        def call(self, name: str, *args: Any, **kwargs: Any) -> None:
            pass

    student: Any = Student()  # all that a recorder needs of one
    recorder = Recorder(student, "f")
    small, large = np.ones((2, 3)), np.ones((2, MAX_PROBE_NUMBERS))
    for array in (small, small, small.astype(int), small.astype(int), large, np.ones(MAX_EXTRA_NUMBERS + 1)):
        recorder.call("f", array)
    assert [probe.extra for probe in (*recorder.probes, *recorder.extra)] == [False, True, True]
    assert [probe.args[0].size for probe in recorder.extra] == [small.size, large.size]


# ---- lists


def gradients(X: Any, Y: Any) -> Any:
    return [(X * (k + 1) / Y.shape[1], X.sum(axis=1, keepdims=True) / (k + 2)) for k in range(len(X))]


LISTS: list[tuple[Function, str, str]] = [
    (lambda right, Y: right[::-1], "entries", "reverse order"),
    (lambda right, Y: [pair[::-1] for pair in right], "entries", "swapped"),
    (lambda right, Y: [each for pair in right for each in pair], "entries", "one flat list"),
    (lambda right, Y: right[1:], "entries", "first entry is missing"),
    (lambda right, Y: right[1::-1] + right[2:], "entries", "right entries in another order"),
    (lambda right, Y: [*right, right[0]], "entries", "too many at its end"),
    (lambda right, Y: right[-1], "entries", "Only the last entry comes back"),
    (lambda right, Y: [pair[0] for pair in right], "entries", "first entry of each pair"),
    (lambda right, Y: [(Y.shape[1] * dW, db) for dW, db in right], "numbers", "Only `dW` is wrong"),
    (lambda right, Y: [(dW, db.ravel()) for dW, db in right], "shapes", "Every `db` has the right numbers"),
    (lambda right, Y: [(dW, np.sin(db)) for dW, db in right], "wrong_entries", "Only `db` is wrong"),
]


@pytest.mark.parametrize(("change", "name", "words"), LISTS)
def test_a_relation_of_lists_is_told(change: Function, name: str, words: str) -> None:
    """In the words of the function's docstring."""
    probes = [Probe((RNG.normal(size=(n, m)), RNG.normal(size=(1, m)))) for n, m in ((2, 3), (3, 5), (4, 6), (3, 4))]
    found, sentence = told("gradients", gradients, lambda X, Y: change(gradients(X, Y), Y), probes)
    assert (found, words in sentence) == (name, True), sentence


def test_every_is_said_where_all_of_a_name_are_wrong() -> None:
    """Where one of them is right, only the wrong ones are spoken of."""

    def right(X: Any, Y: Any) -> Any:
        return [(X, Y), (2 * X, Y)]

    probes = [Probe((RNG.normal(size=(n, n)), RNG.normal(size=(1, n)))) for n in (2, 3, 4)]
    _, sentence = told("gradients", right, lambda X, Y: [(X.T, Y), (2 * X.T, Y)], probes)
    assert sentence.startswith("Every `dW` is transposed"), sentence
    _, sentence = told("gradients", right, lambda X, Y: [(X, Y), (2 * X.T, Y)], probes)
    assert sentence.startswith("Each wrong `dW` is transposed"), sentence


def test_all_entries_but_one_are_wrong_only_if_each_of_them_is() -> None:
    """Not where one of the others is right, too."""

    def spoilt(right: Any, places: Sequence[int]) -> Any:
        return [(np.sin(dW), np.cos(db)) if k in places else (dW, db) for k, (dW, db) in enumerate(right)]

    probes = [Probe((RNG.normal(size=(3, m)), RNG.normal(size=(1, m)))) for m in (3, 4, 5, 6)]
    found, sentence = told("gradients", gradients, lambda X, Y: spoilt(gradients(X, Y), (1, 2)), probes)
    assert (found, "All entries but the first are wrong" in sentence) == ("wrong_entries", True), sentence
    _, sentence = told("gradients", gradients, lambda X, Y: spoilt(gradients(X, Y), (1 + Y.size % 2,)), probes)
    assert "All entries" not in sentence


def test_one_of_two_named_results_is_told() -> None:
    """And how its list differs."""

    def train(X: Any, steps: int) -> Any:
        return X * steps, [float(X[0, 0]) * k for k in range(steps)]

    def wrong(X: Any, steps: int) -> Any:
        return X * steps, train(X, steps)[1][::-1]

    probes = [Probe((RNG.normal(size=(2, 3)), steps)) for steps in (3, 4, 5, 6)]
    assert told("train", train, wrong, probes) == (
        "named_entry",
        "Only `costs` is wrong. Your list has the right entries in reverse order: which one comes first?",
    )


# ---- what a student sends


@pytest.mark.parametrize(
    "value",
    [
        "text",
        {"a": 1},
        [[[]]],
        [None, "x", {}],
        [[1.0]] * (MAX_LEAVES + 5),
        np.array(["a"]),
        np.array([1j]),
        np.zeros((0, 3)),
        float("nan"),
        [np.zeros(3), [np.zeros((2, 2)), [np.zeros(1)]]],
    ],
)
def test_any_value_may_come(value: Any) -> None:
    """No relation fails on it, whatever the right answers are."""
    for right in (scale, scale_of(lambda A: [(A, A)] * 2), scale_of(lambda A: "text"), scale_of(lambda A: None)):
        made = evidence("scale", right, lambda *args, v=value, **kw: v, PROBES)
        for relation in RELATIONS.values():
            relation(made)


def test_an_answer_of_many_parts_is_not_taken_apart() -> None:
    """It stays one part, so that no relation looks at each."""
    many = [[float(i)] for i in range(10 * MAX_LEAVES)]
    assert len(answer_leaves(with_value(ProbeAnswer({}), many))) == 1
    assert answer_leaves(ProbeAnswer({("raised",): "x"}, value=ABSENT)) == {("raised",): "x"}


def test_results_are_named_as_in_the_docstring() -> None:
    """Names of results, whether they are in a list, and defaults; a shape is no pair of results."""
    assert (SIGNATURES["gradients"].results, SIGNATURES["gradients"].in_list) == (("dW", "db"), True)
    assert (SIGNATURES["train"].results, SIGNATURES["train"].in_list) == (("weights", "costs"), False)
    assert SIGNATURES["scale"].results == ()
    assert SIGNATURES["scale"].arguments(Probe((1, 2, 3))) == {"X": 1, "b": 2, "g": 3, "alpha": 0.5}
