"""Whatever is handed in, intake gives an entry for it: a submission or the reason why it is none."""

from __future__ import annotations

import hashlib
import io
import json
import os
import shlex
import socket
import stat
import struct
import tempfile
import time
import tracemalloc
import unicodedata
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path, PurePosixPath
from types import SimpleNamespace
from typing import cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader._util.escaping import INVISIBLE_CATEGORIES
from grader.models import Assignment, Submission
from grader.submissions import archives, file_tree, selection
from grader.submissions import collect as intake
from grader.submissions.collect import IntakeError, collect, collect_all, with_unique_names
from grader.submissions.limits import MAX_COMPARED_BYTES, MAX_SUBMISSION
from grader.submissions.selection import LITTER
from grader.submissions.spool import SubmissionSpool
from grader.submissions.student_names import display_name, is_safe, name_key, safe_name, unique_names
from grader.submissions.untouched import is_untouched
from tests.helpers.effort import examples

NOTEBOOK = b'{"cells": []}'
SUPPORT = frozenset({"check.py", "figures.py", "digits.npz"})
MB = 2**20


def put(folder: Path, *names: str, content: bytes = NOTEBOOK) -> Path:
    """Files, with their folders; a name that ends with / is an empty folder."""
    for name in names:
        path = folder / name
        (path if name.endswith("/") else path.parent).mkdir(parents=True, exist_ok=True)
        if not name.endswith("/"):
            path.write_bytes(content)
    return folder


def zipped(path: Path, *names: str | zipfile.ZipInfo, content: bytes = NOTEBOOK) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            archive.writestr(name, content)
    return path


def members(path: Path, platform: str = "") -> list[Submission]:
    return collect(path, "digits", SUPPORT, platform=platform)


def graded(path: Path, platform: str = "") -> dict[str, str]:
    """Student -> file; no submission may be rejected."""
    found = members(path, platform)
    assert [one.rejection for one in found if one.rejection] == []
    return {one.student: one.file for one in found}


def reason(path: Path) -> str:
    """Why the only submission is rejected."""
    (one,) = members(path)
    assert one.content == b""
    return one.rejection or ""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return put(tmp_path, "class/") / "class"


# What a path is


@pytest.mark.parametrize("name", ["ada.ipynb", "ada.py", "ADA.IPYNB"])
def test_a_file_is_one_submission(folder: Path, name: str) -> None:
    """The student is the stem; content, digest and a file name with a small ending come with it."""
    (one,) = members(put(folder, name) / name)
    stem, ending = name.split(".")
    assert one == Submission(stem, f"{stem}.{ending.lower()}", NOTEBOOK, hashlib.sha256(NOTEBOOK).hexdigest())


def test_a_file_named_as_the_assignment_names_its_student(folder: Path) -> None:
    """digits.ipynb by itself is by the student "digits"."""
    assert graded(put(folder, "digits.ipynb") / "digits.ipynb") == {"digits": "digits.ipynb"}


def test_a_class_has_files_folders_and_zips(folder: Path) -> None:
    """Each of them is a student, in the order of their names, whatever the case."""
    put(folder, "bob.py", "Ada.ipynb", "cleo/digits.ipynb")
    zipped(folder / "dora.zip", "work/digits.py")
    found = graded(folder)
    assert found == {"Ada": "Ada.ipynb", "bob": "bob.py", "cleo": "digits.ipynb", "dora": "digits.py"}
    assert list(found) == ["Ada", "bob", "cleo", "dora"]


def test_a_class_of_one_folder_is_a_class(folder: Path) -> None:
    """class/alice/digits.ipynb is by alice."""
    assert graded(put(folder, "alice/digits.ipynb")) == {"alice": "digits.ipynb"}


def test_a_students_own_folder_is_one_submission(folder: Path) -> None:
    """A folder with the assignment's file, and what was given with it, is by the student it is named after."""
    put(folder, "digits.ipynb", "digits.py", "check.py", "figures.py", "digits.npz", "README.md", "data/x.csv")
    assert graded(folder) == {"class": "digits.ipynb"}


def test_a_template_among_submissions_hides_none(folder: Path) -> None:
    """When others' files lie beside digits.ipynb, the folder is a class, and each is graded."""
    put(folder, "digits.ipynb", "ada.ipynb", "bob/digits.ipynb")
    assert list(graded(folder)) == ["ada", "bob", "digits"]


@pytest.mark.parametrize(
    "names",
    [
        ("digits.ipynb",),
        ("anything.ipynb",),
        ("work/digits.ipynb",),
        ("a/b/c/digits.ipynb",),
        ("mine.ipynb", "data/x.csv", "check.py"),
        ("digits.ipynb", "digits.py", "figures.py"),
        ("work/mine.py", "__MACOSX/._mine.py"),
        ("work\\digits.ipynb",),
    ],
)
def test_a_zip_with_one_candidate_is_one_submission(tmp_path: Path, names: tuple[str, ...]) -> None:
    """The zip names the student, through one folder around it all, with either slash."""
    assert list(graded(zipped(tmp_path / "ada.zip", *names))) == ["ada"]


@pytest.mark.parametrize(
    ("names", "students"),
    [
        (("ada.ipynb", "bob.py"), ["ada", "bob"]),
        (("ada/digits.ipynb", "bob/digits.ipynb"), ["ada", "bob"]),
        (("class/ada/digits.ipynb", "class/bob.ipynb", "class/README.md"), ["ada", "bob"]),
    ],
)
def test_a_zip_is_a_class_where_the_instructor_says_so(
    tmp_path: Path, names: tuple[str, ...], students: list[str]
) -> None:
    """With `class`, what is at its top, or in the one folder in it that is named as the zip, is a student's each.

    Without, whoever made the zip would say whose submissions there are: it is one, and is told how to say otherwise.
    """
    path = zipped(tmp_path / "class.zip", *names)
    assert list(graded(path, "class")) == students
    (one,) = members(path)
    assert one.student == "class"
    assert one.notes[-1].endswith("if it is a class of several students, grade it with --as-platform class")


def test_a_folder_around_a_class_is_looked_through_by_its_name_alone(tmp_path: Path) -> None:
    """A class of one student, in a zip: what is in that student's folder names nobody."""
    assert list(graded(zipped(tmp_path / "class.zip", "ada/digits.ipynb", "ada/bob.ipynb"), "class")) == ["ada"]
    path = zipped(tmp_path / "other.zip", "class/ada/digits.ipynb", "class/bob/digits.ipynb")
    (one,) = members(path, "class")
    assert (one.student, "two notebooks" in (one.rejection or "")) == ("class", True)


def test_a_folder_that_may_be_one_students_is_told(folder: Path) -> None:
    """A file named as the assignment, with others beside it: a class, and the hint says how to say otherwise."""
    hints: list[str] = []
    assignment = cast(Assignment, SimpleNamespace(name="digits", support=folder / "none", notebook=folder / "none"))
    put(folder, "ada/digits.ipynb", "ada/bob.ipynb", "cy/digits.ipynb")
    with SubmissionSpool() as contents:
        collect_all([folder], assignment, contents, notify=hints.append)
        assert hints == []
        collect_all([folder / "ada"], assignment, contents, notify=hints.append)
    assert hints == [
        "ada was read as an ordinary class; if it is one student's folder, grade it with --as-platform student"
    ]


def test_what_is_in_a_students_folder_or_zip_names_nobody(folder: Path) -> None:
    """With `student`, a folder is one submission, whatever names there are in it."""
    put(folder, "ada/digits.ipynb", "ada/bob.ipynb", "ada/cy/digits.ipynb")
    zipped(folder / "eve.zip", "digits.ipynb", "bob.ipynb")
    assert [one.student for one in members(folder / "ada", "student")] == ["ada"]
    assert [one.student for one in members(folder / "eve.zip", "student")] == ["eve"]
    assert list(graded(folder)) == ["ada", "eve"]


def test_a_zip_in_a_class_is_one_students(folder: Path) -> None:
    """What would be a class by itself is one student's with two notebooks when it lies in a class."""
    zipped(folder / "ada.zip", "a.ipynb", "b.ipynb")
    assert reason(folder) == "two notebooks: a.ipynb and b.ipynb; hand in one, named digits.ipynb"


def inside(path: Path, content: bytes, method: int = zipfile.ZIP_DEFLATED, **others: bytes) -> bytes:
    """Return a zip that holds digits.ipynb and others."""
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, each in {"digits.ipynb": content, **others}.items():
            archive.writestr(name, each)
    return path.read_bytes()


def test_a_zip_in_a_zip_is_opened(tmp_path: Path) -> None:
    """One level deeper, as a platform packs it; what is packed once more says what to do."""
    inner = zipped(tmp_path / "inner.zip", "digits.ipynb").read_bytes()
    assert graded(zipped(tmp_path / "ada.zip", "ada.zip", content=inner)) == {"ada": "digits.ipynb"}
    in_class = zipped(tmp_path / "class.zip", "ada.zip", "bob.zip", content=inner)
    assert graded(in_class, "class") == {"ada": "digits.ipynb", "bob": "digits.ipynb"}
    deeper = zipped(tmp_path / "deep.zip", "ada.zip", content=inner).read_bytes()
    assert "a zip in a zip that is in a zip itself" in reason(zipped(tmp_path / "ada.zip", "ada.zip", content=deeper))


def test_a_bomb_of_two_levels_is_found(tmp_path: Path) -> None:
    """Each level unpacks to less than 200 times its size, both together don't."""
    content = NOTEBOOK + os.urandom(24_000) * 400
    inner = inside(tmp_path / "inner.zip", content)
    path = zipped(tmp_path / "ada.zip", "work.zip", content=inner)
    outer = path.stat().st_size
    assert len(content) < 200 * len(inner) and len(inner) < 200 * outer and len(content) > 200 * outer
    assert "times its size, as a zip bomb does" in reason(path)


def test_bytes_and_members_of_two_levels_are_counted_together(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The inner zip and the file in it share one limit; so do the members of a student's two zips, not of a class's."""
    noise = os.urandom(MB)
    work = inside(tmp_path / "1.zip", NOTEBOOK + noise.hex().encode())
    path = zipped(tmp_path / "ada.zip", "work.zip", content=work)
    assert graded(path) == {"ada": "digits.ipynb"}
    monkeypatch.setattr(archives, "MAX_SUBMISSION", 3 * MB)
    assert reason(path) == "digits.ipynb is 3.1 MB; a submission may have 3 MB"
    monkeypatch.undo()
    monkeypatch.setattr(archives, "MAX_ENTRIES", 4)
    work = inside(tmp_path / "1.zip", NOTEBOOK, a=b"", b=b"")
    names = [zipfile.ZipInfo("x"), zipfile.ZipInfo("work.zip")]
    assert "holds more than 2 files" in reason(zipped(tmp_path / "ada.zip", *names, content=work))
    found = members(zipped(tmp_path / "class.zip", "ada.zip", "bob.zip", content=work), "class")
    assert [one.rejection for one in found] == [None, None]


STUB = 'def double(x):\n    # YOUR CODE HERE\n    raise NotImplementedError("double")\n'
SOLUTION = "def double(x):\n    ### BEGIN SOLUTION\n    return 2 * x\n    ### END SOLUTION\n"


def notebook_of(*sources: str) -> bytes:
    cells = [{"cell_type": "code", "source": source.splitlines(keepends=True), "outputs": [1]} for source in sources]
    return json.dumps({"cells": [{"cell_type": "markdown", "source": "Hello"}, *cells], "nbformat": 4}).encode()


@pytest.mark.parametrize(
    ("files", "file", "note"),
    [
        ({"digits.ipynb": STUB, "digits (1).ipynb": "x = 1"}, "digits (1).ipynb", "digits.ipynb (no answer in it)"),
        ({"a.ipynb": "x = 1", "b.ipynb": STUB}, "a.ipynb", "b.ipynb (no answer in it)"),
        ({"digits.ipynb": STUB + "x = 1", "b.ipynb": STUB}, "digits.ipynb", "b.ipynb (no answer in it)"),
        ({"digits.ipynb": STUB, "old/digits.ipynb": STUB}, "digits.ipynb", "old/digits.ipynb"),
        ({"digits.ipynb": STUB}, "digits.ipynb", ""),
    ],
)
def test_of_two_notebooks_the_one_with_work_in_it_is_graded(
    tmp_path: Path, files: dict[str, str], file: str, note: str
) -> None:
    """The one that the assignment gave out doesn't count beside it, run or not; alone, it is the submission."""
    (tmp_path / "solution.ipynb").write_bytes(notebook_of("import numpy as np", SOLUTION))
    assignment = SimpleNamespace(name="digits", support=tmp_path / "none", notebook=tmp_path / "solution.ipynb")
    for name, source in files.items():
        put(tmp_path, f"class/ada/{name}", content=notebook_of("import numpy as np", source))
    with SubmissionSpool() as contents:
        (one,) = collect_all([tmp_path / "class"], cast(Assignment, assignment), contents)
    assert one.file == file
    assert one.notes == ((f"{file} was graded; ignored: {note}",) if note else ())


def test_what_is_no_notebook_counts_as_work(tmp_path: Path) -> None:
    """Nothing that can't be read is taken for the assignment's own notebook."""
    stub = frozenset({"x = 1"})
    for content in (b"", b"[]", b'{"cells": 3}', b"\xff", b'{"cells": []}', b"[" * 100_000, b'{"cells": [{}]}'):
        assert not is_untouched(content, stub)
    assert is_untouched(notebook_of("x = 1", ""), stub)
    assert not is_untouched(notebook_of("x = 1", " " * MAX_COMPARED_BYTES), stub)


def test_several_paths_are_one_batch(tmp_path: Path) -> None:
    """Names are unique over all paths; the files that students were given are those of the assignment."""
    put(tmp_path, "solution/student/check.py", "one/ada.ipynb", "two/ada.py", "two/bob/check.py")
    here = tmp_path / "solution"
    assignment = cast(Assignment, SimpleNamespace(name="digits", support=here / "student", notebook=here / "none"))
    with SubmissionSpool() as contents:
        found = collect_all([tmp_path / "one", tmp_path / "two"], assignment, contents)
        assert [(one.student, bool(one.rejection)) for one in found] == [
            ("ada", False),
            ("ada--2", False),
            ("bob", True),
        ]
        assert [one.content for one in found] == [b"", b"", b""]  # no class is ever in memory as a whole
        assert contents.get(found[0].digest) == (tmp_path / "one/ada.ipynb").read_bytes()


# Which file of a student


@pytest.mark.parametrize(
    ("names", "file"),
    [
        (("digits.ipynb", "other.ipynb", "digits.py"), "digits.ipynb"),
        (("Digits.IPYNB", "other.ipynb"), "Digits.ipynb"),
        (("digits.py", "other.ipynb"), "digits.py"),
        (("mine.ipynb", "helper.py"), "mine.ipynb"),
        (("mine.py", "check.py", "figures.py"), "mine.py"),
        (("a/b/mine.py",), "mine.py"),
        (("digits.ipynb", "old/digits.ipynb"), "digits.ipynb"),
        (("old/digits.ipynb", "mine.ipynb"), "digits.ipynb"),
        (("mine.py", ".mine.ipynb", ".ipynb_checkpoints/mine.ipynb", "__pycache__/x.py"), "mine.py"),
        (("digits.ipynb/", "digits.py"), "digits.py"),
    ],
)
def test_the_file_to_grade(folder: Path, names: tuple[str, ...], file: str) -> None:
    """The assignment's notebook, its module, the only notebook, the only module: in a folder and in a zip."""
    assert graded(put(folder, *(f"ada/{name}" for name in names))) == {"ada": file}
    zipped(folder.parent / "zips/ada.zip", *names)
    assert graded(folder.parent / "zips") == {"ada": file}


@pytest.mark.parametrize(
    ("names", "why"),
    [
        (("a.ipynb", "b.ipynb"), "two notebooks: a.ipynb and b.ipynb; hand in one, named digits.ipynb"),
        (("x/digits.ipynb", "y/digits.ipynb"), "two notebooks: x/digits.ipynb and y/digits.ipynb; hand in one"),
        (("a.py", "b.py", "c/c.py"), "3 modules: a.py, b.py and c/c.py; hand in one, named digits.py"),
        (tuple(f"{i}.py" for i in range(9)), "9 modules: 0.py, 1.py, 2.py, 3.py, 4.py and 4 more; hand in"),
        (("essay.docx",), "ada holds no notebook or module, only essay.docx; hand in digits.ipynb"),
        (("check.py",), "ada holds no notebook or module, only check.py; hand in digits.ipynb"),
        (("a/b/c/digits.ipynb",), "ada holds no notebook or module; hand in digits.ipynb"),
        ((), "ada holds no notebook or module; hand in digits.ipynb"),
    ],
)
def test_no_file_to_grade(folder: Path, names: tuple[str, ...], why: str) -> None:
    """A folder without a file to choose is rejected with what was found and what to hand in."""
    put(folder, "ada/", *(f"ada/{name}" for name in names))
    assert reason(folder).startswith(why)


def test_what_is_left_aside_is_told(folder: Path) -> None:
    """A note names what could have been meant instead, but not what every student was given."""
    put(folder, "ada/digits.ipynb", "ada/old/digits.ipynb", "ada/essay.docx", "ada/check.py", "ada/x/plot.png")
    (one,) = members(folder)
    assert one.notes == ("digits.ipynb was graded; ignored: essay.docx and old/digits.ipynb",)


def test_a_zip_in_a_students_folder_is_opened(folder: Path) -> None:
    """As download folders of learning platforms have it: a folder for each student, with what they sent."""
    zipped(folder / "ada/sent.zip", "digits/digits.ipynb")
    zipped(folder / "bob/sent.zip", "essay.docx")
    found = members(folder)
    assert [(one.student, one.file) for one in found] == [("ada", "digits.ipynb"), ("bob", "bob")]
    assert "only essay.docx" in (found[1].rejection or "")


# What can't be graded


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("essay.docx", b"x", "a .docx can't be graded; hand in .ipynb, .py or .zip"),
        ("digits", b"x", "a file without an ending can't be graded; hand in .ipynb, .py or .zip"),
        ("mine.ipynb.txt", NOTEBOOK, "a .txt can't be graded"),
        ("mine.ipynb", b"", "mine.ipynb is empty"),
        ("mine.ipynb", b" \r\n\t\n", "mine.ipynb is empty"),
        ("mine.py", b"\xef\xbb\xbf\n", "mine.py is empty"),
        ("mine.py", b"\x7fELF\0\0", "mine.py is binary, not text"),
        ("mine.py", "x = 1".encode("utf-16"), "mine.py is UTF-16 text; save it as UTF-8"),
        ("mine.zip", b"", "mine.zip is empty"),
        ("mine.zip", b"PK\3\4 no more", "mine.zip is no zip, or a damaged one"),
        ("mine.zip", b"PK\5\6", "mine.zip is no zip, or a damaged one"),
        ("mine.zip", b"PK\5\6" + bytes(18), "mine.zip holds no notebook or module"),
    ],
)
@pytest.mark.parametrize("alone", [True, False], ids=["alone", "in a class"])
def test_a_file_that_cannot_be_graded(folder: Path, name: str, content: bytes, why: str, alone: bool) -> None:
    """It becomes an entry with the reason, as a path of its own and in a class."""
    put(folder, name, content=content)
    (one,) = members(folder / name if alone else folder)
    assert one.student == Path(name).stem
    assert (one.rejection or "").startswith(why)
    assert one.content == b""


@pytest.mark.parametrize("content", [b"not JSON", b"caf\xe9 = 1", b"\xef\xbb\xbfx = 1"])
def test_what_only_reading_shows_is_left_to_the_sandbox(folder: Path, content: bytes) -> None:
    """Intake parses nothing: text that is no notebook goes on."""
    (one,) = members(put(folder, "ada.ipynb", content=content))
    assert (one.content, one.rejection) == (content, None)


@pytest.mark.parametrize("ending", [".ipynb", ".py", ".zip"])
def test_a_huge_file_is_not_read(folder: Path, ending: str) -> None:
    """A sparse file of 512 MB is rejected by its size, at no cost of memory."""
    with (folder / f"ada{ending}").open("wb") as stream:
        stream.truncate(512 * MB)
    put(folder, "bob.ipynb")
    tracemalloc.start()
    found = members(folder)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert found[0].rejection == f"ada{ending} is 512.0 MB; a submission may have 32 MB"
    assert peak < 2 * MB
    assert found[1].content == NOTEBOOK


def test_the_largest_submission_is_graded(folder: Path) -> None:
    """32 MB are allowed, and one byte more is not."""
    put(folder, "ada.py", content=b"#" * MAX_SUBMISSION)
    put(folder, "bob.py", content=b"#" * (MAX_SUBMISSION + 1))
    ada, bob = members(folder)
    assert len(ada.content) == MAX_SUBMISSION
    assert "32 MB" in (bob.rejection or "")


def test_a_file_that_grows_is_not_read_on(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When more comes than the size told, reading ends at the limit."""
    put(folder, "ada.py", content=b"#" * (MAX_SUBMISSION + 1))
    monkeypatch.setattr(os, "fstat", lambda _: SimpleNamespace(st_mode=stat.S_IFREG, st_size=5))
    assert reason(folder) == "ada.py is larger than 32 MB, which a submission may have"


def test_a_batch_that_memory_cannot_hold_is_told(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The sentence says to grade it in several runs; no student is singled out."""
    monkeypatch.setattr(intake, "MAX_CLASS_BYTES", 2 * len(NOTEBOOK))
    assert len(members(put(folder, "a.ipynb", "b.ipynb"))) == 2
    with pytest.raises(IntakeError, match="several runs"):
        members(put(folder, "c.ipynb"))


def test_links_are_not_followed(folder: Path) -> None:
    """A link to a file, to a folder, to nothing, inside of a folder or as the path: never what it points to."""
    secret = put(folder.parent, "secret/digits.ipynb") / "secret"
    (folder / "file.ipynb").symlink_to(secret / "digits.ipynb")
    (folder / "gone.py").symlink_to(secret / "nothing")
    (folder / "loop.zip").symlink_to("loop.zip")
    (folder / "tree").symlink_to(secret)
    put(folder, "ada/")
    (folder / "ada/digits.ipynb").symlink_to(secret / "digits.ipynb")
    put(folder, "bob/")
    (folder / "bob/work").symlink_to(secret)
    found = {one.student: one for one in members(folder)}
    assert set(found) == {"file", "gone", "loop", "tree", "ada", "bob"}
    assert {one.content for one in found.values()} == {b""}
    for student in ("file", "gone", "loop", "tree", "ada"):
        assert "is a symbolic link, which is never followed" in (found[student].rejection or "")
    assert (found["bob"].rejection or "").startswith("bob holds no notebook")
    assert "symbolic link" in reason(folder / "tree")
    assert "symbolic link" in reason(folder / "file.ipynb")


def test_what_is_no_file_is_not_opened(folder: Path) -> None:
    """A pipe doesn't block, and a socket isn't read; a device, here by way of its path, neither."""
    os.mkfifo(folder / "pipe.ipynb")
    with socket.socket(socket.AF_UNIX) as server:
        here = Path.cwd()
        os.chdir(folder)  # the path of a socket may have 100 characters only
        try:
            server.bind("socket.py")
        finally:
            os.chdir(here)
    assert ["is not an ordinary file" in (one.rejection or "") for one in members(folder)] == [True, True]
    assert "is not an ordinary file" in reason(Path("/dev/zero"))


def test_a_file_that_becomes_a_pipe_does_not_block(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is opened is looked at again: a pipe or link that took a file's place is rejected."""
    put(folder, "pipe.py", "link.py", "other.py")
    really_open = os.open

    def swap(name: str | Path, *args: int, **where: int) -> int:
        if name in ("pipe.py", "link.py"):
            path = folder / name
            path.unlink()
            os.mkfifo(path) if name == "pipe.py" else path.symlink_to("other.py")
        return really_open(name, *args, **where)

    monkeypatch.setattr(os, "open", swap)
    link, other, pipe = members(folder)
    assert pipe.rejection == "pipe.py is not an ordinary file"
    assert (link.rejection or "").startswith("link.py can't be read")
    assert other.content == NOTEBOOK


def failing(names: dict[str, OSError]) -> Callable[..., int]:
    """os.open, but for some names: also root, who may read all, meets a file that can't be read."""
    really_open = os.open

    def fail(name: str | Path, *args: int, **where: int) -> int:
        if str(name) in names:
            raise names[str(name)]
        return really_open(name, *args, **where)

    return fail


def test_what_the_system_refuses_is_told(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No permission, removed meanwhile, a broken disk: a reason each, for files, folders and zips."""
    put(folder, "ada.ipynb", "bob/digits.ipynb", "cleo.py", "eve.ipynb")
    zipped(folder / "dora.zip", "digits.py")
    errors = {
        "ada.ipynb": PermissionError(13, "Permission denied"),
        "bob": PermissionError(13, "Permission denied"),
        "cleo.py": FileNotFoundError(2, "No such file"),
        "dora.zip": OSError(5, "Input/output error"),
    }
    monkeypatch.setattr(os, "open", failing(errors))
    assert [one.rejection for one in members(folder)] == [
        "ada.ipynb can't be read: permission denied",
        "bob can't be read: permission denied",
        "cleo.py was removed while it was being read",
        "dora.zip can't be read: Input/output error",
        None,
    ]


def test_a_file_without_permissions_never_stops_a_class(folder: Path) -> None:
    """Whoever runs this, root or not: an entry for each file, graded just when this user may read it."""
    put(folder, "ada.ipynb", "bob/digits.ipynb", "cleo.ipynb")
    for name in ("ada.ipynb", "bob"):
        (folder / name).chmod(0)
    may_read = os.access(folder / "ada.ipynb", os.R_OK)
    found = members(folder)
    (folder / "bob").chmod(0o700)
    assert [(one.student, not one.rejection) for one in found] == [
        ("ada", may_read),
        ("bob", may_read),
        ("cleo", True),
    ]


def test_a_file_that_goes_while_the_folder_is_listed(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is an entry all the same."""
    put(folder, "ada.ipynb", "bob.ipynb")
    really = file_tree._entry_info

    def looked_at(entry: os.DirEntry[str]) -> os.stat_result | OSError:
        return FileNotFoundError(2, "No such file") if entry.name == "ada.ipynb" else really(entry)

    monkeypatch.setattr(file_tree, "_entry_info", looked_at)
    ada, bob = members(folder)
    assert ada.rejection == "ada.ipynb was removed while it was being read"
    assert bob.rejection is None


def test_a_folder_of_very_many_files_is_told(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A student's folder is rejected, other students are graded, and a class of that size is an error."""
    monkeypatch.setattr(file_tree, "MAX_ENTRIES", 5)
    put(folder, *(f"ada/{i}.txt" for i in range(6)), "bob.ipynb")
    ada, bob = members(folder)
    assert ada.rejection == "ada holds more than 5 files"
    assert bob.rejection is None
    with pytest.raises(IntakeError, match="more than 5 files"):
        members(put(folder, *(f"{i}.ipynb" for i in range(6))))


# Zips that mean harm


OUTSIDE = ["../digits.ipynb", "/etc/digits.ipynb", "a/../../digits.ipynb", "..\\digits.py", "\\\\host\\digits.py"]
OUTSIDE += ["C:\\digits.py", "C:/digits.py", "x" * 300 + ".py"]


@pytest.mark.parametrize("name", OUTSIDE)
@pytest.mark.parametrize("beside", [(), ("digits.ipynb",)], ids=["alone", "beside a good one"])
def test_a_member_that_leads_out_of_the_zip(tmp_path: Path, name: str, beside: tuple[str, ...]) -> None:
    """The submission is rejected, whatever else is in it, and nothing is written anywhere."""
    path = zipped(tmp_path / "zips/ada.zip", *beside, name)
    before = sorted(tmp_path.rglob("*"))
    assert "leads out of it" in reason(path)
    assert "leads out of it" in reason(path.parent)
    assert sorted(tmp_path.rglob("*")) == before


def test_in_the_zip_of_a_class_only_the_bad_member_is_rejected(tmp_path: Path) -> None:
    """One student's attack costs the others nothing."""
    found = members(zipped(tmp_path / "class.zip", "ada.ipynb", "bob/digits.ipynb", "../eve.py"), "class")
    assert [(one.student, bool(one.rejection)) for one in found] == [
        ("ada", False),
        ("bob", False),
        ("eve", True),
    ]


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("names", [("digits.ipynb", "digits.ipynb"), ("a", "a/digits.ipynb"), ("a/x.py", "a")])
def test_a_name_that_is_in_the_zip_twice(tmp_path: Path, names: tuple[str, ...]) -> None:
    """Which of the two counts is not guessed."""
    assert "is in the zip twice" in reason(zipped(tmp_path / "ada.zip", *names))


def test_a_link_in_a_zip_is_not_followed(tmp_path: Path) -> None:
    """A member that says it is a link is rejected, and so is a pipe."""
    for kind, why in ((stat.S_IFLNK, "is a symbolic link"), (stat.S_IFIFO, "is not an ordinary file")):
        info = zipfile.ZipInfo("digits.ipynb")
        info.external_attr = (kind | 0o777) << 16
        assert why in reason(zipped(tmp_path / "ada.zip", info, content=b"/etc/passwd"))


def changed(path: Path, offset: int, value: bytes) -> Path:
    """The zip with other bytes at an offset of each member's entry in the table of contents."""
    content = bytearray(path.read_bytes())
    at = content.find(b"PK\1\2")
    while at >= 0:
        content[at + offset : at + offset + len(value)] = value
        at = content.find(b"PK\1\2", at + 4)
    path.write_bytes(content)
    return path


def test_an_encrypted_zip(tmp_path: Path) -> None:
    """The reason says that a password is the trouble."""
    path = changed(zipped(tmp_path / "ada.zip", "digits.ipynb"), 8, struct.pack("<H", 1))
    assert reason(path) == "digits.ipynb is encrypted; hand in a zip without a password"


def test_a_zip_that_lies_about_its_content(tmp_path: Path) -> None:
    """A wrong checksum, a smaller size than is there, an unknown method: rejected."""
    changes = [(16, b"\1\2\3\4", "is damaged"), (24, struct.pack("<I", 4), "is damaged"), (10, b"\x63\0", "unusual")]
    for offset, value, why in changes:
        path = changed(zipped(tmp_path / "ada.zip", "digits.ipynb", content=NOTEBOOK * 99), offset, value)
        assert why in reason(path)


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_zip_that_cannot_be_unpacked_in_steps(tmp_path: Path, method: int) -> None:
    """Methods whose output can't be bounded while unpacking are rejected, for one step could fill the memory."""
    with zipfile.ZipFile(tmp_path / "ada.zip", "w", method) as archive:
        archive.writestr("digits.ipynb", NOTEBOOK)
    assert "packed in an unusual way" in reason(tmp_path / "ada.zip")


def bomb(path: Path, size: int, declared: int) -> Path:
    """A zip with one deflated member of `size` spaces that declares another size, made without the memory for it."""
    packer, packed, crc = zlib.compressobj(9, zlib.DEFLATED, -15), bytearray(), 0
    for _ in range(size // MB):
        packed += packer.compress(b" " * MB)
        crc = zlib.crc32(b" " * MB, crc)
    packed += packer.flush()
    name = b"digits.ipynb"
    common = struct.pack("<HHHHHIIIHH", 20, 0, 8, 0, 0, crc, len(packed), declared, len(name), 0)
    local = b"PK\3\4" + common + name + packed
    central = b"PK\1\2" + b"\x14\0" + common + struct.pack("<HHHII", 0, 0, 0, 0, 0) + name
    end = b"PK\5\6" + struct.pack("<HHHHIIH", 0, 0, 1, 1, len(central), len(local), 0)
    path.write_bytes(local + central + end)
    return path


@pytest.mark.parametrize(
    ("size", "declared", "why"),
    [
        (64 * MB, 64 * MB, "digits.ipynb is 64.0 MB; a submission may have 32 MB"),
        (16 * MB, 16 * MB, "times its size, as a zip bomb does"),
        (64 * MB, 1000, "is damaged"),
        (64 * MB, 2**32 - 2, "digits.ipynb is 4096.0 MB"),
    ],
)
@pytest.mark.thorough
def test_a_zip_bomb(tmp_path: Path, size: int, declared: int, why: str) -> None:
    """Neither the declared nor the real size of a bomb is ever in memory."""
    path = bomb(tmp_path / "ada.zip", size, declared)
    tracemalloc.start()
    assert why in reason(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 4 * MB


def test_a_zip_of_very_many_members(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Too many members, a huge table of contents, or the form for still more: rejected before it is read."""
    monkeypatch.setattr(archives, "MAX_ENTRIES", 5)
    path = zipped(tmp_path / "ada.zip", "digits.ipynb", *map(str, range(5)))
    assert reason(path) == "ada.zip holds more than 5 files"
    # The end record may lie about the number; the members are counted too.
    content = path.read_bytes()
    at = content.rfind(b"PK\5\6")
    path.write_bytes(content[: at + 8] + b"\1\0\1\0" + content[at + 12 :])
    assert reason(path) == "ada.zip holds more than 5 files"

    path = zipped(tmp_path / "bob.zip", "digits.ipynb")
    monkeypatch.setattr(archives, "MAX_DIRECTORY", 10)
    assert "holds more than" in reason(path)


def packed_by_hand(count: int, extra: bytes = b"", end: bytes = b"") -> bytes:
    """A zip of so many empty members, of which only the table of contents is there; `end` stands in the end record."""
    names = [str(number).encode() for number in range(count)]
    fixed = struct.pack("<HHHHHHIII", 20, 20, 0, 0, 0, 0, 0, 0, 0)
    table = b"".join(
        b"PK\1\2" + fixed + struct.pack("<HHHHHII", len(name), len(extra), 0, 0, 0, 0, 0) + name + extra
        for name in names
    )
    numbers = struct.pack("<HHIIH", count & 0xFFFF, count & 0xFFFF, len(table), 0, 0)
    return table + b"PK\5\6" + (end or bytes(4)) + numbers


def seconds(path: Path) -> float:
    """Of the processor, for reading what is there."""
    begun = time.process_time()
    members(path)
    return time.process_time() - begun


@pytest.mark.parametrize("end", [b"", b"PK\5\6"], ids=["plain", "with a second end record inside of the first"])
@pytest.mark.thorough
def test_a_table_of_contents_is_counted_before_it_is_read(tmp_path: Path, end: bytes) -> None:
    """Whatever the end record says, and whichever of several zipfile believes."""
    path = put(tmp_path, "ada.zip", content=packed_by_hand(60_000, end=end)) / "ada.zip"
    assert reason(path) == "ada.zip holds more than 10000 files"
    path.write_bytes(packed_by_hand(400_000, end=end))
    tracemalloc.start()
    assert reason(path) == "ada.zip holds more than 10000 files"
    assert tracemalloc.get_traced_memory()[1] < 4 * MB
    tracemalloc.stop()


@settings(max_examples=examples(200), deadline=None)
@given(
    st.integers(0, 3),
    st.binary(max_size=30),
    st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 255)), max_size=3),
)
def test_the_end_record_is_the_one_that_zipfile_takes(
    count: int, comment: bytes, damage: list[tuple[int, int]]
) -> None:
    """What is counted is what will be read: what zipfile opens has no more members than were counted."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for number in range(count):
            archive.writestr(f"{number}.py", "x")
        archive.comment = comment + b"PK\5\6" + bytes(18)
    damaged = bytearray(stream.getvalue())
    for at, value in damage:
        damaged[at % len(damaged)] = value
    try:
        there = len(zipfile.ZipFile(io.BytesIO(damaged)).infolist())
    except Exception:  # damaged, which zipfile tells in many ways
        return
    table = SimpleNamespace(counted=0)

    def counted(node: object, content: bytes, most: int) -> None:
        table.counted = content.count(b"PK\1\2")

    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(archives, "_check_entries", counted)
        (Path(folder) / "ada.zip").write_bytes(damaged)
        members(Path(folder) / "ada.zip")
    assert table.counted >= there


@pytest.mark.thorough
def test_extra_fields_of_a_zip_cost_nothing(tmp_path: Path) -> None:
    """zipfile's time for them grows with the square of their length: long ones are refused before."""
    long = struct.pack("<HH", 0x9999, 0) * 16_000
    path = put(tmp_path, "ada.zip", content=packed_by_hand(60, long)) / "ada.zip"
    assert "packed in an unusual way" in reason(path)
    few, many = packed_by_hand(100, long[:4000]), packed_by_hand(800, long[:4000])
    path.write_bytes(few)
    short = seconds(path)
    path.write_bytes(many)
    assert seconds(path) < 24 * short


def test_full_folders_in_a_folder_are_counted_together(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also litter, and folders that hold too much by themselves: looking ends at the bound, not after it many times."""
    monkeypatch.setattr(file_tree, "MAX_ENTRIES", 20)
    monkeypatch.setattr(selection, "MAX_ENTRIES", 20)
    put(folder, "bob.ipynb", *(f"ada/{number}/.litter{inner}" for number in range(10) for inner in range(19)))
    put(folder, *(f"eve/{number}/{inner}" for number in range(10) for inner in range(30)))
    listed = 0
    really = file_tree._entry_info

    def looked_at(entry: os.DirEntry[str]) -> os.stat_result | OSError:
        nonlocal listed
        listed += 1
        return really(entry)

    monkeypatch.setattr(file_tree, "_entry_info", looked_at)
    assert {one.student: one.rejection for one in members(folder)} == {
        "ada": "ada holds more than 20 files",
        "bob": None,
        "eve": "0 holds more than 20 files",
    }
    assert listed < 300  # 2 * 10 * 20, were none of them counted with the others


def test_a_zip_of_the_large_form_is_not_opened(tmp_path: Path) -> None:
    """The 64-bit end record, whose numbers nothing bounds, is rejected."""
    path = zipped(tmp_path / "ada.zip", "digits.ipynb")
    content = path.read_bytes()
    at = content.rfind(b"PK\5\6")
    path.write_bytes(content[:at] + b"PK\6\7" + bytes(16) + content[at:])
    assert "holds more than" in reason(path)


def test_a_zip_with_a_comment_is_a_zip(tmp_path: Path) -> None:
    """A comment of the largest size doesn't hide the end record."""
    path = zipped(tmp_path / "ada.zip", "digits.ipynb")
    with zipfile.ZipFile(path, "a") as archive:
        archive.comment = b"x" * 65_535
    assert list(graded(path)) == ["ada"]


def test_folders_that_go_very_deep_cost_nothing(tmp_path: Path) -> None:
    """A member that lies a thousand folders deep is passed over, where nothing is looked for."""
    assert list(graded(zipped(tmp_path / "ada.zip", "digits.ipynb", "a/" * 1000 + "x.py"))) == ["ada"]


# Nothing to grade


@pytest.mark.parametrize("where", ["nothing", "nothing/deeper", "file.ipynb/inside", "x" * 5000, "nul\0"])
def test_a_path_that_is_not_there(tmp_path: Path, where: str) -> None:
    """One sentence names the path and what was wanted."""
    put(tmp_path, "file.ipynb")
    with pytest.raises(IntakeError, match="expected a notebook, a module") as error:
        members(tmp_path / where)
    assert len(str(error.value).splitlines()) == 1


@pytest.mark.parametrize("names", [(), (".DS_Store", "__MACOSX/x.ipynb"), ("README.md", "expected.json", "grades.csv")])
def test_a_folder_without_submissions(folder: Path, names: tuple[str, ...]) -> None:
    """Empty but for litter and the instructor's own files, it is an error and not an empty batch."""
    with pytest.raises(IntakeError, match="holds no submissions"):
        members(put(folder, *names))


def test_the_instructors_files_are_no_submissions(folder: Path) -> None:
    """A short list is passed over at the top of a class; anything else is an entry, such as a .docx handed in."""
    put(folder, "ada.ipynb", "expected.json", "README.md", "readme", "grades.csv", "roster.xlsx", "check.py")
    put(folder, "bob.docx", "notes.txt", "readme.ipynb", "data/")
    found = members(folder)
    assert [one.student for one in found if one.rejection] == ["bob", "data", "notes"]
    assert [one.student for one in found if not one.rejection] == ["ada", "readme"]


def test_the_folder_one_is_in_has_a_name(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`grader grade .` in a student's folder names the student by that folder."""
    monkeypatch.chdir(put(folder, "digits.ipynb"))
    assert graded(Path()) == {"class": "digits.ipynb"}


# Names


def test_names_that_collide_get_numbers_and_a_note(folder: Path) -> None:
    """Case makes no difference; a number is told from a name by two hyphens, which no name has."""
    put(folder, "ada.ipynb", "ADA.py", "ada-2.py", "ada--2.py", "ada/digits.py")
    found = members(folder)
    assert [one.student for one in found] == ["ADA", "ada--2", "ada--3", "ada-2", "ada-2--2"]
    assert found[0].notes == ("another submission is also called ADA; it is listed as ada--2 and ada--3",)
    assert found[1].notes == ("another submission is also called ada; this one is listed as ada--2",)
    assert [one.id for one in found] == ["ADA", "ada", "ada", "ada--2", "ada-2"]


def test_who_was_graded_under_a_name_keeps_it(folder: Path) -> None:
    """A second file for the same student, made later, doesn't take its place, whatever it is called."""
    put(folder, "ada.py", content=b"x = 1")
    (before,) = members(folder)
    put(folder, "ada.ipynb")
    assignment = cast(Assignment, SimpleNamespace(name="digits", support=folder / "none", notebook=folder / "none"))
    with SubmissionSpool() as contents:
        found = collect_all([folder], assignment, contents, graded=lambda: {"ada": before.digest})
        assert [(one.student, one.file) for one in found] == [("ada", "ada.py"), ("ada--2", "ada.ipynb")]
        found = collect_all([folder], assignment, contents)
        assert [(one.student, one.file) for one in found] == [("ada", "ada.ipynb"), ("ada--2", "ada.py")]


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("ada", "ada"),
        ("Łukasz Żółw", "Łukasz_Żółw"),
        ("한글 नमस्ते שלום", "한글_नमस्ते_שלום"),
        ("O'Brien, Zoë (2)", "O_Brien_Zoë_2"),
        ("mallory$(touch X)", "mallory_touch_X"),
        ("a`b`;c&d|e>f", "a_b_c_d_e_f"),
        ("~root", "root"),
        ("a--b---c", "a-b-c"),
        ("x½²Ⅷ", "x"),
        ("\u0301\u0327ada", "ada"),
        ("a\u3164b\ufe0f\u034f", "ab"),
        ("e\u0301va", "éva"),
        ("../../etc/passwd", "_.._etc_passwd"),
        ("-rf", "rf"),
        ("--.hidden", "hidden"),
        ("a\u202eb\u200fc\ufeff\x1b[0m\n", "abc_0m"),
        ("con", "_con"),
        ("ada.notebook", "ada_notebook"),
        (f"{'x' * 91}.notebook.more", f"{'x' * 91}_notebook"),
        ("NUL.tar", "_NUL.tar"),
        ("com1", "_com1"),
        ("console", "console"),
        ("a:b|c", "a_b_c"),
        ("ends. ", "ends"),
        ("ada.Notebook", "ada_notebook"),
        ("ada.notebook.2", "ada.notebook.2"),
        ("caf\udce9", "caf_"),
        ("", "unnamed"),
        ("...", "unnamed"),
        ("\u202e", "unnamed"),
        ("a" * 300, "a" * 100),
        ("数" * 300, "数" * 66),
    ],
)
def test_names_are_made_harmless(name: str, safe: str) -> None:
    """What is harmless in a name stays; paths, options, invisible signs and devices don't."""
    assert safe_name(name) == safe


ANYTHING = st.text(st.characters(exclude_categories=()), max_size=150)
NASTY = st.text(st.sampled_from("aA.-_ /\\:\n\u202e\u0301\u200dcomnul1"), max_size=12)


@given(ANYTHING | NASTY)
def test_a_safe_name_is_safe(name: str) -> None:
    """Letters, digits, marks and three signs: never empty, normal, short, no option, and settled."""
    safe = safe_name(name)
    assert 0 < len(safe) <= 100
    assert len(safe.encode()) <= 200
    assert PurePosixPath(safe).name == safe
    assert {unicodedata.category(c)[0] for c in safe if c not in "._-"} <= set("LMN")
    assert shlex.quote(safe) in (safe, f"'{safe}'")
    assert shlex.split(safe, posix=True) == [safe]
    assert unicodedata.is_normalized("NFC", safe)
    assert not safe.startswith((".", "-"))
    assert not safe.endswith(".")
    assert "--" not in safe
    assert is_safe(safe) and safe_name(safe) == safe
    assert safe_name(display_name(name)) == safe


@given(ANYTHING | NASTY)
def test_a_name_for_people_is_one_visible_line(name: str) -> None:
    """As much as possible of the name, and nothing that hides or moves anything."""
    shown = display_name(name)
    assert 0 < len(shown) <= 100
    assert not {unicodedata.category(c) for c in shown} & INVISIBLE_CATEGORIES
    assert shown == " ".join(shown.split())
    assert display_name(shown) == shown


@given(st.lists(NASTY.map(safe_name) | st.sampled_from(["ada", "Ada", "ada-2", "ADA-2", "a" * 100, "A" * 100])))
def test_unique_names_are_unique(names: list[str]) -> None:
    """No two are equal whatever the case, first holders keep their names, and all stay safe."""
    made = list(unique_names(names))
    assert len({name.casefold() for name in made}) == len(names)
    assert all(map(is_safe, made))
    seen: set[str] = set()
    for before, after in zip(names, made, strict=True):
        assert before == after or name_key(before) in seen
        seen.add(name_key(before))


def test_long_names_that_begin_alike_cost_no_more_than_others() -> None:
    """Twice as many namesakes take twice the time, not four times."""

    def seconds(count: int) -> float:
        names = [f"{'x' * 95}{number:05}" for number in range(count) for _ in range(2)]
        begun = time.process_time()
        assert len(set(unique_names(names))) == 2 * count
        return time.process_time() - begun

    assert seconds(4000) < 8 * seconds(1000)  # it was 16 times


def test_a_batch_that_is_distinct_stays_as_it_is() -> None:
    """Batches may be joined and made distinct again."""
    batch = with_unique_names([Submission(name, "f.py", b"", "") for name in ("b", "A", "a", "B")])
    assert [one.student for one in batch] == ["A", "a--2", "B", "b--2"]
    assert with_unique_names(batch) == batch


# Laws

PARTS = st.text(st.characters(exclude_characters="/\0", exclude_categories=["Cs"]), min_size=1, max_size=12)
ENDINGS = st.sampled_from(["", ".ipynb", ".py", ".zip", ".docx", ".PY"])
# Without the names that are litter or an instructor's, but for dotfiles and check.py.
OTHERS = ("__", "thumbs", "desktop", "expected", "readme", "roster")
FILE_NAMES = st.builds(str.__add__, PARTS | st.sampled_from(["digits", "a", "A", "check"]), ENDINGS).filter(
    lambda name: name not in (".", "..") and not name.casefold().startswith(OTHERS) and name[-4:].lower() != ".csv"
)
CONTENTS = st.binary(max_size=40) | st.just(NOTEBOOK)
FILES = st.dictionaries(FILE_NAMES, CONTENTS | st.dictionaries(FILE_NAMES, CONTENTS, max_size=3), max_size=5)
MEMBERS = st.lists(
    st.tuples(
        st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1, max_size=12)
        | st.sampled_from(["../x.py", "a/digits.py", "/"]),
        CONTENTS,
    )
)


def lay_out(folder: Path, files: dict[str, bytes | dict[str, bytes]]) -> None:
    for name, content in files.items():
        if isinstance(content, bytes):
            (folder / name).write_bytes(content)
        else:
            (folder / name).mkdir()
            lay_out(folder / name, dict(content))


def check_entries(found: list[Submission]) -> None:
    """What every batch keeps, whatever was handed in."""
    names = [one.student for one in found]
    assert len({name.casefold() for name in names}) == len(names)
    assert names == [one.student for one in with_unique_names(found)]
    for one in found:
        assert is_safe(one.student)
        assert bool(one.rejection) == (one.content == b"")
        assert one.rejection or one.digest == hashlib.sha256(one.content).hexdigest()
        assert one.rejection or one.file.endswith((".ipynb", ".py"))
        ((one.rejection or "") + one.file + "".join(one.notes)).encode()
        assert len((one.rejection or "").splitlines()) <= 1


@settings(max_examples=examples(200), deadline=None)
@given(FILES)
def test_any_folder_gives_an_entry_for_each_thing_in_it(files: dict[str, bytes | dict[str, bytes]]) -> None:
    """A class has as many entries as files and folders that aren't litter or the instructor's."""
    with tempfile.TemporaryDirectory() as name:
        lay_out(Path(name), files)
        given = {one for one in files if one.casefold() in SUPPORT and isinstance(files[one], bytes)}
        handed_in = [one for one in files if not one.startswith(".") and one not in given]
        own = {one for one in handed_in if one.casefold() in ("digits.ipynb", "digits.py")}
        try:
            found = members(Path(name))
        except IntakeError:
            assert handed_in == []
            return
        check_entries(found)
        assert len(found) == len(handed_in) or (own and len(found) == 1)


@settings(max_examples=examples(200), deadline=None)
@given(st.binary(max_size=200) | st.binary(max_size=60).map(lambda data: data + b"PK\5\6" + bytes(18)))
def test_any_bytes_named_zip_give_an_entry(content: bytes) -> None:
    """Bytes that are no zip are one rejected submission."""
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "ada.zip"
        path.write_bytes(content)
        found = members(path)
        check_entries(found)
        assert [one.student for one in found] == ["ada"]


@settings(max_examples=examples(200), deadline=None)
@pytest.mark.filterwarnings("ignore:Duplicate name")
@given(MEMBERS, st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 255)), max_size=4))
def test_any_zip_gives_entries(inside: list[tuple[str, bytes]], damage: list[tuple[int, int]]) -> None:
    """Whatever the members are called and hold, and whichever bytes are damaged: entries, and no exception."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in inside:
            archive.writestr(name, content)
    damaged = bytearray(stream.getvalue())
    for at, value in damage:
        damaged[at % len(damaged)] = value
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "ada.zip"
        path.write_bytes(damaged)
        check_entries(members(path))
        check_entries(in_class := members(Path(folder)))
        assert [one.student for one in in_class] == ["ada"]


def test_litter_is_written_in_small_letters() -> None:
    """Patterns are compared with names in small letters, so a capital would never match."""
    assert all(pattern == pattern.casefold() for pattern in LITTER)
