"""The bundle for PrairieLearn: a question with an external grader, and the image in which it runs.

The contract is in PrairieLearn's documentation, pages "External Grading", "Question configuration" and the elements
`pl-file-upload` and `pl-external-grader-results` (https://prairielearn.readthedocs.io/en/latest/externalGrading/).
PrairieLearn copies the question's folder `tests` to /grade/tests. The image, which others may pull, holds no secret.
"""

from __future__ import annotations

import html
import json
import uuid

from grader._util.wording import format_number
from grader.assignments.settings import read_policy
from grader.authoring.release import build_release
from grader.delivery.files import BundleFile, BundleFiles, assignment_files, template, zipped
from grader.delivery.gradescope import installation
from grader.delivery.options import BundleOptions, BundleSettings
from grader.delivery.visibility import OF_PLATFORM, left_to_platform
from grader.models import Assignment

LONGEST_SECONDS = 600  # that PrairieLearn lets an external grader run
ENTRYPOINT = "/grader/grade.sh"
POLICY_KEYS = ("visible", "visible_by_question", *OF_PLATFORM)  # that have no effect there


def prairielearn_bundle(assignment: Assignment, options: BundleOptions) -> BundleFiles:
    """Return the files of the bundle. Raises BundleError and UserError."""
    name = assignment.name
    question = f"questions/{name}"
    image = options.image or f"{name}-grader"
    minutes = min(options.minutes, LONGEST_SECONDS // 60)
    handout = {path: BundleFile(content) for path, content in build_release(assignment.folder).items()}
    words = {
        "title": html.escape(assignment.title),
        "name": name,
        "points": format_number(assignment.max_score),
        "image": image,
        "entrypoint": ENTRYPOINT,
        "left": left_to_platform(read_policy(assignment.folder), "PrairieLearn", POLICY_KEYS),
    }
    return {
        "README.md": BundleFile(template("prairielearn/README.md", **words)),
        f"{question}/info.json": BundleFile(_info(assignment, image, minutes)),
        f"{question}/question.html": BundleFile(template("prairielearn/question.html", **words)),
        f"{question}/clientFilesQuestion/{name}.zip": BundleFile(zipped(handout)),
        f"{question}/tests/bundle.json": BundleSettings(name, minutes).file(),
        **assignment_files(assignment, f"{question}/tests/assignment"),
        "image/Containerfile": BundleFile(template("prairielearn/Containerfile")),
        "image/grade.sh": BundleFile(template("prairielearn/grade.sh"), executable=True),
        **{f"image/{path}": file for path, file in installation(assignment, options).items()},
    }


def _info(assignment: Assignment, image: str, minutes: int) -> bytes:
    """Return info.json. The UUID depends on the name alone, so that a new bundle updates the question."""
    info = {
        "uuid": str(uuid.uuid5(uuid.NAMESPACE_URL, f"grader/{assignment.name}")),
        "title": assignment.title,
        "topic": "Notebooks",
        "tags": ["autograded"],
        "type": "v3",
        "singleVariant": True,
        "gradingMethod": "External",
        "externalGradingOptions": {
            "enabled": True,
            "image": image,
            "entrypoint": ENTRYPOINT,
            "timeout": minutes * 60,
            "enableNetworking": False,
        },
    }
    return json.dumps(info, indent=2).encode() + b"\n"
