"""Write the golden codes of claims: `python -m tests.golden.write_claim_codes`. Both ends read them.

The key is of these samples alone; its private bytes are the SHA-256 of a sentence.
"""

import base64
import hashlib
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from common.protocol.codes.claim_code import Claim, compose_claim_code
from common.protocol.codes.signed_code import compose
from common.protocol.queue.claim import check_digit

CODES = Path(__file__).with_name("claim_codes.json")
NOW = 1_795_000_000
KID = bytes.fromhex("0c1a1335")


def _key(sentence: str) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(hashlib.sha256(sentence.encode()).digest())


def _claim(number: int, **changes: Any) -> Claim:
    seven = f"{number:07}"
    claim = Claim(
        id=f"{number:02}" * 16, centre="homs-main", service="civil-affairs", kind="booked", at=NOW + 86_400,
        minutes=15, digits=seven + check_digit(seven), credit_min=45, issued=NOW, expires=NOW + 4 * 86_400,
    )  # fmt: skip
    return replace(claim, **changes)


def samples() -> list[dict[str, Any]]:
    """Return each sample with what its reader must make of it."""
    key, app = _key("the golden claims of the tests"), _key("an app's key of the tests")
    booked, afar = _claim(1), _claim(2, kind="afar", service="judicial-record", credit_min=10, at=NOW + 2400)
    family = _claim(3, minutes=60, centre="homs-new", credit_min=15)
    good = [("booked", booked), ("from afar", afar), ("a family, four lengths", family)]
    found = [
        {"name": name, "is": "genuine", "code": compose_claim_code(one, KID, key), "claim": asdict(one)}
        for name, one in good
    ]
    as_app = {1: "claims", 4: NOW + 9, 6: NOW, 7: bytes(16), -70001: "civil-affairs", -70004: "homs-main"}
    as_app |= {-70101: 1, -70102: NOW + 86_400, -70103: 15, -70104: booked.digits, -70105: 45}
    code = found[0]["code"]
    found += [
        {"name": "by an app's key", "is": "forged", "code": compose(as_app, b"\x5a\x17", app)},
        {"name": "by a stranger's key under central's name", "is": "forged", "code": compose(as_app, KID, app)},
        {"name": "by a key not known here", "is": "unverified", "code": compose(as_app, b"\x01\x02\x03\x04", app)},
        {"name": "wrong check digit", "is": "unreadable", "code": compose(as_app | {-70104: "00000016"}, KID, key)},
        {"name": "a third kind", "is": "unreadable", "code": compose(as_app | {-70101: 3}, KID, key)},
        {"name": "another issuer", "is": "unreadable", "code": compose(as_app | {1: "muamalati"}, KID, key)},
        {"name": "cut off", "is": "unreadable", "code": str(code)[:-3]},
    ]
    return found


def main() -> None:
    """Write the file."""
    public = base64.b64encode(_key("the golden claims of the tests").public_key().public_bytes_raw()).decode()
    key = {"kid": KID.hex(), "public_key": public, "app_kid": "5a17"}
    CODES.write_bytes(msgspec.json.format(msgspec.json.encode({"key": key, "codes": samples()}), indent=1) + b"\n")


if __name__ == "__main__":
    main()
