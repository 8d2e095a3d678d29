"""Importer of master notebooks of otter assign, in both of its formats.

In the newer format, raw cells divide the notebook: `# BEGIN QUESTION` with YAML, `# BEGIN SOLUTION`, `# BEGIN TESTS`,
and the corresponding END. In the older format, a question is a text cell with a block `BEGIN QUESTION`. The code cells
after it are its answer, or its tests if they begin with `## Test ##` or `## Hidden Test ##`.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass, field
from typing import Any

import yaml

from grader.authoring.importers.base import Cell, Draft, Test, parse_points
from grader.notebooks.solution_regions import is_marked, mark_solutions

RAW = re.compile(r"\s*#\s*(BEGIN|END|ASSIGNMENT) (QUESTION|SOLUTION|PROMPT|TESTS|CONFIG)\b", re.IGNORECASE)
OLD = re.compile(r"```\s*\n(?:#\s*)?BEGIN (QUESTION|ASSIGNMENT)\s*\n(.*?)```", re.DOTALL)
OLD_TEST = re.compile(r"\s*##?\s*(hidden\s+)?test\s*(?:##[^\n]*)?(?:\n|$)", re.IGNORECASE)
WRITTEN = re.compile(r"\s*\*\*SOLUTION\b", re.IGNORECASE)
OTTER_USE = re.compile(r"\bimport otter\b|\botter\.Notebook\(|\bgrader\.(?:check|check_all|export)\(")
HIDDEN = re.compile(r"\s*#\s*HIDDEN\s*(?:\n|$)")
CONFIG = re.compile(r"""\s*(\"\"\"|''')\s*# BEGIN TEST CONFIG\s*\n(.*?)\1;?\s*# END TEST CONFIG[^\n]*\n?""", re.DOTALL)
PROMPT = re.compile(
    r"""^[ \t]*(\"\"\"|''')\s*# BEGIN PROMPT.*?\1;?\s*# END PROMPT[^\n]*\n?""", re.DOTALL | re.MULTILINE
)
IGNORED = re.compile(r"^\s*#+\s*ignore\b", re.IGNORECASE)
FUNCTION_TEST = re.compile(r"^def test_\w*\(", re.MULTILINE)
LINE = re.compile(r"[ \t]*#\s*SOLUTION( NO PROMPT)?\s*$", re.IGNORECASE)
SEED = re.compile(r"[ \t]*#\s*SEED\s*$")
BLOCK = re.compile(r"\s*#+\s*(BEGIN|END) SOLUTION( NO PROMPT)?\s*$", re.IGNORECASE)


@dataclass
class _Question:
    """Question whose cells are being read."""

    settings: dict[str, Any]
    cell: int
    tests: list[tuple[int, str, dict[str, Any], int, str]] = field(
        default_factory=list
    )  # cell, source, config, place, recorded output

    @property
    def name(self) -> str:
        """Return the name of the question, or the number of its cell."""
        return str(self.settings.get("name") or f"cell {self.cell}")

    @property
    def manual(self) -> bool:
        """Return whether the question is graded manually."""
        return bool(self.settings.get("manual"))


class _OtterReader:
    """Reader of the cells in order. `part` is the current part of the question."""

    def __init__(self) -> None:
        self.draft = Draft()
        self.question: _Question | None = None
        self.part = ""
        self.functions = False  # whether tests are functions that raise, not expressions that are displayed

    def read(self, cells: list[Cell]) -> Draft:
        """Return the draft of the assignment in the cells."""
        for number, cell in enumerate(cells, start=1):
            raw = RAW.match(cell["source"]) if cell["cell_type"] == "raw" else None
            old = OLD.search(cell["source"]) if cell["cell_type"] == "markdown" else None
            if raw:
                self._border(cell, number, raw[1].upper(), raw[2].upper())
            elif old and old[1] == "ASSIGNMENT":
                self._configure(_yaml(old[2]), number)
            elif IGNORED.match(cell["source"]):
                self.draft.skip(number, "the cell", "is marked to be ignored")
            else:
                if old:
                    self._end()
                    self.question, self.part = _Question(_yaml(old[2]), number), "OLD"
                    cell = {**cell, "source": OLD.sub("", cell["source"]).strip()}
                self._cell(cell, number)
        self._end()
        self.draft.weigh("a test without points; it isn't graded")
        return self.draft

    def _border(self, cell: Cell, number: int, kind: str, what: str) -> None:
        if what == "CONFIG":
            self._configure(_yaml(cell["source"]), number)
        elif what == "QUESTION":
            self._end()
            if kind == "BEGIN":
                self.question = _Question(_yaml(cell["source"]), number)
        else:
            self.part = what if kind == "BEGIN" else ""

    def _configure(self, settings: dict[str, Any], number: int) -> None:
        self.draft.title = str(settings.get("name") or "")
        files = settings.get("files")
        self.draft.files += map(str, files) if isinstance(files, list) else []
        tests = settings.get("tests")
        self.functions = isinstance(tests, dict) and tests.get("ok_format") is False
        rest = [key for key in settings if key not in ("name", "files", "tests")]
        if rest:
            self.draft.skip(number, "the assignment's settings", f"are otter's: {', '.join(map(str, rest))}")

    def _cell(self, cell: Cell, number: int) -> None:
        old_test = OLD_TEST.match(cell["source"]) if self.part == "OLD" else None
        if cell["cell_type"] == "raw":
            self.draft.skip(number, "a raw cell", "isn't one of otter's")
        elif self.part == "PROMPT":
            self.draft.skip(number, "a prompt", "isn't shown: our stub replaces it")
        elif self.question and cell["cell_type"] == "code" and (self.part == "TESTS" or old_test):
            self._test(cell, number, bool(old_test and old_test[1]))
        elif self._is_written(cell):
            self.draft.add(cell, "*Type your answer here, replacing this text.*")
            self.draft.add(cell, cell["source"], "solution-only")
        elif cell["cell_type"] == "code":
            self._code(cell, number)
        elif cell["source"]:
            self.draft.add(cell, cell["source"])

    def _is_written(self, cell: Cell) -> bool:
        """Return whether a text cell holds an answer."""
        if cell["cell_type"] == "code" or not self.question:
            return False
        return self.part == "SOLUTION" or bool(WRITTEN.match(cell["source"]))

    def _code(self, cell: Cell, number: int) -> None:
        """Add a code cell, which may hold answers."""
        source = PROMPT.sub("", cell["source"])
        if source != cell["source"]:
            self.draft.skip(number, "a prompt", "isn't shown: our stub replaces it")
        lines, answers = self._answers(source, number)
        if any(map(OTTER_USE.search, lines)):
            kept = [n for n, line in enumerate(lines) if not OTTER_USE.search(line)]
            self.draft.skip(number, "lines of the cell" if kept else "the cell", "use otter itself")
            answers = {place for place, n in enumerate(kept) if n in answers}
            lines = [lines[n] for n in kept]
            if not any(line.strip() and not line.strip().startswith("#") for line in lines):
                return
        if not answers:
            self.draft.add(cell, "\n".join(lines))
            if self.part == "SOLUTION":
                self.draft.skip(number, "a solution cell", "has no solution marks, so students get it as it is")
            return
        try:
            text = mark_solutions("\n".join(lines), answers)
        except SyntaxError as problem:
            text, why = "\n".join(lines), f"isn't Python (line {problem.lineno})"
        else:
            why = "" if is_marked(text) else "defines nothing"
        if why:
            self.draft.skip(number, "an answer", f"{why}; students don't get the cell")
        self.draft.add(cell, text, *(["solution-only"] if why else []))

    def _answers(self, source: str, number: int) -> tuple[list[str], set[int]]:
        """Return the lines without otter's marks, and the indices of the lines of the answer."""
        lines: list[str] = []
        inside, answers = False, set()
        for line in source.split("\n"):
            if block := BLOCK.match(line):
                inside = block[1].upper() == "BEGIN"
                continue
            if SEED.search(line):
                self.draft.skip(number, "a seed", "stays visible")
            elif inside or LINE.search(line):
                answers.add(len(lines))
            lines.append(SEED.sub("", LINE.sub("", line)))
        return lines, answers

    def _test(self, cell: Cell, number: int, hidden: bool) -> None:
        assert self.question
        config: dict[str, Any] = {"hidden": hidden}
        source = OLD_TEST.sub("", cell["source"], count=1) if self.part == "OLD" else cell["source"]
        if mark := HIDDEN.match(source):
            config["hidden"], source = True, source[mark.end() :]
        if found := CONFIG.match(source):
            config |= _yaml(found[2])
            source = source[: found.start()] + source[found.end() :]
        source = "\n".join(line for line in source.split("\n") if not re.search(r"#\s*IGNORE\s*$", line)).strip("\n")
        self.question.tests.append((number, source, config, self.draft.code_cells, _recorded(cell)))
        if not config["hidden"]:
            self.draft.add(cell, source)

    def _end(self) -> None:
        """End the current question, and distribute its points to its tests."""
        question, self.question, self.part = self.question, None, ""
        if question is None:
            return
        if question.manual or not question.tests:
            why = "a question for manual grading" if question.manual else "a question without tests"
            self.draft.skip(question.cell, question.name, why)
        worths = [config.get("points") for _, _, config, _, _ in question.tests]
        points = points_per_test(question.settings.get("points"), worths, question.name)
        for i, (test, each) in enumerate(zip(question.tests, points, strict=True), start=1):
            cell, source, config, place, recorded = test
            name = f"{question.name} {i}"
            unseen = frozenset(source.split("\n")) if config["hidden"] else frozenset()
            functions = self.functions or bool(FUNCTION_TEST.search(source))
            text = _with_calls(source) if functions else source
            shown = "" if functions else recorded
            self.draft.tests.append(Test(cell, name, text, each, unseen, place, not functions, shown))


def read(cells: list[Cell]) -> Draft:
    """Return the draft of the assignment in the cells. Raises ImportFailed."""
    return _OtterReader().read(cells)


def points_per_test(question: Any, tests: list[Any], name: str = "a question") -> list[float]:
    """Return the points of each test, by the rules in otter's documentation. Raises ImportFailed.

    :param question: `points` of the question: a number, a list, a dict with `each`, or None
    :param tests: `points` of each test, or None
    """
    if isinstance(question, list) and len(question) == len(tests):
        return [parse_points(points, name) for points in question]
    if isinstance(question, dict):
        return [parse_points(question.get("each", 1), name) for _ in tests]
    known = [parse_points(points, f"a test of {name}") for points in tests if points is not None]
    free = len(tests) - len(known)
    if question is None:
        question = sum(known) if known else 1
    each = (parse_points(question, name) - sum(known)) / max(free, 1)
    return [each if points is None else float(points) for points in tests]


def _with_calls(source: str) -> str:
    """Return test functions, each with a call, whose arguments are the variables with the names of the parameters.

    Functions without `test` in front of their names are helpers, if there are others.
    """
    try:
        functions = [node for node in ast.parse(source).body if isinstance(node, ast.FunctionDef)]
    except SyntaxError:
        return source
    tests = [each for each in functions if each.name.startswith("test")] or functions
    needed = [(each.name, each.args.args[: len(each.args.args) - len(each.args.defaults)]) for each in tests]
    return "\n".join([source, *(f"{name}({', '.join(each.arg for each in names)})" for name, names in needed)])


def _recorded(cell: Cell) -> str:
    """Return the text that the author's notebook shows below a cell: what it printed, and its last value."""
    parts = [output.get("text") or output.get("data", {}).get("text/plain", "") for output in cell.get("outputs", ())]
    return "".join(part if isinstance(part, str) else "".join(part) for part in parts)


def _yaml(text: str) -> dict[str, Any]:
    try:
        found = yaml.safe_load(text)
    except yaml.YAMLError:
        return {}
    return found if isinstance(found, dict) else {}
