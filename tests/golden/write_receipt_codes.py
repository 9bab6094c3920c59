"""Write the golden codes of receipts: `python -m tests.golden.write_receipt_codes`. Both ends read them.

The key is of these samples alone; its private bytes are the SHA-256 of a sentence.
"""

import base64
import hashlib
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from common.protocol.codes.receipt_code import Receipt, compose_receipt_code
from common.protocol.codes.signed_code import compose

CODES = Path(__file__).with_name("receipt_codes.json")
NOW = 1_795_000_000
KID = bytes.fromhex("4ec19075")
RECEIPT = Receipt(
    payment="01" * 16, biller="homs-water", biller_receipt="W-2026-000123", payer="shamcash", payer_receipt="88001234",
    bill_no="M1-261128-0007-1", amount=4_250_000, currency="SYP", pound="new", paid=NOW,
)  # fmt: skip


def key() -> Ed25519PrivateKey:
    """Return the key of these samples."""
    return _key("the golden receipts of the tests")


def _key(sentence: str) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(hashlib.sha256(sentence.encode()).digest())


def samples() -> list[dict[str, Any]]:
    """Return each sample with what its reader must make of it."""
    own, other = key(), _key("a stranger's key of the tests")
    good = [
        ("water", RECEIPT),
        ("the longest numbers", replace(RECEIPT, biller_receipt="9" * 64, payer_receipt="8" * 64, amount=10**12)),
        ("the old pound", replace(RECEIPT, payment="02" * 16, pound="old", biller="orders")),
    ]
    found = [
        {"name": name, "is": "genuine", "code": compose_receipt_code(one, KID, own), "receipt": asdict(one)}
        for name, one in good
    ]
    said = {1: "receipts", 6: NOW, 7: bytes(16), -70201: "homs-water", -70202: "W-1", -70203: "shamcash"}
    said |= {-70204: "88", -70205: "M1-1", -70206: 100, -70207: "SYP", -70208: "new"}
    return [
        *found,
        {"name": "by a stranger's key", "is": "forged", "code": compose(said, KID, other)},
        {"name": "by an app's key", "is": "forged", "code": compose(said, b"\x5a\x17", other)},
        {"name": "by a key not known here", "is": "unverified", "code": compose(said, b"\x01\x02\x03\x04", other)},
        {"name": "nothing paid", "is": "unreadable", "code": compose(said | {-70206: 0}, KID, own)},
        {"name": "an amount that is a truth", "is": "unreadable", "code": compose(said | {-70206: True}, KID, own)},
        {"name": "a third pound", "is": "unreadable", "code": compose(said | {-70208: "lira"}, KID, own)},
        {"name": "another issuer", "is": "unreadable", "code": compose(said | {1: "claims"}, KID, own)},
        {"name": "a line feed in a number", "is": "unreadable", "code": compose(said | {-70202: "W\n1"}, KID, own)},
        {"name": "cut off", "is": "unreadable", "code": str(found[0]["code"])[:-3]},
    ]


def main() -> None:
    """Write the file."""
    public = base64.b64encode(key().public_key().public_bytes_raw()).decode()
    told = {"key": {"kid": KID.hex(), "public_key": public, "app_kid": "5a17"}, "codes": samples()}
    CODES.write_bytes(msgspec.json.format(msgspec.json.encode(told), indent=1) + b"\n")


if __name__ == "__main__":
    main()
