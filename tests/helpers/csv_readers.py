"""A CSV file as any program may read it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator


def read_in_every_way(content: bytes) -> Iterator[str]:
    """Every cell that any reader may see: with each separator, with a look at quotation marks and without."""
    text = content.decode("utf-8-sig")
    for delimiter in ",;\t|":
        for quoting in (csv.QUOTE_MINIMAL, csv.QUOTE_NONE):
            for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, quoting=quoting):
                yield from (cell.strip(' "\t\r\n') for cell in row)
