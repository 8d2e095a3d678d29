"""The HTTP API is what its OpenAPI document says: schemathesis sends what is allowed, and what isn't."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from grader.server.rate_limit import RateLimit
from tests.helpers.effort import examples
from tests.helpers.portals import TestPortal

MODES = ("positive", "negative")  # of schemathesis
UNAVAILABLE = 503  # is documented; here nothing may cause it


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A portal with a graded submission of ada, whose uploads have no rate."""
    made = TestPortal(tmp_path_factory.mktemp("openapi"))
    made.portal.uploads = RateLimit(100_000, 1.0)
    made.graded("ada")
    yield made
    made.portal.close()


@pytest.mark.hypothesis  # though what it is made of is inside
@pytest.mark.thorough
@pytest.mark.parametrize("who", ["ira", "ada", ""])
@pytest.mark.parametrize("mode", MODES)
def test_every_operation_answers_as_it_says(portal: TestPortal, who: str, mode: str) -> None:
    """No 5xx, no status, type or field that isn't documented; and invalid requests are refused."""
    # Here: each process of pytest-xdist imports this module, and these take two seconds.
    import requests
    import schemathesis
    from schemathesis import checks
    from schemathesis.specs.openapi import checks as openapi_checks

    every_check = [
        checks.not_a_server_error,
        openapi_checks.content_type_conformance,
        openapi_checks.negative_data_rejection,
        openapi_checks.response_headers_conformance,
        openapi_checks.response_schema_conformance,
        openapi_checks.status_code_conformance,
    ]
    modes = {each.value: each for each in schemathesis.GenerationMode}
    assert modes.keys() == set(MODES)
    document = portal.client().get("/openapi.json").json()
    for path in document["paths"].values():  # the client has the token, which schemathesis would leave out
        for described in path.values():
            del described["security"]
    schema = schemathesis.openapi.from_dict(document)
    existing = portal.portal.queue.newest("tiny", 1)[0].public_id
    client = portal.client(who, raise_server_exceptions=False)
    seen: dict[str, set[int]] = {}
    found: Any = schema.get_all_operations()
    operations = [each.ok() for each in found]
    if mode == "negative":  # every text is a valid part of a path
        operations = [operation for operation in operations if operation.body]
    for operation in operations:

        @settings(
            max_examples=examples(10),
            deadline=None,
            database=None,
            derandomize=True,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy(generation_mode=modes[mode]))
        def send(case: Any) -> None:
            for known in ({}, {"name": "tiny"}, {"name": "tiny", "id": existing}):
                if not known.keys() <= case.path_parameters.keys():
                    continue
                case.path_parameters |= known
                sent: Any = requests.Request(**case.as_transport_kwargs("http://127.0.0.1:8000")).prepare()
                headers = {name: value for name, value in sent.headers.items() if name != "Authorization"}
                path = sent.url.removeprefix("http://127.0.0.1:8000")
                answer = client.request(sent.method, path, headers=headers, content=sent.body)
                seen.setdefault(case.operation.label, set()).add(answer.status_code)
                assert answer.status_code != UNAVAILABLE, answer.text
                case.validate_response(answer, checks=every_check)

        send()
    assert seen.keys() == {operation.label for operation in operations} != set()
