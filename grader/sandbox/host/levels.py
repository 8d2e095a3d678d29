"""The levels of the sandbox by name, the strongest first."""

from __future__ import annotations

from grader.sandbox.host.launcher import Bubblewrap, Contained, ForkServer

SANDBOXES: dict[str, type[ForkServer]] = {"full": Bubblewrap, "process": Contained, "off": ForkServer}
