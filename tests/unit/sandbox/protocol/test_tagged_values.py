"""Values that keep their types cross as tagged values, and no parts that a worker may send do harm."""

from __future__ import annotations

import datetime
import decimal
import fractions
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.sandbox.guest.values import Values
from grader.sandbox.protocol import frames, tagged_values
from grader.sandbox.protocol.frames import Tagged
from grader.sandbox.protocol.limits import MAX_BODY, MAX_INTEGER_BYTES, MAX_KEYS, MAX_LEVEL_ROWS

STAMP = datetime.datetime(2026, 11, 29, 12, 30, tzinfo=datetime.UTC)
TABLE = pd.DataFrame({"a": [1, 2], "b": ["x", None], "c": [0.5, np.nan]}, index=pd.Index([7, 9], name="id"))
VALUES: dict[str, Any] = {
    "a set": {"a", 1, (2, 3)},
    "a frozenset": frozenset({1.5}),
    "integer keys": {1: "a", 2: {3: None}},
    "tuple keys": {(1, "a"): [1]},
    "a large integer": 2**200,
    "a negative large integer": -(2**100),
    "complex": 1 + 2j,
    "a range": range(1, 9, 2),
    "a fraction": fractions.Fraction(2**90, 3),
    "a decimal": decimal.Decimal("1.10"),
    "a date": datetime.date(2026, 11, 29),
    "a datetime": STAMP,
    "a time": datetime.time(1, 2, 3),
    "a timedelta": datetime.timedelta(1, 2, 3),
    "a number of NumPy": np.float64(0.1),
    "an int32": np.int32(3),
    "a bool of NumPy": np.True_,
    "a text of NumPy": np.str_("ab"),
    "a time of NumPy": np.datetime64("2026-11-29"),
    "an array of text": np.array([["a", "bc"], ["", "d"]]),
    "an array of objects": np.array([1, "a", None], dtype=object),
    "an array of lists": np.fromiter([[1, 2], [3, 4]], dtype=object),
    "an array of one list": np.fromiter([[1]], dtype=object),
    "an array of times": np.array(["2026-11-29", "NaT"], dtype="datetime64[s]"),
    "a list of all": [{1}, {2: np.float32(1)}, (1j,)],
}
TABLES: dict[str, Any] = {
    "a table": TABLE,
    "an empty table": pd.DataFrame(),
    "rows without columns": pd.DataFrame(index=[1, 2]),
    "two columns of a name": pd.concat([TABLE, TABLE], axis=1),
    "levels": TABLE.set_index(["a", "b"], append=True),
    "levels of columns": pd.DataFrame(
        [[1, 2]], columns=pd.MultiIndex.from_tuples([("a", 1), ("b", 2)], names=["x", None])
    ),
    "times": pd.DataFrame({"t": pd.to_datetime(["2026-11-29", None]), "d": pd.to_timedelta([1, 2], unit="s")}),
    "a time zone": pd.Series(pd.to_datetime(["2026-11-29"], utc=True)),
    "categories": pd.Series(["a", "b", None], dtype=pd.CategoricalDtype(["b", "a"], ordered=True), name="k"),
    "nullable": pd.Series([1, None], dtype="Int64"),
    "objects": pd.Series([{1}, [2], np.nan], dtype=object),
    "lists of equal length": pd.Series([[1, 2], [3, 4]]),
    "one list": pd.Series([[1]]),
    "an index": pd.Index(["a", "b"], name="n"),
    "a range": pd.RangeIndex(2, 8, 2, name="r"),
}


def crossed(value: Any) -> Any:
    """The value as it arrives, sent by a worker."""
    values = Values()
    values.exact = True
    return frames.unpack_frame(frames.pack(values.plain(value)), build)


def build(tag: str, parts: list[Any]) -> Any:
    assert tag == tagged_values.TAG
    return tagged_values.from_parts(*parts)


@pytest.mark.parametrize("value", VALUES.values(), ids=VALUES)
def test_a_value_keeps_its_type(value: Any) -> None:
    """In both directions: from a worker, and as an argument of a case."""
    for found in (crossed(value), frames.unpack_frame(frames.pack(tagged_values.wrap(value)), build)):
        assert type(found) is type(value)
        if isinstance(value, np.ndarray):
            assert found.dtype == value.dtype
            np.testing.assert_array_equal(found, value)
        else:
            assert found == value


@pytest.mark.parametrize("value", TABLES.values(), ids=TABLES)
def test_a_table_keeps_index_names_and_types(value: Any) -> None:
    """As pandas' own functions for tests compare them."""
    found = crossed(value)
    assert type(found) is type(value)
    if isinstance(value, pd.DataFrame):
        pd.testing.assert_frame_equal(found, value, check_freq=False)
    elif isinstance(value, pd.Series):
        pd.testing.assert_series_equal(found, value, check_freq=False)
    else:
        pd.testing.assert_index_equal(found, value)


def test_by_default_a_worker_sends_plain_values_only() -> None:
    """Cases that authors wrote receive what they always received: the rows of a table, and no set."""
    assert Values().plain(TABLE["a"]).tolist() == [1, 2]
    with pytest.raises(frames.NotAValue, match="of type set"):
        Values().plain({1})


@pytest.mark.parametrize(
    "value",
    [
        set(range(MAX_KEYS + 1)),
        dict.fromkeys(range(MAX_KEYS + 1)),
        1 << 8 * MAX_INTEGER_BYTES,
        range(10**30),
        {object()},
        decimal.Decimal("1" * (MAX_INTEGER_BYTES + 1)),
        decimal.Decimal("1e1000000"),
        pd.Series(range(MAX_KEYS + 1), dtype="category"),
        pd.MultiIndex.from_arrays([range(MAX_LEVEL_ROWS + 1)]),
    ],
    ids=["a set", "a dict", "an integer", "a range", "an object", "digits", "a power of ten", "categories", "levels"],
)
def test_a_value_over_a_limit_is_none(value: Any) -> None:
    """The message names it for the student."""
    with pytest.raises(frames.NotAValue):
        crossed(value)


HOSTILE: dict[str, tuple[Any, ...]] = {
    "an unknown kind": ("pickle", b""),
    "a kind that is no text": ([], 1),
    "no parts": ("set",),
    "too many keys": ("set", list(range(MAX_KEYS + 1))),
    "keys without a hash": ("dict", [[]], [1]),
    "fewer values than keys": ("dict", [1, 2], [1]),
    "a text as a fraction, which would be a power of ten": ("fraction", "1e10000000", 1),
    "an integer of text": ("int", "9" * 100),
    "a long integer": ("int", bytes(MAX_INTEGER_BYTES + 1)),
    "a long range": ("range", 0, 2**62, 1),
    "text that takes much memory as an array": ("text", [400_001], ["a" * 1_000_000, *[""] * 400_000]),
    "a shape that doesn't fit": ("text", [3], ["a"]),
    "a decimal that no integer can hold": ("decimal", "1E+999999999999999999"),
    "a decimal of parts": ("decimal", (0, (1, 2), 3)),
    "a list that is a text": ("objects", [2], "ab"),
    "more axes than an array has": ("objects", [1] * 500, [1]),
    "small numbers as large ones": ("series", (None, "range", [0, 9, 1]), None, "complex128", np.zeros(9, "i1")),
    "numbers as texts": ("series", (None, "range", [0, 9, 1]), None, "str", np.zeros(9, "i1")),
    "small numbers as times": ("times", "<M8[s]", [9], np.zeros(9, "i1")),
    "categories of equal hashes": (
        "series",
        (None, "range", [0, 1, 1]),
        None,
        "category",
        [np.zeros(1, "i1"), ["int64", np.arange(MAX_KEYS + 1)], False],
    ),
    "rows of equal hashes": ("index", [None], "levels", [["int64", np.arange(MAX_LEVEL_ROWS + 1)]]),
    "a negative shape": ("objects", [-1, -1], [1]),
    "another dtype of times": ("times", "O", [1], np.zeros(1, "i8")),
    "times that are no array": ("times", "<M8[s]", [1], [1]),
    "a column of another length": ("series", (None, "range", [0, 5, 1]), None, "int64", np.zeros(3)),
    "a long index": ("frame", (None, "range", [0, 0, 1]), (None, "range", [0, 2**62, 1]), []),
    "an unknown dtype": ("series", (None, "range", [0, 1, 1]), None, "V100000000", [1]),
    "codes of no category": (
        "series",
        (None, "range", [0, 1, 1]),
        None,
        "category",
        [np.array([9]), ["object", ["a"]], False],
    ),
    "levels that aren't": ("index", None, "levels", []),
    "a name without a hash": ("index", [], "range", [0, 1, 1]),
    "a missing value of another kind": ("missing", "__class__"),
}


@pytest.mark.parametrize("parts", HOSTILE.values(), ids=HOSTILE)
def test_parts_that_no_worker_of_ours_sends(parts: tuple[Any, ...]) -> None:
    """Each is a WireError before anything large is made: the test would run out of memory or time."""
    with pytest.raises((frames.WireError, TypeError)):  # a TypeError is a WireError in frames.unpack
        tagged_values.from_parts(*parts)


def test_text_arrays_of_a_frame_have_one_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each is padded to its longest text: 8 MB of them would take more than 10 GB."""
    padded = Tagged(tagged_values.TAG, ("text", [32], ["a" * 1000, *[""] * 31]))
    size = 4 * 32 * 1000
    assert frames.unpack_frame(frames.pack([padded, padded]), build)[0].nbytes == size < MAX_BODY
    monkeypatch.setattr(frames, "MAX_BODY", 2 * size - 1)
    assert frames.unpack_frame(frames.pack([padded]), build)[0].nbytes == size
    with pytest.raises(frames.WireError, match="too large together"):
        frames.unpack_frame(frames.pack([padded, padded]), build)


PLAIN_PARTS = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-3, 3)
    | st.floats()
    | st.sampled_from(["object", "range", "levels", "int64", "category", "a"])
    | st.just(np.arange(3))
    | st.binary(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.lists(inner, max_size=3).map(tuple)
        | st.dictionaries(st.text(max_size=2), inner, max_size=2)
    ),
    max_leaves=8,
)


@given(st.sampled_from([*tagged_values.KINDS, "other"]), st.lists(PLAIN_PARTS, max_size=5))
def test_any_parts_are_a_value_or_a_wire_error(kind: str, parts: list[Any]) -> None:
    """Whatever a worker sends."""
    try:
        tagged_values.from_parts(kind, *parts)
    except frames.WireError as problem:
        assert str(problem)
