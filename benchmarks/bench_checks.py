"""The hidden cases run in the process that holds the student's functions, with no wall between them.

    checks = Checks(Path("hidden"), reference)
    for case in checks.run("sigmoid", Student(namespace), seed=7): ...

This is how the peers work, and what the floor is measured with. It takes the hidden test files as they are, but
spares everybody pytest itself: a stand-in of a few lines collects the functions and hands them their fixtures.
"""

from __future__ import annotations

import contextlib
import importlib
import importlib.util
import inspect
import json
import os
import sys
import types
import zlib
from collections.abc import Callable, Iterator, Mapping
from functools import cache, partial
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import numpy as np

from grader.sandbox.client.model_view import Description, KerasModel, Tensor
from grader.sandbox.guest import model_codec
from grader.sandbox.guest.shared_memory import merge_equal_arrays, shares_memory


class Case(NamedTuple):
    """One case, judged: an empty message is a pass."""

    name: str
    points: float
    message: str


class Call(NamedTuple):
    value: Any
    arguments: tuple[Any, ...]
    shared: bool = False


class Student:
    """The student's functions, called directly."""

    def __init__(self, get: Callable[[str], Any]) -> None:
        self._get = get

    def __getattr__(self, name: str) -> Callable[..., Any]:
        return lambda *args, **kwargs: self.call(name, *args, **kwargs).value

    def call(self, name: str, *args: Any, **kwargs: Any) -> Call:
        arguments = tuple(map(copied, args))
        return Call(plain(self._get(name)(*arguments, **kwargs)), plain(arguments))

    def calls(self, name: str, *calls: tuple[Any, ...]) -> list[Call]:
        function, given = self._get(name), merge_equal_arrays(list(map(copied, calls)), {})
        results = [function(*arguments) for arguments in given]
        pairs = zip(results, given, strict=True)
        return [Call(plain(result), plain(args), shares_memory(result, args)) for result, args in pairs]

    @property
    def exact(self) -> Exact:
        return Exact(self._get)


class Exact:
    """The submission, in whose process code of a case runs."""

    def __init__(self, get: Callable[[str], Any]) -> None:
        self._get = get

    def observe(self, name: str, code: str, uses: list[str]) -> list[tuple[Any, ...]]:
        observed: list[tuple[Any, ...]] = []
        namespace = {each: self._get(each) for each in uses}
        exec(code, {**namespace, "observe": lambda *values: observed.append(values)})
        return observed


def copied(value: Any) -> Any:
    """An argument of the student's own, so that a case can see whether it was changed."""
    if isinstance(value, KerasModel):
        layers = [tuple(layer.weights) for layer in value.layers]
        frozen = [i for i, layer in enumerate(value.layers) if not layer.trainable]
        return model_codec.make_model({"layers": layers, "activation": value.layers[0].activation, "frozen": frozen})
    if isinstance(value, Tensor):
        return model_codec.tensor(value.array)
    if isinstance(value, list | tuple):
        return type(value)(map(copied, value))
    return value.copy() if isinstance(value, np.ndarray) else value


def plain(value: Any) -> Any:
    """A result as arrays in lists: tensors become arrays, a Keras model becomes its description."""
    if isinstance(value, list | tuple):
        return list(map(plain, value)) if isinstance(value, list) else tuple(map(plain, value))
    if "keras" in sys.modules and isinstance(value, sys.modules["keras"].Model):
        told = msgspec.convert({**model_codec.describe_model(value), "handle": 0}, Description)
        return KerasModel.from_description(told, lambda question: plain(model_codec.model_answer(value, **question)))
    return np.asarray(value) if hasattr(value, "__array__") else value


class Checks:
    """The hidden cases of an assignment."""

    def __init__(self, hidden: Path, reference: Any) -> None:
        self._known: dict[str, Any] = {"reference": reference}
        with stand_in():
            sys.modules["conftest"] = conftest = load(hidden / "conftest.py")
            self._shared = fixtures(conftest)
            modules = {path.stem.removeprefix("test_"): load(path) for path in sorted(hidden.glob("test_*.py"))}
        self._fixtures = {question: {**self._shared, **fixtures(module)} for question, module in modules.items()}
        self.cases = {
            question: {name: value for name, value in vars(module).items() if name.startswith("test_")}
            for question, module in modules.items()
        }

    def prepare(self) -> None:
        """Makes what depends on no submission, so that it is there before the first one comes."""
        for question, found in self._fixtures.items():
            for name, fixture in found.items():
                if fixture.scope == "session":
                    self._value(name, question, {"function": {}, "module": {}})

    def run(self, question: str, student: Student, seed: int) -> Iterator[Case]:
        shared = {"student": student, "question_rng": generator(question, seed), "exhibit": Unseen()}
        messages: dict[str, str] = {}
        for name, function in self.cases[question].items():
            own = {"rng": generator(name, seed)}
            message = ""
            try:
                function(**self._arguments(function, question, {"function": own, "module": shared}))
            except BaseException as problem:  # the student's code may raise anything
                message = f"{type(problem).__name__}: {problem}"
            messages[name] = message
        for name, function in self.cases[question].items():
            lacking = [needed for needed in function.needs if messages[needed]]
            message = messages[name] or (f"counts only together with {lacking[0]}" if lacking else "")
            yield Case(name.removeprefix("test_"), function.points, message)

    def _arguments(self, function: Any, question: str, made: dict[str, dict[str, Any]]) -> dict[str, Any]:
        return {name: self._value(name, question, made) for name in inspect.signature(function).parameters}

    def _value(self, name: str, question: str, made: dict[str, dict[str, Any]]) -> Any:
        """What a fixture gives: `made` holds by scope what has been made for this case and this question."""
        for kept in (*made.values(), self._known):
            if name in kept:
                return kept[name]
        fixture = self._fixtures[question][name]
        kept = made.get(fixture.scope, self._known)
        kept[name] = fixture(**self._arguments(fixture, question, made))
        return kept[name]


class Unseen:
    """Takes what a case has to show, and shows it to nobody."""

    def __getattr__(self, name: str) -> Any:
        return lambda *_, **__: None


def generator(case: str, seed: int) -> np.random.Generator:
    """The random inputs of a case."""
    return np.random.default_rng([seed, zlib.crc32(case.encode())])


def fixtures(module: types.ModuleType) -> dict[str, Any]:
    return {name: value for name, value in vars(module).items() if hasattr(value, "scope")}


def load(path: Path) -> types.ModuleType:
    spec = importlib.util.spec_from_file_location(f"hidden_{path.stem}", path)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@contextlib.contextmanager
def stand_in() -> Iterator[None]:
    """While hidden files are imported, `pytest` is something that only remembers what its marks say.

    And `conftest`, which they import from, is nobody else's afterwards.
    """

    def fixture(function: Any = None, *, scope: str = "function") -> Any:
        if function is None:
            return partial(fixture, scope=scope)
        function.scope = scope
        return function

    def points(number: float, beyond: bool = False, needs: str | tuple[str, ...] = ()) -> Callable[[Any], Any]:
        def marked(function: Any) -> Any:
            function.points = number
            function.needs = (needs,) if isinstance(needs, str) else needs
            return function

        return marked

    before = {name: sys.modules.get(name) for name in ("pytest", "conftest")}
    fake: Any = types.ModuleType("pytest")
    fake.fixture, fake.mark = fixture, types.SimpleNamespace(points=points)
    sys.modules["pytest"] = fake
    try:
        yield
    finally:
        for name, module in before.items():
            sys.modules.pop(name, None)
            if module:
                sys.modules[name] = module


@cache
def beside() -> Checks:
    """The hidden cases and the reference that were put beside this file for the peers."""
    return Checks(Path(__file__).with_name("hidden"), importlib.import_module("reference"))


def ask(question: str, namespace: Mapping[str, Any]) -> None:
    """What a peer's test of one question calls. Raises AssertionError when a case fails."""
    failed = []
    for case in beside().run(question, Student(namespace.__getitem__), seed=0):
        record(question, case.name, not case.message)
        if case.message:
            failed.append(f"{case.name}: {case.message}")
    assert not failed, "\n".join(failed)


def record(question: str, case: str, passed: bool) -> None:
    """Keeps account of what was judged, so that it can be seen that all peers judge the same."""
    line = json.dumps([question, case, passed]) + "\n"
    with open(os.environ["BENCH_ACCOUNT"], "a", encoding="utf-8") as account:
        account.write(line)
