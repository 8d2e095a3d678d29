"""What a long table can be narrowed to: each thing has a number, which stands in the rows that it holds for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass
class Filter:
    number: int
    label: str
    count: int = 0


class Filters:
    """By group and label, each counted as often as it was added."""

    def __init__(self) -> None:
        self._groups: dict[str, dict[str, Filter]] = defaultdict(dict)
        self._many = 0

    def add(self, group: str, label: str) -> str:
        """One more row of this kind. Gives what the row is marked with."""
        labels = self._groups[group]
        if label not in labels:
            self._many += 1
            labels[label] = Filter(self._many, label)
        labels[label].count += 1
        return str(labels[label].number)

    def number(self, group: str, label: str) -> int | None:
        """What a link to the rows of this kind names; None where there is none."""
        found = self._groups.get(group, {}).get(label)
        return found.number if found else None

    def groups(self) -> Iterator[tuple[str, list[Filter]]]:
        for name, labels in self._groups.items():
            yield name, list(labels.values())
