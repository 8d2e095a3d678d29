"""PNG pictures of a notebook as data URLs. Other formats and too large pictures are rejected."""

from __future__ import annotations

import base64
import binascii
import struct
from dataclasses import dataclass
from typing import Any

from grader.reports.html.limits import MAX_PICTURE_BASE64, MAX_PICTURE_CHUNKS, MAX_PICTURE_SIDE

PNG = b"\x89PNG\r\n\x1a\n"

# Chunks that a picture needs. Text, profiles and animations are removed: decoders have had bugs in them.
NEEDED_CHUNKS = {b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"}


@dataclass(frozen=True)
class EmbeddedPicture:
    """Data URL of a picture, and its number of pixels."""

    address: str
    pixels: int


def embed_png(value: Any) -> EmbeddedPicture | None:
    """Return the PNG that a notebook stores in base64, as one text or a list of lines; None for anything else."""
    lines = value if isinstance(value, list) else [value]
    if not all(isinstance(line, str) for line in lines) or sum(map(len, lines)) > MAX_PICTURE_BASE64:
        return None
    try:
        data = base64.b64decode("".join("".join(lines).split()), validate=True)
        width, height = struct.unpack(">II", data[16:24])
        needed = _needed_chunks(data)
    except (binascii.Error, ValueError, struct.error):
        return None
    if needed is None or not 0 < width <= MAX_PICTURE_SIDE or not 0 < height <= MAX_PICTURE_SIDE:
        return None
    return EmbeddedPicture("data:image/png;base64," + base64.b64encode(needed).decode(), width * height)


def _needed_chunks(data: bytes) -> bytes | None:
    """Return a PNG with only its NEEDED_CHUNKS; None if it isn't a sequence of chunks from IHDR to IEND.

    Raises struct.error if the file ends in the head of a chunk.
    """
    if data[:8] != PNG or data[8:16] != b"\0\0\0\x0dIHDR":
        return None
    parts, at = [PNG], 8
    for _ in range(MAX_PICTURE_CHUNKS):
        length, kind = struct.unpack(">I4s", data[at : at + 8])
        end = at + 12 + length
        if end > len(data):
            return None
        if kind in NEEDED_CHUNKS:
            parts.append(data[at:end])
        if kind == b"IEND":
            return b"".join(parts)
        at = end
    return None
