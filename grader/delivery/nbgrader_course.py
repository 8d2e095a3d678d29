"""The bundle for a course with nbgrader: the folder that `nbgrader release_assignment` gives to students.

The contract is in nbgrader's documentation, pages "The philosophy and the approach" (folders of a course) and
"Releasing and collecting assignments". Grading reads its `submitted/`, and the export `nbgrader-feedback` writes its
`feedback/`.
"""

from __future__ import annotations

import html

from grader.authoring.release import build_release
from grader.delivery.files import BundleFile, BundleFiles, template
from grader.delivery.options import BundleOptions
from grader.models import Assignment


def nbgrader_bundle(assignment: Assignment, options: BundleOptions) -> BundleFiles:
    """Return the files of the bundle. Raises UserError if the assignment can't be released."""
    readme = template("nbgrader/README.md", title=html.escape(assignment.title), name=assignment.name)
    released = build_release(assignment.folder)
    return {
        "README.md": BundleFile(readme),
        **{f"release/{assignment.name}/{name}": BundleFile(content) for name, content in released.items()},
    }
