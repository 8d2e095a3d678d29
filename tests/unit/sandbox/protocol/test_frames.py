"""The wire: whatever is sent arrives as it was, and whatever arrives is a value or a WireError."""

from __future__ import annotations

import contextlib
import datetime
import math
import socket
import struct
import time
from typing import Any

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from grader.sandbox.protocol import channel, frames, limits

F8 = frames.EXTENSION_BY_DTYPE[np.dtype("f8")]

arrays = hnp.arrays(
    dtype=st.sampled_from(sorted(frames.DTYPES)).map(np.dtype),
    shape=hnp.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=5),
)
leaves = (
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | st.floats()
    | st.text()
    | st.binary(max_size=50)
    | arrays
)
values = st.recursive(
    leaves,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.lists(inner, max_size=4).map(tuple)
        | st.dictionaries(st.text(max_size=8), inner, max_size=4)
    ),
    max_leaves=20,
)


def same(a: Any, b: Any) -> bool:
    """Equal in type and content, NaN equal to itself."""
    if type(a) is not type(b):
        return False
    if isinstance(a, np.ndarray):
        return a.dtype == b.dtype and a.shape == b.shape and a.tobytes() == b.tobytes()
    if isinstance(a, list | tuple):
        return len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, dict):
        return list(a) == list(b) and all(same(a[key], b[key]) for key in a)
    return a == b or (isinstance(a, float) and math.isnan(a) and math.isnan(b))


def shaped(number: int, *dims: int) -> msgspec.msgpack.Ext:
    return msgspec.msgpack.Ext(number, struct.pack(f"<{len(dims)}Q", *dims))


def framed(tree: Any, body: bytes = b"") -> bytes:
    data = msgspec.msgpack.encode(tree)
    return frames.HEADER.pack(frames.MAGIC, len(data), len(body)) + data + body


@given(values)
def test_a_value_arrives_as_it_was_sent(value: Any) -> None:
    """Unpacking what was packed gives an equal value of the same types."""
    assert same(frames.unpack_frame(frames.pack(value)), value)


@given(st.binary(max_size=300), st.binary(max_size=100))
def test_random_bytes_are_a_value_or_a_wire_error(tree: bytes, body: bytes) -> None:
    """No bytes make the decoder raise anything but WireError."""
    with contextlib.suppress(frames.WireError):
        frames.unpack(tree, body)


trees = st.recursive(
    leaves.filter(lambda leaf: not isinstance(leaf, np.ndarray))
    | st.builds(msgspec.msgpack.Ext, st.integers(-3, 20), st.binary(max_size=24)),
    lambda inner: (
        st.lists(inner, max_size=5)
        | st.dictionaries(st.text(max_size=3) | st.integers(-1, 2) | st.booleans(), inner, max_size=3)
    ),
    max_leaves=20,
)


@given(trees, st.binary(max_size=64))
def test_well_formed_msgpack_of_any_form_is_a_value_or_a_wire_error(tree: Any, body: bytes) -> None:
    """A sender that knows msgpack but not the rules gets no further than one that doesn't."""
    with contextlib.suppress(frames.WireError):
        frames.unpack(msgspec.msgpack.encode(tree), body)


@given(values.map(frames.pack), st.data())
def test_a_changed_frame_is_a_value_or_a_wire_error(frame: bytes, data: st.DataObject) -> None:
    """One changed byte behind the header never makes the decoder raise anything but WireError."""
    at = data.draw(st.integers(frames.HEADER.size, len(frame) - 1))
    changed = frame[:at] + bytes([data.draw(st.integers(0, 255))]) + frame[at + 1 :]
    with contextlib.suppress(frames.WireError):
        frames.unpack_frame(changed)


@pytest.mark.parametrize(
    ("tree", "body"),
    [
        (shaped(F8, 2), b"\0" * 8),  # fewer bytes than the shape says
        (shaped(F8, 1), b"\0" * 16),  # more
        (shaped(F8, 2**64 - 1), b""),
        (shaped(F8, 2**27, 2**27, 0), b""),  # no bytes, and no shape that NumPy can hold
        (shaped(F8, *[1] * 33), b"\0" * 8),
        (shaped(99, 1), b"\0" * 8),  # no dtype of ours
        (msgspec.msgpack.Ext(F8, b"\1"), b"\0" * 8),  # half a number
        (shaped(F8, *[1] * 65), b"\0" * 8),  # one axis more than NumPy's arrays have
        (shaped(F8, *[2**63] * 200_000), b""),  # whose product would take minutes
        (shaped(frames.BLOB, 5), b"1234"),
        (shaped(frames.BLOB), b""),
        (shaped(frames.BLOB, 1, 1), b"1"),
        (datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC), b""),  # what msgpack knows, and we don't
        ({frames.TUPLE: 3}, b""),
        ({frames.TUPLE: [], frames.TAGGED: []}, b""),
        ({"text": 1, frames.TUPLE: []}, b""),
        ({7: []}, b""),
        ({True: ["f", 1]}, b""),
        ({frames.TAGGED: []}, b""),
        ({frames.TAGGED: [1]}, b""),
        ({frames.TAGGED: ["x", 1]}, b""),
    ],
)
def test_what_breaks_the_rules_is_refused(tree: Any, body: bytes) -> None:
    """Each rule of the format, broken by hand, is a WireError."""
    with pytest.raises(frames.WireError):
        frames.unpack_frame(framed(tree, body))


def test_depth_and_count_are_bounded_both_ways() -> None:
    """A nest deeper than the limit, or more values than the limit, neither leaves nor enters."""
    deep: Any = []
    tree: Any = []
    for _ in range(limits.MAX_DEPTH + 1):
        deep, tree = [deep], {frames.TUPLE: [tree]}
    many = [None] * (limits.MAX_ITEMS + 1)
    for value in (deep, many):
        with pytest.raises(frames.NotAValue):
            frames.pack(value)
    for received in (deep, tree, many):
        with pytest.raises(frames.WireError):
            frames.unpack_frame(framed(received))


def test_a_list_that_holds_itself_does_not_leave() -> None:
    """A cycle ends at the depth limit, not in the interpreter's own."""
    cycle: list[Any] = []
    cycle.append(cycle)
    with pytest.raises(frames.NotAValue):
        frames.pack(cycle)


def test_nesting_that_exhausts_the_parser_is_a_wire_error() -> None:
    """A hundred thousand opened arrays of msgpack are refused, not a RecursionError."""
    with pytest.raises(frames.WireError):
        frames.unpack(b"\x91" * 100_000 + b"\xc0", b"")


def test_half_a_header_is_refused() -> None:
    """Fewer bytes than any frame has are a WireError too."""
    with pytest.raises(frames.WireError):
        frames.unpack_frame(frames.pack(None)[:5])


@pytest.mark.parametrize("header", [b"EVIL" + b"\0" * 8, struct.pack("<4sII", frames.MAGIC, 2**32 - 1, 0)])
def test_a_header_that_is_not_ours_or_too_large_is_refused(header: bytes) -> None:
    """Foreign bytes and announced gigabytes are refused before anything is read."""
    with pytest.raises(frames.WireError):
        frames.read_lengths(header)


@pytest.mark.parametrize("value", [object(), {1: 2}, 2**70, np.array([object()]), np.array(["a"]), "\ud800"])
def test_what_is_no_value_does_not_leave(value: Any) -> None:
    """Objects, foreign keys, huge integers, arrays of other dtypes and lone surrogates are NotAValue."""
    with pytest.raises(frames.NotAValue):
        frames.pack(value)


def test_arrays_arrive_as_plain_arrays_of_their_own() -> None:
    """What arrives can be written to and shares nothing with the frame or its neighbours."""
    first, second = frames.unpack_frame(frames.pack([np.zeros(3), np.ones(3)]))
    first[:] = 7
    assert type(first) is np.ndarray
    assert second.tolist() == [1, 1, 1]


def passing() -> channel.Deadline:
    """A deadline that soon passes."""
    end = time.monotonic() + 0.05
    return lambda: end - time.monotonic()


class TestChannel:
    """A pair of channels over a socket pair."""

    def test_a_value_crosses(self) -> None:
        """What one end sends, the other receives."""
        left, right = socket.socketpair()
        with left, right:
            channel.Channel(left).send({"x": np.arange(3)})
            assert channel.Channel(right).receive()["x"].tolist() == [0, 1, 2]

    def test_silence_is_a_deadline(self) -> None:
        """A peer that sends nothing, or half a frame, ends at the deadline."""
        left, right = socket.socketpair()
        with left, right:
            left.sendall(frames.pack("hello")[:-1])
            with pytest.raises(channel.DeadlinePassed):
                channel.Channel(right).receive(passing())

    def test_a_peer_that_does_not_read_is_a_deadline(self) -> None:
        """Sending ends at the deadline too."""
        left, right = socket.socketpair()
        with left, right, pytest.raises(channel.DeadlinePassed):
            channel.Channel(left).send(np.zeros(1 << 20), passing())

    def test_a_peer_that_is_gone_is_closed(self) -> None:
        """Both reading from and writing to a closed peer say so."""
        left, right = socket.socketpair()
        right.close()
        with left:
            with pytest.raises(channel.Closed):
                channel.Channel(left).receive()
            with pytest.raises(channel.Closed):
                channel.Channel(left).send("hello")
