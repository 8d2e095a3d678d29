"""The ASGI application of the portal."""

from __future__ import annotations

import asyncio
import errno
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

from fastapi import FastAPI, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse
from starlette.exceptions import HTTPException

from grader import __version__
from grader._util import logs
from grader.errors import GraderError
from grader.server import api, pages, people_api, people_pages, regrade_pages, staff_pages
from grader.server.access_log import HEADERS, HostCheck, ResponseHeaders
from grader.server.auth import ThePortal, login_of, portal_of, viewer_of
from grader.server.body_limit import BodyLimit
from grader.server.lti import pages as lti_pages
from grader.server.lti import staff as lti_staff
from grader.server.metrics import CONTENT_TYPE
from grader.server.portal import Portal
from grader.server.templating import render

LOG = logging.getLogger("grader.server")
API = "/api/"
LOGIN = "/login"
PROGRAMS = ("/healthz", "/readyz", "/metrics", "/openapi.json")
DISK_PROBLEMS = (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO)
ROUTERS = (
    *(api.router, people_api.router, pages.router, staff_pages.router, regrade_pages.router),
    *(people_pages.router, people_pages.forms, lti_pages.router, lti_staff.router),
)
TITLES = {400: "That didn't work", 401: "Who are you?", 403: "Not for you", 404: "Not found", 429: "Too fast"}


def create_app(portal: Portal) -> FastAPI:
    """Return the application. Whoever serves it starts the portal before; it closes the portal when it ends."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        portal.live.bind(asyncio.get_running_loop())
        yield
        await run_in_threadpool(portal.close)  # here: after it, uvicorn raises the signal again that ended it

    app = FastAPI(
        title="grader",
        version=__version__,
        description="Hand in, and read the report when it is graded.",
        docs_url=None,  # they would load scripts from another site
        redoc_url=None,
        routes=[route for router in ROUTERS for route in router.routes],  # `include_router` prepares each one again
        lifespan=lifespan,
    )
    app.state.portal = portal
    app.add_api_route("/healthz", healthz, include_in_schema=False)
    app.add_api_route("/readyz", readyz, include_in_schema=False)
    app.add_api_route("/metrics", metrics, include_in_schema=False)
    app.add_exception_handler(HTTPException, on_problem)
    app.add_exception_handler(RequestValidationError, on_invalid)
    app.add_exception_handler(GraderError, on_grader_error)
    app.add_exception_handler(OSError, on_disk_problem)
    app.add_exception_handler(Exception, on_crash)
    app.add_middleware(BodyLimit)
    app.add_middleware(HostCheck, hosts={urlsplit(portal.settings.url).hostname or "", *portal.settings.hosts})
    app.add_middleware(ResponseHeaders, metrics=portal.metrics)
    return app


async def healthz() -> Response:
    """Say that the server runs. In no thread: all of them may wait for a database that hangs."""
    return Response(b"ok\n", media_type="text/plain")


def readyz(portal: ThePortal) -> Response:
    """Say whether everything can be graded."""
    reason = portal.public_reason(portal.not_ready())
    return Response(f"{reason or 'ready'}\n", 503 if reason else 200, media_type="text/plain")


def metrics(portal: ThePortal) -> Response:
    """Return the metrics. They hold no names of people."""
    return Response(portal.metrics.render(), media_type=CONTENT_TYPE)


def on_problem(request: Request, problem: Exception) -> Response:
    """Return why a request wasn't carried out: to programs as JSON, to people as a page."""
    assert isinstance(problem, HTTPException)
    if is_for_programs(request):
        return JSONResponse({"detail": problem.detail}, problem.status_code, problem.headers)
    if problem.status_code == 401 and request.method == "GET" and request.url.path != LOGIN and login_of(request):
        return RedirectResponse(LOGIN, 303)
    try:
        viewer = viewer_of(request)
    except (HTTPException, GraderError):  # GraderError: the store, which this page may be about, can't be used
        viewer = None
    title = TITLES.get(problem.status_code, "That didn't work")
    text = "There is no such page." if problem.detail == "Not Found" else problem.detail  # Starlette's own
    response = render(request, "message.html", viewer, problem.status_code, title=title, text=text)
    response.headers.update(problem.headers or {})
    return response


def on_invalid(request: Request, problem: Exception) -> Response:
    """Return what is wrong with a request, without what it sent."""
    assert isinstance(problem, RequestValidationError)
    places = [".".join(map(str, error["loc"])) + f": {error['msg']}" for error in problem.errors()[:3]]
    sentence = f"The request isn't valid: {'; '.join(places)}"
    return on_problem(request, HTTPException(422, sentence))


def on_grader_error(request: Request, problem: Exception) -> Response:
    """Say that the store can't be used now."""
    assert isinstance(problem, GraderError)
    logs.event(LOG, logging.WARNING, "store can't be used", why=str(problem))
    reason = portal_of(request).public_reason(str(problem))
    return on_problem(request, HTTPException(503, f"This isn't possible now: {reason}.", {"Retry-After": "10"}))


def on_disk_problem(request: Request, problem: Exception) -> Response:
    """Say that a disk is full or can't be written now. Raises other errors of the system again: they are bugs."""
    assert isinstance(problem, OSError)
    if problem.errno not in DISK_PROBLEMS:
        raise problem
    return on_problem(
        request, HTTPException(503, f"This isn't possible now: {problem.strerror}.", {"Retry-After": "10"})
    )


def on_crash(request: Request, problem: Exception) -> Response:
    """Say that it is the server's fault. This response goes past the middleware, so it has the headers by itself."""
    sentence = "Something went wrong on our side. Nothing of it is your fault; please try again."
    if is_for_programs(request):
        return JSONResponse({"detail": sentence}, 500, HEADERS)
    page = render(request, "message.html", None, 500, title="That didn't work", text=sentence)
    page.headers.update(HEADERS)
    return page


def is_for_programs(request: Request) -> bool:
    """Return whether a program asks: its answers are JSON."""
    return request.url.path.startswith(API) or request.url.path in PROGRAMS
