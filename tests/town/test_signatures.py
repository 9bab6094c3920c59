"""A town's quick signatures say what the library's say, and pass nothing that the product would refuse."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, Final

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from common.protocol.message_signature import (
    SignatureRefused,
    sign_request,
    sign_response,
    verify_request,
    verify_response,
)
from tests.town.signatures import Signatures, signed_quickly

NOW: Final = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
URL: Final = "http://127.0.1.1:8090/v1/kiosks/kiosk-1/tickets?after=3"
KEY: Final = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
OTHER: Final = Ed25519PrivateKey.from_private_bytes(bytes(32))


@pytest.fixture
def quick() -> Iterator[Signatures]:
    with signed_quickly(lambda: NOW) as signatures:
        yield signatures


def _request(body: bytes = b"[1]", key: Ed25519PrivateKey = KEY) -> dict[str, str]:
    return sign_request("POST", URL, body, key=key, keyid="kiosk-1")


def _response(asked: dict[str, str], body: bytes = b"{}") -> dict[str, str]:
    return sign_response(200, body, method="POST", url=URL, request_headers=asked, key=KEY, keyid="hub-1")


@pytest.mark.parametrize("body", [b"", b"[1]", "نعم".encode()])
def test_both_ways_sign_in_the_same_words(quick: Signatures, body: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    asked, answered = _request(body), _response(_request(body), body)
    monkeypatch.setattr("common.protocol.message_signature._sign", quick._real_sign)
    assert asked == _request(body)
    assert answered == _response(asked, body)


def test_what_was_signed_here_is_not_reckoned_again(quick: Signatures) -> None:
    asked = _request()
    verify_request("POST", URL, asked, b"[1]", keys=KEY.public_key())
    answered = _response(asked)
    keys = {"hub-1": KEY.public_key()}
    signed = verify_response(200, answered, b"{}", method="POST", url=URL, request_headers=asked, keys=keys)
    assert (signed.keyid, signed.created) == ("hub-1", int(NOW.timestamp()))
    assert quick.reckoned == 0


@pytest.mark.parametrize(
    "altered",
    [
        {"method": "PUT"},
        {"url": URL + "1"},
        {"body": b"[2]"},
        {"keys": OTHER.public_key()},
        {"keys": {"kiosk-2": KEY.public_key()}},
        {"headers": {"Signature-Input": "sig1=()"}},
        {"headers": {"Content-Digest": "sha-256=:AAAA:"}},
    ],
)
def test_what_was_altered_is_refused(quick: Signatures, altered: dict[str, Any]) -> None:
    headers = _request() | altered.get("headers", {})
    said: dict[str, Any] = {"method": "POST", "url": URL, "body": b"[1]", "keys": KEY.public_key()} | altered
    with pytest.raises(SignatureRefused):
        verify_request(said["method"], said["url"], headers, said["body"], keys=said["keys"])
    assert quick.reckoned == 1


@pytest.mark.usefixtures("quick")
def test_an_answer_to_another_request_is_refused() -> None:
    answered = _response(_request())
    keys = {"hub-1": KEY.public_key()}
    with pytest.raises(SignatureRefused):
        verify_response(
            200, answered, b"{}", method="POST", url=URL, request_headers=_request(b"[2]"), keys=keys
        )  # fmt: skip
