"""The portal as a tool of learning platforms: stores, keys, services and sender."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping

import httpx2

from grader.gradebook.data_folder import DataFolder
from grader.gradebook.lti_courses import LtiContext, LtiCourses
from grader.gradebook.lti_platforms import Platforms, Tickets
from grader.gradebook.outbox import Outbox
from grader.gradebook.roster import Roster
from grader.gradebook.store import Gradebook
from grader.models import Assignment
from grader.server.lti.platform_client import PlatformClient, PlatformRefused
from grader.server.lti.sender import Sender
from grader.server.lti.services import PlatformServices
from grader.server.lti.tokens import PlatformKeys
from grader.server.lti.tool_keys import ToolKeys

MOODLE = "moodle"  # product family
FRESH_SECONDS = 5.0  # that the origins of platforms are remembered


class LtiTool:
    """All of LTI that isn't HTTP.

    :param url: address of the portal
    :param transport: sends requests to platforms; None for the network
    :param now: returns seconds since 1970
    """

    def __init__(
        self,
        book: Gradebook,
        roster: Roster,
        data: DataFolder,
        assignments: Mapping[str, Assignment],
        url: str,
        transport: httpx2.BaseTransport | None = None,
        now: Callable[[], float] = time.time,
    ) -> None:
        self.url = url
        self.now = now
        self.loopback = not url.startswith("https://")  # a portal that is tried out without HTTPS
        self.platforms = Platforms(book)
        self.tickets = Tickets(book, now)
        self.courses = LtiCourses(book, roster)
        self.outbox = Outbox(book, now)
        self.keys = ToolKeys(data)
        self.client = PlatformClient(self.loopback, transport)
        self.platform_keys = PlatformKeys(self.client)
        self.services = PlatformServices(self.client, self.keys)
        self.sender = Sender(self.outbox, self.platforms, self.courses, self.services, assignments, url)
        self._origins: tuple[float, str] = (float("-inf"), "")
        self._lock = threading.Lock()

    def origins(self) -> str:
        """Return the origins of the registered platforms, whose pages may show the portal; separated by spaces."""
        with self._lock:
            read, found = self._origins
            if time.monotonic() - read > FRESH_SECONDS:
                origins = {origin for platform in self.platforms.all() for origin in platform.entry.origins}
                found = " ".join(sorted(origins))
                self._origins = time.monotonic(), found
        return found

    def load_roster(self, context: LtiContext, who: str) -> int:
        """Make the members of a course those that its platform lists, and return how many are active.

        Raises UserError if the course isn't accepted, and PlatformUnreachable and PlatformRefused.
        """
        platform = self.platforms.get(context.platform)
        if platform is None or not context.accepted:
            raise PlatformRefused(0, "the course isn't accepted")
        members = self.services.members(platform, context)
        # Moodle lists teachers without editing rights as learners, and launches them as instructors.
        return self.courses.synchronize(context, members, who, names_tutors=platform.entry.product != MOODLE)

    def close(self) -> None:
        """End the sender, and close connections."""
        self.sender.close()
        self.client.close()
