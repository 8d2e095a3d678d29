"""Import a notebook, and check its cases: the solution has to pass each, and the stubs none."""

from __future__ import annotations

import hashlib
import re
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from grader._util.atomic_files import display_path
from grader.assignments.loader import load
from grader.authoring.importers import nbgrader, otter
from grader.authoring.importers.assignment_writer import AssignmentFiles, Key, build_files
from grader.authoring.importers.base import Draft, Importer, ImportFailed
from grader.authoring.notebook import Notebook
from grader.authoring.release import build_release
from grader.authoring.scaffold import check_folder, make_folder, write
from grader.errors import UserError
from grader.execution.grader import Grader
from grader.grading import validation
from grader.models import Assignment, Submission

TOOLS: dict[str, Importer] = {"nbgrader": nbgrader.read, "otter": otter.read}


def import_assignment(tool: str, path: Path, out: Path, sandbox: str) -> AssignmentFiles:
    """Write the notebook at `path` as the new assignment `out`; return its files. Raises UserError if that fails."""
    draft = TOOLS[tool](list(Notebook.read(path).cells()))
    support = _files(draft, path.parent)
    name, origin = out.name, f"{path.name}, a notebook of {tool}"
    check_folder(name, out)
    with tempfile.TemporaryDirectory() as place:
        draft_folder = Path(place).resolve() / name
        files = build_files(draft, name, {}, origin)
        _write(files, support, draft_folder)
        try:
            dropped = dict(_failing_cases(load(draft_folder), sandbox))
        except UserError as problem:  # names the temporary folder
            raise ImportFailed(str(problem).replace(str(draft_folder), display_path(out))) from None
        files = build_files(draft, name, dropped, origin) if dropped else files
    _write(files, support, out)
    validation.check(load(out))
    return files


def _write(files: AssignmentFiles, support: dict[str, Path], target: Path) -> None:
    make_folder(target.name, target)
    for name, text in files.files.items():
        write(target / name, text)
    for name, source in support.items():
        copy = target / "student" / name
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, copy)


def _files(draft: Draft, beside: Path) -> dict[str, Path]:
    """Return the files that students need, by relative path.

    The tool's settings name them, or visible cells import them or name them in quotes.
    """
    found, top = {}, beside.resolve()
    for name in draft.files:
        source = (top / name).resolve()
        if source.is_file() and source.is_relative_to(top):
            found[source.relative_to(top).as_posix()] = source
        else:
            draft.skip(0, name, "a file for students that doesn't exist below the notebook's folder")
    shown_cells = [cell for cell in draft.cells if cell.cell_type == "code" and not cell.metadata]
    text = "\n".join(cell.source for cell in shown_cells)
    named = {*re.findall(r"""["']([\w./ -]{1,200})["']""", text)}
    named |= {f"{module}.py" for module in re.findall(r"^(?:from|import) (\w+)", text, re.MULTILINE)}
    for name in sorted(named):
        source = (top / name).resolve()
        if source.is_file() and source.is_relative_to(top) and source.suffix != ".ipynb":
            found[source.relative_to(top).as_posix()] = source
    draft.files = sorted(found)
    return found


def _failing_cases(assignment: Assignment, sandbox: str) -> Iterator[tuple[Key, str]]:
    """Yield the cases that the solution fails or the stubs pass, each with the reason."""
    file = assignment.notebook.name
    contents = {"solution": assignment.notebook.read_bytes(), "stubs": build_release(assignment.folder)[file]}
    class_ = [Submission(who, file, text, hashlib.sha256(text).hexdigest()) for who, text in contents.items()]
    with Grader(assignment, sandbox=sandbox, workers=1) as grader:
        reports = list(grader.grade_many(class_))
    for report in reports:
        for question in report.questions:
            for case in question.cases:
                key = (question.name, f"test_{case.name}")
                if report.student == "solution" and not case.points:
                    yield key, f"the solution fails it in the sandbox: {case.message or case.status}"
                elif report.student == "stubs" and case.points:
                    yield key, "the stubs pass it"
