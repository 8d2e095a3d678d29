"""Frames and values: all that can cross between a worker and our side.

A frame is a fixed header (magic, two lengths), a msgpack tree, and the bytes of arrays and blobs, raw, in the
order in which the tree names them. In the tree a plain None, bool, int, float or str stands for itself; all else
is a list whose first element says what it is:

    ["l", [...]] list     ["t", [...]] tuple     ["d", {...}] dict with string keys
    ["b", n] bytes        ["a", dtype, [shape]] array        ["f", id, name] function of the other side
    ["k", {...}] Keras model, described as data

Decoding is strict and bounded. It builds plain values only; there is no pickle, no eval, no class lookup.
"""

from __future__ import annotations

import math
import select
import socket
import struct
import time
from collections.abc import Callable
from typing import Any, NamedTuple

import msgspec
import numpy as np

MAGIC = b"GRW1"
HEADER = struct.Struct("<4sII")
MAX_TREE = 8 << 20  # bytes of msgpack in a frame
MAX_BODY = 128 << 20  # bytes of arrays and blobs in a frame
FEW, MANY = 1 << 16, 1 << 20  # bytes asked of the socket at once: whole frames, mostly; parts of large ones
MAX_DEPTH = 40  # levels of nested containers
MAX_ITEMS = 500_000  # values in a frame
CODES = ["b1", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "f2", "f4", "f8", "c8", "c16"]
DTYPES = {code: np.dtype(code).newbyteorder("<") for code in CODES}


class WireError(Exception):
    """What arrived is no frame, or breaks a limit."""


class NotAValue(Exception):
    """An object that can't cross the wall; the message says which, in words for a student."""


class Closed(Exception):
    """The other side is gone."""


class DeadlinePassed(Exception):
    """The other side did not answer in time."""


class Tagged(NamedTuple):
    """A value of a kind that only the two ends know: "f" a function of the other side, "k" a Keras model."""

    tag: str
    parts: tuple[Any, ...]


Builder = Callable[[str, list[Any]], Any]


class _Encoder:
    def __init__(self) -> None:
        self.body: list[bytes] = []
        self.items = 0

    def tree(self, value: Any, depth: int = 0) -> Any:
        self.items += 1
        if depth > MAX_DEPTH:
            raise NotAValue(f"containers nested deeper than {MAX_DEPTH} levels")
        if self.items > MAX_ITEMS:
            raise NotAValue(f"more than {MAX_ITEMS:,} values")
        kind = type(value)
        if value is None or kind in (bool, float, str):
            return value
        if kind is int and -(2**63) <= value < 2**64:
            return value
        if kind is bytes:
            self.body.append(value)
            return ["b", len(value)]
        if kind is np.ndarray:
            return self._array(value)
        return self._container(value, kind, depth + 1)

    def _container(self, value: Any, kind: type, depth: int) -> list[Any]:
        if kind is list or kind is tuple:
            return ["l" if kind is list else "t", [self.tree(item, depth) for item in value]]
        if kind is dict:
            if not all(type(key) is str for key in value):
                raise NotAValue("a dict whose keys are not all strings")
            return ["d", {key: self.tree(item, depth) for key, item in value.items()}]
        if kind is Tagged:
            return [value.tag, *(self.tree(part, depth) for part in value.parts)]
        raise NotAValue("an integer of more than 64 bits" if kind is int else f"an object of type {kind.__name__}")

    def _array(self, value: np.ndarray[Any, Any]) -> list[Any]:
        code = value.dtype.str[1:]
        if code not in DTYPES:
            raise NotAValue(f"an array of dtype {value.dtype}")
        self.body.append(value.astype(DTYPES[code], order="C", copy=False).tobytes())
        return ["a", code, list(value.shape)]


class _Decoder:
    def __init__(self, body: memoryview, build: Builder) -> None:
        self.body = body
        self.offset = 0
        self.build = build
        self.items = 0

    def value(self, tree: Any, depth: int = 0) -> Any:
        self.items += 1
        if depth > MAX_DEPTH or self.items > MAX_ITEMS:
            raise WireError("too deep, or too many values")
        kind = type(tree)
        if tree is None or kind in (bool, int, float, str):
            return tree
        if kind is not list or not tree or type(tree[0]) is not str:
            raise WireError("an untagged value")
        return self._tagged(tree[0], tree[1:], depth)

    def _tagged(self, tag: str, rest: list[Any], depth: int) -> Any:
        if tag in ("l", "t") and len(rest) == 1 and type(rest[0]) is list:
            items = [self.value(item, depth + 1) for item in rest[0]]
            return items if tag == "l" else tuple(items)
        if tag == "d" and len(rest) == 1 and type(rest[0]) is dict:
            if not all(type(key) is str for key in rest[0]):
                raise WireError("a key that is no string")
            return {key: self.value(item, depth + 1) for key, item in rest[0].items()}
        if tag == "b" and len(rest) == 1 and type(rest[0]) is int:
            return bytes(self._take(rest[0]))
        if tag == "a" and len(rest) == 2:
            return self._array(*rest)
        return self.build(tag, [self.value(item, depth + 1) for item in rest])

    def _array(self, code: Any, dims: Any) -> np.ndarray[Any, Any]:
        if type(code) is not str or code not in DTYPES or type(dims) is not list or len(dims) > 32:
            raise WireError("an array of unknown form")
        if not all(type(dim) is int and 0 <= dim <= MAX_BODY for dim in dims):
            raise WireError("an array of impossible shape")
        dtype = DTYPES[code]
        # Zeros count as ones: (2**27, 2**27, 0) has no bytes and still is no shape that NumPy can hold.
        if math.prod(max(dim, 1) for dim in dims) * dtype.itemsize > MAX_BODY:
            raise WireError("an array too large")
        data = self._take(math.prod(dims) * dtype.itemsize)
        return np.frombuffer(data, dtype).reshape(dims).astype(dtype.newbyteorder("="), copy=True)

    def _take(self, size: int) -> memoryview:
        if not 0 <= size <= len(self.body) - self.offset:
            raise WireError("a body shorter than it says")
        start, self.offset = self.offset, self.offset + size
        return self.body[start : self.offset]


def _no_builder(tag: str, rest: list[Any]) -> Any:
    raise WireError("an unknown kind of value")


def pack(value: Any) -> bytes:
    """The frame of a value. Raises NotAValue."""
    encoder = _Encoder()
    try:
        tree = msgspec.msgpack.encode(encoder.tree(value))
    except (UnicodeEncodeError, RecursionError) as error:
        raise NotAValue(f"a value that can't be written down ({type(error).__name__})") from None
    size = sum(map(len, encoder.body))
    if len(tree) > MAX_TREE or size > MAX_BODY:
        raise NotAValue(f"a value of {(len(tree) + size) / 1e6:.0f} MB")
    return b"".join([HEADER.pack(MAGIC, len(tree), size), tree, *encoder.body])


def lengths(header: bytes | bytearray) -> tuple[int, int]:
    """The sizes of tree and body that a frame's header announces."""
    magic, tree, body = HEADER.unpack(header)
    if magic != MAGIC:
        raise WireError("bytes that are no frame")
    if tree > MAX_TREE or body > MAX_BODY:
        raise WireError("a frame over the size limit")
    return tree, body


def unpack(tree: bytes | memoryview, body: bytes | memoryview, build: Builder = _no_builder) -> Any:
    """The value of a frame. Raises WireError whatever the bytes are."""
    try:
        plain = msgspec.msgpack.decode(tree)
        decoder = _Decoder(memoryview(body), build)
        value = decoder.value(plain)
    except (
        msgspec.DecodeError,
        UnicodeDecodeError,
        ValueError,
        TypeError,
        OverflowError,
        RecursionError,
    ) as error:
        raise WireError(f"a frame that can't be read ({type(error).__name__})") from None
    if decoder.offset != len(body):
        raise WireError("a body longer than it says")
    return value


class Channel:
    """Sends and receives values over a socket, each within a deadline (time.monotonic seconds).

    The end that ever names a deadline has to name one always: its socket no longer blocks.
    """

    def __init__(self, sock: socket.socket, build: Builder = _no_builder) -> None:
        self.sock = sock
        self.build = build
        self._buffer = bytearray()  # what has come and was not yet asked for
        self._readable, self._writable = select.poll(), select.poll()
        self._readable.register(sock, select.POLLIN)
        self._writable.register(sock, select.POLLOUT)

    def send(self, value: Any, deadline: float | None = None) -> None:
        frame = memoryview(pack(value))
        try:
            if deadline is None:
                self.sock.sendall(frame)
                return
            if self.sock.gettimeout() != 0:
                self.sock.setblocking(False)
            while frame:
                try:
                    frame = frame[self.sock.send(frame) :]
                except BlockingIOError:
                    _wait(self._writable, deadline)
        except OSError:
            raise Closed from None

    def receive(self, deadline: float | None = None) -> Any:
        self._read(HEADER.size, deadline)
        tree, body = lengths(self._buffer[: HEADER.size])
        middle, end = HEADER.size + tree, HEADER.size + tree + body
        self._read(end, deadline)
        frame, self._buffer = memoryview(self._buffer), self._buffer[end:]
        return unpack(frame[HEADER.size : middle], frame[middle:end], self.build)

    def _read(self, size: int, deadline: float | None) -> None:
        # Grown as the bytes come: a header that announces 128 MB costs nothing until they are sent.
        while (missing := size - len(self._buffer)) > 0:
            if deadline is not None:
                _wait(self._readable, deadline)
            try:
                part = self.sock.recv(min(max(missing, FEW), MANY))
            except OSError:
                raise Closed from None
            if not part:
                raise Closed
            self._buffer += part


def _wait(poll: select.poll, deadline: float) -> None:
    remaining = deadline - time.monotonic()
    if remaining <= 0 or not poll.poll(remaining * 1000):
        raise DeadlinePassed
