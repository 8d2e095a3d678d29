"""Formulas, which notebooks write in TeX, as MathML, which browsers draw and read out by themselves.

Of TeX this knows what the formulas of a course on networks are written with. One that holds anything else is shown as
it was typed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

from markupsafe import Markup

from grader.reports.html import TEMPLATES

MAX_FORMULA = 2000  # characters
MAX_DEPTH = 40  # of braces, commands and scripts in each other

STYLES = "text|textrm|textbf|textit|texttt|mathrm|mathbf|mathit|mathbb|mathcal|mathtt|boldsymbol|operatorname"
SPACES = {",": 0.17, ":": 0.22, ";": 0.28, "!": -0.17, " ": 0.25, "quad": 1, "qquad": 2}
ACCENTS = {"hat": "^", "widehat": "^", "bar": "¯", "overline": "¯", "tilde": "~", "vec": "→", "dot": "˙"}
FENCES = {"pmatrix": "()", "bmatrix": "[]", "vmatrix": "||", "cases": "{", "matrix": "", "aligned": "", "align": ""}
_WORDS = "log ln exp sin cos tan tanh sinh cosh max min arg argmax argmin lim det dim sup inf Pr"
_SIZES = "big Big bigg Bigg bigl bigr Bigl Bigr displaystyle textstyle limits nolimits nonumber"


def _signs() -> Iterator[dict[str, str]]:
    """What TeX's names stand for: first letters, then other signs."""
    for part in (TEMPLATES / "tex.txt").read_text("utf-8").split("\n\n"):
        yield dict(line.split(" ") for line in part.splitlines())


LETTERS, SIGNS = _signs()
WORDS, SIZES = frozenset(_WORDS.split()), frozenset(_SIZES.split())
BREAKS = frozenset({"=", "<", ">", "+", *map("\\{}".format, ("approx", "le", "ge", "ne", "to", "Rightarrow", "equiv"))})
BEFORE_A_NUMBER = frozenset({"", *"([{=,&<>^_/|", "\\\\", "\\approx", "\\cdot", "\\to"})  # where a minus is its sign
LIMITS = frozenset({"\\sum", "\\prod", "\\max", "\\min", "\\lim", "\\argmax", "\\argmin", "\\sup", "\\inf"})

TOKEN = re.compile(
    rf"\\(?:{STYLES})\s*\{{[^{{}}]*\}}|\\(?:begin|end)\s*\{{\w+\*?\}}|\\[a-zA-Z]+|\\.|\d+(?:\.\d+)?|[^\s\\]", re.DOTALL
)
STYLED = re.compile(rf"\\(?:{STYLES})\s*\{{([^{{}}]*)\}}", re.DOTALL)


class Unknown(Exception):
    """Something that this doesn't know, or a formula without an end."""


def formula(tex: str, *, block: bool = False) -> Markup | None:
    """The formula, in pieces between which a line may end; None where it can't be made."""
    if len(tex) > MAX_FORMULA:
        return None
    try:
        pieces = Reader(TOKEN.findall(tex)[::-1]).pieces()
    except Unknown:
        return None
    style = Markup(' displaystyle="true"') if block else ""
    return Markup().join(Markup("<math{}>{}</math>").format(style, piece) for piece in pieces)


class Reader:
    """Reads tokens, of which the next is the last in the list."""

    def __init__(self, tokens: list[str]) -> None:
        self.tokens = tokens
        self.depth = 0
        self.last = ""  # the token before the next

    def pieces(self) -> list[Markup]:
        """Everything, cut where a line may end: before signs of relation, sums, and wide spaces."""
        made: list[list[Markup]] = [[]]
        while self.tokens:
            token = self.tokens[-1]
            if (token in BREAKS or token in ("\\quad", "\\qquad")) and made[-1]:
                made.append([])
            made[-1].append(self.infix() if token in BREAKS else self.scripted())
        return [Markup("<mrow>{}</mrow>").format(Markup().join(piece)) for piece in made]

    def infix(self) -> Markup:
        """A sign between two things, one of which may be in another piece."""
        return Markup(str(self.thing()).replace("<mo>", '<mo form="infix">'))  # thing() has escaped it

    def row(self, ends: tuple[str, ...]) -> Markup:
        """All up to one of the tokens that end it, which is left there."""
        made = []
        with self.deeper():
            while self.tokens and not self.tokens[-1].startswith(ends):
                made.append(self.scripted())
        if not self.tokens:
            raise Unknown
        return Markup("<mrow>{}</mrow>").format(Markup().join(made))

    @contextmanager
    def deeper(self) -> Iterator[None]:
        """One level further in, of which there are MAX_DEPTH."""
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise Unknown
        yield
        self.depth -= 1

    def scripted(self) -> Markup:
        """One thing with what stands above and below it."""
        token = self.tokens[-1]
        base = Markup("<mrow></mrow>") if token in ("^", "_") else self.thing()
        scripts: dict[str, Markup] = {}
        while self.tokens and self.tokens[-1] in ("^", "_", "'"):
            mark = self.tokens.pop()
            scripts["^" if mark == "'" else mark] = Markup("<mo>\u2032</mo>") if mark == "'" else self.argument()
        if not scripts:
            return base
        under, over = ("munder", "mover") if token in LIMITS else ("msub", "msup")
        if len(scripts) == 2:
            name = under + over.removeprefix("m")
            return Markup(f"<{name}>{{}}{{}}{{}}</{name}>").format(base, scripts["_"], scripts["^"])
        name = under if "_" in scripts else over
        return Markup(f"<{name}>{{}}{{}}</{name}>").format(base, *scripts.values())

    def argument(self) -> Markup:
        """What a command or a script applies to."""
        if not self.tokens or self.tokens[-1] in ("}", "&", "^", "_"):
            raise Unknown
        if len(token := self.tokens[-1]) > 1 and token[0].isdigit():  # of 12 without braces, TeX takes the 1
            self.tokens[-1] = token[1:]
            return Markup("<mn>{}</mn>").format(token[0])
        with self.deeper():
            return self.thing()

    def thing(self) -> Markup:
        token = self.tokens.pop()
        before, self.last = self.last, token
        if token == "{":
            made = self.row(("}",))
            self.tokens.pop()
            return made
        if token in ("}", "&", "\\\\"):
            raise Unknown
        if token.startswith("\\"):
            return self.command(token, token[1:])
        if token[0].isdigit():
            return Markup("<mn>{}</mn>").format(token)
        if token.isalpha():
            return Markup("<mi>{}</mi>").format(token)
        if token == "-":
            prefix = Markup(' form="prefix"') if before in BEFORE_A_NUMBER else ""
            return Markup("<mo{}>\u2212</mo>").format(prefix)
        return sign(token)

    def command(self, token: str, name: str) -> Markup:
        if name in LETTERS:
            return Markup("<mi>{}</mi>").format(LETTERS[name])
        if name in SIGNS:
            return Markup("<mo>{}</mo>").format(SIGNS[name])
        if name in WORDS:
            return Markup('<mi mathvariant="normal">{}</mi>').format(name)
        if name in SPACES:
            return Markup('<mspace width="{}em"></mspace>').format(SPACES[name])
        if name in SIZES:
            return Markup()
        if styled := STYLED.fullmatch(token):
            return Markup("<mtext>{}</mtext>").format(styled[1].replace(" ", "\u00a0"))
        return self.structure(token, name)

    def structure(self, token: str, name: str) -> Markup:
        """What is made of other things."""
        if name in ("frac", "dfrac", "tfrac"):
            return Markup("<mfrac>{}{}</mfrac>").format(self.argument(), self.argument())
        if name == "sqrt":
            return Markup("<msqrt>{}</msqrt>").format(self.argument())
        if name in ACCENTS:
            return Markup('<mover accent="true">{}<mo>{}</mo></mover>').format(self.argument(), ACCENTS[name])
        if name == "left":
            return self.fenced()
        if token.startswith("\\begin"):
            return self.table(token.partition("{")[2].rstrip("}*"))
        raise Unknown

    def fenced(self) -> Markup:
        """From \\left to \\right, with signs as high as what they hold."""
        opening = self.fence()
        inner = self.row(("\\right",))
        self.tokens.pop()
        return Markup("<mrow>{}{}{}</mrow>").format(opening, inner, self.fence())

    def fence(self) -> Markup:
        if not self.tokens:
            raise Unknown
        token = self.tokens.pop()
        name = SIGNS.get(token[1:], "") if token.startswith("\\") else token.replace(".", "")
        return Markup("<mo>{}</mo>").format(name)

    def table(self, kind: str) -> Markup:
        """The rows of a matrix, or of cases."""
        if kind not in FENCES:
            raise Unknown
        rows: list[list[Markup]] = [[]]
        while True:
            rows[-1].append(self.row(("&", "\\\\", "\\end")))
            ending = self.tokens.pop()
            if ending == "\\\\":
                rows.append([])
            elif ending != "&":
                break
        cells = (Markup().join(Markup("<mtd>{}</mtd>").format(cell) for cell in row) for row in rows)
        body = Markup().join(Markup("<mtr>{}</mtr>").format(row) for row in cells)
        signs = [Markup("<mo>{}</mo>").format(each) for each in FENCES[kind]] + [Markup()] * 2
        return Markup("<mrow>{}<mtable>{}</mtable>{}</mrow>").format(signs[0], body, signs[1])


def sign(token: str) -> Markup:
    """An operator; a bracket that isn't fenced stays as high as the text."""
    small = Markup(' stretchy="false"') if token in "()[]|" else ""
    return Markup("<mo{}>{}</mo>").format(small, token)
