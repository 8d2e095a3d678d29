"""The chart of README.md: submissions a minute, on a scale on which ten times as many is always as far."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import matplotlib
import table

matplotlib.use("svg")
import matplotlib.pyplot as plt

# The same figures give the same file: no date, no random identifiers; text stays text.
matplotlib.rcParams.update({"svg.hashsalt": "grader", "svg.fonttype": "none", "font.family": "sans-serif"})
OURS, OTHERS, LIMIT = "#2266aa", "#999999", "#bbd4ee"


def draw(results: dict[str, Any], path: Path) -> None:
    """Draws what the scenario `class` gave; nothing when it was never run."""
    rows = [row for row in results.get("class", {}).get("rows", ()) if "per_minute" in row]
    if not rows:
        return
    rows.sort(key=lambda row: row["per_minute"])
    colours = [{"grader": OURS, "floor": LIMIT}.get(row["label"], OTHERS) for row in rows]
    figure, axes = plt.subplots(figsize=(7, 0.5 + 0.45 * len(rows)))
    bars = axes.barh([row["label"] for row in rows], [row["per_minute"] for row in rows], color=colours)
    axes.bar_label(bars, labels=[table.rate(row) for row in rows], padding=4)
    axes.set_xscale("log")
    axes.set_xlim(1, 3 * rows[-1]["per_minute"])
    axes.xaxis.set_major_formatter("{x:,.0f}")
    axes.set_xlabel("submissions a minute (logarithmic)")
    axes.spines[["top", "right"]].set_visible(False)
    figure.savefig(path, bbox_inches="tight", metadata={"Date": None, "Creator": None})
    plt.close(figure)
    path.write_text("\n".join(map(str.rstrip, path.read_text().splitlines())) + "\n")
