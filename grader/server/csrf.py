"""Tokens in forms, so that no other site can send a form in a person's name."""

from __future__ import annotations

import hashlib
import hmac

HEADER = "x-csrf-token"
FIELD = "csrf"
OUT_OF_DATE = "The form is out of date. Go back, reload the page and send it again."


def csrf_token(session: str) -> str:
    """Return the token of the forms of a session. Only who knows the session's own token can compute it."""
    return hashlib.sha256(f"csrf:{session}".encode()).hexdigest()


def is_valid(session: str, given: str) -> bool:
    """Return whether a form of this session holds its token."""
    return hmac.compare_digest(csrf_token(session).encode(), given.encode("utf-8", "surrogatepass"))
