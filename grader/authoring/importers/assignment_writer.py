"""Files of an imported assignment: notebook, settings, cases, files for students, and the import report."""

from __future__ import annotations

import importlib.util
import json
import re
import secrets
import sys
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace

from grader._util.escaping import one_line
from grader._util.wording import format_points
from grader.authoring.importers.base import CaseKey, Draft, ImportFailed, Skipped
from grader.authoring.importers.definitions import Definitions
from grader.authoring.importers.test_translation import Case, Untranslatable, translate
from grader.authoring.notebook import Notebook
from grader.notebooks.solution_regions import is_marked
from grader.notebooks.statements import Source, read

WEAKER_NOTE = (
    "A weaker case compares values that the submission's own process computes, because they can't be taken apart. "
    "A submission that attacks its process could forge them."
)


class NothingToGrade(ImportFailed):
    """No test of a notebook can be imported. `report` is the text of the import report."""

    def __init__(self, message: str, report: str) -> None:
        super().__init__(message)
        self.report = report


@dataclass
class AssignmentFiles:
    """Files of an imported assignment, by name, with its cases and what was skipped."""

    files: dict[str, str]
    cases: list[Case]
    skipped: list[Skipped]


def build_files(draft: Draft, name: str, origin: str, failures: dict[CaseKey, str] | None = None) -> AssignmentFiles:
    """Return the files of the assignment `name`. Raises ImportFailed if no case is left.

    :param origin: what the import report calls the notebook
    :param failures: cases to leave out -> reason; None for an attempt, which has all translations of each test
    """
    source = _read(draft, name)
    notebook = Definitions(source.statements, draft)
    skipped = list(draft.skipped)
    cases: list[Case] = []
    for translations in _cases(draft, notebook, skipped):
        if failures is None:
            cases += translations
            continue
        good = [case for case in translations if (case.question, case.function) not in failures]
        cases += good[:1]
        if not good:
            first = translations[0]
            worth = f"{first.refusal}; it was worth {format_points(first.test.points)}"
            why = worth if first.refusal else failures[first.question, first.function]
            skipped.append(Skipped(first.test.cell, first.test.name, why))
    if not cases:
        raise NothingToGrade(
            f"the notebook has no question that can be graded by values ({len(draft.tests)} tests)",
            import_report([], skipped, origin),
        )
    questions = _questions(cases, notebook)
    _tag_modules(draft, notebook, questions)
    ungraded = [each for each in notebook.answered if each not in questions]
    skipped += [Skipped(0, each, "an answer without a case of its own") for each in ungraded]
    files = {
        f"{name}.ipynb": _notebook_bytes(draft, name).decode(),
        "assignment.toml": _settings(draft, name, questions, notebook),
        **{f"hidden/test_{question}.py": _test_module(each) for question, each in questions.items()},
        "student/README.md": f"# {_title(draft, name)}\n\nWrite your code in `{name}.ipynb` and hand it in.\n",
        "IMPORTED.md": import_report(cases, skipped, origin),
    }
    return AssignmentFiles(files, cases, skipped)


def import_report(cases: list[Case], skipped: list[Skipped], origin: str) -> str:
    """Return the text of IMPORTED.md: the case of each test, and what a person has to check."""
    rows = [
        f"| {case.test.cell} | {case.test.name} | `{case.question}`: `{case.function}`, "
        f"{format_points(case.test.points)}{', weaker' if case.weaker else ''} |"
        for case in cases
    ]
    gone = [
        f"| {each.cell or ''} | {_table_cell(each.what)} | {_table_cell(each.why)} |"
        for each in sorted(skipped, key=lambda each: each.cell)
    ]
    parts = [f"# Imported from {origin}", "", "| cell | test | hidden case |", "|---|---|---|", *rows, ""]
    parts += [WEAKER_NOTE, ""] if any(case.weaker for case in cases) else []
    parts += ["## Not imported, or changed", ""]
    parts += ["| cell | what | why |", "|---|---|---|", *gone] if gone else ["Nothing: the import is complete."]
    return "\n".join(parts) + "\n"


def _table_cell(text: str) -> str:
    return one_line(text, 300).replace("|", "\\|")


def _read(draft: Draft, name: str) -> Source:
    source = read(_notebook_bytes(draft, name), f"{name}.ipynb")
    for each, why in source.broken.items():
        draft.skip(0, each, f"its definition can't be read: {why}")
    return source


def _notebook_bytes(draft: Draft, name: str) -> bytes:
    return Notebook.from_cells(draft.cells, f"{name}.ipynb").to_bytes()


def _cases(draft: Draft, notebook: Definitions, skipped: list[Skipped]) -> Iterable[list[Case]]:
    """Yield the translations of each test, each under a name of its own in its question."""
    taken: set[CaseKey] = set()
    for test in draft.tests:
        try:
            translations = translate(test, notebook)
        except Untranslatable as problem:
            skipped.append(Skipped(test.cell, test.name, f"{problem}; it was worth {format_points(test.points)}"))
            continue
        found = []
        for case in translations:
            number, function = 2, case.function
            while (case.question, function) in taken:
                function, number = f"{case.function}_{number}", number + 1
            taken.add((case.question, function))
            text = case.text.replace(f"def {case.function}(", f"def {function}(", 1)
            found.append(replace(case, function=function, text=text))
        yield found


def _questions(cases: list[Case], notebook: Definitions) -> dict[str, list[Case]]:
    """Return question -> cases, in the order of the answers in the notebook."""
    found: dict[str, list[Case]] = defaultdict(list)
    for case in cases:
        found[case.question].append(case)
    return {name: found[name] for name in notebook.answered if name in found}


def _tag_modules(draft: Draft, notebook: Definitions, questions: Iterable[str]) -> None:
    """Tag the cells with imports and helpers that the answers need, so that they go into the module."""
    needed = {notebook.statements[k].file for k in notebook.graph.closure(questions)}
    code = [cell for cell in draft.cells if cell.cell_type == "code"]
    for n, cell in enumerate(code, start=1):
        if f"<cell {n}>" in needed and not is_marked(cell.source) and not cell.metadata:
            cell.metadata["tags"] = ["module"]


def _settings(draft: Draft, name: str, questions: dict[str, list[Case]], notebook: Definitions) -> str:
    parts = [f"title = {json.dumps(_title(draft, name), ensure_ascii=False)}"]
    parts.append(f'secret = "{secrets.token_hex(32)}"  # seeds the inputs of the hidden cases: keep it secret')
    parts.append(f"preload = {json.dumps(_packages(notebook))}")
    if draft.shown:
        shown = ", ".join(json.dumps(line, ensure_ascii=False) for line in sorted(set(draft.shown)))
        parts += ["", "[release]", f"shown = [{shown}]"]
    earlier: list[str] = []
    for question, cases in questions.items():
        total = sum(case.test.points for case in cases)
        parts += ["", "[[question]]", f'name = "{question}"', f"points = {total!r}"]
        uses = [other for other in earlier if other in notebook.functions and other in _called_by(question, notebook)]
        parts += [f"uses = {json.dumps(uses)}"] if uses else []
        earlier.append(question)
    return "\n".join(parts) + "\n"


def _called_by(question: str, notebook: Definitions) -> frozenset[str]:
    return frozenset().union(*(notebook.statements[k].names.uses for k in notebook.graph.binders(question)))


def _packages(notebook: Definitions) -> list[str]:
    """Return numpy, and the other packages that the notebook imports and that are installed here."""
    found = ["numpy"]
    for statement in notebook.statements:
        for _, package in sorted(statement.names.packages):
            is_own = not package or package in sys.stdlib_module_names or package in ("otter", "nbgrader")
            if package not in found and not is_own and importlib.util.find_spec(package):
                found.append(package)
    return found


def _test_module(cases: list[Case]) -> str:
    imports = sorted({line for case in cases for line in case.imports} | {"import pytest"})
    own = defaultdict(set)
    for line in imports:
        if line.startswith("from grader."):
            module, _, helper = line.partition(" import ")
            own[module].add(helper)
    lines = [line for line in imports if not line.startswith("from grader.")]
    lines += [f"{module} import {', '.join(sorted(names))}" for module, names in own.items()]
    return "\n".join(sorted(lines)) + "\n\n\n" + "\n\n\n".join(case.text for case in cases) + "\n"


def _title(draft: Draft, name: str) -> str:
    heading = re.compile(r"^#+ +(.+)$", re.MULTILINE)
    headings = (heading.search(cell.source) for cell in draft.cells if cell.cell_type == "markdown")
    first = next((found[1] for found in headings if found), "")
    return (draft.title or re.sub(r"[`*$]", "", first)).strip() or name
