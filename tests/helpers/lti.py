"""A portal with a fake learning platform, without network, processes and clock."""

from __future__ import annotations

import html
import time
from pathlib import Path
from typing import Any

import httpx2
import msgspec
from fastapi.testclient import TestClient

from grader.gradebook.attempts import Attempt, Ending
from grader.gradebook.roster import Person
from tests.helpers.fake_platform import DEPLOYMENT, PORTAL, FakeNetwork, FakePlatform, registered
from tests.helpers.portals import ADA_FILE, TestPortal


class TestLti:
    """Portal at PORTAL, with a platform whose course is accepted.

    :param accepted: whether the portal knows the course of the platform, and it is accepted
    """

    __test__ = False

    def __init__(self, folder: Path, product: str = "moodle", *, accepted: bool = True) -> None:
        self.network = FakeNetwork()
        self.served = TestPortal(folder, url=PORTAL, transport=self.network.transport())
        self.portal = self.served.portal
        self.tool = self.portal.lti
        self.time = float(int(time.time()))  # of the outbox, which begins now and goes on by `wait`
        self.tool.outbox.now = lambda: self.time
        self.platform = self.add_platform(FakePlatform(product=product))
        if accepted:
            self.connect(self.platform)

    def add_platform(self, platform: FakePlatform) -> FakePlatform:
        self.network.add(platform)
        platform.tool_jwks = lambda: self.browser().get("/lti/jwks").json()
        registered(platform, self.tool.platforms.add)
        return platform

    def connect(self, platform: FakePlatform) -> None:
        """Launch as the instructor of the platform's course, and accept the course."""
        assert platform.launch(self.browser(), "9").status_code == 403
        waiting = [context for context in self.tool.courses.contexts() if not context.accepted]
        for context in waiting:
            self.tool.courses.accept(context.number, "ira")

    def browser(self) -> TestClient:
        return TestClient(self.served.app, PORTAL, follow_redirects=False)

    def signed_in(self, id: str) -> TestClient:
        """Return a browser with the session of a person of the roster."""
        client = self.browser()
        assert client.get(f"/link/{self.served.tokens[id]}").status_code == 303
        return client

    def arrive(self, user: str = "7", platform: FakePlatform | None = None, **more: Any) -> Person:
        """Launch as a user of the platform, and return their person."""
        place = platform or self.platform
        answer = place.launch(self.browser(), user, **more)
        assert answer.status_code == 303, answer.text
        found = self.portal.roster.find(f"lti{self.number(place)}-{user}")
        assert found
        return found

    def number(self, platform: FakePlatform) -> int:
        return self.tool.platforms.of_issuer(platform.issuer)[0].number

    def grade(self, person: Person, points: float, *, received: str = "", **fields: Any) -> Attempt:
        """Hand in as a person, and grade it."""
        content = ADA_FILE + f"# {person.id} {points} {self.time}\n".encode()
        self.served.hand_in(person.id, content)
        return self.finish(person, points, **fields)

    def finish(self, person: Person, points: float, **fields: Any) -> Attempt:
        """Grade the attempt that waits."""
        queue = self.portal.queue
        run = self.portal.book.new_run(self.portal.courses["tiny"].dispatcher.basis, 1)
        claimed = queue.claim("test", 60, ["tiny"])
        assert claimed
        report = msgspec.structs.replace(
            self.served.a_report(person.id, points), digest=claimed.digest, max_score=5.0, **fields
        )
        state: Ending = "review" if report.needs_review else "rejected" if report.status == "rejected" else "graded"
        assert queue.finish(claimed, "test", run, report, "", state)
        found = queue.get(claimed.public_id)
        assert found
        return found

    def send_all(self) -> int:
        """Send what is due, and return how many tries that were."""
        tries = 0
        while self.tool.sender.step():
            tries += 1
            assert tries < 1000
        return tries

    def wait(self, seconds: float) -> None:
        self.time += seconds

    def states(self) -> list[str]:
        """States of all rows of the outbox, in their order."""
        rows = self.tool.outbox.rows(1000, ("parked", "sent", "waiting"))
        return [row.state for row in sorted(rows, key=lambda row: row.number)]

    def close(self) -> None:
        self.portal.close()


def refusal(answer: httpx2.Response) -> str:
    """Return the sentence with which a launch was refused."""
    assert answer.status_code == 403, answer.text
    assert "set-cookie" not in answer.headers, "nobody gets a session"
    return html.unescape(answer.text).partition("accepted: ")[2].partition(". ")[0]


__all__ = ["DEPLOYMENT", "PORTAL", "TestLti", "refusal"]
