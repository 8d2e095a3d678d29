"""Each form of an assertion becomes a check that accepts just what the source accepts."""

from __future__ import annotations

import ast
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
import pytest

from grader.assertions import Observation
from grader.authoring.importers import base
from grader.authoring.importers.assertion_forms import FORMS
from grader.authoring.importers.definitions import Definitions
from grader.authoring.importers.test_translation import Case, Untranslatable, translate
from grader.authoring.notebook import Notebook
from grader.notebooks.statements import read
from grader.sandbox.guest.values import Values
from grader.sandbox.protocol import frames, tagged_values

IMPORTS = "import math\nimport unittest\nimport numpy as np\nimport pandas as pd\n"
SET_UP = "def f(x):\n    ### BEGIN SOLUTION\n    return x\n    ### END SOLUTION\nself = unittest.TestCase()\n"

# Form -> source of a test, the check that it becomes, and what a right answer returns.
TABLE: dict[str, tuple[str, str, Any]] = {
    "assert left == right": ("assert f(0) == 12345", "equals(f(0), 12345)", 12345),
    "the expected value first": ("assert 'ab' == f(0)", "equals(f(0), 'ab')", "ab"),
    "a message": ("assert f(0) == True, 'no'", "equals(f(0), True, 'no')", True),
    "a float": ("assert f(0) == 0.1 + 0.2", "equals(f(0), 0.1 + 0.2)", 0.1 + 0.2),
    "a list": ("assert f(0) == [1, 2.5, 'a']", "equals(f(0), [1, 2.5, 'a'])", [1, 2.5, "a"]),
    "a set": ("assert f(0) == {1, 2}", "equals(f(0), {1, 2})", {1, 2}),
    "integer keys": ("assert f(0) == {1: 2}", "equals(f(0), {1: 2})", {1: 2}),
    "assert np.allclose(left, right, rtol=...)": (
        "assert np.allclose(f(0), [1.0, 2.0], rtol=1e-7)",
        "passes(np.allclose, f(0), [1.0, 2.0], rtol=1e-07)",
        [1.0, 2.0],
    ),
    "the default tolerance": ("assert math.isclose(f(0), 3)", "passes(math.isclose, f(0), 3)", 3.0),
    "arrays": ("assert np.array_equal(f(0), [1, 2])", "passes(np.array_equal, f(0), [1, 2])", np.array([1, 2])),
    "assert condition": ("assert abs(f(0) - 2.5) < 1e-3", "holds(abs(f(0) - 2.5) < 0.001)", 2.5),
    "a type": ("assert isinstance(f(0), float)", "holds(isinstance(f(0), float))", 1.5),
    "all equal": ("assert (f(0) == np.arange(2)).all()", "holds((f(0) == np.arange(2)).all())", np.arange(2)),
    "in a loop": ("for i in range(2):\n    assert f(i) == 7", "equals(f(i), 7)", 7),
    "assert_raises(ValueError, function, argument)": (
        "self.assertRaises(ValueError, f, -1)",
        "with pytest.raises(ValueError):",
        ValueError("x"),
    ),
    "self.assertTrue(condition)": ("self.assertTrue(f(0) > 2)", "holds(f(0) > 2)", 3),
    "np.testing.assert_allclose(left, right, rtol=...)": (
        "np.testing.assert_allclose(f(0), 2.0, rtol=1e-7)",
        "passes(np.testing.assert_allclose, f(0), 2.0, rtol=1e-07)",
        2.0,
    ),
    "decimals": (
        "np.testing.assert_almost_equal(f(0), 2.0, 3)",
        "passes(np.testing.assert_almost_equal, f(0), 2.0, 3)",
        2.0,
    ),
    "places": (
        "self.assertAlmostEqual(f(0), 2.0, places=7)",
        "passes(self.assertAlmostEqual, f(0), 2.0, places=7)",
        2.0,
    ),
    "equal types": ("self.assertEqual(f(0), (1, 2))", "passes(self.assertEqual, f(0), (1, 2))", (1, 2)),
    "a table": (
        "pd.testing.assert_frame_equal(f(0), pd.DataFrame({'a': [1, 2]}))",
        "passes(pd.testing.assert_frame_equal, f(0), pd.DataFrame({'a': [1, 2]}))",
        pd.DataFrame({"a": [1, 2]}),
    ),
    "raise AssertionError(message)": ("if f(0) != 5:\n    raise AssertionError('not 5')", "fail('not 5')", 5),
}


def cases(
    source: str, hidden: frozenset[str] = frozenset(), displayed: str | None = None, credit: bool = False
) -> list[Case]:
    """The translations of a test of `f`, worth 2 points.

    :param displayed: recorded text, if it is a test of what the notebook displays
    :param credit: whether a last value is the points that the test gives
    """
    draft = base.Draft()
    for cell in (IMPORTS, SET_UP):
        draft.add({"cell_type": "code"}, cell)
    test = base.Test(3, "t", source, 2.0, hidden, 2, displayed is not None, displayed or "", credit)
    notebook = Notebook.from_cells(draft.cells, "a.ipynb").to_bytes()
    return translate(test, Definitions(read(notebook, "a.ipynb").statements, draft))


class Student:
    """Stands for a submission: values cross as from a worker, and code is run in a namespace of its own."""

    def __init__(self, answer: Any, crosses: bool) -> None:
        self.f = lambda x: self.get(answer) if not isinstance(answer, Exception) else _raise(answer)
        self.answer, self.crosses = answer, crosses
        self.self = namespace(None)["self"]

    @property
    def exact(self) -> Student:
        return self

    def get(self, value: Any) -> Any:
        return (
            namespace(None)["self"]
            if isinstance(value, str) and value == "self"
            else crossed(value)
            if self.crosses
            else value
        )

    def observe(self, question: str, code: str, uses: list[str]) -> Any:
        seen: list[Any] = []
        names = namespace(self.answer)
        if self.crosses:
            names["observe"] = lambda *values: seen.append(tuple(map(crossed, values)))
        else:
            names["observe"] = lambda left, right, check, depends, *args, **options: seen.append(
                Observation(left, right, check, depends, args, options)
            )
        exec(code, names)
        return seen

    observe_exactly = observe


def _raise(error: Exception) -> None:
    raise error


def crossed(value: Any) -> Any:
    values = Values()
    values.exact = True
    return frames.unpack_frame(frames.pack(values.plain(value)), lambda tag, parts: tagged_values.from_parts(*parts))


def namespace(answer: Any) -> dict[str, Any]:
    """What a notebook defines whose `f` returns, or raises, this answer."""
    names: dict[str, Any] = {}
    exec(IMPORTS + SET_UP, names)
    names["f"] = lambda x: _raise(answer) if isinstance(answer, Exception) else answer
    return names


def accepts(run: Callable[[], object]) -> bool:
    """Whether code ends without an exception: in either tool, any exception costs the test."""
    try:
        run()
    except (Exception, pytest.fail.Exception):
        return False
    return True


def judged(case: Case, answer: Any, right: Any) -> bool:
    names: dict[str, Any] = {"pytest": pytest}
    exec("\n".join(case.imports), names)
    exec(case.text, names)
    function = names[case.function]
    arguments = [Student(answer, crosses=True), Student(right, crosses=False)]
    return accepts(lambda: function(*arguments[: function.__code__.co_argcount]))


def perturbed(value: Any) -> list[Any]:
    """Answers that are off by one, off by 1e-6, off by less than common tolerances, or of another type."""
    found: list[Any] = [None, str(value), [value], ValueError("x"), TypeError("x")]
    if isinstance(value, int | float):
        number = float(value)
        found += [
            value + 1,
            number + 1e-6,
            number * (1 + 1e-6),
            number * (1 + 1e-8),
            number,
            int(number),
            complex(number),
        ]
        found += [np.float64(number), np.float32(number), np.array(number), np.array([number]), bool(value), -value]
    if isinstance(value, list | tuple | np.ndarray):
        items = list(value)
        found += [
            items,
            tuple(items),
            items[:-1],
            [*items, 1],
            items[::-1],
            range(len(items)),
            range(1, len(items) + 1),
        ]
        if not any(isinstance(item, str) for item in items):
            array = np.array(items)
            found += [array, array + 1, array * (1 + 1e-6), array.astype(float), array.reshape(-1, 1), set(items)]
            found += [pd.Series(items), np.array(items, dtype=object), np.array(items).astype(str)]
    if isinstance(value, str):
        found += [value + " ", value.upper(), np.str_(value), value.encode()]
    if isinstance(value, set):
        found += [frozenset(value), sorted(value), value | {3}, dict.fromkeys(value)]
    if isinstance(value, dict):
        found += [
            {str(k): v for k, v in value.items()},
            {float(k): v for k, v in value.items()},
            {**value, 9: 9},
            {1: 3},
            {1: 2.000001},
        ]
    if isinstance(value, pd.DataFrame):
        found += [
            value.rename(columns=str.upper),
            value.astype(float),
            value.iloc[::-1],
            value["a"],
            value.to_numpy(),
            value + 1,
        ]
        found += [value.set_axis([5, 6]), value.astype("int32"), value + 1e-6]
    return found


pytestmark = [
    pytest.mark.filterwarnings("ignore::pytest.PytestUnknownMarkWarning"),  # of the mark `points` in a case
    pytest.mark.filterwarnings("ignore:Operation with tuple"),  # unittest compares a tuple with a Series
]


@pytest.mark.parametrize("form", TABLE)
def test_a_form_becomes_a_check(form: str) -> None:
    """Source and result. The right answer passes both translations, and the source."""
    source, check, right = TABLE[form]
    strong, *weaker = cases(source)
    assert check in strong.text
    for case in (strong, *weaker):
        assert accepts(lambda: exec(source, namespace(right)))
        assert judged(case, right, right), case.text


@pytest.mark.parametrize("form", TABLE)
def test_no_check_is_looser_than_its_source(form: str) -> None:
    """What the source's own assertion refuses, both translations refuse. The stronger one accepts what it accepts."""
    source, _, right = TABLE[form]
    translations = cases(source)
    for answer in perturbed(right):
        own = accepts(partial(exec, source, namespace(answer)))
        strong, *weaker = (judged(case, answer, right) for case in translations)
        assert strong == own, (source, answer)
        assert own or not any(weaker), (source, answer)


@pytest.mark.parametrize(
    ("source", "right", "recorded", "wrong"),
    [
        ("f(0)", 2.5, "2.5", [2.500001, "2.5", None, np.float64(2.5)]),
        ("f(0) == 5", 5, "True", [4]),
        ("f(0)", np.float64(0.25), "0.25", [0.25, np.float64(0.5)]),
        ("f(0)", 0.17, "0.17000000000000001", [0.170000001]),
        ("f(0)", np.array([1, 22]), "array([ 1, 22])", [[1, 22]]),
        ("print(f(0))\n7", 3, "3\n7", [4, None]),
        ("print('a', f(0), end='')", 3, "a 3", [4, "3\n"]),
        ("for i in range(2):\n    print(i, f(i))", 3, "0 3\n1 3", [4]),
        ("print(*f(0))\nf(1)", [1, 2], "1 2\n[1, 2]", [[1], (1, 2)]),
        ("str(print(f(0)))", 3, "3\n'None'", [4]),
        ("try:\n    assert f(0) == 3\nexcept AssertionError:\n    print('wrong')", 3, "", [4]),
    ],
)
def test_all_that_a_test_displays_is_compared(source: str, right: Any, recorded: str, wrong: list[Any]) -> None:
    """The value of its last line and what it prints, in both translations, with a recorded text or without."""
    for case in [*cases(source, displayed=recorded), *cases(source, displayed="")]:
        assert judged(case, right, right), case.text
        assert not any(judged(case, answer, right) for answer in wrong), case.text


def test_a_solution_that_displays_something_else_than_was_recorded_fails_its_test() -> None:
    """Else a test such as `f(0) == draw()` would expect False, if the solution needs a seed that isn't imported."""
    for case in cases("f(0) == 5", displayed="True"):
        assert judged(case, 5, 5)
        assert not judged(case, 4, 4)
    for recorded in ("printed by f\n", "2.50001", "[2.5]"):
        assert not any(judged(case, 2.5, 2.5) for case in cases("f(0)", displayed=recorded))


def test_every_form_has_an_example() -> None:
    """The table of this test names each form of the importer, but for the one that only nbgrader has."""
    assert FORMS.keys() <= TABLE.keys() | {"a last value that is the points"}


@pytest.mark.parametrize(
    ("source", "right", "wrong"),
    [
        ("points = 0\nif f(0) == 3:\n    points += 1\nif f(1) < 4:\n    points += 1\npoints", [3], [2, 5]),
        ("def points():\n    return 2.5 * (f(0) == 3)\npoints()", [3], [2]),
        ("assert f(0) > 2\nf(0)", [3, np.float64(2.5), float("inf")], [1]),
    ],
)
def test_a_number_that_a_test_of_nbgrader_displays_is_its_points(
    source: str, right: list[Any], wrong: list[Any]
) -> None:
    """A case gives all points or none, so an answer that nbgrader gives a part of them gets none."""
    strong, *weak = cases(source, credit=True)
    assert [judged(strong, answer, 3) for answer in right + wrong] == [True] * len(right) + [False] * len(wrong)
    assert bool(weak) is ("assert" in source)  # what a process says about its own points isn't compared


def test_a_last_value_of_a_test_of_nbgrader_may_be_no_number() -> None:
    """Then the test gives all points, as it does if it ends with what an assertion or `print` returns."""
    for source in ("assert f(0) == 3\nf", "assert f(0) == 3\n'done'", "assert f(0) == 3\nprint(f(0))"):
        assert all(judged(case, 3, 3) and not judged(case, 4, 3) for case in cases(source, credit=True))
    assert "earns" not in cases("np.testing.assert_equal(f(0), 3)", credit=True)[0].text


def test_the_submissions_process_gets_no_expected_value() -> None:
    """Neither a right side, nor a name of the test that only a right side reads."""
    source = "want = 12345\nmore = want + 1\ng = f\nassert g(0) == want\nassert f(1) == 777\nassert f(2) == f(3)"
    sent, kept = cases(source)[1].text.split("expected = ")
    assert not any(secret in sent for secret in ("12345", "777", "want"))
    assert "12345" in kept and "777" in kept
    assert "observe(f(2), f(3))" in sent  # both sides are the student's


def test_a_hidden_test_keeps_its_message_to_itself() -> None:
    """A message may name the expected value."""
    source = "assert f(0) == 3, 'should be 3'"
    assert "should be" in cases(source)[0].text
    assert "should be" not in cases(source, frozenset({source}))[0].text


@pytest.mark.parametrize(
    ("source", "why"),
    [
        ("import inspect\nassert 'x' in inspect.getsource(f)", "inspects internals"),
        ("assert unknown(f) == 1", "uses unknown, which only tests define"),
        ("assert 1 == 1", "uses no name that an answer defines"),
        ("assert f(", "isn't Python"),
    ],
)
def test_what_no_case_can_carry_is_told(source: str, why: str) -> None:
    """With the reason."""
    with pytest.raises(Untranslatable, match=why):
        cases(source)


def test_the_text_of_a_case_is_python() -> None:
    """Each translation of the table."""
    for source, _, _ in TABLE.values():
        for case in cases(source):
            ast.parse(case.text)
