"""The bundle for Gradescope: a zip with an autograder, and a README.

The contract is in Gradescope's documentation, pages "Autograder Specifications", "Submission Metadata" and "Technical
Details" (https://gradescope-autograders.readthedocs.io/en/latest/specs/): the zip has `setup.sh` and `run_autograder`
at its root and is unpacked to /autograder/source. `setup.sh` runs once, as root and with a network.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection

from grader._util.wording import format_number
from grader.assignments.settings import read_policy
from grader.delivery.files import BundleError, BundleFile, BundleFiles, assignment_files, template, zipped
from grader.delivery.options import BundleOptions, BundleSettings
from grader.delivery.packages import locked_packages
from grader.delivery.visibility import left_to_platform, shows_all, visibility_in_words
from grader.delivery.wheel import own_wheel
from grader.models import Assignment

ZIP = "autograder.zip"


def gradescope_bundle(assignment: Assignment, options: BundleOptions) -> BundleFiles:
    """Return the files of the bundle.

    Raises BundleError if a package has no pin, or for a leaderboard of results that students don't see at once.
    """
    policy = read_policy(assignment.folder)
    if options.leaderboard and not shows_all(policy):
        raise BundleError(
            "a leaderboard would show scores at once, and the policy of the assignment doesn't; leave out --leaderboard"
        )
    heavy = "tensorflow" in assignment.modules
    readme = template(
        "gradescope/README.md",
        title=assignment.title,
        name=assignment.name,
        points=format_number(assignment.max_score),
        minutes=options.minutes,
        memory="2 GB" if heavy else "768 MB",
        cores=" With half a CPU a result takes about twelve seconds, with one CPU about seven." if heavy else "",
        visibility=visibility_in_words(policy),
        left=left_to_platform(policy, "Gradescope"),
    )
    return {ZIP: BundleFile(zipped(_autograder(assignment, options))), "README.md": BundleFile(readme)}


def _autograder(assignment: Assignment, options: BundleOptions) -> BundleFiles:
    settings = BundleSettings(assignment.name, options.minutes, options.leaderboard)
    return {
        "setup.sh": BundleFile(template("gradescope/setup.sh"), executable=True),
        "run_autograder": BundleFile(template("gradescope/run_autograder"), executable=True),
        "bundle.json": settings.file(),
        **installation(assignment, options),
        **assignment_files(assignment, "assignment"),
    }


def installation(
    assignment: Assignment, options: BundleOptions, extras: Collection[str] = ("matplotlib",)
) -> BundleFiles:
    """Return what pip installs: requirements.txt with hashes, and the wheel of this grader, which it names.

    :param extras: of the grader, beside those that the assignment needs. Matplotlib is always one, because submissions
        draw plots, and a submission that imports a missing package gets a note
    """
    wheel, content = own_wheel()
    own = f"./{wheel} --hash=sha256:{hashlib.sha256(content).hexdigest()}\n"
    requirements = locked_packages(assignment, options.requirements, extras) + own
    return {"requirements.txt": BundleFile(requirements.encode()), wheel: BundleFile(content)}
