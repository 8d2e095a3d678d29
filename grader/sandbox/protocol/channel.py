"""Both sides: frames over a socket, each within a deadline."""

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
    """The other side is gone."""


class DeadlinePassed(Exception):
    """The other side did not answer in time."""


class Channel:
    """Sends and receives values over a socket, each within a deadline, which is asked how many seconds are left.

    It is the kernel that ends a wait, so that a frame costs one system call where no deadline is near.
    """

    def __init__(self, sock: socket.socket, build: Builder = reject_tagged, convert: Converter = reject_object) -> None:
        self.sock = sock
        self.build = build
        self.convert = convert
        self._buffer: bytes | bytearray = b""  # what has come and was not yet asked for
        self._timeouts = {socket.SO_RCVTIMEO: math.inf, socket.SO_SNDTIMEO: math.inf}  # the kernel's, in seconds

    def send(self, value: Any, deadline: Deadline | None = None) -> None:
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
        data, self._buffer = self._buffer, b""
        while len(data) < HEADER.size:
            data += self._read(MIN_READ_BYTES, deadline)
        tree, body = read_lengths(data)
        middle, end = HEADER.size + tree, HEADER.size + tree + body
        if len(data) < end:
            data = bytearray(data)  # grown as the bytes come: 128 MB announced cost nothing until they are sent
            while len(data) < end:
                data += self._read(end - len(data), deadline)
        if len(data) > end:
            self._buffer = data[end:]
        frame = memoryview(data)
        return unpack(frame[HEADER.size : middle], frame[middle:end], self.build)

    def _read(self, missing: int, deadline: Deadline | None) -> bytes:
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
        """Has the kernel end a wait at the deadline, or a moment after it. Raises DeadlinePassed."""
        if deadline is None:
            return
        remaining = deadline()
        if remaining <= 0:
            raise DeadlinePassed
        if not remaining - MAX_EARLY_SECONDS <= self._timeouts[option] <= remaining + MAX_LATE_SECONDS:
            self._timeouts[option] = remaining
            microseconds = max(int(remaining * 1e6), 1)  # 0 would be for ever
            self.sock.setsockopt(socket.SOL_SOCKET, option, struct.pack("@ll", *divmod(microseconds, 10**6)))
