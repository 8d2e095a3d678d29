"""Exhibits as data for a template: polylines of a chart, pictures as PNG, and text alternatives."""

from __future__ import annotations

import base64
import struct
import zlib
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from grader._util.wording import join_with_and
from grader.models import Curve, Exhibit, Flow, GrayImage

WIDTH, HEIGHT, MARGIN = 240, 110, 8  # of a chart, in units of its SVG


def exhibit_view(exhibit: Exhibit) -> dict[str, Any]:
    """Return the values that the macro `exhibit` needs; `kind` is "flow", "curve" or "pictures"."""
    if isinstance(exhibit, Flow):
        return {"kind": "flow", "title": exhibit.title, "steps": exhibit.steps}
    if isinstance(exhibit, Curve):
        return {"kind": "curve", "title": exhibit.title, **_curve(exhibit)}
    shown = [{"source": png(picture), "caption": picture.caption} for picture in exhibit.pictures]
    return {"kind": "pictures", "title": exhibit.title, "pictures": shown, "more": exhibit.more}


def _curve(curve: Curve) -> dict[str, Any]:
    finite = [value for value in curve.values if value is not None]
    bad = len(curve.values) - len(finite)
    description = [_describe_curve(finite)] if finite else []
    if bad:
        description.append(f"{bad} of {len(curve.values)} values are NaN or infinite")
    return {
        "lines": _lines(curve.values),
        "form": _lines(curve.form),
        "description": join_with_and(description),
        "form_description": _describe_curve(curve.form, heights=False),
    }


def _describe_curve(values: Sequence[float], heights: bool = True) -> str:
    """Return a description of a curve: "falls, from 0.7 to 0.1"; without numbers unless `heights`."""
    first, last = values[0], values[-1]
    if len(values) == 1:
        return f"a single value, {first:.4g}" if heights else "a single value"
    steps = [later - earlier for earlier, later in pairwise(values)]
    way = "falls" if last < first else "rises" if last > first else "ends where it began"
    if first != last and all(step <= 0 if last < first else step >= 0 for step in steps):
        way += " all the way"
    return f"{way}, from {first:.4g} to {last:.4g}" if heights else way


def _lines(values: Sequence[float | None]) -> list[str]:
    """Return the points of a polyline for each stretch without None; a stretch of one point has it twice."""
    finite = [value for value in values if value is not None]
    if not finite:
        return []
    scale = max(map(abs, finite)) or 1.0  # before subtracting: the difference of huge numbers may be infinite
    low, high = min(finite) / scale, max(finite) / scale
    span = (high - low) or 1.0
    stretches: list[list[str]] = [[]]
    for index, value in enumerate(values):
        if value is None:
            stretches.append([])
            continue
        x = MARGIN + (WIDTH - 2 * MARGIN) * index / max(1, len(values) - 1)
        y = HEIGHT - MARGIN - (HEIGHT - 2 * MARGIN) * (value / scale - low) / span
        stretches[-1].append(f"{x:.1f},{y:.1f}")
    return [" ".join(points if len(points) > 1 else points * 2) for points in stretches if points]


def png(picture: GrayImage) -> str:
    """Return a grayscale picture as a data URL of a PNG."""
    width = max(1, picture.width)
    rows = [picture.pixels[at : at + width] for at in range(0, len(picture.pixels), width)]
    header = struct.pack(">IIBBBBB", width, len(rows), 8, 0, 0, 0, 0)
    body = zlib.compress(b"".join(b"\0" + row for row in rows), 9)
    parts = (_chunk(b"IHDR", header), _chunk(b"IDAT", body), _chunk(b"IEND", b""))
    return "data:image/png;base64," + base64.b64encode(b"\x89PNG\r\n\x1a\n" + b"".join(parts)).decode()


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
