"""Receipts: only what was signed verifies, and only for its file."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.server.receipts import InvalidReceipt, Receipt, ReceiptError, Signer, new_key, read_signed, verify

WORK = b"print(1)\n"
DIGEST = "3b0c7ac6c6b4f1c3a1f6a5b6a3a2a3a7d1f0b8f2e7d5e6c9a7b1c2d3e4f5a6b7"
HELD = Receipt("id", "ada", "digits", DIGEST, "2026-11-29T08:00:00+00:00")
TEXT = st.text(max_size=20)


@pytest.fixture(scope="module")
def signer() -> Signer:
    return Signer(new_key())


@pytest.fixture
def paths(tmp_path: Path) -> tuple[Path, Path]:
    """A receipt's file and the file that was handed in."""
    (tmp_path / "work.py").write_bytes(WORK)
    return tmp_path / "receipt.json", tmp_path / "work.py"


def held(content: bytes = WORK) -> Receipt:
    return msgspec.structs.replace(HELD, digest=hashlib.sha256(content).hexdigest())


@given(st.builds(Receipt, TEXT, TEXT, TEXT, TEXT, TEXT))
def test_what_was_signed_verifies(receipt: Receipt) -> None:
    """Whatever the texts are, also after the JSON was written with other spaces."""
    signer = Signer(new_key())
    signed = signer.sign(receipt)
    assert read_signed(signed.encode()).receipt == receipt
    spaced = msgspec.json.format(signed, indent=4)
    assert read_signed(spaced.encode()).key == signer.public_key


@given(st.data())
def test_no_change_verifies(data: st.DataObject) -> None:
    """Of any byte: the receipt is refused, or says what it said."""
    signed = Signer(new_key()).sign(HELD).encode()
    place = data.draw(st.integers(0, len(signed) - 1))
    changed = signed[:place] + bytes([data.draw(st.integers(0, 255))]) + signed[place + 1 :]
    try:
        found = read_signed(changed)
    except InvalidReceipt:
        return
    assert found.receipt == HELD
    assert found.key == read_signed(signed).key


@pytest.mark.parametrize("field", ["id", "student", "assignment", "digest", "received_at"])
def test_every_field_is_signed(signer: Signer, field: str) -> None:
    """Another value for it, with the old signature, is refused."""
    signed = msgspec.json.decode(signer.sign(HELD))
    signed["receipt"][field] += "0"
    with pytest.raises(InvalidReceipt, match="was changed after it was signed"):
        read_signed(msgspec.json.encode(signed))


@pytest.mark.parametrize("text", [b"", b"{}", b"[" * 5000, b"\xff", b'{"receipt": 1}', b"x" * (1 << 17)], ids=range(6))
def test_what_is_no_receipt_is_described(text: bytes) -> None:
    """In a sentence."""
    with pytest.raises(InvalidReceipt, match="this is no receipt"):
        read_signed(text)


def test_a_receipt_is_for_its_file_and_key(signer: Signer, paths: tuple[Path, Path]) -> None:
    """And the key is compared with one that is given."""
    receipt, file = paths
    receipt.write_text(signer.sign(held()))
    assert verify(receipt, file).receipt.student == "ada"
    assert verify(receipt, file, f"{signer.public_key}\n").key == signer.public_key
    with pytest.raises(InvalidReceipt, match="it is signed with the key"):
        verify(receipt, file, Signer(new_key()).public_key)
    file.write_bytes(WORK + b"#")
    with pytest.raises(InvalidReceipt, match="it is for another file"):
        verify(receipt, file, signer.public_key)
    with pytest.raises(ReceiptError, match="can't be read: No such file"):
        verify(receipt, file.with_name("missing.py"))


def test_a_receipt_that_was_signed_with_another_key_does_not_pass_for_the_servers(
    signer: Signer, paths: tuple[Path, Path]
) -> None:
    """Neither by writing the server's key into it, nor by another way to write the key."""
    receipt, file = paths
    forged = msgspec.json.decode(Signer(new_key()).sign(held()))
    forged["key"] = signer.public_key
    receipt.write_bytes(msgspec.json.encode(forged))
    with pytest.raises(InvalidReceipt):
        verify(receipt, file, signer.public_key)
    signed = msgspec.json.decode(signer.sign(held()))
    assert len(base64.b64decode(signed["key"])) == 32


def test_a_damaged_key_signs_nothing() -> None:
    """It is said when the server starts."""
    for pem in (b"", b"no key", new_key()[:-40]):
        with pytest.raises(ReceiptError, match="the key of receipts is damaged"):
            Signer(pem)
