"""Dynamic registration: the platform sends its configuration, the portal registers itself there."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import msgspec
from msgspec import field

from grader._util.escaping import one_line
from grader.gradebook.lti_platforms import PlatformEntry
from grader.gradebook.roster import MAX_NAME
from grader.server.lti.claims import DEEP_LINK, RESOURCE_LINK
from grader.server.lti.launch import LAUNCH_PATH, LaunchRefused
from grader.server.lti.platform_client import PlatformClient, origin_of
from grader.server.lti.services import SCOPES

CLIENT_NAME = "grader"
TOOL_CONFIGURATION = "https://purl.imsglobal.org/spec/lti-tool-configuration"
JSON_TYPE = "application/json"
MAX_REGISTRATION_TOKEN = 1 << 14


class _Product(msgspec.Struct, frozen=True):
    product_family_code: str = ""


class _OpenId(msgspec.Struct):
    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    registration_endpoint: str
    authorization_server: str = ""
    product: _Product = field(name="https://purl.imsglobal.org/spec/lti-platform-configuration", default=_Product())


class _Tool(msgspec.Struct, frozen=True):
    deployment_id: str | None = None


class _Registered(msgspec.Struct):
    client_id: str
    tool: _Tool = field(name=TOOL_CONFIGURATION, default=_Tool())


def addresses(url: str) -> dict[str, str]:
    """Return the addresses that a platform is given, by what platforms call them.

    :param url: address of the portal
    """
    return {
        "Target link URI, or tool URL": f"{url}/",
        "Initiate login URL, or OpenID Connect initiation URL": f"{url}/lti/login",
        "Redirection URI": f"{url}{LAUNCH_PATH}",
        "Public keyset URL, or public JWK URL": f"{url}/lti/jwks",
        "Content selection URL, or deep linking URL": f"{url}/",
    }


def tool_registration(url: str) -> dict[str, Any]:
    """Return what a platform gets to know of the portal."""
    messages = [{"type": RESOURCE_LINK}, {"type": DEEP_LINK, "target_link_uri": f"{url}/", "label": CLIENT_NAME}]
    return {
        "application_type": "web",
        "response_types": ["id_token"],
        "grant_types": ["implicit", "client_credentials"],
        "initiate_login_uri": f"{url}/lti/login",
        "redirect_uris": [f"{url}{LAUNCH_PATH}"],
        "client_name": CLIENT_NAME,
        "jwks_uri": f"{url}/lti/jwks",
        "token_endpoint_auth_method": "private_key_jwt",
        "scope": " ".join(SCOPES),
        TOOL_CONFIGURATION: {
            "domain": urlsplit(url).netloc,
            "description": "Hand in notebooks, and read the report when they are graded.",
            "target_link_uri": f"{url}/",
            "claims": ["iss", "sub", "name", "given_name", "family_name", "email"],
            "messages": messages,
        },
    }


def register(client: PlatformClient, configuration: str, token: str, url: str) -> tuple[PlatformEntry, tuple[str, ...]]:
    """Register the portal at a platform. Return the platform and its deployments, of which it may name none.

    Raises LaunchRefused, PlatformUnreachable and PlatformRefused.

    :param configuration: address of the platform's OpenID configuration
    :param token: what the platform accepts one registration with; empty if it needs none
    """
    client.check_url(configuration)
    if len(token) > MAX_REGISTRATION_TOKEN:
        raise LaunchRefused("the platform's registration token is too large")
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    openid: _OpenId = client.get(configuration, {"Accept": JSON_TYPE}).json(_OpenId)
    if urlsplit(openid.issuer).hostname != urlsplit(configuration).hostname:
        raise LaunchRefused("the platform's configuration is of an issuer with another host")
    for address in (openid.authorization_endpoint, openid.token_endpoint, openid.jwks_uri):
        client.check_url(address)
    body = msgspec.json.encode(tool_registration(url))
    headers["Accept"] = JSON_TYPE
    registered: _Registered = client.post(openid.registration_endpoint, body, JSON_TYPE, headers).json(_Registered)
    origins = {origin_of(address) for address in (openid.issuer, configuration, openid.authorization_endpoint)}
    entry = PlatformEntry(
        openid.issuer,
        registered.client_id,
        openid.authorization_endpoint,
        openid.token_endpoint,
        openid.jwks_uri,
        name=one_line(openid.issuer, MAX_NAME),
        audience=openid.authorization_server,
        origins=tuple(sorted(origins)),
        product=one_line(openid.product.product_family_code.lower(), MAX_NAME),
    )
    return entry, (registered.tool.deployment_id,) if registered.tool.deployment_id else ()
