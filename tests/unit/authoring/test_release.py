"""What a student receives: every answer out, everything else in."""

import ast
import json

import pytest

from grader.authoring.notebook import NotebookError
from grader.authoring.release import ReleaseError, drift, release
from tests.factories import ROOT, module_at

SOLUTIONS = ROOT / "solutions"
ASSIGNMENTS = sorted(path.parent for path in SOLUTIONS.glob("*/*.ipynb") if path.stem == path.parent.name)

ANSWER = """def area(side):
    \"\"\"The area of a square.\"\"\"
    ### BEGIN SOLUTION
    return side * side * 1.0
    ### END SOLUTION"""


def code(source, *tags, name="c1"):
    old = [{"output_type": "stream", "name": "stdout", "text": "old"}]
    cell = {"cell_type": "code", "id": name, "metadata": {"tags": list(tags)}, "execution_count": 7, "outputs": old}
    return {**cell, "source": source.splitlines(keepends=True)}


def text(source, name="t1"):
    return {"cell_type": "markdown", "id": name, "metadata": {}, "source": source}


@pytest.fixture
def make(tmp_path):
    """make(cells, files, release): a source folder `squares` with these cells, files for the student, and settings."""

    def make(*cells, files=(), release=""):
        source = tmp_path / "solutions" / "squares"
        (source / "student").mkdir(parents=True, exist_ok=True)
        notebook = {"cells": list(cells), "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
        (source / "squares.ipynb").write_text(json.dumps(notebook))
        settings = f'title = "Squares"\nsecret = "s"\nquestion = []\n{release}'
        (source / "assignment.toml").write_text(settings)
        for name, content in dict(files).items():
            (source / "student" / name).write_text(content)
        return source

    return make


def released(source, tmp_path):
    """The generated notebook's cells, and the module's source."""
    target = tmp_path / "assignment" / source.name
    release(source, target)
    cells = json.loads((target / f"{source.name}.ipynb").read_text())["cells"]
    return cells, (target / f"{source.name}.py").read_text()


def solution_lines(source):
    """The lines between the marks, read without the program under test."""
    cells = json.loads((source / f"{source.name}.ipynb").read_text())["cells"]
    inside, lines = False, []
    for line in "\n".join("".join(cell["source"]) for cell in cells).splitlines():
        inside = "### BEGIN SOLUTION" in line or (inside and "### END SOLUTION" not in line)
        if inside and "###" not in line:
            lines.append(line)
    return lines


def test_a_solution_becomes_a_stub(make, tmp_path):
    """The lines between the marks give way to a stub that names the function; signature and docstring stay."""
    cells, _ = released(make(code(ANSWER)), tmp_path)
    assert "".join(cells[0]["source"]).splitlines() == [
        "def area(side):",
        '    """The area of a square."""',
        "    # YOUR CODE HERE",
        '    raise NotImplementedError("area")',
    ]


def test_outputs_are_taken_out_and_text_stays(make, tmp_path):
    """No output or execution count survives; markdown and visible code are as they were."""
    cells, _ = released(make(text("# Squares\n\nSide $s$."), code("print(area(3))")), tmp_path)
    assert "".join(cells[0]["source"]) == "# Squares\n\nSide $s$."
    assert (cells[1]["source"], cells[1]["outputs"], cells[1]["execution_count"]) == (["print(area(3))"], [], None)


def test_solution_only_cells_are_dropped(make, tmp_path):
    """A cell tagged `solution-only` is in neither form."""
    cells, module = released(make(code("print('for teachers')", "solution-only"), code(ANSWER, name="c2")), tmp_path)
    assert [cell["id"] for cell in cells] == ["c2"]
    assert "teachers" not in module


def test_the_module_holds_stubs_and_module_cells_only(make, tmp_path):
    """The module has a docstring, the cells tagged `module`, and each stub below a comment with its heading."""
    source = make(
        code("import math", "module"), text("## Exercise 1: `area` of a **square**"), code(ANSWER), code("print(1)")
    )
    _, module = released(source, tmp_path)
    assert ast.get_docstring(ast.parse(module))
    assert module.index("import math") < module.index("# Exercise 1: area of a square\ndef area")
    assert "print(1)" not in module


def test_a_value_becomes_none(make, tmp_path):
    """A solution that stands in no function gives a name its value; the student finds None there."""
    cells, module = released(make(code("### BEGIN SOLUTION\narea = [\n    2 * 2\n]\n### END SOLUTION")), tmp_path)
    assert "".join(cells[0]["source"]) == "# YOUR CODE HERE\narea = None"
    assert "area = None" in module
    assert "2 * 2" not in module


@pytest.mark.parametrize(
    ("cell", "message"),
    [
        (code(ANSWER.replace("    ### END SOLUTION", "")), "cell c1: BEGIN SOLUTION without END"),
        (code(ANSWER.replace("    ### BEGIN SOLUTION\n", "")), "cell c1: END SOLUTION without BEGIN"),
        (code(ANSWER.replace("    ### END", "### END")), "cell c1: BEGIN SOLUTION without END SOLUTION on a line"),
        (code(ANSWER.replace("    return", "    ### BEGIN SOLUTION\n    return")), "cell c1: a solution mark inside"),
        (code("### BEGIN SOLUTION\nprint(1)\n### END SOLUTION"), "cell c1: BEGIN SOLUTION stands in no function"),
        (text("### BEGIN SOLUTION"), "cell t1: a solution mark hides nothing in a markdown cell"),
    ],
    ids=["no end", "no begin", "other indent", "nested", "no function", "markdown"],
)
def test_wrong_marks_are_refused(make, tmp_path, cell, message):
    """A mark that would leave an answer in is an error that names the cell, and nothing is written."""
    with pytest.raises(ReleaseError, match=message):
        release(make(cell), tmp_path / "target")
    assert not (tmp_path / "target").exists()


def test_an_answer_in_a_support_file_is_refused(make, tmp_path):
    """A line of an answer in a file beside the notebook stops the release, and the message names the file."""
    source = make(code(ANSWER), files={"help.py": "def mine(side):\n    return side  * side * 1.0\n"})
    with pytest.raises(ReleaseError, match=r"help\.py"):
        release(source, tmp_path / "target")


def test_an_answer_in_a_visible_cell_is_refused(make, tmp_path):
    """The whole of an answer in a cell that the student sees stops the release, and the message names the cell."""
    with pytest.raises(ReleaseError, match="cell c2 holds an answer"):
        release(
            make(code(ANSWER), code("f = lambda side: 0\nreturn side * side * 1.0", name="c2")), tmp_path / "target"
        )


def test_a_line_that_the_lesson_shows_is_no_leak(make, tmp_path):
    """A line which the visible cells show too may stand in the files beside the notebook."""
    answer = ANSWER.replace("    return side", "    for W, b in parameters:\n        pass\n    return side")
    lesson = code("for W, b in parameters:\n    print(W)", name="c2")
    release(
        make(code(answer), lesson, files={"help.py": "for W, b in parameters:\n    print(b)\n"}), tmp_path / "target"
    )


def test_an_unreadable_notebook_is_one_clear_error(make, tmp_path):
    """A source that is no notebook is an error with its path, not a traceback of the JSON parser."""
    source = make()
    (source / "squares.ipynb").write_text("{")
    with pytest.raises(NotebookError, match=r"squares\.ipynb isn't a notebook: it isn't JSON"):
        release(source, tmp_path / "target")


def test_drift_names_what_is_missing_different_and_extra(make, tmp_path):
    """drift is empty after a release, then names each file that was deleted, changed or added; it writes nothing."""
    source, target = make(code(ANSWER), files={"README.md": "hello", "check.py": "1"}), tmp_path / "target"
    assert drift(source, target) == [
        f"missing: {name}" for name in ("README.md", "check.py", "squares.ipynb", "squares.py")
    ]
    assert not target.exists()
    assert sorted(path.name for path in release(source, target)) == [
        "README.md",
        "check.py",
        "squares.ipynb",
        "squares.py",
    ]
    assert drift(source, target) == []
    (target / "README.md").unlink()
    (target / "squares.py").write_text("changed")
    (target / "notes.txt").write_text("mine")
    (target / "__pycache__").mkdir()
    (target / "__pycache__" / "check.pyc").write_text("")
    assert drift(source, target) == ["missing: README.md", "differs: squares.py", "extra: notes.txt"]


def test_a_release_is_the_same_every_time(make, tmp_path):
    """Two releases of one source are equal byte for byte."""
    source = make(text("# Squares"), code(ANSWER))
    one, two = (release(source, tmp_path / name) for name in ("one", "two"))
    assert [path.read_bytes() for path in one] == [path.read_bytes() for path in two]


@pytest.mark.parametrize("source", ASSIGNMENTS, ids=lambda path: path.name)
def test_the_repository_holds_what_a_release_makes(source):
    """assignment/ is exactly what its source gives."""
    assert drift(source, SOLUTIONS.parent / "assignment" / source.name) == []


@pytest.mark.parametrize("source", ASSIGNMENTS, ids=lambda path: path.name)
def test_no_line_of_an_answer_is_released(source, tmp_path):
    """No line of a solution is a line of the module or of a code cell, other than those the lesson shows itself."""
    cells, module = released(source, tmp_path)
    marked = json.loads((source / f"{source.name}.ipynb").read_text())["cells"]
    lesson = {
        line.strip()
        for cell in marked
        if "### BEGIN" not in (body := "".join(cell["source"]))
        for line in body.split("\n")
    }
    given = module + "\n" + "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code")
    lines = {line.strip() for line in given.splitlines()} - lesson
    leaked = [line for line in solution_lines(source) if len(line.replace(" ", "")) > 12 and line.strip() in lines]
    assert leaked == []


@pytest.mark.parametrize("source", ASSIGNMENTS, ids=lambda path: path.name)
def test_every_stub_of_the_module_raises_its_name(source, tmp_path, monkeypatch):
    """The generated module can be imported without TensorFlow, and each stub raises NotImplementedError, or is None."""
    monkeypatch.syspath_prepend(source / "student")
    _, module = released(source, tmp_path)
    path = tmp_path / "stubs.py"
    path.write_text("\n".join(line for line in module.splitlines() if not line.startswith("import tensorflow")))
    stubs = module_at(path)
    names = [node.name for node in ast.parse(module).body if isinstance(node, ast.FunctionDef)]
    values = [name for name, value in vars(stubs).items() if value is None and not name.startswith("_")]
    assert len(names + values) == sum("### BEGIN SOLUTION" in cell for cell in sources(source))
    for name in names:
        function = getattr(stubs, name)
        with pytest.raises(NotImplementedError, match=name):
            function(*[None] * function.__code__.co_argcount)


def sources(source):
    return ["".join(cell["source"]) for cell in json.loads((source / f"{source.name}.ipynb").read_text())["cells"]]
