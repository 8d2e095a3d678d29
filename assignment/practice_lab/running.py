"""Run a student's function: is it a stub, how long may it take, and what to say when it raises."""

import ast
import contextlib
import copy
import ctypes
import inspect
import linecache
import os
import re
import signal
import sysconfig
import textwrap
import threading
import time
import tokenize
import traceback

import numpy as np

INDENT = "\n" + " " * 10  # of what is said about a check, below its line
LONGEST = 600  # characters of what is said about a check
FOLDER = os.path.dirname(os.path.abspath(__file__))
OURS = (
    "check",
    "examples",
    "figures",
    "hints",
    "reading",
    "relations",
    "running",
    "submitting",
    "suspects",
    "trying",
    "public_tests",
)
LIBRARIES = tuple(
    os.path.normcase(place)
    for place in {
        os.path.dirname(os.path.dirname(np.__file__)),
        *(sysconfig.get_path(p) for p in ("stdlib", "purelib", "platlib")),
    }
)


# --- stubs ----------------------------------------------------------------------------------------------


def body_of(function):
    """Return the statements of a function that do something, or None where its source isn't known."""
    code = getattr(function, "__code__", None)
    lines = linecache.getlines(code.co_filename)[code.co_firstlineno - 1 :] if code else []
    try:
        node = ast.parse(textwrap.dedent("".join(inspect.getblock(lines)))).body[0]
        body = node.body
    except (SyntaxError, IndexError, AttributeError, ValueError, tokenize.TokenError):
        return None
    idle = (ast.Pass, ast.Import, ast.ImportFrom, ast.Global)
    return [n for n in body if not isinstance(n, idle) and not is_constant(n)]


def is_constant(node):
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def own_nodes(nodes):
    """Yield the nodes of some statements, without those of functions inside them."""
    for node in nodes:
        yield node
        if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)):
            yield from own_nodes(ast.iter_child_nodes(node))


def returns_value(function):
    """Tell whether a `return` with something behind it stands in a function."""
    nodes = own_nodes(body_of(function) or [])
    return any(isinstance(n, ast.Return) and n.value is not None for n in nodes)


def about_none(function):
    """Say what it means that a function returned None."""
    if returns_value(function):
        return "You returned nothing (None). What follows your `return` is None, or no `return` is reached."
    return "You returned nothing (None): is the return missing?"


def unused_arguments(function):
    """Say which of its arguments a function never reads, or nothing where that isn't known."""
    body, code = body_of(function), getattr(function, "__code__", None)
    if not body or code is None:
        return ""
    nodes = [node for statement in body for node in ast.walk(statement)]
    changed = {n.target.id for n in nodes if isinstance(n, ast.AugAssign) and isinstance(n.target, ast.Name)}
    read = {n.id for n in nodes if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)} | changed
    unused = [name for name in code.co_varnames[: code.co_argcount] if name not in read]
    return f"Your function never uses {' and '.join(unused)}." if unused else ""


def raises_not_implemented(node):
    raised = node.exc.func if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call) else None
    raised = raised or (node.exc if isinstance(node, ast.Raise) else None)
    return isinstance(raised, ast.Name) and raised.id == "NotImplementedError"


def is_stub(function):
    """Tell whether a function does nothing but raise NotImplementedError."""
    body = body_of(function)
    if body is not None:
        return len(body) == 1 and raises_not_implemented(body[0])
    code = getattr(function, "__code__", None)
    return code is not None and code.co_names == ("NotImplementedError",)


def left_raise(function):
    """Say where the raise of the stub still stands."""
    body = body_of(function)
    if body and raises_not_implemented(body[0]):
        return "`raise NotImplementedError` still stands above your code, which never runs: delete that line."
    return "Your code reaches `raise NotImplementedError`: delete that line, or return a result before it."


# --- errors ---------------------------------------------------------------------------------------------


def shown(text):
    """Return as much of a text as anybody reads, without color codes, and with control characters as numbers."""
    text = re.sub(r"\x1b\[[0-9;]*[A-Za-z]|\{\{function_node [^}]*\}\} *", "", text)  # colors; names of TensorFlow's own
    text = text if len(text) <= LONGEST else f"{text[:LONGEST]} ..."
    return "".join(c if c.isprintable() or c == "\n" else repr(c)[1:-1] for c in text)


def is_students(filename):
    """Tell whether a line of a traceback is the student's: not ours, not Python's, not of a library."""
    if filename.startswith("<"):
        return filename.startswith("<ipython")
    if not os.path.isabs(filename):
        return True  # "digits.ipynb, code cell 2"
    folder, name = os.path.split(filename)
    ours = os.path.normcase(folder) == os.path.normcase(FOLDER) and name.removesuffix(".py") in OURS
    installed = re.search(r"[/\\](site|dist)-packages[/\\]", filename) or os.path.normcase(filename).startswith(
        LIBRARIES
    )
    return not ours and not installed


def about_arrays(text):
    """Return what an error of NumPy about shapes or dtypes means, or nothing."""
    if "Cannot cast ufunc" in text:
        return "`-=` and the like can't put fractions into an array of whole numbers. Make a new array instead."
    flat = re.search(r"broadcast together with shapes \((\d+),\d+\) \(\1,\)", text)
    if flat:
        return f"An array of shape ({flat[1]},) counts as a row. For a column, ({flat[1]}, 1), use keepdims=True."
    sizes = re.search(r"matmul.*size (\d+) is different from (\d+)", text, re.DOTALL)
    if sizes:
        return f"In A @ B the last size of A must equal the first size of B. Here these are {sizes[2]} and {sizes[1]}."
    return ""


def meaning(error, line):
    """Return what an error means in plain words, or nothing. `line` is the student's line that raised it."""
    text = str(error)
    name = getattr(error, "name", "") if isinstance(error, NameError) else ""
    if name == "tf":
        return "Run the cell with `import tensorflow as tf` first; a module needs that line at its top."
    if name in ("tensorflow", "keras"):
        return "TensorFlow is imported as `tf` here: write tf or tf.keras."
    if name == "np":
        return "Run the cell with `import numpy as np` first; a module needs that line at its top."
    if isinstance(error, TypeError) and re.search(r"\bmath\.\w+\(", line):
        return "The functions of `math` take single numbers. Those of NumPy take arrays too."
    if isinstance(error, TypeError) and not line and "argument" in text:
        return "The check calls the function with the arguments of the exercise: keep its `def` line as it was."
    if arrays := about_arrays(text):
        return arrays
    if isinstance(error, TypeError) and re.search(r"not supported between instances of 'list' and|: 'list' and", text):
        return "A list can't be computed with or compared. Take one of its entries, such as the last, or make an array."
    if "truth value of an array" in text:
        return (
            "`if`, `and`, `or`, `min` and `max` need single values. Use a function for whole arrays, such as np.where."
        )
    if isinstance(error, AttributeError) and "'numpy." in text and "'_id'" in text:
        return "NumPy computed this number, so the tape didn't record it. Use TensorFlow's functions inside the tape."
    return ""


def trouble(error, arguments=""):
    """Return an exception in a sentence, with the last line of the student's code that it went through.

    Where that line is in a function which another one called, the line of the call is told as well.
    """
    frames = [f for f in traceback.extract_tb(error.__traceback__) if is_students(f.filename)]
    parts = [*shown(f"{type(error).__name__}: {error}").rstrip().splitlines()]
    if frames:
        parts.append(f"in {place_of(frames[-1])}")
        callers = [f for f in frames if not f.name.startswith("<")]
        if callers and callers[0].name != callers[-1].name:
            parts.append(f"called in {place_of(callers[0])}")
    parts.append(meaning(error, frames[-1].line or "" if frames else ""))
    if isinstance(error, (ValueError, IndexError)) or "InvalidArgument" in parts[0]:
        parts.append(arguments)
    return INDENT.join(filter(None, parts))


def place_of(frame):
    """Return the file (if it is named as the student knows it), the function, the line and its code."""
    file = "" if os.path.isabs(frame.filename) else f"{frame.filename}, "
    return f"{file}{frame.name}, line {frame.lineno}: {shown(frame.line or '')}"


def shapes_of(function, arguments):
    """Return the names and shapes of the arrays that a function was called with."""
    try:
        names = list(inspect.signature(function).parameters)
    except (TypeError, ValueError):
        return ""
    shapes = [(name, nested_shapes(value)) for name, value in zip(names, arguments, strict=False)]
    listed = ", ".join(f"{name} {shape}" for name, shape in shapes if re.search(r"\d", shape))
    return f"The shapes here: {listed}" if listed else ""


def nested_shapes(value):
    """Return the shape of an array, or the shapes of the arrays in a list, as text."""
    if isinstance(value, np.ndarray):
        return str(value.shape)
    brackets = {list: "[{}]", tuple: "({})"}.get(type(value))
    return brackets.format(", ".join(map(nested_shapes, value))) if brackets else ""


@contextlib.contextmanager
def quiet():
    """Hide the lines that TensorFlow writes about the processor while it starts."""
    try:
        saved, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    except OSError:  # a program without a console on Windows
        yield
        return
    os.dup2(nowhere, 2)
    try:
        yield
    finally:
        os.dup2(saved, 2)
        os.close(saved)
        os.close(nowhere)


# --- a time limit -----------------------------------------------------------------------------------------


class TooLong(BaseException):
    """An example took too long. No `except Exception` of a student's catches it."""


def limited(seconds, call):
    """Return call(). Raises TooLong if it takes longer than so many seconds."""
    if hasattr(signal, "setitimer") and threading.current_thread() is threading.main_thread():
        return limited_by_signal(seconds, call)
    return limited_by_thread(seconds, call)


def limited_by_signal(seconds, call):
    def ring(*_):
        raise TooLong

    before = signal.signal(signal.SIGALRM, ring)
    try:
        signal.setitimer(signal.ITIMER_REAL, seconds, 0.5)  # again, since an `except:` may swallow the first
        return call()
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before or signal.SIG_DFL)


def limited_by_thread(seconds, call):
    """Windows has no timer signal: the call runs in a thread, in which TooLong is raised from outside."""
    result = {}

    def run():
        try:
            with np.errstate(all="ignore"):  # each thread has its own
                result["value"] = call()
        except BaseException as error:
            result["error"] = error

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    end = time.monotonic() + seconds
    while thread.is_alive() and time.monotonic() < end:
        thread.join(0.1)  # Ctrl-C waits for the end of a join there
    if thread.is_alive():
        for _ in range(20):
            ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread.ident), ctypes.py_object(TooLong))
            thread.join(0.1)
            if not thread.is_alive():
                break
        raise TooLong
    if "error" in result:
        raise result["error"]
    return result["value"]


def fresh(value):
    """Return a copy that a student's function may spoil; what stands for a model or for tensors is made."""
    if hasattr(value, "make"):
        return value.make()
    if isinstance(value, (list, tuple)):
        return type(value)(map(fresh, value))
    return copy.deepcopy(value) if isinstance(value, (np.ndarray, dict)) else value
