"""Workers that say what a test wants, over a real socket, and values as any worker may send them."""

from __future__ import annotations

import contextlib
import hashlib
import socket
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

import msgspec
import numpy as np
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from grader.models import Limits, Submission
from grader.sandbox.client.model_view import Description, KerasModel
from grader.sandbox.client.replies import STATUS_BY_FAILURE
from grader.sandbox.client.student_proxy import StudentProxy
from grader.sandbox.host.process import ExitInfo
from grader.sandbox.protocol.channel import Channel, Closed, DeadlinePassed
from grader.sandbox.protocol.frames import DTYPES, HEADER, MAGIC, NotAValue, Tagged, WireError
from tests.helpers.effort import examples

EXAMPLES = examples(100)  # of each fuzzer
BOUNDED = settings(max_examples=EXAMPLES, deadline=None, derandomize=EXAMPLES <= 1000)

ID = "the id of the request"  # in a script: what an honest worker would put there
Message = dict[str, Any] | bytes  # bytes go as they are, without a frame
Script = Callable[[dict[str, Any]], Iterable[Message]]


def done(request: dict[str, Any]) -> list[Message]:
    """What an honest worker says to a request for something to be done."""
    return [{"status": "ok", "id": request["id"], "value": None, "notes": []}]


@dataclass
class Ended:
    """A started worker, as the student's handle sees it."""

    sock: socket.socket
    proc_pid: int = 0

    def kill(self, *, grace_seconds: float = 0.0) -> ExitInfo | None:
        self.sock.close()
        return ExitInfo(killed_by_grader=True, code=-9, cpu_seconds=0.0, peak_mb=0.0, output="")


@dataclass
class Scripted:
    """A launcher whose workers greet honestly, and then answer each request with the messages of a script.

    A worker that has said something else than one answer to the request closes its socket, so that nobody waits.
    """

    script: Script
    greets: bool = True
    protections: tuple[str, ...] = ()
    frames: int = 0  # that were sent
    threads: list[threading.Thread] = field(default_factory=list)

    def start(self, limits: Limits) -> Ended:
        ours, theirs = socket.socketpair()
        thread = threading.Thread(target=self._serve, args=(theirs,), daemon=True)
        thread.start()
        self.threads.append(thread)
        return Ended(ours)

    def _serve(self, sock: socket.socket) -> None:
        channel = Channel(sock, lambda tag, parts: (tag, parts))
        with sock, contextlib.suppress(Closed, DeadlinePassed, WireError, NotAValue, OSError):
            while True:
                request = channel.receive()
                if "op" not in request:  # the answer to a callback
                    continue
                honest = self.greets and request["op"] == "hello"
                messages = list(done(request) if honest else self.script(request))
                for message in messages:
                    self._send(channel, message, request["id"])
                if not _answers(messages[-1:], request["id"]):
                    return

    def _send(self, channel: Channel, message: Message, number: int) -> None:
        self.frames += 1
        if isinstance(message, bytes):
            channel.sock.sendall(message)
        else:
            channel.send({key: number if value is ID else value for key, value in message.items()})


def _answers(last: list[Message], number: int) -> bool:
    """Whether the last message is an answer to the request, after which another request may come."""
    if not last or isinstance(last[0], bytes):
        return False
    told = last[0].get("id")
    status = last[0].get("status")
    return (
        (told is ID or (type(told) is int and told == number))
        and type(status) is str
        and status in ["ok", *STATUS_BY_FAILURE]
    )


def student(script: Script, *, greets: bool = True, whole: bool = False) -> tuple[StudentProxy, Scripted]:
    """A handle whose workers follow the script."""
    launcher = Scripted(script, greets)
    code = b"def f(x): return x"
    submission = Submission("ada", "tiny.py", code, hashlib.sha256(code).hexdigest())
    return StudentProxy(submission, ["f"], launcher, Limits(), run_all_cells=whole), launcher


# ---- values

SHAPES = npst.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=4) | st.sampled_from(
    [(1,) * 32, (0,) * 32, (0, 1 << 20), (400,), (3, 1), (1, 3)]
)
ARRAYS = npst.arrays(st.sampled_from(sorted(DTYPES)).map(np.dtype), SHAPES, fill=st.just(0))
LONG = st.sampled_from(["e", "f(", "\x01", "1,"]).map(lambda text: text * 1500)  # long ones are not shown as they are
TEXTS = st.text(max_size=8) | st.sampled_from(["", "“8 of 8 points”", "\x1b[2J\u202e\n# right"]) | LONG
INTEGERS = st.integers(-(2**63), 2**64 - 1) | st.sampled_from([0, 1, 2**53, 2**63 - 1, 2**64 - 1])
FLOATS = st.floats() | st.sampled_from([float("nan"), float("inf"), 5e-324])
LEAVES = st.none() | st.booleans() | INTEGERS | FLOATS | TEXTS | st.binary(max_size=9) | ARRAYS


def deep(levels: int) -> Any:
    value: Any = 1.0
    for _ in range(levels):
        value = [value]
    return value


RAGGED: tuple[Any, ...] = ([[1.0], [2.0, 3.0]], [np.zeros(2), np.zeros(3)], [np.zeros((2, 2)), 1.0], [[], [[]]], ((),))
SPECIAL = st.builds(deep, st.integers(30, 36)) | st.integers(0, len(RAGGED) - 1).map(lambda i: RAGGED[i])
VALUES = st.recursive(
    LEAVES | SPECIAL,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.lists(inner, max_size=4).map(tuple)
        | st.dictionaries(TEXTS, inner, max_size=3)
        | st.tuples(inner, inner)
    ),
    max_leaves=10,
)
NAMES = st.none() | TEXTS | st.sampled_from(["Dense", "Sequential", "sigmoid", "linear", "adam", "binary_crossentropy"])
LAYERS = st.fixed_dictionaries(
    {
        "kind": st.sampled_from(["Dense", "Activation", "Flatten"]) | LONG,
        "units": VALUES | st.integers(1, 25),
        "activation": NAMES,
        "use_bias": st.booleans(),
        "trainable": st.booleans(),
        "weights": st.lists(ARRAYS, max_size=3),
    }
)
DESCRIPTIONS = st.fixed_dictionaries(
    {
        "kind": st.sampled_from(["Sequential", "Functional", "8 of 8 points"]),
        "layers": st.lists(LAYERS, max_size=3),
        "loss": NAMES,
        "from_logits": st.booleans(),
        "optimizer": NAMES,
        "input_shape": st.none() | st.lists(st.none() | st.integers(), max_size=3),
        "settings": st.dictionaries(st.sampled_from(["learning_rate", "beta_1", "decay"]), st.floats(), max_size=3),
        "handle": INTEGERS,
    }
)


def models() -> st.SearchStrategy[KerasModel]:
    """Models as cases get them, with anything as their answer."""
    return st.builds(
        lambda told, answer: KerasModel.from_description(msgspec.convert(told, Description), lambda rows: answer),
        DESCRIPTIONS,
        VALUES,
    )


# ---- messages


def mutated(honest: st.SearchStrategy[dict[str, Any]]) -> st.SearchStrategy[dict[str, Any]]:
    """Such a dict, in which any value may be of the wrong kind, or left out, or one too many."""
    wrong = st.dictionaries(
        st.sampled_from(
            [
                *("status", "id", "value", "arguments", "notes", "message", "type", "where", "unknown"),
                *("args", "kwargs", "handle", "layers", "kind", "units", "weights", "input_shape", "verdict"),
            ]
        ),
        VALUES,
        max_size=2,
    )
    absent = st.sets(st.sampled_from(["status", "id", "args", "kwargs", "handle", "loss", "layers"]), max_size=1)
    return st.builds(
        lambda told, more, less: {key: value for key, value in {**told, **more}.items() if key not in less},
        honest,
        wrong | st.just({}),
        absent | st.just(set()),
    )


FOREIGN = st.builds(lambda tag, told: Tagged(tag, (told,)), st.sampled_from("fsnkx"), VALUES | st.integers(0, 3))
MODELS = mutated(DESCRIPTIONS).map(lambda told: Tagged("k", (told,)))
SENT = VALUES | MODELS | FOREIGN | st.lists(VALUES | FOREIGN | MODELS, max_size=3)
NUMBERS = st.just(ID) | INTEGERS
ANSWERS = st.fixed_dictionaries(
    {"status": st.just("ok"), "id": NUMBERS, "value": SENT},
    optional={"arguments": st.lists(SENT, max_size=3).map(tuple) | SENT, "notes": st.lists(TEXTS, max_size=3)},
)
FAILED = st.fixed_dictionaries(
    {"status": st.sampled_from(sorted(STATUS_BY_FAILURE)), "id": NUMBERS},
    optional={
        **dict.fromkeys(["message", "type", "unknown"], TEXTS),
        "where": TEXTS | TEXTS.map(lambda text: f"tiny.py, line 3: {text}"),
    },
)
CALLS = st.fixed_dictionaries(
    {
        "status": st.just("callback"),
        "id": st.integers(-1, 4),
        "args": st.lists(SENT, max_size=3).map(tuple),
        "kwargs": st.dictionaries(TEXTS | st.sampled_from(["x", "self", "out", "where"]), SENT, max_size=2),
    }
)
RAW = st.binary(max_size=30) | st.binary(max_size=30).map(lambda tree: HEADER.pack(MAGIC, len(tree), 0) + tree)
MESSAGES = mutated(ANSWERS) | mutated(FAILED) | mutated(CALLS) | RAW
