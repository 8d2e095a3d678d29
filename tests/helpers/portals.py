"""A portal without workers, for tests: people with links, and attempts that were graded by hand."""

from __future__ import annotations

import io
import shutil
import socket
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import httpx2 as httpx
import msgspec
import pytest
from fastapi.testclient import TestClient
from starlette.routing import Route

from grader.assignments.loader import load
from grader.gradebook.attempts import Attempt
from grader.gradebook.data_folder import GRADEBOOK_FILE, KEYS, LINKS_KEY, LTI_KEYS, RECEIPTS_KEY, DataFolder
from grader.gradebook.files import private_file
from grader.gradebook.handins import handin_state
from grader.gradebook.roster import Person, Roster, RosterEntry
from grader.gradebook.store import Gradebook
from grader.models import Assignment, ScoreReport
from grader.reports.html.page_process import PageProcess, PageRequest, render_pages
from grader.server.app import create_app
from grader.server.handout import Handout
from grader.server.http_server import PortalServer
from grader.server.lti.tool_keys import new_key_file
from grader.server.portal import Portal, PortalSettings
from grader.server.receipts import new_key
from tests.factories import RIGHT, case, question, report, tiny_assignment, with_student_file
from tests.helpers import http_requests as http
from tests.helpers.gradebooks import put_gradebook
from tests.helpers.processes import until

PEOPLE = (
    RosterEntry("Ada Adamant", "ada@example.org", "ada", "student"),
    RosterEntry("Otto Otherwise", "otto@example.org", "otto", "student"),
    RosterEntry("Tess Teach", "tess@example.org", "tess", "assistant"),
    RosterEntry("Ira Instruct", "ira@example.org", "ira", "instructor"),
    RosterEntry("Rex Revoked", "rex@example.org", "rex", "instructor"),
)
ADA_FILE = RIGHT.encode()
COOKIE = "grader-session-8000"  # of the address that a portal has unless it is told another


class Course(NamedTuple):
    """What each portal begins with."""

    files: dict[str, bytes]  # of its data folder
    tokens: dict[str, str]  # of the links of PEOPLE, by id


@cache
def new_course() -> Course:
    """Return a course of PEOPLE, made once in this process: one of them was revoked."""
    with tempfile.TemporaryDirectory() as folder:
        data = DataFolder.open(Path(folder))
        data.key(RECEIPTS_KEY, new_key)
        data.key(LTI_KEYS, new_key_file)  # making one and checking it takes a tenth of a second
        with Gradebook.open(put_gradebook(data.gradebook)) as book:
            roster = Roster(book, data.links_key())
            tokens = {link.person.id: link.token for link in roster.load(PEOPLE, "test")}
            roster.revoke("rex", "test")
        names = (GRADEBOOK_FILE, *(f"{KEYS}/{key}" for key in (LINKS_KEY, RECEIPTS_KEY, LTI_KEYS)))
        return Course({name: (data.folder / name).read_bytes() for name in names}, tokens)


DOCUMENTS: list[dict[str, Any]] = []  # that of the API, which takes 0.2 s and knows nothing of a portal
RELEASED: dict[str, Handout] = {}  # by the digest of the assignment


def released(assignment: Assignment) -> Handout:
    """Return what students get of an assignment: nbconvert takes 20 ms for it, and it is the same for most portals."""
    if assignment.digest not in RELEASED:
        RELEASED[assignment.digest] = make_handout(assignment)
    made = RELEASED[assignment.digest]
    return Handout(made.name, dict(made.files))


make_handout = Handout.of


def no_network(request: httpx.Request) -> httpx.Response:
    raise httpx.ConnectError("a test has no network")


NO_NETWORK = httpx.MockTransport(no_network)  # reads no certificates, as a transport of a real network does


class TestPortal:
    """Portal with PEOPLE and the tiny assignment, whose dispatcher doesn't run.

    :param policy: keys of the table [policy] of its assignment.toml
    :param here: whether pages are rendered in this process, and there is no network: unit tests have neither
    :param student_files: further files for students, by name
    :param copies: names of further assignments, which are like it
    :param settings: further fields of PortalSettings
    """

    __test__ = False

    def __init__(
        self,
        folder: Path,
        policy: str = "",
        *,
        here: bool = True,
        jobs: int | None = None,
        student_files: Mapping[str, str] | None = None,
        copies: Sequence[str] = (),
        **settings: Any,
    ) -> None:
        assignment = with_student_file(tiny_assignment(folder))
        for name, text in (student_files or {}).items():
            (assignment / "student" / name).write_text(text)
        with (assignment / "assignment.toml").open("a") as file:
            file.write(f"\n[policy]\n{policy}\n" if policy else "")
        folders = [assignment, *(_copied(assignment, name) for name in copies)]
        data = DataFolder.open(folder / "data")
        course = new_course()
        for name, content in course.files.items():
            with private_file(data.folder / name) as stream:
                stream.write(content)
        self.tokens = dict(course.tokens)
        settings = {"transport": NO_NETWORK if here else None, **settings}
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(Handout, "of", released)
            self.portal = Portal(PortalSettings(list(map(load, folders)), folder / "data", jobs=jobs, **settings))
        self.app = create_app(self.portal)
        if not DOCUMENTS:
            DOCUMENTS.append(self.app.openapi())
        self.app.openapi_schema = DOCUMENTS[0]
        if here:
            self._render_here()

    def client(self, id: str = "", **options: Any) -> TestClient:
        """Return a client that asks as a person of the roster, by a Bearer token; as nobody without an id."""
        headers = {"Authorization": f"Bearer {self.tokens[id]}"} if id else {}
        return TestClient(self.app, "http://127.0.0.1:8000", headers=headers, follow_redirects=False, **options)

    def browser(self, id: str) -> TestClient:
        """Return a client with the session of a person."""
        client = self.client()
        assert client.get(f"/link/{self.tokens[id]}").status_code == 303
        return client

    def person(self, id: str) -> Person:
        found = self.portal.roster.find(id)
        assert found
        return found

    def hand_in(self, id: str, content: bytes = ADA_FILE, filename: str = "tiny.py") -> Attempt:
        return self.portal.hand_in(self.person(id), "tiny", filename, io.BytesIO(content))

    def graded(self, id: str, points: float = 2.0, **fields: Any) -> Attempt:
        """Return an attempt of a person, graded."""
        handed_in = self.hand_in(id, ADA_FILE + f"# {id} {points}\n".encode())
        run = self.portal.book.new_run(self.portal.courses["tiny"].dispatcher.basis, 1)
        claimed = self.portal.queue.claim("test", 60, ["tiny"])
        assert claimed and claimed.number == handed_in.number
        made = msgspec.structs.replace(self.a_report(id, points), digest=handed_in.digest, **fields)
        state = handin_state(made)
        assert state != "waiting" and self.portal.queue.finish(claimed, "test", run, made, "", state)
        found = self.portal.queue.get(handed_in.public_id)
        assert found
        return found

    def a_report(self, id: str, points: float) -> ScoreReport:
        return report(question("double", case("shape", worth=points)), student=id, max_score=5.0, file="tiny.py")

    def _render_here(self) -> None:
        self.portal.pages._process = PagesHere()


def _copied(assignment: Path, name: str) -> Path:
    """Return a copy of an assignment with another name, which its notebook has, too."""
    copy = Path(shutil.copytree(assignment, assignment.with_name(name)))
    (copy / f"{assignment.name}.ipynb").rename(copy / f"{name}.ipynb")
    return copy


class PagesHere(PageProcess):
    """Renders in this process, which tests without other processes can wait for."""

    def start(self) -> None:
        pass

    def pages(self, report: bytes, content: bytes, stamp: str, name: str = "", ask: str = "") -> dict[str, bytes]:
        return render_pages(PageRequest(report, content, stamp, name, ask=ask))


class RunningPortal:
    """A portal with workers, and its HTTP server, in threads of this process.

    :param policy: as for TestPortal
    :param before: called with the portal before its workers start
    :param options: as for TestPortal
    """

    def __init__(
        self, folder: Path, policy: str = "", before: Callable[[TestPortal], None] = lambda _: None, **options: Any
    ) -> None:
        listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        self.test = TestPortal(folder, policy, here=False, jobs=1, url=self.url, **options)
        before(self.test)
        self.test.portal.start()
        self._server = PortalServer(self.test.app, self.test.portal, "127.0.0.1", 0)
        self._thread = threading.Thread(target=self._server.run, args=([listener],))
        self._thread.start()
        until(lambda: answers(self.url))

    def client(self, id: str) -> httpx.Client:
        headers = {"Authorization": f"Bearer {self.test.tokens[id]}"}
        return http.client(base_url=self.url, headers=headers, timeout=60)

    def close(self) -> None:
        self.test.portal.live.close()
        self._server.should_exit = True
        self._thread.join(60)
        assert not self._thread.is_alive()


def answers(url: str) -> bool:
    try:
        return http.get(f"{url}/healthz", timeout=5).status_code == 200
    except httpx.TransportError:
        return False


def routes(served: TestPortal) -> Iterator[tuple[str, str]]:
    """Yield method and path of each route of the application."""
    for route in served.app.routes:
        assert isinstance(route, Route), f"a kind of route that this test doesn't know: {route}"
        for method in (route.methods or set()) - {"HEAD"}:
            yield method, route.path


def filled(path: str, address: dict[str, str]) -> str:
    """Return a path with its parameters filled in."""
    for name, value in address.items():
        path = path.replace(f"{{{name}}}", value)
    return path
