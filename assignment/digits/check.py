"""python check.py [digits.ipynb | digits.py] [EXERCISE ...] [--watch] [--hint N] [--submit]

Tries your functions on small examples worked out by hand. An exercise is a number or a name; without
one all are checked, without a file the one you have got further with. --watch checks again each time
you save, until Ctrl-C. --hint 1 (or 2, or 3) shows a hint for each exercise that you name. --submit hands your file in
to the portal of the course.

In the notebook: check(sigmoid), or check("sigmoid"); check(sigmoid, hint=1); check() for all; and submit().
"""

import os
import sys

FOLDER = os.path.dirname(os.path.abspath(__file__))


def is_here(place):
    """Tell whether an entry of sys.path is this folder. On Windows c:\\ and C:\\ are one place."""
    return os.path.normcase(os.path.abspath(place or ".")) == os.path.normcase(FOLDER)


# This folder comes last, so that a file of yours called timeit.py doesn't stand in the way of Python's own.
for place in list(filter(is_here, sys.path)):
    sys.path.remove(place)
    sys.path.append(place)
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")  # of TensorFlow's messages only the errors
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # more threads make small matrices slower

import contextlib
import errno
import html
import importlib.util
import re
import time
from pathlib import Path


def load(name):
    """Import a file of this folder, whatever else on the path has its name."""
    spec = importlib.util.spec_from_file_location(name, os.path.join(FOLDER, f"{name}.py"))
    sys.modules[name] = module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)


for ours in (
    "hints",
    "relations",
    "running",
    "examples",
    "suspects",
    "trying",
    "reading",
):  # each needs only those before it
    load(ours)

from examples import EXAMPLES, NUMBERS, POINTS, WITH_TENSORFLOW
from hints import HINTS
from reading import Unreadable, Work
from running import INDENT, OURS, is_stub, quiet, shown, trouble
from trying import examine, title, without_tensorflow

__all__ = ("check", "needs", "quiet", "submit")  # for the notebook
ASSIGNMENT = "digits"  # its name in the portal
FILES = ("digits.ipynb", "digits.py")
PAUSE = 0.3  # seconds between two looks at the files that are watched


# --- cards --------------------------------------------------------------------------------------------


def in_lines(name, why, checks):
    """Return how an exercise stands, for a terminal."""
    lines = [f"{title(name)}: {why}"]
    for sentence, wrong, advice in checks:
        if wrong:
            lines.append(f"  failed  {sentence}{INDENT}{wrong}" + (f"{INDENT}{advice}" if advice else ""))
        else:
            lines.append(f"  passed  {sentence}")
    return "\n".join(lines)


COLORS = {"passed": "46, 160, 67", "failed": "218, 54, 51", "to do": "158, 130, 60"}  # as red, green and blue
BOX = "color: inherit; padding: 0.6em 1em; margin: 0.3em 0; border-radius: 4px; max-width: 60em"
CODE = "color: inherit; background: none; padding: 0; white-space: pre-wrap"


def boxed(color, head, body):
    """Return the HTML of a card. Its colors let the page shine through: readable on light and dark."""
    box = f"border-left: 5px solid rgb({COLORS[color]}); background: rgba({COLORS[color]}, 0.12); {BOX}"
    return f'<div style="{box}"><strong>{html.escape(head)}</strong>{body}</div>'


class Card:
    """How an exercise stands: a colored card in a notebook, lines where there is no HTML."""

    def __init__(self, name, result, why, checks):
        self.name, self.result, self.why, self.checks = name, result, why, checks

    def __repr__(self):
        return in_lines(self.name, self.why, self.checks)

    def _repr_html_(self):
        rows = "".join(self.row(*check) for check in self.checks)
        if self.result == "failed" and self.checks:
            rows += (
                f'<div style="margin-top: 0.5em">Stuck? <code style="{CODE}">check({self.name}, hint=1)</code></div>'
            )
        return boxed(self.result, f"{title(self.name)}: {self.why}", rows)

    @staticmethod
    def row(sentence, wrong, advice):
        if not wrong:
            return f'<div style="margin-top: 0.3em">\u2713 passed: {html.escape(sentence)}</div>'
        more = f"<br/>\u2192 {html.escape(advice)}" if advice else ""
        return (
            f'<div style="margin-top: 0.5em">\u2717 failed: <strong>{html.escape(sentence)}</strong>'
            '<div style="margin-left: 1.2em">'
            f'<code style="{CODE}">{html.escape(wrong.replace(INDENT, chr(10)))}</code>{more}</div></div>'
        )


class Hint:
    """One of the three hints for an exercise."""

    def __init__(self, name, number):
        self.head = f"{title(name)}: hint {number} of {len(HINTS[name])}"
        self.text, _, code = HINTS[name][number - 1].partition("```python\n")
        self.code = code.removesuffix("```").rstrip()

    def __repr__(self):
        return "\n".join(
            [self.head, *(f"  {line}" for line in f"{self.text.strip()}\n{self.code}".strip().splitlines())]
        )

    def _repr_html_(self):
        text = re.sub(r"`([^`]+)`", rf'<code style="{CODE}">\1</code>', html.escape(self.text.strip()))
        code = f'<pre style="color: inherit; background: none">{html.escape(self.code)}</pre>' if self.code else ""
        return boxed("to do", self.head, f"<div>{text}</div>{code}")


class Overview:
    """How all the exercises stand, and what to do next."""

    def __init__(self, results):
        passed = [name for name, (result, _) in results.items() if result == "passed"]
        points = sum(POINTS[name] for name in passed)
        left = {name: why for name, (result, why) in results.items() if result != "passed"}
        self.done = all("TensorFlow isn't installed" in why for why in left.values())
        self.head = f"{len(passed)} of {len(EXAMPLES)} exercises pass"
        self.lines = [f"They are worth {points} of {sum(POINTS.values())} points, if the hidden tests agree."]
        self.lines += [f"Next: {title(name)}: {why}" for name, why in left.items()][:1]
        if self.done:
            self.lines.append("You have built a network that reads digits. Save your work and hand it in.")

    def __repr__(self):
        return "\n  ".join([self.head, *self.lines])

    def _repr_html_(self):
        rows = "".join(f'<div style="margin-top: 0.3em">{html.escape(line)}</div>' for line in self.lines)
        return boxed("passed" if self.done else "to do", self.head, rows)


# --- for the notebook ---------------------------------------------------------------------------------


def in_notebook():
    return "IPython" in sys.modules and sys.modules["IPython"].get_ipython() is not None


def show(card):
    """Display a card in a notebook, and print its lines elsewhere."""
    if in_notebook():
        from IPython.display import display

        display(card)
    else:
        print(card)


def check(function=None, hint=None):
    """Show how a function, or the one of this name, does on its examples; or one of its hints, 1 to 3.

    Without an argument: show how all the exercises stand.
    """
    functions = vars(sys.modules["__main__"])
    if function is None:
        overview(functions)
        return
    name = function if isinstance(function, str) else getattr(function, "__name__", None)
    if name not in EXAMPLES:
        print(f"{name or shown(repr(function))} is none of the exercises: {', '.join(EXAMPLES)}")
    elif hint is not None:
        show(Hint(name, hint) if hint in (1, 2, 3) else f"There are three hints: check({name}, hint=1), 2 or 3")
    else:
        show(Card(name, *examine(name, functions.get(name) if isinstance(function, str) else function)))


def overview(functions):
    """Show how all the exercises stand; when all pass, also the network that was built."""
    results = {}
    for name in EXAMPLES:
        function = functions.get(name)
        results[name] = examine(name, function)[:2] if function is not None else ("to do", "still to be written")
    card = Overview(results)
    show(card)
    if card.done and in_notebook():
        finish(functions)


def finish(functions, steps=300):
    """Train the student's own network with the student's own functions: its curve, and the digits that it misses."""
    import figures
    import numpy as np

    with np.load(os.path.join(FOLDER, "digits.npz")) as file:
        X, Y = file["X"] / 255, file["Y"].astype(float)
    rng = np.random.default_rng(1)
    start = [
        (rng.normal(size=(units, inputs)) / np.sqrt(inputs), np.zeros((units, 1)))
        for inputs, units in ((400, 25), (25, 15), (15, 1))
    ]
    trained, costs = functions["train"](X[:, :800], Y[:, :800], start, 1.0, steps)
    labels, answers = functions["predict"](X[:, 800:], trained), functions["forward"](X[:, 800:], trained)[-1]
    print(f"Your network, on 200 digits that it has never seen: {int(np.sum(labels != Y[:, 800:]))} wrong")
    figures.cost_curves({"your network": costs})
    figures.mistakes(X[:, 800:], Y[:, 800:], labels, answers)


def unfinished(names, functions):
    """Say which of these exercises doesn't pass its check, the first one; nothing if all pass."""
    for name in names:
        result, why, _ = examine(name, functions[name])
        if result != "passed":
            return f"{title(name)}: {why}"
    return ""


@contextlib.contextmanager
def needs(*names):
    """For a notebook cell that uses these exercises: says in one line why it can't run yet."""
    try:
        yield
    except (Exception, SystemExit) as error:
        functions = vars(sys.modules["__main__"])
        missing = [name for name in names if name not in functions or is_stub(functions[name])]
        if isinstance(error, NotImplementedError):
            missing += [name for name in error.args if name in NUMBERS]
        if missing:
            print(f"{title(missing[0])}: still to be written")
        elif isinstance(error, NameError) and error.name not in functions:
            if (error.name == "tf" or set(names) & set(WITH_TENSORFLOW)) and without_tensorflow():
                print("Not here: TensorFlow isn't installed")
                return
            print(f"`{error.name}` is missing: a cell above that makes it hasn't been run, or has failed")
        else:
            print(f"Not yet: {unfinished(names, functions) or trouble(error)}")


# --- the command --------------------------------------------------------------------------------------


def choose(arguments, doing="Checking"):
    """The file that is named, or else the one in this folder that the student has got further with."""
    named = [Path(argument) for argument in arguments if Path(argument).suffix in (".py", ".ipynb")]
    paths = named or [Path(name) for name in FILES if Path(name).exists()]
    if len(named) > 1:
        raise Unreadable("one file at a time, please")
    if not paths:
        raise Unreadable(
            f"neither {FILES[0]} nor {FILES[1]} is in this folder: go to your assignment's folder, or name your file"
        )
    if len(paths) == 1:
        print(f"{doing} {paths[0].name}")
        return Work(paths[0])
    works = []
    for path in paths:
        try:
            works.append(Work(path))
        except Unreadable as error:
            other = paths[1 - paths.index(path)]
            print(f"{doing} {other.name}\nNote: {error}")
            return Work(other)
    best = min((0, 1), key=lambda i: len(works[i].stubs))
    other = works[1 - best]
    more = "has more exercises still to be written" if len(other.stubs) > len(works[best].stubs) else "is here too"
    print(f"{doing} {paths[best].name} ({paths[1 - best].name} {more})")
    if other.broken:
        print(f"Note: {other.broken}")
    return works[best]


def exercises(arguments):
    """The names of the exercises that are asked for, all of them by default."""
    asked = [argument for argument in arguments if Path(argument).suffix not in (".py", ".ipynb")]
    if option := next((word for word in asked if word.startswith("-")), None):
        raise Unreadable(f"{option} is no option: there are --watch, --hint N, --submit and --help")
    names = [next((name for name in EXAMPLES if word in (name, str(NUMBERS[name]))), None) for word in asked]
    if None in names:
        numbers = f"1 to {len(EXAMPLES)}"
        raise Unreadable(f"{asked[names.index(None)]} is no exercise: take {numbers}, or one of {', '.join(EXAMPLES)}")
    return names or list(EXAMPLES)


def checked(arguments):
    """Check and print. Returns the exit code: 0 when all passed, 1 when not, 2 when it couldn't check."""
    try:
        names, work = exercises(arguments), choose(arguments)
    except Unreadable as error:
        print(error)
        return 2
    if work.broken:
        print(f"{work.broken}. Nothing can be checked; fix that first.")
        return 1
    if any(name in WITH_TENSORFLOW and name not in work.stubs for name in names):
        work.start_tensorflow()
    for note in work.notes + hiding():
        print(f"Note: {note}")
    results = {}
    for name in names:
        results[name], *told = examine(name, work.names.get(name))
        print(in_lines(name, *told))
    passed = [name for name in names if results[name] == "passed"]
    print(f"\n{len(passed)} of {len(names)} exercises passed")
    if len(names) == len(EXAMPLES):
        points = sum(POINTS[name] for name in passed)
        print(f"  worth {points} of {sum(POINTS.values())} points, if the hidden tests agree")
    for result, label in (("failed", "failed"), ("to do", "still to do")):
        if some := [f"{NUMBERS[name]} {name}" for name in names if results[name] == result]:
            print(f"  {label}: {', '.join(some)}")
    if "failed" in results.values():
        first = next(name for name in names if results[name] == "failed")
        print(f"Stuck? python check.py {first} --hint 1")
    return int(set(results.values()) != {"passed"})


def hiding():
    """Return a note for each file of this folder with the name of a module that is in use."""
    modules = [path.stem for path in sorted(Path().glob("*.py")) if path.stem not in OURS and path.stem in sys.modules]
    others = [name for name in modules if Path(getattr(sys.modules[name], "__file__", None) or "").parent != Path.cwd()]
    return [f"{name}.py has the name of a module of Python or of a library. Rename it" for name in others]


def hinted(arguments, number):
    """Print a hint for each exercise that is named. Returns the exit code."""
    try:
        names = exercises(arguments)
    except Unreadable as error:
        print(error)
        return 2
    if number not in ("1", "2", "3") or len(names) == len(EXAMPLES):
        print("Name an exercise and one of its three hints: python check.py sigmoid --hint 1")
        return 2
    print("\n\n".join(repr(Hint(name, int(number))) for name in names))
    return 0


def submit(file=None):
    """Hand in your notebook, or the file that you name, to the portal of the course, and show the result."""
    hand_in(file)


def hand_in(file):
    """Hand in a file. Returns the exit code."""
    if "submitting" not in sys.modules:
        load("submitting")
    return sys.modules["submitting"].hand_in(ASSIGNMENT, file)


def submitted(arguments):
    """Hand in the file that is named, or else the one that the student has got further with. Returns the exit code."""
    if others := [argument for argument in arguments if Path(argument).suffix not in (".py", ".ipynb")]:
        print(f"{others[0]} doesn't go with --submit, which hands in all exercises")
        return 2
    try:
        return hand_in(choose(arguments, "Handing in").path)
    except Unreadable as error:
        print(error)
        return 2


def watched(arguments):
    """The files that a check may depend on, each with when it was changed and how long it is."""
    paths = {*Path().glob("*.py"), *Path().glob("*.ipynb"), *map(Path, arguments)}
    found = {}
    for path in paths:
        with contextlib.suppress(OSError):
            status = path.stat()
            found[path] = status.st_mtime_ns, status.st_size
    return found


def forget(folder):
    """Lets modules of the student's own be imported anew."""
    for name, module in list(sys.modules.items()):
        place = getattr(module, "__file__", None)
        if place and Path(place).parent == folder and name not in OURS and name != "__main__":
            del sys.modules[name]


def watch(arguments):
    """Check, and again each time one of the files changes, until Ctrl-C. Returns 0."""
    sys.dont_write_bytecode = True  # it is looked up by the second, and two saves may fall into one
    before = None
    try:
        while True:
            now = watched(arguments)
            if now != before:
                if sys.stdout.isatty():
                    os.system("cls") if os.name == "nt" else print("\033[2J\033[3J\033[H", end="")
                forget(Path.cwd())
                checked(arguments)
                print("\nWatching: save your file, and it is checked again. Ctrl-C ends it.", flush=True)
                before = now
            time.sleep(PAUSE)
    except KeyboardInterrupt:
        print()
        return 0


def main(arguments):
    """The command. Returns the exit code."""
    if hasattr(sys.stdout, "reconfigure"):  # a pipe on Windows has a code page, which lacks most characters
        sys.stdout.reconfigure(errors="backslashreplace")
    if {"-h", "--help"} & set(arguments):
        print(__doc__)
        return 0
    if "--hint" in arguments:
        place = arguments.index("--hint")
        return hinted(arguments[:place] + arguments[place + 2 :], "".join(arguments[place + 1 : place + 2]))
    if "--submit" in arguments:
        return submitted([argument for argument in arguments if argument != "--submit"])
    rest = [argument for argument in arguments if argument != "--watch"]
    try:
        code = watch(rest) if len(rest) < len(arguments) else checked(rest)
        sys.stdout.flush()
        return code
    except KeyboardInterrupt:
        print()
        return 130
    except OSError as error:  # as in: python check.py | head
        if error.errno not in (errno.EPIPE, errno.EINVAL):  # Windows says EINVAL of a closed pipe
            raise
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
