"""Steps of the action: `grade.py hand-in RESULTS` and `grade.py checks RESULTS`, run in the student's repository.

Each writes a JUnit file into the folder RESULTS and adds to the job summary. Needs Python 3.9 and no package.
"""

from __future__ import annotations

import hashlib
import http.client
import json
import os
import re
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

SETTINGS = Path(__file__).with_name("settings.json")
LINK = re.compile(r"(https?://[^\s/?#@]+)/link/([A-Za-z0-9_-]{16,100})/?")
NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd]")
MARKUP = re.compile(r"([\\`*_{}\[\]()<>#+.!|~&$@:-])")
MAX_ANSWER, MAX_TEXT, MAX_FILE = 64_000_000, 4000, 32 << 20
CHECK_SECONDS, WAIT_SECONDS, POLL_SECONDS = 300, 1500, 3


class NotHandedIn(Exception):
    """The work can't be handed in; the message is a sentence."""


class NotShown(Exception):
    """The portal has the result and doesn't show it yet; the message says when it does."""


class StayHere(urllib.request.HTTPRedirectHandler):
    """The token goes to the address of the link alone."""

    def redirect_request(self, *_arguments: Any) -> None:
        return None


def main(arguments: list[str]) -> int:
    """Run one step. Return its exit code: 0 if all is well."""
    settings = json.loads(SETTINGS.read_text())
    step, results = arguments[0], Path(arguments[1])
    results.mkdir(parents=True, exist_ok=True)
    return hand_in(settings, results) if step == "hand-in" else run_checks(settings, results)


# --- the portal


def hand_in(settings: dict[str, Any], results: Path) -> int:
    """Hand in the file that was worked on, wait for its report, and show it."""
    link = os.environ.get("PORTAL_LINK", "").strip()
    if not link:
        summarize(["## Portal", "", "Not handed in: this repository has no secret `PORTAL_LINK`."])
        return 0
    try:
        found = LINK.fullmatch(link)
        if not found:
            raise NotHandedIn(
                "The secret PORTAL_LINK isn't a personal link, such as https://grader.example.org/link/AbC123"
            )
        url, token = found[1], found[2]
        path = worked_on(settings)
        accepted = upload(url, token, settings["assignment"], path)
        report = wait_for_report(url, token, str(accepted.get("id")))
    except NotShown as reason:
        summarize(["## Portal", "", f"Handed in: {escape(path.name)}. {escape(str(reason))}"])
        return 0
    except NotHandedIn as problem:
        summarize(["## Portal", "", f"{escape(str(problem))}"])
        print(f"::error::{on_one_line(str(problem))}")
        return 1
    show_portal_report(report, path.name, results)
    return 0


def worked_on(settings: dict[str, Any]) -> Path:
    """Return the first graded file that differs from what students got, or else the first one that is there."""
    there = [(Path(name), digest) for name, digest in settings["files"].items() if Path(name).is_file()]
    if not there:
        raise NotHandedIn(f"Not handed in: the repository has none of {', '.join(settings['files'])} at its top")
    changed = [path for path, digest in there if hashlib.sha256(path.read_bytes()).hexdigest() != digest]
    return (changed or [path for path, _ in there])[0]


def upload(url: str, token: str, assignment: str, path: Path) -> dict[str, Any]:
    """Send the file and return the portal's answer."""
    content = path.read_bytes()
    if len(content) > MAX_FILE:
        raise NotHandedIn(f"Not handed in: {path.name} has more than 32 MB; clear the outputs of its cells")
    if token.encode() in content:
        raise NotHandedIn(
            f"Not handed in: your personal link stands in {path.name}; remove it there, and ask for a new one"
        )
    boundary = uuid.uuid4().hex
    head = f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{path.name}"\r\n\r\n'
    body = head.encode() + content + f"\r\n--{boundary}--\r\n".encode()
    address = f"{url}/api/v1/assignments/{urllib.parse.quote(assignment, safe='')}/submissions"
    return ask_portal(address, token, body, f"multipart/form-data; boundary={boundary}")


def wait_for_report(url: str, token: str, submission: str) -> dict[str, Any]:
    """Return the report of a submission once it is graded, as its student may see it. Raises NotShown."""
    address = f"{url}/api/v1/submissions/{urllib.parse.quote(submission, safe='')}"
    end = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < end:
        state = ask_portal(address, token).get("state")
        if state in ("graded", "rejected"):
            return ask_portal(f"{address}/report", token)
        if state not in ("queued", "grading"):
            raise NotHandedIn(
                "Handed in. The grader failed, and a person will look; your personal link shows the result"
            )
        time.sleep(POLL_SECONDS)
    raise NotHandedIn("Handed in, and not graded yet: your personal link shows the result later")


def ask_portal(address: str, token: str, body: bytes | None = None, kind: str = "") -> dict[str, Any]:
    """Return the JSON object at an address. Raises NotHandedIn with a sentence, and NotShown for a report."""
    headers = {"Authorization": f"Bearer {token}", **({"Content-Type": kind} if kind else {})}
    host = urllib.parse.urlsplit(address).netloc
    try:
        request = urllib.request.Request(address, body, headers)
        with urllib.request.build_opener(StayHere).open(request, timeout=120) as answer:
            found = json.loads(answer.read(MAX_ANSWER))
    except urllib.error.HTTPError as problem:
        if problem.code == 403 and address.endswith("/report"):
            raise NotShown(said_by(problem)) from None
        raise NotHandedIn(f"The portal at {host} answers {problem.code}: {said_by(problem)}") from None
    except (OSError, ValueError, http.client.HTTPException) as problem:
        raise NotHandedIn(f"The portal at {host} can't be reached or doesn't answer as one: {problem}") from None
    if not isinstance(found, dict):
        raise NotHandedIn(f"{host} doesn't answer as a portal does: is the link right?")
    return found


def said_by(problem: urllib.error.HTTPError) -> str:
    try:
        return str(json.loads(problem.read(MAX_TEXT))["detail"])[:500]
    except (OSError, ValueError, KeyError, TypeError):
        return str(problem.reason)


def show_portal_report(report: dict[str, Any], file: str, results: Path) -> None:
    """Add the report to the summary, and write it as JUnit: a test for each case."""
    score = f"{report.get('score', 0):g} of {report.get('max_score', 0):g} points"
    lines = ["## Portal", "", f"**{score}** for {escape(file)}", ""]
    lines += [f"- {escape(note)}" for note in report.get("notes", ())]
    rows, tests = [], []
    for question in report.get("questions", ()):
        hint = (question.get("diagnosis") or {}).get("hint", "")
        points = f"{question['score']:g} of {question['max_score']:g}"
        rows.append(f"| {escape(question['name'])} | {points} | {escape(question['status'])} | {escape(hint)} |")
        for case in question["cases"]:
            lost = "" if case["status"] == "passed" else f"{case['status']}: {case['message']}"
            tests.append((question["name"], case["title"] or case["name"], lost))
    if rows:
        lines += ["", "| question | points | status | hint |", "|---|---|---|---|", *rows]
    summarize(lines)
    write_junit(results / "portal.xml", "portal", tests or [("submission", "The file can be graded.", score)])
    print(f"Handed in {file}: {score}")


# --- the public checks


def run_checks(settings: dict[str, Any], results: Path) -> int:
    """Run each public check, one process each. Return 1 if one fails."""
    tests, rows = [], []
    for name, command in settings["checks"].items():
        code, output = run_check([sys.executable, *command])
        print(f"--- {name}: {'passed' if code == 0 else 'failed'}\n{output}")
        tests.append(("public checks", name, "" if code == 0 else output or f"exit code {code}"))
        rows.append(f"| {escape(name)} | {'passed' if code == 0 else 'failed'} |")
    lines = ["| check | result |", "|---|---|", *rows] if rows else ["This assignment has no public checks."]
    summarize(["## Public checks", "", *lines])
    write_junit(results / "public-checks.xml", "public checks", tests)
    return int(any(lost for _, _, lost in tests))


def run_check(command: list[str]) -> tuple[int, str]:
    """Return the exit code of a command and the beginning of what it prints."""
    environment = {name: value for name, value in os.environ.items() if name != "PORTAL_LINK"}
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as process:
        assert process.stdout
        try:
            output, _ = process.communicate(timeout=CHECK_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            output, code = b"It ran out of time.", 1
        else:
            code = process.returncode
    return code, output[:MAX_TEXT].decode(errors="replace")


# --- what both write


def summarize(lines: list[str]) -> None:
    """Add Markdown to the summary of the job, or print it elsewhere."""
    text = "\n".join([*lines, "", ""])
    if path := os.environ.get("GITHUB_STEP_SUMMARY"):
        with open(path, "a", encoding="utf-8") as stream:
            stream.write(text.encode(errors="replace").decode())
    else:
        print(text)


def write_junit(path: Path, name: str, tests: list[tuple[str, str, str]]) -> None:
    """Write a suite of (class, name, what was lost; empty if it passed)."""
    failures = sum(bool(lost) for _, _, lost in tests)
    counts = {"tests": str(len(tests)), "failures": str(failures), "errors": "0", "skipped": "0"}
    root = ElementTree.Element("testsuites")
    suite = ElementTree.SubElement(root, "testsuite", {"name": name, **counts})
    for group, title, lost in tests:
        case = ElementTree.SubElement(suite, "testcase", classname=for_xml(group), name=for_xml(title))
        if lost:
            ElementTree.SubElement(case, "failure", message=for_xml(on_one_line(lost))).text = for_xml(lost)
    ElementTree.ElementTree(root).write(path, encoding="utf-8", xml_declaration=True)


def for_xml(text: object) -> str:
    return NOT_XML.sub("\ufffd", str(text)[:MAX_TEXT])


def on_one_line(text: str) -> str:
    return " ".join(text.split())[:300]


def escape(text: object) -> str:
    """Return text that Markdown shows as it is, on one line."""
    return MARKUP.sub(r"\\\1", on_one_line(str(text))).replace("\\<", "&lt;")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
