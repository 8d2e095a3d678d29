"""Print the pairs that stand out to the terminal."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from grader._util.console import print_line
from grader._util.escaping import one_line
from grader.similarity.compare import SimilarityResult
from grader.similarity.page import describe_functions


def print_pairs(found: SimilarityResult, path: Path, console: Console) -> None:
    """Print a table of the pairs, the submissions that weren't compared, and the path of the page."""
    if found.pairs:
        table = Table()
        for name in ("pair", "bits", "in common", "similar"):
            table.add_column(name, overflow="fold", justify="right" if name in ("bits", "in common") else "left")
        for one in found.pairs:
            pair = Text(f"{one_line(one.first, 100)} and {one_line(one.second, 100)}")
            similar = Text("the same file" if one.same_file else describe_functions(one))
            table.add_row(pair, f"{one.bits:.0f}", f"{one.share:.0%}", similar)
        console.print(table)
    count = len(found.pairs) + found.more
    stand = "no pair stands" if not count else "1 pair stands" if count == 1 else f"{count} pairs stand"
    lines = [f"{found.compared} compared, {stand} out"]
    lines += [f"not compared: {one_line(name, 100)}: {one_line(why, 300)}" for name, why in found.left_out.items()]
    if found.pairs:
        lines.append(f"these are questions, no verdicts: read the pairs side by side in {path}")
    for line in lines:
        print_line(console, line)
