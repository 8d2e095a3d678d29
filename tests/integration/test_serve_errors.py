"""What `grader serve` says when it can't start: a sentence that names the remedy, and never a traceback."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from tests.factories import tiny_assignment
from tests.helpers.terminal import grader_in


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--url", "grader.example.org"], "--url takes the address of the portal without a path"),
        (["--url", "https://grader.example.org/portal"], "--url takes the address of the portal without a path"),
        (["--url", "https://[::1"], "--url takes the address of the portal without a path"),
        (["--url", "https://grader.example.org:99999"], "--url takes the address of the portal without a path"),
        (["--url", "https://me:secret@grader.example.org"], "--url takes the address of the portal without a path"),
        (["--url", "https://grader.example.org?"], "--url takes the address of the portal without a path"),
        (["--url", "https://grader example.org"], "--url takes the address of the portal without a path"),
        (["--host", "no.such.host.invalid"], "--host takes an address of this machine, such as 127.0.0.1"),
        (["--host", "192.0.2.1"], "--host takes an address of this machine, such as 127.0.0.1"),
        (["--host", "x" * 100], "--host takes an address of this machine, such as 127.0.0.1"),
        (["--port", "70000"], "70000 is not in the range 0<=x<=65535"),
        (["--login-header", "X User"], "--login-header takes the name of a header, such as X-Remote-User"),
        (["--login-header", "X-User", "--host", "0.0.0.0"], "everybody who reaches 0.0.0.0 could be anybody"),
        (["--data", "file"], "file is a file; name a folder for the data"),
        (["--database", "mysql://nobody"], "--database takes the URL of a PostgreSQL database"),
        (["nothing"], "nothing"),
        (["assignment"], "two assignments have the same name"),
    ],
)
def test_an_error_is_a_sentence(tmp_path: Path, options: list[str], sentence: str) -> None:
    """It ends with 2, and starts no worker."""
    assignment = tiny_assignment(tmp_path)
    (tmp_path / "file").write_text("")
    given = [option.replace("assignment", str(assignment)) for option in options]
    data = () if "--data" in options else ("--data", "data")
    done = grader_in(tmp_path, "serve", str(assignment), *data, "--port", "0", *given)
    printed = " ".join(done.stderr.split())
    assert sentence in printed and "Traceback" not in printed
    assert (done.returncode, done.stdout) == (2, "")


def test_a_port_that_is_taken_is_told(tmp_path: Path) -> None:
    """With the option that chooses another."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = grader_in(tmp_path, "serve", str(tiny_assignment(tmp_path)), "--data", "data", "--port", port)
    assert f"127.0.0.1:{port} can't be listened at" in done.stderr and "choose another --port" in done.stderr
    assert done.returncode == 2
