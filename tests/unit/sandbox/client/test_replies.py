"""What a worker sends is an answer, a failure or a call of the one form that each has, or it costs the worker."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader import checks
from grader.gradebook.report_size import max_report_bytes
from grader.grading import call_summary, cases, scoring
from grader.grading.exhibits import Exhibits
from grader.models import Assignment, CaseResult, Exhibit, Status
from grader.notebooks import limits as notebook_limits
from grader.reports import json as as_json
from grader.reports import markdown
from grader.sandbox.client.errors import SandboxFailed, StudentError, SubmissionUnreadable
from grader.sandbox.client.model_view import KerasModel
from grader.sandbox.client.replies import Failure, decode_reply, failure_message
from grader.sandbox.client.student_proxy import AnsweredCall, StudentProxy
from grader.sandbox.limits import MAX_MESSAGE, MAX_NAME, MAX_WHERE
from grader.sandbox.protocol import limits as guest_limits
from grader.sandbox.protocol.frames import Tagged
from tests.helpers.replying import BOUNDED, ID, MESSAGES, Message, done, student

OK = {"status": "ok", "id": ID, "value": 3.0}
ERROR = {"status": "error", "id": ID, "type": "ValueError", "message": "no", "where": "tiny.py, line 2: f(x)"}
MODEL: dict[str, Any] = {
    "kind": "Sequential",
    "layers": [
        {
            "kind": "Dense",
            "units": 1,
            "activation": "sigmoid",
            "use_bias": True,
            "trainable": True,
            "weights": [np.ones((2, 1))],
        },
    ],
    "loss": "binary_crossentropy",
    "from_logits": False,
    "optimizer": "adam",
    "input_shape": [None, 2],
    "settings": {"learning_rate": 0.1},
    "handle": 0,
}
ARRAY = np.array([1, 1])


def saying(*messages: Message, to: str = "call") -> StudentProxy:
    """A handle whose workers say this to the requests of one kind, and are honest otherwise."""
    handle, _ = student(lambda request: messages if request["op"] == to else done(request), greets=to != "hello")
    return handle


def model(**fields: Any) -> dict[str, Any]:
    return {**OK, "value": Tagged("k", ({**MODEL, **fields},))}


def layer(**fields: Any) -> dict[str, Any]:
    return model(layers=[{**MODEL["layers"][0], **fields}])


WRONG: dict[str, Message] = {
    "a status in a list": {**OK, "status": ["ok"]},
    "a status in an array": {**OK, "status": np.zeros(2)},
    "no text as a status": {**OK, "status": 1},
    "no status": {"id": ID, "value": 3.0},
    "an id in an array": {**OK, "id": ARRAY},
    "an id in an array of one": {**OK, "id": ARRAY[:1]},
    "truth as an id": {**OK, "id": True},
    "an id with a point": {**OK, "id": 1.0},
    "NaN as an id": {**OK, "id": math.nan},
    "an id beyond 63 bits": {**OK, "id": 2**64 - 1},
    "no id": {"status": "ok", "value": 3.0},
    "a number as notes": {**OK, "notes": 5},
    "truth as notes": {**OK, "notes": True},
    "text as notes": {**OK, "notes": "a note"},
    "an array as notes": {**OK, "notes": ARRAY},
    "arrays in notes": {**OK, "notes": [ARRAY]},
    "a number as arguments": {**OK, "arguments": 7},
    "an array as arguments": {**OK, "arguments": ARRAY},
    "an array as a message": {**ERROR, "message": ARRAY},
    "a dict as a place": {**ERROR, "where": {"cell": 1}},
    "bytes as a type": {**ERROR, "type": b"ValueError"},
    "an array as a name": {**ERROR, "unknown": ARRAY},
    "an answer to a request that was no load": {**ERROR, "status": "unreadable"},
    "a call without arguments": {"status": "callback", "id": 0},
    "a call with an array as arguments": {"status": "callback", "id": 0, "args": ARRAY, "kwargs": {}},
    "a call with a list as keywords": {"status": "callback", "id": 0, "args": (), "kwargs": []},
    "a call by an array": {"status": "callback", "id": ARRAY, "args": (), "kwargs": {}},
    "a call by NaN": {"status": "callback", "id": math.nan, "args": (), "kwargs": {}},
    "a call before the first function": {"status": "callback", "id": -1, "args": (), "kwargs": {}},
    "a call of more than any": {"status": "callback", "id": 2**64 - 1, "args": (), "kwargs": {}},
    "a function of ours as a value": {**OK, "value": Tagged("f", (0,))},
    "a function of theirs as a value": {**OK, "value": [Tagged("s", (0,))]},
    "a function of NumPy's as a value": {**OK, "value": {"a": Tagged("n", ("tanh",))}},
    "a function of theirs among the arguments": {**OK, "arguments": (Tagged("s", (0,)),)},
    "a function with an array as its number": {"status": "callback", "id": 0, "args": (Tagged("s", (ARRAY,)),)},
    "a set, where no type was to be kept": {**OK, "value": Tagged("x", ("set", [1]))},
    "a model without fields": {**OK, "value": Tagged("k", ({},))},
    "a list as a model": {**OK, "value": Tagged("k", ([1, 2],))},
    "an array as a model": {**OK, "value": Tagged("k", (ARRAY,))},
    "a model in two parts": {**OK, "value": Tagged("k", (MODEL, MODEL))},
    "a model in no part": {**OK, "value": Tagged("k", ())},
    "a number as an input shape": model(input_shape=2),
    "text as an input shape": model(input_shape="22"),
    "an array as an input shape": model(input_shape=ARRAY),
    "truth in an input shape": model(input_shape=[None, True]),
    "many axes": model(input_shape=[1] * 2000),
    "many layers": model(layers=MODEL["layers"] * 2000),
    "a dict as layers": model(layers={"a": 1}),
    "arrays as layers": model(layers=[ARRAY]),
    "a list as a loss": model(loss=["bce"]),
    "a number as logits": model(from_logits=1),
    "an array as a handle": model(handle=ARRAY),
    "text as a handle": model(handle="0"),
    "a list as a kind": model(kind=[]),
    "text as a setting": model(settings={"learning_rate": "0.1"}),
    "a list as settings": model(settings=[0.1]),
    "a number as trainable": layer(trainable=1),
    "numbers as weights": layer(weights=[1.0]),
    "objects as weights": layer(weights=[[np.ones(2), np.ones(3)]]),
    "an array as weights": layer(weights=ARRAY),
    "an array as an activation": layer(activation=ARRAY),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_message_of_another_form_costs_the_worker(name: str) -> None:
    """The call is CRASHED, and not asked for again; nothing else is raised on our side."""
    handle = saying(WRONG[name])
    for words in ("the sandbox sent", "was not called again"):
        with pytest.raises(StudentError) as caught:
            handle.f(1.0, lambda x: x)
        assert caught.value.status is Status.CRASHED
        assert words in caught.value.message
    handle.close()


@pytest.mark.parametrize("op", ["load", "need", "substitute", "find", "get"])
@pytest.mark.parametrize("name", ["a status in a list", "an id in an array", "a number as notes"])
def test_so_does_one_in_answer_to_any_request(op: str, name: str) -> None:
    """Loading, preparing, lending, looking for a name and reading a value are answered in the same forms."""
    unknown = {**ERROR, "unknown": "somewhere"}
    handle, _ = student(
        lambda request: (
            [WRONG[name]] if request["op"] == op else [unknown] if request["op"] == "call" else done(request)
        )
    )
    with pytest.raises(StudentError) as caught:
        handle.substitute("f", {"g": abs})
        if op == "get":
            handle.get("f")
        handle.f(1.0)
    assert caught.value.status in (Status.CRASHED, Status.ERROR)
    handle.close()


@pytest.mark.parametrize("name", WRONG)
def test_before_anything_of_the_submission_ran_it_is_ours(name: str) -> None:
    """A worker that greets in another form has no submission yet: that is no verdict on one."""
    with pytest.raises(SandboxFailed):
        saying(WRONG[name], to="hello").load()


def test_a_right_message_arrives() -> None:
    """A value, what became of the arguments, a model with what it answers, and an exception."""
    assert saying({**OK, "arguments": (ARRAY, None), "notes": ["a note"]}).call("f", 1).arguments[1] is None
    found = saying(model()).f(1)
    assert isinstance(found, KerasModel)
    assert (found.loss, found.input_shape, found.layers[0].units) == ("binary_crossentropy", (None, 2), 1)
    with pytest.raises(StudentError, match=re.escape("`f` raised ValueError: “no” (tiny.py, line 2: “f(x)”)")):
        saying(ERROR).f(1)


def test_values_keep_their_types_where_that_was_asked_for() -> None:
    """In the answer to one request, and not in the next."""
    handle = saying({**OK, "value": Tagged("x", ("set", [1, 2]))})
    assert handle.exact.f(1.0) == {1, 2}
    with pytest.raises(StudentError, match="the sandbox sent"):
        handle.f(1.0)
    handle.close()


def test_a_submission_that_cannot_be_read_is_none_at_any_time() -> None:
    """Unreadable is the student's: also where the first worker had read it and the second says that it can't."""
    workers: list[None] = []

    def script(request: dict[str, Any]) -> Iterable[Message]:
        if request["op"] == "load":
            workers.append(None)
            return done(request) if len(workers) == 1 else [{"status": "unreadable", "id": ID, "message": "8 of 8"}]
        return [b"gone"] if request["op"] == "call" else done(request)

    handle, _ = student(script)
    with pytest.raises(StudentError):
        handle.f(1)
    with pytest.raises(SubmissionUnreadable, match="the submission can't be read: “8 of 8”") as caught:
        handle.g(1)
    assert cases.judge(caught.value)[0] is Status.ERROR


# ---- texts

CLAIM = "x”. This question was graded again by hand: 8 of 8 points. “"
LONG = "e" * 8_000_000


@pytest.mark.parametrize(
    "message",
    [
        {**ERROR, "message": CLAIM},
        {**ERROR, "type": CLAIM},
        {**ERROR, "where": CLAIM},
        {**ERROR, "where": f"cell 1, line 1: {CLAIM}"},
        {**ERROR, "where": f"tiny.py, line 1: {CLAIM}"},
        {**ERROR, "unknown": CLAIM},
        {**ERROR, "status": "bad_value", "message": CLAIM},
        {**ERROR, "status": "missing", "message": CLAIM},
        {**ERROR, "status": "missing", "message": f"isn't defined anywhere. {CLAIM}"},
        {**ERROR, "status": "broken", "message": CLAIM},
        {**ERROR, "status": "broken", "message": f"isn't there: {CLAIM}"},
        {**ERROR, "status": "out_of_memory", "message": CLAIM},
    ],
    ids=str,
)
def test_words_of_a_worker_stand_in_quotation_marks(message: dict[str, Any]) -> None:
    """Outside of them there is nothing that it has chosen but numbers of lines and the name of an exception."""
    with pytest.raises(StudentError) as caught:
        saying(message).f(1)
    told = caught.value.message
    assert told.count("“") == told.count("”")
    outside = "".join(part.partition("”")[2] for part in ("”" + told).split("“"))
    assert "points" not in outside
    assert "by hand" not in outside


@pytest.mark.parametrize(
    "place", ["", "cell 1", "line 1: x", "cell x, line 1: x", "other.py, line 1: x", ", line -1: x"]
)
def test_a_place_is_one_in_the_submission(place: str) -> None:
    """A line of a cell, or of the submission's own file; anything else isn't told."""
    failure = Failure(1, "error", "no", "ValueError", place)
    assert failure_message(failure, "f", "returned", "tiny.py", 100) == "`f` raised ValueError: “no”"


@pytest.mark.parametrize("status", ["missing", "broken", "bad_value", "out_of_memory", "error", "unreadable"])
def test_texts_have_a_length(status: str) -> None:
    """Of eight megabytes some hundred characters are kept, whichever field they are in."""
    failure = decode_reply({"status": status, "id": 1, **dict.fromkeys(["message", "type", "where", "unknown"], LONG)})
    assert isinstance(failure, Failure)
    assert len(failure.message) == MAX_MESSAGE
    assert len(failure.type) == MAX_NAME
    assert len(failure.where) == MAX_WHERE
    assert failure.unknown == ""
    assert len(failure_message(failure, "f", "returned", "tiny.py", 100)) < 1000


def test_names_in_a_model_are_words() -> None:
    """A loss or a class may be named by a sentence of any length: what a case puts into its own is one short word."""
    for text in (CLAIM, LONG[:100_000], "\x1b[2J\n"):
        found = saying(model(kind=text, loss=text, optimizer=text)).f(1)
        inner = saying(layer(kind=text, activation=text)).f(1).layers[0]
        for name in (found.kind, found.loss, found.optimizer, inner.kind, inner.activation):
            assert len(name.split()) == 1
            assert len(name) <= 100
            assert name.isprintable()


def test_notes_have_a_number_and_a_length() -> None:
    """However many workers send however many: fifty, each one short line, and none of them among our own."""
    handle, _ = student(
        lambda request: [{**OK, "notes": [f"{request['id']} {i}\n{CLAIM}{'e' * 9000}" for i in range(300)]}]
    )
    for _ in range(9):
        handle.f(1)
    assert handle.notes == ()
    assert len(handle.sandbox_notes) == notebook_limits.MAX_NOTES
    assert all(len(note) <= notebook_limits.MAX_NOTE and "\n" not in note for note in handle.sandbox_notes)


def test_an_honest_worker_keeps_the_same_limits() -> None:
    """What a worker cuts is not cut a second time here."""
    assert guest_limits.MAX_MESSAGE <= MAX_MESSAGE


# ---- callbacks


def test_functions_that_ask_each_other_come_to_an_end() -> None:
    """A function of ours that asks a model that calls the function: the depth is bounded."""
    asked = model()["value"]
    call = {"status": "callback", "id": 0, "args": (asked,), "kwargs": {}}
    handle, launcher = student(lambda request: [call] if request["op"] in ("call", "ask_model") else done(request))
    with pytest.raises(StudentError) as caught:
        handle.f(lambda found: found(1.0))
    assert caught.value.status is Status.CRASHED
    assert launcher.frames < 50


@pytest.mark.parametrize("problem", [RecursionError, StopIteration, NotImplementedError, BufferError, KeyError("é")])
def test_what_a_given_function_raises_is_told_to_the_caller(problem: Exception) -> None:
    """Its arguments were the student's choice, and so is what comes of them."""

    def fails(*args: Any) -> None:
        raise problem

    call = {"status": "callback", "id": 0, "args": (1,), "kwargs": {}}
    assert saying(call, OK).f(fails) == 3.0


# ---- fuzz


def everything(call: AnsweredCall) -> list[CaseResult]:
    """What cases do with an answer, and what becomes of it in a report."""
    value = call.value
    want: dict[str, Any] = {"number": 1.5, "array": np.ones((2, 3)), "text": "a", "tree": {"a": [1.0, (2, "b")]}}
    exhibits = Exhibits()
    ways: list[Callable[[], object]] = [
        *(partial(checks.same, value, other) for other in want.values()),
        *(partial(checks.close, value, want[key]) for key in ("number", "array")),
        lambda: checks.number(value),
        lambda: checks.finite(value),
        lambda: checks.close_pairs(value, [(np.ones((2, 1)), np.ones(2))]),
        lambda: checks.close(checks.unsqueezed(value, (1, 1)), np.ones((1, 1))),
        lambda: checks.unchanged(call, [np.ones(2), [1.0], np.tanh]),
    ]
    shown: list[tuple[Exhibit, ...]] = []
    for way in (exhibits.flow, exhibits.curve, exhibits.pictures):
        told = [["a", "b"], value, [np.ones(2), (np.ones(2), np.ones(1))]] if way == exhibits.flow else [value, [1, 2]]
        way("title", *(told if way != exhibits.pictures else [np.zeros((2, 4, 4)), *told]))
        shown.append(exhibits.render())
        exhibits.clear()
    results = []
    for judge in ways:
        ending: BaseException | None = None
        try:
            judge()
        except AssertionError as problem:
            ending = problem
        status, message = cases.judge(ending)
        called = call_summary.describe_call(["x"], (value, [value]), {"k": value})
        results.append(CaseResult("c", "t", status, 0, 1, message, called, exhibits=(*shown[0], *shown[1])))
    return results


@given(st.lists(st.lists(MESSAGES, min_size=1, max_size=3), min_size=1, max_size=4), st.booleans())
@BOUNDED
def test_no_messages_break_the_grader(digits: Assignment, script: list[list[Message]], whole: bool) -> None:
    """Whatever comes, in whatever order: values, failures of the student's, and a report within its limits."""
    turn = iter(range(10**9))
    handle, launcher = student(lambda request: script[next(turn) % len(script)], whole=whole)
    results: list[CaseResult] = []
    ways = [
        lambda: handle.call("f", np.ones(2), [1.0], np.tanh, lambda x, *rest: x),
        lambda: handle.call("g", lambda f: f(1.0), lambda m: m(np.ones((1, 2)))),
        lambda: handle.get("model"),
    ]
    for way in (handle.load, lambda: handle.substitute("f", {"g": lambda x: x}), *ways, *ways):
        try:
            value = way()
        except StudentError as problem:
            status, message = cases.judge(problem)
            results.append(CaseResult("c", "t", status, 0, 1, message))
            continue
        results += everything(value if isinstance(value, AnsweredCall) else AnsweredCall(value, (value,)))
    handle.close()
    check(digits, handle, results)
    for thread in launcher.threads:
        thread.join(20)
        assert not thread.is_alive()
    assert launcher.frames <= 3 * 25 * (2 + len(ways) * 2)


def check(assignment: Assignment, handle: StudentProxy, results: list[CaseResult]) -> None:
    """Nothing is ours, and the report keeps its limits in every format."""
    assert not [result for result in results if result.status is Status.INTERNAL]
    question = scoring.question_result(assignment.questions[0], results)
    made = scoring.report(
        *(assignment, handle._submission, [question]),
        protections=(),
        notes=handle.notes,
        sandbox_notes=handle.sandbox_notes,
    )
    content = as_json.render(made)
    assert len(content) <= max_report_bytes(len(results), 1)
    assert markdown.render(made)
