"""Whose request it is and what is signed of an answer: the target as it came, fields, and the server's own word."""

import base64
from types import SimpleNamespace
from typing import Any, cast

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from common.protocol.message_signature import sign_request, verify_response
from common.web.problem import Problem
from common.web.request import HttpRequest
from common.web.signing import SigningKey, fields, signed, target_uri, unauthorized, verify

URL = "https://hub.example:8090"
KEY, SERVER = (Ed25519PrivateKey.from_private_bytes(letter * 32) for letter in (b"k", b"s"))


def public(key: Ed25519PrivateKey) -> str:
    return base64.b64encode(key.public_key().public_bytes_raw()).decode()


def request(
    path: str = "/v1/x", query: str = "", headers: dict[str, str] | None = None, body: bytes = b"", method: str = "GET"
) -> HttpRequest:
    pairs = [(name.lower().encode(), value.encode()) for name, value in (headers or {}).items()]
    scope = {"scheme": "http", "raw_path": path.encode(), "query_string": query.encode(), "headers": pairs}

    async def read() -> bytes:
        return body

    own = {name.decode(): value.decode() for name, value in pairs}
    return cast("HttpRequest", SimpleNamespace(scope=scope, headers=own, method=method, body=read))


@pytest.mark.parametrize(
    ("path", "query", "own_url", "uri"),
    [
        ("/v1/x", "", URL, f"{URL}/v1/x"),
        ("/v1/x", "a=1&b=%20", URL, f"{URL}/v1/x?a=1&b=%20"),
        ("/v1/%D8%A3", "", None, "http://told:80/v1/%D8%A3"),
    ],
)
def test_the_target_is_as_it_came_behind_the_server_s_own_address(
    path: str, query: str, own_url: str | None, uri: str
) -> None:
    assert target_uri(request(path, query, {"Host": "told:80"}), own_url) == uri


def test_without_a_host_nothing_stands_for_it() -> None:
    assert target_uri(request(), None) == "http:///v1/x"


def test_fields_that_are_repeated_are_joined_in_their_order() -> None:
    asked = request()
    asked.scope["headers"] = cast("Any", [(b"a", b"1"), (b"b", b"2"), (b"a", b"3"), (b"a", b"4")])
    assert fields(asked) == {"a": "1, 3, 4", "b": "2"}


async def test_a_request_is_its_key_s_and_of_no_other() -> None:
    headers = sign_request("POST", f"{URL}/v1/x?a=1", b"body", key=KEY, keyid="whatever")
    asked = request("/v1/x", "a=1", headers, b"body", "POST")
    await verify(asked, URL, public(KEY))
    for changed, key in (
        (asked, SERVER),
        (request("/v1/x", "a=2", headers, b"body", "POST"), KEY),
        (request("/v1/x", "a=1", headers, b"other", "POST"), KEY),
        (request("/v1/x", "a=1", headers, b"body", "PUT"), KEY),
        (request("/v1/x", "a=1", {}, b"body", "POST"), KEY),
    ):
        with pytest.raises(Problem) as refused:
            await verify(changed, URL, public(key))
        assert (refused.value.status_code, refused.value.code) == (401, "bad-signature")
        assert refused.value.headers == {"WWW-Authenticate": "Signature"}


def test_who_is_not_known_is_told_to_sign() -> None:
    found = unauthorized("no such kiosk")
    told = (found.status_code, found.code, found.detail, found.headers)
    assert told == (401, "bad-signature", "no such kiosk", {"WWW-Authenticate": "Signature"})


@pytest.mark.parametrize("body", [b"", b"body"])
@pytest.mark.parametrize("status", [200, 202])
def test_an_answer_is_bound_to_its_question(body: bytes, status: int) -> None:
    sent = sign_request("POST", f"{URL}/v1/x", body, key=KEY, keyid="k")
    asked = request("/v1/x", "", sent if body else {}, body, "POST")
    answer = signed(asked, URL, {"a": 1}, SigningKey("server-1", SERVER), status)
    assert (answer.status_code, answer.content, answer.headers["Cache-Control"]) == (status, b'{"a":1}', "no-store")
    assert answer.media_type == "application/json"
    target: dict[str, Any] = {"method": "POST", "url": f"{URL}/v1/x", "request_headers": sent}
    verify_response(status, answer.headers, answer.content, **target, keys={"server-1": SERVER.public_key()})


def test_a_digest_that_cannot_be_signed_over_is_the_caller_s_fault() -> None:
    asked = request(headers={"Content-Digest": "sha-256=:\n:"})
    with pytest.raises(Problem) as refused:
        signed(asked, URL, {}, SigningKey("server-1", SERVER))
    assert (refused.value.status_code, refused.value.code) == (400, "bad-request")
    assert refused.value.detail.startswith("no answer can be signed for this request: ")
