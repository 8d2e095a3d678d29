"""The assignment `practice_lab`: its data, its notebook, and the checks that the student gets."""

import json
import os
import subprocess
import sys
from xml.etree import ElementTree

import numpy as np
import pytest

from grader.authoring.release import build_release
from tests.factories import ROOT, module_at

SOURCE = ROOT / "solutions" / "practice_lab"
NAMES = ["model", "my_dense", "my_sequential", "my_dense_v", "my_sequential_v"]
ENVIRONMENT = {**os.environ, "OMP_NUM_THREADS": "1", "CUDA_VISIBLE_DEVICES": "-1", "MPLBACKEND": "Agg"}


@pytest.fixture(scope="module")
def autils():
    return module_at(SOURCE / "student" / "autils.py")


@pytest.fixture(scope="module")
def checks():
    sys.path.insert(0, str(SOURCE / "student"))
    try:
        return module_at(SOURCE / "student" / "public_tests.py")
    finally:
        sys.path.remove(str(SOURCE / "student"))


@pytest.fixture
def run(tmp_path):
    """Runs a notebook's code cells from top to bottom, in a folder with what a student receives. What it printed."""

    def ran(notebook):
        for name, content in build_release(SOURCE).items():
            (tmp_path / name).parent.mkdir(exist_ok=True)
            (tmp_path / name).write_bytes(content)
        cells = [cell for cell in json.loads(notebook)["cells"] if cell["cell_type"] == "code"]
        (tmp_path / "cells.py").write_text("\n\n".join("".join(cell["source"]) for cell in cells))
        command = [sys.executable, "cells.py"]
        done = subprocess.run(command, cwd=tmp_path, env=ENVIRONMENT, capture_output=True, text=True, timeout=200)
        assert done.returncode == 0, done.stderr[-3000:]
        return done.stdout

    return ran


@pytest.mark.long
def test_the_data_files_are_what_the_script_makes(capsys):
    """`make_data.py --check` makes the pictures and the weights again, and finds each file as made."""
    assert module_at(SOURCE / "data" / "make_data.py").main(["--check"]) == 0
    assert capsys.readouterr().out.splitlines() == ["X.npy: as made", "y.npy: as made", "weights.npz: as made"]


def test_the_data_has_the_layout_of_the_assignment(autils):
    """1000 examples as rows of 400 numbers from 0 to 1: 500 zeros, then 500 ones; small enough for a repository."""
    X, y = autils.load_data()
    assert (X.shape, X.dtype, X.min(), X.max()) == ((1000, 400), float, 0, 1)
    assert (y.shape, y[:500].max(), y[500:].min()) == ((1000, 1), 0, 1)
    raw = np.load(SOURCE / "student" / "data" / "X.npy")
    np.testing.assert_array_equal(raw, X)
    assert (SOURCE / "student" / "data" / "X.npy").stat().st_size < 1 << 20


def test_the_shipped_weights_read_the_digits(autils):
    """The network that is said to know the digits is right for at least 99 of 100."""
    X, y = autils.load_data()
    W1, b1, W2, b2, W3, b3 = autils.load_weights()
    assert [W.shape for W in (W1, W2, W3)] == [(400, 25), (25, 15), (15, 1)]
    A = autils.sigmoid(autils.sigmoid(autils.sigmoid(X @ W1 + b1) @ W2 + b2) @ W3 + b3)
    assert np.mean((A >= 0.5) == y) > 0.99


def test_the_checks_tell_wrong_from_right(checks, capsys):
    """A wrong function is told what it returned and what was expected, a stub that it is one, an error by its name."""
    assert checks.test_c2(lambda a_in, W, b, g: g(a_in @ W + b))
    assert not checks.test_c2(lambda a_in, W, b, g: a_in @ W + b)
    printed = capsys.readouterr().out
    assert "g(z) = 2 z: You returned [15, 22, 29]; expected [30, 44, 58]. This is z itself: g isn't applied." in printed
    assert not checks.test_c3(lambda A_in, W, b, g: g(A_in @ W + b).T)
    printed = capsys.readouterr().out
    assert "You returned an array of shape (3, 2); expected an array of shape (2, 3)." in printed
    assert "Your result is transposed" in printed
    assert not checks.test_sequential(lambda *arguments: 1 / 0)
    assert "ZeroDivisionError" in capsys.readouterr().out
    assert not checks.test_c1(None)
    assert "model: still to be written" in capsys.readouterr().out


def test_the_checks_take_a_single_number_for_a_single_unit(checks):
    """A layer of one unit may answer with a number, and a tensor or a list is as good as an array."""
    assert checks.test_c2(lambda a_in, W, b, g: np.squeeze(g(a_in @ W + b)))
    assert checks.test_c3(lambda A_in, W, b, g: g(A_in @ W + b).tolist())


def returns_what_append_returns(a_in, W, b, g):
    units = []
    return units.append(g(a_in @ W + b))


def reaches_no_return(a_in, W, b, g):
    if len(a_in) > 2:
        return g(a_in @ W + b)


def has_no_return(a_in, W, b, g):
    g(a_in @ W + b)


def test_none_is_told_as_what_it_is(checks, capsys):
    """None isn't told as nan, or as a shape, and no `return` is asked for where one stands."""
    assert not checks.test_c2(has_no_return)
    assert "You returned nothing (None): is the return missing?" in capsys.readouterr().out
    for wrong in (returns_what_append_returns, reaches_no_return):
        assert not checks.test_c2(wrong)
        printed = capsys.readouterr().out
        assert "What follows your `return` is None, or no `return` is reached." in printed
        assert "is the return missing" not in printed


def test_a_network_that_never_reads_its_input_fails(checks, sigmoid_layers):
    """All weights 0 would hide it: one example has others."""
    assert not checks.test_sequential(lambda x, *weights: sigmoid_layers(0 * x, *weights))
    assert not checks.test_sequential_v(lambda X, *weights: sigmoid_layers(0 * X, *weights))
    assert checks.test_sequential(sigmoid_layers) and checks.test_sequential_v(sigmoid_layers)


@pytest.fixture
def sigmoid_layers(autils):
    def layers(a, W1, b1, W2, b2, W3, b3):
        for W, b in ((W1, b1), (W2, b2), (W3, b3)):
            a = autils.sigmoid(a @ W + b)
        return a

    return layers


def test_a_raise_below_the_answer_is_no_stub(checks, capsys):
    """A right function with the stub's line left below it passes; a wrong one is told about that line."""

    def my_dense(a_in, W, b, g):
        if g is not None:
            return g(a_in @ W + b)
        raise NotImplementedError("my_dense")

    def wrong(a_in, W, b, g):
        g(a_in @ W + b)
        raise NotImplementedError("wrong")

    assert checks.test_c2(my_dense)
    assert not checks.test_c2(wrong)
    assert "delete that line, or return a result before it" in capsys.readouterr().out


def test_a_loop_without_end_is_stopped(checks, capsys, monkeypatch):
    """After the time limit, with a sentence."""

    def my_dense(a_in, W, b, g):
        while True:
            pass

    monkeypatch.setattr(checks, "SECONDS", 0.05)
    assert not checks.test_c2(my_dense)
    assert capsys.readouterr().out.count("No result after 0.05 seconds") == 1


def test_both_assignments_use_the_same_relations():
    """The lab has copies of three files of the digits' folder."""
    for name in ("relations.py", "running.py", "submitting.py"):
        other = ROOT / "solutions" / "digits" / "student" / name
        assert (SOURCE / "student" / name).read_bytes() == other.read_bytes()


@pytest.mark.long
def test_the_notebook_runs_with_the_solutions(run):
    """Top to bottom: each check says right, the loss goes down, and the model and the functions agree."""
    printed = run((SOURCE / "practice_lab.ipynb").read_text(encoding="utf-8"))
    for name in NAMES:
        assert f"{name}: right, as far as these examples go" in printed
    losses = [float(line.split()[-1]) for line in printed.splitlines() if "- loss: " in line]
    assert len(losses) == 20 and losses[-1] < losses[0] / 4
    assert float(printed.partition("largest difference: ")[2].split()[0]) < 1e-5


@pytest.mark.long
def test_the_notebook_runs_with_the_stubs(run):
    """Top to bottom without an error: each check says that its exercise is still to be written."""
    printed = run(build_release(SOURCE)["practice_lab.ipynb"].decode())
    for name in NAMES:
        assert f"{name}: still to be written" in printed
    assert "right, as far" not in printed


def test_a_notebook_shows_a_card_and_its_text(checks):
    """The card is well-formed, shows what a student raises as text, and asks for nothing from elsewhere."""

    def my_dense(a_in, W, b, g):
        raise ValueError("<script>alert('&')</script>\x1b\ud800" + "x" * 10_000)

    for wrong in ([], [checks.TO_DO], ["g(z) = 2 z: <b>1</b> came\x1b\ud800" + "x" * 10_000]):
        card = checks._Card("my_dense", wrong)
        tree = ElementTree.fromstring(card._repr_html_())
        assert [node.tag for node in tree.iter()][:2] == ["div", "strong"] and not list(tree.iter("b"))
        text = "".join(tree.itertext())
        assert all(part in text and part in repr(card) for part in (card.head, *card.lines)) and len(card.lines) == len(
            wrong
        )
        assert len(repr(card)) < 700 and "\x1b" not in repr(card)
        repr(card).encode()
    assert checks.test_c2(my_dense) is False
