"""From a submission to its report: follow-through, statuses, notes, and whose fault it is."""

from __future__ import annotations

import builtins
import gc
import shutil
import sys
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from types import ModuleType

import msgspec
import pytest

from grader import Grader
from grader.assignments.loader import AssignmentError, load, select_questions
from grader.checks import raising
from grader.execution.pool import BatchError
from grader.grading import cases as case
from grader.grading.session import GradingSession
from grader.models import Assignment, ScoreReport, Status, Submission
from grader.reports import PER_STUDENT
from grader.sandbox.client.errors import StudentError
from grader.sandbox.host.launcher import BubblewrapLauncher
from tests.factories import RIGHT, SETTINGS, notebook, put, submission
from tests.helpers.grading import GradedClass

Grade = Callable[[Assignment, str], ScoreReport]


def statuses(report: ScoreReport) -> dict[str, str]:
    return {question.name: str(question.status) for question in report.questions}


def message(report: ScoreReport, question: str) -> str:
    return next(case.message for q in report.questions if q.name == question for case in q.cases if case.message)


def test_a_right_submission_earns_everything(tiny: Assignment, grade: Grade) -> None:
    """All cases pass, nothing was lent, nothing is noted."""
    report = grade(tiny, RIGHT)
    assert (report.status, report.score, report.max_score, report.notes) == ("graded", 5, 5, ())
    assert not any(question.lent for question in report.questions)


def test_a_wrong_answer_costs_its_own_question_alone(tiny: Assignment, grade: Grade) -> None:
    """What builds on a wrong function is graded with a right one, and the report says so."""
    report = grade(tiny, RIGHT.replace("2 * x", "3 * x"))
    assert statuses(report) == {"double": "failed", "quadruple": "passed"}
    assert report.score == 3  # two of quadruple, and zero stays zero
    assert report.questions[1].lent == ("double",)


def test_a_case_counts_only_together_with_those_that_it_needs(tiny_folder: Path, grade: Grade) -> None:
    """Zero stays zero under many wrong functions; the point for it comes with right numbers alone, and says so."""
    path = tiny_folder / "hidden" / "test_double.py"
    needing = path.read_text().replace("points(1)", 'points(1, needs="test_numbers")')
    third = '''
@pytest.mark.points(1, needs=("test_zero",))
def test_stays_finite(student):
    """Nothing is infinite."""
    close(0 * student.double(3), 0)
'''
    path.write_text(needing.replace("points(2)", "points(1)") + third)
    assignment = load(tiny_folder)
    assert grade(assignment, RIGHT).score == 5
    (double, _) = grade(assignment, RIGHT.replace("2 * x", "3 * x")).questions
    assert (double.score, str(double.status)) == (0, "failed")
    assert [str(each.status) for each in double.cases] == ["failed", "skipped", "skipped"]
    assert double.cases[1].message == 'This passes, but it earns points only together with "Twice a number is right".'
    assert double.cases[2].message == 'This passes, but it earns points only together with "Zero stays zero".'


def test_a_case_that_fails_by_itself_says_so_whatever_it_needs(tiny_folder: Path, grade: Grade) -> None:
    """What is wrong in it is told, and not that another one is wrong too."""
    path = tiny_folder / "hidden" / "test_double.py"
    path.write_text(path.read_text().replace("points(1)", 'points(1, needs="test_numbers")'))
    (double, _) = grade(load(tiny_folder), RIGHT.replace("2 * x", "x + 1")).questions
    assert [str(each.status) for each in double.cases] == ["failed", "failed"]
    assert "counts only" not in double.cases[1].message


def test_a_missing_function_is_lent_too(tiny: Assignment, grade: Grade) -> None:
    """A submission without `double` can still earn `quadruple`."""
    report = grade(tiny, "def quadruple(x): return double(double(x))")
    assert statuses(report) == {"double": "missing", "quadruple": "passed"}


def test_a_lent_function_takes_functions_and_keywords(tiny_folder: Path, grade: Grade) -> None:
    """Functions of the student's cross to a lent function and back, as arguments by name too."""
    settings = SETTINGS.replace('"double"', '"twice"').replace('"quadruple"', '"use"')
    (tiny_folder / "assignment.toml").write_text(settings)
    code = "def twice(f, x): return f(f(x))\ndef use(x): return twice(lambda v: v + 1, x=x)\n"
    (tiny_folder / "tiny.ipynb").write_text(notebook([code]))
    cases = (tiny_folder / "hidden" / "test_double.py").read_text()
    cases = cases.replace("student.double(x)", "student.twice(abs, x)").replace("reference.double(x)", "abs(x)")
    (tiny_folder / "hidden" / "test_twice.py").write_text(cases.replace("student.double(0)", "student.twice(abs, 0)"))
    cases = (tiny_folder / "hidden" / "test_quadruple.py").read_text()
    (tiny_folder / "hidden" / "test_use.py").write_text(cases.replace("quadruple", "use"))
    for name in ("double", "quadruple"):
        (tiny_folder / "hidden" / f"test_{name}.py").unlink()
    report = grade(load(tiny_folder), code.replace("f(f(x))", "f(x) + 7"))
    assert statuses(report) == {"twice": "failed", "use": "passed"}


def test_each_way_to_fail_has_its_status_and_says_where(tiny: Assignment, grade: Grade) -> None:
    """An exception names its type and line; a stub, a non-value and an exit are told as what they are."""
    report = grade(tiny, "def double(x):\n    return [1, 2][7]\ndef quadruple(x):\n    raise NotImplementedError\n")
    assert statuses(report) == {"double": "error", "quadruple": "missing"}
    assert "IndexError" in message(report, "double")
    assert "(tiny.py, line 2: “return [1, 2][7]”)" in message(report, "double")
    assert "still to be written" in message(report, "quadruple")
    report = grade(tiny, "import os\ndef double(x): return object()\ndef quadruple(x): os._exit(0)\n")
    assert statuses(report) == {"double": "bad_value", "quadruple": "crashed"}


def test_only_a_stub_of_their_own_is_still_to_be_written(tiny: Assignment, grade: Grade) -> None:
    """NotImplementedError from a library is an error like others; from a helper of the student's it is a stub."""
    code = "import logging\ndef double(x): return logging.Handler().emit(x)\n"
    report = grade(tiny, code + "def helper(x): raise NotImplementedError\ndef quadruple(x): return helper(x)\n")
    assert statuses(report) == {"double": "error", "quadruple": "missing"}


FROM_CONFTEST = """
from conftest import WANTED

import pytest


@pytest.mark.points(2)
def test_numbers(student):
    \"\"\"What the conftest beside it says.\"\"\"
    assert student.double(3) == WANTED


@pytest.mark.points(1)
def test_zero(student):
    \"\"\"Zero stays zero.\"\"\"
    assert student.double(0) == 0
"""


def test_two_assignments_are_graded_in_one_process(
    tiny_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Their hidden files have the same names, and each uses its own; nothing of them is left in the process."""
    other = Path(shutil.copytree(tiny_folder, tmp_path / "other" / "tiny"))
    wanted = {tiny_folder: 6, other: 7}
    for folder, number in wanted.items():
        (folder / "hidden" / "conftest.py").write_text(f"WANTED = {number}\n")
        (folder / "hidden" / "test_double.py").write_text(FROM_CONFTEST)
    ours = ModuleType("conftest")  # of whoever calls
    monkeypatch.setitem(sys.modules, "conftest", ours)
    for folder in (*wanted, *wanted):
        reports: list[ScoreReport] = []
        code = RIGHT.replace("2 * x", f"x * {wanted[folder]} // 3")
        with BubblewrapLauncher(folder, ["numpy"]) as launcher:
            GradingSession(load(folder), launcher, [submission(code)], reports.append).run()
        assert statuses(reports[0])["double"] == "passed"
    assert sys.modules["conftest"] is ours and "test_double" not in sys.modules
    assert str(other / "hidden") not in sys.path


def test_what_hangs_is_stopped_and_not_called_again(tiny: Assignment, grade: Grade) -> None:
    """The first case says after how long it was stopped, the second that it was not called again."""
    report = grade(tiny, RIGHT.replace("return 2 * x", "\n    while True: pass"))
    first, second = report.questions[0].cases
    assert (first.status, second.status) == ("timeout", "timeout")
    assert "1 s" in first.message
    assert "not called again" in second.message
    assert report.questions[1].status == "passed"


def test_too_much_memory_is_said_to_be_memory(tiny: Assignment, grade: Grade) -> None:
    """A MemoryError is neither an error in the code nor a time limit, and names the limit."""
    report = grade(tiny, RIGHT.replace("return 2 * x", "return bytearray(1 << 40)"))
    assert report.questions[0].status == "out_of_memory"
    assert "1024 MB" in message(report, "double")


@pytest.mark.parametrize(("content", "reason"), [("{", "isn't JSON"), ('{"a": 1}', "not a notebook")])
def test_an_unreadable_file_is_rejected_with_a_reason(
    tiny: Assignment, graders: Callable[[Assignment], Grader], content: str, reason: str
) -> None:
    """The report has the reason as its last note and the score 0, and nobody needs to look at it."""
    report = graders(tiny).grade(submission(content, file="tiny.ipynb"))
    assert (report.status, report.score, report.needs_review) == ("rejected", 0, False)
    assert reason in report.notes[-1]


def test_what_intake_rejected_stays_rejected(tiny: Assignment, graders: Callable[[Assignment], Grader]) -> None:
    """A submission without content passes through to its report."""
    report = graders(tiny).grade(Submission("ada", "ada.docx", b"", "00", rejection="a .docx can't be graded"))
    assert (report.status, report.notes) == ("rejected", ("a .docx can't be graded",))


def test_a_fault_of_ours_is_no_verdict(tiny_folder: Path) -> None:
    """A case that fails by itself is INTERNAL and for review; its traceback is in the log and not in the report."""
    path = tiny_folder / "hidden" / "test_double.py"
    path.write_text(path.read_text().replace("close(student.double(0), 0)", "{}['the secret']"))
    batch = GradedClass(load(tiny_folder), [submission(RIGHT)], workers=1)
    (report,) = batch
    assert report.needs_review
    assert statuses(report)["double"] == "internal"
    assert "the secret" in "".join(batch.log)
    assert all(b"the secret" not in render(report) for render in PER_STUDENT.values())


def test_a_conftest_above_the_assignment_is_not_run(tiny_folder: Path) -> None:
    """Such a folder may be one to which everybody writes, like /tmp."""
    for folder in (tiny_folder, tiny_folder.parent):
        (folder / "conftest.py").write_text("import os\nos._exit(3)\n")
    with Grader(load(tiny_folder), workers=1) as grader:
        assert grader.grade(submission(RIGHT)).score == 5


def test_options_for_other_tests_do_not_matter(tiny: Assignment, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever grades may have set them for tests of their own."""
    monkeypatch.setenv("PYTEST_ADDOPTS", "-k nothing --no-such-option")
    monkeypatch.setenv("PYTEST_PLUGINS", "no_such_plugin")
    with Grader(tiny, workers=1) as grader:
        assert grader.grade(submission(RIGHT)).score == 5


@pytest.mark.usefixtures("no_server_kept")
def test_assertions_count_also_where_python_leaves_them_out(tiny_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As it does with an environment variable that somebody may have set for other programs."""
    put(tiny_folder, "hidden/test_double.py", "close(student.double(0), 0)", "assert student.double(0) == 0")
    for name, value in (("PYTHONOPTIMIZE", "1"), ("PYTHONWARNINGS", "error")):
        monkeypatch.setenv(name, value)
    with Grader(load(tiny_folder), workers=1) as grader:
        assert grader.grade(submission(RIGHT)).score == 5
        assert grader.grade(submission(RIGHT.replace("2 * x", "2 * x + (type(x) is int)"))).score < 5


def test_a_failing_fixture_is_no_verdict(tiny_folder: Path) -> None:
    """Also an assertion: only what fails in the case itself is the student's."""
    (tiny_folder / "hidden" / "conftest.py").write_text(
        "import pytest\n@pytest.fixture(autouse=True)\ndef broken():\n    assert False, 'ours'\n"
    )
    (report,) = GradedClass(load(tiny_folder), [submission(RIGHT)], workers=1)
    assert report.needs_review
    assert report.score == 0


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("points(2)", "points(7)", "add up to 8"),  # the others are told by the same code, as unit tests see
        pytest.param('"""Zero stays zero."""', "", "docstring", marks=pytest.mark.long),
        pytest.param("@pytest.mark.points(1)", "", "points", marks=pytest.mark.long),
        pytest.param("import pytest", "import pytest, no_such_module", "no_such_module", marks=pytest.mark.long),
        pytest.param("def test_zero(student)", "def test_zero(student", "test_double.py", marks=pytest.mark.long),
    ],
)
def test_unfit_cases_are_told_before_anything_is_graded(tiny_folder: Path, old: str, new: str, told: str) -> None:
    """Points that don't add up, a case without a title or that can't be imported end the batch with a sentence."""
    path = tiny_folder / "hidden" / "test_double.py"
    path.write_text(path.read_text().replace(old, new))
    with pytest.raises((AssignmentError, BatchError), match=told):
        list(GradedClass(load(tiny_folder), [submission(RIGHT)], workers=1))


def test_the_same_submission_gets_the_same_report(tiny: Assignment) -> None:
    """Byte for byte but for the time it took, whatever was graded before and by how many jobs."""
    codes = [RIGHT, RIGHT.replace("2 * x", "x + 1.5"), "import random\n" + RIGHT.replace("2 * x", "x*random.random()")]
    submissions = [submission(code, f"s{number}") for number, code in enumerate(codes)]
    first = {report.student: report for report in GradedClass(tiny, submissions, workers=1)}
    second = {report.student: report for report in GradedClass(tiny, submissions[::-1], workers=2)}
    for student, report in first.items():
        assert msgspec.json.encode(second[student].untimed()) == msgspec.json.encode(report.untimed())


def test_two_submissions_get_different_inputs(tiny: Assignment) -> None:
    """The inputs of a case depend on the content of the submission: those that leak help nobody else."""
    told = [RIGHT.replace("2 * x", f"str(x)  # {number}") for number in range(2)]
    code = "seen = []\ndef double(x):\n    raise ValueError(x)\n"
    class_ = [submission(text, f"s{n}") for n, text in enumerate([*told, *(code + "#" * n for n in range(3))])]
    reports = {report.student: report for report in GradedClass(tiny, class_, workers=1)}
    assert reports["s0"].digest != reports["s1"].digest
    assert len({message(reports[student], "double") for student in ("s2", "s3", "s4")}) == 3


SHARED = '''
import pytest
from grader.checks import close

@pytest.fixture(scope="module")
def doubled(student, question_rng):
    x = question_rng.normal(size=3)
    return x, student.double(x)

@pytest.mark.points(2)
def test_first(doubled):
    """The first look."""
    close(doubled[1], 2 * doubled[0])

@pytest.mark.points(1)
def test_second(doubled):
    """The second look."""
    close(doubled[1], 2 * doubled[0])
'''


@pytest.mark.parametrize("asked", [("double",), ("double", "quadruple")])
def test_what_cases_share_ends_with_the_submission(tiny_folder: Path, asked: tuple[str, ...]) -> None:
    """A module-scoped fixture is made once for each question of each submission, never taken over from another."""
    (tiny_folder / "hidden" / "test_double.py").write_text(SHARED)
    assignment = select_questions(load(tiny_folder), asked)
    codes = [f"def double(x):\n    print('called')\n    return {factor} * x\n" for factor in (2, 3, 2)]
    batch = GradedClass(assignment, [submission(code, f"s{k}") for k, code in enumerate(codes)], workers=1)
    reports = {report.student: report.questions[0] for report in batch}
    assert {student: str(question.status) for student, question in reports.items()} == {
        "s0": "passed",
        "s1": "failed",
        "s2": "passed",
    }
    assert [reports["s1"].cases[k].status for k in (0, 1)] == ["failed", "failed"]
    assert batch.printed["s0"] == "called\n"


RAISES = '''
import pytest
from grader.checks import raising

@pytest.mark.points(2)
def test_raises(student):
    """Text can't be doubled."""
    with pytest.raises(ValueError):
        raising(student.double)("a")

@pytest.mark.points(1)
def test_does_not(student):
    """A number can."""
    raising(student.double)(1)
'''


BUILTINS = [kind for kind in vars(builtins).values() if isinstance(kind, type) and issubclass(kind, Exception)]


@pytest.mark.parametrize("kind", BUILTINS)
def test_every_exception_of_pythons_own_is_the_students(kind: type[Exception]) -> None:
    """Whatever a student raises, or says was raised, is a StudentError, and of its own kind where that can be made."""

    def fails() -> None:
        raise StudentError(Status.ERROR, "`f` raised it", f"{kind.__name__}: no")

    with pytest.raises(StudentError, match="`f` raised it") as caught:
        raising(fails)()
    assert isinstance(caught.value, kind) == (kind not in (ExceptionGroup, StopIteration, StopAsyncIteration))
    assert case.judge(caught.value) == (Status.ERROR, "`f` raised it")


def test_an_exception_does_not_end_an_iteration_of_the_case() -> None:
    """`map` would take a StopIteration of the student for its end, so that nothing was checked."""

    def fails(number: int) -> bool:
        raise StudentError(Status.ERROR, "`f` raised StopIteration", "StopIteration: ")

    with pytest.raises(StudentError):
        all(map(raising(fails), [1, 2]))


def test_a_case_may_want_an_exception(tiny_folder: Path) -> None:
    """It is caught by its name; one that nobody catches is the student's, and so is one of another name."""
    (tiny_folder / "hidden" / "test_double.py").write_text(RAISES)
    assignment = load(tiny_folder)
    codes = {
        "right": "def double(x): return 2.0 * float(x)",
        "other": "def double(x): return [][x]",
        "own": "class Odd(Exception): pass\ndef double(x): raise Odd",
        "always": "def double(x): raise ValueError",
        "never": "def double(x): return x",
    }
    batch = GradedClass(assignment, [submission(code, who) for who, code in codes.items()], workers=1)
    found = {report.student: [str(case.status) for case in report.questions[0].cases] for report in batch}
    assert found == {
        "right": ["passed", "passed"],
        "other": ["error", "error"],
        "own": ["error", "error"],
        "always": ["passed", "error"],
        "never": ["failed", "passed"],
    }


FRAGILE = '''
import pytest
from grader.checks import close

@pytest.fixture(scope="module")
def two(student):
    return student.double(1).ravel()  # breaks on what has no such method

@pytest.mark.points(1)
def test_shared(two, exhibit):
    """One doubled is two."""
    close(two, [2])

@pytest.mark.points(1)
def test_alone(student, reference, rng, exhibit):
    """A random number is doubled."""
    x = rng.normal(size=3)
    exhibit.flow("Twice", ["result"], [student.double(x)], [reference.double(x)])
    close(student.double(x).ravel(), reference.double(x))

@pytest.mark.points(1)
def test_ours(student):
    """This breaks on every answer."""
    student.double(1)
    [][0]
'''


def test_a_case_that_breaks_on_an_answer_and_not_on_the_solutions_is_lost(tiny_folder: Path) -> None:
    """The answer counts as wrong, and the log tells it; a case that breaks on the solution too is for review."""
    (tiny_folder / "hidden" / "test_double.py").write_text(FRAGILE)
    notebook_path = tiny_folder / "tiny.ipynb"
    notebook_path.write_text(
        notebook_path.read_text().replace("return x + x", "import numpy; return numpy.array(x) * 2")
    )
    codes = {
        "list": "def double(x): return [2 * x]",
        "right": "import numpy\ndef double(x): return numpy.array(2 * x)",
        "half": "import numpy\ndef double(x): return numpy.array(2) if numpy.ndim(x) == 0 else None",
    }
    batch = GradedClass(load(tiny_folder), [submission(code, who) for who, code in codes.items()], workers=1)
    found = {report.student: report.questions[0].cases for report in batch}
    assert {who: [str(each.status) for each in cases] for who, cases in found.items()} == {
        "list": ["failed", "failed", "internal"],
        "right": ["passed", "passed", "internal"],
        "half": ["passed", "failed", "internal"],
    }
    assert found["list"][1].message == (
        "This requirement couldn't be checked with your answer: the check raised AttributeError, "
        "which it doesn't for the solution's answer."
    )
    assert found["list"][1].exhibits == ()
    assert "list: test_double.py::test_alone\n" in "\n".join(batch.log)


CONFTEST = """
import pytest

@pytest.fixture(scope="session")
def size():
    return 1000

@pytest.fixture
def numbers(rng, size):
    return rng.normal(size=size)

@pytest.fixture(scope="module")
def doubled(student, question_rng):
    return student.double(question_rng.normal(size=1000))
"""
SHARING = '''

@pytest.mark.points(1)
def test_shared(student, reference, numbers, doubled):
    """Many numbers."""
    close(student.double(numbers), reference.double(numbers))
'''


def test_a_job_holds_nothing_of_what_it_has_graded(tiny_folder: Path) -> None:
    """However many submissions there were, a job has as many objects as after the first few: fixtures that an author
    builds on ours leave nothing behind, and neither do right, wrong and broken answers. What is held grows with every
    dozen; what another thread of the tests makes meanwhile doesn't."""
    (tiny_folder / "hidden" / "conftest.py").write_text(CONFTEST)
    cases = tiny_folder / "hidden" / "test_double.py"
    cases.write_text(cases.read_text() + SHARING)
    (tiny_folder / "assignment.toml").write_text(SETTINGS.replace("points = 3", "points = 4"))
    codes = [RIGHT, RIGHT.replace("2 * x", "3 * x"), "def double(x): raise ValueError"]
    objects: list[int] = []

    def handed_in() -> Iterator[Submission]:
        for n in range(60):
            if n % 12 == 0:
                gc.collect()
                objects.append(len(gc.get_objects()))
            yield submission(f"{codes[n % 3]}\n# {n}\n", f"student {n}")

    assignment = load(tiny_folder)
    reports: list[ScoreReport] = []
    with BubblewrapLauncher(assignment.support, ["numpy"]) as launcher:
        GradingSession(
            assignment, launcher, handed_in(), lambda report: reports.append(report) if not reports else None
        ).run()
    assert reports[0].score == 6
    assert min(later - earlier for earlier, later in pairwise(objects[1:])) < 10
