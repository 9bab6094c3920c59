"""Who of a centre's staff is written to: the feed's kind `staff`, for one hub alone and sealed to it.

A hub has one key, Ed25519; what is sealed to it goes to the X25519 key of the same secret (RFC 7748, 4.1: the map
between both curves; RFC 8032, 5.1.5: the secret scalar), so that a standby hears of it too, before it ever spoke.
"""

import hashlib
from typing import Annotated, Final, Literal

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from msgspec import Meta, Struct

from common.protocol.field import FreeText, KioskId, Line, Sha256, Word

SUITE: Final = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.CHACHA20_POLY1305)
MOST: Final = 50
_P: Final = 2**255 - 19


class StaffRecord(Struct, frozen=True, repr_omit_defaults=True):
    """One of the staff: a number such as "+963944000111", a name, and which alarms; `staff-alarm` is all of them."""

    number: Annotated[str, Meta(pattern=r"^\+[1-9][0-9]{7,14}\Z")]
    name: FreeText
    kinds: Annotated[list[Word], Meta(max_length=20)]
    language: Literal["ar", "en"] = "ar"

    def __repr__(self) -> str:
        """Show neither name nor number."""
        return f"StaffRecord({self.kinds})"


class Staff(Struct, frozen=True):
    """Those whom a hub tells, as a sealed JSON list of StaffRecord. `mark` differs where it says something else."""

    centre: Line
    hub: KioskId
    sealed: Annotated[str, Meta(pattern=r"^[!-~]{1,65536}\Z")]  # base64; a hub keeps it under its machine's secret
    mark: Sha256


def sealing_key_of(public_key: bytes) -> X25519PublicKey:
    """Return the key to seal to for the holder of an Ed25519 key of 32 bytes. Raises ValueError for no such key."""
    Ed25519PublicKey.from_public_bytes(public_key)
    y = int.from_bytes(public_key, "little") % 2**255
    if y == 1:
        raise ValueError("no key: the neutral point")
    u = (1 + y) * pow(1 - y, -1, _P) % _P
    return X25519PublicKey.from_public_bytes(u.to_bytes(32, "little"))


def opening_key_of(key: Ed25519PrivateKey) -> X25519PrivateKey:
    """Return the key that opens what was sealed to an Ed25519 key."""
    return X25519PrivateKey.from_private_bytes(hashlib.sha512(key.private_bytes_raw()).digest()[:32])


def staff_info(centre: str, hub: str) -> bytes:
    """Compose what binds the sealed list to its place."""
    return f"homs-staff-1\n{centre}\n{hub}".encode()
