"""Uploads: forms with a file, streamed to the disk, and bounded in size, fields and time."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator

from fastapi import HTTPException, Request
from starlette.datastructures import FormData, UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import ClientDisconnect

from grader._util.wording import format_megabytes
from grader.server import csrf
from grader.server.limits import BODY_SECONDS, FORM_BYTES, MAX_FIELD_BYTES, MAX_FIELDS, MIN_RATE

CLOSE = {"Connection": "close"}  # what is left of the body isn't read


async def read_form(request: Request, limit: int, token: str) -> FormData:
    """Return a multipart form with at most one file of `limit` bytes. Close it, so that the file is removed.

    Raises HTTPException: 413 if the body is too large, at once if its length says so; 408 if it comes too slowly; 415
    and 400 if it is no such form; 503 if the disk is full; 403 if it begins without the token.

    :param token: of the session's forms, for `check_csrf`; empty if the form needs none. In the forms of the portal it
        stands before the file, so that a form of another site ends after FORM_BYTES.
    """
    check_length(request, limit)
    if not request.headers.get("content-type", "").lower().startswith("multipart/form-data"):
        raise HTTPException(415, 'Send the file as multipart/form-data, in the field "file".', CLOSE)
    body = _bounded(request, limit)
    if token and request.headers.get(csrf.HEADER) != token:
        body = _begins_with(token.encode(), body)
    parser = MultiPartParser(request.headers, body, max_files=1, max_fields=MAX_FIELDS, max_part_size=MAX_FIELD_BYTES)
    try:
        return await parser.parse()
    except MultiPartException as problem:
        raise HTTPException(400, f"The form can't be read: {problem.message}", CLOSE) from None
    except UnicodeError:  # Python knows encodings in which nothing can be written, such as "undefined"
        raise HTTPException(400, "The form can't be read: its texts aren't in UTF-8.", CLOSE) from None
    except ClientDisconnect:
        raise HTTPException(400, "The connection was lost, so nothing was kept.", CLOSE) from None
    except OSError as problem:  # of the disk that the file is written to while it arrives
        reason = f"The file can't be stored now, so nothing was kept: {problem.strerror}."
        raise HTTPException(503, reason, {**CLOSE, "Retry-After": "10"}) from None


async def _begins_with(token: bytes, body: AsyncGenerator[bytes, None]) -> AsyncGenerator[bytes, None]:
    """Yield a body. Raises HTTPException 403 if its first FORM_BYTES don't hold the token."""
    head = b""
    async for chunk in body:
        head += chunk
        if token in head:
            yield head
            break
        if len(head) > FORM_BYTES:
            raise HTTPException(403, csrf.OUT_OF_DATE, CLOSE)
    else:
        raise HTTPException(403, csrf.OUT_OF_DATE)
    async for chunk in body:
        yield chunk


def check_length(request: Request, limit: int) -> None:
    """Raise HTTPException 413 if a request says that its body is larger than `limit` and the rest of a form."""
    length = request.headers.get("content-length", "0")
    if not length.isascii() or not length.isdigit():
        raise HTTPException(400, "The length of the request is no number.", CLOSE)
    if int(length[:20]) > limit + FORM_BYTES:
        raise too_large(limit)


def too_large(limit: int) -> HTTPException:
    """Return the answer to a file that is too large."""
    return HTTPException(413, f"The file is larger than {format_megabytes(limit)}, which a submission may have.", CLOSE)


def the_file(form: FormData) -> UploadFile:
    """Return the file in a form. Raises HTTPException 400 if there is none."""
    file = form.get("file")
    if not isinstance(file, UploadFile) or not file.filename:
        raise HTTPException(400, 'Choose a file: the form has none in its field "file".')
    return file


async def _bounded(request: Request, limit: int) -> AsyncGenerator[bytes, None]:
    """Yield the body. Raises HTTPException if a file above `limit` is in it, or it is slower than MIN_RATE."""
    total, end = 0, time.monotonic() + BODY_SECONDS
    stream = request.stream()
    while True:
        try:
            async with asyncio.timeout(max(0.0, end + total / MIN_RATE - time.monotonic())):
                chunk = await anext(stream)
        except StopAsyncIteration:
            return
        except TimeoutError:
            raise HTTPException(408, "The file came too slowly. Try again over a faster connection.", CLOSE) from None
        total += len(chunk)
        if total > limit + FORM_BYTES:
            raise too_large(limit)
        yield chunk
