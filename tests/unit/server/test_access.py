"""Who may do what: every route times every role, with the answer that it must give."""

from __future__ import annotations

import re
import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from tests.helpers.portals import ADA_FILE, TestPortal, filled, routes

ROLES = ("", "ada", "otto", "tess", "ira", "rex")  # nobody, owner, another student, assistant, instructor, revoked
EVERYBODY = (200,) * 6
KNOWN = (401, 200, 200, 200, 200, 401)
OWNER_AND_STAFF = (401, 200, 404, 200, 200, 401)
STAFF = (401, 403, 403, 200, 200, 401)
INSTRUCTOR = (401, 403, 403, 403, 200, 401)
NO_REGRADE = (401, 403, 403, 403, 404, 401)  # the id is that of a submission; for LTI, of nothing
HAND_IN = {"files": {"file": ("tiny.py", ADA_FILE)}}
API = "/api/v1"

# Method and path -> statuses by role, and what is sent.
MATRIX: dict[tuple[str, str], tuple[tuple[int, ...], dict[str, Any]]] = {
    ("POST", f"{API}/assignments/{{name}}/submissions"): ((401, 202, 202, 202, 202, 401), HAND_IN),
    ("GET", f"{API}/submissions/{{id}}"): (OWNER_AND_STAFF, {}),
    ("GET", f"{API}/submissions/{{id}}/report"): (OWNER_AND_STAFF, {}),
    ("GET", f"{API}/assignments/{{name}}/grades"): (INSTRUCTOR, {}),
    ("POST", f"{API}/assignments/{{name}}/regrades"): (
        (401, 403, 403, 403, 202, 401),
        {"json": {"preview": False, "students": ["ada"]}},
    ),
    ("GET", f"{API}/assignments/{{name}}/regrades/{{id}}"): (NO_REGRADE, {}),
    ("POST", f"{API}/assignments/{{name}}/regrades/{{id}}/confirm"): (NO_REGRADE, {"json": {"lower": True}}),
    ("POST", f"{API}/assignments/{{name}}/regrades/{{id}}/discard"): (NO_REGRADE, {}),
    ("GET", f"{API}/assignments/{{name}}/everything.zip"): (INSTRUCTOR, {}),
    ("GET", f"{API}/assignments/{{name}}/adjustments"): (STAFF, {}),
    ("POST", f"{API}/assignments/{{name}}/adjustments"): (
        (401, 403, 403, 201, 201, 401),
        {"json": {"student": "ada", "by": 1.0, "comment": "c", "reason": "r"}},
    ),
    # The first row withdraws, the others find that it was withdrawn.
    ("POST", f"{API}/assignments/{{name}}/adjustments/{{number}}/withdraw"): (
        (401, 403, 403, 200, 409, 401),
        {"json": {"reason": "r"}},
    ),
    ("GET", f"{API}/assignments/{{name}}/extensions"): (STAFF, {}),
    ("POST", f"{API}/assignments/{{name}}/extensions"): (
        (401, 403, 403, 403, 201, 401),
        {"json": {"students": ["ada"], "days": 1, "reason": "r"}},
    ),
    ("POST", f"{API}/assignments/{{name}}/extensions/{{number}}/withdraw"): (INSTRUCTOR, {"json": {"reason": "r"}}),
    ("POST", f"{API}/submissions/{{id}}/requests"): (
        (401, 404, 404, 403, 403, 401),  # nothing is lost at this case
        {"json": {"question": "double", "case": "shape", "text": "Why?"}},
    ),
    ("GET", f"{API}/assignments/{{name}}/requests"): (KNOWN, {}),
    ("POST", f"{API}/assignments/{{name}}/requests/{{id}}/answer"): (
        (401, 403, 403, 404, 404, 401),
        {"json": {"text": "No."}},
    ),
    ("GET", f"{API}/assignments/{{name}}/releases"): (KNOWN, {}),
    ("POST", f"{API}/assignments/{{name}}/releases"): (INSTRUCTOR, {"json": {}}),
    ("GET", "/static/{name}"): ((404,) * 6, {}),
    ("GET", "/favicon.ico"): ((204,) * 6, {}),
    ("GET", "/link/{token}"): ((401,) * 6, {}),
    ("GET", "/login"): ((401,) * 6, {}),  # no proxy is trusted
    ("POST", "/logout"): ((401, 303, 303, 303, 303, 401), {}),
    ("GET", "/goodbye"): (EVERYBODY, {}),
    ("GET", "/"): ((401, 303, 303, 303, 303, 401), {}),
    ("GET", "/assignments/{name}"): (KNOWN, {}),
    ("POST", "/assignments/{name}/submissions"): ((401, 303, 303, 303, 303, 401), HAND_IN),
    ("GET", "/assignments/{name}/files.zip"): (KNOWN, {}),
    ("GET", "/assignments/{name}/files/{path:path}"): (KNOWN, {}),
    ("GET", "/submissions/{id}"): (OWNER_AND_STAFF, {}),
    ("GET", "/submissions/{id}/events"): (OWNER_AND_STAFF, {}),
    ("GET", "/submissions/{id}/report.html"): (OWNER_AND_STAFF, {}),
    ("GET", "/submissions/{id}/report.notebook.html"): (OWNER_AND_STAFF, {}),
    ("GET", "/submissions/{id}/receipt"): (OWNER_AND_STAFF, {}),
    ("GET", "/submissions/{id}/file"): (OWNER_AND_STAFF, {}),
    ("GET", "/submissions/{id}/printed"): ((401, 403, 404, 200, 200, 401), {}),
    ("POST", "/submissions/{id}/regrade"): ((401, 403, 404, 403, 303, 401), {}),
    ("GET", "/assignments/{name}/class"): (STAFF, {}),
    ("GET", "/assignments/{name}/scores.csv"): (STAFF, {}),
    ("GET", "/assignments/{name}/queue"): (STAFF, {}),
    ("GET", "/assignments/{name}/attempts"): (STAFF, {}),
    ("GET", "/assignments/{name}/students"): (STAFF, {}),
    ("GET", "/assignments/{name}/students/{id}"): ((401, 403, 403, 404, 404, 401), {}),
    ("GET", "/assignments/{name}/events"): (STAFF, {}),
    ("POST", "/assignments/{name}/class-upload"): (
        INSTRUCTOR,
        {"files": {"file": ("class.zip", "a class")}},
    ),
    ("POST", "/assignments/{name}/pause"): ((401, 403, 403, 403, 303, 401), {}),
    ("POST", "/assignments/{name}/resume"): ((401, 403, 403, 403, 303, 401), {}),
    ("POST", "/assignments/{name}/regrades"): ((401, 403, 403, 403, 303, 401), {"data": {"student": "ada"}}),
    ("GET", "/assignments/{name}/regrades/{id}"): (NO_REGRADE, {}),
    ("GET", "/assignments/{name}/regrades/{id}/events"): (NO_REGRADE, {}),
    ("GET", "/assignments/{name}/regrades/{id}/before/{submission}/{page}"): (NO_REGRADE, {}),
    ("GET", "/assignments/{name}/regrades/{id}/after/{submission}/{page}"): (NO_REGRADE, {}),
    ("POST", "/assignments/{name}/regrades/{id}/confirm"): (NO_REGRADE, {}),
    ("POST", "/assignments/{name}/regrades/{id}/discard"): (NO_REGRADE, {}),
    ("GET", "/assignments/{name}/review"): (STAFF, {}),
    ("POST", "/assignments/{name}/requests/{id}/answer"): ((401, 403, 403, 404, 404, 401), {"data": {"text": "No."}}),
    ("GET", "/assignments/{name}/dates"): (STAFF, {}),
    ("POST", "/assignments/{name}/extensions"): (
        (401, 403, 403, 403, 303, 401),
        {"data": {"students": "ada", "days": "1", "reason": "r"}},
    ),
    ("POST", "/assignments/{name}/extensions/{number}/withdraw"): (  # the API's row has withdrawn it
        (401, 403, 403, 403, 409, 401),
        {"data": {"reason": "r"}},
    ),
    ("POST", "/assignments/{name}/releases"): ((401, 403, 403, 403, 303, 401), {}),
    ("POST", "/submissions/{id}/adjustments"): (
        (401, 403, 404, 303, 303, 401),
        {"data": {"how": "by", "amount": "1", "comment": "c", "reason": "r"}},
    ),
    ("POST", "/submissions/{id}/adjustments/{number}/withdraw"): (
        (401, 403, 404, 409, 409, 401),
        {"data": {"reason": "r"}},
    ),
    ("GET", "/submissions/{id}/ask"): ((401, 200, 404, 403, 403, 401), {}),
    ("POST", "/submissions/{id}/ask"): (  # nothing is lost at this case
        (401, 404, 404, 403, 403, 401),
        {"data": {"place": "double/shape", "text": "Why?"}},
    ),
    ("GET", "/lti"): (INSTRUCTOR, {}),
    ("GET", "/lti/jwks"): (EVERYBODY, {}),
    ("GET", "/lti/login"): ((403,) * 6, {}),  # no platform is registered
    ("POST", "/lti/login"): ((403,) * 6, {}),
    ("GET", "/lti/login/cookie"): ((403,) * 6, {}),  # nobody has begun that login
    ("POST", "/lti/launch"): ((403,) * 6, {}),
    ("POST", "/lti/launch/continue"): ((403,) * 6, {}),
    ("GET", "/lti/arrived/{ticket}"): ((403,) * 6, {}),
    ("GET", "/lti/open/{ticket}"): ((403,) * 6, {}),
    ("GET", "/lti/choose/{ticket}"): (NO_REGRADE, {}),  # there is no such choice
    ("POST", "/lti/choose/{ticket}"): (NO_REGRADE, {}),
    ("GET", "/lti/register/{code}"): ((400,) * 6, {}),
    ("POST", "/lti/registrations"): (INSTRUCTOR, {}),
    ("POST", "/lti/courses/{number}/accept"): (NO_REGRADE, {}),  # there is no such course
    ("POST", "/lti/courses/{number}/refuse"): (NO_REGRADE, {}),
    ("POST", "/lti/courses/{number}/roster"): (NO_REGRADE, {}),
    ("POST", "/lti/outbox/{number}/retry"): (NO_REGRADE, {}),
    ("GET", "/healthz"): (EVERYBODY, {}),
    ("GET", "/readyz"): ((503,) * 6, {}),  # no dispatcher runs
    ("GET", "/metrics"): (EVERYBODY, {}),
    ("GET", "/openapi.json"): (EVERYBODY, {}),
}
SECRETS = re.compile(
    r"\botto\b|otherwise|not much of one|rng\.normal|### BEGIN", re.I
)  # of others, and of hidden cases


@pytest.fixture
def address(served: TestPortal) -> dict[str, str]:
    """What stands for the parameters of a path: an attempt of ada, graded."""
    attempt = served.graded("ada")
    served.graded("otto", 1.0)
    served.portal.live.close()  # streams end at once
    return {
        "name": "tiny",
        "id": attempt.public_id,
        "path:path": "note.txt",
        "token": "x" * 22,
        "ticket": "t",
        "code": "c",
        "number": "1",
    }


def test_every_route_has_a_row(served: TestPortal) -> None:
    """A new route without a row fails, and so does a row without a route."""
    assert sorted(set(routes(served))) == sorted(MATRIX)


@pytest.mark.thorough  # asks every route as every role
def test_every_role_gets_the_answer_of_the_matrix(served: TestPortal, address: dict[str, str]) -> None:
    """The status of each answer is that of the matrix. No answer to ada holds what is others'."""
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("ada.py", ADA_FILE)
    wrong = []
    for (method, path), (statuses, sent) in MATRIX.items():
        for role, expected in zip(ROLES, statuses, strict=True):
            more = dict(sent)
            if path.endswith("class-upload"):
                more = {"files": {"file": ("class.zip", packed.getvalue())}}
            answer = served.client(role).request(method, filled(path, address), **more)
            if answer.status_code != expected:
                wrong.append(f"{method} {path} as {role or 'nobody'}: {answer.status_code}, expected {expected}")
            if role == "ada":
                wrong += [f"{path} shows ada {word!r}" for word in SECRETS.findall(answer.text)]
    assert wrong == []


@pytest.mark.thorough  # asks every route
def test_every_answer_has_the_headers_of_security(served: TestPortal, address: dict[str, str]) -> None:
    """Policy, referrer, type and cache are set on each page, to whoever asks, also on errors."""
    for method, path in MATRIX:
        for role in ("", "ira"):
            answer = served.client(role).request(method, filled(path, address))
            policy = answer.headers["content-security-policy"]
            assert "default-src 'none'" in policy and "unsafe" not in policy, path
            assert "frame-ancestors 'none'" in policy or "sandbox" in policy, path
            assert answer.headers["referrer-policy"] == "no-referrer"
            assert answer.headers["x-content-type-options"] == "nosniff"
            assert (answer.headers["cache-control"] == "no-store") != (path == "/favicon.ico"), path


def test_a_student_can_not_guess_whether_a_submission_exists(served: TestPortal, address: dict[str, str]) -> None:
    """The answer about another student's submission is that about none."""
    other, none = (served.client("otto").get(f"/api/v1/submissions/{id}") for id in (address["id"], "A" * 22))
    assert (other.status_code, other.json()) == (none.status_code, none.json())


def test_the_api_is_described(served: TestPortal) -> None:
    """OpenAPI has the routes for programs with their token, and no page."""
    described = served.client().get("/openapi.json").json()
    paths = {path for _, path in MATRIX if path.startswith(API)}
    assert described["paths"].keys() == paths
    for operations in described["paths"].values():
        for operation in operations.values():
            assert operation["security"] == [{"HTTPBearer": []}]


def test_paths_of_files_lead_nowhere_else(served: TestPortal, tmp_path: Path) -> None:
    """A path is a key of the released files, never a path on the disk."""
    for path in ("../data/keys/links", "..%2f..%2fassignment.toml", "/etc/passwd", "hidden/test_double.py"):
        assert served.client("ada").get(f"/assignments/tiny/files/{path}").status_code == 404
