"""Explains why a machine can't run a sandbox level, and how to make it possible."""

from __future__ import annotations

import os
from pathlib import Path

from grader.errors import GraderError

INSTALL = "Install it with: sudo apt-get install"
# A setting that keeps ordinary users from creating namespaces, the value that does, and the setting that allows it.
SWITCHES = (
    ("kernel/apparmor_restrict_unprivileged_userns", "1", "kernel.apparmor_restrict_unprivileged_userns=0"),
    ("kernel/unprivileged_userns_clone", "0", "kernel.unprivileged_userns_clone=1"),
)
CONTAINERS = ("/.dockerenv", "/run/.containerenv")
DOCKER_COMMAND = "docker run " + " ".join(
    f"--security-opt {option}=unconfined" for option in ("seccomp", "apparmor", "systempaths")
)


class SandboxUnavailable(GraderError):
    """A sandbox level that this machine can't run.

    :param why: the reason, as a sentence without a full stop
    :param how: what the user can do
    :param impossible: no package that could be installed changes it; otherwise something is missing
    :param no_room: the machine has no room for another process just now
    """

    def __init__(self, why: str, how: str = "", *, impossible: bool = False, no_room: bool = False) -> None:
        super().__init__(f"{why}. {how}".strip() if how else why)
        self.why = why
        self.how = how
        self.impossible = impossible
        self.no_room = no_room


def namespaces_unavailable(bwrap_message: str, root: Path = Path("/")) -> SandboxUnavailable:
    """Return why bubblewrap can't create namespaces here. `bwrap_message` is bubblewrap's own text."""
    why, how = _reason_and_remedy(root)
    bwrap_message = bwrap_message.removeprefix("the fork server did not start: ").split(". ")[0].rstrip(".")
    return SandboxUnavailable(f"{why} ({bwrap_message})", how, impossible=True)


def _reason_and_remedy(root: Path) -> tuple[str, str]:
    if _setting(root, "user/max_user_namespaces") == "0":
        return (
            "user namespaces are switched off on this machine",
            "Allow them: sudo sysctl user.max_user_namespaces=10000",
        )
    if os.getuid() != 0:
        for name, off, way_back in SWITCHES:
            if _setting(root, name) == off:
                why = "ordinary users may not use user namespaces on this machine"
                return f"{why}, {name.replace('/', '.')}={off}", f"Allow it: sudo sysctl {way_back}"
    if any((root / path.lstrip("/")).exists() for path in CONTAINERS) or _has_seccomp_filter(root):
        return (
            "this looks like a container that allows no namespaces, or no mounts in them",
            f"Start the container with: {DOCKER_COMMAND}",
        )
    return (
        "this machine gives bubblewrap no namespaces, or no mounts in them",
        "Ask its administrator to allow user namespaces, or grade on another machine",
    )


def _setting(root: Path, name: str) -> str:
    try:
        return (root / "proc/sys" / name).read_text().strip()
    except OSError:  # most kernels have none of these
        return ""


def _has_seccomp_filter(root: Path) -> bool:
    """Return whether the system calls of this process are filtered, as in a container."""
    try:
        return "\nSeccomp:\t2" in (root / "proc/self/status").read_text()
    except OSError:
        return False
