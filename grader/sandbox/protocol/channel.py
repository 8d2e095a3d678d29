"""Sends and receives frames over a socket, each within a deadline."""

from __future__ import annotations

import math
import socket
import struct
from collections.abc import Callable
from typing import Any

from .frames import HEADER, Builder, Converter, pack, read_lengths, reject_object, reject_tagged, unpack
from .limits import MAX_EARLY_SECONDS, MAX_LATE_SECONDS, MAX_READ_BYTES, MIN_READ_BYTES

Deadline = Callable[[], float]


class Closed(Exception):
    """The other side has closed the socket."""


class DeadlinePassed(Exception):
    """The other side did not answer in time."""


class Channel:
    """Sends and receives values over a socket. A deadline is a function that returns the seconds left.

    The kernel ends a wait, so a frame costs one system call unless a deadline is near.
    """

    def __init__(self, sock: socket.socket, build: Builder = reject_tagged, convert: Converter = reject_object) -> None:
        self.sock = sock
        self.build = build
        self.convert = convert
        self._buffer: bytes | bytearray = b""  # received, but not returned yet
        self._timeouts = {socket.SO_RCVTIMEO: math.inf, socket.SO_SNDTIMEO: math.inf}  # of the kernel, in seconds

    def send(self, value: Any, deadline: Deadline | None = None) -> None:
        """Send a value. Raises Closed, DeadlinePassed, or NotAValue if the value can't be encoded."""
        frame = memoryview(pack(value, self.convert))
        try:
            while frame:
                self._set_timeout(socket.SO_SNDTIMEO, deadline)
                try:
                    frame = frame[self.sock.send(frame) :]
                except BlockingIOError:
                    continue
        except OSError:
            raise Closed from None

    def receive(self, deadline: Deadline | None = None) -> Any:
        """Return the next value. Raises Closed, DeadlinePassed, or WireError for anything that is no valid frame."""
        data, self._buffer = self._buffer, b""
        while len(data) < HEADER.size:
            data += self._read(MIN_READ_BYTES, deadline)
        tree, body = read_lengths(data)
        middle, end = HEADER.size + tree, HEADER.size + tree + body
        if len(data) < end:
            data = bytearray(data)  # grows with the bytes received: announcing 128 MB costs no memory
            while len(data) < end:
                data += self._read(end - len(data), deadline)
        if len(data) > end:
            self._buffer = data[end:]
        frame = memoryview(data)
        return unpack(frame[HEADER.size : middle], frame[middle:end], self.build)

    def _read(self, missing: int, deadline: Deadline | None) -> bytes:
        """Return the next bytes from the socket, at least one."""
        while True:
            self._set_timeout(socket.SO_RCVTIMEO, deadline)
            try:
                part = self.sock.recv(min(max(missing, MIN_READ_BYTES), MAX_READ_BYTES))
            except BlockingIOError:
                continue
            except OSError:
                raise Closed from None
            if not part:
                raise Closed
            return part

    def _set_timeout(self, option: int, deadline: Deadline | None) -> None:
        """Have the kernel end a wait at the deadline, or shortly after it. Raises DeadlinePassed if it has passed."""
        if deadline is None:
            return
        remaining = deadline()
        if remaining <= 0:
            raise DeadlinePassed
        if not remaining - MAX_EARLY_SECONDS <= self._timeouts[option] <= remaining + MAX_LATE_SECONDS:
            self._timeouts[option] = remaining
            microseconds = max(int(remaining * 1e6), 1)  # 0 would mean no timeout
            self.sock.setsockopt(socket.SOL_SOCKET, option, struct.pack("@ll", *divmod(microseconds, 10**6)))
