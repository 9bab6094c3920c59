"""One call to central at a time: signed, bounded, with a deadline, and believed only when central signed the answer."""

import base64
import secrets
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path
from typing import Final, NamedTuple, Protocol, TypeVar
from urllib.parse import urlencode

import httpx2
import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from common.protocol.envelope import (
    Batch,
    BatchAnswer,
    EnrolmentAnswer,
    EnrolmentPending,
    EnrolmentRequest,
    FormerPlace,
    TimeAnswer,
)
from common.protocol.feed_message import CentralKeyRecord
from common.protocol.feed_page import ChainPlace, FeedPage
from common.protocol.inquiry import MAX_INQUIRY_ANSWER_BYTES, Inquiry, InquiryAnswer
from common.protocol.message_signature import SignatureRefused, sign_request, verify_response
from common.protocol.queue.recall import QueueRecall
from offline_store.delivery.connection.connections import Connections
from offline_store.delivery.connection.delivery_error import REVOKED, DeliveryDeferred, DeliveryRejected, refusal
from offline_store.delivery.connection.tls import CertificateDates, loopback_or_tls, network_failure

# A line of 9,600 bit/s takes minutes for what it brings on all the time: so the limit is for silence. The other one,
# below the forwarder's watchdog, is for what drips for ever.
SILENCE_S: Final = 60.0
CALL_S: Final = 480.0
CONNECT_S: Final = 10.0
PATIENCE: Final = httpx2.Timeout(SILENCE_S, connect=CONNECT_S)
MAX_ANSWER_BYTES: Final = 8 * 1024 * 1024
MAX_BATCH_ANSWER_BYTES: Final = 1024 * 1024
MAX_KNOWN_KEYS: Final = 16

Answer = TypeVar("Answer")
Keys = Mapping[str, Ed25519PublicKey]


class Uplink(Protocol):
    """What the forwarder asks of central. Every call raises DeliveryDeferred or DeliveryRejected."""

    def send(self, batch: Batch) -> BatchAnswer:
        """Hand over a batch; the answer is verified, but may name any ids."""

    def feed(self, after: str | None, acknowledged: Sequence[ChainPlace] = ()) -> FeedPage:
        """Ask for the feed after a cursor, or for a snapshot; and what central lacks of what it had acknowledged."""

    def time(self) -> datetime:
        """Ask for central's signed time, as of about half-way through the call; works with any clock."""


def public_keys(keys: "list[CentralKeyRecord] | tuple[CentralKeyRecord, ...]") -> dict[str, Ed25519PublicKey]:
    """Read central's signing keys by kid. Raises ValueError for what is no 32-byte key."""
    return {key.kid: Ed25519PublicKey.from_public_bytes(base64.b64decode(key.public_key)) for key in keys}


class HubDescription(NamedTuple):
    """Where a hub is reached, the SHA-256 of its TLS certificate as DER, and its public TLS key (base64 of DER).

    None for http on loopback.
    """

    address: str
    certificate_sha256: str | None = None
    tls_key: str | None = None


class _Question(NamedTuple):
    """One call to central. `enrols`: the key that it enrols, which signs it by its own name; None for a known kiosk."""

    method: str
    path: str
    body: bytes = b""
    limit: int = MAX_ANSWER_BYTES
    dates: CertificateDates = CertificateDates.BY_SYSTEM_CLOCK
    enrols: str | None = None


class HttpUplink:
    """The Uplink over httpx2, for one kiosk. Threads may call side by side: each call has a connection of its own."""

    def __init__(
        self,
        url: str,
        *,
        kiosk: str,
        key: Ed25519PrivateKey,
        signing_keys: Callable[[], Keys],
        ca_file: Path | None = None,
        trusted_now: Callable[[], datetime | None] = lambda: None,
        patience: httpx2.Timeout = PATIENCE,
    ) -> None:
        """Make an uplink to `url`.

        Args:
            url: central's address; http only for loopback.
            kiosk: this kiosk's id, the keyid of its signatures.
            key: this kiosk's signing key.
            signing_keys: gives central's signing keys by kid, asked at each call, for the feed brings new ones.
            ca_file: the pinned CA as PEM.
            trusted_now: the time by central's signature, or None. It judges certificates where the system's clock
                has made them look out of date.
            patience: for how long central may be silent.

        Raises:
            ValueError: the address is not https with a CA, nor http on loopback.
        """
        self.url = url.rstrip("/")
        self.kiosk = kiosk
        self._key = key
        self._signing_keys = signing_keys
        self._trusted_now = trusted_now
        self._connections = Connections(loopback_or_tls(url, ca_file), trusted_now, patience)

    def close(self) -> None:
        """Drop the connections that no call uses; the next call opens another."""
        self._connections.close()

    def end(self) -> None:
        """Drop the connections that no call uses, and those of calls that are under way once these are over."""
        self._connections.end()

    def send(self, batch: Batch) -> BatchAnswer:
        """Hand over a batch, see Uplink."""
        body = msgspec.json.encode(batch)
        path = f"/v1/kiosks/{self.kiosk}/batches?nonce={secrets.token_hex(8)}"
        return self._ask(_Question("POST", path, body, limit=MAX_BATCH_ANSWER_BYTES), BatchAnswer)

    def feed(self, after: str | None, acknowledged: Sequence[ChainPlace] = ()) -> FeedPage:
        """Ask for the feed, see Uplink. The nonce binds the answer to this very question: no old one fits it."""
        asked = {"after": after, "acked": ",".join(map(str, acknowledged)), "nonce": secrets.token_hex(8)}
        query = urlencode({name: value for name, value in asked.items() if value})
        return self._ask(_Question("GET", f"/v1/kiosks/{self.kiosk}/feed?{query}"), FeedPage)

    def ask(self, inquiry: Inquiry) -> InquiryAnswer:
        """Ask what somebody waits for, or have it undone; the same id gets the same answer again."""
        path = f"/v1/kiosks/{self.kiosk}/inquiries?nonce={secrets.token_hex(8)}"
        body = msgspec.json.encode(inquiry)
        return self._ask(_Question("POST", path, body, limit=MAX_INQUIRY_ANSWER_BYTES), InquiryAnswer)

    def ask_on(self, inquiry: str, after: int) -> InquiryAnswer:
        """Wait for what is new of a question that central called pending, above revision `after`; a long poll."""
        path = f"/v1/kiosks/{self.kiosk}/inquiries/{inquiry}?after={after}&nonce={secrets.token_hex(8)}"
        return self._ask(_Question("GET", path, limit=MAX_INQUIRY_ANSWER_BYTES), InquiryAnswer)

    def recall(self, lives: Sequence[str] = ()) -> QueueRecall:
        """Ask what central knows of the centre's queue, and how far it has the facts of some lives of its hubs."""
        asked = {"lives": ",".join(lives), "nonce": secrets.token_hex(8)}
        path = f"/v1/kiosks/{self.kiosk}/queue?{urlencode({name: value for name, value in asked.items() if value})}"
        return self._ask(_Question("GET", path), QueueRecall)

    def time(self) -> datetime:
        """Ask for central's signed time, see Uplink. The one call that looks at no certificate's dates."""
        nonce = secrets.token_hex(16)
        try:
            # A key that this kiosk has not heard of could not be believed.
            known = ",".join([*self._signing_keys()][-MAX_KNOWN_KEYS:])
            path = f"/v1/time?nonce={nonce}&known={known}"
            answer = self._ask(_Question("GET", path, dates=CertificateDates.IGNORED), TimeAnswer)
            moment = datetime.fromisoformat(answer.time)
        except ValueError as error:
            raise DeliveryDeferred("unverified", "central's answer holds no time") from error
        if answer.nonce != nonce or moment.tzinfo is None:
            raise DeliveryDeferred("unverified", "central's answer is to another question for the time")
        return moment.astimezone(UTC)

    def enrol(self, code: str, hub: HubDescription | None = None, former: FormerPlace | None = None) -> EnrolmentAnswer:
        """Spend an enrolment code on this uplink's key. Central's keys are taken from the answer itself.

        Args:
            code: the one-time code.
            hub: where this hub is reached; None for a kiosk.
            former: the place that this key was enrolled with before.

        Raises:
            DeliveryRejected: central refuses the code; the text is central's own sentence.
            DeliveryDeferred: also where an administrator has to confirm a hub's address first.
        """
        public = base64.b64encode(self._key.public_key().public_bytes_raw()).decode()
        request = EnrolmentRequest(code, public, former=former)
        if hub is not None:
            request = EnrolmentRequest(code, public, "hub", *hub, former=former)
        body = msgspec.json.encode(request)
        return self._ask(_Question("POST", "/v1/enrolments", body, enrols=public), EnrolmentAnswer)

    def _ask(self, asked: _Question, shape: type[Answer]) -> Answer:
        method, url = asked.method, self.url + asked.path
        headers = sign_request(method, url, asked.body, key=self._key, keyid=asked.enrols or self.kiosk)
        if asked.body:
            headers["Content-Type"] = "application/json"
        try:
            status, answer_headers, answer = self._exchange(asked, headers)
        except (httpx2.HTTPError, httpx2.InvalidURL, httpx2.StreamError) as error:
            code, text = network_failure(error)
            trusted = self._trusted_now()
            self.close()
            if code == "certificate-dates" and asked.dates is CertificateDates.BY_SYSTEM_CLOCK and trusted is not None:
                return self._ask(asked._replace(dates=CertificateDates.BY_TRUSTED_TIME), shape)
            raise DeliveryDeferred(code, text) from error
        if not 200 <= status < 300:
            refused = refusal(status, answer_headers, answer)
            is_signed = isinstance(refused, DeliveryRejected) and refused.problem == REVOKED
            if is_signed and self._is_signed(asked, headers, status, answer_headers, answer):
                raise DeliveryRejected(REVOKED, str(refused), REVOKED)
            raise refused
        try:
            keys = _keys_in(answer) if asked.enrols else self._signing_keys()
            verify_response(status, answer_headers, answer, method=method, url=url, request_headers=headers, keys=keys)
            if asked.enrols and status == HTTPStatus.ACCEPTED:
                raise _unconfirmed(answer)
            return msgspec.json.decode(answer, type=shape)
        except (SignatureRefused, msgspec.DecodeError, ValueError, RecursionError) as error:
            raise DeliveryDeferred("unverified", f"an answer that is not central's: {str(error)[:200]}") from error

    def _is_signed(
        self, asked: _Question, sent: dict[str, str], status: int, headers: Mapping[str, str], answer: bytes
    ) -> bool:
        """Whether a refusal is central's own word; anybody on the way can answer 403."""
        target = {"method": asked.method, "url": self.url + asked.path, "request_headers": sent}
        try:
            verify_response(status, headers, answer, **target, keys=self._signing_keys())  # type: ignore[arg-type]
        except SignatureRefused:
            return False
        return True

    def _exchange(self, asked: _Question, headers: dict[str, str]) -> tuple[int, Mapping[str, str], bytes]:
        """Send one request and read the whole answer, as the bytes that were signed."""
        deadline = time.monotonic() + CALL_S
        with (
            self._connections.one(asked.dates) as client,
            client.stream(asked.method, self.url + asked.path, headers=headers, content=asked.body) as response,
        ):
            answer = bytearray()
            for chunk in response.iter_raw():
                answer += chunk
                if len(answer) > asked.limit:
                    raise httpx2.DecodingError("the answer is larger than any of central's")
                if time.monotonic() > deadline:
                    raise httpx2.ReadTimeout("the answer did not end in time")
            return response.status_code, response.headers, bytes(answer)


class _WithKeys(msgspec.Struct):
    """An answer to an enrolment, whichever it is."""

    signing_keys: list[CentralKeyRecord]


def _keys_in(answer: bytes) -> Keys:
    return public_keys(msgspec.json.decode(answer, type=_WithKeys).signing_keys)


def _unconfirmed(answer: bytes) -> DeliveryDeferred:
    address = msgspec.json.decode(answer, type=EnrolmentPending).address
    text = f"an administrator has to confirm the address {address} at central; then give the same command again"
    return DeliveryDeferred("address-unconfirmed", text)
