"""A gradebook with several assignments: each command says so, and shows the one that is named."""

from __future__ import annotations

import json
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner, Result

from grader.cli.main import cli
from grader.gradebook.store import Gradebook
from tests.factories import BASIS, scored_report

LAB = msgspec.structs.replace(BASIS, assignment="lab")


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """Two runs of digits, then two of lab; Bob is in those of digits only."""
    with Gradebook.open(tmp_path / "gradebook.sqlite") as book:
        for basis, scores in ((BASIS, (1.0, 2.0)), (LAB, (3.0, 4.0))):
            for score in scores:
                run = book.new_run(basis, 1)
                book.add(run, scored_report("ada", score, f"{basis.assignment} {score}"), f"{basis.assignment} {score}")
                if basis is BASIS:
                    book.add(run, scored_report("bob", 5.0), "bob")
                book.finish_run(run)
    return tmp_path


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(cli, [str(word) for word in arguments])


def test_the_assignment_must_be_named(out: Path) -> None:
    """The sentence has the names."""
    for arguments in (("show", out, "ada"), ("diff", out), ("export", out, "--to", "csv")):
        result = run(*arguments)
        assert (result.exit_code, result.stdout) == (2, "")
        assert result.stderr.endswith("has reports of digits and lab; choose one with --assignment NAME\n")
        wrong = run(*arguments, "--assignment", "art")
        assert wrong.exit_code == 2
        assert "has no reports of the assignment 'art'; it has digits and lab" in wrong.stderr


@pytest.mark.parametrize(("assignment", "score"), [("digits", 2.0), ("lab", 4.0)])
def test_the_named_assignment_is_shown(out: Path, assignment: str, score: float) -> None:
    """Its newest report, its last two runs, its students."""
    shown = run("show", out, "ada", "--json", "--assignment", assignment)
    assert json.loads(shown.stdout)["score"] == score
    compared = run("diff", out, "--json", "--assignment", assignment)
    assert compared.exit_code == 0, compared.output
    assert run("show", out, "bob", "--assignment", "lab").exit_code == 2
    exported = run("export", out, "--to", "csv", "--output", out / "x.csv", "--assignment", assignment)
    assert exported.exit_code == 0, exported.output
    assert ("bob" in (out / "x.csv").read_text()) == (assignment == "digits")


def test_runs_that_are_numbered_need_no_name(out: Path) -> None:
    """The numbers say which assignment is meant."""
    assert run("diff", out, "1", "2", "--json").exit_code == 0
    assert run("export", out, "--to", "csv", "--run", "3", "--output", out / "x.csv").exit_code == 0


def test_views_are_of_one_assignment(out: Path) -> None:
    """Reports, students, runs, history and digests."""
    with Gradebook.open(out / "gradebook.sqlite") as book:
        digits, lab = book.for_assignment("digits"), book.for_assignment("lab")
        assert book.assignments() == ["digits", "lab"]
        assert [len(view.runs()) for view in (book, digits, lab)] == [4, 2, 2]
        assert [view.students() for view in (digits, lab)] == [["ada", "bob"], ["ada"]]
        assert [[report.score for report in view] for view in (digits, lab)] == [[2.0, 5.0], [4.0]]
        assert [[report.score for report in view.history("ada")] for view in (digits, lab)] == [[1.0, 2.0], [3.0, 4.0]]
        assert lab.latest_report("bob") is None
        assert book.submitted_digests("digits") == {"ada": "digits 2.0", "bob": "d1"}
        assert book.submitted_digests("lab") == {"ada": "lab 4.0"}
