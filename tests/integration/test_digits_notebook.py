"""The notebook of `digits`: its hints, predictions, tools and ungraded parts."""

import json
import re
import sys
import tomllib
from io import BytesIO
from itertools import pairwise
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np
import pytest

from tests.factories import ROOT, module_at

SOURCE = ROOT / "solutions" / "digits"
CELLS = json.loads((SOURCE / "digits.ipynb").read_text(encoding="utf-8"))["cells"]
TEXT = {cell["id"]: "".join(cell["source"]) for cell in CELLS}
POINTS = {
    question["name"]: question["points"]
    for question in tomllib.loads((SOURCE / "assignment.toml").read_text(encoding="utf-8"))["question"]
}
STRETCH = ("relu", "momentum", "batches")


@pytest.fixture(scope="module")
def notebook():
    """The names of the NumPy part: the solutions, the gradient check, and data to try them on."""
    names = {"np": np, "pairwise": pairwise, "needs": lambda *_: pytest.raises(StopIteration)}
    for cell in CELLS:
        if "### BEGIN SOLUTION" in TEXT[cell["id"]] and "tf." not in TEXT[cell["id"]]:
            exec(TEXT[cell["id"]], names)
    for name in ("random-parameters", "ex08-measure"):
        exec(TEXT[name].partition("\nwith needs")[0], names)
    return SimpleNamespace(**names)


@pytest.fixture
def figures(monkeypatch):
    """The module that students get, which opens no window."""
    monkeypatch.setenv("MPLBACKEND", "agg")
    return module_at(SOURCE / "student" / "figures.py")


# --- what the notebook says ------------------------------------------------------------------


def test_each_exercise_has_its_hints_below_its_check():
    """The three hints of hints.py, word for word, each folded; the check stands right above."""
    hints = module_at(SOURCE / "student" / "hints.py").HINTS
    assert list(hints) == list(POINTS)
    ids = list(TEXT)
    for number, (name, steps) in enumerate(hints.items(), start=1):
        found = re.findall(
            r"<details><summary>Hint (\d): [^<]+</summary>\n\n(.*?)\n\n</details>",
            TEXT[f"ex{number:02}-hints"],
            flags=re.DOTALL,
        )
        assert found == [(str(step), text) for step, text in enumerate(steps, start=1)], name
        assert ids[ids.index(f"ex{number:02}-hints") - 1] == f"ex{number:02}-check"


def test_each_exercise_says_its_points():
    """The numbers of assignment.toml stand below the headings, and their sums at the top."""
    for number, (name, points) in enumerate(POINTS.items(), start=1):
        assert TEXT[f"ex{number:02}"].startswith(f"## Exercise {number} `{name}`\n\n*{points} points.* ")
    points = list(POINTS.values())
    parts = [sum(points[start:end]) for start, end in ((0, 4), (4, 6), (6, 11), (11, 14))]
    assert [int(number) for number in re.findall(r"\) (\d+)", TEXT["title"])] == parts
    assert f"{sum(points[:11])} of the {sum(points)} points" in TEXT["title"]


def test_each_prediction_has_a_folded_answer():
    """Eight questions in order; a cell to run and the answer, folded, follow each of them."""
    asked = [(i, number) for i, text in enumerate(TEXT.values()) for number in re.findall(r"### Predict (\d)\n", text)]
    assert [number for _, number in asked] == list("12345678")
    for i, number in asked:
        _, code, answer = CELLS[i : i + 3]
        assert code["cell_type"] == "code" and re.match('prediction = ""\n|predictions = {', TEXT[code["id"]])
        assert f"<details><summary>Answer to {number}</summary>\n\n" in TEXT[answer["id"]]


def test_everything_that_is_folded_is_closed_again():
    """A blank line stands on both sides of folded Markdown: without it Jupyter shows it as it is."""
    for name, text in TEXT.items():
        assert (
            text.count("<details>")
            == len(re.findall(r"</summary>\n\n", text))
            == len(re.findall(r"\n\n</details>", text))
        ), name


def test_student_texts_have_one_spelling():
    """American spelling in the notebook, the figures, the hints and the README."""
    files = [SOURCE / "student" / name for name in ("figures.py", "hints.py", "README.md")]
    shown = [re.sub(r"### BEGIN SOLUTION.*?### END SOLUTION", "", text, flags=re.DOTALL) for text in TEXT.values()]
    texts = "\n".join([*shown, *(file.read_text(encoding="utf-8") for file in files)]).lower()
    british = (
        "colour|vectoris|standardis|recognis|normalis|centred|centre\\b|licence|labelled|learnt|grey|favour|behaviour"
    )
    assert re.findall(rf"\w*(?:{british})\w*", texts) == []


# --- what it computes --------------------------------------------------------------------------


def test_the_gradient_check_accepts_the_solution(notebook, capsys):
    """Every line of the tool says ok for the reference, in a network of three layers."""
    lines = gradient_lines(notebook, notebook.backward, capsys)
    assert len(lines) == 6 and all(line.endswith(" ok") for line in lines)


@pytest.mark.parametrize(
    ("right", "wrong", "suspect"),
    [
        ("(W.T @ dZ) * A_in * (1 - A_in)", "(W.T @ dZ) * A_in", {"layer 1", "layer 2"}),
        (
            "(W.T @ dZ) * A_in * (1 - A_in)",
            "(W.T * dZ) * A_in * (1 - A_in) if len(W) == 1 else dZ[:1] * A_in",
            {"layer 1"},
        ),
        ("dZ.sum(axis=1, keepdims=True)", "dZ.sum(axis=1)", {"layer 1", "layer 2", "layer 3"}),
        (" / Y.shape[1]", "", {"layer 1", "layer 2", "layer 3"}),
    ],
    ids=["no slope", "elementwise", "flat bias", "no mean"],
)
def test_the_gradient_check_finds_a_wrong_layer(notebook, capsys, right, wrong, suspect):
    """A slip in backward is found in just the layers that it reaches."""
    source = TEXT["ex08-backward"]
    assert right in source
    names = {"np": np}
    exec(source.replace(right, wrong), names)
    lines = gradient_lines(notebook, names["backward"], capsys)
    assert {line.partition(",")[0] for line in lines if not line.endswith(" ok")} == suspect


def gradient_lines(notebook, backward, capsys):
    """What the tool prints for a network of three layers."""
    X, Y = np.random.default_rng(0).normal(size=(3, 5)), np.array([[1.0, 0, 0, 1, 0]])
    notebook.gradient_check(notebook.forward, backward, notebook.random_parameters((3, 4, 2, 1)), X, Y)
    return capsys.readouterr().out.splitlines()


def test_the_example_by_hand_is_right(notebook):
    """The numbers of the text and of the figure are those of the reference, to three digits."""
    parameters = [(np.array([[2.0]]), np.array([[-4.0]])), (np.array([[6.0]]), np.array([[-2.0]]))]
    X, Y = np.array([[2.0]]), np.array([[1.0]])
    activations = notebook.forward(X, parameters)
    gradients = notebook.backward(activations, Y, parameters)
    numbers = [*(A[0, 0] for A in activations[1:]), *(float(part[0, 0]) for pair in gradients for part in pair)]
    figure = (SOURCE / "student" / "figures.py").read_text(encoding="utf-8")
    for number in numbers:
        assert f"{number:.3f}".rstrip("0") in TEXT["ex08-by-hand"] and f"{number:.3f}".rstrip("0") in figure
    assert f"{notebook.cost(activations[-1], Y):.3f}" in figure


@pytest.mark.parametrize("name", STRETCH)
def test_the_solutions_of_the_ungraded_parts_work(notebook, figures, name, capsys):
    """The folded solution passes the cell that shows whether it works; without one the cell says so in a line."""
    with np.load(SOURCE / "student" / "digits.npz") as file:
        X, Y = file["X"] / 255, file["Y"].astype(float)
    size = 800 if name == "batches" else 100  # the others train for longer
    names = {**vars(notebook), "figures": figures, "X_train": X[:, :size], "Y_train": Y[:, :size]}
    names.update(X_test=X[:, 800:], Y_test=Y[:, 800:])
    exec(TEXT["rings"].partition("\nwith needs")[0], names)
    names.update(X_small=np.random.default_rng(0).normal(size=(3, 5)), Y_small=np.array([[1.0, 0, 0, 1, 0]]))
    exec(TEXT[f"stretch-{name}"], names)
    exec(TEXT[f"stretch-{name}-try"], names)
    assert capsys.readouterr().out.endswith("not written yet (no points)\n")
    (solution,) = re.findall(r"```python\n(.*?)```", TEXT[f"stretch-{name}-answer"], flags=re.DOTALL)
    exec(solution, names)
    exec(TEXT[f"stretch-{name}-try"], names)
    told = capsys.readouterr().out
    assert "look here" not in told and "False" not in told
    assert {"relu": "right on the rings: 100%", "momentum": "True", "batches": "batches of 32: cost 0.0"}[name] in told


def test_a_drawing_becomes_a_column(figures):
    """The line of the board is read and its ink moved to the middle; anything else is refused in a sentence."""
    ink = np.zeros((20, 20), dtype=int)
    ink[1:9, 2:6] = 15
    column = figures.drawn("".join(f"{value:x}" for value in ink.ravel()) + "\n")
    expected = np.zeros((20, 20))
    expected[6:14, 8:12] = 1
    np.testing.assert_array_equal(column, expected.reshape(400, 1))
    for text in ("", "0" * 399, "g" * 400, "0" * 400):
        with pytest.raises(ValueError, match=r"copy all 400|draw a digit"):
            figures.drawn(text)


# --- light and dark pages ---------------------------------------------------------------------


def lightness(color):
    """Return the relative luminance of a color, as WCAG defines it."""
    values = [channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4 for channel in color]
    return 0.2126 * values[0] + 0.7152 * values[1] + 0.0722 * values[2]


def contrast(one, other):
    lights = sorted((lightness(one), lightness(other)))
    return (lights[1] + 0.05) / (lights[0] + 0.05)


def test_the_colors_of_figures_fit_light_and_dark_pages(figures):
    """Every color of lines and texts stands out from a white page and from JupyterLab's dark one."""
    from matplotlib.colors import to_rgb  # takes half a second: not in every process that collects the tests

    for name in ("BLUE", "ORANGE", "GREEN", "RED", "GRAY"):
        color = to_rgb(vars(figures)[name])
        assert min(contrast(color, to_rgb("white")), contrast(color, to_rgb("#111111"))) >= 4, name


def test_figures_have_no_background(figures, monkeypatch):
    """A figure is a picture whose margin is transparent; a style that a student chose stays as it was."""
    from matplotlib import pyplot as plt
    from matplotlib.image import imread

    shown: list[Any] = []
    monkeypatch.setattr(figures, "display", shown.append)
    rng, before = np.random.default_rng(0), dict(plt.rcParams)
    network = [(rng.normal(size=(3, 400)), np.zeros((3, 1)))]
    X, Y = rng.random((400, 40)), np.arange(40)[np.newaxis] % 2
    plane, small = rng.normal(size=(2, 40)), [(rng.normal(size=(1, 2)), np.zeros((1, 1)))]
    calls = {
        "digits": (X, Y, 4, 1),
        "pixel_table": (np.where(X > 0.9, X, 0),),  # most of a digit is blank; each other number takes a while to draw
        "network": ((400, 25, 1),),
        "sigmoid_curve": (np.tanh,),
        "price_of_a_guess": (lambda p, y: 0.5,),
        "walks": (lambda parameters, gradients, alpha: parameters,),
        "cost_curves": ({"alpha = 1": [3, 2, 1]},),
        "same_curve": ([3, 2, 1], [3, 2, 1]),
        "mistakes": (X, Y, 1 - Y, rng.random((1, 40))),
        "computation_graph": (),
        "layer_by_layer": (lambda X, p: [X, p[0][0] @ X], small, plane, Y),
        "first_layer": (network, network[:1]),
    }
    drawing = {name for name, f in vars(figures).items() if hasattr(f, "__wrapped__")}
    assert set(calls) == drawing
    for name, arguments in calls.items():
        vars(figures)[name](*arguments)
        picture = imread(BytesIO(shown.pop().data))
        assert not picture[0, :, 3].any() and not picture[:, -1, 3].any(), name
    assert not plt.get_fignums() and dict(plt.rcParams) == before


# --- where it runs --------------------------------------------------------------------------------


def test_the_first_cell_asks_for_missing_files(tmp_path, monkeypatch, capsys):
    """It names the files that are missing; on Colab it opens the upload; where they are it does nothing."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("OPENBLAS_NUM_THREADS", "1")
    (tmp_path / "digits.npz").touch()
    exec(TEXT["setup"], {})
    shipped = {path.name for path in SOURCE.glob("student/*.[pn][yp]*")} - {"digits.npz"}
    told = capsys.readouterr().out
    assert "and run this cell again: " in told and set(told.partition(" again: ")[2].split()) == shipped
    asked = []
    colab = ModuleType("google.colab")
    vars(colab)["files"] = SimpleNamespace(upload=lambda: asked.append(True))
    monkeypatch.setitem(sys.modules, "google.colab", colab)
    exec(TEXT["setup"], {})
    assert asked == [True]
    monkeypatch.chdir(SOURCE / "student")
    capsys.readouterr()
    exec(TEXT["setup"], {})
    assert asked == [True] and not capsys.readouterr().out


def test_the_first_cell_comes_before_numpy():
    """BLAS reads its number of threads when NumPy is imported."""
    code = [cell["id"] for cell in CELLS if cell["cell_type"] == "code"]
    assert code[:3] == ["setup", "imports", "helpers"]
    assert "OPENBLAS_NUM_THREADS" in TEXT["setup"] and "numpy" not in TEXT["setup"]


def test_the_numpy_part_installs_no_tensorflow():
    """The packages of exercises 1 to 11 are a file of their own, which the other one includes."""
    first, both = ((SOURCE / "student" / f"requirements{part}.txt").read_text() for part in ("", "-tensorflow"))
    packages = [line for line in first.splitlines() if not line.startswith("#")]
    assert packages and not [line for line in packages if line.startswith("tensorflow")]
    assert "-r requirements.txt\ntensorflow==2.21.*\n" in both
