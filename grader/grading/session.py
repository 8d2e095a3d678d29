"""Grades submissions inside pytest: collects the hidden cases once and runs them for each submission.

A case has a mark `points(n)` and a docstring, whose first line the student reads. What a case can ask for is in
fixtures.py.
"""

from __future__ import annotations

import contextlib
import gc
import hashlib
import logging
import os
import sys
import time
import traceback
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import pytest

from grader._util import budget, logs
from grader._util.wording import STARVED
from grader.assertions import Observation
from grader.assignments.loader import AssignmentError
from grader.assignments.visible_imports import imports_to_bind
from grader.diagnosis.known_answers import KnownAnswerRunner
from grader.diagnosis.matching import diagnose
from grader.diagnosis.probes import Probe, Recorder
from grader.grading import blame, call_summary, fixtures, pytest_internals, scoring
from grader.grading import cases as case
from grader.grading.case_timing import StepWatch, time_use
from grader.grading.exhibits import Exhibits
from grader.grading.limits import DIAGNOSIS_SECONDS, MAX_TRACEBACK
from grader.models import (
    Assignment,
    CaseResult,
    Exhibit,
    Question,
    QuestionResult,
    ScoreReport,
    Status,
    Submission,
)
from grader.sandbox.client.errors import SandboxLost, SandboxStarved, StudentError, SubmissionUnreadable
from grader.sandbox.client.meter import UsageMeter
from grader.sandbox.client.student_proxy import StudentProxy, WorkerLauncher
from grader.sandbox.guest.program import Program
from grader.statuses import STATUSES

LOG = logging.getLogger("grader.grading")

# No terminal output, no assertion rewriting (its texts would hold expected values), no files written.
DISABLED_PLUGINS = (
    *("cacheprovider", "terminal", "logging", "faulthandler", "unraisableexception", "threadexception"),
    *("doctest", "pastebin", "setuponly", "setupplan", "stepwise"),
)
PYTEST_OPTIONS = ["--assert=plain", "--capture=no", "-c", os.devnull, *(f"-pno:{name}" for name in DISABLED_PLUGINS)]

COLLECT_GARBAGE_EVERY = 10  # submissions: Python itself would wait for hundreds, and keep their values


class ReferenceSolution:
    """The solution's functions, each loaded from the notebook at its first use."""

    def __init__(self, assignment: Assignment) -> None:
        if str(assignment.support) not in sys.path:
            sys.path.append(str(assignment.support))  # submissions find the support files there too
        self._program = Program(assignment.notebook.read_bytes(), assignment.notebook.name, assignment.question_names)

    def __getattr__(self, name: str) -> Callable[..., Any]:
        with budget.pause():  # running the solution's statements isn't the student's time
            function: Callable[..., Any] = self._program.get(name)
        setattr(self, name, function)  # next time it is found without __getattr__
        return function

    def observe_exactly(self, name: str, code: str, uses: Iterable[str]) -> list[Observation]:
        """Return what `code` passes to `observe` with the solution's objects. `name` is the question."""
        observed: list[Observation] = []

        def observe(left: Any, right: Any, check: Any, depends: bool, *args: Any, **options: Any) -> None:
            observed.append(Observation(left, right, check, depends, args, options))

        with budget.pause():
            self._program.observe(code, uses, observe)
        return observed


@dataclass(frozen=True)
class CurrentSubmission:
    """The submission whose cases run now, and its allowances of processor time."""

    submission: Submission
    student: StudentProxy | Recorder
    secret: str
    allowance: budget.limit  # processor time for its cases
    diagnosis: budget.limit
    meter: UsageMeter

    @classmethod
    def create(
        cls,
        assignment: Assignment,
        submission: Submission,
        student: StudentProxy | Recorder,
        meter: UsageMeter,
    ) -> CurrentSubmission:
        """Return a submission with full allowances."""
        own, diagnosis = budget.limit(assignment.limits.total_seconds), budget.limit(DIAGNOSIS_SECONDS)
        return cls(submission, student, assignment.secret, own, diagnosis, meter)

    def seed(self, purpose: str) -> int:
        """Return a number that depends only on the assignment's secret, the submission's content and the purpose."""
        text = f"{self.secret}\0{self.submission.digest}\0{purpose}"
        return int.from_bytes(hashlib.sha256(text.encode()).digest()[:16])


@contextlib.contextmanager
def beside_files(support: Path, scratch: Path) -> Iterator[None]:
    """Work in a folder with links to the support files, where the solution finds its data as submissions do.

    What the solution writes stays in that folder, and no file of the assignment changes.
    """
    for path in support.glob("*") if support.is_dir() else ():
        (scratch / path.name).symlink_to(path.absolute())
    with contextlib.chdir(scratch):
        yield


@contextlib.contextmanager
def isolated_modules(folder: Path) -> Iterator[None]:
    """Keep modules of a folder apart from modules of the same names that another assignment has imported."""
    names = [path.stem for path in folder.glob("*.py")]
    before, path = {name: sys.modules.pop(name) for name in names if name in sys.modules}, list(sys.path)
    try:
        yield
    finally:
        for name in names:
            sys.modules.pop(name, None)
        sys.modules.update(before)
        sys.path[:] = path


class GradingSession:
    """A pytest plugin that runs every case for each submission and passes a report to `sink`.

    :param run_all_cells: run every cell of a notebook, not only those that graded names need
    :param log: takes text about failures on our side, for instructors
    :param on_output: takes the student's name and the beginning of what the submission printed
    :param scratch: an empty folder in which the solution and the cases run; None for the current folder
    """

    def __init__(
        self,
        assignment: Assignment,
        launcher: WorkerLauncher,
        submissions: Iterable[Submission],
        sink: Callable[[ScoreReport], None],
        *,
        run_all_cells: bool = False,
        log: Callable[[str], None] = print,
        on_output: Callable[[tuple[str, str]], None] = lambda _: None,
        scratch: Path | None = None,
    ) -> None:
        self.assignment = assignment
        self.launcher = launcher
        self.submissions = submissions
        self.sink = sink
        self.run_all_cells = run_all_cells
        self.on_output = on_output
        self.scratch = scratch
        self.log = log
        self.reference = ReferenceSolution(assignment)
        self.parameters = call_summary.parameter_names(self.reference._program.statements)
        self.exhibits = Exhibits()
        self.known_answers = KnownAnswerRunner(assignment, launcher, self.probes)
        self.problem: AssignmentError | None = None
        self.cases: dict[str, list[pytest.Function]] = {}
        self._current: CurrentSubmission | None = None
        self._persistent_fixtures: list[pytest.FixtureDef[Any]] = []
        self.case = ""  # name of the case that runs now

    def run(self) -> None:
        """Grade all submissions. Raises AssignmentError if the hidden cases are invalid."""
        os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
        for name in ("PYTEST_ADDOPTS", "PYTEST_PLUGINS"):  # of whoever grades, for tests of their own
            os.environ.pop(name, None)
        hidden = str(self.assignment.hidden)
        plugins = [self, fixtures.plugin(self), pytest_internals.InterruptedFixtures()]
        with contextlib.closing(self.known_answers), isolated_modules(self.assignment.hidden):
            # A conftest.py in a folder above may be anybody's.
            code = pytest.main([hidden, "--rootdir", hidden, "--confcutdir", hidden, *PYTEST_OPTIONS], plugins=plugins)
        if self.problem:
            raise self.problem
        if code != pytest.ExitCode.OK:
            raise AssignmentError(f"{hidden} holds no cases that can be run (pytest exited with {code!r})")

    # ---- hooks

    def pytest_configure(self, config: pytest.Config) -> None:
        """Register the mark `points`."""
        config.addinivalue_line(
            "markers",
            "points(n, beyond=False, needs=()): points of the case, whether the public checks leave it out, "
            "and the cases of the same question that must pass for it to earn points",
        )

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Keep the first error of collecting as the problem of this session."""
        if report.failed and not self.problem:
            self.problem = case.collection_error(self.assignment.hidden / report.nodeid, str(report.longrepr))

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Sort the collected cases by question, and check them."""
        functions = [item for item in items if isinstance(item, pytest.Function)]  # no other kind is collected here
        self._persistent_fixtures = fixtures.persistent_fixtures(functions)
        try:
            for question in self.assignment.questions:
                self.cases[question.name] = case.question_cases(question, functions, self.assignment.hidden)
        except AssignmentError as problem:
            self.problem = self.problem or problem

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Grade one submission after another, in place of pytest's own loop. An exception of ours costs one report."""
        if self.problem:
            return True
        gc.collect()
        gc.freeze()  # pytest, NumPy and the cases stay alive: later collections skip them
        if self.scratch is None:
            self._grade_all()
            return True
        # Not earlier: errors name the hidden files from where the user is.
        with beside_files(self.assignment.support, self.scratch):
            self._grade_all()
        return True

    def _grade_all(self) -> None:
        for count, submission in enumerate(self.submissions):
            if count % COLLECT_GARBAGE_EVERY == 0:
                gc.collect()
            try:
                self.sink(self._grade_again_if_lost(submission))
            except (Exception, SandboxLost) as problem:  # a grader error costs one report, not the class
                self.log(f"{submission.student}: {traceback.format_exc()}")
                broken = STARVED if isinstance(problem, SandboxStarved) else "grader error; needs manual review"
                self.sink(scoring.internal_error_report(self.assignment, submission, broken, self.launcher.protections))

    # ---- one submission

    def _grade_again_if_lost(self, submission: Submission) -> ScoreReport:
        """Return the report of a submission. If it loses its sandbox, by no fault of its own, it gets another one.

        Not on a full machine: the pool lets it be graded again while nothing else runs (confirmations.py).
        """
        try:
            return self._grade(submission)
        except SandboxStarved:
            raise
        except SandboxLost:
            logs.event(LOG, logging.WARNING, "sandbox lost, submission graded again", student=submission.student)
        return self._grade(submission)

    def _grade(self, submission: Submission) -> ScoreReport:
        if submission.rejection:
            return scoring.rejected_report(self.assignment, submission, submission.rejection)
        started, meter, names = time.monotonic(), UsageMeter(), self.assignment.question_names
        student = StudentProxy(
            submission,
            names,
            self.launcher,
            self.assignment.limits,
            run_all_cells=self.run_all_cells,
            imports=imports_to_bind(self.assignment),
            meter=meter,
        )
        self._current = CurrentSubmission.create(self.assignment, submission, student, meter)
        try:
            watch = StepWatch(meter)
            student.load()
            watch.stop()
            logs.event(LOG, logging.DEBUG, "submission loaded", student=submission.student, **watch.fields())
            results = [
                self._with_diagnosis(result, student)
                for result in list(self._grade_questions_with_substitution(student))
            ]
        except SubmissionUnreadable as problem:
            return scoring.rejected_report(self.assignment, submission, str(problem))
        except StudentError as problem:  # loading crashed or timed out
            return scoring.rejected_report(self.assignment, submission, f"it can't be read: {problem.message}")
        finally:
            student.close()
            self._current = None
            pytest_internals.drop_finalizers(self._persistent_fixtures)
            if student.output:
                self.on_output((submission.student, student.output))
        return scoring.report(
            self.assignment,
            submission,
            results,
            protections=self.launcher.protections,
            notes=student.notes,
            sandbox_notes=student.sandbox_notes,
            seconds=time.monotonic() - started,
            load_seconds=meter.load_seconds,
            peak_memory_bytes=meter.peak_memory_bytes,
        )

    def _grade_questions_with_substitution(self, student: StudentProxy) -> Iterator[QuestionResult]:
        """Yield the result of each question. Dependencies that failed are substituted by the solution's functions.

        If a question still fails, it is graded once more with all of its dependencies substituted, and the better
        result counts.
        """
        wrong: set[str] = set()
        only = self.current.submission.questions
        for question in self.assignment.questions:
            if only and question.name not in only:
                continue
            began, building = time.perf_counter(), self.assignment.dependencies(question)
            needs = [name for name in self.assignment.question_names if name in building]
            result = self._grade_question(question, student, [name for name in needs if name in wrong])
            if result.status is not Status.PASSED and len(result.lent) < len(needs):
                # A dependency may pass its own cases and still not fit: a list where the question uses `.T`.
                result = max(result, self._grade_question(question, student, needs), key=lambda each: each.score)
            if result.status is not Status.PASSED:
                wrong.add(question.name)
            yield msgspec.structs.replace(result, seconds=round(time.perf_counter() - began, 4))

    def _grade_question(self, question: Question, student: StudentProxy, substituted: list[str]) -> QuestionResult:
        student.substitute(question.name, {name: getattr(self.reference, name) for name in substituted})
        items = self.cases[question.name]
        cases = scoring.apply_needs(list(self._run_cases(items)), case.needs_by_case(items))
        return scoring.question_result(question, cases, substituted)

    def _with_diagnosis(self, result: QuestionResult, student: StudentProxy) -> QuestionResult:
        """Return the result with the known mistake that explains it, if there is one. Changes no points."""
        answered = all(STATUSES[case.status].is_answer for case in result.cases)
        if result.status is Status.PASSED or not answered or not self.current.submission.diagnose:
            return result
        watch = StepWatch(self.current.meter)
        student.substitute(result.name, {name: getattr(self.reference, name) for name in result.lent})
        try:
            with self.current.diagnosis:
                diagnosis = diagnose(self.known_answers, self.assignment.question(result.name), student)
        except budget.BudgetExceeded:
            diagnosis = None
        except Exception:  # a grader error here costs a hint, nothing else
            self.log(f"{self.current.submission.student}, diagnosis of {result.name}: {traceback.format_exc()}")
            diagnosis = None
        watch.stop()
        names = {"student": self.current.submission.student, "question": result.name}
        found = diagnosis.name if diagnosis else ""
        logs.event(LOG, logging.DEBUG, "diagnosis", **names, found=found, **watch.fields())
        return msgspec.structs.replace(result, diagnosis=diagnosis)

    def probes(self, question: Question, submission: Submission, student: StudentProxy) -> list[Probe]:
        """Return the calls that a question's cases make, recorded with the solution as the student."""
        recorder = Recorder(student, question.name)
        with self.with_student(submission, recorder):
            list(self._run_cases(self.cases[question.name]))
        return [*recorder.probes, *recorder.extra]

    @contextlib.contextmanager
    def with_student(self, submission: Submission, student: StudentProxy | Recorder) -> Iterator[None]:
        """Run the cases on another student inside this context."""
        before, self._current = (
            self._current,
            CurrentSubmission.create(self.assignment, submission, student, UsageMeter()),
        )
        try:
            yield
        finally:
            self._current = before

    def _run_cases(self, items: list[pytest.Function]) -> Iterator[CaseResult]:
        for item in items:
            self.case, self.current.student.last_call = item.name, None
            self.exhibits.clear()
            watch = StepWatch(self.current.meter)
            allowance, seconds = self.current.allowance, self.assignment.limits.case_seconds
            ending = case.run(item, item is items[-1], allowance, seconds)
            watch.stop()
            status, message = case.judge(ending, self.assignment.reveal)
            if status is Status.INTERNAL and ending:
                self._log_failure(item, ending)
                if blame.solution_passes(self, item):
                    status, message = Status.FAILED, blame.broken_case_message(ending)
            worth, passed = case.points(item), status is Status.PASSED
            self._log_case(item, status, watch)
            yield CaseResult(
                name=case.report_name(item.name),
                title=case.title(item),
                status=status,
                points=worth if passed else 0.0,
                max_points=worth,
                message=message,
                called="" if passed else self._describe_last_call(item),
                beyond=case.not_in_public_checks(item),
                exhibits=() if passed else self._exhibits(item),
                seconds=round(watch.seconds, 4),
                time_use=time_use(ending, watch.seconds),
            )

    def _log_case(self, item: pytest.Item, status: Status, watch: StepWatch) -> None:
        """Log what a case took, unless it is the solution that it runs on."""
        if LOG.isEnabledFor(logging.DEBUG) and isinstance(self.current.student, StudentProxy):
            names = {
                "question": item.path.stem.removeprefix("test_"),
                "case": case.report_name(item.name),
                "status": status,
            }
            logs.event(LOG, logging.DEBUG, "case", student=self.current.submission.student, **names, **watch.fields())

    def _exhibits(self, item: pytest.Item) -> tuple[Exhibit, ...]:
        """Return the rendered exhibits of a case.

        Values may be anything: an exception costs the exhibits, nothing else.
        """
        try:
            with self.current.allowance:
                return self.exhibits.render()
        except budget.BudgetExceeded:
            return ()
        except Exception as problem:
            self._log_failure(item, problem)
            return ()

    def _describe_last_call(self, item: pytest.Item) -> str:
        """Return the arguments of the last call of the question's function; "" if there was none."""
        name, args, kwargs = self.current.student.last_call or ("", (), {})
        if f"test_{name}" != item.path.stem:
            return ""
        return call_summary.describe_call(self.parameters.get(name, ()), args, kwargs)

    @property
    def current(self) -> CurrentSubmission:
        """Return the submission being graded."""
        assert self._current, "a case runs only while a submission is graded"
        return self._current

    def _log_failure(self, item: pytest.Item, ending: BaseException) -> None:
        """Log the traceback of a failure. Only the log gets it: it may show what students must not see."""
        story = "".join(traceback.format_exception(ending))[-MAX_TRACEBACK:]
        self.log(f"{self.current.submission.student}: {item.nodeid}\n{story}")
