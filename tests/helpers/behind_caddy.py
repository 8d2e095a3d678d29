"""A portal behind Caddy: python -m tests.helpers.behind_caddy FOLDER CADDYFILE, in a network namespace of its own.

The Caddyfile and the ports are those of the container bundle, so another network keeps them free. Prints what a
student's programs see, as JSON.
"""

from __future__ import annotations

import fcntl
import json
import os
import socket
import struct
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx2 as httpx

from tests.factories import RIGHT
from tests.helpers import http_requests as http
from tests.helpers.processes import until
from tests.helpers.served import Served

DOMAIN = "localhost"  # for which Caddy signs a certificate itself
SIOCSIFFLAGS, IFF_UP = 0x8914, 1
PORT = 8000


def main(folder: Path, caddyfile: Path) -> None:
    """Start both, hand in, and print what came back."""
    bring_loopback_up()
    os.environ |= {"DOMAIN": DOMAIN, "HOME": str(folder), "XDG_DATA_HOME": str(folder / "data-home")}
    certificate = folder / "data-home" / "caddy" / "pki" / "authorities" / "local" / "root.crt"
    words = ["caddy", "run", "--adapter", "caddyfile", "--config", str(caddyfile)]
    with (folder / "caddy.log").open("wb") as log, subprocess.Popen(words, stdout=log, stderr=log) as caddy:
        course = Served(folder)
        try:
            until(certificate.exists)
            os.environ["SSL_CERT_FILE"] = str(certificate)
            http.NO_CERTIFICATES.load_verify_locations(certificate)
            course.start("--jobs", "1", "--url", f"https://{DOMAIN}", "--proxy-headers", port=PORT)
            course.load(["ada"])
            print(json.dumps(seen_by_student(course)))
        finally:
            course.end_all()
            caddy.terminate()


def seen_by_student(course: Served) -> dict[str, Any]:
    """Hand in by the API, then follow the submission on its page."""
    with httpx.Client(base_url=course.url, timeout=60) as browser:
        login = browser.get(f"/link/{course.tokens['ada']}")
        answer = course.hand_in("ada", RIGHT.encode())
        with browser.stream("GET", f"/submissions/{answer['id']}/events") as stream:
            events = [line for line in stream.iter_lines() if line.startswith("data:")]
        report = course.get("ada", f"/api/v1/submissions/{answer['id']}/report").json()
        return {
            "url": course.url,
            "cookie": login.headers.get_list("set-cookie"),
            "receipt": bool(answer["receipt"]),
            "content_type": stream.headers["content-type"],
            "events": len(events),
            "score": report["score"],
            "metrics": browser.get("/metrics").status_code,
            "plain": httpx.get(f"http://{DOMAIN}/healthz").headers["location"],
        }


def bring_loopback_up() -> None:
    """Switch the loopback of a new network namespace on."""
    with socket.socket() as any_socket:
        fcntl.ioctl(any_socket, SIOCSIFFLAGS, struct.pack("16sh14x", b"lo", IFF_UP))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
