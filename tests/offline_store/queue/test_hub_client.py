"""A kiosk's calls to its hub: signed on the way, believed only with that hub's signature, bounded in size and time."""

import base64
import hashlib
import ssl
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import httpx2
import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from common.protocol.feed_message import HubRecord
from common.protocol.message_signature import sign_response, verify_request
from common.protocol.queue.call import HelpCall, TicketsAnswer, TicketsCall
from common.protocol.queue.claim import ClaimAsked, ClaimFound
from offline_store.delivery.connection.delivery_error import DeliveryDeferred, DeliveryRejected
from offline_store.queue import hub_client
from offline_store.queue.hub_client import MAX_ANSWER_BYTES, HttpHub

KIOSK_KEY = Ed25519PrivateKey.from_private_bytes(b"k" * 32)
HUB_KEY = Ed25519PrivateKey.from_private_bytes(b"h" * 32)
OTHER_KEY = Ed25519PrivateKey.from_private_bytes(b"o" * 32)
PUBLIC = base64.b64encode(HUB_KEY.public_key().public_bytes_raw()).decode()
RECORD = HubRecord("hub-1", "http://127.0.0.1:8090/", PUBLIC)
HELP = HelpCall("3f2c9d1e-0000-4000-8000-000000000001")
FOUND = ClaimFound("0f" * 16, "booked", "clearance", 1, 10, 2, used=False)
CALL = TicketsCall("3f2c9d1e-0000-4000-8000-000000000002", 5)


class Hub:
    """Answers the one call; what it was asked is kept."""

    def __init__(self, answer: Any, status: int = 200, key: Ed25519PrivateKey = HUB_KEY, keyid: str = "hub-1") -> None:
        self.body = answer if isinstance(answer, bytes) else msgspec.json.encode(answer)
        self.status, self.key, self.keyid = status, key, keyid
        self.asked: list[tuple[str, bytes]] = []
        self.client = HttpHub(RECORD, "kiosk-1", KIOSK_KEY)
        assert self.client._client.timeout == httpx2.Timeout(4.0)
        headers = self.client._client.headers
        self.client._client = httpx2.Client(transport=httpx2.MockTransport(self._answer), headers=headers)

    def _answer(self, request: httpx2.Request) -> httpx2.Response:
        url, body = str(request.url), request.read()
        keys = {"kiosk-1": KIOSK_KEY.public_key()}
        signed = verify_request("POST", url, request.headers, body, keys=keys)
        assert (signed.keyid, request.headers["Accept-Encoding"]) == ("kiosk-1", "identity")
        assert request.headers["Content-Type"] == "application/json"
        self.asked.append((url, body))
        if self.keyid == "none":
            return httpx2.Response(self.status, stream=httpx2.ByteStream(self.body))
        headers = sign_response(
            self.status, self.body, method="POST", url=url, request_headers=dict(request.headers), key=self.key,
            keyid=self.keyid,
        )  # fmt: skip
        return httpx2.Response(self.status, stream=httpx2.ByteStream(self.body), headers=headers)


@pytest.mark.parametrize(
    ("what", "call", "answer", "heard"),
    [
        ("tickets", CALL, TicketsAnswer(7), TicketsAnswer(7)),
        ("help", HELP, HELP, None),
        ("claims", ClaimAsked("12345678"), FOUND, FOUND),
    ],
)
def test_each_call_goes_to_its_place_and_its_answer_is_believed(what: str, call: Any, answer: Any, heard: Any) -> None:
    hub = Hub(answer)
    asks: dict[str, Callable[[Any], Any]] = {
        "tickets": hub.client.tell, "help": hub.client.ask_help, "claims": hub.client.find_claim,
    }  # fmt: skip
    assert asks[what](call) == heard
    assert hub.asked == [(f"http://127.0.0.1:8090/v1/kiosks/kiosk-1/{what}", msgspec.json.encode(call))]
    hub.client.close()
    assert hub.client._client.is_closed


@pytest.mark.parametrize(
    "hub",
    [
        Hub(TicketsAnswer(7), key=OTHER_KEY),
        Hub(TicketsAnswer(7), keyid="hub-2"),
        Hub(TicketsAnswer(7), keyid="none"),
        Hub(b'{"term": "no"}'),
        Hub(b"[" * 5000),
    ],
)
def test_what_is_not_this_hub_s_own_word_is_no_answer(hub: Hub) -> None:
    with pytest.raises(DeliveryDeferred) as refused:
        hub.client.tell(CALL)
    assert refused.value.code == "unverified"
    assert str(refused.value).startswith("an answer that is not hub hub-1's: ")


@pytest.mark.parametrize(
    ("status", "kind", "code"),
    [
        (300, DeliveryDeferred, "status-300"),
        (503, DeliveryDeferred, "status-503"),
        (401, DeliveryRejected, "unauthorised"),
        (409, DeliveryRejected, "refused"),
    ],
)
def test_a_status_beside_2xx_is_a_refusal(status: int, kind: type[Exception], code: str) -> None:
    assert Hub(TicketsAnswer(7), 299).client.tell(CALL) == TicketsAnswer(7)
    hub = Hub(TicketsAnswer(7), status)
    with pytest.raises(kind) as refused:
        hub.client.tell(CALL)
    assert getattr(refused.value, "code", None) == code


def test_digits_that_a_hub_does_not_know_are_none_and_other_failures_are_failures() -> None:
    assert Hub(b"{}", 404).client.find_claim(ClaimAsked("12345678")) is None
    with pytest.raises(DeliveryDeferred):
        Hub(b"{}", 500).client.find_claim(ClaimAsked("12345678"))
    with pytest.raises(DeliveryDeferred):
        Hub(b"{}", 404).client.tell(CALL)


@pytest.mark.parametrize(("extra", "code"), [(0, "unverified"), (1, "network")])
def test_an_answer_may_be_as_large_as_any_of_a_hub_s_and_no_larger(extra: int, code: str) -> None:
    with pytest.raises(DeliveryDeferred) as refused:
        Hub(b" " * (MAX_ANSWER_BYTES + extra), keyid="none").client.tell(CALL)
    assert (refused.value.code == "unverified") is (code == "unverified")
    assert "hub hub-1" in str(refused.value)


@pytest.mark.parametrize(("takes_s", "is_late"), [(4.0, False), (4.1, True)])
def test_an_answer_that_dribbles_is_given_up_after_four_seconds(
    monkeypatch: pytest.MonkeyPatch, takes_s: float, is_late: bool
) -> None:
    hub, moments = Hub(TicketsAnswer(7)), iter([0.0, *[takes_s] * 9])
    monkeypatch.setattr(hub_client, "time", SimpleNamespace(monotonic=lambda: next(moments)))
    if not is_late:
        assert hub.client.tell(CALL) == TicketsAnswer(7)
        return
    with pytest.raises(DeliveryDeferred) as refused:
        hub.client.tell(CALL)
    assert refused.value.code == "too-slow"


@pytest.mark.parametrize(
    ("address", "pinned", "is_taken"),
    [
        ("http://127.0.0.1:1", False, True), ("http://10.0.0.5:1", False, False), ("http://10.0.0.5:1", True, False),
        ("https://10.0.0.5:1", True, True), ("https://10.0.0.5:1", False, False), ("ftp://127.0.0.1", True, False),
    ],
)  # fmt: skip
def test_a_hub_is_asked_over_https_with_a_pin_or_on_this_machine(address: str, pinned: bool, is_taken: bool) -> None:
    hub = HubRecord("hub-1", address, "k", "ab" * 32 if pinned else None)
    if not is_taken:
        with pytest.raises(ValueError, match="a hub's address must be https with a pinned certificate"):
            hub_client._verification(address, hub)
        return
    found = hub_client._verification(address, hub)
    if not isinstance(found, hub_client._PinnedContext):
        assert found is True
        return
    assert (found.check_hostname, found.verify_mode, found.hub) == (False, ssl.CERT_NONE, hub)
    assert found.minimum_version is ssl.TLSVersion.TLSv1_2


@pytest.mark.parametrize("shown", [b"certificate", b"another", None])
def test_a_certificate_that_central_did_not_name_ends_the_connection(
    monkeypatch: pytest.MonkeyPatch, shown: bytes | None
) -> None:
    closed: list[bool] = []
    wrapped = SimpleNamespace(getpeercert=lambda binary_form: shown, close=lambda: closed.append(True))
    monkeypatch.setattr(ssl.SSLContext, "wrap_socket", lambda *_, **__: wrapped)
    hub = HubRecord("hub-1", "https://10.0.0.5:1", "k", hashlib.sha256(b"certificate").hexdigest())
    context = hub_client._verification(hub.address, hub)
    assert isinstance(context, hub_client._PinnedContext)
    if shown == b"certificate":
        context.wrap_socket(object())
    else:
        with pytest.raises(ssl.SSLCertVerificationError):
            context.wrap_socket(object())
    assert closed == [True] * (shown != b"certificate")
