"""What both ends compose alike: hash text, seal info, bodies, HTTP signatures, export parts."""

import base64
import hashlib
from collections.abc import Callable
from types import SimpleNamespace

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from http_message_signatures import HTTPMessageSigner, HTTPMessageVerifier, MappingKeyResolver
from http_message_signatures.algorithms import ED25519
from hypothesis import given
from hypothesis import strategies as st

from common.protocol.envelope import (
    AuditBody,
    Batch,
    BodyUnreadable,
    Item,
    OrderBody,
    TicketBody,
    decode_body,
    encode_body,
    item_hash,
    seal_info,
)
from common.protocol.export_part import ExportRefused, open_export_part, read_export_part, sign_export_part
from common.protocol.message_signature import (
    REQUEST_COMPONENTS,
    RESPONSE_COMPONENTS,
    SignatureRefused,
    sign_request,
    sign_response,
    verify_request,
    verify_response,
)

KIOSK, CENTRAL = (Ed25519PrivateKey.from_private_bytes(letter * 32) for letter in (b"k", b"c"))
URL = "https://central.example/v1/kiosks/kiosk-1/feed?after=7"
KIOSK_KEYS, CENTRAL_KEYS = {"kiosk-1": KIOSK.public_key()}, {"c1": CENTRAL.public_key()}
ITEM = Item(
    id="11111111-1111-4111-8111-111111111111",
    seq=7,
    epoch="22222222-2222-4222-8222-222222222222",
    kind="ticket",
    wall_time="2026-11-25T09:00:00.000000Z",
    boot_time_ns=5,
    boot_id="33333333-3333-4333-8333-333333333333",
    clock="synced",
    body="e30=",
    prev_hash="0" * 64,
    hash="f" * 64,
)


def test_the_hash_is_over_the_contracts_lines() -> None:
    text = "\n".join(
        [
            "kiosk-item-1", "kiosk-1", ITEM.epoch, "7", ITEM.id, "ticket", "2026-11-25T09:00:00.000000Z", "5",
            ITEM.boot_id, "synced", "e30=", "0" * 64,
        ]
    )  # fmt: skip
    assert item_hash("kiosk-1", ITEM) == hashlib.sha256(text.encode()).hexdigest()
    assert seal_info("k", "e", "i") == b"kiosk-seal-1\nk\ne\ni"


@pytest.mark.parametrize("field", ["id", "epoch", "kind", "wall_time", "boot_id", "clock", "body", "prev_hash", "hash"])
@pytest.mark.parametrize("odd", ["a\nb", "\n", "a\n", "\x00", "", "é"])
def test_no_field_may_blur_the_hash_text(field: str, odd: str) -> None:
    if field == "body" and odd == "":
        return  # an empty body is unreadable, which is central's to say
    raw = msgspec.json.encode({**msgspec.structs.asdict(ITEM), "hash": "0", field: odd})
    with pytest.raises(msgspec.ValidationError, match=field):
        msgspec.json.decode(raw, type=Item)


@pytest.mark.parametrize(
    "body",
    [
        TicketBody("B2014", "lease-copy", "2026-11-25", priority="elderly"),
        OrderBody("accepted", "ab" * 16, "water-bill", "1234567890", "0" * 64),
        AuditBody("store-opened", {"former_seq": 4, "former_hash": None, "note": "نعم"}),
    ],
)
def test_a_body_comes_back_as_it_was(body: TicketBody | OrderBody | AuditBody) -> None:
    kind = {TicketBody: "ticket", OrderBody: "order", AuditBody: "audit"}[type(body)]
    assert decode_body(kind, encode_body(body)) == body


@given(kind=st.sampled_from(["ticket", "order", "print", "audit", "weather"]), body=st.text(max_size=60))
def test_no_text_is_a_body_by_accident(kind: str, body: str) -> None:
    with pytest.raises(BodyUnreadable):
        decode_body(kind, body)


@pytest.mark.parametrize(
    "raw",
    [b"", b"[]", b"{}", b"\xff", b'{"x":' + b"[" * 100_000, b'{"number":"A\\u0000","service":"s","business_day":"d"}'],
)
def test_a_body_that_is_not_of_its_kind_is_named(raw: bytes) -> None:
    with pytest.raises(BodyUnreadable):
        decode_body("ticket", base64.b64encode(raw).decode())


@pytest.mark.parametrize("body", [b"", b"{}", bytes(range(256)) * 300])
def test_request_and_answer_verify_on_the_other_side(body: bytes) -> None:
    headers = sign_request("POST", URL, body, key=KIOSK, keyid="kiosk-1")
    assert verify_request("POST", URL, headers, body, keys=KIOSK_KEYS).keyid == "kiosk-1"
    answer = sign_response(200, b"yes", method="POST", url=URL, request_headers=headers, key=CENTRAL, keyid="c1")
    found = verify_response(200, answer, b"yes", method="POST", url=URL, request_headers=headers, keys=CENTRAL_KEYS)
    assert found.keyid == "c1"
    assert found.created is not None


def _signed() -> dict[str, str]:
    return sign_request("POST", URL, b"{}", key=KIOSK, keyid="kiosk-1")


@pytest.mark.parametrize(
    ("method", "url", "body"),
    [("PUT", URL, b"{}"), ("POST", URL + "0", b"{}"), ("POST", URL, b"{ }"), ("POST", URL, b"")],
)
def test_an_altered_request_is_refused(method: str, url: str, body: bytes) -> None:
    with pytest.raises(SignatureRefused):
        verify_request(method, url, _signed(), body, keys=KIOSK_KEYS)


@pytest.mark.parametrize("name", ["Content-Digest", "Signature-Input", "Signature"])
@pytest.mark.parametrize("how", ["missing", "cut", "garbage", "doubled"])
def test_a_damaged_header_is_refused(name: str, how: str) -> None:
    headers = _signed()
    value = headers.pop(name)
    if how != "missing":
        headers[name] = {"cut": value[:-9], "garbage": "\x01é", "doubled": f"{value}, {value}"}[how]
    with pytest.raises(SignatureRefused):
        verify_request("POST", URL, headers, b"{}", keys=KIOSK_KEYS)


def test_an_unknown_or_another_key_is_refused() -> None:
    for keys in ({}, {"kiosk-2": KIOSK.public_key()}, {"kiosk-1": CENTRAL.public_key()}):
        with pytest.raises(SignatureRefused):
            verify_request("POST", URL, _signed(), b"{}", keys=keys)


def test_an_answer_to_another_request_is_refused() -> None:
    headers = _signed()
    answer = sign_response(200, b"yes", method="POST", url=URL, request_headers=headers, key=CENTRAL, keyid="c1")
    other = sign_request("POST", URL, b"{} ", key=KIOSK, keyid="kiosk-1")
    for status, body, method, url, request in (
        (201, b"yes", "POST", URL, headers),
        (200, b"no", "POST", URL, headers),
        (200, b"yes", "GET", URL, headers),
        (200, b"yes", "POST", URL + "1", headers),
        (200, b"yes", "POST", URL, other),
    ):
        with pytest.raises(SignatureRefused):
            verify_response(status, answer, body, method=method, url=url, request_headers=request, keys=CENTRAL_KEYS)


def _by_library(components: tuple[str, ...]) -> dict[str, str]:
    resolver = MappingKeyResolver(public_keys={}, private_keys={"kiosk-1": KIOSK})
    message = SimpleNamespace(method="POST", url=URL, headers={"Content-Type": "application/json"})
    signer = HTTPMessageSigner(signature_algorithm=ED25519, key_resolver=resolver)
    signer.sign(message, key_id="kiosk-1", label="sig1", covered_component_ids=components, body=b"{}")
    return dict(message.headers)


@pytest.mark.parametrize(
    "components", [("@method",), ("@target-uri",), ("@method", "@path"), ("@method", "@target-uri", "content-type")]
)
def test_less_or_more_than_the_contracts_components_is_refused(components: tuple[str, ...]) -> None:
    with pytest.raises(SignatureRefused, match="exactly"):
        verify_request("POST", URL, _by_library(components), b"{}", keys=KIOSK_KEYS)


def test_the_library_and_we_understand_each_other() -> None:
    headers = _by_library(("@target-uri", "content-digest", "@method"))
    assert verify_request("POST", URL, headers, b"{}", keys=KIOSK_KEYS).keyid == "kiosk-1"
    resolver = MappingKeyResolver(public_keys=KIOSK_KEYS, private_keys={})
    message = SimpleNamespace(method="POST", url=URL, headers=_signed())
    (found,) = HTTPMessageVerifier(signature_algorithm=ED25519, key_resolver=resolver).verify(message, body=b"{}")
    assert tuple(found.covered_components)[:3] == REQUEST_COMPONENTS
    assert found.label == "sig1"
    assert len(RESPONSE_COMPONENTS) == 5


def test_no_clock_makes_a_signature_bad(monkeypatch: pytest.MonkeyPatch) -> None:
    from datetime import UTC, datetime

    import common.protocol.message_signature as module

    for year in (1970, 2099):
        clock = SimpleNamespace(now=lambda _zone, year=year: datetime(year, 1, 2, tzinfo=UTC))
        monkeypatch.setattr(module, "datetime", clock)
        headers = sign_request("POST", URL, b"{}", key=KIOSK, keyid="kiosk-1")
        created = verify_request("POST", URL, headers, b"{}", keys=KIOSK_KEYS).created
        assert created == int(datetime(year, 1, 2, tzinfo=UTC).timestamp())


def _line() -> bytes:
    return sign_export_part("kiosk-1", 3, True, Batch([ITEM]), KIOSK)


def test_an_export_part_comes_back_as_it_was() -> None:
    part = read_export_part(_line())
    assert (part.kiosk, part.part, part.last) == ("kiosk-1", 3, True)
    assert open_export_part(part, KIOSK.public_key()).items == [ITEM]


@pytest.mark.parametrize(
    "alter",
    [
        lambda line: line.replace(b"kiosk-1", b"kiosk-2", 1),
        lambda line: line.replace(b'"part":3', b'"part":4'),
        lambda line: line.replace(b'"last":true', b'"last":false'),
        lambda line: line.replace(b'"batch":"', b'"batch":"e30'),
        lambda line: line[: len(line) // 2],
        lambda line: b"",
        lambda line: b"\x00" * 50,
    ],
)
def test_an_altered_export_part_is_refused(alter: Callable[[bytes], bytes]) -> None:
    altered = alter(_line())
    assert altered != _line()
    with pytest.raises(ExportRefused):
        open_export_part(read_export_part(altered), KIOSK.public_key())
