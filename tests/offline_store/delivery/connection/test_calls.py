"""Each call to central: its method, path, body and bound, and what of an answer is believed."""

import base64
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import httpx2
import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from common.protocol.envelope import Batch, EnrolmentRequest, FormerPlace
from common.protocol.feed_page import ChainPlace
from common.protocol.inquiry import MAX_INQUIRY_ANSWER_BYTES, Inquiry, InquiryAnswer
from common.protocol.message_signature import sign_response, verify_request
from common.protocol.queue.recall import QueueRecall
from offline_store.delivery.connection import uplink as module
from offline_store.delivery.connection.delivery_error import DeliveryDeferred, DeliveryRejected
from offline_store.delivery.connection.tls import CertificateDates
from offline_store.delivery.connection.uplink import HttpUplink, HubDescription

KEY, CENTRAL = (Ed25519PrivateKey.from_private_bytes(letter * 32) for letter in (b"k", b"c"))
URL = "http://127.0.0.1:1"
ID = "00000000-0000-4000-8000-000000000001"
REVOKED = b'{"type": "/problems/kiosk-revoked", "detail": "it was revoked"}'


def public(key: Ed25519PrivateKey) -> str:
    return base64.b64encode(key.public_key().public_bytes_raw()).decode()


class Asked:
    """An uplink to a central that is a function: it answers what `says` gives, signed."""

    def __init__(self, *, key: Ed25519PrivateKey = CENTRAL, enrols: bool = False, keys: int = 1) -> None:
        self.calls: list[Any] = []
        self.status, self.body, self.key, self.enrols = 200, b"{}", key, enrols
        self.says: Callable[[str], bytes] = lambda _path: self.body
        self.known = {f"c-{number}": CENTRAL.public_key() for number in range(keys)}
        self.trusted: datetime | None = None
        self.uplink = HttpUplink(
            f"{URL}/", kiosk="kiosk-1", key=KEY, signing_keys=lambda: self.known, trusted_now=lambda: self.trusted
        )
        self.uplink._exchange = self.exchange  # type: ignore[method-assign]
        self.fails: list[Exception] = []

    def exchange(self, asked: Any, headers: dict[str, str]) -> tuple[int, dict[str, str], bytes]:
        keyid = public(KEY) if self.enrols else "kiosk-1"
        verify_request(asked.method, URL + asked.path, headers, asked.body, keys={keyid: KEY.public_key()})
        assert headers.get("Content-Type") == ("application/json" if asked.body else None)
        self.calls.append((asked.method, asked.path, asked.body, asked.limit, asked.dates))
        if self.fails:
            raise self.fails.pop()
        body = self.says(asked.path)
        signed = sign_response(
            self.status, body, method=asked.method, url=URL + asked.path, request_headers=headers, key=self.key,
            keyid="c-0",
        )  # fmt: skip
        return self.status, signed, body


@pytest.fixture(autouse=True)
def _nonces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("offline_store.delivery.connection.uplink.secrets.token_hex", lambda size: f"n{size}")


def test_each_call_goes_to_its_place_with_a_nonce_and_a_bound_of_its_own() -> None:
    asked, usual = Asked(), CertificateDates.BY_SYSTEM_CLOCK
    inquiry = Inquiry(ID, "payment", "2026-11-25T09:00:00.000000Z", {"a": 1})
    answer = InquiryAnswer(ID, "pending", revision=3)
    place = ChainPlace(ID, 7, "a" * 64)
    asked.body = b'{"results": []}'
    assert asked.uplink.send(Batch([])).results == []
    asked.body = msgspec.json.encode({"messages": [], "cursor": "c", "epoch": "e", "through": 5})
    assert asked.uplink.feed(None).through == 5
    assert asked.uplink.feed("a b", [place, place]).cursor == "c"
    asked.body = msgspec.json.encode(answer)
    assert asked.uplink.ask(inquiry) == answer
    assert asked.uplink.ask_on(ID, 3) == answer
    asked.body = b'{"tickets": []}'
    assert asked.uplink.recall() == QueueRecall([])
    most = 8 * 1024 * 1024
    acked = f"{ID}.7.{'a' * 64}"
    assert asked.calls == [
        ("POST", "/v1/kiosks/kiosk-1/batches?nonce=n8", msgspec.json.encode(Batch([])), 1024 * 1024, usual),
        ("GET", "/v1/kiosks/kiosk-1/feed?nonce=n8", b"", most, usual),
        ("GET", f"/v1/kiosks/kiosk-1/feed?after=a+b&acked={acked}%2C{acked}&nonce=n8", b"", most, usual),
        ("POST", "/v1/kiosks/kiosk-1/inquiries?nonce=n8", msgspec.json.encode(inquiry), MAX_INQUIRY_ANSWER_BYTES,
         usual),
        ("GET", f"/v1/kiosks/kiosk-1/inquiries/{ID}?after=3&nonce=n8", b"", MAX_INQUIRY_ANSWER_BYTES, usual),
        ("GET", "/v1/kiosks/kiosk-1/queue?nonce=n8", b"", most, usual),
    ]  # fmt: skip


def test_the_time_is_asked_by_the_newest_keys_whatever_a_certificate_s_dates() -> None:
    asked = Asked(keys=20)
    asked.body = b'{"nonce": "n16", "time": "2026-11-25T12:00:00+03:00"}'
    assert asked.uplink.time() == datetime(2026, 11, 25, 9, tzinfo=UTC)
    known = ",".join(f"c-{number}" for number in range(4, 20))
    path = f"/v1/time?nonce=n16&known={known}"
    assert asked.calls == [("GET", path, b"", 8 * 1024 * 1024, CertificateDates.IGNORED)]


@pytest.mark.parametrize("hub", [None, HubDescription("https://10.0.0.5:8090", "a" * 64, "A" * 88)])
def test_a_code_is_spent_under_the_key_s_own_name(hub: HubDescription | None) -> None:
    asked, former = Asked(enrols=True), FormerPlace("kiosk-0", 4)
    keys = [{"kid": "c-0", "public_key": public(CENTRAL)}]
    asked.body = msgspec.json.encode(
        {"kiosk": "k", "centre": "c", "digit": 2, "sealing_key": {"kid": "s", "public_key": public(KEY)}}
        | {"signing_keys": keys}
    )
    assert asked.uplink.enrol("CODE", hub, former).digit == 2
    of_hub = {} if hub is None else {"role": "hub", **hub._asdict()}
    wanted = msgspec.convert({"code": "CODE", "public_key": public(KEY), "former": former} | of_hub, EnrolmentRequest)
    ((method, path, body, *_),) = asked.calls
    assert (method, path) == ("POST", "/v1/enrolments")
    assert msgspec.json.decode(body, type=EnrolmentRequest) == wanted


@pytest.mark.parametrize(
    ("key", "body", "problem", "text"),
    [
        (CENTRAL, REVOKED, "kiosk-revoked", "kiosk-revoked"),
        (KEY, REVOKED, "kiosk-revoked", "unauthorised"),
        (CENTRAL, b"{}", "", "unauthorised"),
    ],
)
def test_that_a_kiosk_is_revoked_is_believed_by_central_s_signature_alone(
    key: Ed25519PrivateKey, body: bytes, problem: str, text: str
) -> None:
    asked = Asked(key=key)
    asked.status, asked.body = 403, body
    with pytest.raises(DeliveryRejected) as refused:
        asked.uplink.feed(None)
    assert (refused.value.code, refused.value.problem) == (text, problem)
    why = "it was revoked" if problem else "no reason given"
    assert str(refused.value) == f"central answered 403: {why}"


@pytest.mark.parametrize("trusted", [None, datetime(2026, 11, 25, tzinfo=UTC)])
def test_after_a_failure_connections_are_dropped_and_dates_judged_by_central_s_time(
    monkeypatch: pytest.MonkeyPatch, trusted: datetime | None
) -> None:
    asked, closed = Asked(), list[int]()
    asked.trusted, asked.fails = trusted, [httpx2.ConnectError("x")]
    asked.body = b'{"tickets": []}'
    monkeypatch.setattr(asked.uplink, "close", lambda: closed.append(1))
    monkeypatch.setattr(module, "network_failure", lambda _: ("certificate-dates", "out of date"))
    if trusted is None:
        with pytest.raises(DeliveryDeferred, match=r"^out of date$"):
            asked.uplink.recall()
    else:
        assert asked.uplink.recall() == QueueRecall([])
    by = [CertificateDates.BY_SYSTEM_CLOCK, *([CertificateDates.BY_TRUSTED_TIME] if trusted else [])]
    assert ([call[-1] for call in asked.calls], closed) == (by, [1])


def test_an_answer_of_another_key_is_not_central_s() -> None:
    asked = Asked(key=KEY)
    asked.body = b'{"tickets": []}'
    with pytest.raises(DeliveryDeferred, match=r"^an answer that is not central's: ") as caught:
        asked.uplink.recall()
    assert caught.value.code == "unverified"
    assert len(str(caught.value)) <= len("an answer that is not central's: ") + 200
