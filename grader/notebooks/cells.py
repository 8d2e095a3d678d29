"""Reads the bytes of a submission as blocks of Python text: the code cells of a notebook, or a module."""

from __future__ import annotations

import codecs
import json
import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from .limits import MAX_NOTE, MAX_NOTES, MAX_TYPE_NAME

_BOMS = (  # UTF-32 before UTF-16, whose mark is a prefix
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CODING = re.compile(rb"(?:[ \t\f]*(?:#[^\n]*)?\n)?[ \t\f]*#[^\n]*?coding[:=][ \t]*([-\w.]+)")
_BINARY = re.compile(rb"[\0-\x08\x0e-\x1a\x1c-\x1f]")


class NotebookUnreadable(Exception):
    """The file can't be read at all. The message says why, in a sentence."""


@dataclass(frozen=True)
class Block:
    """The text of a code cell or of a module."""

    text: str
    file: str  # as tracebacks name it: "<cell 7>" or "<digits.py>"
    prefix: str  # of line numbers in notes: "cell 7, ", or "" in a module


def add_note(notes: list[str], text: str) -> None:
    """Add a note as a line of bounded length that any encoder takes. After MAX_NOTES, say that there are more."""
    if len(notes) >= MAX_NOTES:
        notes[MAX_NOTES - 1] = "more notes were left out"
        return
    notes.append(note_line(text))


def note_line(text: str) -> str:
    """Return text on one line of at most MAX_NOTE characters, without lone surrogates."""
    text = " ".join(text[: 10 * MAX_NOTE].split()).encode("utf-8", "backslashreplace").decode()
    return text if len(text) <= MAX_NOTE else text[: MAX_NOTE - 1] + "…"


def type_name(thing: object) -> str:
    """Return the name of an object's type, whatever a metaclass says, cut to MAX_TYPE_NAME characters."""
    name: str = type.__dict__["__name__"].__get__(type(thing))
    return name[:MAX_TYPE_NAME].encode("utf-8", "backslashreplace").decode()


def module_block(text: str, filename: str) -> Block:
    """Return a module as one block. Its name has no folders and only printable characters."""
    name = PurePosixPath(filename.replace("\\", "/")).name
    return Block(text, f"<{''.join(c for c in name if c.isprintable()) or 'module.py'}>", "")


def decode(content: bytes, notes: list[str]) -> str:
    """Return the text of a file. Raises NotebookUnreadable if it is empty or binary.

    The encoding is that of the byte order mark, of the coding line (PEP 263), UTF-8, or Latin-1, which fits anything.
    """
    encodings = [encoding for bom, encoding in _BOMS if content.startswith(bom)][:1]
    if coding := _CODING.match(content[:1000].replace(b"\r", b"\n")):
        encodings.append(coding[1].decode())
    for encoding in [*encodings, "utf-8"]:
        try:
            text = content.decode(encoding)
            break
        except (UnicodeError, LookupError):
            continue
    else:
        if _BINARY.search(content):
            raise NotebookUnreadable("the file isn't text")
        text = content.decode("latin-1")
        add_note(notes, "the file isn't UTF-8; it was read as Latin-1")
    if not text.strip("\0\ufeff \t\r\n\f\v"):
        raise NotebookUnreadable("the file is empty")
    return unix_lines(text)


def unix_lines(text: str) -> str:
    """Return text with line feeds as its only line ends."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def notebook_data(text: str, filename: str) -> tuple[dict[str, Any] | None, str]:
    """Return the notebook that a text is, whatever its cells look like, or None for a module or anything else.

    The second is why a text that should be JSON isn't, or empty.
    """
    if not (filename.lower().endswith(".ipynb") or text.lstrip().startswith("{")):
        return None, ""
    try:
        data = json.loads(text)
    except (ValueError, RecursionError, MemoryError) as error:
        return None, str(error) or type(error).__name__
    return (data if isinstance(data, dict) and ("cells" in data or "worksheets" in data) else None), ""


def with_cell(content: bytes, filename: str, source: str) -> bytes:
    """Return a notebook as it is, with one more code cell at its end.

    Of another format, and of a module, only the code stays. Raises NotebookUnreadable.
    """
    text = decode(content, [])
    data, _ = notebook_data(text, filename)
    if data is None or data.get("nbformat") != 4 or not isinstance(data.get("cells"), list):
        blocks = [module_block(text, filename)] if data is None else notebook_cells(data, text, [])
        data = {"nbformat": 4, "nbformat_minor": 4, "metadata": {}, "cells": [_code_cell(each.text) for each in blocks]}
    return json.dumps({**data, "cells": [*data["cells"], _code_cell(source)]}).encode()


def _code_cell(source: str) -> dict[str, Any]:
    return {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None, "source": source}


def notebook_cells(data: dict[str, Any], text: str, notes: list[str]) -> list[Block]:
    """Return the code cells of a notebook, numbered 1, 2, 3... as if it ran from the top.

    :param data: the parsed JSON of `text`
    """
    try:
        if data.get("nbformat") not in (1, 2, 3, 4):
            raise ValueError("no known format number")
        sources = _sources(data if data["nbformat"] == 4 else _convert(text))
    except Exception:  # nbformat raises exceptions of any kind
        add_note(notes, "the notebook's format is damaged; its code cells were read anyway")
        sources = list(_plain_cells(data))
    if not sources:
        add_note(notes, "the notebook has no code cells")
    return [Block(source, f"<cell {n}>", f"cell {n}, ") for n, source in enumerate(sources, 1)]


def _sources(data: Any) -> list[str]:
    """Return the code cells of a notebook of format 4, in which a text may be a list of lines.

    Raises KeyError, TypeError or ValueError for any other form.
    """
    if not all(isinstance(part["metadata"], dict) for part in [data, *data["cells"]]):
        raise ValueError("metadata of another form")
    sources = [cell["source"] for cell in data["cells"] if cell["cell_type"] == "code"]
    if not all(isinstance(source, str | list) for source in sources):
        raise ValueError("a cell without text")
    return ["".join(source) for source in sources]


def _convert(text: str) -> Any:
    """Return a notebook of an older format in format 4.

    Not validated: that takes ten times as long and only complains.
    """
    from nbformat import convert, reader  # imported here, because modules don't need it

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return convert(reader.reads(text), 4)  # type: ignore[no-untyped-call]  # nbformat has no types


def _plain_cells(data: dict[str, Any]) -> Iterator[str]:
    """Yield the code cells of JSON that only resembles a notebook."""
    sheets = data.get("worksheets")
    for sheet in [data, *(sheets if isinstance(sheets, list) else [])]:
        cells = sheet.get("cells") if isinstance(sheet, dict) else None
        for cell in cells if isinstance(cells, list) else []:
            if isinstance(cell, dict) and cell.get("cell_type", "code") == "code":
                body = cell.get("source", cell.get("input", ""))
                lines = body if isinstance(body, list) else [body]
                yield "".join(line for line in lines if isinstance(line, str))
