"""Limit on the bodies of requests that upload nothing, as ASGI middleware.

FastAPI reads the body of a form or of JSON before it asks who sends it.
"""

from __future__ import annotations

import asyncio
import time

from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from grader.server.limits import BODY_SECONDS, SMALL_BODY

UPLOADS = ("/submissions", "/class-upload")  # ends of the paths whose routes bound their bodies by themselves
SENTENCE = "The request is larger than this address accepts."
CLOSE = {"Connection": "close"}  # what is left of the body isn't read


class BodyLimit:
    """Refuse bodies above SMALL_BODY bytes, and those that take longer than BODY_SECONDS."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].endswith(UPLOADS):
            await self._app(scope, receive, send)
            return
        length = next((value for name, value in scope["headers"] if name == b"content-length"), b"0")
        if not length.isdigit() or int(length[:20]) > SMALL_BODY:
            await JSONResponse({"detail": SENTENCE}, 413, CLOSE)(scope, receive, send)
            return
        total, complete, end = 0, False, time.monotonic() + BODY_SECONDS

        async def bounded() -> Message:
            nonlocal total, complete
            if complete:  # what comes now is the end of the connection
                return await receive()
            try:
                async with asyncio.timeout(max(0.0, end - time.monotonic())):
                    message = await receive()
            except TimeoutError:
                raise HTTPException(408, "The request came too slowly.", CLOSE) from None
            total += len(message.get("body", b""))
            complete = not message.get("more_body", False)
            if total > SMALL_BODY:
                raise HTTPException(413, SENTENCE, CLOSE)
            return message

        await self._app(scope, bounded, send)
