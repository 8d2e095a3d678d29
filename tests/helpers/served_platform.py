"""The fake platform as a server, for browsers: a course page with the portal in a frame, and storage by postMessage.

Like Moodle, it answers to one login once, and registers tools in a frame.
"""

from __future__ import annotations

import html
import json
import secrets
import threading
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import httpx2

from tests.helpers.fake_platform import FakePlatform

STORAGE = """
const kept = {};
addEventListener("message", (event) => {
  const said = event.data;
  if (!said || !/^lti\\.(put|get)_data$/.test(said.subject)) return;
  if (said.subject === "lti.put_data") kept[event.origin + said.key] = said.value;
  const value = kept[event.origin + said.key];
  const answer = { subject: said.subject + ".response", message_id: said.message_id, key: said.key, value };
  event.source.postMessage(answer, event.origin);
});
"""

CLOSED = """
addEventListener("message", (event) => {
  if (event.data.subject === "org.imsglobal.lti.close") document.body.append("The tool has registered itself");
});
"""


class ServedPlatform:
    """Platform at http://localhost: for browsers another site than the portal at 127.0.0.1.

    :param portal: address of the portal
    """

    def __init__(self, portal: str) -> None:
        served = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                served.answer(self, b"")

            def do_POST(self) -> None:
                served.answer(self, self.rfile.read(int(self.headers["Content-Length"])))

            def log_message(self, *_: object) -> None:
                pass

        self.portal = portal
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://localhost:{self._server.server_address[1]}"
        self.platform = FakePlatform("localhost", issuer=self.url)
        self.choices: list[str] = []  # what instructors have chosen, signed
        self._launches: dict[str, dict[str, Any]] = {}  # that the platform has begun, and hasn't answered yet
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    def course(self, user: str, path: str = "/", *, deep: bool = False, storage: bool = False) -> str:
        """Return the address of a page that shows the portal in a frame.

        :param path: of the portal, to which the link leads
        :param deep: whether an assignment is chosen
        :param storage: whether the platform offers its storage
        """
        return f"{self.url}/course?{urlencode({'user': user, 'path': path, 'deep': deep, 'storage': storage})}"

    def registration(self, link: str) -> str:
        """Return the address of a page that opens the registration link of a tool in a frame."""
        return f"{self.url}/tools?{urlencode({'link': link})}"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def answer(self, handler: BaseHTTPRequestHandler, body: bytes) -> None:
        parts = urlsplit(handler.path)
        given = dict(parse_qsl(parts.query))
        if parts.path == "/course":
            self._page(handler, self._course(given))
        elif parts.path == "/tools":
            self._page(handler, self._tools(given["link"]))
        elif parts.path == "/auth":
            self._page(handler, self._authenticated(given))
        elif parts.path == "/deep":
            self.choices.append(dict(parse_qsl(body.decode()))["JWT"])
            self._page(handler, "<p>The link was added to the course.</p>")
        else:
            request = httpx2.Request(
                handler.command, f"{self.url}{handler.path}", headers=headers_of(handler), content=body
            )
            answer = self.platform.handle(request)
            self._send(handler, answer.status_code, answer.headers, answer.content)

    def _course(self, given: Mapping[str, str]) -> str:
        more = {"lti_storage_target": "_parent"} if given["storage"] == "True" else {}
        launch = secrets.token_hex(8)
        self._launches[launch] = {"deep": given["deep"] == "True", "path": given["path"]}
        hint = json.dumps({"launchid": launch})
        target = f"{self.portal}{given['path']}"
        asked = self.platform.login_parameters(target, **more) | {"login_hint": given["user"], "lti_message_hint": hint}
        source = html.escape(f"{self.portal}/lti/login?{urlencode(asked)}")
        frame = f'<iframe name="tool" src="{source}" width="1000" height="700"></iframe>'
        return f"<h1>Neural Networks</h1>{frame}<script>{STORAGE}</script>"

    def _tools(self, link: str) -> str:
        asked = {"openid_configuration": f"{self.url}/.well-known/openid-configuration"}
        source = html.escape(f"{link}?{urlencode({**asked, 'registration_token': 'register-me'})}")
        return f'<h1>Manage tools</h1><script>{CLOSED}</script><iframe src="{source}"></iframe>'

    def _authenticated(self, asked: Mapping[str, str]) -> str:
        """Rules of mod/lti/auth.php in Moodle, which forgets a launch as soon as it is asked for."""
        hint = self._launches.pop(json.loads(asked["lti_message_hint"])["launchid"], None)
        if hint is None:
            return "<p>Invalid request</p>"
        more: dict[str, Any] = self.platform.deep_linking() if hint["deep"] else {}
        claims = self.platform.claims(asked["login_hint"], asked["nonce"], f"{self.portal}{hint['path']}") | more
        token = self.platform.sign({name: value for name, value in claims.items() if value is not None})
        fields = {"id_token": token, "state": asked["state"]}
        inputs = "".join(f'<input name="{name}" value="{html.escape(value)}">' for name, value in fields.items())
        form = f'<form method="post" action="{asked["redirect_uri"]}">{inputs}</form>'
        return f"{form}<script>document.forms[0].submit()</script>"

    def _page(self, handler: BaseHTTPRequestHandler, content: str) -> None:
        page = f'<!doctype html><html lang="en"><title>Platform</title>{content}</html>'
        self._send(handler, 200, {"Content-Type": "text/html; charset=utf-8"}, page.encode())

    def _send(self, handler: BaseHTTPRequestHandler, status: int, headers: Mapping[str, str], body: bytes) -> None:
        handler.send_response(status)
        for name in ("Content-Type", "Link"):
            if name in headers:
                handler.send_header(name, headers[name])
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)


def headers_of(handler: BaseHTTPRequestHandler) -> dict[str, str]:
    return {name: value for name, value in handler.headers.items() if name.lower() != "content-length"}
