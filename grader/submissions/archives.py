"""What lies in a zip, seen like a folder. Nothing is ever unpacked to the disk.

A zip can lie about every number in it, so each is bounded twice: as it is declared, and while it is read.
"""

from __future__ import annotations

import os
import stat
import struct
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO

from grader._util.escaping import one_line
from grader.submissions.file_tree import MAX_ENTRIES, MAX_SUBMISSION, DiskNode, FileUnreadable, Node, kind_problem

MAX_CLASS_ZIP = 2**30  # bytes of a zip that holds a whole class
MAX_DIRECTORY = 2**22  # bytes of a zip's table of contents, which has to be in memory at once
MAX_EXTRA_FIELD = 2**12  # bytes that an entry of it may have beside the names; zipfile's time grows with their square
MAX_DEPTH = 8  # folders; nothing that lies deeper is ever looked for
MAX_RATIO = 200  # unpacked to packed; notebooks reach about 20
RATIO_EXEMPT_BYTES = 2**20  # bytes that a member may unpack to, whatever the ratio

END_RECORD = struct.Struct("<12xL6x")  # the record at the end, of which the length of the table is looked at
MAX_COMMENT = 2**16  # bytes
LOCATOR_BYTES = 20  # bytes before that record, where there is one for the 64-bit form

COMPRESSION_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # the others can't be unpacked in bounded steps


class ZipNode(Node):
    """A member of an open zip, or a folder that its names imply."""

    def __init__(
        self,
        name: str,
        archive: zipfile.ZipFile,
        info: zipfile.ZipInfo | None = None,
        trouble: str = "",
        unsafe: bool = False,
    ) -> None:
        super().__init__(name, info is None, trouble, unsafe)
        self.archive = archive
        self.info = info
        self.members: dict[str, ZipNode] = {}
        self.misplaced: list[Node] = []  # members whose names lead elsewhere; only at the top

    def children(self) -> list[Node]:
        return [*self.members.values(), *self.misplaced]

    def read(self) -> bytes:
        if self.problem:
            raise self.error(self.problem)
        assert self.info is not None  # folders are not read
        size, packed = self.info.file_size, self.info.compress_size
        self.check_size(size)
        self.check_size(packed)
        if size > RATIO_EXEMPT_BYTES and size > MAX_RATIO * packed:
            raise self.error(f"unpacks to {size // max(packed, 1)} times its size, as a zip bomb does")
        try:
            with self.archive.open(self.info) as stream:
                return self.read_at_most(stream)  # type: ignore[arg-type]  # has the one method that is used
        except FileUnreadable:
            raise
        except Exception as error:  # zipfile raises a dozen kinds for damaged members
            raise self.error("is damaged: it can't be unpacked") from error


@contextmanager
def open_zip(node: Node, limit: int = MAX_SUBMISSION) -> Iterator[ZipNode]:
    """The top folder of a zip, readable inside the with block."""
    if not isinstance(node, DiskNode):
        raise node.error("is a zip inside a zip; unpack the outer one, and hand in the file itself")
    with node.open(limit) as stream:
        try:
            _check_table_of_contents(node, stream)
            archive = zipfile.ZipFile(stream)
        except FileUnreadable:
            raise
        except Exception as error:  # as above: zipfile doesn't say which
            raise node.error("is no zip, or a damaged one") from error
        with archive:
            yield _zip_tree(node, archive)


def _check_table_of_contents(node: Node, stream: BinaryIO) -> None:
    """Look at the table before zipfile does, which reads it whole, however long it is and whatever the end record says.

    The end record is looked for as zipfile does it: a file may hold several, of which each tells something else.
    """
    size = stream.seek(0, os.SEEK_END)
    if size == 0:
        raise node.error("is empty")
    stream.seek(max(0, size - MAX_COMMENT - END_RECORD.size - LOCATOR_BYTES))
    tail = stream.read()
    at = len(tail) - END_RECORD.size
    if at < 0 or not tail.startswith(b"PK\5\6", at) or not tail.endswith(b"\0\0"):
        at = tail.rfind(b"PK\5\6")
    if at < 0 or len(tail) - at < END_RECORD.size:
        raise node.error("is no zip, or a damaged one")
    (length,) = END_RECORD.unpack_from(tail, at)
    # The 64-bit form is for more than 65,535 members or 4 GB, and would overrule the numbers seen here.
    if length > MAX_DIRECTORY or tail.startswith(b"PK\6\7", max(0, at - LOCATOR_BYTES)):
        raise node.too_many(MAX_ENTRIES)
    begin = size - (len(tail) - at) - length
    if begin < 0:
        raise node.error("is no zip, or a damaged one")
    stream.seek(begin)
    _check_entries(node, stream.read(length))


def _check_entries(node: Node, table: bytes) -> None:
    """Step through the table, without a look at what its entries say but for their lengths."""
    count = at = 0
    while table.startswith(b"PK\1\2", at) and at + 46 <= len(table):
        name, extra, comment = struct.unpack_from("<HHH", table, at + 28)
        if extra > MAX_EXTRA_FIELD:
            raise node.error("is packed in an unusual way; make an ordinary zip")
        at += 46 + name + extra + comment
        count += 1
        if count > MAX_ENTRIES:
            raise node.too_many(MAX_ENTRIES)


def _zip_tree(node: Node, archive: zipfile.ZipFile) -> ZipNode:
    root = ZipNode(node.name, archive)
    for info in archive.infolist():
        _plant(root, info)
    return root


def _plant(root: ZipNode, info: zipfile.ZipInfo) -> None:
    """Put a member where its name says, unless that is outside of the zip or taken already."""
    archive, here = root.archive, root
    name = info.filename.replace("\\", "/")  # Windows programs write either
    parts = [part for part in name.split("/") if part not in ("", ".")]
    if name.startswith("/") or any(part == ".." or part[1:2] == ":" or len(part) > 255 for part in parts):
        trouble = f"is in the zip as {one_line(name, 200)}, which leads out of it"
        root.misplaced.append(ZipNode(name.split("/")[-1][-255:] or "..", archive, info, trouble, unsafe=True))
        return
    if not parts or len(parts) > MAX_DEPTH:
        return
    is_folder = name.endswith("/")
    for part in parts if is_folder else parts[:-1]:
        if here.is_folder:
            here = here.members.setdefault(part, ZipNode(part, archive))
    if not here.is_folder or (parts[-1] in here.members and not is_folder):
        root.misplaced.append(ZipNode(parts[-1], archive, info, "is in the zip twice", unsafe=True))
    elif not is_folder:
        here.members[parts[-1]] = ZipNode(parts[-1], archive, info, _member_trouble(info))


def _member_trouble(info: zipfile.ZipInfo) -> str:
    mode = info.external_attr >> 16
    if info.flag_bits & 0x1:
        return "is encrypted; hand in a zip without a password"
    if stat.S_IFMT(mode) and (trouble := kind_problem(mode)):
        return trouble
    return "" if info.compress_type in COMPRESSION_METHODS else "is packed in an unusual way; make an ordinary zip"
