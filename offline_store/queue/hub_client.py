"""One call to a hub at a time: signed by this kiosk, and believed only when that hub has signed the answer."""

import base64
import ssl
import time
from collections.abc import Mapping
from typing import Final, Protocol
from urllib.parse import urlsplit

import httpx2
import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from common.protocol.feed_message import HubRecord
from common.protocol.message_signature import SignatureRefused, sign_request, verify_response
from common.protocol.queue.call import HelpCall, TicketsAnswer, TicketsCall
from common.protocol.queue.claim import ClaimAsked, ClaimFound
from offline_store.delivery.connection.delivery_error import DeliveryDeferred, refusal
from offline_store.delivery.connection.tls import is_loopback, network_failure
from offline_store.queue.hub_pin import has_pin, is_known_by

#: The hub stands in the same building; a citizen's next look at the screen doesn't wait for a dead one.
CALL_S: Final = 4.0
#: All rows of a large hall, at a kiosk that holds none; else a hundredth of it.
MAX_ANSWER_BYTES: Final = 3 * 1024 * 1024


class HubCalls(Protocol):
    """What a kiosk asks of a hub. Every call raises DeliveryDeferred or DeliveryRejected."""

    def tell(self, call: TicketsCall) -> TicketsAnswer:
        """Tell of tickets, or of none, and hear how the queue stands."""

    def ask_help(self, call: HelpCall) -> None:
        """Say that a citizen asks for somebody."""

    def find_claim(self, asked: ClaimAsked) -> ClaimFound | None:
        """Return the claim of which these are the digits, None where the hub knows none."""

    def close(self) -> None:
        """Drop the connection."""


class _PinnedContext(ssl.SSLContext):
    """Trusts a hub by its key, or its certificate's hash: known from central's feed, whatever its dates say."""

    hub: HubRecord

    def wrap_socket(self, *args: object, **kwargs: object) -> ssl.SSLSocket:
        """Wrap a socket, shake hands and compare. Raises ssl.SSLCertVerificationError."""
        wrapped = super().wrap_socket(*args, **kwargs)  # type: ignore[arg-type]
        if not is_known_by(self.hub, wrapped.getpeercert(binary_form=True)):
            wrapped.close()
            raise ssl.SSLCertVerificationError("it is not the certificate that central named for this hub")
        return wrapped


class HttpHub:
    """HubCalls over httpx2, for one kiosk and one hub. Not for several threads."""

    def __init__(self, hub: HubRecord, kiosk: str, key: Ed25519PrivateKey) -> None:
        """Make a client.

        Args:
            hub: where it is and its keys, as central's feed named them.
            kiosk: this kiosk's id, the keyid of its signatures.
            key: this kiosk's signing key.

        Raises:
            ValueError: the address is neither https with a certificate's hash, nor http on loopback.
        """
        self._url = hub.address.rstrip("/")
        self._hub = hub.id
        self._public_key = Ed25519PublicKey.from_public_bytes(base64.b64decode(hub.public_key))
        self._kiosk, self._key = kiosk, key
        self._client = httpx2.Client(
            verify=_verification(self._url, hub),
            trust_env=False,
            timeout=CALL_S,
            headers={"Accept-Encoding": "identity", "Accept": "application/json", "User-Agent": "kiosk"},
        )

    def tell(self, call: TicketsCall) -> TicketsAnswer:
        """Tell of tickets, see HubCalls."""
        return self._post("tickets", call, TicketsAnswer)

    def ask_help(self, call: HelpCall) -> None:
        """Ask for somebody, see HubCalls."""
        self._post("help", call, HelpCall)

    def find_claim(self, asked: ClaimAsked) -> ClaimFound | None:
        """Ask what digits are, see HubCalls."""
        try:
            return self._post("claims", asked, ClaimFound)
        except DeliveryDeferred as error:
            if error.code == "status-404":  # unsigned; who says so wrongly costs somebody a scan of his code
                return None
            raise

    def close(self) -> None:
        """Drop the connection, see HubCalls."""
        self._client.close()

    def _post[Answer](self, what: str, call: object, shape: type[Answer]) -> Answer:
        url, body = f"{self._url}/v1/kiosks/{self._kiosk}/{what}", msgspec.json.encode(call)
        headers = sign_request("POST", url, body, key=self._key, keyid=self._kiosk)
        try:
            status, answer_headers, answer = self._exchange(url, headers | {"Content-Type": "application/json"}, body)
        except (httpx2.HTTPError, httpx2.InvalidURL, httpx2.StreamError) as error:
            code, text = network_failure(error)
            raise DeliveryDeferred(code, text.replace("central", f"hub {self._hub}")) from error
        if not 200 <= status < 300:
            raise refusal(status, answer_headers, answer)
        try:
            keys = {self._hub: self._public_key}
            verify_response(status, answer_headers, answer, method="POST", url=url, request_headers=headers, keys=keys)
            return msgspec.json.decode(answer, type=shape)
        except (SignatureRefused, msgspec.DecodeError, ValueError, RecursionError) as error:
            raise DeliveryDeferred(
                "unverified", f"an answer that is not hub {self._hub}'s: {str(error)[:200]}"
            ) from error

    def _exchange(self, url: str, headers: dict[str, str], body: bytes) -> tuple[int, Mapping[str, str], bytes]:
        deadline = time.monotonic() + CALL_S
        with self._client.stream("POST", url, headers=headers, content=body) as response:
            answer = bytearray()
            for chunk in response.iter_raw():
                answer += chunk
                if len(answer) > MAX_ANSWER_BYTES:
                    raise httpx2.DecodingError("the answer is larger than any of a hub's")
                if time.monotonic() > deadline:
                    raise httpx2.ReadTimeout("the answer did not end in time")
            return response.status_code, response.headers, bytes(answer)


def _verification(url: str, hub: HubRecord) -> ssl.SSLContext | bool:
    parts = urlsplit(url)
    if parts.scheme == "http" and is_loopback(parts.hostname or ""):
        return True  # never used: nothing is encrypted on the way within one machine
    if parts.scheme != "https" or not has_pin(hub):
        raise ValueError(
            f"a hub's address must be https with a pinned certificate, or http on this machine: {url[:80]!r}"
        )
    context = _PinnedContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.check_hostname = False  # it is known by its key, which says more than a name
    context.verify_mode = ssl.CERT_NONE
    context.hub = hub
    return context
