"""Zips as folders of nodes. Nothing is unpacked to the disk.

A zip can lie about every number in it, so each is checked twice: as declared, and while reading.

A zip inside a zip on the disk is opened too: platforms pack what students packed. The limits hold for both together:
bytes of the inner zip and of the file in it, members of both, and the packed size of the file in the outer zip. A zip
inside such an inner zip isn't opened.
"""

from __future__ import annotations

import io
import os
import stat
import struct
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO, NamedTuple

from grader._util.escaping import one_line
from grader.submissions.file_tree import DiskNode, FileUnreadable, Node, kind_problem
from grader.submissions.limits import (
    MAX_COMMENT,
    MAX_DEPTH,
    MAX_DIRECTORY,
    MAX_ENTRIES,
    MAX_EXTRA_FIELD,
    MAX_RATIO,
    MAX_SUBMISSION,
    RATIO_EXEMPT_BYTES,
)

END_RECORD = struct.Struct("<12xL6x")  # end record of a zip; holds the length of the table of contents
LOCATOR_BYTES = 20  # of the 64-bit form, right before the end record

COMPRESSION_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # other methods can't be unpacked in bounded steps


class Container(NamedTuple):
    """What the members of a zip share."""

    is_inner: bool = False  # whether the zip is a member of another zip
    packed: int = MAX_SUBMISSION  # bytes of this zip in the outer one
    size: int = 0  # bytes of this zip, which are in memory; 0 on the disk
    members: int = 0  # of a student's zip, which count for a zip in it; 0 for the zip of a class


class ZipNode(Node):
    """A member of an open zip, or a folder that its names imply."""

    def __init__(
        self,
        name: str,
        archive: zipfile.ZipFile,
        info: zipfile.ZipInfo | None = None,
        problem: str | None = None,
        unsafe: bool = False,
        container: Container | None = None,
    ) -> None:
        super().__init__(name, info is None, problem, unsafe)
        self.archive = archive
        self.info = info
        self.container = container or Container()
        self.members: dict[str, ZipNode] = {}
        self.misplaced: list[Node] = []  # members whose names lead out of the zip, or that come twice; only in the root

    def children(self) -> list[Node]:
        """Return the members of a folder; for the root, also the misplaced ones."""
        return [*self.members.values(), *self.misplaced]

    def read(self) -> bytes:
        """Return the content of a member. Raises FileUnreadable if it is damaged, too large or a zip bomb."""
        if self.problem:
            raise self.error(self.problem)
        assert self.info is not None  # nobody reads a folder
        size, packed = self.info.file_size, self.info.compress_size
        self.check_size(size + self.container.size, MAX_SUBMISSION)
        self.check_size(packed)
        packed = min(packed, self.container.packed)
        if size > RATIO_EXEMPT_BYTES and size > MAX_RATIO * packed:
            raise self.error(f"unpacks to {size // max(packed, 1)} times its size, as a zip bomb does")
        try:
            with self.archive.open(self.info) as stream:
                return self.read_at_most(stream, MAX_SUBMISSION - self.container.size)
        except FileUnreadable:
            raise
        except Exception as error:  # zipfile raises a dozen classes for damaged members
            raise self.error("is damaged: it can't be unpacked") from error


@contextmanager
def open_zip(node: Node, limit: int = MAX_SUBMISSION) -> Iterator[ZipNode]:
    """Yield the root folder of a zip of at most `limit` bytes; it can be read inside the `with` block.

    With a larger limit than MAX_SUBMISSION it is the zip of a class, whose members don't count for a zip in it. Raises
    FileUnreadable if the file is no zip, is damaged, too large, or in a zip that is in a zip itself.
    """
    with _open(node, limit) as (stream, container):
        try:
            _check_table_of_contents(node, stream, MAX_ENTRIES - container.members)
            archive = zipfile.ZipFile(stream)
        except FileUnreadable:
            raise
        except Exception as error:  # zipfile documents no common base class
            raise node.error("is no zip, or a damaged one") from error
        with archive:
            members = container.members + (len(archive.infolist()) if limit <= MAX_SUBMISSION else 0)
            yield _zip_tree(node, archive, container._replace(members=members))


@contextmanager
def _open(node: Node, limit: int) -> Iterator[tuple[BinaryIO, Container]]:
    """Yield the bytes of a zip, and what is known of the zip around it. Raises FileUnreadable."""
    if isinstance(node, DiskNode):
        with node.open(limit) as stream:
            yield stream, Container()
    elif isinstance(node, ZipNode) and node.info and not node.container.is_inner:
        content = node.read()
        yield io.BytesIO(content), Container(True, node.info.compress_size, len(content), node.container.members)
    else:
        raise node.error("is a zip in a zip that is in a zip itself; hand in the file, or one zip of it")


def _check_table_of_contents(node: Node, stream: BinaryIO, most: int) -> None:
    """Raise FileUnreadable if the table of contents is too large: zipfile would read all of it into memory.

    The search for the end record is the one of zipfile, because a file may hold several that contradict each other.
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
    # The 64-bit form is for more than 65,535 members or 4 GB. It would override the length read here.
    if length > MAX_DIRECTORY or tail.startswith(b"PK\6\7", max(0, at - LOCATOR_BYTES)):
        raise node.too_many(most)
    begin = size - (len(tail) - at) - length
    if begin < 0:
        raise node.error("is no zip, or a damaged one")
    stream.seek(begin)
    _check_entries(node, stream.read(length), most)


def _check_entries(node: Node, table: bytes, most: int) -> None:
    """Raise FileUnreadable if the table has too many entries or an entry has a huge extra field."""
    count = at = 0
    while table.startswith(b"PK\1\2", at) and at + 46 <= len(table):
        name, extra, comment = struct.unpack_from("<HHH", table, at + 28)
        if extra > MAX_EXTRA_FIELD:
            raise node.error("is packed in an unusual way; make an ordinary zip")
        at += 46 + name + extra + comment
        count += 1
        if count > most:
            raise node.too_many(most)


def _zip_tree(node: Node, archive: zipfile.ZipFile, container: Container) -> ZipNode:
    root = ZipNode(node.name, archive, container=container)
    for info in archive.infolist():
        _plant(root, info)
    return root


def _plant(root: ZipNode, info: zipfile.ZipInfo) -> None:
    """Insert a member at the place that its name says, unless that is outside of the zip or taken."""
    archive, container, here = root.archive, root.container, root
    name = info.filename.replace("\\", "/")  # Windows programs write either
    parts = [part for part in name.split("/") if part not in ("", ".")]
    if name.startswith("/") or any(part == ".." or part[1:2] == ":" or len(part) > 255 for part in parts):
        problem = f"is in the zip as {one_line(name, 200)}, which leads out of it"
        root.misplaced.append(ZipNode(name.split("/")[-1][-255:] or "..", archive, info, problem, unsafe=True))
        return
    if not parts or len(parts) > MAX_DEPTH:
        return
    is_folder = name.endswith("/")
    for part in parts if is_folder else parts[:-1]:
        if here.is_folder:
            here = here.members.setdefault(part, ZipNode(part, archive, container=container))
    if not here.is_folder or (parts[-1] in here.members and not is_folder):
        root.misplaced.append(ZipNode(parts[-1], archive, info, "is in the zip twice", unsafe=True))
    elif not is_folder:
        here.members[parts[-1]] = ZipNode(parts[-1], archive, info, _member_problem(info), container=container)


def _member_problem(info: zipfile.ZipInfo) -> str | None:
    """Say why a member can't be unpacked; None if it can."""
    mode = info.external_attr >> 16
    if info.flag_bits & 0x1:
        return "is encrypted; hand in a zip without a password"
    if stat.S_IFMT(mode) and (problem := kind_problem(mode)):
        return problem
    return None if info.compress_type in COMPRESSION_METHODS else "is packed in an unusual way; make an ordinary zip"
