"""Packages that not all grading needs, by the extra of pyproject.toml that installs them."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterable, Sequence

from grader._util.wording import join_with_and
from grader.errors import MissingPackages

HTML = ("jinja2", "latex2mathml", "markupsafe", "mistune", "nh3")
EXTRAS = {  # extra -> the modules of it that are imported
    "html": HTML,
    "similarity": (*HTML, "nbconvert"),  # for its page, and for what students were given
    "cluster": ("dask", "distributed", "cryptography", "yaml"),
    "authoring": ("nbconvert",),
    "postgres": ("psycopg",),
    "server": (
        *(*HTML, "nbconvert"),  # for pages, and for what students are given
        *(
            "cryptography",
            "fastapi",
            "prometheus_client",
            "python_multipart",
            "pydantic",
            "starlette",
            "uvicorn",
            "h11",
            "httpx2",
            "joserfc",
        ),
    ),
    "tensorflow": ("tensorflow", "keras"),
    "matplotlib": ("matplotlib",),
}


def missing(extra: str) -> tuple[str, ...]:
    """Return the modules of an extra that are not installed. Imports none of them."""
    return tuple(name for name in EXTRAS[extra] if not _installed(name))


def require(extra: str, purpose: str) -> None:
    """Raise MissingPackages if a module of the extra is not installed.

    :param purpose: what needs the extra; the message begins with it, as in "--cluster needs ..."
    """
    if absent := missing(extra):
        raise MissingPackages(f"{purpose} needs {_without(absent)}; run: {install_command(extra)}")


def require_modules(modules: Iterable[str], purpose: str) -> None:
    """Raise MissingPackages if the package of one of the modules is not installed. It may be of no extra."""
    for package in (name.partition(".")[0] for name in modules):
        if not _installed(package):
            extra = next((extra for extra, names in EXTRAS.items() if package in names), "")
            how = f"run: {install_command(extra)}" if extra else "add it to the Python environment of the grader"
            raise MissingPackages(f"{purpose} needs {_without([package])}; {how}")


def install_command(extra: str) -> str:
    """Return the command that installs an extra."""
    return f"pip install 'grader[{extra}]'"


def _installed(package: str) -> bool:
    return importlib.util.find_spec(package) is not None


def _without(absent: Sequence[str]) -> str:
    return f"{join_with_and(absent)}, which {'is' if len(absent) == 1 else 'are'} not installed"
