"""The pages that say how fit the hidden cases are. CI makes them anew, by `make validate`, and they must not differ."""

from __future__ import annotations

import pytest

from grader.assignments.loader import load
from tests.factories import ROOT

PAGES = {"digits": "assignment-quality.md", "practice_lab": "assignment-quality-practice_lab.md"}


@pytest.mark.parametrize("name", PAGES)
def test_a_page_tells_of_the_assignment_as_it_is(name: str) -> None:
    """No case, answer or solution has changed since `make validate`."""
    assert f"`{load(ROOT / 'solutions' / name).digest[:12]}`" in (ROOT / "docs" / PAGES[name]).read_text()


def test_every_assignment_has_a_page() -> None:
    """Whoever adds an assignment has its hidden cases judged too."""
    assert set(PAGES) == {path.parent.name for path in (ROOT / "solutions").glob("*/assignment.toml")}


def test_the_cases_are_judged_by_enough() -> None:
    """The figures of every question count what they say: known answers, mutants, and cases that kill them."""
    for name, most in {"digits": (80, 40), "practice_lab": (40, 20)}.items():
        page = (ROOT / "docs" / PAGES[name]).read_text()
        assert (page.count(": 100 of 100\n"), page.count(": 0 of 100\n")) == (2, 3)  # stubs, and nothing computed
        rows = [line.split(" | ") for line in page.partition("## Questions")[2].partition("##")[0].splitlines()]
        rows = [row for row in rows if " of " in row[-1] or any(" of " in cell for cell in row)]
        *questions, total = rows
        wrong, right = (int(total[column].split(" of ")[1]) for column in (3, 5))
        assert wrong >= most[0] and right >= most[1]
        assert int(total[4]) >= 0.9 * wrong
        assert len(questions) == len(load(ROOT / "solutions" / name).questions)
        for _, _, _, lost, _, passed, nothing, killed, equivalent, *_ in questions:
            assert int(nothing.removesuffix(" earn 0")) >= 10
            assert lost.split(" of ")[0] == lost.split(" of ")[1] != "0"
            assert passed.split(" of ")[0] == passed.split(" of ")[1] != "0"
            found, mutants = map(int, killed.split(" of "))
            assert found == mutants - int(equivalent) > 0
