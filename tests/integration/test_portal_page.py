"""docs/portal.md: each of its commands is run as it stands, in its order, in SQLite and in PostgreSQL."""

from __future__ import annotations

import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import httpx2 as httpx
import pytest

from grader.gradebook.data_folder import DataFolder
from grader.gradebook.store import Gradebook
from tests.factories import RIGHT, ROOT, tiny_assignment
from tests.helpers import http_requests as http
from tests.helpers.commands import ENVIRONMENT
from tests.helpers.postgres import PostgresServer, free_port, program
from tests.helpers.processes import max_wait, until
from tests.helpers.terminal import grader_in

PAGE = (ROOT / "docs" / "portal.md").read_text()
PROGRAMS = ("pip", "grader", "sudo", "export", "curl")
INSTALLS = ("pip install", "sudo apt-get install")
URL = "http://127.0.0.1:8000"
WORKER = "9101"  # port of its metrics


class Operator:
    """Types commands in a folder. Servers go on until `end`. The ports are free ones, and not those of the page."""

    def __init__(self, folder: Path, tools: Path, **environment: str) -> None:
        self.folder = folder
        path = os.pathsep.join([str(tools), str(Path(sys.executable).parent), os.environ["PATH"]])
        self.environment = {**ENVIRONMENT, "PATH": path, **environment}
        self.running: list[subprocess.Popen[str]] = []
        self.ports = {"8000": str(free_port()), WORKER: str(free_port())}
        self.url = URL.replace("8000", self.ports["8000"])

    def types(self, command: str) -> str:
        """Run a command to its end, or until its server answers."""
        for port, free in self.ports.items():
            command = re.sub(rf"\b{port}\b", free, command)
        if command.startswith("export "):
            name, _, value = command.removeprefix("export ").partition("=")
            self.environment[name] = value
            return ""
        if command.startswith(("grader serve", "grader worker")):
            return self._start(command)
        done = subprocess.run(
            command, shell=True, cwd=self.folder, env=self.environment, capture_output=True, text=True, timeout=300
        )
        assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"
        return done.stdout

    def _start(self, command: str) -> str:
        serves = command.startswith("grader serve")
        words = f"{command} --port {self.ports['8000']}" if serves else command
        process = subprocess.Popen(
            ["bash", "-c", f"exec {words}"], cwd=self.folder, env=self.environment, stdout=subprocess.PIPE, text=True
        )
        self.running.append(process)
        assert process.stdout
        first = process.stdout.readline()
        assert first, command
        if serves:
            until(lambda: self.status("readyz") == 200 or (self.status("readyz") == 503 and "--jobs 0" in command))
        return first

    def status(self, path: str) -> int:
        """The status of a page; 0 while the server doesn't answer."""
        try:
            return http.get(f"{self.url}/{path}", timeout=5).status_code
        except httpx.TransportError:
            return 0

    def end(self) -> None:
        for process in self.running:
            process.send_signal(signal.SIGTERM)
        for process in self.running:
            assert process.wait(max_wait()) in (0, -signal.SIGTERM)
            assert process.stdout
            process.stdout.close()
        self.running.clear()


@pytest.fixture
def operator(tmp_path: Path) -> Iterator[Operator]:
    """In a folder with solutions/digits, which is a tiny assignment here, and people.csv."""
    made = tiny_assignment(tmp_path)
    (tmp_path / "solutions").mkdir()
    (made / "tiny.ipynb").rename(made / "digits.ipynb")
    shutil.move(made, tmp_path / "solutions" / "digits")
    (tmp_path / "people.csv").write_text("name,email,id,role\nAda,ada@example.org,ada,student\n")
    (tmp_path / "digits.ipynb").write_bytes((ROOT / "assignment" / "digits" / "digits.ipynb").read_bytes())
    tools = tmp_path / "tools"
    tools.mkdir()
    one = Operator(tmp_path, tools)
    yield one
    one.end()


def as_administrator(operator: Operator, postgres: PostgresServer) -> None:
    """Let `sudo -u postgres` reach the server of the tests."""
    sudo = operator.folder / "tools" / "sudo"
    sudo.write_text(f'#!/bin/sh\nshift 2\nPATH={Path(program("psql")).parent}:$PATH exec "$@"\n')
    sudo.chmod(0o755)
    user, password = re.findall(r"//(\w+):(\w+)@", postgres.url("x"))[0]
    operator.environment |= {
        "PGDATABASE": "postgres",
        "PGHOST": "127.0.0.1",
        "PGPORT": str(postgres.port),
        "PGUSER": user,
        "PGPASSWORD": password,
    }


def token(operator: Operator, id: str, data: str = "course") -> str:
    database = {key: value for key, value in operator.environment.items() if key == "GRADER_DATABASE"}
    done = grader_in(operator.folder, "roster", "links", "--data", data, **database)  # no command of the page
    assert done.returncode == 0, done.stderr
    return next(row.rpartition(",")[2] for row in done.stdout.splitlines() if f",{id}," in row)


def hand_in(operator: Operator, data: str = "course") -> dict[str, str]:
    headers = {"Authorization": f"Bearer {token(operator, 'ada', data)}"}
    answer = http.post(
        f"{operator.url}/api/v1/assignments/digits/submissions",
        headers=headers,
        files={"file": ("digits.py", RIGHT.encode())},
    )
    assert answer.status_code == 202, answer.text
    id = answer.json()["id"]
    until(lambda: state(operator, headers, id) == "graded")
    return {"id": id, **headers}


def state(operator: Operator, headers: dict[str, str], id: str) -> str:
    return str(http.get(f"{operator.url}/api/v1/submissions/{id}", headers=headers).json()["state"])


def sections() -> dict[str, list[str]]:
    """The commands of the page by their section; "" for those before the first."""
    found: dict[str, list[str]] = {}
    for part in re.split(r"^## ", PAGE, flags=re.MULTILINE):
        title, _, text = part.partition("\n")
        lines = (line.strip() for line in text.replace("\\\n", " ").splitlines() if line.startswith("    "))
        found[title if found else ""] = [
            re.sub(r" +", " ", line) for line in lines if line.split() and line.split()[0] in PROGRAMS
        ]
    return found


SECTIONS = sections()


def test_the_page_has_what_operators_need() -> None:
    """Each section with commands has a test below; so a new one needs one."""
    with_commands = {title for title, found in SECTIONS.items() if found}
    assert with_commands == {
        *("", "Students", "HTTPS", "PostgreSQL", "Workers on other machines", "Backup and restore"),
        *("Upgrade", "Programs", "Monitoring"),
    }


def test_what_is_installed_exists() -> None:
    """The extras are the package's, and PostgreSQL's package is the one that the tests run with."""
    installs = [command for found in SECTIONS.values() for command in found if command.startswith(INSTALLS)]
    assert len(installs) == 4
    extras = {extra for line in installs for names in re.findall(r"\[(.+?)\]", line) for extra in names.split(",")}
    assert extras == {"server", "postgres"}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert extras <= set(project["optional-dependencies"])
    assert "install postgresql" in (ROOT / "Makefile").read_text().replace("$(INSTALL)", "install")


@pytest.mark.long
def test_a_course_with_sqlite(operator: Operator) -> None:
    """Install to monitoring, without a database: the commands in the order of the page."""
    install, doctor, serve = SECTIONS[""]
    assert install.startswith("pip install")
    operator.types(doctor)
    assert operator.types(serve).startswith(f"The portal runs at {operator.url}.")
    (load,) = SECTIONS["Students"]
    assert ",ada," in operator.types(load)
    first = hand_in(operator)
    for command in SECTIONS["Monitoring"]:
        assert operator.types(command)
    (upload,) = SECTIONS["Programs"]
    upload = upload.replace("TOKEN", token(operator, "ada")).replace("https://grader.example.org", operator.url)
    assert '"receipt"' in operator.types(upload)
    backup, restore, serve_restored = SECTIONS["Backup and restore"]
    operator.types(backup)
    operator.end()
    operator.types(restore)
    assert contents(operator.folder / "restored") >= contents(operator.folder / "course") - {"url"}
    operator.types(serve_restored)
    assert state(operator, {"Authorization": first["Authorization"]}, first["id"]) == "graded"
    operator.end()
    proxied, with_login = SECTIONS["HTTPS"]
    operator.types(with_login)
    operator.end()
    operator.types(proxied)
    host = {"Host": "grader.example.org", "X-Forwarded-Proto": "https"}
    answer = http.get(f"{operator.url}/link/{token(operator, 'ada')}", headers=host)
    assert "__Host-" in answer.headers["set-cookie"] and "Secure" in answer.headers["set-cookie"]
    assert http.get(f"{operator.url}/healthz", headers={"Host": "other.example.org"}).status_code == 421


def contents(folder: Path) -> set[str]:
    """The files of a data folder but for the database's own."""
    paths = (path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    return {path for path in paths if not path.startswith("gradebook.sqlite-")}


@pytest.mark.long
def test_a_course_with_postgresql_and_workers(operator: Operator, postgres: PostgresServer) -> None:
    """The database is created, a worker grades, and the backup is restored into another database."""
    as_administrator(operator, postgres)
    _, role, database, _, export, serve = SECTIONS["PostgreSQL"]
    for command in (role, database):
        operator.types(command)
    operator.types(at_port(export, postgres))
    operator.types(serve)
    (load,) = SECTIONS["Students"]
    operator.types(load)
    hand_in(operator)
    operator.end()
    worker, only_accept, on_cluster = SECTIONS["Workers on other machines"]
    operator.types(only_accept)
    operator.types(worker)
    first = hand_in(operator)
    assert "grader_report_seconds_count" in http.get(f"http://127.0.0.1:{operator.ports[WORKER]}/metrics").text
    operator.end()
    operator.types(on_cluster)
    hand_in(operator)
    backup, restore, serve_restored = SECTIONS["Backup and restore"]
    operator.types(backup)
    operator.end()
    operator.types(database.replace(" course", " restored"))
    operator.types(at_port(export, postgres).replace("/course", "/restored"))
    operator.types(restore)
    operator.types(serve_restored)
    assert state(operator, {"Authorization": first["Authorization"]}, first["id"]) == "graded"


def at_port(export: str, postgres: PostgresServer) -> str:
    return export.replace("@127.0.0.1/", f"@127.0.0.1:{postgres.port}/")


def test_an_upgrade_keeps_the_course(operator: Operator) -> None:
    """A gradebook of an earlier version is migrated at the start, after a copy was made, and its reports are there."""
    (upgrade,) = SECTIONS["Upgrade"]
    assert upgrade.startswith("pip install --upgrade")
    data = DataFolder.open(operator.folder / "course")
    dump = ROOT / "tests" / "corpus" / "gradebooks" / "grader-0d11eab.sql"
    with sqlite3.connect(data.gradebook) as connection:
        connection.executescript(dump.read_text())
    operator.types(SECTIONS[""][-1])
    operator.types(SECTIONS["Students"][0])
    hand_in(operator)
    operator.end()
    with Gradebook.open_existing(data.gradebook) as book:
        assert len(book.runs()) >= 2
    assert (data.folder / "gradebook.version-2.sqlite").is_file()
