"""out/similar.html: the pairs that stand out, side by side, as a question to a person."""

from __future__ import annotations

from collections.abc import Sequence

from grader._util.escaping import one_line, plain
from grader._util.wording import listed
from grader.similarity.compare import Alike, Similar
from grader.similarity.scoring import MARGIN, RARE
from grader.similarity.side_by_side import Sides

TO_A_LINE = 8  # fingerprints, in the code of this repository's assignment
SHARES = ((0.95, "nearly all"), (0.7, "most"), (0.45, "about half"), (0.0, "a part"))


def page(found: Similar, sides: Sequence[Sides]) -> bytes:
    """The page. Names, code and reasons may hold anything."""
    from grader.reports.html.environment import fill  # here, because only the page needs the extra

    return fill(
        "similar.html",
        styles=["similar.css"],
        found=found,
        pairs=list(zip(found.pairs, sides, strict=True)),
        margin=MARGIN,
        lines=RARE // TO_A_LINE,
        sentence=sentence,
        names=names,
        plain=plain,
        one_line=one_line,
    )


def sentence(alike: Alike) -> str:
    """How alike two are, in words."""
    if alike.same_file:
        return "The two files are the same, byte for byte."
    part = next(words for least, words in SHARES if alike.share >= least)
    return (
        f"Of what sets them apart from others they have {part} in common ({alike.share:.0%}). Among people who work "
        f"by themselves that is as improbable as {alike.tosses:.0f} tosses of a coin that all fall as foretold."
        + (
            f" About {alike.rare / TO_A_LINE:.0f} lines of it hardly anybody else has."
            if alike.rare > TO_A_LINE
            else ""
        )
    )


def names(alike: Alike) -> str:
    """What is alike, by name; where names differ, both."""
    told = [one if one == other or not other else f"{one} / {other}".strip(" /") for one, other in alike.functions]
    return listed(list(dict.fromkeys(one_line(name, 100) for name in told)))
