"""What this machine can give: each protection on, or not possible here, why, and how to get it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from grader.batch import SANDBOXES
from grader.model import Limits
from grader.sandbox import landlock
from grader.sandbox.launch import SandboxUnavailable


@dataclass(frozen=True)
class Finding:
    """One protection, or one level of the sandbox."""

    name: str
    possible: bool
    why: str = ""

    def __str__(self) -> str:
        return f"{'on ' if self.possible else 'off'}  {self.name}{': ' if self.why else ''}{self.why}"


def levels() -> Iterator[Finding]:
    """Every level of --sandbox, the best first: each is tried with a real worker."""
    for name, kind in SANDBOXES.items():
        try:
            launcher = kind()
            launcher.check()
            with launcher:
                launcher.start(Limits()).kill()
        except SandboxUnavailable as problem:
            yield Finding(f"--sandbox={name}", False, str(problem))
        else:
            yield Finding(f"--sandbox={name}", True)


def protections(found: list[Finding]) -> Iterator[Finding]:
    """What is in force at the best level that is possible, and what is missing there."""
    best = next((name for name, level in zip(SANDBOXES, found, strict=True) if level.possible), None)
    wanted = dict.fromkeys(protection for kind in SANDBOXES.values() for protection in kind.protections)
    given = SANDBOXES[best].protections if best else ()
    for protection in wanted:
        possible = protection in given
        yield Finding(protection, possible, "" if possible else "not at any level that is possible here")
    version = landlock.version()
    yield Finding(
        "Landlock, as a second lock on files",
        version > 0,
        f"version {version}" if version else "Linux 5.13 or newer has it, switched on by lsm=landlock",
    )
