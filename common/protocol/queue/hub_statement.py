"""A hub's signed word that it leads: kiosks and pages carry it unchanged from one hub to another.

A hub that comes back after a take-over learns by it that another one led later, though that one is silent; and a hub
whose disk lost its last commits learns that its log was longer.
"""

import base64
import functools
from typing import Annotated

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from msgspec import Meta, Struct

from common.protocol.field import Count, KioskId, Visible


class HubStatement(Struct, frozen=True):
    """`hub` leads under `term`; its log, which has this mark, ends at `seq`. The signature (base64) covers all four."""

    hub: KioskId
    term: Count
    seq: Count
    mark: Visible
    signature: Annotated[str, Meta(max_length=100)] = ""

    @property
    def rank(self) -> tuple[int, str, int]:
        """What the greater of two statements is told by."""
        return self.term, self.hub, self.seq

    def text(self) -> bytes:
        """Return what is signed."""
        return "\n".join(("hub-statement-1", self.hub, str(self.term), str(self.seq), self.mark)).encode()

    def is_signed_by(self, public_key: str) -> bool:
        """Whether the holder of a key (base64) said this."""
        try:
            key = Ed25519PublicKey.from_public_bytes(base64.b64decode(public_key))
            key.verify(base64.b64decode(self.signature, validate=True), self.text())
        except (InvalidSignature, ValueError):
            return False
        return True


@functools.lru_cache(maxsize=16)  # each page and kiosk asks for the same word again and again
def statement(hub: str, term: int, seq: int, mark: str, key: Ed25519PrivateKey) -> HubStatement:
    """Make a signed statement."""
    unsigned = HubStatement(hub, term, seq, mark)
    return HubStatement(hub, term, seq, mark, base64.b64encode(key.sign(unsigned.text())).decode())
