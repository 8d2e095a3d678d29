"""NumPy's own functions, which cross the trust boundary by name. Each side calls its own."""

from __future__ import annotations

from typing import Any

import numpy as np

TAG = "n"
_NAMED: dict[str, Any] = {
    name: value for name, value in vars(np).items() if isinstance(value, np.ufunc) and value.__name__ == name
}
_NAMED["asarray"] = np.asarray  # returns its argument, so it is an identity function on either side


def name_of(value: Any) -> str | None:
    """Return the name under which a function crosses; None if it isn't one of NumPy's."""
    if isinstance(value, np.ufunc):
        name: str = value.__name__
        return name if _NAMED.get(name) is value else None
    return "asarray" if value is np.asarray else None


def by_name(name: Any) -> Any:
    """Return NumPy's function of this name, or None. The name may be anything a worker sends."""
    return _NAMED.get(name) if type(name) is str else None
