"""For pytest in a student's kernel: the hidden cases find the student in the notebook's own namespace."""

from __future__ import annotations

import importlib
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from bench_checks import Student, Unseen, generator, record


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "points(n): what the case is worth")


@pytest.fixture(scope="session")
def student() -> Student:
    notebook: dict[str, Any] = vars(importlib.import_module("__main__"))
    return Student(notebook.__getitem__)


@pytest.fixture(scope="session")
def reference() -> ModuleType:
    return importlib.import_module("reference")


@pytest.fixture(scope="session")
def exhibit() -> Unseen:
    return Unseen()


@pytest.fixture
def rng(request: pytest.FixtureRequest) -> np.random.Generator:
    return generator(request.node.name, seed=0)


@pytest.fixture(scope="module")
def question_rng(request: pytest.FixtureRequest) -> np.random.Generator:
    return generator(request.node.name, seed=0)


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    if report.when == "call":
        question = report.nodeid.partition("::")[0].rpartition("test_")[2].removesuffix(".py")
        record(question, report.nodeid.rpartition("::test_")[2], report.passed)
