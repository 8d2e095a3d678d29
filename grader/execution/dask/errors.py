"""What can be wrong with a cluster. Each message is one sentence for the user."""

from __future__ import annotations

from grader.errors import InternalError, UserError


class ClusterError(UserError):
    """The cluster can't be used as it is, and the user can fix that."""


class ClusterFailed(InternalError):
    """The cluster went away, or its workers can't grade any more; what was graded is kept."""


class WorkerFailed(InternalError):
    """A worker can't grade any more. Raised with its address and the reason, in that order."""
