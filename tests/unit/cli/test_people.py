"""The commands for people, receipts and backups of a data folder."""

from __future__ import annotations

import csv
import hashlib
import io
import tarfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from click.testing import CliRunner, Result

from grader.cli.main import cli
from grader.gradebook import data_backup
from grader.gradebook.attempt_queue import AttemptQueue
from grader.gradebook.audit import AuditLog
from grader.gradebook.data_folder import RECEIPTS_KEY, DataFolder
from grader.gradebook.roster import Roster
from grader.gradebook.store import Gradebook
from grader.server.lti.tool_keys import ToolKeys
from grader.server.receipts import Receipt, Signer, new_key
from tests.factories import BASIS
from tests.helpers.portal import RECEIVED, claim_all

CLASS = "name,email,id,role\nAda,ada@example.org,ada,\nEve,eve@example.org,eve,instructor\n"
WORK = b"print(1)\n"


@pytest.fixture
def data(tmp_path: Path) -> DataFolder:
    """A data folder with a class of two."""
    (tmp_path / "class.csv").write_text(CLASS)
    result = run("roster", "load", tmp_path / "class.csv", "--data", tmp_path / "course")
    assert result.exit_code == 0, result.output
    return DataFolder(tmp_path / "course")


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(cli, [str(word) for word in arguments])


def table(result: Result) -> list[dict[str, str]]:
    assert result.exit_code == 0, result.output
    return list(csv.DictReader(io.StringIO(result.stdout)))


def test_links_are_printed_as_often_as_wanted(data: DataFolder) -> None:
    """With the address that is given, that of the last start, or the default."""
    first = table(run("roster", "links", "--data", data.folder))
    assert [(row["name"], row["id"], row["role"]) for row in first] == [
        ("Ada", "ada", "student"),
        ("Eve", "eve", "instructor"),
    ]
    assert all(row["url"] == f"http://127.0.0.1:8000/link/{row['token']}" for row in first)
    (data.folder / "url").write_text("http://127.0.0.1:9000\n")
    second = table(run("roster", "links", "--data", data.folder))
    assert [row["url"] for row in second] == [f"http://127.0.0.1:9000/link/{row['token']}" for row in first]
    third = table(run("roster", "links", "--data", data.folder, "--base-url", "https://g.example.org/"))
    assert third[0]["url"] == f"https://g.example.org/link/{first[0]['token']}"


def test_access_is_revoked_and_renewed(data: DataFolder) -> None:
    """The audit log names who used the command."""
    before = table(run("roster", "links", "--data", data.folder))[0]["token"]
    assert run("roster", "revoke", "ada", "--data", data.folder).exit_code == 0
    assert table(run("roster", "links", "--data", data.folder))[0] | {"role": ""} == {
        "name": "Ada",
        "id": "ada",
        "role": "",
        "url": "",
        "token": "",
    }
    renewed = run("roster", "renew", "ada", "--data", data.folder).stdout.strip()
    with Gradebook.open(data.gradebook) as book:
        roster = Roster(book, data.links_key())
        assert roster.by_token(before) is None
        found = roster.by_token(renewed.rpartition("/")[2])
        assert found is not None
        assert found.id == "ada"
        assert AuditLog(book).entries(1)[0].who.endswith("command line)")
    missing = run("roster", "revoke", "zoe", "--data", data.folder)
    assert (missing.exit_code, missing.stderr) == (2, "grader: there is nobody with the id 'zoe' in the roster\n")


@pytest.mark.parametrize("command", [("links",), ("revoke", "ada"), ("renew", "ada")])
def test_a_folder_that_is_none_is_told(data: DataFolder, command: tuple[str, ...]) -> None:
    """A slip in its name makes no course."""
    for typo in (data.folder.with_name("coarse"), data.files.folder):
        refused = run("roster", *command, "--data", typo)
        assert (refused.exit_code, refused.stdout) == (2, "")
        assert f"{typo} is no data folder of a course" in refused.stderr
    assert not data.folder.with_name("coarse").exists() and list(data.files.folder.iterdir()) == []


def test_a_roster_with_a_mistake_is_one_sentence(data: DataFolder, tmp_path: Path) -> None:
    """And changes nothing."""
    (tmp_path / "class.csv").write_text(CLASS.replace("instructor", "boss").replace("Ada,", "Augusta,"))
    result = run("roster", "load", tmp_path / "class.csv", "--data", data.folder)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "the role of 'eve' is 'boss'" in result.stderr
    assert table(run("roster", "links", "--data", data.folder))[0]["name"] == "Ada"


@pytest.fixture
def signer(data: DataFolder) -> Signer:
    return Signer(data.key(RECEIPTS_KEY, new_key))


def test_a_receipt_is_verified(signer: Signer, tmp_path: Path) -> None:
    """0 for a valid one, 1 for one that isn't, 2 for a file that can't be read."""
    receipt, file = tmp_path / "receipt.json", tmp_path / "work.py"
    file.write_bytes(WORK)
    receipt.write_text(signer.sign(Receipt("7f", "ada", "digits", hashlib.sha256(WORK).hexdigest(), RECEIVED)))
    valid = run("verify", receipt, file, "--key", signer.public_key)
    assert (valid.exit_code, valid.stdout.splitlines()) == (
        0,
        [
            "valid: ada handed in this file for digits",
            f"received {RECEIVED}, submission 7f",
            f"signed with the key {signer.public_key}",
        ],
    )
    assert "not compared with any" in run("verify", receipt, file).stdout
    other = run("verify", receipt, file, "--key", Signer(new_key()).public_key)
    assert (other.exit_code, other.stdout.partition(":")[0]) == (1, "not valid")
    file.write_bytes(b"print(2)\n")
    assert run("verify", receipt, file).exit_code == 1
    assert run("verify", receipt, tmp_path / "missing").exit_code == 2


def hand_in(data: DataFolder, signer: Signer, contents: Iterable[bytes]) -> None:
    with Gradebook.open(data.gradebook) as book:
        for content in contents:
            digest, size = data.files.write([content], 100)
            held = Receipt("", "ada", "digits", digest, RECEIVED)

            def sign(id: str, held: Receipt = held) -> str:
                return signer.sign(msgspec.structs.replace(held, id=id))

            AttemptQueue(book).hand_in(1, "digits", "work.py", digest, size, RECEIVED, sign)


def test_a_backup_of_a_data_folder_brings_everything_back(data: DataFolder, signer: Signer, tmp_path: Path) -> None:
    """Attempts, files, links, and the keys of receipts and LTI; what was accepted is graded there."""
    hand_in(data, signer, [WORK, b"print(2)\n"])
    (data.files.folder / "0123.part").write_bytes(b"half an upload")
    (data.keys / "notes.txt").write_text("not ours")
    (data.printed / ".0123.tmp").write_text("part of a text")
    printed = f"{'p' * 22}.txt"
    (data.printed / printed).write_text("hello\n")
    public = ToolKeys(data).jwks()
    backup = tmp_path / "backup.tar"
    done = run("backup", data.folder, backup)
    assert (done.exit_code, done.output) == (0, "")
    assert backup.stat().st_mode & 0o777 == 0o600
    assert run("backup", data.folder, backup).exit_code == 2
    with tarfile.open(backup) as archive:
        assert not [name for name in archive.getnames() if "part" in name or "notes" in name or "tmp" in name]
    restored = DataFolder(tmp_path / "restored")
    done = run("restore", backup, restored.folder)
    assert (done.exit_code, done.output) == (0, "")
    assert (
        run("roster", "links", "--data", restored.folder).stdout == run("roster", "links", "--data", data.folder).stdout
    )
    assert (restored.printed / printed).read_text() == "hello\n"
    assert Signer(restored.key(RECEIPTS_KEY, new_key)).public_key == signer.public_key
    assert ToolKeys(restored).jwks() == public
    with Gradebook.open(restored.gradebook) as book:
        attempts = AttemptQueue(book).newest("digits", 9)
        assert [restored.files.read(attempt.digest, 100) for attempt in attempts] == [b"print(2)\n", WORK]
        assert claim_all(AttemptQueue(book), book.new_run(BASIS, 1)) == [1, 2]
    again = run("restore", backup, restored.folder)
    assert (again.exit_code, "exists; restore into an empty folder" in again.stderr) == (2, True)
    assert not [path for path in (*tmp_path.iterdir(), *restored.folder.iterdir()) if path.name.startswith(".")]


def archive_of(path: Path, *members: tuple[str, bytes]) -> Path:
    with tarfile.open(path, "w") as archive:
        for name, content in members:
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return path


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("../evil", b"x"),
        ("/etc/evil", b"x"),
        ("files/../../evil", b"x"),
        ("keys/evil", b"x"),
        ("printed/../../evil.txt", b"x"),
        ("regrades/evil.json", b"x"),
        (f"files/00/{'0' * 64}", b"another content"),
        ("keys/links", bytes(32)),  # and no gradebook
    ],
)
def test_what_is_no_backup_is_not_restored(tmp_path: Path, name: str, content: bytes) -> None:
    """Nothing of it stays, inside the folder or outside."""
    backup = archive_of(tmp_path / "backup.tar", (name, content))
    result = run("restore", backup, tmp_path / "deep" / "course")
    assert (result.exit_code, result.stderr.startswith("grader: ")) == (2, True)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == [backup]


def test_a_damaged_backup_is_described(data: DataFolder, signer: Signer, tmp_path: Path) -> None:
    """A tar file that was cut."""
    hand_in(data, signer, [WORK])
    backup = tmp_path / "backup.tar"
    run("backup", data.folder, backup)
    backup.write_bytes(backup.read_bytes()[:20_000])
    result = run("restore", backup, tmp_path / "restored")
    assert (result.exit_code, result.stderr.startswith("grader: ")) == (2, True)
    assert not (tmp_path / "restored" / "gradebook.sqlite").exists()


def test_a_backup_goes_on_when_a_printed_text_goes_away(
    data: DataFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its attempt was graded again and printed nothing; a file that was handed in must be there."""
    path = data.printed / f"{'p' * 22}.txt"
    path.write_text("hello")
    listed = data_backup._members

    def members(*arguments: Any) -> list[tuple[Path, str]]:
        found = list(listed(*arguments))
        path.unlink(missing_ok=True)
        return found

    monkeypatch.setattr(data_backup, "_members", members)
    assert run("backup", data.folder, tmp_path / "one.tar").exit_code == 0
    digest, _ = data.files.write([WORK], 100)
    path = data.files.path(digest)
    refused = run("backup", data.folder, tmp_path / "two.tar")
    assert (refused.exit_code, f"{path}: No such file" in refused.stderr) == (2, True)
