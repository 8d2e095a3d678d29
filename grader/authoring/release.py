"""solutions/<name>/ -> assignment/<name>/: notebook and module without the answers, and the files beside.

In a code cell the lines between `### BEGIN SOLUTION` and `### END SOLUTION` become a stub: of the function that they
stand in, or of the value that they give a name. A cell tagged
`module` goes into the module too, a cell tagged `solution-only` goes nowhere.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from grader._util.atomic_files import display_path
from grader.errors import UserError

Cell = dict[str, Any]

MARK = re.compile(r"\b(BEGIN|END) SOLUTION\b")
BLOCK = re.compile(
    r"^(?P<indent>[ \t]*)### BEGIN SOLUTION[ \t]*\n(?P<answer>.*?)^(?P=indent)### END SOLUTION[ \t]*$",
    re.MULTILINE | re.DOTALL,
)
DEFINITION = re.compile(r"(?P<indent>[ \t]*)def (?P<name>\w+)")
VALUE = re.compile(r"^(?P<name>\w+) *=(?!=)", re.MULTILINE)
STUB = '{indent}# YOUR CODE HERE\n{indent}raise NotImplementedError("{name}")'
STUB_OF_A_VALUE = "# YOUR CODE HERE\n{name} = None"
TELLING = 12  # a line of at most so many characters, spaces apart, gives no answer away
DOCSTRING = '"""The exercises of {name}.ipynb as a module: fill in one of the two and hand that one in."""\n'


class ReleaseError(UserError):
    """The source can't be released as it stands; the message says where and why."""


def release(source: Path, target: Path) -> list[Path]:
    """Write what the student of `source` receives into `target`. Returns the files, sorted."""
    files = build(source)
    for name, content in files.items():
        path = target / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.is_file() or path.read_bytes() != content:  # what is right already isn't touched
            path.write_bytes(content)
    return [target / name for name in files]


def drift(source: Path, target: Path) -> list[str]:
    """How `target` differs from what `release` would write there; nothing is written."""
    wanted = build(source)
    found = _read(target) if target.is_dir() else {}
    return [
        *(f"missing: {name}" for name in wanted if name not in found),
        *(f"differs: {name}" for name in wanted if name in found and found[name] != wanted[name]),
        *(f"extra: {name}" for name in found if name not in wanted),
    ]


def build(source: Path) -> dict[str, bytes]:
    """Everything the student receives: file name -> content."""
    notebook = source / f"{source.name}.ipynb"
    try:
        document = json.loads(notebook.read_text(encoding="utf-8"))
        cells: list[Cell] = [cell for cell in document["cells"] if "solution-only" not in _tags(cell)]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ReleaseError(f"{display_path(notebook)} is not a readable notebook: {error}") from error
    support = _read(source / "student")
    try:
        stripped = [strip(cell) for cell in cells]
        document["cells"] = [cell for cell, _ in stripped]
        _refuse_leaks([answer for _, answers in stripped for answer in answers], document["cells"], support)
    except ReleaseError as problem:
        raise ReleaseError(f"{display_path(notebook)}, {problem}") from None
    text = json.dumps(document, indent=1, ensure_ascii=False, sort_keys=True) + "\n"
    generated = {
        f"{source.name}.ipynb": text.encode(),
        f"{source.name}.py": _module(source.name, stripped).encode(),
    }
    if clash := generated.keys() & support.keys():
        raise ReleaseError(f"{source / 'student'} holds {sorted(clash)[0]}, which is generated")
    return dict(sorted({**support, **generated}.items()))


def strip(cell: Cell) -> tuple[Cell, list[str]]:
    """The cell as the student sees it, and the answers that were in it."""
    place, source = f"cell {cell.get('id', '?')}", "".join(cell["source"])
    if cell["cell_type"] != "code":
        if MARK.search(source):
            raise ReleaseError(f"{place}: a solution mark hides nothing in a {cell['cell_type']} cell")
        return cell, []
    answers = [block["answer"] for block in BLOCK.finditer(source)]
    if any(MARK.search(answer) for answer in answers):
        raise ReleaseError(f"{place}: a solution mark inside a solution")
    visible = BLOCK.sub(lambda block: _stub(block, place), source)
    if mark := MARK.search(visible):
        other = "END" if mark[1] == "BEGIN" else "BEGIN"
        raise ReleaseError(f"{place}: {mark[0]} without {other} SOLUTION on a line with the same indent")
    tags = {"tags": _tags(cell)} if _tags(cell) else {}
    lines = visible.splitlines(keepends=True)
    return {**cell, "source": lines, "outputs": [], "execution_count": None, "metadata": tags}, answers


def _stub(block: re.Match[str], place: str) -> str:
    """What the student gets for a solution: it raises the name of the function that it stands in. One that stands
    in no function gives a name its value, and there the name becomes None."""
    if not block["indent"] and (value := VALUE.search(block["answer"])):
        return STUB_OF_A_VALUE.format(name=value["name"])
    for line in reversed(block.string[: block.start()].splitlines()):
        definition = DEFINITION.match(line)
        if definition and len(definition["indent"]) < len(block["indent"]):
            return STUB.format(indent=block["indent"], name=definition["name"])
    raise ReleaseError(f"{place}: BEGIN SOLUTION stands in no function, and gives no name a value")


def _module(name: str, stripped: list[tuple[Cell, list[str]]]) -> str:
    """The stubs, and the cells that they need, as a Python module; the headings become comments."""
    parts, heading = [DOCSTRING.format(name=name)], ""
    for cell, answers in stripped:
        source = "".join(cell["source"])
        if cell["cell_type"] == "markdown":
            headings = re.findall(r"^#+ +(.+)$", source, flags=re.MULTILINE)
            heading = re.sub(r"<[^>]*>|[`*$]", "", headings[-1]).strip() if headings else heading
        elif answers:
            parts.append(f"\n# {heading}\n{source}\n" if heading else f"\n{source}\n")
        elif "module" in _tags(cell):
            parts.append(f"{source}\n")
    return "\n".join(parts)


def _refuse_leaks(answers: list[str], cells: list[Cell], support: dict[str, bytes]) -> None:
    """A visible cell may share a line with an answer (`for W, b in parameters:`), but not show the whole
    of it; a file beside the notebook may hold no telling line, unless a visible cell shows it anyway."""
    shown = {f"cell {cell.get('id', '?')}": _squeeze("".join(cell["source"])) for cell in cells}
    for answer in answers:
        lines = [_squeeze(line) for line in re.sub(r"#.*", "", answer).splitlines() if line.strip()]
        for place, text in shown.items():
            if _telling(" ".join(lines)) and " ".join(lines) in text:
                raise ReleaseError(f"{place} holds an answer outside the solution marks: {lines[0]!r} ...")
        visible = " ".join(shown.values())
        secrets = [line for line in lines if _telling(line) and line not in visible]
        for name, content in support.items():
            text = _squeeze(content.decode("utf-8", errors="replace"))
            if leaked := [line for line in secrets if line in text]:
                raise ReleaseError(f"student/{name} holds a line of an answer: {leaked[0]!r}")


def _telling(line: str) -> bool:
    return len(line.replace(" ", "")) > TELLING


def _squeeze(text: str) -> str:
    return " ".join(text.split())


def _tags(cell: Cell) -> list[str]:
    return list(cell.get("metadata", {}).get("tags", []))


def _read(folder: Path) -> dict[str, bytes]:
    """The files in a folder, caches and hidden files apart: name -> content."""
    names = [path.relative_to(folder) for path in sorted(folder.rglob("*")) if path.is_file()]
    seen = [name for name in names if not any(part[0] == "." or part == "__pycache__" for part in name.parts)]
    return {name.as_posix(): (folder / name).read_bytes() for name in seen}
