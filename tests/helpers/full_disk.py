"""A portal whose data folder is on a small file system that is filled: `python -m tests.helpers.full_disk FOLDER`

FOLDER/data is that file system. Prints how often each status was the answer to an upload.
"""

from __future__ import annotations

import json
import os
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx2 as httpx

from tests.factories import RIGHT
from tests.helpers import http_requests as http
from tests.helpers.served import Served

ROOM = range(0, 120_000, 8_000)  # bytes that are left
SMALL, LARGE = RIGHT.encode(), RIGHT.encode() + b"#" * 30_000


def main(folder: Path) -> None:
    statuses: Counter[int] = Counter()
    course = Served(folder)
    course.environment["TMPDIR"] = str(temporary(folder))
    course.start()
    course.load([f"s{number}" for number in range(4)])
    instructor = course.tokens["instructor"]
    try:
        for turn, room in enumerate(ROOM):
            with filled(course.data, room):
                for number, content in enumerate((SMALL, LARGE)):
                    student = f"s{(turn + number) % 4}"
                    answer = course.post(student, content + f"# {turn} {number}\n".encode())
                    statuses[answer.status_code] += 1
                    assert answer.status_code in (202, 503), answer.text
                    assert answer.status_code == 202 or "retry-after" in answer.headers
                for request in others(course, instructor):
                    assert request().status_code in (200, 202, 303, 503)
        fill(course.data, None)
        course.check()
    finally:
        course.end_all()
    print(json.dumps(statuses))


def others(course: Served, instructor: str) -> Iterator[Callable[[], httpx.Response]]:
    """All else that writes: a session, a regrade, a flag."""
    with http.client(base_url=course.url, timeout=60) as browser:
        yield lambda: browser.get(f"/link/{course.tokens['s0']}")
    with http.client(base_url=course.url, headers={"Authorization": f"Bearer {instructor}"}, timeout=60) as client:
        yield lambda: client.post(f"{course.api}/regrades", json={"preview": False, "students": []})
        yield lambda: client.post("/assignments/tiny/resume")


@contextmanager
def filled(data: Path, room: int) -> Iterator[None]:
    fill(data, room)
    try:
        yield
    finally:
        fill(data, None)


def fill(data: Path, room: int | None) -> None:
    """Leave so many bytes on the disk; None: remove what fills it."""
    filler = data / "filler"
    if room is None:
        filler.unlink(missing_ok=True)
        return
    with filler.open("wb", buffering=0) as stream, suppress(OSError):
        while True:
            stream.write(b"x" * 65536)
    free = os.statvfs(data)
    size = filler.stat().st_size - max(0, room - free.f_bavail * free.f_frsize)
    os.truncate(filler, size)


def temporary(folder: Path) -> Path:
    made = folder / "tmp"
    made.mkdir(exist_ok=True)
    return made


if __name__ == "__main__":
    main(Path(sys.argv[1]))
