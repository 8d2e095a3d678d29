"""What a job has asked of the known answers, the next one need not ask again, and gets the same."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import numpy as np
import pytest

from grader.diagnosis import answer_cache
from grader.diagnosis.answer_cache import AnswerCache
from grader.diagnosis.probes import ABSENT, UNCACHED, ProbeAnswer, differing_parts
from grader.models import Assignment
from grader.sandbox.client.model_view import KerasModel

PLAIN = ProbeAnswer(
    {("value",): np.arange(3.0), ("argument", 0, "length"): 2}, ((0, (3, 1)), (0, None)), [np.arange(3.0)]
)
RAISED = ProbeAnswer({("raised",): "error: ValueError: no"})
MODEL = ProbeAnswer({("value", "kind"): "Sequential"}, (), KerasModel.dense([(np.ones((2, 1)), np.ones(1))]))


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    yield tmp_path / "grader"


def filled(assignment: Assignment, **answers: ProbeAnswer) -> AnswerCache:
    found = AnswerCache(assignment, b"known")
    for key, answer in answers.items():
        found.put((key, "0"), answer)
    found.save()
    return AnswerCache(assignment, b"known")


def test_an_answer_comes_back_as_it_was(tiny: Assignment, cache: Path) -> None:
    """Its parts, its calls and its value; of a model, which lives in a worker, all but the value."""
    found = filled(tiny, plain=PLAIN, raised=RAISED, model=MODEL)
    plain, raised, model = (found.get((key, "0")) for key in ("plain", "raised", "model"))
    assert plain and not differing_parts(plain, PLAIN) and plain.calls == PLAIN.calls
    assert isinstance(plain.value, list) and plain.value[0].tolist() == [0, 1, 2]
    assert raised and raised.parts == RAISED.parts and raised.value is ABSENT
    assert model and model.parts == MODEL.parts and model.value is UNCACHED
    assert found.get(("plain", "1")) is None


def test_two_jobs_add_to_each_other(tiny: Assignment, cache: Path) -> None:
    """What one has saved meanwhile isn't lost by the other's saving."""
    one, other = AnswerCache(tiny, b"known"), AnswerCache(tiny, b"known")
    one.put(("a",), PLAIN)
    other.put(("b",), RAISED)
    one.save()
    other.save()
    both = AnswerCache(tiny, b"known")
    assert both.get(("a",)) and both.get(("b",))


@pytest.mark.parametrize("change", ["assignment", "secret", "known"])
def test_another_assignment_knows_nothing_of_it(tiny: Assignment, cache: Path, change: str) -> None:
    """A changed assignment, secret, known answer or sandbox asks anew."""
    filled(tiny, plain=PLAIN)
    assert AnswerCache(tiny, b"known", ["no network"]).get(("plain", "0")) is None
    digest, secret = ("another" if change == name else "" for name in ("assignment", "secret"))
    changed = msgspec.structs.replace(tiny, digest=digest or tiny.digest, secret=secret or tiny.secret)
    assert AnswerCache(changed, b"other" if change == "known" else b"known").get(("plain", "0")) is None


@pytest.mark.parametrize(
    "spoil",
    [
        lambda path: path.write_bytes(b"nonsense"),
        lambda path: path.write_bytes(msgspec.msgpack.encode({"plain\x000": b"no frame"})),
        lambda path: path.write_bytes(msgspec.msgpack.encode({"plain\x000": b"GRW1" + bytes(9)})),
        lambda path: path.write_bytes(msgspec.msgpack.encode([1])),
        lambda path: (path.unlink(), path.mkdir()),
    ],
    ids=["nonsense", "no frame", "half a frame", "a list", "a folder"],
)
def test_a_spoiled_file_costs_its_use_and_no_more(
    tiny: Assignment, cache: Path, spoil: Callable[[Path], object]
) -> None:
    """Whatever stands there, nothing is remembered, and nothing fails."""
    filled(tiny, plain=PLAIN)
    (path,) = cache.iterdir()
    spoil(path)
    assert filled(tiny).get(("plain", "0")) is None
    filled(tiny, raised=RAISED)


def test_the_oldest_files_go(tiny: Assignment, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each version of an assignment has a file of its own; only so many are kept, for their owner alone."""
    monkeypatch.setattr(answer_cache, "MAX_FILES", 2)
    for digest in "abc":
        filled(msgspec.structs.replace(tiny, digest=digest), plain=PLAIN)
    assert len(list(cache.iterdir())) == 2
    assert cache.stat().st_mode & 0o077 == 0
