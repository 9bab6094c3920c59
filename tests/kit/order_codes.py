"""Order codes for tests: genuine ones by central's own mint, and any bytes at all around a signature."""

from typing import Any

import base45
import cbor2
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from central.intake.orders.order_code import Order, mint
from common.protocol.codes.order_claims import Payment
from kiosk.desk.order_code import AppKey, OrderCode, read_order_code

NOW = 1_795_000_000  # November 2026
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
OTHER_KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33)))
KID = b"\x01\x02"
ORDER_ID = bytes(range(16))
PAID = Payment("cbs", "REF-1", 250_000, "SYP")
ORDER = Order(ORDER_ID, "0123456789", "civil-affairs", 2, "homs-main", NOW - 3600, NOW + 86_400, PAID, b"\x55" * 128)
CLAIMS: dict[Any, Any] = {
    1: "muamalati",
    4: NOW + 86_400,
    6: NOW - 3600,
    7: ORDER_ID,
    -70001: "civil-affairs",
    -70002: 2,
    -70003: {1: "cbs", 2: "REF-1", 3: 250_000, 4: "SYP"},
    -70004: "homs-main",
    -70006: b"\x55" * 128,
    -70007: "0123456789",
}


def app_key(**changes: Any) -> AppKey:
    """The key that the feed has told of."""
    fields: dict[str, Any] = {
        "kid": KID,
        "public_key": KEY.public_key().public_bytes_raw(),
        "valid_from": NOW - 10_000_000,
        "valid_until": NOW + 10_000_000,
    }
    return AppKey(**(fields | changes))


def genuine(order: Order = ORDER) -> str:
    """A code as central mints it."""
    return mint(order, KID, KEY)


def code_of(message: bytes) -> str:
    """Any bytes as a code."""
    text: str = "SY1:" + base45.b45encode(message).decode()
    return text


def signed_parts(
    claims: object = None, *, header: object = None, key: Ed25519PrivateKey = KEY, payload: bytes | None = None
) -> list[Any]:
    """The four parts of a COSE_Sign1, really signed, whatever they hold."""
    protected = cbor2.dumps({1: -19, 4: KID} if header is None else header) if header != b"" else b""
    payload = cbor2.dumps(CLAIMS if claims is None else claims) if payload is None else payload
    return [protected, {}, payload, key.sign(cbor2.dumps(["Signature1", protected, b"", payload]))]


def signed(claims: object = None, **how: Any) -> str:
    """A code that is well wrapped and really signed, whatever it holds."""
    return code_of(cbor2.dumps(cbor2.CBORTag(18, signed_parts(claims, **how))))


def read(text: str, key: AppKey | None = None, **how: Any) -> OrderCode:
    """Read a code with the usual key, at the usual time."""
    given: dict[str, Any] = {"keys": {KID: key or app_key()}, "now": NOW, "tells_time": True}
    return read_order_code(text, **(given | how))
