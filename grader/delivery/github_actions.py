"""The bundle for GitHub Actions: a repository for students whose workflow runs public checks and hands in to a portal.

The contract is in GitHub's documentation, pages "Workflow syntax for GitHub Actions", "Metadata syntax reference" (of
actions) and "Workflow commands" (job summaries). Nothing in the repository is hidden: hidden cases run in the portal.
"""

from __future__ import annotations

import hashlib
import json

from grader._util.wording import format_number
from grader.authoring.release import build_release
from grader.delivery.files import BundleFile, BundleFiles, template
from grader.delivery.options import BundleOptions
from grader.models import Assignment

CHECKER = "check.py"  # a file for students: `python check.py QUESTION` ends with 0 if the question is right
ACTION = ".github/actions/grade"


def github_bundle(assignment: Assignment, options: BundleOptions) -> BundleFiles:
    """Return the files of the bundle. Raises UserError if the assignment can't be released."""
    released = build_release(assignment.folder)
    checks = {one.name: [CHECKER, one.name] for one in assignment.questions} if CHECKER in released else {}
    graded = [f"{assignment.name}{ending}" for ending in (".ipynb", ".py")]
    settings = {
        "assignment": assignment.name,
        "files": {name: hashlib.sha256(released[name]).hexdigest() for name in graded},
        "checks": checks,
    }
    readme = template(
        "github/README.md",
        title=assignment.title,
        name=assignment.name,
        points=format_number(assignment.max_score),
        checks=f"`python {CHECKER} QUESTION` for each question" if checks else "none, because there is no check.py",
    )
    repository = {
        ".github/workflows/grade.yml": template("github/grade.yml"),
        f"{ACTION}/action.yml": template("github/action.yml"),
        f"{ACTION}/grade.py": template("github/grade.py"),
        f"{ACTION}/settings.json": json.dumps(settings, indent=2).encode() + b"\n",
        ".gitignore": b"portal.txt\ngrade-results/\n__pycache__/\n",
        **released,
    }
    return {
        "README.md": BundleFile(readme),
        **{f"repository/{name}": BundleFile(content) for name, content in repository.items()},
    }
