"""Verification of what platforms sign, with their keys, which are read when they are needed."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import msgspec
from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import RSAKey

from grader.errors import UserError
from grader.gradebook.lti_platforms import LearningPlatform
from grader.server.lti.limits import KEY_BITS, KEYS_SECONDS, MAX_KEYS, MAX_TOKEN_BYTES, REFETCH_SECONDS
from grader.server.lti.platform_client import PlatformClient
from grader.server.lti.tool_keys import ALGORITHM

MAX_MODULUS = 2048  # characters of a key's modulus in a JWKS: more than 8192 bits
MAX_EXPONENT = 16


class InvalidToken(UserError):
    """A token isn't one that the platform signed. The text holds nothing of the token."""


class _Jwks(msgspec.Struct):
    keys: list[dict[str, Any]]


class _KeySet:
    """Keys of one platform, or why they couldn't be read last time."""

    def __init__(self) -> None:
        self.lock = threading.Lock()  # one read at a time: a platform that hangs holds up only its own launches
        self.keys: dict[str, RSAKey] = {}  # by id
        self.read = float("-inf")
        self.failed = float("-inf")
        self.problem: UserError | None = None


class PlatformKeys:
    """Public keys of platforms, remembered for KEYS_SECONDS. Thread-safe.

    :param now: returns seconds of a clock that is never set back
    """

    def __init__(self, client: PlatformClient, now: Callable[[], float] = time.monotonic) -> None:
        self._client = client
        self._now = now
        self._sets: dict[str, _KeySet] = {}  # by address

    def verify(self, platform: LearningPlatform, token: str) -> dict[str, Any]:
        """Return the claims of a token that a platform signed. Raises InvalidToken.

        Raises PlatformUnreachable and PlatformRefused if its keys can't be read.
        """
        if len(token) > MAX_TOKEN_BYTES:
            raise InvalidToken("the token is too large")
        try:
            header = jws.extract_compact(token.encode("ascii")).headers()
        except (JoseError, ValueError, RecursionError):
            raise InvalidToken("the token is no signed JWT") from None
        if header.get("alg") != ALGORITHM:
            raise InvalidToken(f"the token isn't signed by {ALGORITHM}")
        key = self._find(platform.entry.jwks_url, header.get("kid"))
        if key is None:
            raise InvalidToken("the platform has no such key")
        try:
            return dict(jwt.decode(token, key, algorithms=[ALGORITHM]).claims)
        except (JoseError, ValueError, RecursionError):
            raise InvalidToken("the signature of the token isn't the platform's") from None

    def _find(self, url: str, kid: object) -> RSAKey | None:
        """Return a key by its id; read the keys once more if it isn't among those that are remembered."""
        if not isinstance(kid, str):
            return None
        known = self._sets.setdefault(url, _KeySet())
        with known.lock:
            age = self._now() - known.read
            if age >= KEYS_SECONDS or (kid not in known.keys and age >= REFETCH_SECONDS):
                self._refresh(known, url)
            return known.keys.get(kid)

    def _refresh(self, known: _KeySet, url: str) -> None:
        """Read the keys again. A failure is remembered for a while: others don't wait for it, too."""
        if known.problem and self._now() - known.failed < REFETCH_SECONDS:
            raise known.problem
        try:
            jwks = self._client.get(url).json(_Jwks)
        except UserError as problem:
            known.problem, known.failed = problem, self._now()
            raise
        known.keys, known.read, known.problem = dict(_usable(jwks.keys[:MAX_KEYS])), self._now(), None


def _usable(jwks: list[dict[str, Any]]) -> Iterator[tuple[str, RSAKey]]:
    """Yield id and key of those with which ALGORITHM can be verified."""
    for jwk in jwks:
        large = len(str(jwk.get("n", ""))) > MAX_MODULUS or len(str(jwk.get("e", ""))) > MAX_EXPONENT
        if large or jwk.get("use", "sig") != "sig" or jwk.get("alg", ALGORITHM) != ALGORITHM:
            continue
        try:
            key = RSAKey.import_key(jwk)
            if key.public_key.key_size >= KEY_BITS and isinstance(jwk.get("kid"), str):
                yield jwk["kid"], key
        except (JoseError, ValueError, TypeError, KeyError):
            continue  # a key of another kind
