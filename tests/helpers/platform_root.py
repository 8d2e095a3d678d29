"""A fresh root in which a bundle runs as on the platform that it is for, made by bubblewrap.

The process is root with the capabilities that Docker leaves, may create no namespace and mount nothing (by a filter of
system calls), has no network, and sees /usr and the interpreter read-only, an empty /tmp, and one folder that it may
write to. Half a core and the memory are given by control groups where this machine has them; without them, nothing
limits the container as a whole.
"""

from __future__ import annotations

import compileall
import contextlib
import os
import re
import secrets
import subprocess
import sys
import tempfile
import venv
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from packaging.markers import Marker
from packaging.requirements import Requirement

from tests.helpers.machines import container_filter

CAPABILITIES = (
    *("CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "SETGID", "SETUID", "SETPCAP"),
    *("NET_BIND_SERVICE", "NET_RAW", "SYS_CHROOT", "MKNOD", "AUDIT_WRITE", "SETFCAP"),
)
SHOWN = ("/etc/ld.so.cache", "/etc/alternatives", "/etc/passwd", "/etc/group")
CGROUPS = Path("/sys/fs/cgroup")
PIN = re.compile(r"^([A-Za-z0-9._-]+)==(\S+)(?: ; (.+?))? \\$", re.MULTILINE)


@dataclass
class PlatformRoot:
    """A root whose folder `place` is `folder` outside."""

    folder: Path
    place: str
    memory_mb: int = 768
    cores: float = 0.5
    shown: Sequence[tuple[Path, str]] = ()  # further folders, read-only, and where they are seen
    processor_seconds: float = 0.0  # of the last command with all its processes; 0 without control groups

    def run(self, *command: str, seconds: float = 300.0) -> subprocess.CompletedProcess[str]:
        """Run a command there to its end, and return what it printed and its exit code."""
        with control_group(self.memory_mb, self.cores) as groups, tempfile.TemporaryFile() as rules:
            container_filter().export_bpf(rules)
            rules.seek(0)
            enter = "".join(f"echo $$ > {group}/cgroup.procs; " for group in groups)
            inner = [*self._options(groups, rules.fileno()), "--", *command]
            done = subprocess.run(
                ["sh", "-c", f'{enter}exec "$@"', "sh", "bwrap", *inner],
                capture_output=True,
                text=True,
                check=False,
                timeout=seconds,
                pass_fds=[rules.fileno()],
            )
            usage = [group / "cpuacct.usage" for group in groups if group.is_relative_to(CGROUPS / "cpuacct")]
            self.processor_seconds = sum(int(file.read_text()) / 1e9 for file in usage)
            return done

    def _options(self, groups: list[Path], rules: int) -> list[str]:
        above = [*reversed(Path(sys.base_prefix).parents)][1:]  # bubblewrap would make them private
        words = [word for path in (*above, Path("/etc")) for word in ("--perms", "0755", "--dir", str(path))]
        words += ["--ro-bind", "/usr", "/usr"]
        for name in ("/bin", "/sbin", "/lib", "/lib64"):
            words += ["--symlink", os.readlink(name), name] if os.path.islink(name) else ["--ro-bind-try", name, name]
        for name in (*SHOWN, sys.base_prefix):
            words += ["--ro-bind-try", name, name]
        for outside, inside in self.shown:
            words += ["--ro-bind", str(outside), inside]
        for group in groups:
            if group.is_relative_to(CGROUPS / "memory"):  # a container sees its own group at the root
                words += ["--ro-bind", str(group), str(CGROUPS / "memory")]
        words += ["--proc", "/proc", "--dev", "/dev", "--tmpfs", "/tmp", "--bind", str(self.folder), self.place]
        words += ["--unshare-net", "--unshare-pid", "--unshare-ipc", "--unshare-uts", "--die-with-parent"]
        words += ["--cap-drop", "ALL", *(word for name in CAPABILITIES for word in ("--cap-add", f"CAP_{name}"))]
        words += ["--clearenv", "--setenv", "PATH", "/usr/local/bin:/usr/bin:/bin", "--setenv", "HOME", "/root"]
        return [*words, "--seccomp", str(rules), "--chdir", self.place]


@contextlib.contextmanager
def control_group(memory_mb: int, cores: float) -> Iterator[list[Path]]:
    """Yield new control groups (version 1) with these limits; none where this machine lets nobody make one."""
    made: list[Path] = []
    period = 100_000
    settings: dict[str, dict[str, int]] = {
        "memory": {"memory.limit_in_bytes": memory_mb << 20},
        "cpuacct": {},
        "cpu": {"cpu.cfs_period_us": period, "cpu.cfs_quota_us": int(period * cores)},
    }
    name = f"platform-{secrets.token_hex(4)}"
    try:
        for kind, values in settings.items():
            group = CGROUPS / kind / name
            with contextlib.suppress(OSError):
                group.mkdir()
                made.append(group)
                for file, value in values.items():
                    (group / file).write_text(str(value))
        yield made
    finally:
        for group in made:
            with contextlib.suppress(OSError):
                group.rmdir()


def install_locally(requirements: str, wheel: Path, environment: Path) -> None:
    """Make an environment with the pinned packages, as links to those of this environment, and with the wheel.

    It is what `pip install --no-deps --require-hashes` makes, without a network: a version that differs from this
    environment's is an error, and so is a package that only this environment has.
    """
    venv.create(environment, symlinks=True)
    packages = environment / "lib" / f"python{sys.version_info[0]}.{sys.version_info[1]}" / "site-packages"
    for name, version, marker in PIN.findall(requirements):
        if marker and not Marker(marker).evaluate():
            continue
        found = metadata.distribution(Requirement(name).name)
        assert found.version == version, (name, found.version, version)
        for file in found.files or ():
            if ".." not in file.parts:
                _link(Path(str(found.locate_file(file))), packages / file)
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(packages)
    compileall.compile_dir(packages / "grader", quiet=2)  # as pip does: no start compiles anything


def _link(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    with contextlib.suppress(FileExistsError, FileNotFoundError):
        try:
            os.link(source, target)
        except OSError as problem:
            if isinstance(problem, FileExistsError | FileNotFoundError):
                raise
            target.write_bytes(source.read_bytes())
