"""What this machine can give: each protection on, off or not possible here, why, and how to get it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from grader.models import Limits
from grader.sandbox.guest import landlock
from grader.sandbox.host.availability import SandboxUnavailable
from grader.sandbox.host.levels import SANDBOXES

ON, OFF, NEVER = "on", "off", "not possible here"


@dataclass(frozen=True)
class Level:
    """A level of --sandbox, and what keeps it from being had, if anything does."""

    name: str
    problem: SandboxUnavailable | None = None

    @property
    def possible(self) -> bool:
        return self.problem is None

    @property
    def state(self) -> str:
        return ON if self.problem is None else NEVER if self.problem.impossible else OFF

    @property
    def protections(self) -> tuple[str, ...]:
        return SANDBOXES[self.name].protections


def check_levels() -> Iterator[Level]:
    """Every level of --sandbox, the best first: each is tried with a real worker."""
    for name, kind in SANDBOXES.items():
        try:
            launcher = kind()
            launcher.check()
            with launcher:
                launcher.start(Limits()).kill()
        except SandboxUnavailable as problem:
            yield Level(name, problem)
        else:
            yield Level(name)


def doctor_lines(found: Sequence[Level]) -> Iterator[str]:
    """The lines that `grader doctor` prints: the levels, then the protections at the best one that is possible."""
    for level in found:
        yield f"--sandbox={level.name}: {'possible' if level.possible else level.state}"
        if level.problem:
            yield f"    {level.problem.why}."
            yield f"    {level.problem.how}"
    best = next((level for level in found if level.possible), None)
    yield ""
    yield f"Protections with --sandbox={best.name}:" if best else "Protections:"
    yield from protection_lines(found, best)
    if best and best != found[0]:
        yield ""
        yield f"`grader grade` refuses to run below --sandbox={found[0].name} unless --sandbox={best.name} is given."


def level_as_dict(level: Level) -> dict[str, object]:
    """The same of one level for a program."""
    why, how = (level.problem.why, level.problem.how) if level.problem else ("", "")
    return {
        "sandbox": level.name,
        "possible": level.possible,
        "state": level.state,
        "why": why,
        "how": how,
        "protections": list(level.protections),
    }


def protection_lines(found: Sequence[Level], best: Level | None) -> Iterator[str]:
    """A line for every protection that any level has; one that the best level lacks names the level that has it."""
    for protection in dict.fromkeys(name for level in found for name in level.protections):
        if best and protection in best.protections:
            yield _line(ON, protection)
        else:
            has_it = next(level for level in found if protection in level.protections)
            yield _line(has_it.state, protection, f"--sandbox={has_it.name} has it" if best else "")
    version = landlock.version()
    how = (
        f"version {version}"
        if version
        else "Use Linux 5.13 or newer, and enable it with the kernel parameter lsm=landlock"
    )
    yield _line(ON if version else NEVER, "Landlock, a lock on files", how)


def _line(state: str, what: str, more: str = "") -> str:
    return f"{state:{len(NEVER)}}  {what}{': ' if more else ''}{more}"
