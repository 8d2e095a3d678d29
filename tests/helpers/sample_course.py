"""`make serve`: the portal with the sample class. Its twelve students are loaded, and what they handed in is sent.

    python tests/helpers/sample_course.py DATA [OPTIONS of grader serve]

It needs nothing that tests alone need.
"""

from __future__ import annotations

import csv
import io
import json
import secrets
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
import zipfile
from pathlib import Path

from grader._util.load import load_factor

ROOT = Path(__file__).parents[2]
CLASS = ROOT / "tests" / "corpus" / "sample_class"
ASSIGNMENT = ROOT / "solutions" / "digits"
GRADER = [sys.executable, "-m", "grader"]
START_SECONDS = 60


def main(data: Path, *options: str) -> int:
    """Start the server, hand in what isn't there yet, and wait until the server is ended."""
    data.mkdir(parents=True, exist_ok=True)
    submissions = handed_in()
    roster = data / "roster.csv"
    roster.write_text(roster_of(list(submissions)), encoding="utf-8")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the server ends, too
    server = subprocess.Popen([*GRADER, "serve", str(ASSIGNMENT), "--data", str(data), *options])
    try:
        url = wait_for(server, data)
        printed = subprocess.run(
            [*GRADER, "roster", "load", str(roster), "--data", str(data)], check=True, capture_output=True, text=True
        ).stdout
        links = {row["id"]: row for row in csv.DictReader(io.StringIO(printed))}
        instructor = token_of_instructor(data)
        attempts = {row["student"]: row["attempts"] for row in grades(url, instructor)}
        for student, (name, content) in submissions.items():
            if not attempts.get(student):
                hand_in(url, links[student]["token"], name, content)
        print(f"{len(submissions)} students have handed in. A student's link: {links['student-02']['url']}", flush=True)
        return server.wait()
    except KeyboardInterrupt:  # the server got it, too
        return server.wait()
    finally:
        if server.poll() is None:
            server.send_signal(signal.SIGTERM)
            server.wait()


def handed_in() -> dict[str, tuple[str, bytes]]:
    """Return student -> file name and content. What is a folder is handed in as a zip."""
    found = {}
    for path in sorted(CLASS.glob("student-*")):
        if path.is_dir():
            packed = io.BytesIO()
            with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
                for file in sorted(path.rglob("*")):
                    archive.write(file, file.relative_to(path))
            found[path.name] = (f"{path.name}.zip", packed.getvalue())
        else:
            found[path.stem] = (path.name, path.read_bytes())
    return found


def roster_of(students: list[str]) -> str:
    """Return a roster of these students."""
    return "name,email,id,role\n" + "".join(f"{id},{id}@example.org,{id},student\n" for id in students)


def wait_for(server: subprocess.Popen[bytes], data: Path) -> str:
    """Return the address of the server as soon as it answers."""
    end = time.monotonic() + START_SECONDS * load_factor()
    while server.poll() is None and time.monotonic() < end:
        try:
            url = (data / "url").read_text().strip()
            with urllib.request.urlopen(f"{url}/healthz", timeout=5):
                return url
        except OSError:  # no such file yet, or nobody listens yet
            time.sleep(0.2)
    raise SystemExit("the server doesn't answer")


def token_of_instructor(data: Path) -> str:
    """Return the token of an instructor."""
    printed = subprocess.run(
        [*GRADER, "roster", "links", "--data", str(data)], check=True, capture_output=True, text=True
    ).stdout
    return next(row["token"] for row in csv.DictReader(io.StringIO(printed)) if row["role"] == "instructor")


def grades(url: str, token: str) -> list[dict[str, object]]:
    """Return the rows of the table of grades."""
    request = urllib.request.Request(f"{url}/api/v1/assignments/digits/grades", headers=bearer(token))
    with urllib.request.urlopen(request, timeout=60) as answer:
        rows: list[dict[str, object]] = json.load(answer)
    return rows


def hand_in(url: str, token: str, name: str, content: bytes) -> None:
    """Hand in a file as the person with this token."""
    boundary = secrets.token_hex(16)
    head = f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
    body = head.encode() + content + f"\r\n--{boundary}--\r\n".encode()
    headers = {**bearer(token), "Content-Type": f"multipart/form-data; boundary={boundary}"}
    request = urllib.request.Request(f"{url}/api/v1/assignments/digits/submissions", body, headers)
    with urllib.request.urlopen(request, timeout=60):
        pass


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), *sys.argv[2:]))
