"""What this machine can run: each sandbox level and protection, the reason if it can't, and how to get it."""

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
    """A level of --sandbox, and the problem that keeps it from running, if any."""

    name: str
    problem: SandboxUnavailable | None = None

    @property
    def possible(self) -> bool:
        """Return whether the level runs on this machine."""
        return self.problem is None

    @property
    def state(self) -> str:
        """Return ON, OFF or NEVER."""
        return ON if self.problem is None else NEVER if self.problem.impossible else OFF

    @property
    def protections(self) -> tuple[str, ...]:
        """Return the names of the protections that the level has."""
        return SANDBOXES[self.name].protections


def check_levels() -> Iterator[Level]:
    """Yield every level of --sandbox, the strongest first. Starts a real worker at each."""
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
    """Yield the lines of `grader doctor`: the levels, then the protections at the strongest level that is possible."""
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
    """Return a level as plain values, for `grader doctor --json`."""
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
    """Yield a line for every protection. One that the best possible level lacks names the level that has it."""
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
