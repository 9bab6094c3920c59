"""The app of the demo signs orders as the protocol says, and its key verifies them."""

import base64
from datetime import UTC, datetime, timedelta

import base45
import cbor2
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from demo.app.order_code import AppKey

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)


def test_the_key_is_published_from_an_hour_ago_for_thirty_days() -> None:
    key = AppKey(kid=b"\x0a\x0b")
    public = base64.b64encode(key.key.public_key().public_bytes_raw()).decode()
    at = int(NOW.timestamp())
    assert key.published(NOW) == {
        "kid": "0a0b", "public_key": public, "valid_from": at - 3600, "valid_until": at + 30 * 86400,
    }  # fmt: skip
    assert len(AppKey().kid) == 2
    assert AppKey().kid is not None


@pytest.mark.parametrize("is_paid", [True, False])
def test_an_order_is_a_signed_message_of_its_claims(is_paid: bool) -> None:
    key = AppKey(kid=b"\x0a\x0b")
    signed = key.order("clearance", "homs-main", NOW, is_paid=is_paid)
    assert signed.code.startswith("SY1:")
    message = cbor2.loads(base45.b45decode(signed.code.removeprefix("SY1:")))
    assert message.tag == 18
    protected, unprotected, body, signature = message.value
    assert (cbor2.loads(protected), unprotected) == ({1: -19, 4: b"\x0a\x0b"}, {})
    paid = {-70003: {1: "demo-bank", 2: signed.number, 3: 100_000, 4: "SYP"}} if is_paid else {}
    assert cbor2.loads(body) == {
        1: "muamalati",
        4: int((NOW + timedelta(days=14)).timestamp()),
        6: int(NOW.timestamp()),
        7: bytes.fromhex(signed.order),
        -70001: "clearance",
        -70002: 1,
        -70004: "homs-main",
        -70007: signed.number,
        **paid,
    }
    public: Ed25519PublicKey = key.key.public_key()
    public.verify(signature, cbor2.dumps(["Signature1", protected, b"", body]))
    assert (len(signed.order), len(signed.number), signed.number.isdecimal()) == (32, 10, True)
