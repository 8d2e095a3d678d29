"""Files by digest, and the data folder."""

from __future__ import annotations

import hashlib
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.gradebook.data_folder import DataFolder, DataFolderError
from grader.gradebook.files import FileStore, FileStoreError, FileTooLarge

LIMIT = 1000


@pytest.fixture
def store(tmp_path: Path) -> FileStore:
    return FileStore(tmp_path / "files")


@given(chunks=st.lists(st.binary(max_size=50), max_size=6))
def test_what_is_written_is_read(tmp_path_factory: pytest.TempPathFactory, chunks: list[bytes]) -> None:
    """Under its SHA-256, whatever the chunks are, and once."""
    store, content = FileStore(tmp_path_factory.mktemp("files")), b"".join(chunks)
    expected = (hashlib.sha256(content).hexdigest(), len(content))
    assert store.write(chunks, LIMIT) == expected
    assert store.write([content], LIMIT) == expected
    assert store.read(expected[0], LIMIT) == content
    assert [path for path in store.folder.rglob("*") if path.is_file()] == [store.path(expected[0])]


def test_a_file_above_the_limit_leaves_nothing(store: FileStore) -> None:
    """It is refused as soon as the limit is passed: the rest isn't read."""

    def chunks() -> Iterator[bytes]:
        yield b"x" * LIMIT
        yield b"x"
        raise AssertionError("read on")

    with pytest.raises(FileTooLarge, match="larger than 1000 bytes"):
        store.write(chunks(), LIMIT)
    assert [path for path in store.folder.rglob("*") if path.is_file()] == []
    digest, _ = store.write([b"x" * LIMIT], LIMIT)
    with pytest.raises(FileTooLarge):
        store.read(digest, LIMIT - 1)


def test_a_client_that_goes_away_leaves_nothing(store: FileStore) -> None:
    """What its upload raises gets through."""

    def chunks() -> Iterator[bytes]:
        yield b"half"
        raise ConnectionError

    with pytest.raises(ConnectionError):
        store.write(chunks(), LIMIT)
    assert [path for path in store.folder.rglob("*") if path.is_file()] == []


def test_a_changed_or_missing_file_is_not_read(store: FileStore) -> None:
    """Handing in the same bytes again repairs it."""
    digest, _ = store.write([b"work"], LIMIT)
    store.path(digest).write_bytes(b"w0rk")
    with pytest.raises(FileStoreError, match="was changed after it was stored"):
        store.read(digest, LIMIT)
    store.write([b"work"], LIMIT)
    assert store.read(digest, LIMIT) == b"work"
    store.path(digest).unlink()
    with pytest.raises(FileStoreError, match="can't be read: No such file"):
        store.read(digest, LIMIT)


@pytest.mark.parametrize(
    "digest", ["", "../../etc/passwd", "A" * 64, "0" * 63, "0" * 64 + "\n", "0" * 32 + "/" + "0" * 31]
)
def test_only_a_digest_names_a_file(store: FileStore, digest: str) -> None:
    """No path gets out of the folder."""
    with pytest.raises(ValueError, match="64 hexadecimal digits"):
        store.path(digest)


def test_parts_of_interrupted_uploads_are_removed(store: FileStore) -> None:
    """And nothing else."""
    digest, _ = store.write([b"work"], LIMIT)
    (store.folder / "0123.part").write_bytes(b"half")
    store.remove_parts()
    assert [path for path in store.folder.rglob("*") if path.is_file()] == [store.path(digest)]


def test_a_data_folder_is_private(tmp_path: Path) -> None:
    """Folders and keys can be read by their owner only; a key is made once."""
    data = DataFolder.open(tmp_path / "course" / "data")
    key = data.links_key()
    assert DataFolder.open(data.folder).links_key() == key
    assert data.key("links", lambda: b"another") == key
    digest, _ = data.files.write([b"work"], LIMIT)
    for folder in (data.folder, data.keys, data.files.folder):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    for file in (data.keys / "links", data.files.path(digest)):
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [path.name for path in data.keys.iterdir()] == ["links"]


def test_a_damaged_key_is_described(tmp_path: Path) -> None:
    """It isn't replaced: all links would end."""
    data = DataFolder.open(tmp_path)
    (data.keys / "links").write_bytes(b"half")
    with pytest.raises(DataFolderError, match="damaged; restore it from a backup"):
        data.links_key()
    (tmp_path / "file").touch()
    with pytest.raises(DataFolderError, match="can't be used"):
        DataFolder.open(tmp_path / "file" / "data")
