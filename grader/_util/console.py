"""Lines on a terminal."""

from __future__ import annotations

from rich.console import Console


def print_line(console: Console, text: str) -> None:
    """Print a line as it is: without markup, colours or line breaks."""
    console.print(text, markup=False, highlight=False, soft_wrap=True)
