"""The other hubs of the centre, asked over the network: each answer is believed by its hub's signature alone."""

import base64
import contextlib
import ssl
from typing import Any, Final, TypeVar

import httpx2
import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from msgspec import Struct

from common.protocol.feed_message import HubRecord
from common.protocol.message_signature import SignatureRefused, sign_request, verify_response
from hub.log.authors import Led
from hub.takeover.replica import LogPage
from offline_store.queue.hub_pin import has_pin, is_known_by

CALL_S: Final = 2.0
MAX_ANSWER_BYTES: Final = 16 * 1024 * 1024
Answer = TypeVar("Answer")


class PeerSilent(Exception):
    """A hub that does not answer, or whose answer is not its own."""


class Statement(Struct, frozen=True):
    """What a hub says of itself, signed."""

    hub: str
    term: int
    leading: bool
    address: str
    seq: int
    led: Led | None = None
    """Who was let lead last, as far as it knows; null of a hub of 1.0, or of one without a log."""

    def knows_of_another(self, hub: str, term: int) -> bool:
        """Whether another hub than this one may have been let lead since this one led under a term."""
        if self.led is None:
            return self.term > term
        return self.term > term or (self.led.term >= term and self.led.hub != hub)


class Peer:
    """One other hub. Not for several threads."""

    def __init__(self, record: HubRecord, own_id: str, key: Ed25519PrivateKey) -> None:
        """Take central's word for who it is and where."""
        self.record = record
        self._own_id = own_id
        self._key = key
        self._client: httpx2.Client | None = None

    def statement(self) -> Statement:
        """Ask which term it serves, and whether it leads. Raises PeerSilent."""
        said = self._get("/v1/hub", Statement)
        if said.hub != self.record.id:
            raise PeerSilent(f"{self.record.address} is another hub than {self.record.id}")
        return said

    def pull(self, after: int) -> LogPage:
        """Ask for its log after a seq. Raises PeerSilent."""
        return self._get(f"/v1/events?after={after}", LogPage)

    def close(self) -> None:
        """Drop the connection."""
        if self._client is not None:
            self._client.close()
            self._client = None

    def _get(self, path: str, shape: type[Answer]) -> Answer:
        url = self.record.address.rstrip("/") + path
        headers = sign_request("GET", url, b"", key=self._key, keyid=self._own_id)
        try:
            with self._connected().stream("GET", url, headers=headers) as response:
                self._check_pin(response)
                body = b"".join(self._bounded(response))
            key = Ed25519PublicKey.from_public_bytes(base64.b64decode(self.record.public_key))
            verify_response(
                response.status_code,
                response.headers,
                body,
                method="GET",
                url=url,
                request_headers=headers,
                keys={self.record.id: key},
            )
            return msgspec.json.decode(body, type=shape)
        except (httpx2.HTTPError, httpx2.InvalidURL, SignatureRefused, ValueError, msgspec.DecodeError) as error:
            self.close()
            raise PeerSilent(f"hub {self.record.id} at {self.record.address}: {str(error)[:200]}") from error

    @staticmethod
    def _bounded(response: httpx2.Response) -> Any:
        size = 0
        for chunk in response.iter_raw():
            size += len(chunk)
            if size > MAX_ANSWER_BYTES:
                raise ValueError("the answer is larger than any of a hub's")
            yield chunk

    def _check_pin(self, response: httpx2.Response) -> None:
        """Hold the TLS certificate against what central said of this hub. Raises ValueError."""
        if not has_pin(self.record):
            return
        stream = response.extensions.get("network_stream")
        shown = None
        with contextlib.suppress(AttributeError):
            # By position: what lies below is the ssl module's own object, which knows no names.
            shown = stream.get_extra_info("ssl_object").getpeercert(True)  # type: ignore[union-attr]
        if not is_known_by(self.record, shown):
            raise ValueError("its TLS certificate is not the one that central knows")

    def _connected(self) -> httpx2.Client:
        if self._client is None:
            # The key that central named is what counts, whatever name or date the certificate bears.
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
            self._client = httpx2.Client(
                verify=context, trust_env=False, timeout=CALL_S, headers={"Accept-Encoding": "identity"}
            )
        return self._client
