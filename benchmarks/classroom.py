"""Makes a class of N notebooks of the digits assignment: the same ones for the same seed, and no two alike.

They are filled-in copies of the released notebook, with all that such a notebook has beside the answers: public
checks, figures, cells that train. They hold saved pictures too, as a notebook that was run does.
"""

from __future__ import annotations

import ast
import base64
import json
import random
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
RELEASED = HERE.parent / "assignment" / "digits"
RIGHT = ("right_plain", "right_loops", "right_tensors")
WRONG = ("wrong_formulas", "wrong_shapes")

# What kinds of submissions a class has, in turn: 8 right, 7 wrong, 3 unfinished, 1 slow, 1 crashing of each 20.
ORDINARY = ("right", "wrong", "unfinished")
KINDS = (
    *("right", "wrong", "right", "unfinished", "wrong", "slow", "right", "wrong", "crashing", "right"),
    *("wrong", "unfinished", "right", "wrong", "right", "wrong", "right", "unfinished", "wrong", "right"),
)
LOOPING_EACH = 5  # in a class with endless loops, each fifth submission has one
PICTURE_BYTES = 12_000

SLOW = """
def slowly(values):
    \"\"\"The mean, by way of a table that nobody needs: about 0.1 s of processor time.\"\"\"
    table = [i * i for i in range(1_500_000)]
    return np.mean(values, axis=1, keepdims=True) + 0 * table[0]


def standardize(X):
    mean, spread = slowly(X), np.std(X, axis=1, keepdims=True)
    constant = np.all(X == X[:, :1], axis=1, keepdims=True)
    return np.where(constant, 0, (X - mean) / np.where(constant, 1, spread))
"""
CRASHES = (
    "def my_sequential(x, parameters, g):\n    import os\n\n    os._exit(3)",
    "def forward(X, parameters):\n    raise RuntimeError('I give up')",
    "def backward(activations, Y, parameters):\n    import ctypes\n\n    return ctypes.string_at(0)",
    "def predict(X, parameters, threshold=0.5):\n    raise SystemExit",
)
LOOP = "def train(X, Y, parameters, alpha, steps):\n    while True:\n        alpha = alpha / 2"


@dataclass(frozen=True)
class Member:
    """One submission of the class."""

    path: Path
    number: int
    kind: str


def make(folder: Path, size: int, seed: int = 1, looping: bool = False, numpy: bool = False) -> list[Member]:
    """Writes a class of this size into `folder`, which need not exist; `numpy`: no TensorFlow where NumPy will do."""
    folder.mkdir(parents=True, exist_ok=True)
    members = []
    for number in range(size):
        kind = "looping" if looping and number % LOOPING_EACH == 1 else KINDS[number % len(KINDS)]
        if looping and kind in ("slow", "crashing"):
            kind = "right"  # what endless loops cost shall show alone
        members.append(Member(folder / f"student-{number:05d}.ipynb", number, kind))
        write(members[-1], seed, RIGHT[:2] if numpy else RIGHT)
    return members


def write(member: Member, seed: int = 1, styles: tuple[str, ...] = RIGHT) -> None:
    """Writes the notebook of one student."""
    document = notebook(member.kind, member.number, random.Random(f"{seed} {member.number}"), styles)
    member.path.write_text(json.dumps(document), encoding="utf-8")


def notebook(kind: str, number: int, rng: random.Random, styles: tuple[str, ...] = RIGHT) -> dict[str, Any]:
    """The released notebook, filled in."""
    answers = fill(kind, number, rng, styles)
    document: dict[str, Any] = json.loads(released())
    for cell in document["cells"]:
        if cell["cell_type"] != "code":
            continue
        source = "".join(cell["source"])
        question = stub_of(source)
        if question in answers:
            cell["source"] = f"# student {number}\n{answers[question]}\n".splitlines(keepends=True)
        elif "figures." in source:
            cell["outputs"] = [picture(rng)]
    return document


def fill(kind: str, number: int, rng: random.Random, styles: tuple[str, ...]) -> dict[str, str]:
    """question -> the code that this student wrote for it."""
    questions = list(written(RIGHT[0]))
    answers = {question: written(rng.choice(styles))[question] for question in questions}
    if kind == "wrong":
        for question in rng.sample(questions, rng.randint(1, 4)):
            answers[question] = written(rng.choice(WRONG))[question]
    elif kind == "unfinished":
        for question in questions[rng.randint(3, len(questions) - 2) :]:
            del answers[question]
    elif kind == "slow":
        answers["standardize"] = SLOW.strip()
    elif kind in ("crashing", "looping"):
        code = CRASHES[number // len(KINDS) % len(CRASHES)] if kind == "crashing" else LOOP
        answers[next(iter(functions(code)))] = code
    return answers


@cache
def released() -> str:
    return (RELEASED / "digits.ipynb").read_text(encoding="utf-8")


@cache
def written(style: str) -> dict[str, str]:
    """question -> answer, in one way of writing all of them."""
    return functions((HERE / "answers" / f"{style}.py").read_text(encoding="utf-8"))


def functions(code: str) -> dict[str, str]:
    """name -> source of the functions in a module."""
    tree = ast.parse(code)
    return {
        node.name: ast.get_source_segment(code, node) or "" for node in tree.body if isinstance(node, ast.FunctionDef)
    }


def stub_of(source: str) -> str:
    """The question whose stub stands in a cell, or nothing."""
    return source.rpartition('NotImplementedError("')[2].partition('"')[0] if "YOUR CODE HERE" in source else ""


def picture(rng: random.Random) -> dict[str, Any]:
    """A saved output of the size of a small plot; nothing that grades ever looks at it."""
    data = base64.b64encode(rng.randbytes(PICTURE_BYTES)).decode()
    return {"output_type": "display_data", "metadata": {}, "data": {"image/png": data}}
