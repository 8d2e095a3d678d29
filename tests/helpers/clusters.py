"""A Dask scheduler and workers, each a process of its own on the loopback, that tests may kill."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.factories import ROOT
from tests.helpers.processes import below, until

NO_PAGES = ("--no-dashboard", "--dashboard-address", "127.0.0.1:0")
ENVIRONMENT = {
    **os.environ,
    "PYTHONPATH": str(ROOT),
    "OMP_NUM_THREADS": "1",
    "DASK_DISTRIBUTED__SCHEDULER__WORKER_TTL": "5s",
    # Without these, a cluster takes a tenth of a core for itself, as one of the grader's own would.
    "DASK_DISTRIBUTED__WORKER__PROFILE__ENABLED": "False",
    "DASK_DISTRIBUTED__ADMIN__TICK__INTERVAL": "500ms",
    "DASK_DISTRIBUTED__ADMIN__SYSTEM_MONITOR__INTERVAL": "10s",
    "DASK_DISTRIBUTED__SCHEDULER__ACTIVE_MEMORY_MANAGER__START": "False",
    "DASK_DISTRIBUTED__SCHEDULER__HTTP__ROUTES": "[]",
    "DASK_DISTRIBUTED__WORKER__HTTP__ROUTES": "[]",
}


class Cluster:
    """Use as a context manager: what it started is gone afterwards."""

    def __init__(self, folder: Path, *, protocol: str = "tcp", environment: Mapping[str, str] | None = None) -> None:
        self.folder = folder
        self.port = free_port()
        self.address = f"{protocol}://127.0.0.1:{self.port}"
        self.environment = {**ENVIRONMENT, **(environment or {})}
        self.processes: list[subprocess.Popen[bytes]] = []
        self.start_scheduler()

    def start_scheduler(self) -> None:
        options = ["--host", self.address.rpartition(":")[0], "--port", str(self.port), *NO_PAGES]
        self.scheduler = self._start("dask_scheduler", *options)
        until(lambda: answers(self.port))

    def start_worker(
        self,
        *options: str,
        environment: Mapping[str, str] | None = None,
        limit: Callable[[], None] | None = None,
    ) -> subprocess.Popen[bytes]:
        """A worker with one thread, and with a nanny that starts it again, unless told otherwise."""
        fixed = ["--host", "127.0.0.1", "--nthreads", "1", "--memory-limit", "0", *NO_PAGES]
        room = ["--local-directory", str(self.folder), "--death-timeout", "60"]
        return self._start("dask_worker", self.address, *fixed, *room, *options, environment=environment, limit=limit)

    def worker_pids(self) -> list[int]:
        """The processes that grade, below the nannies."""
        return [
            pid
            for process in self.processes
            for pid in below(process.pid)
            if b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes()
        ]

    def end(self, process: subprocess.Popen[bytes]) -> None:
        """Ends one of its processes, and all that are below it.

        The tracker of a nanny's semaphores ends by itself after the others, and removes them from /dev/shm.
        """
        for pid in [process.pid, *below(process.pid)]:
            with contextlib.suppress(ProcessLookupError, FileNotFoundError):
                if b"resource_tracker" not in Path(f"/proc/{pid}/cmdline").read_bytes():
                    os.kill(pid, signal.SIGKILL)
        process.wait(20)
        self.processes.remove(process)

    def __enter__(self) -> Cluster:
        return self

    def __exit__(self, *exception: object) -> None:
        for process in reversed(list(self.processes)):
            self.end(process)

    def _start(
        self,
        program: str,
        *options: str,
        environment: Mapping[str, str] | None = None,
        limit: Callable[[], None] | None = None,
    ) -> subprocess.Popen[bytes]:
        with (self.folder / f"{program}-{len(self.processes)}.log").open("wb") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", f"distributed.cli.{program}", *options],
                env={**self.environment, **(environment or {})},
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=limit,
            )
        self.processes.append(process)
        return process


def certificate(folder: Path) -> dict[str, str]:
    """A key and a certificate that vouches for itself, in files: the names of Dask's settings, and the files."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "grader tests")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    folder.mkdir()
    (folder / "ca.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    files = {"ca-file": "ca.pem"}
    for role in ("scheduler", "worker", "client"):
        files |= {f"{role}.key": "key.pem", f"{role}.cert": "ca.pem"}
    return {f"distributed.comm.tls.{name}": str(folder / file) for name, file in files.items()}


def variables(settings: Mapping[str, str]) -> dict[str, str]:
    """Dask's settings as environment variables."""
    return {"DASK_" + name.upper().replace(".", "__").replace("-", "_"): value for name, value in settings.items()}


def free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        port: int = trial.getsockname()[1]
    return port


def answers(port: int) -> bool:
    with socket.socket() as trial:
        trial.settimeout(1)
        return trial.connect_ex(("127.0.0.1", port)) == 0


def listening(pid: int) -> set[str]:
    """The addresses, as the kernel writes them, at which a process or one below it takes connections."""
    return {address for address, _ in _listening(pid)}


def ports(pid: int) -> set[int]:
    """The ports at which a process or one below it takes connections."""
    return {port for _, port in _listening(pid)}


def speaks_http(port: int) -> bool:
    """Whether somebody answers a browser."""
    with socket.create_connection(("127.0.0.1", port), 10) as asking:
        asking.sendall(b"GET / HTTP/1.0\r\n\r\n")
        try:
            return asking.recv(16).startswith(b"HTTP/")
        except ConnectionError:  # with TLS that isn't a way to begin
            return False


def _listening(pid: int) -> set[tuple[str, int]]:
    ours = {link for each in (pid, *below(pid)) for link in _links(each)}
    lines = [line.split() for name in ("tcp", "tcp6") for line in Path("/proc/net", name).read_text().splitlines()[1:]]
    found = [line[1].split(":") for line in lines if line[3] == "0A" and f"socket:[{line[9]}]" in ours]
    return {(address, int(port, 16)) for address, port in found}


def _links(pid: int) -> list[str]:
    found = []
    with contextlib.suppress(FileNotFoundError):  # the process has ended
        for path in Path(f"/proc/{pid}/fd").iterdir():
            with contextlib.suppress(OSError):
                found.append(os.readlink(path))
    return found
