"""Process of `bench_serve.py`: the portal of digits with some of its questions, as `grader serve` runs it.

python serve_process.py DATA STUDENT,STUDENT,... [QUESTION ...]

Prints the address, then the tokens of the students and of `instructor` as JSON, when all workers are warm.
"""

from __future__ import annotations

import json
import socket
import sys
import threading
import time
from pathlib import Path

from scenarios import DIGITS

from grader.assignments.loader import load, select_questions
from grader.gradebook.roster import RosterEntry
from grader.server.app import create_app
from grader.server.http_server import PortalServer
from grader.server.portal import Portal, PortalSettings


def main(data: Path, students: list[str], questions: list[str]) -> None:
    assignment = load(DIGITS)
    if questions:
        assignment = select_questions(assignment, questions)
    listener = socket.create_server(("127.0.0.1", 0), backlog=2048)
    url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    portal = Portal(PortalSettings([assignment], data, url=url))
    entries = [*(RosterEntry(id, "", id) for id in students), RosterEntry("Instructor", "", "instructor", "instructor")]
    tokens = {link.person.id: link.token for link in portal.roster.load(entries, "benchmark")}
    portal.start()
    threading.Thread(target=announce, args=(portal, url, tokens), daemon=True).start()
    try:
        PortalServer(create_app(portal), portal, "127.0.0.1", 0).run([listener])
    except KeyboardInterrupt:
        pass
    finally:
        portal.close()


def announce(portal: Portal, url: str, tokens: dict[str, str]) -> None:
    while portal.not_ready():
        time.sleep(0.1)
    print(url, json.dumps(tokens), sep="\n", flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2].split(","), sys.argv[3:])
