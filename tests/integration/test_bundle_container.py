"""The bundle for containers: its Caddyfile, read and run by Caddy in front of a real portal."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.factories import ROOT, tiny_assignment
from tests.helpers.terminal import grader


@pytest.fixture
def caddyfile(tmp_path: Path) -> Path:
    done = grader("bundle", tiny_assignment(tmp_path), "--to", "container", "--out", tmp_path / "bundle")
    assert done.exit_code == 0, done.output
    return tmp_path / "bundle" / "Caddyfile"


@pytest.mark.long  # `make long` installs Caddy
def test_caddy_reads_the_file(caddyfile: Path) -> None:
    environment = {**os.environ, "DOMAIN": "grader.example.org"}
    file = str(caddyfile)
    for command in (["validate", "--adapter", "caddyfile", "--config", file], ["fmt", "--diff", file]):
        done = subprocess.run(
            ["caddy", *command], env=environment, capture_output=True, text=True, check=False, cwd=caddyfile.parent
        )
        assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.long
def test_a_student_hands_in_through_caddy(caddyfile: Path, tmp_path: Path) -> None:
    """By HTTPS, with a secure cookie; the page follows the submission to its end, and no metrics come through."""
    room = tmp_path / "room"
    room.mkdir()
    namespace = ["unshare", "--net", *(() if os.getuid() == 0 else ("--map-root-user",))]
    done = subprocess.run(
        [*namespace, sys.executable, "-m", "tests.helpers.behind_caddy", str(room), str(caddyfile)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    log = room / "caddy.log"
    assert done.returncode == 0, done.stdout + done.stderr + (log.read_text() if log.exists() else "")
    seen = json.loads(done.stdout.splitlines()[-1])
    assert seen["url"] == "https://localhost"
    assert all("; Secure" in cookie for cookie in seen["cookie"])
    assert seen["cookie"]
    assert seen["content_type"].startswith("text/event-stream")
    assert seen["events"] > 0
    assert (seen["receipt"], seen["score"]) == (True, 5)
    assert seen["metrics"] == 404
    assert seen["plain"].startswith("https://localhost/")
