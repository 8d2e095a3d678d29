"""The pairs that stand out, for a person at the terminal."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from grader._util.escaping import one_line
from grader.similarity.compare import SimilarityResult
from grader.similarity.page import describe_functions


def print_pairs(found: SimilarityResult, path: Path, console: Console) -> None:
    """A table of the pairs, who wasn't compared, and where to read both."""
    if found.pairs:
        table = Table()
        for name in ("pair", "tosses", "in common", "alike"):
            table.add_column(name, overflow="fold", justify="right" if name in ("tosses", "in common") else "left")
        for one in found.pairs:
            pair = Text(f"{one_line(one.first, 100)} and {one_line(one.second, 100)}")
            alike = Text("the same file" if one.same_file else describe_functions(one))
            table.add_row(pair, f"{one.bits:.0f}", f"{one.share:.0%}", alike)
        console.print(table)
    count = len(found.pairs) + found.more
    stand = "no pair stands" if not count else "1 pair stands" if count == 1 else f"{count} pairs stand"
    lines = [f"{found.compared} compared, {stand} out"]
    lines += [f"not compared: {one_line(name, 100)}: {one_line(why, 300)}" for name, why in found.left_out.items()]
    if found.pairs:
        lines.append(f"a question, not a verdict: read them side by side in {path}")
    for line in lines:
        console.print(line, markup=False, highlight=False, soft_wrap=True)
