"""Frames and values: all that can cross between a worker and our side.

A frame is a fixed header (magic, two lengths), a msgpack tree, and the bytes of arrays and blobs, raw, in the
order in which the tree names them. In the tree None, bools, ints, floats, strings, lists, and dicts with string keys
stand for themselves. All else is an extension, or a dict with one number as its key, that says what it is:

    extension 0, a length: bytes     extension n, a shape: an array of the n-th dtype     (64 bits for each number)
    {0: [...]} tuple                 {1: [tag, ...]} what only the two ends know

Decoding is strict and bounded. It builds plain values only; there is no pickle, no eval, no class lookup. Most of it
is msgspec's own, for a small frame is what grading spends its time on: what is walked through here are containers.
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
BLOB = 0  # the extension that stands for bytes; the others are dtypes
DTYPE_BY_EXTENSION = dict(enumerate(DTYPES.values(), start=1))
EXTENSION_BY_DTYPE = {dtype: number for number, dtype in DTYPE_BY_EXTENSION.items()}
TUPLE, TAGGED = 0, 1  # the keys of dicts that stand for something else
PLAIN = frozenset({type(None), bool, int, float, str})
LEAVES = PLAIN | {bytes, np.ndarray}


class WireError(Exception):
    """What arrived is no frame, or breaks a limit."""


class NotAValue(Exception):
    """An object that can't cross the wall; the message says which, in words for a student."""


class Tagged(NamedTuple):
    """A value of a kind that only the two ends know: "f" a function of the other side, "k" a Keras model."""

    tag: str
    parts: tuple[Any, ...]


Builder = Callable[[str, list[Any]], Any]
Converter = Callable[[Any], Any]


def reject_object(value: Any) -> Any:
    raise NotAValue(f"an object of type {type(value).__name__}")


def reject_tagged(tag: str, rest: list[Any]) -> Any:
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
            dtype = DTYPES.get(value.dtype.str[1:])  # in the other order of bytes?
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
        self.extensions = 0  # of them, bytes and arrays

    def extension(self, number: int, data: memoryview) -> Any:
        """Bytes or an array: msgspec asks in the order in which they stand in the tree."""
        self.extensions += 1  # here already, for the containers that they are in are counted when all are there
        if self.extensions > MAX_ITEMS:
            raise WireError("too many values")
        dims = struct.unpack(f"<{len(data) // 8}Q", data)
        if number == BLOB:
            (size,) = dims
            return bytes(self._take(size))
        dtype = DTYPE_BY_EXTENSION.get(number)
        # Zeros count as ones: (2**27, 2**27, 0) has no bytes and still is no shape that NumPy can hold.
        if dtype is None or len(dims) > MAX_AXES or math.prod([n or 1 for n in dims]) * dtype.itemsize > MAX_BODY:
            raise WireError("an array of unknown dtype, or too large")
        data = self._take(math.prod(dims) * dtype.itemsize)
        return np.ndarray(dims, dtype, data).copy()

    def value(self, value: Any, depth: int = 0) -> Any:
        """What msgspec made of the tree, once all that stands for something else has become it."""
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
        return self.build(parts[0], parts[1:])

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
    """The frame of a value. `convert` is asked for what to send in the place of other objects. Raises NotAValue."""
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
    """The sizes of tree and body that a frame's header, at the start of these bytes, announces."""
    magic, tree, body = HEADER.unpack_from(header)
    if magic != MAGIC:
        raise WireError("bytes that are no frame")
    if tree > MAX_TREE or body > MAX_BODY:
        raise WireError("a frame over the size limit")
    return tree, body


def unpack_frame(frame: bytes, build: Builder = reject_tagged) -> Any:
    """The value of a whole frame. Raises WireError."""
    if len(frame) < HEADER.size:
        raise WireError("bytes that are no frame")
    middle = HEADER.size + read_lengths(frame)[0]
    return unpack(frame[HEADER.size : middle], frame[middle:], build)


def unpack(tree: bytes | memoryview, body: bytes | memoryview, build: Builder = reject_tagged) -> Any:
    """The value of a frame. Raises WireError whatever the bytes are."""
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
