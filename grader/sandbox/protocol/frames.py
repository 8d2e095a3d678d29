"""Frames and values: everything that can cross between a worker and the trusted side.

A frame is a fixed header (magic, two lengths), a msgpack tree, and the raw bytes of arrays and byte strings in the
order in which the tree names them. In the tree None, bools, ints, floats, strings, lists, and dicts with string keys
stand for themselves. Anything else is an extension, or a dict with one number as its key:

    extension 0, a length: bytes     extension n, a shape: an array of the n-th dtype     (64 bits for each number)
    {0: [...]} tuple                 {1: [tag, ...]} a value that only the two ends know

Decoding is strict and bounded. It builds plain values only: no pickle, no eval, no class lookup. msgspec does most of
the work, because grading spends its time on small frames; only containers are walked through here.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Callable
from typing import Any, NamedTuple

import msgspec
import numpy as np

from .limits import MAX_AXES, MAX_BODY, MAX_DEPTH, MAX_ITEMS, MAX_TREE

MAGIC = b"GRW1"
HEADER = struct.Struct("<4sII")
CODES = ["b1", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "f2", "f4", "f8", "c8", "c16"]
DTYPES = {code: np.dtype(code).newbyteorder("<") for code in CODES}
BLOB = 0  # the extension for bytes; all others are dtypes
DTYPE_BY_EXTENSION = dict(enumerate(DTYPES.values(), start=1))
EXTENSION_BY_DTYPE = {dtype: number for number, dtype in DTYPE_BY_EXTENSION.items()}
TUPLE, TAGGED = 0, 1  # keys of special dicts
PLAIN = frozenset({type(None), bool, int, float, str})
LEAVES = PLAIN | {bytes, np.ndarray}


class WireError(Exception):
    """The received bytes are no frame, or exceed a limit."""


class NotAValue(Exception):
    """An object that can't be sent. The message names it in words for a student."""


class Tagged(NamedTuple):
    """A value that only the two ends know: tag "f" is a function of the other side, "k" a Keras model."""

    tag: str
    parts: tuple[Any, ...]


Builder = Callable[[str, list[Any]], Any]
Converter = Callable[[Any], Any]


def reject_object(value: Any) -> Any:
    """Raise NotAValue: the converter of a side that sends plain values only."""
    raise NotAValue(f"an object of type {type(value).__name__}")


def reject_tagged(tag: str, rest: list[Any]) -> Any:
    """Raise WireError: the builder of a side that accepts plain values only."""
    raise WireError("an unknown kind of value")


class _Encoder:
    def __init__(self, convert: Converter) -> None:
        self.body: list[bytes] = []
        self.items = 0
        self.convert = convert

    def tree(self, value: Any, depth: int = 0) -> Any:
        kind = type(value)
        if kind in PLAIN:
            return value
        if kind is np.ndarray:
            return self._array(value)
        if kind is list:
            return self._list(value, depth)
        if kind is tuple:
            return {TUPLE: self._list(value, depth)}
        if kind is dict:
            self._count(value, depth)
            if not all(type(key) is str for key in value):
                raise NotAValue("a dict whose keys are not all strings")
            return {key: item if type(item) in PLAIN else self.tree(item, depth + 1) for key, item in value.items()}
        if kind is bytes:
            self.body.append(value)
            return msgspec.msgpack.Ext(BLOB, _pack_integers(len(value)))
        if kind is Tagged:
            return {TAGGED: [value.tag, *self._list(value.parts, depth)]}
        return self.tree(self.convert(value), depth)

    def _list(self, value: list[Any] | tuple[Any, ...], depth: int) -> list[Any]:
        self._count(value, depth)
        return [item if type(item) in PLAIN else self.tree(item, depth + 1) for item in value]

    def _count(self, container: Any, depth: int) -> None:
        self.items += len(container)
        if depth > MAX_DEPTH:
            raise NotAValue(f"containers nested deeper than {MAX_DEPTH} levels")
        if self.items > MAX_ITEMS:
            raise NotAValue(f"more than {MAX_ITEMS:,} values")

    def _array(self, value: np.ndarray[Any, Any]) -> msgspec.msgpack.Ext:
        number = EXTENSION_BY_DTYPE.get(value.dtype)
        if number is None:
            dtype = DTYPES.get(value.dtype.str[1:])  # perhaps in the other byte order
            if dtype is None:
                raise NotAValue(f"an array of dtype {value.dtype}")
            number, value = EXTENSION_BY_DTYPE[dtype], value.astype(dtype)
        self.body.append(value.tobytes())
        return msgspec.msgpack.Ext(number, _pack_integers(*value.shape))


class _Decoder:
    def __init__(self, body: memoryview, build: Builder) -> None:
        self.body = body
        self.offset = 0
        self.build = build
        self.items = 0
        self.extensions = 0  # of these, bytes and arrays
        self.built = 0  # bytes of arrays that were built of tagged values: a text array may take more than its parts

    def extension(self, number: int, data: memoryview) -> Any:
        """Return the bytes or array of an extension. msgspec calls this in the order of the tree."""
        self.extensions += 1  # counted early: containers are counted once they are complete
        if self.extensions > MAX_ITEMS:
            raise WireError("too many values")
        dims = struct.unpack(f"<{len(data) // 8}Q", data)
        if number == BLOB:
            (size,) = dims
            return bytes(self._take(size))
        dtype = DTYPE_BY_EXTENSION.get(number)
        # Zeros count as ones: NumPy rejects (2**27, 2**27, 0), although it has no bytes.
        if dtype is None or len(dims) > MAX_AXES or math.prod([n or 1 for n in dims]) * dtype.itemsize > MAX_BODY:
            raise WireError("an array of unknown dtype, or too large")
        data = self._take(math.prod(dims) * dtype.itemsize)
        return np.ndarray(dims, dtype, data).copy()

    def value(self, value: Any, depth: int = 0) -> Any:
        """Return a value of the tree with all special dicts replaced by what they stand for."""
        kind = type(value)
        if kind in LEAVES:
            return value
        if depth > MAX_DEPTH:
            raise WireError("too deep")
        if kind is list:
            return self._list(value, depth)
        if kind is not dict:
            raise WireError("a value of no kind that crosses")
        self._count(value)
        for key, item in value.items():
            if type(key) is not str:
                return self._special(value, depth)
            if type(item) not in LEAVES:
                value[key] = self.value(item, depth + 1)
        return value

    def _list(self, items: list[Any], depth: int) -> list[Any]:
        self._count(items)
        for i, item in enumerate(items):
            if type(item) not in LEAVES:
                items[i] = self.value(item, depth + 1)
        return items

    def _special(self, value: dict[Any, Any], depth: int) -> Any:
        ((kind, parts),) = value.items()
        if type(parts) is not list:
            raise WireError("a tuple without its items")
        parts = self._list(parts, depth)
        if type(kind) is int and kind == TUPLE:
            return tuple(parts)
        if type(kind) is not int or kind != TAGGED or type(parts[0]) is not str:
            raise WireError("a key that is no string")
        built = self.build(parts[0], parts[1:])
        if isinstance(built, np.ndarray):
            self.built += built.nbytes
            if self.built > MAX_BODY:
                raise WireError("arrays that are too large together")
        return built

    def _count(self, container: Any) -> None:
        self.items += len(container)
        if self.items > MAX_ITEMS:
            raise WireError("too many values")

    def _take(self, size: int) -> memoryview:
        if size > len(self.body) - self.offset:
            raise WireError("a body shorter than it says")
        start, self.offset = self.offset, self.offset + size
        return self.body[start : self.offset]


def _pack_integers(*numbers: int) -> bytes:
    return struct.pack(f"<{len(numbers)}Q", *numbers)


def pack(value: Any, convert: Converter = reject_object) -> bytes:
    """Return the frame of a value. Raises NotAValue.

    :param convert: returns what to send in place of an object that isn't plain
    """
    encoder = _Encoder(convert)
    try:
        tree = msgspec.msgpack.encode(encoder.tree(value))
    except OverflowError:
        raise NotAValue("an integer of more than 64 bits") from None
    except (UnicodeEncodeError, RecursionError) as error:
        raise NotAValue(f"a value that can't be encoded ({type(error).__name__})") from None
    size = sum(map(len, encoder.body))
    if len(tree) > MAX_TREE or size > MAX_BODY:
        raise NotAValue(f"a value of {(len(tree) + size) / 1e6:.0f} MB")
    return b"".join([HEADER.pack(MAGIC, len(tree), size), tree, *encoder.body])


def read_lengths(header: bytes | bytearray) -> tuple[int, int]:
    """Return the sizes of tree and body in bytes, from the header of a frame. Raises WireError."""
    magic, tree, body = HEADER.unpack_from(header)
    if magic != MAGIC:
        raise WireError("bytes that are no frame")
    if tree > MAX_TREE or body > MAX_BODY:
        raise WireError("a frame over the size limit")
    return tree, body


def unpack_frame(frame: bytes, build: Builder = reject_tagged) -> Any:
    """Return the value of a complete frame. Raises WireError."""
    if len(frame) < HEADER.size:
        raise WireError("bytes that are no frame")
    middle = HEADER.size + read_lengths(frame)[0]
    return unpack(frame[HEADER.size : middle], frame[middle:], build)


def unpack(tree: bytes | memoryview, body: bytes | memoryview, build: Builder = reject_tagged) -> Any:
    """Return the value of a frame's tree and body. Raises WireError for any invalid bytes."""
    decoder = _Decoder(memoryview(body), build)
    try:
        value = decoder.value(msgspec.msgpack.decode(tree, ext_hook=decoder.extension))
    except (
        msgspec.DecodeError,
        UnicodeDecodeError,
        ValueError,
        TypeError,
        LookupError,
        OverflowError,
        RecursionError,
        struct.error,
    ) as error:
        raise WireError(f"a frame that can't be read ({type(error).__name__})") from None
    if decoder.offset != len(body):
        raise WireError("a body longer than it says")
    return value
