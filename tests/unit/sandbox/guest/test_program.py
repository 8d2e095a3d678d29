"""Loading a submission: what is read of a file, what is run of it, and what is said about the rest."""

from __future__ import annotations

import ast
import inspect
import json
import sys
import textwrap
import time
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from grader.sandbox.guest.program import Missing, NotebookUnreadable, Program, read
from tests.helpers.effort import examples


def cell(source, kind="code"):
    made = {"cell_type": kind, "metadata": {}, "source": textwrap.dedent(source).strip("\n")}
    return {**made, "outputs": [], "execution_count": None} if kind == "code" else made


def notebook(*cells, **fields):
    """The bytes of a notebook with these code cells."""
    made = [source if isinstance(source, dict) else cell(source) for source in cells]
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": made, **fields}).encode()


def load(*cells, graded=("f",), whole=False):
    return Program(notebook(*cells), "digits.ipynb", graded, whole)


def module(source, graded=("f",), whole=False, name="digits.py"):
    content = source if isinstance(source, bytes) else textwrap.dedent(source).encode()
    return Program(content, name, graded, whole)


def why_missing(program, name="f"):
    with pytest.raises(Missing) as caught:
        program.get(name)
    return str(caught.value)


# Files


@pytest.mark.parametrize("name", ["digits.ipynb", "digits.py"])
@pytest.mark.parametrize("content", [b"", b" \r\n\t", b"\xef\xbb\xbf", b"\0\0\0"])
def test_an_empty_file_is_unreadable(name, content):
    """A file without a visible character is refused as empty."""
    with pytest.raises(NotebookUnreadable, match="empty"):
        read(content, name)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\xff\xfe", "isn't text"),
        (b"[1, 2]", "not a notebook"),
        (b'{"a": 1}', "not a notebook"),
        (b"5", "not a notebook"),
        (b"<!DOCTYPE html>\n<html><body>Log in</body></html>", "isn't JSON"),
        (notebook("x = 1")[:-10], "isn't JSON"),
        (b"[" * 100_000, "isn't JSON"),
        (b"<<<<<<< HEAD\n" + notebook("x = 1") + b"\n>>>>>>> theirs\n", "isn't JSON"),
    ],
)
def test_a_notebook_file_that_holds_none_is_unreadable(content, reason):
    """A file named .ipynb that holds neither a notebook nor Python is refused with the reason."""
    with pytest.raises(NotebookUnreadable, match=reason):
        read(content, "digits.ipynb")


def test_a_module_named_as_a_notebook_is_read():
    """Python in a file named .ipynb is read as a module, and a note says so."""
    program = module("def f():\n    return 3\n", name="digits.ipynb")
    assert program.get("f")() == 3
    assert "Python module" in program.notes[0]


def test_a_module_named_as_a_notebook_may_hold_an_error():
    """One error doesn't turn such a module into something unreadable."""
    program = module("def f():\n    return 3\n\nx = (\n", name="digits.ipynb")
    assert program.get("f")() == 3


def test_a_notebook_named_as_a_module_is_read():
    """A notebook in a file named .py is read as a notebook, and a note says so."""
    program = Program(notebook("def f(): return 3"), "digits.py", ["f"])
    assert program.get("f")() == 3
    assert "it is a notebook" in program.notes[0]


def test_a_module_may_begin_with_a_brace():
    """A module whose first line is a dict isn't mistaken for a notebook."""
    assert module("{}\ndef f(): return 3\n").get("f")() == 3
    assert module("{'cells': 1}\ndef f(): return 3\n").get("f")() == 3


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_line_ends_and_byte_order_marks_make_no_difference(newline, encoding):
    """Modules from any editor are read alike."""
    text = "def f():\n    return 'é'\n\nx = 1 / 0\n".replace("\n", newline)
    program = module(text.encode(encoding), whole=True)
    assert program.get("f")() == "é"
    assert program.notes == ["line 4: ZeroDivisionError: division by zero"]


def test_a_coding_line_is_honoured():
    """The encoding that a module declares is the one it is read in."""
    text = "#!/usr/bin/python\n# -*- coding: cp1251 -*-\ndef f(): return 'да'\n"
    assert module(text.encode("cp1251")).get("f")() == "да"


@pytest.mark.parametrize("coding", ["nonsense", "rot13", "hex", "undefined"])
def test_an_unknown_coding_line_is_ignored(coding):
    """A coding line that names no text encoding doesn't keep a file from being read."""
    assert module(f"# coding: {coding}\ndef f(): return 'é'\n".encode()).get("f")() == "é"


def test_other_encodings_are_read_as_latin_1():
    """A module that isn't UTF-8 is read all the same, with a note."""
    program = module("def f(): return 'é'\n".encode("latin-1"))
    assert program.get("f")() == "é"
    assert "Latin-1" in program.notes[0]


@pytest.mark.parametrize("join", [str, lambda s: s.splitlines(keepends=True)])
def test_a_cell_is_a_text_or_a_list_of_lines(join):
    """Both ways of storing a cell are read."""
    made = {**cell(""), "source": join("def f():\n    return 3")}
    program = load(made)
    assert program.get("f")() == 3
    assert program.notes == []


def test_windows_line_ends_in_cells_make_no_difference():
    """Magics, errors and line numbers are the same with either line end."""
    program = load({**cell(""), "source": "%matplotlib inline\r\ndef f():\r\n    return 3\r\n\r\nx = (\r\n"})
    assert program.get("f")() == 3
    assert program.notes == ["cell 1, line 5: SyntaxError: '(' was never closed"]


def test_only_code_cells_are_read_and_counted():
    """Text cells are ignored, and cells count as they would when the notebook is run from the top."""
    program = load(cell("def f(): return 1", "markdown"), "1 / 0", cell("x", "raw"), "def f(): return 2\n\nx")
    program.run_rest()
    assert program.get("f")() == 2
    assert [note[:15] for note in program.notes] == ["cell 1, line 1:", "cell 2, line 3:"]


def test_version_3_is_read():
    """The old format, with worksheets and `input`, is read without a note."""
    cells = [
        {"cell_type": "heading", "level": 1, "metadata": {}, "source": ["Title"]},
        {
            "cell_type": "code",
            "collapsed": False,
            "input": ["def f():\n", "    return 3"],
            "language": "python",
            "metadata": {},
            "outputs": [],
        },
    ]
    content = {
        "metadata": {"name": ""},
        "nbformat": 3,
        "nbformat_minor": 0,
        "worksheets": [{"cells": cells, "metadata": {}}],
    }
    program = Program(json.dumps(content).encode(), "old.ipynb", ["f"])
    assert program.get("f")() == 3
    assert program.notes == []


@pytest.mark.parametrize(
    "damage",
    [
        lambda nb: nb.pop("nbformat"),
        lambda nb: nb.pop("metadata"),
        lambda nb: nb.update(nbformat="4"),
        lambda nb: nb.update(nbformat=99),
        lambda nb: nb.update(nbformat=[]),
        lambda nb: nb.update(metadata=[1]),
        lambda nb: nb["cells"].insert(0, "junk"),
        lambda nb: nb["cells"].insert(0, None),
        lambda nb: nb["cells"].insert(0, {}),
        lambda nb: nb["cells"][0].pop("cell_type"),
        lambda nb: nb["cells"][0].pop("metadata"),
        lambda nb: nb["cells"].insert(0, {**cell(""), "source": None}),
        lambda nb: nb["cells"].insert(0, {**cell(""), "source": [1, "x = 1"]}),
        lambda nb: nb["cells"][0].update(input=nb["cells"][0].pop("source")),
        lambda nb: nb.update(worksheets=[{"cells": nb.pop("cells")}]),
        lambda nb: nb.update(worksheets=[{"cells": nb.pop("cells")}, 3], nbformat=3),
    ],
)
def test_a_damaged_notebook_is_mended(damage):
    """Code cells are read however damaged the rest of the format is, and a note says so."""
    content = json.loads(notebook("def f(): return 3"))
    damage(content)
    program = Program(json.dumps(content).encode(), "digits.ipynb", ["f"])
    assert program.get("f")() == 3
    assert program.notes == ["the notebook's format is damaged; its code cells were read anyway"]


@pytest.mark.parametrize("damage", [lambda c: c.update(id=3), lambda c: c.pop("outputs")])
def test_what_a_reader_needn_t_know_may_be_missing(damage):
    """Cells without outputs or a proper id are read without a note."""
    content = json.loads(notebook("def f(): return 3"))
    damage(content["cells"][0])
    program = Program(json.dumps(content).encode(), "digits.ipynb", ["f"])
    assert program.get("f")() == 3
    assert program.notes == []


@pytest.mark.parametrize("cells", [[], {}, None, "x", [cell("only text", "markdown")]])
def test_a_notebook_without_code_is_readable(cells):
    """A notebook without code is a notebook in which everything is missing."""
    program = Program(notebook(cells=cells), "digits.ipynb", ["f"])
    assert "f isn't defined anywhere" in why_missing(program)
    assert "the notebook has no code cells" in program.notes


@settings(max_examples=examples(200), deadline=None)
@given(st.binary(), st.sampled_from(["a.ipynb", "a.py", "", "a\0.py"]))
@example(b"# coding: utf-7\n+", "a.py")
@example(b'{"cells": [[]]}', "a.py")
@example(b'{"cells": [{"source": "\\ud800"}]}', "a.ipynb")
def test_any_bytes_are_read_or_unreadable(content, name):
    """Reading raises nothing but NotebookUnreadable, whatever the bytes."""
    try:
        source = read(content, name)
    except NotebookUnreadable:
        return
    assert all(isinstance(s.node, ast.stmt) for s in source.statements)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-1, 5) | st.text(max_size=9),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["cells", "worksheets", "source", "input", "cell_type", "metadata", "nbformat", "outputs"]),
            inner | st.sampled_from(["code", 3, 4]),
            max_size=5,
        )
    ),
    max_leaves=12,
)


@settings(max_examples=examples(200), deadline=None)
@given(json_values)
def test_any_json_is_read_or_unreadable(value):
    """The same for any JSON that resembles a notebook."""
    try:
        read(json.dumps(value).encode(), "a.ipynb")
    except NotebookUnreadable:
        return


# Magics


@pytest.mark.parametrize(
    "line",
    [
        "%matplotlib inline",
        "  %matplotlib inline",
        "%load_ext autoreload",
        "%cd C:\\new\\folder",
        "!pip install 'tensorflow>=2.1' it's",
        "!git clone https://example.org/0123abc.git",
        "!echo hello \\\n   more words \\\n   and more",
        "files = !ls -l",
        "a, b = %timeit -o 1 + 1",
        "np.sum?",
        "np.sum??",
        "?np.sum",
        "??f",
        "f?",
        "%%time",
        "pip install numpy",
        "%timeit x = [",
        '!echo """',
    ],
)
def test_magic_lines_are_dropped(line):
    """A magic or shell line is left out, and all the rest of the cell stays where it was."""
    program = load(f"import math\n{line}\ndef f():\n    return 3\n\nx = 1 / 0\n")
    assert program.get("f")() == 3
    program.run_rest()
    number = 6 + line.count("\n")
    assert program.notes == [f"cell 1, line {number}: ZeroDivisionError: division by zero"]


def test_magics_inside_blocks_are_dropped():
    """A magic inside a function or an `if` leaves the block around it whole."""
    program = load("def f():\n    !ls\n    %time x = 3\n    return 3\n\nif True:\n    %matplotlib inline\n")
    assert program.get("f")() == 3
    assert program.notes == []


def test_what_only_looks_like_a_magic_is_kept():
    """Arithmetic, strings and comments that hold magic signs at the beginning of a line stay."""
    program = load(
        '''
        %matplotlib inline
        total = (17
        % 5)
        text = """
        % of what?
        !important
        why?
        """
        def f():
            """What does this return?"""
            return total, text, ("%d!"
                % 3)
        '''
    )
    assert program.get("f")() == (2, "\n% of what?\n!important\nwhy?\n", "3!")
    assert program.notes == []


def test_a_name_bound_by_a_magic_is_missing_with_the_reason():
    """`x = !ls` binds nothing, and whoever asks for x is told why."""
    assert "magics aren't run" in why_missing(load("x = 1", "f = !ls"))


@pytest.mark.parametrize("magic", ["%%time", "%%timeit -n 1", "%%capture out", "%%prun", "\n%%time\n%%capture"])
def test_wrapping_cell_magics_keep_their_body(magic):
    """%%time and its like run the cell."""
    program = load(magic + "\ndef f():\n    return 3")
    assert program.get("f")() == 3
    assert program.notes == []


@pytest.mark.parametrize("magic", ["bash", "html", "writefile f.py", "javascript"])
def test_other_cell_magics_drop_the_cell(magic):
    """A cell in another language is left out with a note."""
    program = load(f"%%{magic}\ndef f(): return 4", "def f(): return 3")
    assert program.get("f")() == 3
    assert program.notes == [f"cell 1, line 1: a %%{magic.split()[0]} cell is not run"]


def test_a_cell_indented_as_a_whole_is_read():
    """A cell pasted with its indentation runs, as it does in a notebook."""
    program = load({**cell(""), "source": "    def f():\n        return 3\n\n    x = 1\n"})
    assert program.get("f")() == 3


def test_a_module_converted_from_a_notebook_is_read():
    """What an exported notebook holds in the place of magics does nothing."""
    program = module(
        """
        #!/usr/bin/env python
        # coding: utf-8

        # In[3]:

        get_ipython().run_line_magic('matplotlib', 'inline')
        get_ipython().system('pip install x')
        from IPython import get_ipython
        ipython = get_ipython()

        # In[ ]:

        def f():
            display(3)
            return get_ipython
        """,
        whole=True,
    )
    assert callable(program.get("f")())
    assert all("IPython" in note for note in program.notes)  # where it isn't installed, the import fails


def test_the_notebook_s_own_functions_exist_and_do_nothing():
    """`display` and `get_ipython()` with anything asked of it are harmless."""
    program = load("f = [display(1, x=2), get_ipython().magic('x'), 'colab' in str(get_ipython())]")
    assert program.get("f") == [None, None, False]


# Syntax errors


BROKEN = [
    "def broken(x:\n    return x",
    "def broken(x):\n    y = (1, 2\n    return y",
    'def broken(x):\n    """never closed\n    return x',
    "def broken(x):\n    a = 1\n   b = 2\n    return b",
    "def broken(x):\n    if x:\n\treturn 1\n        return 2",
    "def broken(x):",
    "def broken(x):\n    return " + "(" * 5000,
    "def broken(x):\n    return " + "-" * 50_000 + "1",
    "broken = " + "(" * 150 + ")" * 149,
    "broken = 'never closed",
    "broken = x y",
    "broken = '\0'",
    "broken = 1_",
    "broken: int = )",
    "class broken:\n    def m(self) return 1",
    "@decorated(\ndef broken(): pass",
    "def broken(x, x): pass",
    "def broken():\n    nonlocal y",
    "print(1\nbroken = 2",
    "else:\n    broken = 1",
    "broken = 1 +",
    "broken = \ud800",
]


@pytest.mark.parametrize("broken", BROKEN)
@pytest.mark.parametrize("where", ["before", "between", "after"])
def test_a_broken_chunk_costs_only_itself(broken, where):
    """All other definitions of a cell survive an error in one, and a note says where it is."""
    parts = ["import math\n\n@staticmethod\ndef f(x):\n    return math.floor(x)", "def g():\n    return f(3.5)"]
    parts.insert(["before", "between", "after"].index(where), broken)
    program = load({**cell(""), "source": "\n\n".join(parts)}, "h = g")
    assert program.get("g")() == 3
    assert program.get("h")() == 3
    assert len(program.notes) == 1
    assert program.notes[0].startswith("cell 1, line ")
    assert "Error: " in program.notes[0]


@pytest.mark.parametrize("broken", [b for b in BROKEN if b.startswith(("def", "class", "broken"))])
def test_a_broken_definition_is_missing_with_the_reason(broken):
    """Whoever asks for a name whose definition can't be read is told where and why."""
    reason = why_missing(load({**cell(""), "source": "x = 1\n" + broken}), "broken")
    assert reason.startswith("broken isn't there: cell 1, line ")
    assert "Error: " in reason


def test_a_syntax_error_is_told_with_its_line():
    """The line is that of the cell, also where the message itself names one."""
    program = load("x = 1\n\ndef f():\n    y = (1, 2\n    return y\n", "z = 1\n\nif z:\nw = 2\n")
    assert program.notes[0] == "cell 1, line 4: SyntaxError: '(' was never closed"
    assert (
        program.notes[1]
        == "cell 2, line 3: IndentationError: expected an indented block after 'if' statement on line 3"
    )
    assert why_missing(program) == f"f isn't there: {program.notes[0]}"


def test_an_error_found_by_the_compiler_alone_costs_its_statement():
    """`return` outside a function and its like are noted when their statement is run."""
    program = load("x = 1\nreturn x\nawait x\ndef f(): return x")
    assert program.get("f")() == 1
    program.run_rest()
    assert program.notes[0] == "cell 1, line 2: SyntaxError: 'return' outside function"
    assert len(program.notes) == 2


def test_an_earlier_definition_outlives_a_broken_one():
    """As in a notebook, where the broken cell would have changed nothing."""
    program = load("def f(): return 1", "def f(: return 2")
    assert program.get("f")() == 1


def test_text_at_the_left_margin_belongs_to_its_string():
    """In a cell with an error, strings over several lines keep their statement together."""
    program = load('def f():\n    """doc\nat the margin\nx = (\n    """\n    return 3\n\ny = (\n')
    assert program.get("f")() == 3


def test_the_rubble_of_an_open_string_makes_one_note():
    """Lines that fail only because of the error before them aren't noted each; a definition's own error is."""
    program = load('s = """open\nsome words here\nmore of them\n\ndef g(:\n    pass\n\ndef f(): return 3')
    assert program.get("f")() == 3
    assert [note[:14] for note in program.notes] == ["cell 1, line 1", "cell 1, line 5"]


@pytest.mark.parametrize(
    "source",
    ["x y\n" * 20_000, '"""\n' * 20_001, "x = (\n" * 20_000, "!ls\n" * 20_000, "(" * 10**6, "x" + " " * 10**6 + "y"],
)
@pytest.mark.thorough
def test_rubbish_is_read_in_bounded_time(source):
    """The work grows with the length of the file, not with its square."""
    begin = time.process_time()
    program = load({**cell(""), "source": source}, "def f(): return 3")
    assert program.get("f")() == 3
    assert time.process_time() - begin < 10
    assert len(program.notes) <= 50


definitions = st.lists(
    st.sampled_from(
        [
            "def {n}(x):\n    return x + 1",
            "@staticmethod\ndef {n}(x):\n    '''doc'''\n    return [x\n    ]",
            "class {n}:\n    a = 1\n\n    def m(self): return 2",
            "{n} = [1,\n2,\n3]",
            "{n} = '''a\nb = 1\n'''",
            "if True:\n    {n} = 1\nelse:\n    {n} = 2",
            "try:\n    {n} = 1\nfinally:\n    pass",
            "for {n} in range(3):\n    pass",
            "a{n} = 1; {n} = 2",
            "with open(0) as {n}: pass",
            "from os import path as {n}",
            "async def {n}(): pass",
        ]
    ),
    min_size=1,
    max_size=8,
)


@settings(max_examples=examples(150), deadline=None)
@given(definitions, st.sampled_from([b for b in BROKEN if not b.startswith("else")]), st.integers(0, 8))
def test_a_broken_chunk_costs_no_other_definition(parts, broken, at):
    """Whatever surrounds an error binds the same names as without it."""
    parts = [part.format(n=f"n{k}") for k, part in enumerate(parts)]
    whole = read(notebook("\n".join(parts)), "a.ipynb")
    hurt = read(notebook("\n".join([*parts[:at], broken, *parts[at:]])), "a.ipynb")

    def bound(source):
        return {name for s in source.statements for name in s.names.binds if name != "broken"}

    assert bound(whole) == bound(hurt)
    assert hurt.notes


# Running


def test_only_what_is_needed_runs():
    """Cells that no wanted name needs aren't run: training, plots, questions to the user."""
    program = load(
        "import math\nimport no_such_module",
        "SCALE = 2\nOTHER = 1 / 0",
        "def helper(x): return SCALE * math.floor(x)",
        "def f(x): return helper(x)",
        "while True: pass",
        "answer = input()",
        "raise SystemExit",
    )
    assert program.get("f")(3.5) == 6
    assert program.notes == []
    assert {"answer", "OTHER"}.isdisjoint(program.namespace)


def test_statements_run_once_and_slice_by_slice():
    """A later slice runs only what an earlier one hasn't run."""
    program = load(
        "log = []",
        "def base(): log.append('called')",
        "a = base() or 1",
        "def f(): return log, a",
        "b = base() or 2",
        "def g(): return log, b",
        graded=["f", "g"],
    )
    assert program.get("f")() == (["called"], 1)
    assert "b" not in program.namespace
    assert program.get("g")() == (["called", "called"], 2)
    program.get("f")
    assert program.namespace["log"] == ["called", "called"]


@pytest.mark.parametrize(
    "statement",
    [
        "from math import nosuch, pi, other",
        "import nosuch_module, math\npi = math.pi",
        "from math import (\n  a,\n  pi\n)",
    ],
)
@pytest.mark.parametrize("whole", [False, True])
def test_a_name_that_cannot_be_imported_costs_itself_alone(statement, whole):
    """The names imported beside it are there."""
    program = load(statement, "def f(): return pi > 3", whole=whole)
    assert program.get("f")() is True
    assert bool(program.notes) is whole


@pytest.mark.parametrize(
    ("statement", "value"),
    [
        ("x = 1", 1),
        ("x: int = 1", 1),
        ("x: Unknown[Hint] = 1", 1),
        ("x, y = 1, 2", 1),
        ("*x, y = 1, 2", [1]),
        ("[a, (x, b)] = [1, (2, 3)]", 2),
        ("y = x = 1", 1),
        ("print(x := 1)", 1),
        ("[x := i for i in range(3)]", 2),
        ("for x in range(3): pass", 2),
        ("for a, x in [(1, 2)]: pass", 2),
        ("import math as x", __import__("math")),
        ("from math import tau as x", 6.283185307179586),
        ("if True:\n    x = 1", 1),
        ("try:\n    import no_such_module\nexcept ImportError:\n    x = 1", 1),
        ("while True:\n    x = 1\n    break", 1),
        ("match 1:\n    case x: pass", 1),
        ("import contextlib\nwith contextlib.nullcontext(1) as x: pass", 1),
        ("x = 0\nx += 1", 1),
        ("x = {}\nx['a'] = 1", {"a": 1}),
        ("x = [0]\nx[0] = 1", [1]),
        ("x = [0, 1]\ndel x[0]", [1]),
        ("x = []\nx.append(1)", [1]),
        ("x = []\nfor i in range(3):\n    x.append(i)", [0, 1, 2]),
        ("x = [[]]\nx[0].extend([1])", [[1]]),
        ("x = 1\ndel x", 1),
        ("x = 1\nx = 2", 2),
        ("def init():\n    global x\n    x = 1\ninit()", 1),
        ("def init():\n    global x\n    x = 1\ndef main(): init()\ny = main()", 1),
        ("y = 1\nx = y\ny = 2", 1),
        ("x = 1;y = 2; x = 3", 3),
        ("from math import *\nx = pi", 3.141592653589793),
        ("import math\nx = [math.floor(i) for i in [1.5]]", [1]),
        ("y = 3\nx = (lambda: y)()", 3),
        ("y = 3\nclass C:\n    z = y\nx = C.z", 3),
    ],
)
@pytest.mark.parametrize("whole", [False, True])
def test_every_way_of_binding_is_seen(statement, value, whole):
    """A function that reads a global gets what binds it, however it is bound."""
    program = load(statement, "def f(): return x", whole=whole)
    assert program.get("f")() == value
    assert program.notes == []


@pytest.mark.parametrize(
    "function",
    [
        "def f(): return y",
        "def f(a=y): return a",
        "def f():\n    def inner(): return y\n    return inner()",
        "def f(): return [y for _ in range(1)][0]",
        "f = lambda: y",
        "class f:\n    def __new__(cls): return y",
        "def same(g): return g\n@same\ndef f(): return y",
        "import functools\n@functools.lru_cache(y)\ndef f(): return y",
    ],
)
def test_every_way_of_using_is_seen(function):
    """A global is needed wherever in a function it is read."""
    assert load("y = 3", function).get("f")() == 3


def test_a_local_name_needs_no_global_of_the_same_name():
    """Parameters and locals don't pull in the cells that bind globals of those names."""
    program = load(
        "X = input()\nmodel = 1 / 0\nepochs = 0",
        "def f(X, epochs=3):\n    model = X\n    return [model for _ in range(epochs)]",
    )
    assert program.get("f")(1) == [1, 1, 1]
    assert program.notes == []


MODEL = """
class Model:
    def __init__(self): self.did = []
    def __getattr__(self, name): return lambda *args: self.did.append(name)
"""


def test_training_and_looking_are_no_part_of_a_definition():
    """A call on a line of its own changes its object unless it only trains, looks or draws."""
    calls = ["add", "compile", "build", "fit", "predict", "evaluate", "summary", "plot", "show", "load_weights"]
    program = load(MODEL, "model = Model()", "\n".join(f"model.{call}()" for call in calls), "f = model")
    assert program.get("f").did == ["add", "compile", "build", "load_weights"]


def test_a_module_is_changed_by_settings_alone(tmp_path, monkeypatch):
    """Seeds and switches of a needed module run; other calls of its functions don't."""
    settings = "import random\nrandom.seed(3)\nrandom.shuffle(1 / 0)\nx = random.random()\ndef f(): return x"
    assert load(settings).get("f")() == load(settings).get("f")()
    (tmp_path / "helper_of_f.py").write_text("value = 3\n")
    monkeypatch.setattr(sys, "path", [*sys.path])
    program = load(
        f"import sys\nsys.path.append({str(tmp_path)!r})", "from helper_of_f import value", "def f(): return value"
    )
    assert program.get("f")() == 3


def test_settings_of_a_package_are_needed_by_all_who_import_from_it(tmp_path, monkeypatch):
    """A switch thrown through one module of a package counts for the others, and isn't thrown without need."""
    (tmp_path / "lab_kit").mkdir()
    (tmp_path / "lab_kit" / "__init__.py").write_text("value = 1\n")
    text = "import lab_kit\ndef enable_three(): lab_kit.value = 3\n"
    (tmp_path / "lab_kit" / "config.py").write_text(text)
    monkeypatch.syspath_prepend(tmp_path)
    program = load(
        "import lab_kit",
        "from lab_kit import config",
        "config.enable_three()",
        "def g(): return 1",
        "def f(): return lab_kit.value",
        graded=["f", "g"],
    )
    assert program.get("g")() == 1
    assert "lab_kit" not in program.namespace
    assert program.get("f")() == 3


def test_star_imports_serve_names_that_nothing_else_binds():
    """A star import runs for a name of unknown origin, and for no other."""
    program = load("from math import *", "def g(x): return len(x)", "def f(x): return floor(x)", graded=["f", "g"])
    assert program.get("g")([1]) == 1
    assert "floor" not in program.namespace
    assert program.get("f")(3.5) == 3


def test_a_late_slice_doesn_t_undo_what_stands_further_down():
    """A star import or an assignment that runs late leaves alone what a later statement has bound."""
    program = load(
        "from math import *\nfloor_of = 0",
        "def floor(x): return 'mine'",
        "def f(x): return floor(x)",
        "def g(x): return ceil(x), floor(x)",
        graded=["f", "g"],
    )
    assert program.get("f")(3.5) == "mine"
    assert program.get("g")(3.5) == (4, "mine")
    assert program.get("f")(3.5) == "mine"
    program.run_rest()
    assert program.get("f")(3.5) == "mine"


def test_the_last_definition_counts():
    """A function defined twice is the second one, whatever is asked for in between."""
    program = load("def f(): return 1", "a = f()", "def f(): return 2", "def g(): return a", graded=["f", "g"])
    assert program.get("f")() == 2
    assert program.get("g")() == 1


def test_hints_are_never_evaluated():
    """Type hints may name what was never imported."""
    header = "def f(x: List[np.ndarray], *, y: 'Nothing' = 2) -> Tuple[Missing, ...]:"
    program = load(f"{header}\n    z: Unknown = 1\n    return x + y + z")
    assert program.get("f")(1) == 4
    assert program.notes == []


# Errors


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("x", "NameError: name 'x' is not defined"),
        ("1 / 0", "ZeroDivisionError: division by zero"),
        ("raise KeyboardInterrupt", "KeyboardInterrupt"),
        ("raise SystemExit(3)", "SystemExit: 3"),
        ("exit()", "SystemExit"),
        ("raise GeneratorExit", "GeneratorExit"),
        ("class E(BaseException): pass\nraise E('mine')", "E: mine"),
        ("class E(Exception):\n    def __str__(self): raise SystemExit\nraise E", "an exception that can't be shown"),
        ("class E(Exception):\n    __traceback__ = 3\nraise E('x')", "an exception that can't be shown"),
        ("def g(): return g()\ng()", "RecursionError"),
        ("from google.colab import drive", "ModuleNotFoundError: No module named 'google"),
        ("raise ValueError('a\\n  b\\ud800')", "ValueError: a b\\ud800"),
        ("globals().clear() or x", "NameError"),
        ("raise type('É', (Exception,), {})('x' * 10**7)", "É: xxx"),
    ],
)
@pytest.mark.parametrize("whole", [False, True])
def test_an_exception_costs_its_own_statement(statement, told, whole):
    """Whatever a statement raises becomes a note with its line, and the next one runs."""
    program = load("y = 1\n" + statement, "def f(): return 3", whole=whole)
    program.run_rest()
    assert program.get("f")() == 3
    assert len(program.notes) == 1
    assert told in program.notes[0]
    assert len(program.notes[0]) <= 300
    program.notes[0].encode()


def test_an_exception_is_told_with_the_line_of_its_statement():
    """The line is the one in the cell that was being run, also when a function raised."""
    program = load("def g():\n    return 1 / 0", "x = 1\n\ny = [\n    2,\n    g(),\n]", whole=True)
    assert program.notes == ["cell 2, line 5: ZeroDivisionError: division by zero"]


def test_a_missing_name_is_told_with_the_reason():
    """Never defined, or defined by a statement that raised."""
    program = load("x = 1", "y = 0\nf = g = x / y", "def undecorated(): pass")
    assert why_missing(program, "nothing") == "nothing isn't defined anywhere"
    assert why_missing(program, "print") == "print isn't defined anywhere"
    assert why_missing(program, "display") == "display isn't defined anywhere"
    assert why_missing(program) == "f isn't there: cell 2, line 2: ZeroDivisionError: division by zero"


def test_notes_are_bounded():
    """However much goes wrong, there are at most fifty notes, and the last one says that there were more."""
    program = load(*["1 / 0"] * 80, whole=True)
    assert len(program.notes) == 50
    assert "more" in program.notes[-1]


def test_a_name_used_before_its_definition_is_defined_first():
    """Cells that were run out of order run in the order they need, with a note."""
    program = load("y = g(3)", "def f(): return y", "def g(x): return x + z", "z = 4")
    assert program.get("f")() == 7
    assert program.notes == [
        "cell 1, line 1: g is used before cell 3, line 1 defines it; that definition was run first",
    ]


def test_names_are_defined_first_one_after_another():
    """A statement may need several names defined first; each is noted, and none is run twice."""
    program = load("log = []", "y = a + b", "a = log.append(1) or 1", "b = log.append(2) or 2", whole=True)
    assert program.namespace["y"] == 3
    assert program.namespace["log"] == [1, 2]
    assert len(program.notes) == 2


def test_names_that_need_each_other_are_errors():
    """A circle of definitions ends with notes, not in endless work."""
    program = load("a = b", "b = a", "def f(): return 3", whole=True)
    assert program.get("f")() == 3
    assert any("NameError" in note for note in program.notes)


def test_a_long_chain_of_late_definitions_ends():
    """Hundreds of names in the wrong order neither break the loader nor keep it busy."""
    cells = [f"x{k} = x{k + 1} + 1" for k in range(300)]
    program = load(*cells, "x300 = 0", "def f(): return 3", whole=True)
    assert program.get("f")() == 3
    assert len(program.notes) == 50


def test_a_local_variable_used_too_early_is_the_student_s_error():
    """UnboundLocalError is no question of order."""
    program = load("def g():\n    y = z\n    z = 1\n    return y", "f = g()", "z = 3", whole=True)
    assert program.notes[0].startswith("cell 2, line 1: UnboundLocalError")


# The rest, and lending


def test_the_rest_runs_once():
    """run_rest runs what is left, and says whether there was anything."""
    program = load("def f(): return eval('hidden')", "hidden = 3")
    with pytest.raises(NameError):
        program.get("f")()
    assert program.run_rest()
    assert program.get("f")() == 3
    assert not program.run_rest()


def test_a_name_missed_at_run_time_is_looked_for():
    """`find` runs the statement that binds the name, and nothing else."""
    program = load("def f(): return eval('hidden')", "seen = []", "seen.append(1)\nhidden = 3")
    with pytest.raises(NameError):
        program.get("f")()
    assert program.find("hidden")
    assert program.get("f")() == 3
    assert "seen" not in program.namespace
    assert not program.find("hidden")


@pytest.mark.parametrize(
    "binding",
    [
        "globals()['f'] = lambda: 3",
        "exec('def f(): return 3')",
        "import sys\nsetattr(sys.modules['__main__'], 'f', lambda: 3)",
        "def define(): globals().update(f=lambda: 3)\ndefine()",
        "text = 'f = lambda: 3'\nexec(text)",
    ],
)
def test_a_name_bound_in_a_roundabout_way_is_found(binding, monkeypatch):
    """What no statement binds by the look of it may come from exec or globals(): these run, and nothing else."""
    program = load("import numpy", binding, "trained = 1")
    monkeypatch.setitem(sys.modules, "__main__", program.module)
    assert program.get("f")() == 3
    assert "trained" not in program.namespace


def test_a_name_that_nothing_can_bind_runs_nothing():
    """A misspelt name costs no training."""
    program = load("def f(): return misspelt", "trained = 1")
    with pytest.raises(NameError):
        program.get("f")()
    assert not program.find("misspelt")
    assert "trained" not in program.namespace


def test_the_whole_runs_at_once_when_asked():
    """With whole=True everything has run before anything is asked for."""
    program = load("x = 1", "y = 2", whole=True)
    assert (program.namespace["x"], program.namespace["y"]) == (1, 2)
    assert not program.run_rest()


def test_a_lent_function_serves_other_student_functions():
    """While a name is lent others call the replacement; `get` still gives the student's own."""
    program = load("def g(): return 'own'", "def f(): return g()", graded=["f", "g"])
    program.substitute("g", lambda: "lent")
    assert program.get("f")() == "lent"
    assert program.get("g")() == "own"
    assert program.get("f")() == "lent"
    program.substitute("g", lambda: "lent again")
    assert program.get("f")() == "lent again"
    program.restore()
    assert program.get("f")() == "own"
    program.restore()


def test_a_missing_function_can_be_lent():
    """A name that the student doesn't define can be lent, and is missing again afterwards."""
    program = load("def f(): return g()")
    program.substitute("g", lambda: "lent")
    assert program.get("f")() == "lent"
    assert "anywhere" in why_missing(program, "g")
    program.restore()
    assert "g" not in program.namespace
    with pytest.raises(NameError):
        program.get("f")()


# The law


@st.composite
def programs(draw):
    """A notebook without errors: names, some rebound, and functions that read them."""
    lines, known, functions = ["v0 = 0"], ["v0"], []
    for k in range(draw(st.integers(1, 9))):
        name = draw(st.sampled_from([f"v{k + 1}", *known]))
        a, b = draw(st.sampled_from(known)), draw(st.sampled_from(known))
        kind = draw(st.integers(0, 6))
        if kind == 0:
            lines.append(f"def f{k}(): return {a}, {b}")
            functions.append(f"f{k}")
            continue
        if kind == 1 and functions:
            lines.append(f"{name} = len({draw(st.sampled_from(functions))}()) + {a}")
        elif kind == 2:
            lines.append(f"{name}, v{k + 1} = {a} + {k}, {b}")
        elif kind == 3:
            lines.append(f"for {name} in range(2 + {k}): pass")
        elif kind == 4:
            lines.append(f"{name} = {a}\n{name} += {k} + 1")
        elif kind == 5:
            lines.append(f"if {a} > {b}:\n    {name} = {a} + 1\nelse:\n    {name} = {b}")
        else:
            lines.append(f"{name} = {a} * 2 + {k}")
        known += [known_name for known_name in (name, f"v{k + 1}") if f"{known_name}" in lines[-1]]
    a, b = draw(st.sampled_from(known)), draw(st.sampled_from(known))
    lines.append(f"def last(): return {a}, {b}")
    return lines, draw(st.permutations([*functions, "last"]))


@settings(max_examples=examples(400), deadline=None)
@given(programs())
@example((["m = 0", "b = m + 1", "m = 5", "def f(): return m", "def g(): return b"], ["f", "g"]))
@example((["m = 0", "def c(): return m", "b = c()", "m = 5", "def f(): return m", "def g(): return b"], ["f", "g"]))
@example((["a, m = 1, 2", "b = m", "m = 3", "def f(): return m, b", "def g(): return a"], ["g", "f"]))
def test_slices_agree_with_the_whole(made):
    """In any order of asking, a function gives what it gives in the notebook run from top to bottom."""
    lines, order = made
    plain: dict[str, Any] = {}
    exec("\n".join(lines), plain)
    sliced, whole = load(*lines, graded=order), load(*lines, graded=order, whole=True)
    for name in order:
        assert sliced.get(name)() == plain[name]() == whole.get(name)()
    assert sliced.notes == whole.notes == []
    sliced.run_rest()
    for name in order:
        assert sliced.get(name)() == plain[name]()


# As a part of the sandbox


def test_the_source_of_a_function_can_be_read():
    """inspect finds a function's text, which TensorFlow's function decorator needs."""
    for program in (load("\n\ndef f():\n    return 3\n"), module("\n\ndef f():\n    return 3\n")):
        assert inspect.getsource(program.get("f")) == "def f():\n    return 3\n"


def test_classes_belong_to_main():
    """The namespace is that of a module named __main__, which can stand in for the real one."""
    program = load("class f: pass")
    assert program.get("f").__module__ == "__main__"
    assert vars(program.module) is program.namespace


def test_a_module_knows_its_file():
    """__file__ exists in a module and not in a notebook, as outside the grader."""
    assert module("f = __file__").get("f") == "digits.py"
    assert "__file__" in why_missing(load("f = __file__"))


@pytest.mark.thorough
def test_loading_costs_little_more_than_compiling():
    """Reading, slicing and running fourteen functions takes at most five times what Python needs to
    parse and compile them."""
    body = "".join(f"    y{k} = [x + i for i in range({k}) if x > np.pi]\n" for k in range(12))
    names = [f"f{k}" for k in range(14)]
    source = "import math as np\n" + "".join(f"def {name}(x):\n{body}    return y3, f0\n\n" for name in names)

    def compiled():
        compile(ast.parse(source), "x", "exec")

    def loaded():
        program = module(source, graded=names)
        for name in names:
            program.get(name)

    def fastest(action):
        times = []
        for _ in range(10):
            begin = time.process_time()
            action()
            times.append(time.process_time() - begin)
        return min(times)

    assert fastest(loaded) < 5 * fastest(compiled)


# Names that the assignment's own import cells bind

IMPORTS = {"np": "import numpy as np", "sqrt": "from math import sqrt", "gone": "import no_such_module as gone"}


def without_imports(source):
    return Program(textwrap.dedent(source).encode(), "digits.py", ("f",), imports=IMPORTS)


def test_names_of_the_assignments_imports_are_bound_once_one_is_missing():
    """A function that is called finds all of them after one `find`, and each is noted."""
    program = without_imports("""
        def f(x):
            return np.add(sqrt(x), one)
        one = np.ones(1)
    """)
    assert program.get("f")(4).tolist() == [3.0]
    assert program.notes == [
        "np is used and never imported; the assignment's 'import numpy as np' was run",
        "sqrt is used and never imported; the assignment's 'from math import sqrt' was run",
    ]
    program = without_imports("def f(x): return sqrt(np.square(x))")
    function = program.get("f")
    with pytest.raises(NameError):
        function(3)
    assert program.find("np")
    assert function(3) == 3.0
    assert not program.find("np")


@pytest.mark.parametrize(
    ("source", "bound"),
    [
        ("np = 3\ndef f(): return np", 3),  # the submission's own
        ("def f(): return np\nif 1: np = 4", 4),
        ("exec('np = 5')\ndef f(): return np", 5),
        ("np.random.seed(1)\ndef f(): return np.pi > 3", True),
        ("def f(): return gone", None),  # what can't be imported stays missing
        ("def f(): return other", None),
        ("import numpyy as np\ndef f(): return np.pi", None),  # a failed import is the student's mistake
    ],
)
def test_only_what_nothing_in_the_submission_binds_is_imported(source, bound):
    """A name that the submission binds by itself has its own value, and no other name appears."""
    program = without_imports(source)
    function = program.get("f")
    name = "other" if "other" in source else "gone" if "gone" in source else "np"
    try:
        found = function()
    except NameError:
        program.find(name)
        try:
            found = function()
        except NameError:
            found = None
    assert found == bound
    assert "sqrt" not in program.namespace
