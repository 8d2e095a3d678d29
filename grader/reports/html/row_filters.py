"""Filters of the rows of a long table. A filter has a number, which its rows list."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass
class Filter:
    """Filter of a table, and the number of its rows."""

    number: int
    label: str
    count: int = 0


class Filters:
    """Filters by group and label."""

    def __init__(self) -> None:
        self._groups: dict[str, dict[str, Filter]] = defaultdict(dict)
        self._count = 0

    def add(self, group: str, label: str) -> str:
        """Count a row for a filter, which is created if needed. Return the mark of the row."""
        labels = self._groups[group]
        if label not in labels:
            self._count += 1
            labels[label] = Filter(self._count, label)
        labels[label].count += 1
        return str(labels[label].number)

    def number(self, group: str, label: str) -> int | None:
        """Return the number of a filter; None if it doesn't exist."""
        found = self._groups.get(group, {}).get(label)
        return found.number if found else None

    def groups(self) -> Iterator[tuple[str, list[Filter]]]:
        """Yield each group with its filters."""
        for name, labels in self._groups.items():
            yield name, list(labels.values())
