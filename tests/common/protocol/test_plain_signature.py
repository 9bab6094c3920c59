"""Signatures composed directly are the library's to the letter, and what is believed is what the library believes."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any
from unittest import mock

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from common.protocol import message_signature, plain_signature
from common.protocol.message_signature import (
    SignatureRefused,
    sign_request,
    sign_response,
    verify_request,
    verify_response,
)

KEY = Ed25519PrivateKey.from_private_bytes(bytes(32))
OTHER = Ed25519PrivateKey.from_private_bytes(bytes(31) + b"1")
URL = "https://central.example:8443/v1/kiosks/kiosk-1/feed?after=e.1.ab&acked=e.7.0%2Ce.8.1"

methods = st.sampled_from(["GET", "POST", "get", "P OST", ""])
letters = st.sampled_from(list('/abcXYZ019.-_~?&=,:+%2Fé \t"#[]@;'))
urls = st.just(URL) | st.text(letters, max_size=30).map("https://central.example/".__add__)
keyids = st.sampled_from(["kiosk-1", 'a"b', "a b", "\\", "", "é"]) | st.text(max_size=8)
bodies = st.binary(max_size=20)


@contextmanager
def library_only() -> Iterator[None]:
    with (
        mock.patch.object(plain_signature, "sign", return_value=None),
        mock.patch.object(plain_signature, "verified", return_value=None),
    ):
        yield


def outcome(work: Callable[[], Any]) -> Any:
    try:
        return work()
    except Exception as error:  # noqa: BLE001 - which kind it is, is compared
        return type(error)


@contextmanager
def clock_at(created: int) -> Iterator[None]:
    moment = datetime.fromtimestamp(created, UTC)
    with mock.patch.object(message_signature, "datetime", mock.Mock(now=lambda _zone: moment)):
        yield


@given(methods, urls, bodies, keyids, st.integers(0, 2**33))
def test_a_request_is_signed_as_the_library_signs_it(
    method: str, url: str, body: bytes, keyid: str, created: int
) -> None:
    def signed() -> dict[str, str]:
        return sign_request(method, url, body, key=KEY, keyid=keyid)

    with clock_at(created):
        ours = outcome(signed)
        with library_only():
            assert outcome(signed) == ours


@given(st.integers(100, 599), urls, bodies, st.sampled_from(["kid-1", 'k"']), st.booleans())
def test_an_answer_is_signed_as_the_library_signs_it(
    status: int, url: str, body: bytes, keyid: str, has_digest: bool
) -> None:
    asked = {"Content-Digest": plain_signature.digest_of(b"asked")} if has_digest else {}

    def signed() -> dict[str, str]:
        return sign_response(status, body, method="GET", url=url, request_headers=asked, key=KEY, keyid=keyid)

    with clock_at(1_800_000_000):
        ours = outcome(signed)
        with library_only():
            assert outcome(signed) == ours


texts = st.sampled_from(
    [
        ("created=", "created=0"),
        ("created=", "expires=5;created="),
        (";alg=", ';nonce="n";alg='),
        ('"ed25519"', '"rsa-v1_5-sha256"'),
        ("sig1=", "sig2="),
        ("sig1=", " sig1="),
        ('"@method" ', ""),
        ('"@method"', '"@path"'),
        ("sha-256=", "sha-512="),
        ("=:", "=:A"),
        (":", ""),
        ("", ""),
        ('keyid="', 'keyid="x'),
    ]
)


@given(
    st.sampled_from(["Content-Digest", "Signature-Input", "Signature"]),
    texts,
    st.sampled_from(["GET", "POST", "get"]),
    st.sampled_from([URL, URL + "1", URL + " "]),
    st.sampled_from([b"body", b"Body", None]),
    st.sampled_from(["as it is", "lower", "twice", "none"]),
    st.sampled_from([KEY, OTHER]),
    st.booleans(),
)
def test_what_is_believed_of_a_request_is_what_the_library_believes(
    field: str,
    change: tuple[str, str],
    method: str,
    url: str,
    body: bytes | None,
    names: str,
    key: Ed25519PrivateKey,
    is_known: bool,
) -> None:
    headers = sign_request("GET", URL, b"body", key=KEY, keyid="kiosk-1")
    headers[field] = headers[field].replace(*change, 1)
    if names == "lower":
        headers = {name.lower(): value for name, value in headers.items()}
    elif names == "twice":
        headers[field.lower()] = headers[field]
    elif names == "none":
        del headers[field]
    keys = {"kiosk-1" if is_known else "kiosk-2": key.public_key()}

    def verified() -> Any:
        return verify_request(method, url, headers, body, keys=keys)

    ours = outcome(verified)
    with library_only():
        assert outcome(verified) == ours


@given(
    texts,
    st.sampled_from([200, 201]),
    st.sampled_from([b"yes", b"no"]),
    st.sampled_from(["Signature-Input", "Signature"]),
)
def test_what_is_believed_of_an_answer_is_what_the_library_believes(
    change: tuple[str, str], status: int, body: bytes, field: str
) -> None:
    asked = sign_request("GET", URL, b"", key=KEY, keyid="kiosk-1")
    more: dict[str, Any] = {"method": "GET", "url": URL, "request_headers": asked}
    headers = sign_response(200, b"yes", **more, key=KEY, keyid="kid")
    headers[field] = headers[field].replace(*change, 1)

    def verified() -> Any:
        return verify_response(status, headers, body, **more, keys={"kid": KEY.public_key()})

    ours = outcome(verified)
    with library_only():
        assert outcome(verified) == ours


def test_our_own_messages_need_no_library() -> None:
    with mock.patch.object(message_signature, "_sign"), mock.patch.object(message_signature, "_verify") as library:
        asked = sign_request("GET", URL, b"", key=KEY, keyid="kiosk-1")
        assert verify_request("GET", URL, asked, b"", keys=KEY.public_key()).keyid == "kiosk-1"
        more: dict[str, Any] = {"method": "GET", "url": URL, "request_headers": asked}
        answer = sign_response(200, b"yes", **more, key=KEY, keyid="kid")
        assert verify_response(200, answer, b"yes", **more, keys={"kid": KEY.public_key()}).keyid == "kid"
        library.assert_not_called()
        library.side_effect = SignatureRefused
        assert outcome(lambda: verify_request("GET", URL, asked, b"x", keys=KEY.public_key())) is SignatureRefused
