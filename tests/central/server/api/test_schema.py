"""Schemathesis over the published schema, signing as an enrolled kiosk, so that each call is really reached."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import msgspec
import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from common.protocol.envelope import Batch
from tests.central.commands.test_cli import enrol, result, run, served
from tests.kit.postgres import fresh_database
from tests.kit.sender import Sender

EXAMPLES = 25
CONTACT = "/v1/orders/{order}/contact"
OF_SEATS = ("/v1/seats", "/v1/holds", "/v1/claims/{claim_id}")
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]


@dataclass
class Given:
    """What lets in: a kiosk's enrolment code, and by path the tokens of other systems."""

    code: str
    tokens: dict[str, str]


class Signing(requests.auth.AuthBase):
    """Signs each request, as it goes out, with the kiosk's key."""

    def __init__(self, sender: Sender, keyid: str | None = None, token: str | None = None) -> None:
        self.sender = sender
        self.keyid = keyid
        self.token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        body = request.body or b""
        content = body.encode() if isinstance(body, str) else body
        assert isinstance(content, bytes)
        if self.token is not None:
            request.headers["Authorization"] = f"Bearer {self.token}"
            return request
        path = str(request.url).removeprefix(self.sender.url)
        request.headers.update(self.sender.signature(str(request.method), path, content, self.keyid))
        return request


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def kiosk(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Sender, Given]]:
    """An enrolled kiosk at a served central, the code that it enrolled with, and tokens of other systems."""
    data: Path = tmp_path_factory.mktemp("schema") / "central"
    is_postgres = request.param == "postgresql"
    database = ["--database", fresh_database(request.getfixturevalue("postgres_server"))] if is_postgres else []
    if is_postgres:
        assert run(data, "migrate", *database).returncode == 0
    with served(data, *database) as (url, _):
        code = result(data, "enrolment-code", "--centre", "homs-main", *database)["code"]
        tokens = {
            f"/v1/{may}": result(data, "system", "give", may, "--may", may, *database)["token"]
            for may in ("order-states", "visits", "claims")
        }
        tokens |= dict.fromkeys(("/v1/messages", "/v1/watches", CONTACT), tokens["/v1/order-states"])
        tokens |= dict.fromkeys(OF_SEATS, tokens["/v1/claims"])
        yield enrol(url, code), Given(code, tokens)


INQUIRY = "6f1c8d1e-0000-4000-8000-000000000001"


def _probe(operation: Any, sender: Sender, given_in: Given) -> Counter[int]:
    """Send generated requests to one operation; returns how often it answered what."""
    statuses: Counter[int] = Counter()
    is_enrolment = operation.path == "/v1/enrolments"
    token = given_in.tokens.get(operation.path)
    auth = Signing(sender, sender.public_key if is_enrolment else None, token)

    @given(case=operation.as_strategy())
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    def probe(case: Any) -> None:
        if "kiosk" in case.path_parameters:
            case.path_parameters["kiosk"] = sender.kiosk
        if "inquiry" in case.path_parameters and not statuses[200]:
            case.path_parameters["inquiry"] = INQUIRY
        if operation.path.endswith("/inquiries") and not statuses[200]:
            case.body = {"id": INQUIRY, "kind": "seats", "dies_at": "2026-12-01T10:00:00Z", "body": {}}
        if operation.path.endswith("/usual") and not statuses[200]:
            case.path_parameters["centre"] = "homs-main"
        if is_enrolment and not statuses[200]:
            case.body = {"code": given_in.code, "public_key": sender.public_key}
        if operation.path.endswith("/batches") and not statuses[200]:
            case.body = msgspec.to_builtins(Batch([sender.ticket(), sender.audit()]))
        if operation.label == "POST /v1/order-states" and not statuses[200]:
            case.body = {"states": [{"order": "0" * 32, "state": "ready", "number": "0123456789"}]}
        if operation.path == CONTACT and not statuses[204]:
            case.path_parameters["order"], case.body = "0" * 32, {"phone": "+963944000111"}
        response = case.call(auth=auth)
        case.validate_response(response, checks=CHECKS)
        statuses[response.status_code] += 1

    probe()
    return statuses


def test_every_call_of_the_schema_is_reached_and_none_fails(kiosk: tuple[Sender, Given]) -> None:
    sender, given_in = kiosk
    schema = schemathesis.openapi.from_url(f"{sender.url}/schema/openapi.json")
    assert "\\Z" not in str(schema.raw_schema)
    seen: dict[str, Counter[int]] = {}
    for found in schema.get_all_operations():
        assert isinstance(found, Ok)
        operation = found.ok()
        seen[operation.label] = _probe(operation, sender, given_in)
    # A hub's alone: a kiosk is refused by the schema's own word.
    assert set(seen.pop("GET /v1/kiosks/{kiosk}/queue")) <= {401, 403}
    # Somebody has to wait with a ticket: central/messages tries it.
    assert set(seen.pop("POST /v1/watches")) <= {400, 404, 422}
    # No service here may be booked: central/claims tries them.
    for call in ("GET /v1/seats", "POST /v1/holds", "POST /v1/claims", "DELETE /v1/claims/{claim_id}"):
        assert set(seen.pop(call)) <= {400, 404, 409, 422}, call
    assert set(seen) == {
        "POST /v1/enrolments",
        "POST /v1/kiosks/{kiosk}/batches",
        "GET /v1/kiosks/{kiosk}/feed",
        "POST /v1/kiosks/{kiosk}/inquiries",
        "GET /v1/kiosks/{kiosk}/inquiries/{inquiry}",
        "GET /v1/time",
        "POST /v1/order-states",
        "GET /v1/order-states",
        "GET /v1/visits",
        "GET /v1/claims",
        "PUT /v1/orders/{order}/contact",
        "GET /v1/messages",
        "GET /v1/centres",
        "GET /v1/centres/{centre}/usual",
        "GET /healthz",
        "GET /readyz",
        "GET /metrics",
    }
    assert {label for label, statuses in seen.items() if not statuses[200] + statuses[204]} == set(), seen
    assert not [status for statuses in seen.values() for status in statuses if status >= 500], seen


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nowhere", 404),
        ("GET", "/v1/kiosks/kiosk-0", 404),
        ("DELETE", "/v1/time?nonce=a", 405),
        ("GET", "/v1/enrolments", 405),
        ("GET", "/v1/time", 400),
        ("POST", "/v1/enrolments", 400),
        ("GET", "/v1/kiosks/kiosk-0/feed", 401),
        ("POST", "/v1/kiosks/%00/batches", 401),
    ],
)
def test_each_error_is_a_problem_document(kiosk: tuple[Sender, Given], method: str, path: str, status: int) -> None:
    response = httpx2.request(method, kiosk[0].url + path)
    assert response.status_code == status
    assert response.headers["Content-Type"] == "application/problem+json"
    document = msgspec.json.decode(response.content)
    assert (document["status"], {"type", "title", "detail"} <= set(document)) == (status, True)


@pytest.mark.parametrize("path", ["/v1/enrolments", "/v1/kiosks/{kiosk}/batches"])
@pytest.mark.parametrize("begun", [b"[", b'{"items":[', b'{"items":[],"health":{"a":'])
def test_json_nested_as_deep_as_it_fits_is_refused_in_words(
    kiosk: tuple[Sender, Given], path: str, begun: bytes
) -> None:
    sender, _ = kiosk
    path, body = path.format(kiosk=sender.kiosk), begun + b"[" * 16_000
    headers = sender.signature("POST", path, body) | {"Content-Type": "application/json"}
    response = httpx2.post(sender.url + path, content=body, headers=headers)
    assert (response.status_code, msgspec.json.decode(response.content)["status"]) == (400, 400)


def test_a_failure_inside_says_nothing_of_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    from litestar.testing import RequestFactory

    from common.web.problem import on_failure

    answer = on_failure(RequestFactory().get("/v1/time"), RuntimeError("ليلى 0123"))
    assert answer.status_code == 500
    assert "ليلى" not in str(answer.content)
