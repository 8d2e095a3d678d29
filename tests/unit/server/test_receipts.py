"""Receipts: what was signed is verified, and nothing else."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from grader.server.receipts import Receipt, ReceiptError, Signer, new_key, read_signed, verify

CONTENT = b"def double(x): return 2 * x\n"
RECEIPT = Receipt("A" * 22, "ada", "tiny", hashlib.sha256(CONTENT).hexdigest(), "2026-11-29T18:00:00.000+00:00")


@pytest.fixture
def signed(tmp_path: Path) -> Path:
    path = tmp_path / "receipt.json"
    path.write_text(Signer(new_key()).sign(RECEIPT))
    (tmp_path / "tiny.py").write_bytes(CONTENT)
    return path


def test_a_receipt_is_verified_with_its_file(signed: Path) -> None:
    """Neither network nor database is needed."""
    assert verify(signed, signed.with_name("tiny.py")).receipt == RECEIPT


def test_a_receipt_may_be_formatted(signed: Path) -> None:
    """The signature is over the values, not over spaces."""
    signed.write_text(json.dumps(json.loads(signed.read_text()), indent=2))
    assert verify(signed, signed.with_name("tiny.py")).receipt == RECEIPT


def test_another_file_is_refused(signed: Path) -> None:
    """The message names both digests."""
    signed.with_name("tiny.py").write_bytes(CONTENT + b"#")
    with pytest.raises(ReceiptError, match=RECEIPT.digest[:12]):
        verify(signed, signed.with_name("tiny.py"))


@pytest.mark.parametrize("field", ["id", "student", "assignment", "digest", "received_at"])
def test_a_changed_receipt_is_refused(signed: Path, field: str) -> None:
    """Each field is signed."""
    read = json.loads(signed.read_text())
    read["receipt"][field] += "0"
    with pytest.raises(ReceiptError, match="changed"):
        read_signed(json.dumps(read).encode())


@pytest.mark.parametrize("text", [b"", b"{}", b"null", b'{"receipt": {}, "key": "", "signature": ""}', b"\xff" * 100])
def test_what_is_no_receipt_is_refused(text: bytes) -> None:
    """The message says what was expected."""
    with pytest.raises(ReceiptError, match="no receipt"):
        read_signed(text)


def test_a_damaged_key_is_an_error() -> None:
    """A server doesn't start with another key than the one that its receipts were signed with."""
    with pytest.raises(ReceiptError, match="damaged"):
        Signer(b"not a key")
