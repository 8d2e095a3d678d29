"""Values beyond those of a plain frame, which cross as tagged values: sets, dates, text arrays, tables of pandas.

    {"a", 1}  ->  Tagged("x", ("set", ["a", 1]))  ->  {"a", 1}

`to_parts` takes a value apart, and `from_parts` puts it together. Neither imports pandas before a table crosses.
`from_parts` reads bytes of an untrusted worker: it calls only the constructors of this module, and bounds what they
allocate.
"""

from __future__ import annotations

import datetime
import decimal
import fractions
import math
import re
import sys
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from .frames import NotAValue, Tagged, WireError
from .limits import MAX_AXES, MAX_BODY, MAX_EXPONENT, MAX_INTEGER_BYTES, MAX_ITEMS, MAX_KEYS, MAX_LEVEL_ROWS

TAG = "x"
NUMERIC = "biufc"
Parts = tuple[Any, ...]
Plain = Callable[[Any], Any]  # converts what is inside a value

_TIMES = re.compile(r"<[mM]8(\[\d{0,4}(?:Y|M|W|D|h|m|s|ms|us|ns|ps|fs|as)\])?")
_DTYPE = re.compile(
    r"object|str|string|bool(ean)?|U?[Ii]nt\d{1,2}|u?int\d{1,2}|[Ff]loat\d{2}|complex\d{2,3}"
    r"|(datetime|timedelta)64\[(s|ms|us|ns)\]|datetime64\[(s|ms|us|ns), UTC\]"
)


def to_parts(value: Any, plain: Plain) -> Parts | None:
    """Return the parts of a value; None if no kind fits. Raises NotAValue for a value over a limit.

    :param plain: converts the values inside, such as the items of a set
    """
    if isinstance(value, np.generic):
        return "scalar", plain(np.array(value, subok=False))
    if isinstance(value, np.ndarray):
        return _describe_array(value, plain)
    pandas = sys.modules.get("pandas")
    if pandas and (parts := _describe_pandas(value, pandas, plain)):  # first: a Timestamp is a datetime too
        return parts
    for kind, (type_, describe_it) in _SIMPLE.items():
        if isinstance(value, type_):
            return kind, *describe_it(value, plain)
    return None


def fits_frame(value: Any) -> bool:
    """Return whether a frame holds a value as it is, or with its parts converted, as in a list."""
    if isinstance(value, np.ndarray):
        return value.dtype.kind not in "mMUO"
    if isinstance(value, dict):
        return all(isinstance(key, str) for key in value)
    return isinstance(value, int) and not isinstance(value, np.generic) and -(2**63) <= value < 2**64


def wrap(value: Any) -> Any:
    """Return a value to send, with all that no frame holds taken apart, in lists, tuples and dicts too."""
    if type(value) in (list, tuple):
        return type(value)(map(wrap, value))
    if fits_frame(value):
        return {key: wrap(item) for key, item in value.items()} if isinstance(value, dict) else value
    parts = to_parts(value, wrap)
    return value if parts is None else Tagged(TAG, parts)


def from_parts(kind: Any, *parts: Any) -> Any:
    """Return the value of these parts. Raises WireError for any parts that `to_parts` doesn't return."""
    maker = KINDS.get(kind) if type(kind) is str else None
    if maker is None:
        raise WireError("an unknown kind of value")
    try:
        return maker(*parts)
    except WireError:
        raise
    except Exception as problem:  # of constructors of NumPy and pandas, for parts that don't fit each other
        raise WireError(f"a {kind} of unknown form ({type(problem).__name__})") from None


# ---- values of Python


def _large_integer(value: int, plain: Plain) -> Parts:
    size = value.bit_length() // 8 + 1
    if size > MAX_INTEGER_BYTES:
        raise NotAValue(f"an integer of more than {MAX_INTEGER_BYTES} bytes")
    return (int.__int__(value).to_bytes(size, "little", signed=True),)


def _items(value: Iterable[Any], plain: Plain) -> Parts:
    return ([plain(item) for item in _few(value)],)


def _pairs(value: dict[Any, Any], plain: Plain) -> Parts:
    return [plain(key) for key in _few(value)], [plain(item) for item in value.values()]


def _decimal(value: decimal.Decimal, plain: Plain) -> Parts:
    text = str(value)
    if len(text) > MAX_INTEGER_BYTES or abs(value.adjusted()) > MAX_EXPONENT:
        raise NotAValue("a Decimal of too many digits")
    return (text,)


def _few(value: Any) -> Any:
    """Return a set or dict. Raises NotAValue if it has too many keys: a worker may choose keys of equal hashes."""
    if len(value) > MAX_KEYS:
        raise NotAValue(f"a {type(value).__name__} of more than {MAX_KEYS:,} keys")
    return value


def _range(value: range, plain: Plain) -> Parts:
    if value[MAX_ITEMS:]:
        raise NotAValue(f"a range of more than {MAX_ITEMS:,} numbers")
    return value.start, value.stop, value.step


_SIMPLE: dict[str, tuple[type, Callable[[Any, Plain], Parts]]] = {
    "int": (int, _large_integer),
    "complex": (complex, lambda value, plain: (value.real, value.imag)),
    "range": (range, _range),
    "set": (set, _items),
    "frozenset": (frozenset, _items),
    "dict": (dict, _pairs),
    "fraction": (fractions.Fraction, lambda value, plain: (plain(value.numerator), plain(value.denominator))),
    "decimal": (decimal.Decimal, _decimal),
    "timedelta": (datetime.timedelta, lambda value, plain: (value.days, value.seconds, value.microseconds)),
    "datetime": (datetime.datetime, lambda value, plain: (value.isoformat(),)),
    "date": (datetime.date, lambda value, plain: (value.isoformat(),)),
    "time": (datetime.time, lambda value, plain: (value.isoformat(),)),
}


def _build_integer(data: bytes) -> int:
    _check(type(data) is bytes and len(data) <= MAX_INTEGER_BYTES)
    return int.from_bytes(data, "little", signed=True)


def _build_range(start: int, stop: int, step: int) -> range:
    value = range(start, stop, step)
    _check(len(value) <= MAX_ITEMS)
    return value


def _build_dict(keys: list[Any], values: list[Any]) -> dict[Any, Any]:
    _check(len(keys) <= MAX_KEYS)
    return dict(zip(keys, values, strict=True))


def _build_set(kind: type) -> Callable[[list[Any]], Any]:
    def make(items: list[Any]) -> Any:
        _check(type(items) is list and len(items) <= MAX_KEYS)
        return kind(items)

    return make


def _build_complex(real: float, imaginary: float) -> complex:
    _check(type(real) is float and type(imaginary) is float)
    return complex(real, imaginary)


def _build_fraction(numerator: int, denominator: int) -> fractions.Fraction:
    _check(type(numerator) is int and type(denominator) is int)  # a text may ask for a power of ten
    return fractions.Fraction(numerator, denominator)


def _build_decimal(text: str) -> decimal.Decimal:
    _check(type(text) is str and len(text) <= MAX_INTEGER_BYTES)
    value = decimal.Decimal(text)
    _check(abs(value.adjusted()) <= MAX_EXPONENT)  # int(value) takes hours for Decimal("1e999999999")
    return value


def _check(fits: bool) -> None:
    if not fits:
        raise WireError("a value over its limit, or of unknown form")


# ---- arrays


def _describe_array(value: np.ndarray[Any, Any], plain: Plain) -> Parts:
    array = np.array(value, subok=False)
    if array.dtype.kind in "mM":
        return "times", array.dtype.newbyteorder("<").str, list(array.shape), np.ravel(array).astype("i8")
    if array.dtype.kind == "U":
        return "text", list(array.shape), np.ravel(array).tolist()
    if array.dtype.kind == "O":
        return "objects", list(array.shape), [plain(item) for item in np.ravel(array).tolist()]
    raise NotAValue(f"an array of dtype {array.dtype}")


def _build_times(dtype: str, shape: list[int], numbers: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    _check(bool(_TIMES.fullmatch(dtype)) and isinstance(numbers, np.ndarray) and numbers.dtype == np.int64)
    return numbers.view(dtype).reshape(_shape(shape, numbers.size))


def _build_text(shape: list[int], items: list[str]) -> np.ndarray[Any, Any]:
    width = max(map(len, items), default=1) or 1  # len: every item is a text
    _check(4 * width * len(items) <= MAX_BODY and all(type(item) is str for item in items))
    return np.array(items, dtype=f"<U{width}").reshape(_shape(shape, len(items)))


def _build_objects(shape: list[int], items: list[Any]) -> np.ndarray[Any, Any]:
    _check(type(items) is list)
    array = np.empty(len(items), dtype=object)
    array[:] = items
    return array.reshape(_shape(shape, len(items)))


def _shape(shape: list[int], size: int) -> tuple[int, ...]:
    _check(len(shape) <= MAX_AXES and all(type(n) is int and n >= 0 for n in shape) and math.prod(shape) == size)
    return tuple(shape)


def _build_scalar(array: np.ndarray[Any, Any]) -> Any:
    _check(isinstance(array, np.ndarray) and array.shape == ())
    return array[()]


# ---- tables of pandas


def _describe_pandas(value: Any, pandas: Any, plain: Plain) -> Parts | None:
    if isinstance(value, pandas.Timestamp):
        return "timestamp", value.isoformat()
    if value is pandas.NA or value is pandas.NaT:
        return "missing", "NA" if value is pandas.NA else "NaT"
    if isinstance(value, pandas.Index):
        return "index", *_describe_index(value, pandas, plain)
    if isinstance(value, pandas.Series):
        index, name = _describe_index(value.index, pandas, plain), plain(value.name)
        return "series", index, name, *_describe_column(value, pandas, plain)
    if isinstance(value, pandas.DataFrame):
        columns = [_describe_column(value.iloc[:, i], pandas, plain) for i in range(value.shape[1])]
        return "frame", *(_describe_index(each, pandas, plain) for each in (value.columns, value.index)), columns
    return None


def _describe_index(index: Any, pandas: Any, plain: Plain) -> Parts:
    if isinstance(index, pandas.RangeIndex):
        return plain(index.name), "range", [index.start, index.stop, index.step]
    if isinstance(index, pandas.MultiIndex):
        if len(index) > MAX_LEVEL_ROWS:
            raise NotAValue(f"a MultiIndex of more than {MAX_LEVEL_ROWS:,} rows")
        levels = [_describe_column(index.get_level_values(i).to_series(), pandas, plain) for i in range(index.nlevels)]
        return [plain(name) for name in index.names], "levels", levels
    return plain(index.name), "values", _describe_column(index.to_series(), pandas, plain)


def _describe_column(column: Any, pandas: Any, plain: Plain) -> Parts:
    """Return the dtype of a Series and its values: an array, or a list with None for missing values."""
    dtype = column.dtype
    if isinstance(dtype, pandas.CategoricalDtype):
        categories = _describe_column(_few(dtype.categories).to_series(), pandas, plain)
        return "category", [plain(np.asarray(column.cat.codes)), categories, bool(dtype.ordered)]
    if isinstance(dtype, np.dtype) and dtype.kind in NUMERIC:
        return str(dtype), plain(column.to_numpy())
    if not _DTYPE.fullmatch(str(dtype)):
        raise NotAValue(f"a table with a column of dtype {dtype}"[:100])
    if isinstance(dtype, np.dtype) and dtype.kind == "O":
        return "object", [plain(item) for item in column.tolist()]
    if str(dtype).startswith(("datetime64", "timedelta64")):
        return str(dtype), np.asarray(column.astype("int64"))
    return str(dtype), [None if missing else plain(item) for item, missing in zip(column, column.isna(), strict=True)]


def _build_index(name: Any, kind: str, values: Any) -> Any:
    import pandas

    if kind == "range":
        return pandas.RangeIndex(_build_range(*values), name=name)
    if kind == "levels":
        _check(0 < len(values) <= MAX_KEYS)
        levels = [_build_column(*each) for each in values]
        _check(len(levels[0]) <= MAX_LEVEL_ROWS)
        return pandas.MultiIndex.from_arrays(levels, names=name)
    return pandas.Index(_build_column(*values), name=name)


def _build_column(dtype: str, values: Any) -> Any:
    import pandas

    if dtype == "category":
        codes, (kind, keys), ordered = values
        _check(kind != "category" and len(keys) <= MAX_KEYS)
        return pandas.Series(pandas.Categorical.from_codes(codes, _build_column(kind, keys), ordered=ordered))
    _check(type(dtype) is str and bool(_DTYPE.fullmatch(dtype)) and isinstance(values, list | np.ndarray))
    if isinstance(values, np.ndarray):
        # A conversion to another dtype may take fifty times the memory.
        sent = "int64" if dtype.startswith(("datetime64", "timedelta64")) else dtype
        _check(values.ndim == 1 and str(values.dtype) == sent)
        return pandas.Series(values).astype(dtype)
    return pandas.Series(_build_objects([len(values)], values), dtype=dtype)


def _build_series(index: Parts, name: Any, dtype: str, values: Any) -> Any:
    return _with_index(_build_column(dtype, values), _build_index(*index)).rename(name)


def _build_frame(columns: Parts, index: Parts, values: list[Parts]) -> Any:
    import pandas

    rows, names = _build_index(*index), _build_index(*columns)
    _check(len(names) == len(values))
    parts = [_with_index(_build_column(*each), rows) for each in values]
    frame = pandas.concat(parts, axis=1) if parts else pandas.DataFrame(index=rows)
    frame.columns = names
    return frame


def _with_index(column: Any, index: Any) -> Any:
    _check(len(column) == len(index))
    column.index = index
    return column


def _build_missing(which: str) -> Any:
    import pandas

    return {"NA": pandas.NA, "NaT": pandas.NaT}[which]


def _build_timestamp(text: str) -> Any:
    import pandas

    _check(type(text) is str and len(text) < 100)
    return pandas.Timestamp(text)


KINDS: dict[str, Callable[..., Any]] = {
    "int": _build_integer,
    "complex": _build_complex,
    "range": _build_range,
    "set": _build_set(set),
    "frozenset": _build_set(frozenset),
    "dict": _build_dict,
    "fraction": _build_fraction,
    "decimal": _build_decimal,
    "timedelta": datetime.timedelta,
    "datetime": datetime.datetime.fromisoformat,
    "date": datetime.date.fromisoformat,
    "time": datetime.time.fromisoformat,
    "scalar": _build_scalar,
    "times": _build_times,
    "text": _build_text,
    "objects": _build_objects,
    "index": _build_index,
    "series": _build_series,
    "frame": _build_frame,
    "timestamp": _build_timestamp,
    "missing": _build_missing,
}
