"""Every hidden case of this repository judges every answer: it passes or fails, whatever came, and never breaks."""

from __future__ import annotations

import copy
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import cycle, pairwise
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.assignments.loader import load
from grader.checks import adam_steps
from grader.grading.session import CurrentSubmission, GradingSession
from grader.models import Question, Status, Submission
from grader.sandbox.client.meter import UsageMeter
from grader.sandbox.client.model_view import KerasModel, Tensor
from grader.sandbox.client.student_proxy import AnsweredCall, StudentProxy
from grader.sandbox.protocol.frames import CODES
from tests.factories import ROOT
from tests.helpers.replying import BOUNDED, VALUES, models

NOBODY = Submission("nobody", "nobody.py", b"", "0" * 64)


@dataclass(frozen=True)
class Change:
    """What is done to an answer: all of it is drawn before the cases run, for they catch what hypothesis raises."""

    how: str
    anything: Any
    model: KerasModel
    number: int  # which part, which form
    code: str  # of a dtype


CHANGES = st.builds(
    Change,
    st.sampled_from(["as it is", "as it is", "inside", "as it is", "other", "anything"]),
    VALUES,
    models(),
    st.integers(0, 60),
    st.sampled_from(CODES),
)


class Liar:
    """Stands for the student: gives the right answer, or one in which something is exchanged, or anything at all."""

    def __init__(self, reference: Any, changes: list[Change]) -> None:
        self.reference = reference
        self.changes = cycle(changes)
        self.last_call: Any = None

    def __getattr__(self, name: str) -> Callable[..., Any]:
        return lambda *args, **kwargs: self.call(name, *args, **kwargs).value

    def substitute(self, functions: Any) -> None:
        """Answers are made up, whatever is lent."""

    def call(self, name: str, *args: Any, **kwargs: Any) -> AnsweredCall:
        self.last_call = name, args, kwargs
        after = tuple(None if callable(each) and not isinstance(each, KerasModel) else each for each in args)
        return AnsweredCall(self._changed(self._right(name, args, kwargs)), tuple(map(self._changed, after)))

    def calls(self, name: str, *calls: tuple[Any, ...]) -> list[AnsweredCall]:
        return [self.call(name, *args) for args in calls]

    def get(self, name: str) -> Any:
        return self.call(name).value

    @property
    def exact(self) -> Liar:
        return self

    def observe(self, name: str, code: str, uses: list[str]) -> Any:
        """The counts of an answer without a loop, or of one that asks a tape once."""
        return self._changed({"my_dense_v": [(9,), (9,), (9,)], "tf_gradients": [(1,)]}[name])

    def _right(self, name: str, args: Any, kwargs: Any) -> Any:
        """The reference's answer; of what needs TensorFlow the same without it."""
        if name == "model":
            return self._model(400, (25, 15, 1))
        if name == "build_model":
            return self._model(*(args or (400, (25, 15, 1))))
        args = tuple(map(_untensored, args))
        if name == "parameters_from_keras":
            return [(layer.weights[0].T, layer.weights[1].reshape(-1, 1)) for layer in args[0].layers]
        if name == "tf_gradients":
            parameters, X, Y = args
            return self.reference.backward(self.reference.forward(X, parameters), Y, parameters)
        return getattr(self.reference, name)(*copy.deepcopy(args), **kwargs)

    def _model(self, n: int, units: Any) -> KerasModel:
        rng = np.random.default_rng(0)
        sizes = (n, *units)
        pairs = [(rng.normal(size=(n, m)), np.zeros(m)) for n, m in pairwise(sizes)]
        made = replace(KerasModel.dense(pairs), settings={"learning_rate": 1e-3, "epsilon": 1e-7})
        own = [array for pair in pairs for array in pair]
        return replace(made, ask=lambda request: self._changed(asked(own, **request)))

    def _changed(self, value: Any) -> Any:
        change = next(self.changes)
        if change.how == "anything":
            return change.model if change.number % 9 == 0 else change.anything
        if change.how == "inside" and isinstance(value, list | tuple) and value:
            at = change.number % len(value)
            return type(value)(self._changed(part) if i == at else part for i, part in enumerate(value))
        if change.how == "inside" and isinstance(value, KerasModel):
            return self._model_with(value, change)
        return self._other(value, change) if change.how in ("inside", "other") else value

    def _model_with(self, model: KerasModel, change: Change) -> KerasModel:
        """The model with one of its fields from another, or with weights in other forms."""
        names = ["layers", "input_shape", "loss", "from_logits", "optimizer", "kind", "weights", "weights", "weights"]
        name = names[change.number % len(names)]
        if name != "weights":
            return replace(model, **{name: getattr(change.model, name)})
        forms = [self._other(array, change) for layer in model.layers for array in layer.weights]
        weights = [form for form in forms if isinstance(form, np.ndarray)]
        odd = change.number % 7
        changed = replace(model.layers[0], weights=weights[:odd], units=odd or None)
        return replace(model, layers=(changed, *model.layers[1 + odd % 2 :]))

    def _other(self, value: Any, change: Change) -> Any:
        """The same in another form, of those that cross the wall."""
        forms: list[Callable[[], Any]] = [lambda: [value], lambda: (value,), lambda: {"a": value}, lambda: str(value)]
        if isinstance(value, list | tuple):
            forms += [lambda: list(value), lambda: tuple(value), lambda: value[1:], lambda: [*value, None]]
        if isinstance(value, int | float | np.ndarray) and not isinstance(value, bool):
            array = np.asarray(value)
            forms += [array.tolist, array.ravel, lambda: array[None], lambda: array.T.copy(), lambda: array.copy()]
            forms += [lambda: array.astype(change.code)] * 3
            forms += [lambda: array * np.nan, lambda: array * np.inf, lambda: array.reshape((1,) * 20 + array.shape)]
            forms += [lambda: array.reshape(-1)[:0]]
        with np.errstate(all="ignore"):
            return forms[change.number % len(forms)]()


def _untensored(value: Any) -> Any:
    """The same with arrays in the place of tensors, which only the sandbox knows."""
    if isinstance(value, list | tuple):
        return type(value)(map(_untensored, value))
    return value.array if isinstance(value, Tensor) else value


def asked(own: list[Any], what: str, weights: list[Any] | None, arguments: dict[str, Any]) -> Any:
    """Return what an honest model answers: a network of sigmoids with cross-entropy and Adam."""
    weights = weights or own
    if what == "optimized":
        return adam_steps(arguments["numbers"], arguments["gradients"], {"learning_rate": 1e-3, "epsilon": 1e-7})
    through, A = [], np.asarray(arguments["rows"], float)
    with np.errstate(all="ignore"):
        for W, b in zip(weights[::2], weights[1::2], strict=False):
            A = 1 / (1 + np.exp(-(A.reshape(len(A), -1) @ W + b)))
            through.append(A)
        if what == "loss_of":
            Y = np.asarray(arguments["labels"])
            return float(-np.mean(Y * np.log(A) + (1 - Y) * np.log(1 - A)))
    return {"answer": A, "through": through, "after_step": weights}[what]


class AnyAnswer(GradingSession):
    """Runs the cases of one question after another on such answers, instead of grading submissions."""

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        @BOUNDED
        @given(st.sampled_from(self.assignment.questions), st.lists(CHANGES, min_size=1, max_size=8))
        def attempt(question: Question, changes: list[Change]) -> None:
            self.told.clear()
            double = cast(StudentProxy, Liar(self.reference, changes))
            self._current = CurrentSubmission.create(self.assignment, NOBODY, double, UsageMeter())
            results = list(self._run_cases(self.cases[question.name]))
            self.statuses.update(case.status for case in results)
            assert not self.told, self.told[0]
            assert not [case for case in results if case.status is Status.INTERNAL]

        self.told: list[str] = []
        self.statuses: set[Status] = set()
        self.log = self.told.append
        self.failed: BaseException | None = None
        try:
            attempt()
        except BaseException as problem:
            self.failed = problem
        return True


@pytest.mark.parametrize("folder", sorted(path.parent for path in ROOT.glob("solutions/*/assignment.toml")), ids=str)
@pytest.mark.thorough
def test_hidden_cases_judge_whatever_comes(folder: Path) -> None:
    """Arrays of other shapes and dtypes, lists, text, models, NaN: an answer is right or wrong, and no case breaks."""
    before = dict(sys.modules)
    grading = AnyAnswer(load(folder), None, (), lambda report: None)  # type: ignore[arg-type]  # nothing is started
    grading.run()
    for name in sys.modules.keys() - before.keys():  # another assignment's cases may have the same name
        if str(getattr(sys.modules[name], "__file__", "")).startswith(str(folder)):
            del sys.modules[name]
    if grading.failed:
        raise grading.failed
    assert {Status.PASSED, Status.FAILED} <= grading.statuses
