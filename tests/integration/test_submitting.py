"""`submit()` in the students' folders: against a real portal, and against everything that can go wrong."""

from __future__ import annotations

import json
import os
import re
import socket
import ssl
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from grader.server.receipts import read_signed
from tests.factories import RIGHT, ROOT, module_at
from tests.helpers.commands import ENVIRONMENT
from tests.helpers.portals import RunningPortal
from tests.helpers.terminal import grader_in

SOURCE = ROOT / "solutions" / "digits" / "student" / "submitting.py"
TOKEN = "t0ken-" + "x" * 16
NOTEBOOK = {"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
ACCEPTED = {"id": "A" * 22, "receipt": '{"signed": "text"}', "received_at": "2026-11-29T08:00:00+00:00", "position": 3}
QUESTION = {
    "name": "sigmoid",
    "score": 1,
    "max_score": 2,
    "cases": [{"title": "A <b>number</b>", "message": "You returned\x1b[2J 3", "points": 0, "max_points": 1}],
}
REPORT = {"status": "graded", "score": 1, "max_score": 2, "notes": [], "questions": [QUESTION]}
Answer = tuple[int, Any]  # status, and JSON or text


class FakePortal:
    """Server that answers as told: `answers` holds what each request gets, the last one for ever."""

    def __init__(self) -> None:
        self.answers: dict[str, list[Answer]] = {"POST": [(202, ACCEPTED)], "GET": []}
        self.report: Answer = (200, REPORT)
        self.received: list[tuple[str, str, bytes]] = []  # path, Authorization, body
        portal = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                portal.received.append((self.path, self.headers["Authorization"], body))
                self._send(*portal.next("POST"))

            def do_GET(self) -> None:
                self._send(*(portal.report if self.path.endswith("/report") else portal.next("GET")))

            def log_message(self, *_: object) -> None:
                pass

            def _send(self, status: int, answer: Any) -> None:
                content = answer.encode() if isinstance(answer, str) else json.dumps(answer).encode()
                self.send_response(status)
                if 300 <= status < 400:
                    self.send_header("Location", "http://127.0.0.1:9/elsewhere")
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"

    def next(self, method: str) -> Answer:
        found = self.answers[method]
        if not found:
            return 200, {"state": "graded"}
        return found.pop(0) if len(found) > 1 else found[0]

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def portal() -> Iterator[FakePortal]:
    made = FakePortal()
    yield made
    made.close()


@pytest.fixture
def submitting(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The module, which waits for nothing long."""
    module = module_at(SOURCE)
    for name in ("AWAY_SECONDS", "SAVE_SECONDS"):
        monkeypatch.setattr(module, name, 0.3)
    monkeypatch.setattr(module.time, "sleep", lambda seconds: None)
    return module


@pytest.fixture
def hand_in(
    submitting: ModuleType, portal: FakePortal, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> Callable[..., str]:
    """Hand in digits.ipynb of a folder with a link, and return what is printed."""
    (tmp_path / "portal.txt").write_text(f"{portal.url}/link/{TOKEN}\n")
    (tmp_path / "digits.ipynb").write_text(json.dumps(NOTEBOOK))

    def done(code: int = 0) -> str:
        assert submitting.hand_in("digits", tmp_path / "digits.ipynb") == code
        return capsys.readouterr().out

    return done


# ---- a real portal


@pytest.fixture(scope="module")
def link(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The link of a student of a portal that runs."""
    running = RunningPortal(tmp_path_factory.mktemp("served"))
    yield f"{running.url}/link/{running.test.tokens['ada']}"
    running.close()


def handed_in_alone(folder: Path, assignment: str, file: str, *more: str) -> subprocess.CompletedProcess[str]:
    """Run the module by an isolated Python, which has the standard library alone."""
    code = f"import sys; sys.path[:0] = [{str(SOURCE.parent)!r}]; import submitting; {'; '.join(more) or 'pass'}"
    code += f"; sys.exit(submitting.hand_in({assignment!r}, {file!r}))"
    command = [sys.executable, "-I", "-S", "-B", "-c", code]
    return subprocess.run(command, cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)


def test_a_module_is_handed_in(link: str, tmp_path: Path) -> None:
    """Place, points and receipt are shown; `grader verify` accepts the receipt. It needs no package."""
    (tmp_path / "tiny.py").write_text(RIGHT.replace("2 * x", "3 * x"))
    (tmp_path / "portal.txt").write_text(f"\n  {link} \n", encoding="utf-16")
    done = handed_in_alone(tmp_path, "tiny", "tiny.py")
    assert (done.returncode, done.stderr) == (0, "")
    assert "tiny.py was saved " in done.stdout and "Handed in: tiny.py, received at 20" in done.stdout
    assert "It waits at place 1" in done.stdout or "It is being graded." in done.stdout
    assert re.search(r"^\d of 5 points\n  double: \d of \d\n      \w", done.stdout, re.MULTILINE)
    (receipt,) = tmp_path.glob("receipt-*.json")
    assert read_signed(receipt.read_bytes())
    assert grader_in(tmp_path, "verify", receipt, tmp_path / "tiny.py").returncode == 0


def test_a_file_that_is_too_large_is_refused(link: str, tmp_path: Path) -> None:
    """In a sentence that says what to do, however far it was sent."""
    (tmp_path / "tiny.py").write_bytes(b"#" * 40_000_000)
    (tmp_path / "portal.txt").write_text(link)
    done = handed_in_alone(tmp_path, "tiny", "tiny.py")
    assert (done.returncode, done.stderr) == (1, "")
    assert re.search("Not handed in|Perhaps tiny.py wasn't handed in", done.stdout) and "lear large" in done.stdout


def test_the_answers_of_a_real_portal_are_sentences(link: str, tmp_path: Path) -> None:
    """To a link that isn't valid, and a wrong assignment."""
    (tmp_path / "tiny.py").write_text(RIGHT)
    (tmp_path / "portal.txt").write_text(link)
    done = handed_in_alone(tmp_path, "digits", "tiny.py")
    assert "has no assignment `digits`" in done.stdout and done.returncode == 1
    (tmp_path / "portal.txt").write_text(link[:-3] + "AAA")
    done = handed_in_alone(tmp_path, "tiny", "tiny.py")
    assert "The portal doesn't know your personal link" in done.stdout and done.returncode == 1


def test_check_py_hands_in(portal: FakePortal, tmp_path: Path) -> None:
    """`python check.py --submit` takes the file that is named, or the one with more exercises."""
    for path in (ROOT / "assignment" / "digits").glob("*.*"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    (tmp_path / "portal.txt").write_text(f"{portal.url}/link/{TOKEN}")
    (tmp_path / "digits.py").write_text("import numpy as np\ndef sigmoid(z):\n    return 1 / (1 + np.exp(-z))\n")
    for arguments, code in ([], 0), (["digits.ipynb"], 0), (["sigmoid"], 2), (["nothing.py"], 2):
        command = [sys.executable, "check.py", *arguments, "--submit"]
        done = subprocess.run(command, cwd=tmp_path, env=ENVIRONMENT, capture_output=True, text=True, check=False)
        assert (done.returncode, done.stderr) == (code, ""), done.stdout
        assert ("1 of 2 points" in done.stdout) == (code == 0)
    names = [re.findall(rb'filename="([^"]*)"', body)[0] for _, _, body in portal.received]
    assert names == [b"digits.py", b"digits.ipynb"]
    assert {(path, token) for path, token, _ in portal.received} == {
        ("/api/v1/assignments/digits/submissions", f"Bearer {TOKEN}")
    }


# ---- what can go wrong


@pytest.mark.parametrize(
    ("status", "answer", "sentence"),
    [
        (401, {"detail": "no"}, "Ask your instructor for one, for portal.txt."),
        (
            413,
            {"detail": "The file is larger than 32 MB."},
            "larger than 32 MB. Clear large outputs, save, and try again",
        ),
        (429, {"detail": "Try again in 3 seconds."}, "Not handed in. Try again in 3 seconds.\n"),
        (503, {"detail": "The disk is full."}, "The disk is full."),
        (404, {"detail": "There is no such assignment."}, "has no assignment `digits`: is your link for this course?"),
        (404, "<html>", "has no assignment `digits`"),
        (502, "<html>", "The portal is away for a moment"),
        (500, "\xff", "answered 500 Internal Server Error. Try again"),
        (200, "<html>sign in to the Wi-Fi</html>", "Do you have to sign in to this network first?"),
        (200, [1], "Do you have to sign in to this network first?"),
        (200, {"hello": "world"}, "isn't one of a portal: is the link right?"),
        (301, "", "Ask your instructor for your new personal link."),
        (307, "", "Ask your instructor for your new personal link."),
    ],
)
def test_an_answer_that_is_no_success_is_a_sentence(
    hand_in: Callable[..., str], portal: FakePortal, tmp_path: Path, status: int, answer: Any, sentence: str
) -> None:
    """And nothing is kept. The token goes to no other address."""
    portal.answers["POST"] = [(status, answer)]
    printed = hand_in(1)
    assert sentence in printed and "Not handed in." in printed and TOKEN not in printed
    assert not list(tmp_path.glob("receipt-*")) and len(portal.received) == 1


def test_without_a_network_it_says_so(
    submitting: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nobody listens; no such host; no TLS; a certificate that nobody signed; a connection that is cut.

    The file may have arrived before the cut: handing it in again could make it late.
    """
    path = tmp_path / "digits.ipynb"
    path.write_text(json.dumps(NOTEBOOK))
    taken = socket.create_server(("127.0.0.1", 0))
    threading.Thread(target=cut_two, args=(taken,), daemon=True).start()
    port = taken.getsockname()[1]
    for url, sentence in (
        ("http://127.0.0.1:9", "Not handed in. No portal runs at 127.0.0.1:9 now. Try again in some minutes."),
        ("http://no.such.host.invalid", "Is this computer connected to the network?"),
        (f"http://127.0.0.1:{port}", "was cut. Look at the portal's page before you try again."),
        (f"https://127.0.0.1:{port}", "127.0.0.1"),
    ):
        (tmp_path / "portal.txt").write_text(f"{url}/link/{TOKEN}")
        assert submitting.hand_in("digits", path) == 1
        assert sentence in capsys.readouterr().out
    taken.close()
    unsigned = ssl.SSLCertVerificationError(1, "certificate verify failed")
    unsigned.verify_message = "self-signed certificate"
    assert "can't prove that it is the portal: self-signed certificate" in str(submitting.unreachable("h", unsigned))
    assert "No secure connection" in str(submitting.unreachable("h", ssl.SSLError(1, "WRONG_VERSION_NUMBER")))
    assert "doesn't answer" in str(submitting.unreachable("h", TimeoutError()))


def cut_two(listener: socket.socket) -> None:
    """Cut the first two connections."""
    for _ in range(2):
        connection, _ = listener.accept()
        connection.close()


def test_the_portal_may_be_away_while_the_work_waits(
    hand_in: Callable[..., str], portal: FakePortal, tmp_path: Path
) -> None:
    """For a while; then a sentence says that the work is safe. The receipt is kept at once."""
    waits = (200, {"state": "queued", "position": 2, "estimate_seconds": 7.4})
    portal.answers["GET"] = [
        waits,
        (502, "<html>"),
        (200, "<html>"),
        (200, {"state": "grading"}),
        (200, {"state": "graded"}),
    ]
    printed = hand_in()
    assert "It waits at place 3.\nIt waits at place 2, for about 7 s.\nIt is being graded.\n1 of 2 points\n" in printed
    portal.answers["GET"] = [(502, "<html>")]
    printed = hand_in()
    assert "The portal is away" in printed and "What you handed in is safe" in printed
    portal.answers["GET"] = [(200, {"state": "review"})]
    assert "which costs you nothing" in hand_in()
    portal.answers["GET"], portal.report = [], (200, {"status": "new"})
    assert "doesn't know" in hand_in()
    assert (tmp_path / f"receipt-{'A' * 22}.json").read_text() == f"{ACCEPTED['receipt']}\n"


def test_the_portal_is_asked_rarely_where_many_wait(
    hand_in: Callable[..., str], submitting: ModuleType, portal: FakePortal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a quarter of the estimate, 30 seconds at most, and often where the work is graded soon."""
    pauses: list[float] = []
    monkeypatch.setattr(submitting.time, "sleep", pauses.append)
    estimates = (300.0, 80.0, 1.0, None, "soon", -5)
    queued = [(200, {"state": "queued", "position": 2, "estimate_seconds": seconds}) for seconds in estimates]
    portal.answers["GET"] = [*queued, (200, {"state": "graded"})]
    assert "1 of 2 points" in hand_in()
    assert pauses[1:3] == [30.0, 20.0]
    assert all(0.2 <= pause <= 2.0 for pause in (pauses[0], *pauses[3:])) and len(pauses) == 7


def test_a_result_is_text(hand_in: Callable[..., str], submitting: ModuleType, portal: FakePortal) -> None:
    """What the report says doesn't act, neither in a terminal nor in a notebook."""
    printed = hand_in()
    assert (
        "1 of 2 points\n  sigmoid: 1 of 2\n      A <b>number</b>: You returned\N{REPLACEMENT CHARACTER}[2J 3" in printed
    )
    assert "A &lt;b&gt;number&lt;/b&gt;" in submitting.Result(REPORT)._repr_html_()
    portal.report = (200, {"status": "rejected", "score": 0, "max_score": 2, "notes": ["no notebook"], "questions": []})
    assert "It can't be graded: no notebook" in hand_in()


def test_a_result_that_is_not_shown_yet_says_when(hand_in: Callable[..., str], portal: FakePortal) -> None:
    """In one sentence; a file that can't be graded says why all the same."""
    sentence = "Results are shown when your course releases them."
    portal.answers["GET"] = [(200, {"state": "graded", "score": None, "withheld": sentence})]
    portal.report = (403, {"detail": sentence})
    assert hand_in().splitlines()[-1] == f"It is graded. {sentence}"
    portal.answers["GET"] = [(200, {"state": "rejected", "score": None, "withheld": sentence})]
    portal.report = (403, {"detail": "The zip has no notebook."})
    assert "The zip has no notebook." in hand_in().splitlines()[-1]


def test_attempts_that_are_used_say_when_the_next_comes(hand_in: Callable[..., str], portal: FakePortal) -> None:
    """As the portal says it."""
    sentence = "You have no attempt left. The next one comes at 2026-11-30 13:01 Europe/Berlin."
    portal.answers["POST"] = [(429, {"detail": sentence})]
    assert sentence in hand_in(1)


def test_a_receipt_stays_in_the_folder(hand_in: Callable[..., str], portal: FakePortal, tmp_path: Path) -> None:
    """Whatever id a server gives. Where it can't be saved, it is printed."""
    portal.answers["POST"] = [(202, {**ACCEPTED, "id": "../../x"})]
    hand_in()
    assert (tmp_path / "receipt-x.json").exists()
    (tmp_path / "receipt-x.json").unlink()
    (tmp_path / "receipt-x.json").mkdir()
    assert 'Copy it:\n{"signed": "text"}' in hand_in()


# ---- the file, and the link


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"secret",
        b"ftp://x/link/" + TOKEN.encode(),
        b"http://x/link/short",
        b"http://a@b/link/" + TOKEN.encode(),
        b"\xff",
    ],
)
def test_a_link_that_is_none_is_told(
    submitting: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes
) -> None:
    """By the file that it is in, without its content."""
    (tmp_path / "digits.ipynb").write_text("{}")
    (tmp_path / "portal.txt").write_bytes(content)
    assert submitting.hand_in("digits", tmp_path / "digits.ipynb") == 1
    printed = capsys.readouterr().out
    assert f"{tmp_path / 'portal.txt'} holds no personal link" in printed and TOKEN not in printed


def test_a_link_in_the_notebook_is_not_handed_in(
    hand_in: Callable[..., str], portal: FakePortal, tmp_path: Path
) -> None:
    """Graders and others would read it."""
    (tmp_path / "digits.ipynb").write_text(json.dumps({**NOTEBOOK, "cells": [f"{portal.url}/link/{TOKEN}"]}))
    assert "Your personal link stands in digits.ipynb" in hand_in(1)
    assert portal.received == []


def test_without_a_file_it_asks_once(
    hand_in: Callable[..., str],
    submitting: ModuleType,
    portal: FakePortal,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """For the link, without showing it. Where nobody can type, a sentence says where to save it."""
    (tmp_path / "portal.txt").unlink()
    assert "Save your personal link" in hand_in(1)
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True)
    typed = iter([f"{portal.url}/link/{TOKEN}"])
    monkeypatch.setattr(submitting.getpass, "getpass", lambda prompt: next(typed))
    assert "1 of 2 points" in hand_in()
    assert "1 of 2 points" in hand_in()
    submitting._links.clear()
    assert "Save your personal link" in hand_in(1)


def test_without_a_terminal_nobody_is_asked(tmp_path: Path) -> None:
    """Python would warn that it can't hide what is typed."""
    (tmp_path / "tiny.py").write_text(RIGHT)
    done = handed_in_alone(tmp_path, "tiny", "tiny.py")
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout.startswith("Not handed in. Save your personal link") and done.stdout.count("\n") == 1


def test_a_file_that_is_not_there_is_told(
    submitting: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """With the folder that was looked in; in Colab, which keeps notebooks elsewhere, with what to do."""
    monkeypatch.chdir(tmp_path)
    assert submitting.hand_in("digits") == 1
    assert f"digits.ipynb isn't in the folder {tmp_path}" in capsys.readouterr().out
    monkeypatch.setitem(sys.modules, "google.colab", ModuleType("google.colab"))
    assert submitting.hand_in("digits") == 1
    assert "hand it in on the portal's page" in capsys.readouterr().out


@pytest.mark.parametrize("saves", [True, False])
def test_jupyter_saves_the_notebook_first(
    hand_in: Callable[..., str],
    submitting: ModuleType,
    portal: FakePortal,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    saves: bool,
) -> None:
    """What is handed in is what the page of Jupyter saved. Where it saves nothing, that is said."""
    newer = json.dumps({**NOTEBOOK, "cells": ["new"]}).encode()
    shown: list[Any] = []

    class Output:
        def update(self, card: object) -> None:
            shown.append(card)

    def display(card: object, display_id: bool = False) -> Output | None:
        shown.append(card)
        if "docmanager:save" in str(getattr(card, "data", "")) and saves:
            (tmp_path / "digits.ipynb").write_bytes(newer)
        return Output() if display_id else None

    monkeypatch.setattr("IPython.display.display", display)
    monkeypatch.setattr(submitting, "in_notebook", lambda: True)
    printed = hand_in()
    assert ("digits.ipynb is saved." in printed, "Your editor lets no program save" in printed) == (saves, not saves)
    assert (newer in portal.received[0][2]) == saves
    assert shown[1].data == "" and isinstance(shown[2], submitting.Result)


def test_the_notebook_that_runs_it_is_handed_in(
    submitting: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Under whatever name, where Jupyter or VS Code says which it is."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(submitting, "in_notebook", lambda: True)
    for name in ("digits.ipynb", "mine.ipynb", "code.ipynb"):
        (tmp_path / name).write_text("{}")
    assert submitting.the_file("digits", None).name == "digits.ipynb"
    monkeypatch.setenv("JPY_SESSION_NAME", str(tmp_path / "mine.ipynb"))
    assert submitting.the_file("digits", None).name == "mine.ipynb"
    monkeypatch.setattr(sys.modules["__main__"], "__vsc_ipynb_file__", str(tmp_path / "code.ipynb"), raising=False)
    assert submitting.the_file("digits", None).name == "code.ipynb"
    monkeypatch.setenv("JPY_SESSION_NAME", os.fspath(tmp_path / "gone.ipynb"))
    assert submitting.the_file("digits", "digits.ipynb").name == "digits.ipynb"
