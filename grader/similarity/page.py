"""Page out/similar.html: the pairs that stand out, side by side, for an instructor to judge."""

from __future__ import annotations

from collections.abc import Sequence

from grader._util.escaping import one_line, plain
from grader._util.wording import join_with_and
from grader.similarity.compare import SimilarityResult, SimilarPair
from grader.similarity.scoring import MARGIN_BITS, MIN_RARE_PRINTS
from grader.similarity.side_by_side import SideBySide

PRINTS_PER_LINE = 8  # measured on submissions to solutions/digits
SHARES = ((0.95, "nearly all"), (0.7, "most"), (0.45, "about half"), (0.0, "a part"))


def render(found: SimilarityResult, sides: Sequence[SideBySide]) -> bytes:
    """Return the HTML page. Names, code and reasons are untrusted; the template escapes them."""
    from grader.reports.html.environment import render_template  # here, because only the page needs the extra

    return render_template(
        "similar.html",
        styles=["similar.css"],
        found=found,
        pairs=list(zip(found.pairs, sides, strict=True)),
        margin=MARGIN_BITS,
        lines=MIN_RARE_PRINTS // PRINTS_PER_LINE,
        sentence=describe_pair,
        names=describe_functions,
        plain=plain,
        one_line=one_line,
    )


def describe_pair(alike: SimilarPair) -> str:
    """Return sentences that say how similar two submissions are."""
    if alike.same_file:
        return "The two files are the same, byte for byte."
    part = next(words for least, words in SHARES if alike.share >= least)
    return (
        f"Of the code that sets them apart from others they share {part} ({alike.share:.0%}), {alike.bits:.0f} bits: "
        f"among people who work alone, about as improbable as {alike.bits:.0f} coin tosses that all show heads."
        + (
            f" Hardly anybody else has about {alike.rare / PRINTS_PER_LINE:.0f} lines of it."
            if alike.rare > PRINTS_PER_LINE
            else ""
        )
    )


def describe_functions(alike: SimilarPair) -> str:
    """Return the names of the similar functions; both names where they differ."""
    names = [one if one == other or not other else f"{one} / {other}".strip(" /") for one, other in alike.functions]
    return join_with_and(list(dict.fromkeys(one_line(name, 100) for name in names)))
