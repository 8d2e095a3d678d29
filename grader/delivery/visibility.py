"""When students see results on Gradescope, by the policy of the assignment.

Dates are Gradescope's own: "after due" follows the due date that is set there, and a release is its "Publish Grades".
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from grader._util.wording import join_with_and
from grader.exports.gradescope import VISIBLE
from grader.policies import Policy
from grader.policies.policy import Visibility

GRADESCOPE: dict[Visibility, str] = {
    "at once": VISIBLE,
    "after due": "after_due_date",
    "on release": "after_published",
}
IN_WORDS: dict[Visibility, str] = {
    "at once": "as soon as a submission is graded",
    "after due": "after the due date that is set on Gradescope, the late due date if there is one",
    "on release": "when you publish the grades on Gradescope",
}
OF_PLATFORM = ("due", "grace_minutes", "late", "early", "bonus", "counts", "attempts", "blind")  # keys of a policy


def visibility(policy: Policy) -> Callable[[str], str]:
    """Return the function that gives Gradescope's visibility of the results of a question."""

    def of_question(question: str) -> str:
        return GRADESCOPE[policy.visible_by_question.get(question, policy.visible)]

    return of_question


def shows_all(policy: Policy) -> bool:
    """Return whether students see all results at once."""
    return {policy.visible, *policy.visible_by_question.values()} == {"at once"}


def visibility_in_words(policy: Policy) -> str:
    """Return when students see results on Gradescope, as a sentence of a README."""
    found = f"Students see results {IN_WORDS[policy.visible]}"
    for name, when in policy.visible_by_question.items():
        if when != policy.visible:
            found += f"; those of `{name}` {IN_WORDS[when]}"
    return f"{found}."


def left_to_platform(policy: Policy, platform: str, keys: Sequence[str] = OF_PLATFORM) -> str:
    """Return what a README says about all that a platform decides by its own settings.

    :param keys: of a policy, that have no effect on the platform
    """
    default = Policy()
    found = join_with_and([f"`{key}`" for key in keys if getattr(policy, key) != getattr(default, key)])
    own = f"Due dates, extensions, what lateness costs and the number of attempts are settings of {platform}."
    if not found:
        return own
    return f"{own} The policy of the assignment has {found}, without effect on {platform}: set there what it offers."
