"""Receipts: what was handed in, by whom and when, signed with Ed25519.

A receipt is a line of JSON. It holds the public key that it was signed with, so it can be checked without network or
database. Only a comparison with the server's key shows that the server signed it.
"""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key

from grader._util.escaping import one_line
from grader.errors import UserError

MAX_RECEIPT = 1 << 16  # bytes


class ReceiptError(UserError):
    """A receipt, a file or a key can't be read."""


class InvalidReceipt(ReceiptError):
    """A receipt is none, was changed, is signed with another key, or is for another file."""


class Receipt(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the server confirms. `received_at` is UTC, ISO 8601."""

    id: str  # of the submission
    student: str
    assignment: str
    digest: str  # SHA-256 of the file, hexadecimal
    received_at: str

    def signed_bytes(self) -> bytes:
        """Return the bytes that are signed."""
        return b"grader receipt 1\n" + msgspec.json.encode(self)


class SignedReceipt(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A receipt with its signature and the public key, both in base64."""

    receipt: Receipt
    key: str
    signature: str


class Signer:
    """Key that signs receipts."""

    def __init__(self, pem: bytes) -> None:
        """Load a private key as `new_key` returns it. Raises ReceiptError."""
        try:
            key = load_pem_private_key(pem, password=None)
        except (ValueError, TypeError):
            key = None
        if not isinstance(key, Ed25519PrivateKey):
            raise ReceiptError("the key of receipts is damaged; restore it from a backup")
        self._key = key
        self.public_key = base64.b64encode(key.public_key().public_bytes_raw()).decode()

    def sign(self, receipt: Receipt) -> str:
        """Return the signed receipt as one line of JSON."""
        signature = base64.b64encode(self._key.sign(receipt.signed_bytes())).decode()
        return msgspec.json.encode(SignedReceipt(receipt, self.public_key, signature)).decode()


def new_key() -> bytes:
    """Return a new private key as PEM."""
    return Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def read_signed(text: bytes) -> SignedReceipt:
    """Return a receipt whose signature holds. Raises InvalidReceipt."""
    try:
        signed = msgspec.json.decode(text, type=SignedReceipt)
        key = Ed25519PublicKey.from_public_bytes(base64.b64decode(signed.key, validate=True))
        key.verify(base64.b64decode(signed.signature, validate=True), signed.receipt.signed_bytes())
        canonical = base64.b64encode(key.public_bytes_raw()).decode()
    except InvalidSignature:
        raise InvalidReceipt("the signature doesn't match: the receipt was changed after it was signed") from None
    except (msgspec.MsgspecError, ValueError, RecursionError):
        raise InvalidReceipt("this is no receipt; expected the file that the portal offers as receipt") from None
    return msgspec.structs.replace(signed, key=canonical)


def verify(receipt: Path, file: Path, key: str | None = None) -> SignedReceipt:
    """Return the receipt in a file, checked against the file that was handed in.

    :param key: public key, in base64, that must have signed the receipt; any if None
    Raises InvalidReceipt, and ReceiptError if a file can't be read.
    """
    try:
        with receipt.open("rb") as stream:
            signed = read_signed(stream.read(MAX_RECEIPT + 1))
        with file.open("rb") as stream:
            digest = hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as problem:
        raise ReceiptError(f"{problem.filename} can't be read: {problem.strerror}") from None
    if key is not None and key.strip() != signed.key:
        raise InvalidReceipt(f"it is signed with the key {signed.key}; expected {one_line(key.strip(), 100)}")
    if digest != signed.receipt.digest:
        named = one_line(signed.receipt.digest, 12)
        raise InvalidReceipt(f"it is for another file: it names the digest {named}, and {file} has {digest[:12]}")
    return signed
