"""A code that anybody can print and only its issuer can sign: `SY1:` + base45 of one COSE_Sign1 over CWT claims.

RFC 9285, RFC 9052 and RFC 8392. One form for all that is shown at a kiosk; what the claims mean is their issuer's.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import base45
import cbor2
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from common.protocol.codes.strict_cbor import StrictCborError, loads_strict, untag

PREFIX: Final = "SY1:"
MAX_CHARACTERS: Final = 700
ED25519: Final = -19  # RFC 9864
EDDSA: Final = -8  # RFC 9053: the older name, which for an Ed25519 key means the same algorithm
APP_KID_BYTES: Final = 2
CENTRAL_KID_BYTES: Final = 4
"""Kids of central's own keys are longer than an app's, so that none of them is ever taken for the other."""
COSE_SIGN1: Final = 18

_ALPHABET: Final = frozenset("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:")


class MalformedCode(ValueError):
    """A code that breaks the format; the text names the rule and holds nothing of its content."""


@dataclass(frozen=True, slots=True)
class SignedCode:
    """A code taken apart and not yet believed: `kid` says whose signature it should bear."""

    kid: bytes
    alg: int
    claims: Mapping[Any, Any]
    protected: bytes
    payload: bytes
    signature: bytes

    @property
    def issuer(self) -> object:
        """Return who it says has issued it."""
        return self.claims.get(1)

    def is_signed_by(self, public_key: bytes) -> bool:
        """Return whether the key of these 32 raw bytes signed it."""
        try:
            key = Ed25519PublicKey.from_public_bytes(public_key)
            key.verify(self.signature, _to_be_signed(self.protected, self.payload))
        except (InvalidSignature, ValueError):
            return False
        return True


def compose(claims: Mapping[int, Any], kid: bytes, key: Ed25519PrivateKey) -> str:
    """Return the code of claims. Raises ValueError where it would be longer than a reader takes."""
    protected = cbor2.dumps({1: ED25519, 4: kid}, canonical=True)
    payload = cbor2.dumps(dict(claims), canonical=True)
    signature = key.sign(_to_be_signed(protected, payload))
    message = cbor2.dumps(cbor2.CBORTag(COSE_SIGN1, [protected, {}, payload, signature]))
    code: str = PREFIX + base45.b45encode(message).decode("ascii")
    if len(code) > MAX_CHARACTERS:
        raise ValueError(f"the code would have {len(code)} characters, {MAX_CHARACTERS} is the most")
    return code


def take_apart(text: str) -> SignedCode:
    """Return what a code consists of. Raises MalformedCode for any other form than docs/protocol.md has."""
    if not text.startswith(PREFIX):
        raise MalformedCode("no code of ours")
    if len(text) > MAX_CHARACTERS:
        raise MalformedCode(f"longer than {MAX_CHARACTERS} characters")
    encoded = text.removeprefix(PREFIX)
    if not encoded or not _ALPHABET.issuperset(encoded):
        raise MalformedCode("not base45")
    try:
        return _parts(base45.b45decode(encoded))
    except StrictCborError as error:
        raise MalformedCode(str(error)) from error
    except ValueError as error:
        raise error if isinstance(error, MalformedCode) else MalformedCode("not base45") from error


def issuer_of(text: str) -> object:
    """Return who a code says has issued it, None where it is no code: whose reader is to judge it."""
    try:
        return take_apart(text.strip("\r\n")).issuer
    except MalformedCode:
        return None


def _parts(data: bytes) -> SignedCode:
    match loads_strict(untag(data, COSE_SIGN1)):
        case [bytes() as protected, dict() as unprotected, bytes() as payload, bytes() as signature]:
            if unprotected:
                raise MalformedCode("unprotected header not empty")
        case _:
            raise MalformedCode("not a COSE_Sign1")
    match loads_strict(protected):
        case {1: int(alg), 4: bytes(kid), **others} if alg in (ED25519, EDDSA) and not others:
            if len(kid) not in (APP_KID_BYTES, CENTRAL_KID_BYTES):
                raise MalformedCode("protected header is not alg and kid")
        case _:
            raise MalformedCode("protected header is not alg and kid")
    claims = loads_strict(payload)
    if not isinstance(claims, dict):
        raise MalformedCode("claims are not a map")
    return SignedCode(kid, alg, claims, protected, payload, signature)


def _to_be_signed(protected: bytes, payload: bytes) -> bytes:
    # Sig_structure, RFC 9052 section 4.4; no external data.
    signed: bytes = cbor2.dumps(["Signature1", protected, b"", payload])
    return signed
