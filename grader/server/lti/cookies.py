"""Cookies of LTI. They work in a frame of another site, also in browsers that block third-party cookies.

`Partitioned` keeps them apart for each site that shows the portal. They are always `Secure`: browsers accept that
from this machine without HTTPS, too.
"""

from __future__ import annotations

from fastapi import Response

FRAME_COOKIE = "__Host-grader-frame"
LOGIN_COOKIE = "__Host-grader-login-"  # and the beginning of the state
STATE_CHARACTERS = 12
ATTRIBUTES = "Path=/; Secure; HttpOnly; SameSite=None; Partitioned"


def set_frame_cookie(response: Response, name: str, value: str, seconds: int) -> None:
    """Give the browser a cookie for so many seconds; 0 to forget it."""
    response.headers.append("set-cookie", f"{name}={value}; Max-Age={seconds}; {ATTRIBUTES}")


def login_cookie(state: str) -> str:
    """Return the name of the cookie of a login."""
    return LOGIN_COOKIE + "".join(letter for letter in state[:STATE_CHARACTERS] if letter.isalnum() or letter in "-_")
