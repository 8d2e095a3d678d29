"""Release of an assignment: solutions/<name>/ -> assignment/<name>/, without the answers.

In a code cell, the lines between `### BEGIN SOLUTION` and `### END SOLUTION` become a stub of the function or value
that they define. A cell with the tag `module` also goes into the module. A cell with the tag `solution-only` is
removed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from nbformat import NotebookNode

from grader._util import extras
from grader._util.atomic_files import display_path
from grader._util.fast_imports import fast_imports
from grader.assignments import settings
from grader.authoring.notebook import Notebook
from grader.errors import UserError
from grader.notebooks.solution_regions import RegionError

MAX_HARMLESS_CHARACTERS = 12  # of a line, without spaces: a shorter line reveals no answer


class ReleaseError(UserError):
    """An assignment can't be released as it is."""


def release(source: Path, target: Path) -> list[Path]:
    """Write the files for students of the assignment `source` into `target`. Return the files, sorted."""
    files = build_release(source)
    for name, content in files.items():
        path = target / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.is_file() or path.read_bytes() != content:  # keep the time of an unchanged file
            path.write_bytes(content)
    return [target / name for name in files]


def drift(source: Path, target: Path) -> list[str]:
    """Return the differences between `target` and the files that `release` would write there."""
    wanted = build_release(source)
    found = _read(target) if target.is_dir() else {}
    return [
        *(f"missing: {name}" for name in wanted if name not in found),
        *(f"differs: {name}" for name in wanted if name in found and found[name] != wanted[name]),
        *(f"extra: {name}" for name in found if name not in wanted),
    ]


def build_release(source: Path) -> dict[str, bytes]:
    """Return the files for students: name -> content.

    Needs nbconvert, and imports the author's preprocessors. Raises UserError.
    """
    extras.require("authoring", "a release")
    pipeline = _pipeline()
    notebook = source / f"{source.name}.ipynb"
    options = settings.read_settings(source).release
    support = _read(source / "student")
    try:
        found = pipeline.run_pipeline(Notebook.read(notebook), source, options.preprocessors)
        for leak in _leaks(found.answers, found.cells, support):
            if leak.line not in options.shown:
                raise ReleaseError(str(leak))
    except pipeline.PreprocessorError as problem:
        here = settings.toml_location(source, "release", 0, "preprocessors")
        raise ReleaseError(f"{here}: {problem}") from problem.__cause__
    except (RegionError, ReleaseError) as problem:
        raise ReleaseError(f"{display_path(notebook)}, {problem}") from None
    generated = {f"{source.name}.ipynb": found.notebook.encode(), f"{source.name}.py": found.module.encode()}
    if clash := generated.keys() & support.keys():
        raise ReleaseError(f"{source / 'student'} holds {sorted(clash)[0]}, which the release generates; remove it")
    return dict(sorted({**support, **generated}.items()))


def _pipeline() -> ModuleType:
    """Import the steps of a release, late: grading needs no nbconvert."""
    with fast_imports():
        from grader.authoring import release_pipeline
    return release_pipeline


@dataclass(frozen=True)
class Leak:
    """Place where students could read an answer. `line` is the first line of the answer that stands there."""

    place: str
    line: str
    whole: bool  # whether all lines of the answer are there

    def __str__(self) -> str:
        if self.whole:
            return f"{self.place} holds an answer outside the solution marks: {self.line!r} ..."
        return f"{self.place} holds a line of an answer: {self.line!r}"


def leaks(source: Path) -> list[Leak]:
    """Return the places where students could read an answer, without running the author's preprocessors."""
    pipeline = _pipeline()
    found = pipeline.run_pipeline(Notebook.read(source / f"{source.name}.ipynb"), source, [])
    return list(_leaks(found.answers, found.cells, _read(source / "student")))


def _leaks(answers: Sequence[str], cells: Sequence[NotebookNode], support: dict[str, bytes]) -> Iterator[Leak]:
    """Yield the places where students could read an answer.

    A visible cell may share a line with an answer (`for W, b in parameters:`), but not all lines. A file may share
    only lines that are short, or that a visible cell shows as well.
    """
    shown = {f"cell {cell.id}": _squeeze(cell.source) for cell in cells}
    for answer in answers:
        lines = [_squeeze(line) for line in re.sub(r"#.*", "", answer).splitlines() if line.strip()]
        for place, text in shown.items():
            if _is_revealing(" ".join(lines)) and " ".join(lines) in text:
                yield Leak(place, lines[0], whole=True)
        visible = " ".join(shown.values())
        secrets = [line for line in lines if _is_revealing(line) and line not in visible]
        for name, content in support.items():
            text = _squeeze(content.decode("utf-8", errors="replace"))
            yield from (Leak(f"student/{name}", line, whole=False) for line in secrets if line in text)


def _is_revealing(line: str) -> bool:
    return len(line.replace(" ", "")) > MAX_HARMLESS_CHARACTERS


def _squeeze(text: str) -> str:
    return " ".join(text.split())


def _read(folder: Path) -> dict[str, bytes]:
    """Return name -> content of the files in a folder, without caches and hidden files."""
    names = [path.relative_to(folder) for path in sorted(folder.rglob("*")) if path.is_file()]
    seen = [name for name in names if not any(part[0] == "." or part == "__pycache__" for part in name.parts)]
    return {name.as_posix(): (folder / name).read_bytes() for name in seen}
