"""The command `grader` on a machine whose clock is wrong: `python -m tests.helpers.set_clock SECONDS serve ...`"""

from __future__ import annotations

import importlib
import sys
import time
from datetime import datetime, timedelta, tzinfo
from typing import Any, Self

MODULES = ("gradebook.audit", "gradebook.store", "server.app", "server.portal", "server.staff_pages", "server.worker")


def main() -> None:
    seconds = float(sys.argv.pop(1))
    for needed in MODULES:
        importlib.import_module(f"grader.{needed}")
    real = time.time

    class Wrong(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> Self:
            return super().now(tz) + timedelta(seconds=seconds)

    for name, module in list(sys.modules.items()):
        if name.startswith("grader.") and getattr(module, "datetime", None) is datetime:
            changed: Any = module
            changed.datetime = Wrong
    time.time = lambda: real() + seconds
    from grader.__main__ import main as grader

    grader()


if __name__ == "__main__":
    main()
