"""What the public checks of the digits assignment say of wrong, half-written and hostile functions."""

import json
import linecache
import os
import subprocess
import sys
import types

import numpy as np
import pytest

from tests.factories import ROOT, module_at
from tests.integration.test_assignment_digits import solution

STUDENT = ROOT / "solutions" / "digits" / "student"
TABLES = ROOT / "tests" / "corpus" / "public_messages"
ENVIRONMENT = {**os.environ, "OMP_NUM_THREADS": "1", "CUDA_VISIBLE_DEVICES": "-1", "TF_CPP_MIN_LOG_LEVEL": "3"}


@pytest.fixture
def check():
    return module_at(STUDENT / "check.py")


@pytest.fixture
def trying(check):
    return sys.modules["trying"]


def functions(source, place="digits.ipynb, code cell 1"):
    """Run a source as check.py does, so that the lines of its functions are known. Returns its names."""
    linecache.cache[place] = (len(source), None, source.splitlines(keepends=True), place)
    names: dict = {}
    exec(compile(source, place, "exec"), names)
    return names


def numpy_part(*changes):
    """Return the functions of the solution, exercises 1 to 11, with some texts replaced."""
    source = solution().partition("def build_model")[0].replace("import tensorflow as tf", "")
    for old, new in changes:
        assert old in source
        source = source.replace(old, new)
    return functions(source)


def told(check, name, function):
    """Return what a card says, as text."""
    return repr(check.Card(name, *check.examine(name, function)))


# --- the table of known misconceptions ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("assignment", "kind"),
    [
        ("digits", "numpy"),
        ("practice_lab", "numpy"),
        pytest.param("digits", "tensorflow", marks=pytest.mark.long),
        pytest.param("practice_lab", "tensorflow", marks=pytest.mark.long),
    ],
)
def test_each_misconception_is_told_what_was_reviewed(assignment, kind):
    """The advice for every known misconception is the one of the table, in which each sentence was found true."""
    command = [sys.executable, str(ROOT / "tests" / "helpers" / "public_messages.py"), assignment, kind]
    done = subprocess.run(command, env=ENVIRONMENT, capture_output=True, text=True, timeout=300, check=True)
    table = json.loads((TABLES / f"{assignment}-{kind}.json").read_text(encoding="utf-8"))
    assert json.loads(done.stdout) == table


@pytest.mark.parametrize("assignment", ["digits", "practice_lab"])
def test_the_readme_lists_every_file(assignment):
    """The table of files names all that a student receives, the README itself aside."""
    folder = ROOT / "assignment" / assignment
    table = (folder / "README.md").read_text(encoding="utf-8").partition("## Files")[2]
    names = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()} - {"README.md"}
    assert not [name for name in names if f"`{name}`" not in table and "__pycache__" not in name]


# --- stubs ------------------------------------------------------------------------------------------------

STUB = 'def sigmoid(z):\n    """Doc."""\n    # YOUR CODE HERE\n    raise NotImplementedError("sigmoid")\n'
RIGHT = "import numpy as np\ndef sigmoid(z):\n    return 1 / (1 + np.exp(-z))\n"


@pytest.mark.parametrize(
    ("source", "result"),
    [
        (STUB, "still to be written"),
        (STUB.replace("raise", "pass\n    raise"), "still to be written"),
        (f'{RIGHT}    raise NotImplementedError("sigmoid")\n', "passed"),
        (STUB.replace("    raise", "    x = 1\n    raise"), "delete that line, or return a result before it"),
        (f"{STUB}    return 1\n", "still stands above your code, which never runs: delete that line"),
        ("def sigmoid(z):\n    pass\n", "You returned nothing (None): is the return missing?"),
    ],
    ids=["stub", "pass", "left below", "reached", "left above", "emptied"],
)
def test_a_stub_is_told_by_its_statements(check, source, result):
    """A raise alone is a stub. One that is left over is not, and a card says where it stands."""
    assert result in told(check, "sigmoid", functions(source)["sigmoid"])


# --- backward ---------------------------------------------------------------------------------------------


def test_the_expected_gradients_are_measured_slopes(check, trying):
    """The constants of the example with three layers are the slopes of the cost for each parameter."""
    names = numpy_part()
    examples = sys.modules["examples"]
    slopes = trying.slopes(
        lambda moved: names["cost"](names["forward"](examples.NET_X, moved)[-1], examples.NET_Y),
        trying.fresh(examples.NET),
    )
    for layer, measured in zip(examples.NET_GRADIENTS, slopes, strict=True):
        for expected, slope in zip(layer, measured, strict=True):
            np.testing.assert_allclose(slope, expected, atol=1e-7)


def test_known_answers_are_the_right_ones(check):
    """What stands in for a wrong exercise gives the numbers of the solution."""
    names, relations = numpy_part(), sys.modules["relations"]
    for name, known in sys.modules["examples"].known_answers().items():
        for arguments, answer in known:
            filled = [names["sigmoid"] if argument is None else argument for argument in arguments]
            plain = not isinstance(answer, str) and not any(hasattr(argument, "make") for argument in filled)
            assert name not in names or not plain or relations.alike(names[name](*filled), answer), name


@pytest.mark.parametrize("broken", ["W.T * dZ", "(W.T @ dZ).mean(axis=0, keepdims=True)"])
def test_broken_backpropagation_fails(check, broken):
    """An elementwise product is right for a single unit behind a layer only."""
    names = numpy_part(("(W.T @ dZ)", f"({broken})"))
    assert check.examine("backward", names["backward"])[0] == "failed"


def test_backward_is_compared_with_slopes_that_the_student_measures(check):
    """Where forward and cost are right, every gradient is compared with the slope that they give."""
    printed = told(check, "backward", numpy_part()["backward"])
    assert "passed  every slope as your forward and cost measure it" in printed
    printed = told(check, "backward", numpy_part(("1 - one", "1 - 0.9 * one"))["backward"])
    assert "every slope" not in printed and "backward: passed" in printed


# --- cascades ---------------------------------------------------------------------------------------------

WRONG_SIGMOID = ("np.where(z >= 0, 1, e) / (1 + e)", "np.where(z >= 0, e, 1) / (1 + e)")


@pytest.mark.parametrize("name", ["forward", "predict", "train"])
def test_a_right_function_is_not_blamed_for_a_wrong_one(check, name):
    """The card names the exercise that fails its own check, and says that this one is right."""
    names = numpy_part(WRONG_SIGMOID)
    result, why, checks = check.examine(name, names[name])
    assert result == "to do" and checks == []
    assert why == (
        "waits for exercise 1, sigmoid, which fails its own check: fix that first. "
        "With a right one this exercise passes"
    )
    assert names["sigmoid"](np.array([2.0])) < 0.5  # the student's own is back in its place


def test_a_wrong_function_on_a_wrong_one_is_checked_with_a_right_one(check):
    """Its own mistake is told, and the other exercise is named."""
    names = numpy_part(WRONG_SIGMOID, ("[-1] >= threshold", "[-1] > threshold"))
    printed = told(check, "predict", names["predict"])
    assert "failed. It uses exercise 1, sigmoid, which fails its own check" in printed
    assert "A probability that equals the threshold should give 1." in printed


def test_a_source_that_has_changed_stops_no_check(check):
    """The lines of a file that was edited since it was read may be no function, nor even Python."""
    for source in ('"""', "(", "", "x = 1\n"):
        names = functions(RIGHT)
        linecache.cache["digits.ipynb, code cell 1"] = (len(source), None, ["\n", source], "")
        assert check.examine("sigmoid", names["sigmoid"])[0] == "passed"


# --- time, copies, errors ---------------------------------------------------------------------------------


@pytest.mark.parametrize("by_signal", [True, False], ids=["signal", "thread"])
def test_a_loop_without_end_is_stopped(check, trying, monkeypatch, by_signal):
    """By a timer, or by a thread where the system has no timer signal; the other examples aren't tried then."""

    def sigmoid(z):
        while True:
            try:
                np.exp(z)
            except Exception:  # a student's function that catches all errors must be stopped, too
                return 0

    monkeypatch.setattr(trying, "SECONDS", 0.05)
    if not by_signal:
        monkeypatch.setattr(sys.modules["running"].signal, "setitimer", None)
        monkeypatch.delattr(sys.modules["running"].signal, "setitimer")
    printed = told(check, "sigmoid", sigmoid)
    assert printed.count("No result after 0.05 seconds. Is there a loop that never ends?") == 1
    assert printed.count("Not tried") == 3


def test_without_a_timer_signal_a_function_runs_in_a_thread(check, monkeypatch):
    """As on Windows: results, errors and numbers that overflow are as they are elsewhere."""
    monkeypatch.delattr(sys.modules["running"].signal, "setitimer")
    assert check.examine("sigmoid", functions(RIGHT)["sigmoid"])[0] == "passed"
    assert "ZeroDivisionError" in told(check, "sigmoid", lambda z: 1 / 0)


WINDOWS = """
import os, signal, sys
for name in ("setitimer", "getitimer", "alarm", "pause", "SIGALRM", "SIGKILL", "SIGUSR1", "ITIMER_REAL"):
    delattr(signal, name)
for name in ("fork", "getuid", "geteuid", "setsid", "killpg", "getpgid", "sysconf", "sched_getaffinity", "wait"):
    delattr(os, name)
sys.modules.update(dict.fromkeys(("resource", "fcntl", "pwd", "grp", "termios", "tty", "pty")))
"""


@pytest.mark.parametrize("right", [True, False], ids=["right", "wrong"])
def test_nothing_is_used_that_windows_lacks(right, tmp_path):
    """No function of POSIX, no file without an encoding, and no character that the code page of a pipe lacks."""
    for path in (ROOT / "assignment" / "digits").glob("*.*"):
        if path.suffix != ".ipynb":
            (tmp_path / path.name).write_bytes(path.read_bytes())
    source = solution() + ("" if right else "\n\ndef sigmoid(z):\n    return 1 / \u03b6\n")
    (tmp_path / "digits.py").write_text(source, encoding="utf-8")
    (tmp_path / "windows").mkdir()
    (tmp_path / "windows" / "sitecustomize.py").write_text(WINDOWS)
    command = [sys.executable, "-X", "warn_default_encoding", "-W", "error::EncodingWarning", "check.py"]
    environment = {**ENVIRONMENT, "PYTHONPATH": str(tmp_path / "windows"), "PYTHONIOENCODING": "cp1252"}
    numpy_exercises = [str(number) for number in range(1, 12)]
    done = subprocess.run(
        [*command, *numpy_exercises], cwd=tmp_path, env=environment, capture_output=True, encoding="cp1252", check=False
    )
    assert done.stderr == ""
    if right:
        assert (done.returncode, done.stdout.splitlines()[-1]) == (0, "11 of 11 exercises passed")
    else:
        assert done.returncode == 1 and "NameError: name '\\u03b6' is not defined" in done.stdout
        assert "Exercise 6, forward: waits for exercise 1, sigmoid" in done.stdout


def test_one_folder_has_one_place_on_windows(check, monkeypatch):
    """There, c: and C: are one place, so a traceback of the checks isn't taken for the student's."""
    running = sys.modules["running"]
    monkeypatch.setattr(os.path, "normcase", str.lower)
    monkeypatch.setattr(running, "LIBRARIES", ("/python/lib",))
    assert check.is_here(str(STUDENT).upper())
    assert not running.is_students(os.path.join(str(STUDENT).upper(), "check.py"))
    assert not running.is_students("/Python/Lib/random.py")


def test_a_cell_that_needs_tensorflow_says_so(check, capsys, monkeypatch):
    """A name that only TensorFlow's cells make is missing because TensorFlow is; elsewhere a cell was left out."""
    built = functions("def build_model():\n    return tf\n")["build_model"]
    monkeypatch.setattr(sys.modules["__main__"], "build_model", built, raising=False)
    for tensorflow, sentence in ((None, "Not here: TensorFlow isn't installed"), (types, "`model` is missing: a cell")):
        monkeypatch.setitem(sys.modules, "tensorflow", tensorflow)
        with check.needs("build_model"):
            raise NameError("name 'model' is not defined", name="model")
        assert capsys.readouterr().out.startswith(sentence)
    monkeypatch.setitem(sys.modules, "tensorflow", None)
    with check.needs("sigmoid"):
        raise NameError("name 'X_test' is not defined", name="X_test")
    assert "TensorFlow" not in capsys.readouterr().out


def test_a_cell_names_the_exercise_that_makes_it_fail(check, capsys, monkeypatch):
    """An error in a cell is explained by the check that fails; where all pass, the error itself is told."""
    wrong, right = numpy_part(("return float(-np.mean", "print(-np.mean")), numpy_part()
    for names, sentence in (
        (wrong, "Not yet: Exercise 7, cost: failed\n"),
        (numpy_part(WRONG_SIGMOID), "Not yet: Exercise 6, forward: waits for exercise 1, sigmoid, which fails its own"),
        (right, "Not yet: ZeroDivisionError: division by zero"),
    ):
        for name in ("sigmoid", "my_dense_v", "forward", "cost"):
            monkeypatch.setattr(sys.modules["__main__"], name, names[name], raising=False)
        capsys.readouterr()
        with check.needs("forward", "cost"):
            raise ZeroDivisionError("division by zero")
        assert sentence in capsys.readouterr().out


def test_no_example_can_be_spoilt(check):
    """A function that writes into every argument, nested ones too, leaves the examples as they were."""

    def gradient_step(parameters, gradients, alpha):
        for (W, b), (dW, db) in zip(parameters, gradients, strict=True):
            for array in (W, b, dW, db):
                array *= 0
        parameters.clear()
        return parameters

    assert check.examine("gradient_step", gradient_step)[0] == "failed"
    assert check.examine("gradient_step", numpy_part()["gradient_step"])[0] == "passed"


def test_a_right_result_with_changed_arguments_fails(check):
    """The rule of the notebook: what a function is given stays as it was."""

    def my_sequential(x, parameters, g):
        while parameters:
            W, b = parameters.pop(0)
            x = g(W @ x + b)
        return x

    printed = told(check, "my_sequential", my_sequential)
    assert "Your result is right, but the call changed parameters. Make new arrays and lists instead." in printed
    assert "as my_dense returns it" not in printed


def test_a_larger_network_that_is_right_by_chance_says_nothing_of_layers(check):
    """Standardizing first changes the labels of one layer here, and by chance not those of two."""
    names = numpy_part()
    printed = told(check, "predict", lambda X, *rest: names["predict"](names["standardize"](X), *rest))
    assert "passed  two layers" in printed and "layers, but not with" not in printed


def test_the_layers_before_the_last_are_blamed_only_in_gradients(trying):
    """Where the last layer is wrong and the first is right, nothing went wrong on the way back."""
    mismatch = types.SimpleNamespace(wrong=["dW of layer 2", "db of layer 2"], right=["dW of layer 1", "db of layer 1"])
    assert not trying.last_layer_is_right(mismatch)
    assert trying.last_layer_is_right(types.SimpleNamespace(wrong=mismatch.right, right=mismatch.wrong))
    assert not trying.last_layer_is_right(types.SimpleNamespace(wrong=["W of layer 1"], right=["W of layer 2"]))


def test_a_training_that_stops_early_has_right_costs(check):
    """The last part of a training's result is the costs, and no layer."""
    names = numpy_part()

    def train(X, Y, parameters, alpha, steps):
        trained, costs = names["train"](X, Y, parameters, alpha, steps)
        return (names["train"](X, Y, parameters, alpha, steps - 1)[0] if steps > 1 else trained), costs

    printed = told(check, "train", train)
    assert "The costs are right, and the parameters aren't." in printed and "last layer" not in printed


@pytest.mark.parametrize(
    ("name", "right", "wrong", "advice"),
    [
        ("my_dense_v", "W @ A_in + b)", "W @ A_in + b.ravel())", "b is added as a row"),
        ("my_sequential", "my_dense(a, W, b, g)", "my_dense(a, W, b, sigmoid)", "Your function never uses g."),
        ("cost", "def cost(Y_hat, Y):", "def cost(Y, Y_hat):", "Y_hat and Y are swapped"),
        (
            "predict",
            "forward(X, parameters)[-1] >= threshold",
            "np.log(1 / (1 / forward(X, parameters)[-1] - 1)) >= threshold",
            "You compare z with the threshold",
        ),
        (
            "backward",
            "activations[-1] - Y",
            "(activations[-1] - Y) * activations[-1] * (1 - activations[-1])",
            "the slope of the sigmoid is in it twice",
        ),
        (
            "predict",
            "forward(X, parameters)[-1]",
            "forward(X, parameters)",
            "Take one of its entries, such as the last",
        ),
        ("train", "return parameters, costs", "return costs.append(0)", "You returned nothing (None). "),
    ],
)
def test_a_common_mistake_is_named(check, name, right, wrong, advice):
    """Mistakes that students made and that had neutral advice only."""
    assert advice in told(check, name, numpy_part((right, wrong))[name])


@pytest.mark.parametrize(
    ("name", "body", "advice"),
    [
        (
            "my_dense",
            "np.array([g(W[[j]] @ A + b[[j]])[0] for j in range(len(b))])",
            "g is called for each unit alone.",
        ),
        ("my_dense", "g((W @ A + b).ravel()).reshape(-1, 1)", "g gets a flat array."),
        ("my_dense_v", "g((W @ A + b).T).T", "g gets Z transposed"),
    ],
    ids=["unit by unit", "flat", "transposed"],
)
def test_an_activation_may_look_at_all_units(check, name, body, advice):
    """As softmax does: what g is called with matters, and not for its numbers only."""
    names = functions(f"import numpy as np\ndef {name}(A, W, b, g):\n    return {body}\n")
    printed = told(check, name, names[name])
    assert f"{check.title(name)}: failed" in printed and advice in printed
    assert printed.count("  passed") == len(check.EXAMPLES[name]) - 1


def test_a_function_without_g_is_not_told_what_g_gets(check):
    """Neither no call at all nor a result of 0 is taken for a flat array."""
    for body in ("W @ A_in + b", "0 * (W @ A_in + b)"):
        printed = told(check, "my_dense_v", numpy_part(("g(W @ A_in + b)", body))["my_dense_v"])
        assert "g gets" not in printed and "Your function never uses g." in printed


def test_a_fraction_is_kept_where_the_bias_is_whole(check):
    """Results that are collected in an array like b are cut off where b holds whole numbers."""
    body = "    z = np.zeros_like(b)\n    z[:] = W @ a + b\n    return g(z)\n"
    names = functions(f"import numpy as np\ndef my_dense(a, W, b, g):\n{body}")
    assert "An array of whole numbers would cut off the fraction." in told(check, "my_dense", names["my_dense"])


def test_an_argument_that_is_never_used_is_told_once(check):
    """Below the first example that fails; the others say how their results come about."""
    names = numpy_part(("my_dense(a, W, b, g)", "my_dense(a, W, b, sigmoid)"))
    printed = told(check, "my_sequential", names["my_sequential"])
    assert printed.count("Your function never uses g.") == 1 and "Layer 2 gives 7" in printed


def test_a_return_is_called_missing_only_where_there_is_none(check):
    """A function that ends in `return a.sort()` has its return; what it returns is None."""
    sources = {
        "def sigmoid(z):\n    z + 1": "is the return missing?",
        "def sigmoid(z):\n    def g():\n        return z\n    g()": "is the return missing?",
        "def sigmoid(z):\n    return print(end='')": "What follows your `return` is None, or no `return` is reached.",
    }
    for source, sentence in sources.items():
        assert told(check, "sigmoid", functions(source)["sigmoid"]).count(sentence) == 4


def test_the_advice_for_certain_and_wrong_holds_for_every_mistake(check):
    """It doesn't blame the tiny number, which is right here, for a sign that is wrong."""
    printed = told(check, "cost", numpy_part(("Y * log_one + (1", "Y * log_one - (1"))["cost"])
    assert "The two labels have different signs" in printed
    assert "Both labels got the probability 0" in printed and "kept away" not in printed


@pytest.mark.parametrize(
    ("name", "source", "meaning"),
    [
        ("sigmoid", "def sigmoid(z):\n    return np.exp(z)", "`import numpy as np` first"),
        (
            "standardize",
            "def standardize(X):\n    return (X - X.mean(axis=1)) / X.std(axis=1)",
            "An array of shape (3,) counts as a row. For a column, (3, 1), use keepdims=True.",
        ),
        ("sigmoid", "def sigmoid():\n    return 0", "keep its `def` line as it was"),
        ("sigmoid", "def sigmoid(z):\n    return 1 if z > 0 else 0.5", "`if`, `and`, `or`, `min` and `max` need"),
        (
            "my_sequential",
            "import numpy as np\n\ndef my_dense(a_in, W, b, g):\n    return g(W @ a_in + b)\n\n"
            "def my_sequential(x, parameters, g):\n    return my_dense(parameters[0][0], x, parameters[0][1], g)",
            "called in digits.ipynb, code cell 1, my_sequential, line 7: return my_dense(parameters[0][0], x",
        ),
        (
            "my_dense",
            "def my_dense(a_in, W, b, g):\n    return g(a_in @ W + b)",
            "Here these are 1 and 3.",
        ),
    ],
)
def test_an_error_is_told_in_plain_words(check, name, source, meaning):
    assert meaning in told(check, name, functions(source)[name])


def test_a_place_in_a_library_is_not_the_students(check, tmp_path, monkeypatch):
    """The line that is named is the student's, wherever NumPy lies."""
    names = functions("import numpy as np\ndef sigmoid(z):\n    return np.stack(1)\n")
    printed = told(check, "sigmoid", names["sigmoid"])
    assert "in digits.ipynb, code cell 1, sigmoid, line 3: return np.stack(1)" in printed
    assert "shape_base" not in printed and "numpy/" not in printed
    running = sys.modules["running"]
    assert not running.is_students(str(tmp_path / "lib" / "site-packages" / "numpy" / "core.py"))
    monkeypatch.setattr(running, "LIBRARIES", (str(tmp_path / "elsewhere"),))
    assert not running.is_students(str(tmp_path / "elsewhere" / "numpy" / "core.py"))
    assert running.is_students(str(tmp_path / "mine.py"))


def test_an_array_of_whole_numbers_cuts_off_fractions(check):
    """A right formula fails where its results are collected in an array of int."""
    names = functions(
        "import numpy as np\n"
        "def my_dense(x, W, b, g):\n"
        "    z = np.zeros((W.shape[0], 1), dtype=int)\n"
        "    for j in range(W.shape[0]):\n"
        "        z[j] = (W[j] @ x + b[j]).item()\n"
        "    return g(z)\n"
    )
    card = told(check, "my_dense", names["my_dense"])
    assert "fractions stay" in card and "cut off the fraction" in card


def test_a_file_that_cannot_be_read_leaves_the_other(tmp_path):
    """A notebook that is damaged doesn't stop a student who works in the module; whoever reads one line gets one."""
    for path in (ROOT / "assignment" / "digits").glob("*.*"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    (tmp_path / "digits.ipynb").write_text("{")
    command = f"{sys.executable} check.py sigmoid"
    run = {"shell": True, "cwd": tmp_path, "env": ENVIRONMENT, "capture_output": True, "text": True, "check": False}
    done = subprocess.run(command, **run)
    assert done.stdout.startswith("Checking digits.py\nNote: digits.ipynb isn't a notebook")
    done = subprocess.run(f"{command} | true", **run)
    assert (done.stdout, done.stderr) == ("", "")


def test_color_codes_are_left_out(check):
    """Keras colors its messages for terminals."""

    def sigmoid(z):
        raise ValueError("\x1b[1mException\x1b[0m: bad")

    assert "ValueError: Exception: bad" in told(check, "sigmoid", sigmoid)


STRANGE = [
    *("text", b"bytes", {"W": 1}, {1, 2}, (), [], [[]], [None], (None, None), 1j, object(), range(3), iter([1]), len),
    *([[1.0], [1.0, 2.0]], [(1, 2), (3,)], [("a", "b")], [[[[1]]]], 10**400, True, np.nan, np.array(None)),
    *(np.array([1, "x"], dtype=object), np.zeros((0, 3)), np.ma.masked, np.zeros((2, 2), complex), (1, 2, 3), [1, [2]]),
]


@pytest.mark.parametrize("value", STRANGE, ids=lambda value: type(value).__name__)
def test_whatever_is_returned_gets_a_card(check, value):
    """No result breaks a check, and each is told with what was expected."""
    for name in list(check.EXAMPLES)[:11]:

        def returning(*arguments):
            return value

        printed = told(check, name, returning)
        assert printed.startswith(f"Exercise {check.NUMBERS[name]}, {name}: failed"), name
        assert "expected" in printed


# --- hints and the overview -------------------------------------------------------------------------------


def test_check_shows_a_hint(check, capsys):
    """check(f, hint=1) to 3, without checking; another number is a sentence."""
    check.check("cost", hint=3)
    check.check("cost", hint=4)
    printed = capsys.readouterr().out
    assert printed.startswith("Exercise 7, cost: hint 3 of 3\n  Keep both logarithms away from 0:\n  tiny = 1e-10\n")
    assert "There are three hints" in printed and "```" not in printed and "failed" not in printed
    assert "<pre" in check.Hint("cost", 3)._repr_html_() and "`" not in check.Hint("cost", 2)._repr_html_()


def test_check_without_an_argument_shows_how_far_one_is(check, capsys, monkeypatch):
    """How many exercises pass, the points that they are worth, and what to do next."""
    for name, function in numpy_part(("X - X.mean", "X - 2 * X.mean")).items():
        if name in check.EXAMPLES:
            monkeypatch.setattr(sys.modules["__main__"], name, function, raising=False)
    check.check()
    printed = capsys.readouterr().out
    assert printed.startswith("10 of 14 exercises pass\n  They are worth 76 of 100 points, if the hidden tests agree.")
    assert "Next: Exercise 5, standardize: failed" in printed
    assert "hand it in" not in printed


def test_the_finish_line_is_the_students_own_network(check, capsys, monkeypatch):
    """When all pass, it is trained with the student's functions: how many digits it misses, its curve, and these."""
    drawn: list = []
    figures = types.SimpleNamespace(
        cost_curves=lambda curves: drawn.append([len(costs) for costs in curves.values()]),
        mistakes=lambda X, Y, labels, answers: drawn.append((X.shape, labels.shape)),
    )
    monkeypatch.setitem(sys.modules, "figures", figures)
    check.finish(numpy_part(), steps=2)
    assert drawn == [[2], ((400, 200), (1, 200))]
    assert "Your network, on 200 digits that it has never seen: " in capsys.readouterr().out
    passed = {name: ("passed", "passed") for name in check.EXAMPLES}
    assert check.Overview(passed).done
    assert check.Overview({**passed, "tf_gradients": ("to do", "TensorFlow isn't installed")}).done
    assert not check.Overview({**passed, "tf_gradients": ("to do", "still to be written")}).done


def test_the_points_are_those_of_the_assignment(check):
    """What the overview counts is what the grader gives."""
    from grader.assignments import settings

    questions = settings.read_settings(ROOT / "solutions" / "digits").question
    assert {question.name: question.points for question in questions} == check.POINTS
