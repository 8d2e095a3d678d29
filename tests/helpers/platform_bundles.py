"""Bundles as tests use them: made by the command, unpacked and set up in a fresh root, and what they must not show."""

from __future__ import annotations

import dataclasses
import json
import os
import shutil
import zipfile
from pathlib import Path
from typing import Any

from grader.authoring.release import build_release
from grader.models import Assignment
from tests.helpers.platform_root import PlatformRoot, install_locally
from tests.helpers.terminal import grader

GRADESCOPE_SCHEMA: dict[str, Any] = {  # after "Autograder Specifications"; nothing but what stands there
    "type": "object",
    "required": ["score", "tests"],
    "additionalProperties": False,
    "properties": {
        "score": {"type": "number", "minimum": 0},
        "execution_time": {"type": "number", "minimum": 0},
        "output": {"type": "string"},
        "output_format": {"enum": ["text", "html", "simple_format", "md", "ansi"]},
        "visibility": {"enum": ["hidden", "after_due_date", "after_published", "visible"]},
        "stdout_visibility": {"enum": ["hidden", "after_due_date", "after_published", "visible"]},
        "extra_data": {"type": "object"},
        "leaderboard": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["name", "value"],
                "additionalProperties": False,
                "properties": {"name": {"type": "string"}, "value": {}, "order": {"enum": ["asc", "desc"]}},
            },
        },
        "tests": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["name", "score", "max_score"],
                "additionalProperties": False,
                "properties": {
                    "name": {"type": "string", "minLength": 1},
                    "name_format": {"enum": ["text", "html", "simple_format", "md", "ansi"]},
                    "score": {"type": "number", "minimum": 0},
                    "max_score": {"type": "number", "minimum": 0},
                    "status": {"enum": ["passed", "failed"]},
                    "number": {"type": "string"},
                    "output": {"type": "string"},
                    "output_format": {"enum": ["text", "html", "simple_format", "md", "ansi"]},
                    "tags": {"type": "array"},
                    "visibility": {"enum": ["hidden", "after_due_date", "after_published", "visible"]},
                    "extra_data": {"type": "object"},
                },
            },
        },
    },
}


class GradescopeRoot(PlatformRoot):
    """/autograder, set up by the bundle of an assignment."""

    @classmethod
    def with_bundle(cls, assignment: Path, room: Path, *options: object, **limits: Any) -> GradescopeRoot:
        """Make the bundle, and unpack it as Gradescope does. `setup.sh` hasn't run yet."""
        done = grader("bundle", assignment, "--to", "gradescope", "--out", room / "bundle", *options)
        assert done.exit_code == 0, done.output
        folder = room / "autograder"
        with zipfile.ZipFile(room / "bundle" / "autograder.zip") as archive:
            archive.extractall(folder / "source")
        shutil.copy(folder / "source" / "run_autograder", folder)
        (folder / "run_autograder").chmod(0o755)
        for name in ("submission", "results"):
            (folder / name).mkdir()
        return cls(folder, "/autograder", **limits)

    def copy(self, folder: Path) -> GradescopeRoot:
        """Return another container of the same image: all files are links."""
        shutil.copytree(self.folder, folder, symlinks=True, copy_function=os.link)
        return dataclasses.replace(self, folder=folder)

    @property
    def python(self) -> Path:
        """Return the interpreter that the bundle has installed."""
        return self.folder / "environment" / "bin" / "python"

    def install(self) -> None:
        """Install what the bundle names, from this environment: see `install_locally`."""
        source = self.folder / "source"
        (wheel,) = source.glob("*.whl")
        install_locally((source / "requirements.txt").read_text(), wheel, self.folder / "environment")

    def set_up(self) -> str:
        """Run setup.sh and return what it prints."""
        done = self.run("bash", "/autograder/source/setup.sh")
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def grade(
        self, files: dict[str, bytes], metadata: dict[str, Any] | None = None, seconds: float = 600.0
    ) -> tuple[dict[str, Any] | None, str]:
        """Return results.json of a submission and what the autograder printed; None if there are no results."""
        submission, results = self.folder / "submission", self.folder / "results" / "results.json"
        shutil.rmtree(submission)
        submission.mkdir()
        results.unlink(missing_ok=True)
        for name, content in files.items():
            (submission / name).parent.mkdir(parents=True, exist_ok=True)
            (submission / name).write_bytes(content)
        (self.folder / "submission_metadata.json").write_text(json.dumps(metadata or {}))
        done = self.run("/autograder/run_autograder", seconds=seconds)
        assert (done.returncode == 0) == results.exists(), done.stdout + done.stderr
        return json.loads(results.read_text()) if results.exists() else None, done.stdout + done.stderr


PRAIRIELEARN_SCHEMA: dict[str, Any] = {  # after "External Grading"
    "type": "object",
    "properties": {
        "gradable": {"type": "boolean"},
        "score": {"type": "number", "minimum": 0, "maximum": 1},
        "message": {"type": "string"},
        "output": {"type": "string"},
        "format_errors": {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]},
        "tests": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["name", "points", "max_points"],
                "properties": {
                    "name": {"type": "string"},
                    "points": {"type": "number"},
                    "max_points": {"type": "number"},
                    "output": {"type": "string"},
                },
            },
        },
    },
    "if": {"properties": {"gradable": {"const": False}}, "required": ["gradable"]},
    "then": {"required": ["format_errors"]},
    "else": {"required": ["score"]},
}
MAX_PRAIRIELEARN_BYTES = 1_000_000


class PrairieLearnRoot(PlatformRoot):
    """/grade, as PrairieLearn lays it out for a job, in the image of the bundle."""

    @classmethod
    def with_bundle(cls, assignment: Path, room: Path, *options: object, **limits: Any) -> PrairieLearnRoot:
        """Make the bundle and the image."""
        done = grader("bundle", assignment, "--to", "prairielearn", "--out", room / "course", *options)
        assert done.exit_code == 0, done.output
        image = room / "course" / "image"
        (wheel,) = image.glob("*.whl")
        install_locally((image / "requirements.txt").read_text(), wheel, image / "environment")
        return cls(room / "grade", "/grade", shown=((image, "/grader"),), **limits)

    @property
    def question(self) -> Path:
        """Return the folder of the question."""
        (found,) = (self.folder.parent / "course" / "questions").iterdir()
        return found

    def grade(self, files: dict[str, bytes], seconds: float = 600.0) -> tuple[dict[str, Any], str]:
        """Return results.json of a job in a new container, and what the grader printed."""
        shutil.rmtree(self.folder, ignore_errors=True)
        shutil.copytree(self.question / "tests", self.folder / "tests")
        for name, content in {
            **{f"student/{name}": content for name, content in files.items()},
            "data/data.json": b"{}",
        }.items():
            (self.folder / name).parent.mkdir(parents=True, exist_ok=True)
            (self.folder / name).write_bytes(content)
        (self.folder / "student").mkdir(exist_ok=True)
        info = json.loads((self.question / "info.json").read_text())
        done = self.run(info["externalGradingOptions"]["entrypoint"], seconds=seconds)
        content = (self.folder / "results" / "results.json").read_bytes()
        assert len(content) < MAX_PRAIRIELEARN_BYTES
        return json.loads(content), done.stdout + done.stderr


def secrets_of(assignment: Assignment) -> list[str]:
    """Return what no student may read: the secret, and lines of code of hidden cases, answers and known answers."""
    public = "\n".join(content.decode(errors="replace") for content in build_release(assignment.folder).values())
    files = [*assignment.hidden.glob("*.py"), *assignment.folder.glob("*.py"), assignment.notebook]
    lines = {line.strip(' ",').removesuffix("\\n") for path in files for line in path.read_text().splitlines()}
    code = [
        line for line in lines if len(line) > 20 and "(" in line and not line.startswith(("@", "#", "import", "from"))
    ]
    return [assignment.secret, *(line for line in code if line not in public)]
