"""Reads tests/corpus/attacks and tests/corpus/honest: sample submissions that carry their verdict.

The head of a sample is a block of comments:

    # tries: ends the process in the middle of an answer
    # base: solution            the sample's code stands behind the complete solution (or `stubs`, or `nothing`; or
                                `numpy`: without the exercises for TensorFlow, which take most of the time)
    # form: notebook            cells, which `# %%` divides; without this line a module. With `json` what follows
                                the head is the notebook file itself. With `folder` or `zip` a module, and
                                beside it the files that follow a line `# file: NAME` each
    # expect: my_dense crashed 0
    # expect: everything else passed
    # expect at process: my_dense passed
    # at process: why the verdict is another one at that level of the sandbox, which has no namespaces

`expect: QUESTION STATUS POINTS`; `everything else` may come last, and `expect: rejected` stands alone. Passed
questions have full points and need no number. Anywhere below the head, `{{"text" * 5000}}` stands for that text so
many times, the text written as in JSON: for what is too long, or no text that an editor would show.
"""

from __future__ import annotations

import io
import json
import re
import shutil
import tempfile
import zipfile
from dataclasses import dataclass, field
from pathlib import Path

from grader.authoring.quality.solution import solution_as_module
from grader.authoring.release import build_release
from grader.models import Assignment, ScoreReport, Submission
from grader.submissions.collect import collect
from tests.factories import notebook

FOLDER = Path(__file__).parents[1] / "corpus"
KINDS = ("attacks", "honest")
TENSORFLOW = {"build_model", "parameters_from_keras", "tf_gradients"}  # what is missing behind `base: numpy`
KEYS = {"tries", "base", "form", "expect", "expect at process", "at process"}
REPEATED = re.compile(r'\{\{("(?:[^"\\]|\\.)*") \* (\d+)\}\}')


Verdict = dict[str, tuple[str, float | None]]  # question -> status, points; full ones where no number stands


@dataclass
class Sample:
    """One sample of the zoo."""

    path: Path
    tries: str = ""
    base: str = "solution"
    form: str = "module"
    expect: Verdict = field(default_factory=dict)
    at_process: Verdict = field(default_factory=dict)  # what differs there
    reason: str = ""  # for the difference

    @property
    def name(self) -> str:
        return self.path.relative_to(FOLDER).with_suffix("").as_posix().replace("/", "-")

    def submission(self, assignment: Assignment) -> Submission:
        """What is handed in: the base, then the sample's own code."""
        text = written_out(self.path.read_text())
        if self.form in ("folder", "zip"):
            return self._collected(text, assignment)
        parts = [part for part in (base(self.base, assignment), text) if part]
        if self.form == "json":
            whole = "\n".join(line for line in text.split("\n") if not line.startswith("# "))
        elif self.form == "notebook":
            whole = notebook([cell for part in parts for cell in part.split("\n# %%\n")])
        else:
            whole = "\n\n".join(parts)
        ending = ".py" if self.form == "module" else ".ipynb"
        return Submission.from_bytes(self.name, f"{assignment.name}{ending}", whole.encode())

    def _collected(self, text: str, assignment: Assignment) -> Submission:
        """What intake makes of the module with its files beside it, in a student's folder or zip."""
        files = self._files(text, assignment)
        with tempfile.TemporaryDirectory() as made, tempfile.TemporaryDirectory() as room:
            folder = Path(made if self.form == "zip" else room, self.name)
            folder.mkdir()
            for name, content in files.items():
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                (folder / name).write_text(content)
            if self.form == "zip":
                shutil.make_archive(str(Path(room, self.name)), "zip", folder)
            given = frozenset(path.name for path in assignment.support.rglob("*"))
            (submission,) = collect(Path(room), assignment.name, given)
        assert submission.student == self.name
        return submission

    def _files(self, text: str, assignment: Assignment) -> dict[str, str]:
        """Names and contents of a folder or zip."""
        own, *others = text.split("\n# file: ")
        files = {f"{assignment.name}.py": f"{base(self.base, assignment)}\n\n{own}"}
        return files | {name: content for name, _, content in (other.partition("\n") for other in others)}

    def upload(self, assignment: Assignment) -> tuple[str, bytes]:
        """Ending and bytes of the one file that a student uploads; what is a folder is a zip."""
        if self.form not in ("folder", "zip"):
            submission = self.submission(assignment)
            return Path(submission.file).suffix, submission.content
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            for name, content in self._files(written_out(self.path.read_text()), assignment).items():
                archive.writestr(name, content)
        return ".zip", packed.getvalue()

    def folder(self, assignment: Assignment) -> dict[str, bytes]:
        """Names and bytes of the files in the folder that a platform makes of what a student uploads."""
        if self.form == "folder":
            files = self._files(written_out(self.path.read_text()), assignment)
            return {name: content.encode() for name, content in files.items()}
        ending, content = self.upload(assignment)
        return {f"{assignment.name}{ending}": content}

    def wanted(self, assignment: Assignment, level: str = "full") -> dict[str, tuple[str, float]]:
        """The status and points of every question at a level of the sandbox."""
        expect = {**self.expect, **(self.at_process if level == "process" else {})}
        rest = expect.get("everything else", ("passed", None))
        wanted = {}
        for question in assignment.questions:
            left_out = self.base == "numpy" and question.name in TENSORFLOW
            status, points = expect.get(question.name, ("missing", None) if left_out else rest)
            full = question.points if status == "passed" else 0.0
            wanted[question.name] = (status, full if points is None else points)
        return wanted


def samples() -> list[Sample]:
    return [read(path) for kind in KINDS for path in sorted((FOLDER / kind).rglob("*.py"))]


def read(path: Path) -> Sample:
    """A sample with its head. A line that isn't understood is an error: a verdict must not get lost."""
    sample = Sample(path)
    for line in path.read_text().splitlines():
        if not line.startswith("# "):
            break
        key, _, value = line[2:].partition(": ")
        assert key in KEYS, f"{path}: {line}"
        if key == "at process":
            sample.reason = value
        elif key in ("expect", "expect at process"):
            name, verdict = expectation(value)
            (sample.expect if key == "expect" else sample.at_process)[name] = verdict
        else:
            setattr(sample, key.replace(" ", "_"), value)
    assert sample.tries, f"{path} does not say what it tries"
    assert bool(sample.at_process) == bool(sample.reason), f"{path} does not say why, or what, is different"
    return sample


def expectation(value: str) -> tuple[str, tuple[str, float | None]]:
    """A question, or what stands for all others or for the whole submission, with its status and points."""
    if value == "rejected":
        return value, (value, 0.0)
    words = value.removeprefix("everything else ").split()
    name = "everything else" if value.startswith("everything else ") else words.pop(0)
    return name, (words[0], float(words[1]) if words[1:] else None)


def written_out(text: str) -> str:
    """The text with what it repeats written out."""
    return REPEATED.sub(lambda found: json.loads(found[1]) * int(found[2]), text)


def base(kind: str, assignment: Assignment) -> str:
    if kind in ("solution", "numpy"):
        module = solution_as_module(assignment).decode()
        return module if kind == "solution" else module.partition("\nimport tensorflow")[0]
    if kind == "stubs":
        return build_release(assignment.folder)[f"{assignment.name}.py"].decode()
    assert kind == "nothing", kind
    return ""


def check(sample: Sample, report: ScoreReport, wanted: dict[str, tuple[str, float]]) -> None:
    """Status and points of every question are the wanted ones."""
    assert not report.needs_review, sample.name
    if "rejected" in sample.expect:
        assert (report.status, report.score) == ("rejected", 0.0), sample.name
    else:
        messages = {q.name: [c.message for c in q.cases if c.message] for q in report.questions}
        assert verdict(report) == {name: wanted[name] for name in messages}, (sample.name, messages)


def verdict(report: ScoreReport) -> dict[str, tuple[str, float]]:
    """The status and points of every question, as they came out."""
    return {question.name: (str(question.status), question.score) for question in report.questions}
