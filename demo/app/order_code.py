"""Order codes as the app signs them: COSE_Sign1 in base45, by the claims of `docs/protocol.md`."""

import base64
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

import base45
import cbor2
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

_LASTS: Final = timedelta(days=14)
_KEY_LASTS: Final = timedelta(days=30)
_ED25519: Final = -19


@dataclass(frozen=True, slots=True)
class SignedOrder:
    """An order as the phone shows it: its id (32 hex digits), the ten digits that can be typed, and its code."""

    order: str
    number: str
    code: str


@dataclass
class AppKey:
    """The app's signing key, made again at each start."""

    kid: bytes = field(default_factory=lambda: secrets.token_bytes(2))
    key: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate, repr=False)

    def published(self, now: datetime) -> dict[str, Any]:
        """Return what `central publish app-key` takes."""
        return {
            "kid": self.kid.hex(),
            "public_key": base64.b64encode(self.key.public_key().public_bytes_raw()).decode(),
            "valid_from": int(now.timestamp()) - 3600,
            "valid_until": int((now + _KEY_LASTS).timestamp()),
        }

    def order(self, service: str, centre: str, now: datetime, *, is_paid: bool) -> SignedOrder:
        """Sign an order of one document, to be collected at a centre."""
        order, number = secrets.token_bytes(16), f"{secrets.randbelow(10**10):010}"
        claims: dict[int, Any] = {
            1: "muamalati",
            4: int((now + _LASTS).timestamp()),
            6: int(now.timestamp()),
            7: order,
            -70001: service,
            -70002: 1,
            -70004: centre,
            -70007: number,
        }
        if is_paid:
            claims[-70003] = {1: "demo-bank", 2: number, 3: 100_000, 4: "SYP"}
        protected, body = cbor2.dumps({1: _ED25519, 4: self.kid}), cbor2.dumps(claims)
        signature = self.key.sign(cbor2.dumps(["Signature1", protected, b"", body]))
        message = cbor2.CBORTag(18, [protected, {}, body, signature])
        return SignedOrder(order.hex(), number, "SY1:" + base45.b45encode(cbor2.dumps(message)).decode())
