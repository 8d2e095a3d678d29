"""Import a notebook, and check its cases: the solution has to pass each, and the stubs none."""

from __future__ import annotations

import itertools
import re
import shutil
import tempfile
from pathlib import Path

from grader._util.atomic_files import display_path
from grader.assignments.loader import load
from grader.authoring.importers import attempt, nbgrader, otter
from grader.authoring.importers.assignment_writer import AssignmentFiles, NothingToGrade, build_files
from grader.authoring.importers.base import CaseKey, Draft, Importer, ImportFailed
from grader.authoring.notebook import Notebook
from grader.authoring.release import leaks
from grader.authoring.scaffold import check_folder, make_folder, write
from grader.errors import UserError
from grader.grading import validation

MAX_FILES = 1000  # beside a notebook
MAX_FILE_BYTES = 50 << 20
REPOSITORY_FILES = (".git", "nbgrader_config.py", "setup.py", "pyproject.toml")
TOOLS: dict[str, Importer] = {"nbgrader": nbgrader.read, "otter": otter.read}


def import_assignment(tool: str, path: Path, out: Path, sandbox: str) -> AssignmentFiles:
    """Write the notebook at `path` as the new assignment `out`; return its files. Raises UserError if that fails.

    The author's solution and tests are tried in a sandbox. The import report says so if the level has none for them.
    """
    draft = TOOLS[tool](list(Notebook.read(path).cells()))
    support = _files(draft, path, ships_folder=tool == "nbgrader")
    name, origin = out.name, f"{path.name}, a notebook of {tool}"
    check_folder(name, out)
    try:
        files = _checked_files(draft, support, out, origin, sandbox)
    except NothingToGrade as problem:
        report = out.with_name(f"{name}-IMPORTED.md")
        write(report, problem.report)
        raise ImportFailed(f"{problem}; {display_path(report)} says why for each test") from None
    _write(files, support, out)
    validation.check(load(out))
    return files


def _checked_files(draft: Draft, support: dict[str, Path], out: Path, origin: str, sandbox: str) -> AssignmentFiles:
    """Return the files of the assignment, with the cases that the solution passes and the stubs fail.

    They are tried again without those that failed: a case may depend on what earlier cases of the worker ran.
    """
    name = out.name
    if not attempt.is_isolated(sandbox):
        draft.skip(0, "solution and tests", f"were tried outside of a sandbox: the level {sandbox} has none for them")
    failures: dict[CaseKey, str] | None = None
    attempts = itertools.count()
    while True:
        files = build_files(draft, name, origin, failures)
        with tempfile.TemporaryDirectory() as place:
            folder = Path(place).resolve() / name
            _write(files, support, folder)
            try:
                load(folder)
                if _note_leaks(draft, folder):
                    files = build_files(draft, name, origin, failures)
                    (folder / "assignment.toml").write_text(files.files["assignment.toml"])
                found = attempt.try_cases(folder, sandbox, next(attempts))
            except UserError as problem:  # names the temporary folder
                raise ImportFailed(str(problem).replace(str(folder), display_path(out))) from None
        if failures is not None and not found:
            return files
        failures = {**(failures or {}), **found}


def _note_leaks(draft: Draft, folder: Path) -> bool:
    """Note the answers that students can read elsewhere, and accept them: a formula may well be explained."""
    found = leaks(folder)
    for leak in found:
        draft.skip(0, leak.place, f"shows a line of an answer, which `shown` in assignment.toml allows: {leak.line}")
    draft.shown += [leak.line for leak in found]
    return bool(found)


def _write(files: AssignmentFiles, support: dict[str, Path], target: Path) -> None:
    make_folder(target.name, target)
    for name, text in files.files.items():
        write(target / name, text)
    for name, source in support.items():
        copy = target / "student" / name
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, copy)


def _files(draft: Draft, notebook: Path, ships_folder: bool) -> dict[str, Path]:
    """Return the files that students need, by relative path.

    The tool's settings name them, cells import them or name them in quotes, or such a module imports them. If the tool
    ships the notebook's folder, the folder's other files belong to them, except in the root of a repository.
    """
    top = notebook.parent.resolve()
    text = "\n".join(cell.source for cell in draft.cells if cell.cell_type == "code")
    text += "".join(f"\n{test.source}" for test in draft.tests)
    todo = [*_named(text)]
    if ships_folder and not any((top / each).exists() for each in REPOSITORY_FILES):
        todo += _below(top, top)
    for name in draft.files:
        named = (top / name).resolve()
        if named.is_file() and named.is_relative_to(top):
            todo.append(name)
        elif named.is_dir() and top in named.parents:
            todo += _below(named, top)
        else:
            draft.skip(0, name, "a file for students that doesn't exist below the notebook's folder")
    found: dict[str, Path] = {}
    while todo:
        source = (top / todo.pop()).resolve()
        name = source.relative_to(top).as_posix() if source.is_relative_to(top) else ""
        hidden = not name or any(part.startswith((".", "__pycache__")) for part in Path(name).parts)
        if hidden or name in found or not source.is_file() or source.suffix == ".ipynb" or name == "README.md":
            continue
        if source.stat().st_size > MAX_FILE_BYTES:
            draft.skip(0, name, f"a file of more than {MAX_FILE_BYTES >> 20} MB, which isn't copied")
            continue
        found[name] = source
        if source.suffix == ".py":
            todo += _named(source.read_text(encoding="utf-8", errors="replace"))
    draft.files = sorted(found)
    return found


def _below(folder: Path, top: Path) -> list[str]:
    """Return the paths below a folder, relative to `top`."""
    return [path.relative_to(top).as_posix() for path in sorted(folder.rglob("*"))[:MAX_FILES]]


def _named(text: str) -> set[str]:
    """Return the files that code may mean: the texts in quotes, and the modules and packages that it imports."""
    modules = re.findall(r"^\s*(?:from|import)\s+([\w.]+)", text, re.MULTILINE)
    paths = {module.strip(".").replace(".", "/") for module in modules}
    return {
        *re.findall(r"""["']([\w./ -]{1,200})["']""", text),
        *(f"{p}.py" for p in paths),
        *(f"{p}/__init__.py" for p in paths),
    }
