"""A known mistake is named, two are, and nothing is invented."""

from __future__ import annotations

import inspect
import logging
import random
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import product
from pathlib import Path

import msgspec
import pytest

from grader.assignments.known_answers import KnownAnswer, misconceptions
from grader.assignments.loader import AssignmentError, load, select_questions
from grader.authoring.quality.solution import solution_as_module
from grader.diagnosis.known_answers import KnownAnswerRunner
from grader.diagnosis.matching import AnswerComparison, diagnose, make_diagnosis
from grader.diagnosis.probes import ProbeAnswer, differing_parts
from grader.grading import validation
from grader.grading.known_answers_alone import fill_answer_cache, prepare_known_answers
from grader.models import Assignment, Diagnosis, Limits, Question, ScoreReport
from grader.sandbox.client.meter import UsageMeter
from grader.sandbox.client.student_proxy import StudentProxy
from grader.sandbox.host.launcher import BubblewrapLauncher
from tests.corpus import known_mistakes as wrong_answers
from tests.factories import SETTINGS, submission
from tests.helpers.grading import GradedClass

HEAVY = {"build_model", "parameters_from_keras", "tf_gradients"}  # questions that need TensorFlow
KNOWN = """
import os

@wrong("double", "Plus isn't times.")
def adds_two(x):
    return x + 2

@wrong("double", "Twice is not the square.")
def squares(x):
    return x * x

@wrong("double", "Twice is not the square.")
def powers(x):
    return x ** 2

@wrong("double", "A half and a third are the same to me.")
def halves(x):
    return x / 2

@wrong("double", "A third and a half are the same to me.")
def also_halves(x):
    return 0.5 * x

@wrong("double", "Did you mean to end everything?")
def ends(x):
    os._exit(3)

@wrong("double", "No such index.")
def raises(x):
    return [1][7]

@slip("double", "The sign is wrong.")
def then_negative(result, x):
    return -result
"""
QUADRUPLE = "\ndef quadruple(x): return double(double(x))\n"


@pytest.fixture
def knowing(tiny_folder: Path) -> Assignment:
    """The tiny assignment, with a file of mistakes. What never ends is stopped after half a second."""
    (tiny_folder / "misconceptions.py").write_text(KNOWN)
    return msgspec.structs.replace(load(tiny_folder), limits=Limits(call_seconds=0.5))


EXPLAINED = {
    "return 2 + x": ("adds_two", ["Plus isn't times."]),
    "return x * x": ("squares", ["Twice is not the square."]),
    "return x / 2": ("halves or also_halves", ["Either: A half", "Or: A third"]),
    "return -(x + 2)": ("adds_two + then_negative", ["First: Plus isn't times.", "Second: The sign is wrong."]),
    "return -x - x": ("then_negative", ["The sign is wrong."]),
    "return (1, 2)[9] if 0 else [1][7]": ("raises", ["No such index."]),
}
GROWS = "\n kept.extend([None] * 400)\n return kept\nkept = []\n"
RELATED = {"return None": "returns_none", GROWS: "differs_between_calls"}
UNEXPLAINED = [
    "return 2 * x",
    "return 2.0001 * x",
    "return 3 * x",
    "return None",
    GROWS,
    "return {}[7]",
    "return x + 2 if type(x) is int else x * 2.5",
    "raise NotImplementedError",
    "import os; os._exit(1)",
    "\n while True: pass",
]


def graded(assignment: Assignment, bodies: Iterable[str]) -> Iterator[tuple[str, ScoreReport]]:
    """The report for each body of the first function."""
    codes = {f"s{i}": body for i, body in enumerate(bodies)}
    class_ = [submission(f"def double(x): {body}{QUADRUPLE}", student) for student, body in codes.items()]
    return ((codes[report.student], report) for report in GradedClass(assignment, class_, workers=1))


def test_a_known_mistake_is_told(knowing: Assignment) -> None:
    """Alone, after another, or as one of two that nobody can tell apart. A mistake that ends everything harms none."""
    for body, report in graded(knowing, EXPLAINED):
        question, other = report.questions
        name, hints = EXPLAINED[body]
        assert question.diagnosis
        assert question.diagnosis.name == name
        assert all(hint in question.diagnosis.hint for hint in hints)
        assert other.diagnosis is None


def test_nothing_is_invented(knowing: Assignment) -> None:
    """No known mistake for what is right, unknown, half of a known mistake, a stub, a crash or an endless loop."""
    found = {body: report.questions[0].diagnosis for body, report in graded(knowing, UNEXPLAINED)}
    assert {body: diagnosis.name for body, diagnosis in found.items() if diagnosis} == RELATED
    assert all(diagnosis.kind == "relation" for diagnosis in found.values() if diagnosis)


@pytest.mark.parametrize(
    ("text", "told"), [("def double(x):\n    pass", "name of a question"), ("def (", "can't be read")]
)
def test_an_unfit_file_of_mistakes_is_told(knowing: Assignment, text: str, told: str) -> None:
    """One sentence, before anything is graded with it."""
    (knowing.folder / "misconceptions.py").write_text(text)
    with pytest.raises(AssignmentError, match=told):
        validation.check(knowing)


def test_a_diagnosis_does_not_depend_on_what_was_graded_before(knowing: Assignment) -> None:
    """The same report, byte for byte but for its time, in any order and with any number of jobs."""
    bodies = ["x + 2", "x ** 2", "-(x + 2)", "x / 2", "3 * x", "-x * x", "2 * x"]
    class_ = [submission(f"def double(x): return {body}{QUADRUPLE}", f"s{i}") for i, body in enumerate(bodies)]
    first = {report.student: report for report in GradedClass(knowing, class_, workers=1)}
    for order, jobs in ((class_[::-1], 1), (class_[3:] + class_[:3], 2)):
        for report in GradedClass(knowing, order, workers=jobs):
            again, before = report.untimed(), first[report.student].untimed()
            assert msgspec.json.encode(again) == msgspec.json.encode(before)
    kinds = [question.diagnosis.kind for each in first.values() for question in each.questions if question.diagnosis]
    assert (kinds.count("misconception"), kinds.count("relation")) == (5, 0)  # two calls are too few for 3 x


def test_what_was_wanted_is_shown_only_where_the_settings_say_so(tiny_folder: Path) -> None:
    """With `reveal = true` the message adds the value; what was called is told in any case."""
    messages = {}
    for setting in ("reveal = false\n", "reveal = true\n"):
        (tiny_folder / "assignment.toml").write_text(setting + SETTINGS)
        ((_, report),) = graded(load(tiny_folder), ["return 2 * x + 1"])
        messages[setting] = report.questions[0].cases[1].message
        assert [case.called for case in report.questions[0].cases] == ["x (3,)", "x (an int)"]
    plain = "The result is wrong: got 1 (an int)."
    assert list(messages.values()) == [plain, f"{plain} Expected: 0."]


# ---- the assignment of this repository


def light(assignment: Assignment) -> Assignment:
    """Return the assignment without the questions that need TensorFlow, which take most of the time."""
    return select_questions(assignment, [name for name in assignment.question_names if name not in HEAVY])


@pytest.fixture(scope="module")
def asked(request: pytest.FixtureRequest, digits: Assignment) -> Assignment:
    """The questions that a test asks: all, or those for NumPy."""
    return digits if request.param == "all" else light(digits)


@pytest.fixture(scope="module")
def launcher(asked: Assignment) -> Iterator[BubblewrapLauncher]:
    with BubblewrapLauncher(asked.support, asked.modules) as launcher:
        yield launcher


@pytest.fixture(scope="module")
def bench(asked: Assignment, launcher: BubblewrapLauncher) -> Iterator[KnownAnswerRunner]:
    bench = prepare_known_answers(asked, launcher)
    yield bench
    bench.close()


@pytest.fixture(scope="module")
def fresh(digits: Assignment, launcher: BubblewrapLauncher) -> Iterator[Callable[[str], KnownAnswerRunner]]:
    """Return the function that gives the mistakes of a question on other inputs. Few questions are asked for them."""
    other = msgspec.structs.replace(digits, secret="another")
    made: dict[str, KnownAnswerRunner] = {}

    def of_question(name: str) -> KnownAnswerRunner:
        if name not in made:
            made[name] = prepare_known_answers(select_questions(other, [name]), launcher)
        return made[name]

    yield of_question
    for runner in made.values():
        runner.close()


def told(bench: KnownAnswerRunner, question: str, answer: Callable[[int], ProbeAnswer]) -> Diagnosis | None:
    """The diagnosis of somebody who gives these answers to the probes."""
    asked = bench.assignment.question(question)
    answers = [answer(i) for i in range(len(bench.probes(asked)))]
    return make_diagnosis(AnswerComparison(bench, asked, answers).explanations())


def same_on(
    bench: KnownAnswerRunner, question: str, one: Callable[[int], ProbeAnswer], other: Callable[[int], ProbeAnswer]
) -> bool:
    probes = bench.probes(bench.assignment.question(question))
    return not any(differing_parts(one(i), other(i)) for i in range(len(probes)))


@pytest.mark.parametrize("asked", ["numpy", pytest.param("all", marks=pytest.mark.long)], indirect=True)
def test_every_known_mistake_is_named_and_none_wrongly(
    bench: KnownAnswerRunner, fresh: Callable[[str], KnownAnswerRunner]
) -> None:
    """By its own name, or by that of one that gives the same answers to any inputs."""
    wrong = [each for answers in bench.wrong.values() for each in answers]
    other = []
    for each in wrong:
        question = bench.assignment.question(each.question)
        diagnosis = told(bench, each.question, partial(bench.answer, question, each.name))
        assert diagnosis, each.name
        if diagnosis.name != each.name:
            other.append(each.name)
            again = fresh(each.question)
            one, two = (partial(again.answer, question, name) for name in (each.name, diagnosis.name))
            assert same_on(again, each.question, one, two), (each.name, diagnosis.name)
    assert len(wrong) >= 80
    assert len(other) <= len(wrong) / 10


@pytest.mark.long
@pytest.mark.parametrize("asked", ["all"], indirect=True)
def test_a_second_mistake_on_top_is_told_too(
    bench: KnownAnswerRunner, fresh: Callable[[str], KnownAnswerRunner]
) -> None:
    """A sample of all pairs of a mistake and a slip: both are named, or nothing is, or what nobody can tell apart."""
    pairs = [pair for name in bench.slips for pair in product(bench.wrong[name], bench.slips[name])]
    pairs = [(each, slip) for each, slip in pairs if each.hint != slip.hint]
    named = 0
    sample = random.Random(5).sample(pairs, 120)
    for each, slip in sample:
        question = bench.assignment.question(each.question)
        diagnosis = told(bench, each.question, partial(bench.answer_after_slip, question, slip.name, each.name))
        if diagnosis and {each.hint, slip.hint} == hints(bench, diagnosis):
            named += 1
        elif diagnosis and hints(bench, diagnosis) == {slip.hint}:
            continue  # the mistake below shows only where right answers differ too: a cost of 0 for one without bound
        elif diagnosis:
            again = fresh(each.question)
            alike = [partial(answer, again, question, name) for name in diagnosis.name.split(" or ")]
            pair = partial(again.answer_after_slip, question, slip.name, each.name)
            assert all(same_on(again, each.question, pair, one) for one in alike), (each.name, slip.name, diagnosis)
    assert named >= 0.6 * len(sample)


def hints(bench: KnownAnswerRunner, diagnosis: Diagnosis) -> set[str]:
    known = [each for table in (bench.wrong, bench.slips) for answers in table.values() for each in answers]
    return {each.hint for each in known if each.name in diagnosis.name.split(" + ")}


def answer(bench: KnownAnswerRunner, question: Question, name: str, i: int) -> ProbeAnswer:
    """What the mistakes of a name like `no_bias + then_flat` answer."""
    first, _, slip = name.partition(" + ")
    if first in {each.name for answers in bench.slips.values() for each in answers}:
        first, slip = question.name, first
    return bench.answer_after_slip(question, slip, first, i) if slip else bench.answer(question, first, i)


@pytest.mark.long
@pytest.mark.parametrize("asked", ["all"], indirect=True)
def test_other_code_is_recognised(digits: Assignment, bench: KnownAnswerRunner, launcher: BubblewrapLauncher) -> None:
    """The mistake counts, not how it is written; a second one is seen, and one that nobody knows stays unnamed."""
    solution = solution_as_module(digits).decode()
    known = {each.name: each.hint for answers in bench.wrong.values() for each in answers}
    missed = []
    for question, names, function in wrong_answers.ANSWERS:
        text = inspect.getsource(function)
        code = KnownAnswer(question, function.__name__, "", (text[text.index("def ") :],)).substitute_into(solution)
        student = StudentProxy(submission(code), [each.name for each in digits.questions], launcher, digits.limits)
        diagnosis = diagnose(bench, digits.question(question), student)
        student.close()
        if (hints(bench, diagnosis) if diagnosis else set()) != {known[name] for name in names}:
            missed.append((function.__name__, diagnosis))
    assert missed == []


@pytest.mark.parametrize("asked", ["numpy"], indirect=True)
def test_who_calls_a_function_for_each_example_is_not_asked_large_batches(
    asked: Assignment, bench: KnownAnswerRunner, launcher: BubblewrapLauncher
) -> None:
    """A few examples show it. The hidden cases have batches of 1,100, each call of which comes to us."""
    (loop,) = [each for each in bench.wrong["my_dense_v"] if each.name == "v_loop_over_examples"]
    meter = UsageMeter()
    code = loop.substitute_into(solution_as_module(asked).decode())
    student = StudentProxy(submission(code), asked.question_names, launcher, asked.limits, meter=meter)
    diagnosis = diagnose(bench, asked.question("my_dense_v"), student)
    student.close()
    assert diagnosis
    assert diagnosis.name == loop.name
    assert 0 < meter.callbacks < 1000


@pytest.mark.long
@pytest.mark.parametrize("heavy", [False, True], ids=["numpy", "tensorflow"])
def test_two_mistakes_in_different_functions_are_both_named(digits: Assignment, heavy: bool) -> None:
    """Twenty pairs, and nothing else is lost. The three with questions that need TensorFlow take most of the time."""
    solution = solution_as_module(digits).decode()
    known = misconceptions(digits)
    hint = {(each.question, each.name): each.hint for each in known}
    few = random.Random(40)
    wrong: dict[str, tuple[KnownAnswer, KnownAnswer]] = {}
    for with_heavy, number in ((False, 17), (True, 3)):
        pairs: set[tuple[KnownAnswer, KnownAnswer]] = set()
        while len(pairs) < number:
            one, other = few.sample(known, 2)
            if one.question != other.question and bool({one.question, other.question} & HEAVY) is with_heavy:
                pairs.add((one, other))
        if with_heavy is heavy:
            wrong = {f"pair-{i}": pair for i, pair in enumerate(sorted(pairs, key=str))}
    class_ = [
        submission(b.substitute_into(a.substitute_into(solution)), each, "d.py") for each, (a, b) in wrong.items()
    ]
    for report in GradedClass(digits if heavy else light(digits), class_, workers=1):
        lost = {each.name: each.diagnosis for each in report.questions if each.score < each.max_score}
        assert set(lost) == {each.question for each in wrong[report.student]}
        for each in wrong[report.student]:
            told = lost[each.question]
            assert told and hint[each.question, each.name] in told.hint, (each.name, told)


def test_a_filled_cache_leaves_nothing_to_ask(
    tiny_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """A later process, on another machine of the same image, compares with known answers without running one."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    (tiny_folder / "misconceptions.py").write_text(KNOWN.partition('@wrong("double", "Did you mean')[0])
    tiny = load(tiny_folder)
    (scratch := tmp_path / "scratch").mkdir()
    with BubblewrapLauncher(tiny.support, tiny.modules) as launcher:
        fill_answer_cache(tiny, launcher, scratch)
        later = prepare_known_answers(tiny, launcher)
        question = tiny.question("double")
        names = ["double", *(each.name for each in later.wrong["double"])]
        assert len(names) == 6
        for name, i in product(names, range(len(later.all_probes(question)))):
            later.answer(question, name, i)
        with caplog.at_level(logging.INFO, "grader.diagnosis"):
            later.close()
    (record,) = caplog.records
    fields = vars(record)["fields"]
    assert fields["from_cache"] >= 6
    assert fields["asked"] == 0
