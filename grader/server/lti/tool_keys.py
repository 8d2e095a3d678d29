"""Keys of the tool, with which it signs: one that is used, and the public parts of earlier ones for a while.

They stand in the file `lti.json` of the keys of the data folder, which only its owner can read.
"""

from __future__ import annotations

import os
import secrets
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any, NamedTuple

import msgspec
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import RSAKey

from grader.gradebook.data_folder import LTI_KEYS, DataFolder
from grader.gradebook.files import flush_folder, private_file
from grader.server.lti.limits import CLOCK_SECONDS, KEY_BITS, RETIRED_DAYS, SIGNED_SECONDS
from grader.server.receipts import ReceiptError

RETIRED = timedelta(days=RETIRED_DAYS)
ALGORITHM = "RS256"  # which LTI asks for


class _Kept(msgspec.Struct, frozen=True):
    """A key in the file."""

    jwk: dict[str, Any]  # private of the first key, public of the others
    retired: str = ""  # when; empty for the first


class _Keys(NamedTuple):
    """All keys in the file."""

    key: RSAKey  # which signs
    kept: tuple[_Kept, ...]
    public: list[dict[str, Any]]  # parts of each


class ToolKeys:
    """Keys in a data folder; the first is made when it is needed. A rotation is seen by servers that run."""

    def __init__(self, data: DataFolder) -> None:
        self._data = data
        self._path = data.keys / LTI_KEYS

    def sign(self, claims: dict[str, Any]) -> str:
        """Return a signed token with these claims, an id, and times that make it valid for SIGNED_SECONDS.

        It is made out to be CLOCK_SECONDS old: Moodle refuses one of the future, by a second already.
        """
        key = self._read().key
        now = int(datetime.now(UTC).timestamp())
        made = now - int(CLOCK_SECONDS)
        times = {"iat": made, "exp": now + SIGNED_SECONDS, "jti": secrets.token_urlsafe(16)}
        header = {"alg": ALGORITHM, "kid": key.kid}
        return jwt.encode(header, {**claims, **times}, key, algorithms=[ALGORITHM])

    def jwks(self) -> dict[str, Any]:
        """Return the public keys, as platforms read them."""
        read = self._read()
        pairs = zip(read.kept, read.public, strict=True)
        return {"keys": [dict(jwk) for one, jwk in pairs if not one.retired or _age(one.retired) < RETIRED]}

    def rotate(self) -> str:
        """Sign with a new key from now on, and return its id. The public part of the old one stays in the JWKS."""
        read = self._read()
        now = datetime.now(UTC).isoformat(timespec="seconds")
        old = [_Kept(jwk, one.retired or now) for one, jwk in zip(read.kept, read.public, strict=True)]
        fresh = [one for one in old if _age(one.retired) < RETIRED]
        new = _new_key()
        part = self._path.with_name(f".{LTI_KEYS}.{secrets.token_hex(8)}")
        try:
            with private_file(part) as stream:
                stream.write(msgspec.json.encode([new, *fresh]))
                stream.flush()
                os.fsync(stream.fileno())
            os.replace(part, self._path)
            flush_folder(self._path.parent)
        finally:
            part.unlink(missing_ok=True)
        return str(new.jwk["kid"])

    def _read(self) -> _Keys:
        return _parsed(self._data.key(LTI_KEYS, new_key_file))


def new_key_file() -> bytes:
    """Return the content of a file with a new key."""
    return msgspec.json.encode([_new_key()])


@lru_cache(maxsize=4)  # importing a private key checks it, which takes 40 ms; a rotation changes the content
def _parsed(content: bytes) -> _Keys:
    """Return the keys of a file. Raises ReceiptError."""
    try:
        kept = msgspec.json.decode(content, type=tuple[_Kept, ...])
        imported = [RSAKey.import_key(one.jwk) for one in kept]
        if not (imported and imported[0].is_private and "kid" in kept[0].jwk):
            raise ValueError
    except (msgspec.MsgspecError, JoseError, ValueError):
        raise ReceiptError("the key of LTI is damaged; restore it from a backup") from None
    return _Keys(imported[0], kept, [dict(key.as_dict(private=False)) for key in imported])


def _new_key() -> _Kept:
    key = RSAKey.generate_key(KEY_BITS)
    jwk = {**key.as_dict(private=True), "kid": key.thumbprint(), "use": "sig", "alg": ALGORITHM}
    return _Kept(jwk)


def _age(stamp: str) -> timedelta:
    return datetime.now(UTC) - datetime.fromisoformat(stamp)
