"""Codes of claims for tests: genuine ones, and any claims at all under a real signature."""

from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from common.protocol.codes.claim_code import Claim, ClaimCode, compose_claim_code, read_claim_code
from common.protocol.codes.issued import IssuerKey
from common.protocol.codes.signed_code import compose
from tests.kit.order_codes import NOW

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(2, 34)))
KID = bytes.fromhex("5a17c0de")
CLAIM = Claim(
    id="0123456789abcdef" * 2,
    centre="homs-main",
    service="civil-affairs",
    kind="booked",
    at=NOW + 86_400,
    minutes=15,
    digits="07941235",
    credit_min=45,
    issued=NOW,
    expires=NOW + 4 * 86_400,
)
CLAIMS: dict[Any, Any] = {
    1: "claims",
    4: CLAIM.expires,
    6: CLAIM.issued,
    7: bytes.fromhex(CLAIM.id),
    -70001: "civil-affairs",
    -70004: "homs-main",
    -70101: 1,
    -70102: CLAIM.at,
    -70103: 15,
    -70104: CLAIM.digits,
    -70105: 45,
}


def claim_key(**changes: Any) -> IssuerKey:
    """Return the key that the feed has told of."""
    fields: dict[str, Any] = {"kid": KID, "public_key": KEY.public_key().public_bytes_raw()}
    return IssuerKey(**(fields | changes))


def genuine(claim: Claim = CLAIM) -> str:
    """Return the code of a claim as central composes it."""
    return compose_claim_code(claim, KID, KEY)


def signed(claims: dict[Any, Any], key: Ed25519PrivateKey = KEY, kid: bytes = KID) -> str:
    """Return a code that is well wrapped and really signed, whatever it holds."""
    return compose(claims, kid, key)


def read(text: str, key: IssuerKey | None = None, **how: Any) -> ClaimCode:
    """Read a code with the usual key."""
    given: dict[str, Any] = {"keys": {KID: key or claim_key()}}
    return read_claim_code(text, **(given | how))
