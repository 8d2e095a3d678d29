"""The bundle for containers: a Containerfile for the grader, and a compose file for the portal.

The contract is in the documentation of Docker ("Dockerfile reference", "Compose file reference", "Seccomp security
profiles") and of the images of PostgreSQL and Caddy.
"""

from __future__ import annotations

import html

from grader.delivery.files import BundleFile, BundleFiles, assignment_files, template
from grader.delivery.gradescope import installation
from grader.delivery.options import BundleOptions
from grader.models import Assignment
from grader.sandbox.host.availability import DOCKER_COMMAND

EXTRAS = ("matplotlib", "html", "server", "postgres")


def container_bundle(assignment: Assignment, options: BundleOptions) -> BundleFiles:
    """Return the files of the bundle. Raises BundleError if a package has no pin."""
    words = {
        "title": html.escape(assignment.title),
        "name": assignment.name,
        "options": DOCKER_COMMAND.removeprefix("docker run "),
    }
    return {
        "README.md": BundleFile(template("container/README.md", **words)),
        "Containerfile": BundleFile(template("container/Containerfile")),
        "compose.yaml": BundleFile(template("container/compose.yaml", **words)),
        "Caddyfile": BundleFile(template("container/Caddyfile")),
        **installation(assignment, options, EXTRAS),
        **assignment_files(assignment, "assignment"),
    }
