"""Sender: takes scores out of the outbox and sends them to their platforms, in a thread."""

from __future__ import annotations

import logging
import random
import threading
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from grader._util import logs
from grader.errors import GraderError
from grader.gradebook.lti_courses import LtiContext, LtiCourses
from grader.gradebook.lti_platforms import LearningPlatform, Platforms
from grader.gradebook.outbox import Outbox, OutboxRow
from grader.models import Assignment
from grader.server.lti.limits import (
    CATCH_UP_SECONDS,
    CLOSE_SECONDS,
    FIRST_WAIT,
    GIVE_UP_SECONDS,
    LONGEST_WAIT,
    SEND_LEASE_SECONDS,
    SEND_POLL_SECONDS,
)
from grader.server.lti.platform_client import PlatformRefused, PlatformUnreachable, TokenRefused
from grader.server.lti.services import PlatformServices

LOG = logging.getLogger("grader.server.lti")
CANVAS_SUBMISSION = "https://canvas.instructure.com/lti/submission"
CANVAS = "canvas"
CONFLICT = 409  # the timestamp isn't newer than the one that the platform has
GONE = (404, 410)
BUSY = (408, 425, 429)
AWAY = (401, *BUSY, 502, 503, 504)  # answers that have nothing to do with the score
NO_LINE_ITEM = "the platform has no line item for this assignment, and doesn't let the portal create one"


class Sender:
    """Sends scores. `start` starts the thread, `close` ends it; tests call `step`.

    :param assignments: of the portal, by name; scores of others stay
    :param jitter: returns a factor of a wait, so that many scores aren't sent at the same moment again
    """

    def __init__(
        self,
        outbox: Outbox,
        platforms: Platforms,
        courses: LtiCourses,
        services: PlatformServices,
        assignments: Mapping[str, Assignment],
        url: str,
        jitter: Callable[[], float] = lambda: random.uniform(0.5, 1.0),
    ) -> None:
        self._outbox = outbox
        self._platforms = platforms
        self._courses = courses
        self._services = services
        self._assignments = assignments
        self._url = url
        self._jitter = jitter
        self._decisions = -1  # number of the newest entry of the audit log when all scores were looked at
        self._caught_up = 0.0
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="outbox", daemon=True)

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def close(self) -> None:
        """End the thread, and wait for it. What it was sending is sent again, with the same timestamp."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(CLOSE_SECONDS)

    def step(self) -> bool:
        """Try to send the next score that is due. Return False if there is none."""
        row = self._outbox.claim(SEND_LEASE_SECONDS)
        if row is None:
            return False
        platform, context = self._platforms.get(row.platform), self._courses.context(row.context)
        if platform is None or context is None:
            self._outbox.park(row, "the platform was removed")
        else:
            self._send(row, platform, context)
        return True

    def catch_up(self) -> None:
        """Add the scores that changed without a new result: because a person decided something, or a date passed."""
        newest = self._outbox.decisions()
        if newest != self._decisions or time.monotonic() - self._caught_up > CATCH_UP_SECONDS:
            self._decisions, self._caught_up = newest, time.monotonic()
            self._outbox.enqueue_all(self._assignments)

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                self.catch_up()
                while self.step() and not self._stopping.is_set():
                    pass
            except GraderError as problem:  # the database can't be reached for a while
                logs.event(LOG, logging.ERROR, "outbox can't go on", why=str(problem))
            except Exception:  # a bug: the next scores should be sent all the same
                LOG.exception("the outbox failed")
            self._stopping.wait(SEND_POLL_SECONDS)

    def _send(self, row: OutboxRow, platform: LearningPlatform, context: LtiContext) -> None:
        try:
            line_item = self._line_item(row, platform, context)
        except (PlatformRefused, PlatformUnreachable) as problem:  # the score itself wasn't sent
            self._wait_or_park(row, platform, problem, unsure=False)
            return
        if not line_item:
            self._park(row, NO_LINE_ITEM)
            return
        try:
            self._services.send_score(platform, line_item, score_message(row, platform, self._url))
        except PlatformUnreachable as problem:
            self._wait_or_park(row, platform, problem, unsure=True)
        except PlatformRefused as problem:
            self._refused(row, platform, context, problem)
        else:
            self._sent(row)

    def _sent(self, row: OutboxRow) -> None:
        self._outbox.sent(row)
        logs.event(LOG, logging.INFO, "score sent", row=row.number, person=row.student, assignment=row.assignment)

    def _refused(
        self, row: OutboxRow, platform: LearningPlatform, context: LtiContext, problem: PlatformRefused
    ) -> None:
        if isinstance(problem, TokenRefused):
            self._wait_or_park(row, platform, problem, unsure=False)
        elif problem.status == CONFLICT and row.unsure:  # an earlier try has arrived, and its answer was lost
            self._sent(row)
        elif problem.status == CONFLICT:
            self._later(row, str(problem), self._wait(row), new_stamp=True)
        elif problem.status in GONE and not row.problem.startswith(f"it answered {problem.status}"):
            self._courses.set_line_item(context.number, row.assignment, "")
            self._later(row, str(problem), FIRST_WAIT)
        else:
            self._wait_or_park(row, platform, problem, unsure=problem.status >= 500)

    def _wait_or_park(
        self,
        row: OutboxRow,
        platform: LearningPlatform,
        problem: PlatformRefused | PlatformUnreachable,
        *,
        unsure: bool,
    ) -> None:
        """Try again later if the platform is busy or away, for GIVE_UP_SECONDS; else leave it to a person."""
        wait = self._wait(row)
        if isinstance(problem, PlatformRefused):
            busy = problem.status in BUSY or problem.status >= 500 or "rate limit" in problem.words.lower()
            if not busy and problem.status != 401 and not isinstance(problem, TokenRefused):
                self._park(row, str(problem))
                return
            wait = max(wait, min(problem.wait, LONGEST_WAIT))
        age = self._outbox.now() - datetime.fromisoformat(row.created).timestamp()
        if age > GIVE_UP_SECONDS:
            self._park(row, f"given up after {GIVE_UP_SECONDS / 86400:.0f} days: {problem}")
            return
        self._later(row, str(problem), wait, unsure=unsure)
        if isinstance(problem, PlatformUnreachable | TokenRefused) or problem.status in AWAY:
            self._outbox.postpone(platform.number, wait)  # the others would fare the same

    def _later(
        self, row: OutboxRow, problem: str, wait: float, *, unsure: bool = False, new_stamp: bool = False
    ) -> None:
        self._outbox.later(row, problem, wait, unsure=unsure, new_stamp=new_stamp)
        logs.event(
            *(LOG, logging.WARNING, "score waits"),
            row=row.number,
            person=row.student,
            tries=row.tries,
            seconds=round(wait),
            why=problem,
        )

    def _park(self, row: OutboxRow, problem: str) -> None:
        self._outbox.park(row, problem)
        logs.event(LOG, logging.ERROR, "score parked", row=row.number, person=row.student, why=problem)

    def _wait(self, row: OutboxRow) -> float:
        """Return the seconds until the next try: doubled each time, with jitter, at most LONGEST_WAIT."""
        doubled: float = FIRST_WAIT * 2.0 ** min(row.tries - 1, 16)
        return min(doubled, LONGEST_WAIT) * self._jitter()

    def _line_item(self, row: OutboxRow, platform: LearningPlatform, context: LtiContext) -> str:
        """Return the address of the line item: the one that is known, else one that is found, else a new one.

        It is looked for before each creation: the answer to an earlier one may have been lost.
        """
        known = self._courses.line_item(context.number, row.assignment)
        if known is None or known.url:
            return known.url if known else ""
        found = self._services.find_line_item(platform, context, row.assignment, known.resource_link)
        if not found and not known.linked:
            assignment = self._assignments.get(row.assignment)
            maximum = assignment.max_score if assignment else row.max_score or 0.0
            title = assignment.title if assignment else row.assignment
            found = self._services.create_line_item(platform, context, row.assignment, title, maximum)
        if found:
            self._courses.set_line_item(context.number, row.assignment, found)
        return found


def score_message(row: OutboxRow, platform: LearningPlatform, url: str) -> dict[str, Any]:
    """Return what a platform is sent of a score: points and their maximum as they are, never a percentage.

    Without points, a person has to look at the submission: that is pending, and never 0. Without a submission, the
    points are those that a person gave, or gave and took back.

    :param url: address of the portal
    """
    if not row.attempt:
        return _message_by_hand(row, platform, url)
    page = f"{url}/submissions/{row.attempt}"
    submitted = _with_milliseconds(row.submitted)
    message: dict[str, Any] = {"userId": row.user, "timestamp": row.stamp, "activityProgress": "Submitted"}
    message |= {"gradingProgress": "PendingManual", "submission": {"submittedAt": submitted}}
    if row.score is None:
        message["comment"] = f"A person will look at this submission: {page}"
    else:
        message |= {"activityProgress": "Completed", "gradingProgress": "FullyGraded"}
        message |= {"scoreGiven": row.score, "scoreMaximum": row.max_score, "comment": f"Report: {page}"}
    if is_canvas(platform):
        # Without it, Canvas takes the time of the message for that of the submission, which may look late.
        extension: dict[str, Any] = {"new_submission": row.first, "submitted_at": submitted}
        message[CANVAS_SUBMISSION] = {**extension, "submission_type": "basic_lti_launch", "submission_data": page}
    return message


def _message_by_hand(row: OutboxRow, platform: LearningPlatform, url: str) -> dict[str, Any]:
    """Return the message of points that a person gave to somebody who handed in nothing."""
    page = f"{url}/assignments/{quote(row.assignment, safe='')}"
    message: dict[str, Any] = {"userId": row.user, "timestamp": row.stamp, "activityProgress": "Initialized"}
    if row.score is None:
        message |= {"gradingProgress": "NotReady", "comment": f"The points were taken back: {page}"}
    else:
        message |= {"gradingProgress": "FullyGraded", "scoreGiven": row.score, "scoreMaximum": row.max_score}
        message["comment"] = f"The points are a person's, without a submission: {page}"
    if is_canvas(platform):  # else Canvas makes a submission of it
        message[CANVAS_SUBMISSION] = {"new_submission": False, "submission_type": "none"}
    return message


def is_canvas(platform: LearningPlatform) -> bool:
    """Return whether a platform is Canvas, which has an extension for scores."""
    return platform.entry.product == CANVAS or "canvas.instructure.com" in platform.entry.issuer


def _with_milliseconds(stamp: str) -> str:
    return datetime.fromisoformat(stamp).astimezone(UTC).isoformat(timespec="milliseconds")
