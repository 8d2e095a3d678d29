"""`grader validate` finds what is wrong with hidden cases, and says nothing of those that are fit."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest

from grader.assignments.loader import AssignmentError, load, select_questions
from grader.authoring.quality.controls import MUTANT, TRIVIAL, WRONG, control_submissions
from grader.authoring.quality.metrics import Quality
from grader.authoring.quality.numeric_perturbation import REORDERED, ROUNDED, SMALL_ERROR, perturb
from grader.authoring.quality.validate import validate
from grader.models import Assignment
from tests.factories import CASES, ROOT, SETTINGS, SOLUTION, notebook, submission
from tests.helpers.grading import GradedClass
from tests.helpers.terminal import grader_in

WRONG_DOUBLE = '@wrong("double", "Twice, not the square.")\ndef squares(x):\n    return x * x\n'
DOUBLE = ("--question", "double")  # takes half as long as both
RIGHT_DOUBLE = '@right("double")\ndef multiplies(x):\n    return 2 * x\n'

# Two questions, the second of which builds on the first without saying so.
UNFIT_SOLUTION = '''
def double(x):
    """Twice x."""
    ### BEGIN SOLUTION
    return x + x
    ### END SOLUTION


def area(a, b):
    """a times b."""
    ### BEGIN SOLUTION
    return double(a) * b / 2
    ### END SOLUTION
'''
UNFIT_CASES = {
    "double": '''
import pytest
from grader.checks import close

@pytest.mark.points(1)
def test_wide(student):
    """Twice a number is right, more or less."""
    close(student.double(3.0), 6.0, rtol=0.05)

@pytest.mark.points(2)
def test_breaks(student):
    """The inverse is right."""
    close(1 / student.double(2), 0.25)
''',
    "area": '''
import pytest
from grader.checks import close

@pytest.mark.points(1)
def test_square(student, rng):
    """The area of a square is right."""
    x = rng.uniform(1, 2)
    close(student.area(x, x), x * x, rtol=1e-12, atol=0)

@pytest.mark.points(1)
def test_same(student, rng):
    """The area of another square is right."""
    x = rng.uniform(1, 2)
    close(student.area(x, x), x * x, rtol=1e-12, atol=0)
''',
}
UNFIT_FILES = {
    "assignment.toml": SETTINGS.replace("quadruple", "area").replace('uses = ["double"]\n', ""),
    "tiny.ipynb": notebook([UNFIT_SOLUTION]),
    "misconceptions.py": WRONG_DOUBLE + '@wrong("area", "Both sides count.")\ndef blind(a, b):\n    return a * a\n',
    "alternatives.py": '@right("double")\ndef nearly(x):\n    return 2.5 * x\n',
    "equivalent.toml": '"double: gone -> away" = "was true once"\n"double: x + x -> x" = "not true"\n',
}


@pytest.fixture(scope="module")
def unfit(tmp_path_factory: pytest.TempPathFactory) -> Quality:
    """The judgement on an assignment that has everything wrong with it."""
    folder = tmp_path_factory.mktemp("unfit") / "tiny"
    (folder / "hidden").mkdir(parents=True)
    (folder / "student").mkdir()
    for name, text in UNFIT_FILES.items():
        (folder / name).write_text(text)
    for name, text in UNFIT_CASES.items():
        (folder / "hidden" / f"test_{name}.py").write_text(text)
    return validate(load(folder), jobs=1)


@pytest.mark.parametrize(
    "sentence",
    [
        "the alternative double: nearly is right and loses points: double: Twice a number is right, more or less.",
        "the misconception double: squares costs points elsewhere as well: area",
        "the misconception area: blind loses no points",
        'no case kills the mutant "area: double(a) * b -> double(a) * a"\n-     return double(a) * b / 2',
        'equivalent.toml lists "double: gone -> away", which is no mutant of the solution; delete the line',
        'equivalent.toml lists "double: x + x -> x", which is killed: double: Twice a number is right, more or less.',
        "mutant double: x + x -> x - x: a case raised an error: double: The inverse is right.",
        "a solution rounded to float32 loses points: area: The area of a square is right.",
        "double: wide passes a solution off by 0.1 % but not off by a half: its tolerance is too wide",
    ],
)
def test_what_is_unfit_is_told(unfit: Quality, sentence: str) -> None:
    """Each problem is a sentence of its own that names the answer or the case, and no other problem begins like it."""
    assert len([problem for problem in unfit.problems if problem.startswith(sentence)]) == 1, unfit.problems


def test_figures_of_what_is_unfit(unfit: Quality) -> None:
    """What isn't killed, lost, passed or exact is not counted as if it were."""
    double, area = unfit.questions
    assert not unfit.valid
    assert (double.misconceptions_lost, double.misconceptions) == (0, 1)
    assert (double.alternatives_passed, double.alternatives) == (0, 1)
    assert (double.tolerance, area.tolerance) == ("too wide", "too narrow")
    assert area.killed < area.mutants
    assert area.rate < 1
    assert {case.name: case.unique_kills for case in area.cases} == {"square": 0, "same": 3}  # the habits
    assert "area: nothing is killed by square alone, so it could be dropped" in unfit.remarks


def test_fit_cases_are_told_to_be_fit(fit_folder: Path) -> None:
    """Exit code 0, a line for each question, the same figures as JSON, and the same page every time."""
    (fit_folder / "misconceptions.py").write_text(WRONG_DOUBLE)
    (fit_folder / "alternatives.py").write_text(RIGHT_DOUBLE)
    pages = [fit_folder.parent / "new" / name for name in ("one.md", "two.md")]
    done = command(fit_folder, "--report", pages[0])
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.splitlines()[-1] == "hidden cases: no problems"
    assert "remark: quadruple has a single case, numbers: all points or none" in done.stdout
    assert "remark: double depends on numbers: no other case kills" in done.stdout
    done = command(fit_folder, "--report", pages[1], "--json")
    quality = json.loads(done.stdout)
    assert quality["problems"] == []
    assert [question["misconceptions_lost"] for question in quality["questions"]] == [1, 0]
    assert [question["alternatives_passed"] for question in quality["questions"]] == [1, 0]
    assert pages[0].read_text() == pages[1].read_text()
    assert "| double | 3 | 2 | 1 of 1 | 1 | 1 of 1 |" in pages[0].read_text()


def test_a_hole_is_found_and_an_equivalent_mutant_accepted(fit_folder: Path) -> None:
    """A mutant that no case kills is exit code 1, until it is listed with a reason; then nothing else is wrong."""
    (fit_folder / "tiny.ipynb").write_text(notebook([SOLUTION.replace("return x + x", "return +(x + x)")]))
    done = command(fit_folder, *DOUBLE)
    assert done.returncode == 1
    assert 'no case kills the mutant "double: +(x + x) -> x + x"' in done.stdout
    assert "hidden cases: 1 problem\n" in done.stdout
    (fit_folder / "equivalent.toml").write_text('"double: +(x + x) -> x + x" = "a plus changes nothing"\n')
    page = fit_folder / "page.md"
    assert command(fit_folder, *DOUBLE, "--report", page).returncode == 0
    assert "- `double: +(x + x) -> x + x`: a plus changes nothing" in page.read_text()


def test_a_page_that_cannot_be_written_is_found_first(
    fit_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """To judge an assignment takes minutes."""
    monkeypatch.setattr("grader.cli.commands.validate.validate", None)
    (tmp_path / "file").touch()
    for path, why in ((tmp_path, "Is a directory"), (tmp_path / "file" / "page.md", "Not a directory")):
        done = command(fit_folder, "--report", path)
        assert done.returncode == 3
        assert done.stderr.endswith(f"{path} can't be written: {why}\n")


def test_one_question_alone_can_be_judged(fit_folder: Path) -> None:
    """With its own answers and lines of equivalent.toml, and with nothing of the other question."""
    (fit_folder / "misconceptions.py").write_text(WRONG_DOUBLE)
    (fit_folder / "equivalent.toml").write_text('"quadruple: no such mutant" = "gone"\n')
    quality = validate(select_questions(load(fit_folder), ["double"]), jobs=1)
    assert ([question.name for question in quality.questions], quality.problems) == (["double"], ())
    assert quality.questions[0].misconceptions_lost == 1
    done = command(fit_folder, "--question", "quadruple")
    assert "no such mutant" in done.stdout and "double " not in done.stdout
    assert "did you mean 'double'" in command(fit_folder, "--question", "duoble").stderr


def test_a_case_that_is_gone_leaves_a_hole(fit_folder: Path) -> None:
    """Without the case of any number, zero is all that is tried, and mutants that keep it survive."""
    zero = CASES["double"].replace("student.double(x), reference.double(x)", "student.double(0), 0")
    (fit_folder / "hidden" / "test_double.py").write_text(zero)
    quality = validate(select_questions(load(fit_folder), ["double"]), jobs=1)
    assert (
        'no case kills the mutant "double: x + x -> x - x"\n-     return x + x\n+     return x - x' in quality.problems
    )
    assert quality.questions[0].killed < quality.questions[0].mutants


@pytest.mark.parametrize("text", ['"double: x" = ""', '"double: x" = 3', "nonsense"])
def test_a_list_of_equivalent_mutants_gives_reasons(fit_folder: Path, text: str) -> None:
    """A line without a reason, or one that can't be read, is an error that names the file: exit code 2."""
    (fit_folder / "equivalent.toml").write_text(text)
    with pytest.raises(AssignmentError, match=r"equivalent\.toml"):
        validate(load(fit_folder))


def test_a_magic_line_in_the_module_is_told(fit_folder: Path) -> None:
    """With the notebook and the line."""
    (fit_folder / "tiny.ipynb").write_text(notebook([f"%matplotlib inline\n{SOLUTION}"]))
    with pytest.raises(
        AssignmentError, match=r"tiny\.ipynb: the cells of the module aren't Python .*%matplotlib inline"
    ):
        validate(load(fit_folder))


def test_a_page_that_cannot_be_written_is_told(fit_folder: Path) -> None:
    """In a sentence, with exit code 3."""
    done = command(fit_folder, *DOUBLE, "--report", fit_folder / "tiny.ipynb" / "page.md")
    assert done.returncode == 3
    assert "can't be written" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_submission_is_graded_on_the_questions_that_it_names(tiny: Assignment) -> None:
    """On these alone, in the order of the assignment; what they build on is lent where it was graded and is wrong."""
    wrong = "def double(x): return x\ndef quadruple(x): return double(double(x))\n"
    all_asked: dict[str, tuple[str, ...]] = {"all": (), "one": ("quadruple",), "both": ("quadruple", "double")}
    class_ = [msgspec.structs.replace(submission(wrong, who), questions=asked) for who, asked in all_asked.items()]
    graded = {
        report.student: [(question.name, question.score, question.lent) for question in report.questions]
        for report in GradedClass(tiny, class_, workers=1)
    }
    assert graded["all"] == graded["both"] == [("double", 1, ()), ("quadruple", 2, ("double",))]
    assert graded["one"] == [("quadruple", 2, ("double",))]


def test_a_known_answer_is_graded_where_it_could_have_an_effect(fit_folder: Path) -> None:
    """On its question and on what builds on it, by declaration, by the solution or by a case; a mutant on its own."""
    (fit_folder / "misconceptions.py").write_text(WRONG_DOUBLE)
    path = fit_folder / "assignment.toml"

    def graded() -> dict[str, tuple[str, ...]]:
        return {
            control.kind: control.submission.questions
            for control in control_submissions(load(fit_folder))
            if control.question
        }

    assert graded() == {WRONG: ("double", "quadruple"), MUTANT: ("quadruple",), TRIVIAL: ("quadruple",)}
    path.write_text(path.read_text().replace('uses = ["double"]\n', ""))
    assert graded()[WRONG] == ("double", "quadruple")
    (fit_folder / "tiny.ipynb").write_text(notebook([SOLUTION.replace("double(double(x))", "4 * x")]))
    assert graded()[WRONG] == ("double",)
    case = fit_folder / "hidden" / "test_quadruple.py"
    case.write_text(case.read_text().replace("reference.quadruple(x)", "2 * student.double(x)"))
    assert graded()[WRONG] == ("double", "quadruple")


PERTURBED = """
import numpy as np
def f(A, B):
    return [A @ B, np.dot(A, B[:, 0]), A.sum(axis=1, keepdims=True), np.mean(A), A.std(), (1, "x", {"n": np.arange(3)})]
"""


def perturbed_results(how: str, chance: np.random.Generator) -> tuple[list[Any], list[Any]]:
    A, B = chance.normal(size=(5, 40)), chance.normal(size=(40, 3))
    found = []
    for text in (PERTURBED, perturb(PERTURBED, ["f"], how)):
        namespace: dict[str, Any] = {}
        exec(text, namespace)
        found.append(namespace["f"](A, B))
    return found[0], found[1]


def test_sums_in_another_order_differ_by_rounding_alone() -> None:
    """Each kind of sum is the same number up to rounding, and at some input not the same bits."""
    chance, moved = np.random.default_rng(0), set()
    for _ in range(20):
        for i, (plain, other) in enumerate(zip(*perturbed_results(REORDERED, chance), strict=True)):
            if i < 5:
                np.testing.assert_allclose(plain, other, rtol=1e-12, atol=1e-12)
                moved |= set() if np.array_equal(plain, other) else {i}
    assert moved == {0, 1, 2, 3, 4}


@pytest.mark.parametrize(("how", "relative"), [(ROUNDED, 6e-8), (SMALL_ERROR, 1.01e-3)])
def test_only_floating_point_numbers_are_moved(how: str, relative: float) -> None:
    """Through lists, tuples and dicts, by as much as is said; integers and text stay."""
    plain, other = perturbed_results(how, np.random.default_rng(0))
    assert repr(plain[5]) == repr(other[5])
    for one, two in zip(plain[:5], other[:5], strict=True):
        assert not np.array_equal(one, two)
        np.testing.assert_allclose(one, two, rtol=relative)


def command(*arguments: object) -> subprocess.CompletedProcess[str]:
    return grader_in(ROOT, "validate", *arguments, "--jobs", "1")


SHAPES = """
class Stack:
    \"\"\"A stack of numbers.\"\"\"

    def __init__(self):
        ### BEGIN SOLUTION
        self.items = []
        ### END SOLUTION

    def push(self, x):
        ### BEGIN SOLUTION
        self.items = [*self.items, x + 1]
        ### END SOLUTION

    @property
    def top(self):
        ### BEGIN SOLUTION
        return self.items[-1]
        ### END SOLUTION

### BEGIN SOLUTION
low, high = 2.5 + 1, 4.5
### END SOLUTION
"""
OF_SHAPES = {
    "Stack": """
import pytest

@pytest.mark.points(1)
def test_push(student):
    \"\"\"What was pushed last is at the top.\"\"\"
    code = "s = Stack()\\nfor x in 2, 3.5, 5.5:\\n    s.push(x)\\nobserve(s.top, s.items)"
    assert student.exact.observe("Stack", code, ["Stack"]) == [(6.5, [3, 4.5, 6.5])]
""",
    "low": """
import pytest
from grader.checks import close

@pytest.mark.points(1)
def test_low(student):
    \"\"\"The least number is right.\"\"\"
    close(student.get("low"), 3.5)
""",
}


def test_a_class_and_unpacked_values_are_validated(tmp_path: Path) -> None:
    """A class has the mutants of its methods, and a value those of its own part of the statement."""
    folder = tmp_path / "shapes"
    (folder / "hidden").mkdir(parents=True)
    (folder / "student").mkdir()
    questions = "".join(f'[[question]]\nname = "{name}"\npoints = 1\n' for name in OF_SHAPES)
    (folder / "assignment.toml").write_text(f'title = "Shapes"\nsecret = "not much of one"\n{questions}')
    (folder / "shapes.ipynb").write_text(notebook([SHAPES]))
    for name, cases in OF_SHAPES.items():
        (folder / "hidden" / f"test_{name}.py").write_text(cases)
    assignment = load(folder)
    made = {control.name for control in control_submissions(assignment) if control.kind in (MUTANT, TRIVIAL)}
    assert {
        "Stack: push: x + 1 -> x - 1",
        "Stack: top: self.items[-1] -> self.items[1]",
        "Stack: a class whose methods do nothing",
        "low: 2.5 + 1 -> 2.5 - 1",
        "low: zeros in the right shape",
    } <= made
    quality = validate(assignment, jobs=1)
    assert all(question.killed for question in quality.questions)
    assert list(quality.problems) == []
