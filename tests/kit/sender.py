"""A kiosk as central sees one: a key, an id and a chain of items. Built on the envelope alone, without the kiosk."""

import base64
import hashlib
import uuid
from dataclasses import dataclass, field
from typing import Any

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey

from central.keys.keys import SEAL_SUITE
from common.protocol.envelope import (
    FIRST_PREV_HASH,
    AuditBody,
    Batch,
    Body,
    EnrolmentAnswer,
    Item,
    OrderBody,
    Sealed,
    SealedContent,
    TicketBody,
    encode_body,
    item_hash,
    seal_info,
)
from common.protocol.feed_message import CentralKeyRecord
from common.protocol.message_signature import sign_request


@dataclass
class Sender:
    """Makes items, and signs requests as the kiosk `kiosk` at `url`."""

    kiosk: str
    url: str
    key: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)
    sealing: CentralKeyRecord | None = None
    epoch: str = field(default_factory=lambda: str(uuid.uuid4()))
    seq: int = 0
    head: str = FIRST_PREV_HASH
    digit: int = 1
    central_keys: dict[str, Ed25519PublicKey] = field(default_factory=dict)

    def learn(self, answer: EnrolmentAnswer) -> None:
        """Take the place that enrolment gave."""
        self.kiosk, self.digit, self.sealing = answer.kiosk, answer.digit, answer.sealing_key
        self.central_keys = {}
        for key in answer.signing_keys:
            self.trust(key.kid, key.public_key)

    def trust(self, kid: str, public_key: str) -> None:
        """Take a signing key of central's from here on (base64 of 32 bytes)."""
        self.central_keys[kid] = Ed25519PublicKey.from_public_bytes(base64.b64decode(public_key))

    @property
    def public_key(self) -> str:
        return base64.b64encode(self.key.public_key().public_bytes_raw()).decode()

    def item(
        self,
        body: Body,
        kind: str,
        item_id: str | None = None,
        *,
        wall_time: str = "2026-11-25T08:00:00.000000Z",
        boot_id: str = "b0070000-0000-4000-8000-000000000000",
        clock: str = "synced",
    ) -> Item:
        """The next item of the chain."""
        self.seq += 1
        item = Item(
            id=item_id or str(uuid.uuid4()),
            seq=self.seq,
            epoch=self.epoch,
            kind=kind,
            wall_time=wall_time,
            boot_time_ns=1_000_000_000 * self.seq,
            boot_id=boot_id,
            clock=clock,
            body=encode_body(body),
            prev_hash=self.head,
            hash="",
        )
        item = self.rehashed(item)
        self.head = item.hash
        return item

    def rehashed(self, item: Item, **changes: Any) -> Item:
        """`item` with `changes` and the hash that fits them."""
        changed = msgspec.structs.replace(item, **changes)
        return msgspec.structs.replace(changed, hash=item_hash(self.kiosk, changed))

    def ticket(self) -> Item:
        """A ticket, the most frequent item."""
        number = f"A{self.digit}{self.seq + 1:03}"
        return self.item(TicketBody(number=number, service="civil-affairs", business_day="2026-11-25"), "ticket")

    def audit(self, event: str = "opened-maintenance") -> Item:
        return self.item(AuditBody(event=event), "audit")

    def order(self, code: str, order_id: str | None, item_id: str | None = None) -> Item:
        """An order whose raw code is sealed to central."""
        item_id = item_id or str(uuid.uuid4())
        body = OrderBody(
            outcome="accepted", order_id=order_id, service="civil-affairs", sealed=self.sealed(item_id, code=code)
        )
        return self.item(body, "order", item_id)

    def sealed(self, item_id: str, code: str | None = None, person: dict[str, str] | None = None) -> Sealed:
        return self.sealed_bytes(item_id, msgspec.json.encode(SealedContent(code=code, person=person)))

    def sealed_bytes(self, item_id: str, content: bytes) -> Sealed:
        assert self.sealing is not None
        public = X25519PublicKey.from_public_bytes(base64.b64decode(self.sealing.public_key))
        data = SEAL_SUITE.encrypt(content, public, seal_info(self.kiosk, self.epoch, item_id))
        return Sealed(self.sealing.kid, base64.b64encode(data).decode())

    def batch(self, items: list[Item], **more: Any) -> bytes:
        return msgspec.json.encode(Batch(items, **more))

    def signature(self, method: str, path: str, body: bytes = b"", keyid: str | None = None) -> dict[str, str]:
        """The headers that sign a request."""
        return sign_request(method, self.url + path, body, key=self.key, keyid=keyid or self.kiosk)

    def signed_at(self, created: int, method: str, path: str, body: bytes) -> dict[str, str]:
        """The headers that sign a request by a clock that stands at `created`, composed by hand from RFC 9421 (2.5)."""
        digest = f"sha-256=:{base64.b64encode(hashlib.sha256(body).digest()).decode()}:"
        params = f'("@method" "@target-uri" "content-digest");created={created};keyid="{self.kiosk}";alg="ed25519"'
        lines = f'"@method": {method}', f'"@target-uri": {self.url}{path}', f'"content-digest": {digest}'
        text = "\n".join((*lines, f'"@signature-params": {params}'))
        signature = base64.b64encode(self.key.sign(text.encode())).decode()
        return {"Content-Digest": digest, "Signature-Input": f"sig1={params}", "Signature": f"sig1=:{signature}:"}

    @property
    def batches_path(self) -> str:
        return f"/v1/kiosks/{self.kiosk}/batches"
