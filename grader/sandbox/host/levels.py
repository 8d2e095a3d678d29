"""The sandbox levels by name, the strongest first."""

from __future__ import annotations

from grader.sandbox.host.launcher import BubblewrapLauncher, Launcher, ProcessLauncher

SANDBOXES: dict[str, type[Launcher]] = {"full": BubblewrapLauncher, "process": ProcessLauncher, "off": Launcher}
