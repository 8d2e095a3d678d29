"""Draw docs/images/pipeline.svg from the import contract in pyproject.toml and the docstrings of the packages.

python docs/pipeline.py
"""

from __future__ import annotations

import ast
import textwrap
import tomllib
from html import escape
from pathlib import Path

ROOT = Path(__file__).parents[1]
FIGURE = ROOT / "docs" / "images" / "pipeline.svg"
MOUNTED = {"notebooks", "guest", "protocol"}  # what a sandbox shows: tests/unit/test_architecture.py holds the list
WIDTH, MARGIN, GAP, HEAD, LINE, LETTER = 900, 20, 8, 32, 16, 6.4  # pixels
STYLE = """
.bg { fill: #ffffff } .t { fill: #1b1f24; font-weight: 600 } .s { fill: #57606a; font-size: 12px }
.box { fill: #f6f8fa; stroke: #57606a } .in { fill: #fff1e5; stroke: #bc4c00 }
@media (prefers-color-scheme: dark) {
.bg { fill: #0d1117 } .t { fill: #e6edf3 } .s { fill: #9da7b3 } .box { fill: #161b22 } .in { fill: #3b2314 }
}
"""


def contract(name: str) -> list[list[str]]:
    """Return the layers of a contract, from the top: each is a list of packages or modules."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())
    (found,) = (one for one in settings["tool"]["importlinter"]["contracts"] if one.get("containers") == [name])
    return [[part.strip() for part in layer.split(":")] for layer in found["layers"]]


def summary(place: Path) -> str:
    """Return the first line of the docstring of a package or module, without its full stop."""
    file = place / "__init__.py" if place.is_dir() else place.with_suffix(".py")
    text = ast.get_docstring(ast.parse(file.read_text())) or ""
    return text.partition("\n")[0].rstrip(".")


def lines(place: Path, width: float) -> list[str]:
    """Return what a package does, as lines that fit into a box."""
    return textwrap.wrap(summary(place), int((width - 24) / LETTER))


def row(y: float, places: list[Path]) -> tuple[str, float]:
    """Return a layer as SVG, its packages side by side, and its height."""
    width = (WIDTH - 2 * MARGIN - GAP * (len(places) - 1)) / len(places)
    height = HEAD + LINE * max(len(lines(place, width)) for place in places)
    parts = []
    for k, place in enumerate(places):
        x = MARGIN + k * (width + GAP)
        kind = "in" if place.name in MOUNTED else "box"
        parts.append(f'<rect class="{kind}" x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" rx="6"/>')
        parts.append(f'<text class="t" x="{x + 12:g}" y="{y + 20:g}">{escape(place.name)}</text>')
        for n, line in enumerate(lines(place, width)):
            parts.append(
                f'<text class="s" x="{x + 12:g}" y="{y + HEAD - 4 + LINE * (n + 0.5):g}">{escape(line)}</text>'
            )
    return "\n".join(parts), height


def figure() -> str:
    """Return the figure: each row imports from the rows below it. What a sandbox shows is marked."""
    parts, y = [], float(GAP)
    for layer in contract("grader"):
        rows = [[ROOT / "grader" / name for name in layer]]
        if layer == ["sandbox"]:
            rows.append([ROOT / "grader" / "sandbox" / name for inner in contract("grader.sandbox") for name in inner])
        for places in rows:
            drawn, height = row(y, places)
            parts.append(drawn)
            y += height + GAP
    body = "\n".join(parts)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {y:g}" role="img" '
        'aria-label="The packages of the grader in layers" font-family="system-ui, sans-serif" font-size="15">\n'
        f'<style>{STYLE}</style>\n<rect class="bg" width="{WIDTH}" height="{y:g}"/>\n{body}\n</svg>\n'
    )


if __name__ == "__main__":
    FIGURE.write_text(figure())
