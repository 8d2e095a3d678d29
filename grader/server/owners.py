"""Names of dispatchers, under which they claim attempts and are seen: unique over machines, processes and starts."""

from __future__ import annotations

import os
import secrets
import socket


def new_owner(assignment: str) -> str:
    """Return the name of a new dispatcher of an assignment."""
    return f"{assignment}@{socket.gethostname()}-{os.getpid()}-{secrets.token_hex(4)}"


def graded_by(owner: str) -> str:
    """Return the assignment that a dispatcher grades. The name of a machine holds no @."""
    return owner.rpartition("@")[0]
