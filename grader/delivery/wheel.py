"""The grader that makes a bundle, as the wheel that the bundle installs."""

from __future__ import annotations

import base64
import hashlib
from importlib import metadata
from pathlib import Path

from grader import __version__
from grader.delivery.files import BundleFile, zipped

PACKAGE = Path(__file__).parents[1]
TAG = "py3-none-any"


def own_wheel() -> tuple[str, bytes]:
    """Return file name and content of a wheel of this grader: the same sources, so reports name the same version."""
    about = f"grader-{__version__}.dist-info"
    distribution = metadata.distribution("grader")
    files = {
        path.relative_to(PACKAGE.parent).as_posix(): path.read_bytes()
        for path in sorted(PACKAGE.rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts
    }
    files[f"{about}/METADATA"] = (distribution.read_text("METADATA") or "").encode()
    files[f"{about}/WHEEL"] = f"Wheel-Version: 1.0\nGenerator: grader\nRoot-Is-Purelib: true\nTag: {TAG}\n".encode()
    files[f"{about}/entry_points.txt"] = b"[console_scripts]\ngrader = grader.__main__:main\n"
    rows = [f"{name},sha256={_digest(content)},{len(content)}" for name, content in files.items()]
    files[f"{about}/RECORD"] = "\n".join([*rows, f"{about}/RECORD,,", ""]).encode()
    return f"grader-{__version__}-{TAG}.whl", zipped({name: BundleFile(content) for name, content in files.items()})


def _digest(content: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
