"""Deep linking: the assignment that an instructor has chosen, as a signed message for the platform."""

from __future__ import annotations

import secrets
from typing import Any
from urllib.parse import quote

import msgspec

from grader.gradebook.lti_platforms import LearningPlatform
from grader.models import Assignment
from grader.server.lti.claims import DEEP_LINKING, LTI
from grader.server.lti.launch import CUSTOM_ASSIGNMENT
from grader.server.lti.tool_keys import ToolKeys


class Choice(msgspec.Struct, frozen=True):
    """What a platform has asked for: an instructor chooses an assignment for a link."""

    platform: int
    person: int
    deployment: str
    return_url: str
    data: str  # which the platform wants back


def content_item(assignment: Assignment, url: str) -> dict[str, Any]:
    """Return the link to an assignment, with its column in the platform's gradebook.

    :param url: address of the portal
    """
    return {
        "type": "ltiResourceLink",
        "title": assignment.title,
        "url": f"{url}/assignments/{quote(assignment.name, safe='')}",
        "custom": {CUSTOM_ASSIGNMENT: assignment.name},
        "lineItem": {
            "label": assignment.title,
            "scoreMaximum": assignment.max_score,
            "resourceId": assignment.name,
        },
    }


def signed_choice(keys: ToolKeys, platform: LearningPlatform, choice: Choice, assignment: Assignment, url: str) -> str:
    """Return the message for the platform."""
    claims: dict[str, Any] = {
        "iss": platform.entry.client_id,
        "aud": platform.entry.issuer,
        "azp": platform.entry.issuer,
        "nonce": secrets.token_urlsafe(16),
        f"{LTI}deployment_id": choice.deployment,
        f"{LTI}message_type": "LtiDeepLinkingResponse",
        f"{LTI}version": "1.3.0",
        f"{DEEP_LINKING}content_items": [content_item(assignment, url)],
    }
    if choice.data:
        claims[f"{DEEP_LINKING}data"] = choice.data
    return keys.sign(claims)
