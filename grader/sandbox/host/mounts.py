"""What a sandbox shows of the machine, and the environment variables of a worker.

A sandbox shows the system's shared libraries, the interpreter with its standard library, the installed packages, the
sandbox modules and the assignment's support files. It shows nothing else of /usr, of the interpreter's prefix or of a
virtual environment. With namespaces the interpreter is mounted at /python and its packages at /packages, wherever
they are installed: no path reveals their place, and a course beside them isn't visible.
"""

from __future__ import annotations

import os
import site
import sys
import sysconfig
from collections.abc import Iterable, Iterator
from pathlib import Path

LIBRARIES = ("/usr/lib", "/usr/lib64", "/usr/local/lib", "/lib", "/lib64")
SYSTEM_FILES = (
    *("/etc/ld.so.cache", "/etc/alternatives", "/etc/localtime", "/usr/share/zoneinfo"),
    *("/usr/lib/locale", "/usr/lib/os-release"),
)
DEVICES = ("null", "random", "urandom")  # not zero: mapped writable, it is memory that no limit counts
PYTHON, PACKAGES = Path("/python"), Path("/packages")  # where namespaces show the interpreter and its packages
INTERPRETER = str(PYTHON / "bin/python")

# Hidden in package folders: the grader itself, and files that name folders of the machine.
HIDDEN_PATTERNS = (
    *("grader", "grader-*", "grader.*", "*.pth", "*.egg-link", "*.dist-info/direct_url.json"),
    *("__editable__*", "__pycache__/__editable__*"),
)


def worker_environment() -> dict[str, str]:
    """Return the environment variables of a worker."""
    passed_on = {key: value for key, value in os.environ.items() if key.startswith("OPENBLAS_")}
    return passed_on | {
        "HOME": "/tmp",
        "PATH": "/usr/bin:/bin",
        "LANG": "C.UTF-8",
        "MPLBACKEND": "Agg",
        "MPLCONFIGDIR": "/tmp",
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "PYTHONHASHSEED": "0",  # sets keep one order; the interpreter's option -I would ignore this
        "CUDA_VISIBLE_DEVICES": "-1",
        # oneDNN compiles its kernels at a worker's first matrix product: 50 ms for AVX-512, 7 ms for SSE.
        "ONEDNN_MAX_CPU_ISA": "SSE41",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "TF_ENABLE_ONEDNN_OPTS": "0",
        "TF_NUM_INTEROP_THREADS": "1",
        "TF_NUM_INTRAOP_THREADS": "1",
    }


def visible_paths() -> list[Path]:
    """Return every path of the machine that a sandbox shows, except the support files and the grader's own folders."""
    files = [Path(name) for name in SYSTEM_FILES if os.path.exists(name)]
    return _outermost([*libraries(), *files, *interpreter(), *packages()])


def libraries() -> list[Path]:
    """Return the folders of the system's shared libraries.

    If those for this processor have a folder of their own, as on Debian, only that folder is returned.
    """
    folders = [Path(name) for name in LIBRARIES if os.path.isdir(name) and not os.path.islink(name)]
    own = sysconfig.get_config_var("MULTIARCH") or "."
    return [folder / own if (folder / own).is_dir() else folder for folder in folders]


def standard_library() -> list[Path]:
    """Return the folders of the standard library: one, or two if compiled modules have a folder of their own."""
    base = {"platbase": sys.base_exec_prefix}  # of the interpreter, not of a virtual environment
    found = (Path(sysconfig.get_path(name, vars=base)) for name in ("stdlib", "platstdlib"))
    return [folder for folder in dict.fromkeys(found) if folder.is_dir()]


def interpreter() -> list[Path]:
    """Return the folders of the interpreter: the standard library and the shared libraries installed with it.

    An interpreter in /usr uses the system's shared libraries.
    """
    base = Path(sys.base_prefix)
    libraries = [base / "lib", base / "lib64"] if base != Path("/usr") else []
    return _outermost([folder for folder in (*libraries, *standard_library()) if folder.is_dir()])


def packages() -> list[Path]:
    """Return the folders of installed packages, in search order."""
    found = (sysconfig.get_path("purelib"), sysconfig.get_path("platlib"), *site.getsitepackages())
    return [Path(folder) for folder in dict.fromkeys(found) if os.path.isdir(folder)]


def system_mounts() -> Iterator[str]:
    """Yield bubblewrap options that show the system's shared libraries, read-only and without its Python packages."""
    for name in filter(os.path.islink, LIBRARIES):
        yield from ("--symlink", os.readlink(name), name)
    for folder in libraries():
        yield from ("--ro-bind", str(folder), str(folder))
        yield from _cover_options(folder.glob("python*"))
    for path in map(Path, SYSTEM_FILES):
        if path.exists() and not any(path.is_relative_to(folder) for folder in libraries()):
            yield from ("--ro-bind", str(path), str(path))


def device_mounts() -> Iterator[str]:
    """Yield bubblewrap options for a /dev with a few devices, none of which stores data."""
    yield from ("--size", str(1 << 16), "--tmpfs", "/dev", "--dir", "/dev/shm", "--symlink", "/proc/self/fd", "/dev/fd")
    for name in DEVICES:
        yield from ("--dev-bind", f"/dev/{name}", f"/dev/{name}")


def interpreter_mounts() -> Iterator[str]:
    """Yield bubblewrap options that show the interpreter and its packages, read-only."""
    yield from ("--ro-bind", os.path.realpath(sys.executable), INTERPRETER)
    base, own = Path(sys.base_prefix), standard_library()
    for folder in interpreter():
        inside = PYTHON / folder.relative_to(base)
        yield from ("--ro-bind", str(folder), str(inside))
        versions = [folder] if folder in own else list(folder.glob("python*"))
        other = [path for path in versions if path not in own]
        beside = [path / name for path in versions if path in own for name in ("site-packages", "dist-packages")]
        yield from _cover_options([*other, *beside], folder, inside)
    for number, folder in enumerate(packages()):
        inside = PACKAGES / str(number)
        yield from ("--ro-bind", str(folder), str(inside))
        yield from _cover_options(_hidden_files(folder), folder, inside)
    libraries = ":".join(str(PYTHON / name) for name in ("lib", "lib64"))
    yield from (
        "--setenv",
        "LD_LIBRARY_PATH",
        libraries,
    )  # for an interpreter that looks for libraries in its original prefix


def package_path() -> list[str]:
    """Return the folders in which a sandbox with namespaces shows the installed packages."""
    return [str(PACKAGES / str(number)) for number in range(len(packages()))]


def _hidden_files(folder: Path) -> list[Path]:
    return _outermost({path for pattern in HIDDEN_PATTERNS for path in folder.glob(pattern)})


def _cover_options(paths: Iterable[Path], folder: Path = Path("/"), inside: Path = Path("/")) -> Iterator[str]:
    """Yield bubblewrap options that cover paths below `folder`, which is mounted at `inside`."""
    for path in paths:
        place = str(inside / path.relative_to(folder))
        if path.is_symlink():
            continue  # its target is covered or not by its own path
        if path.is_dir():
            yield from ("--size", "4096", "--tmpfs", place)
        elif path.is_file():
            yield from ("--ro-bind", os.devnull, place)


def _outermost(paths: Iterable[Path]) -> list[Path]:
    """Return the paths that don't lie below another of them."""
    paths = list(dict.fromkeys(paths))
    return [path for path in paths if not any(path != other and path.is_relative_to(other) for other in paths)]
