"""Personal data is sealed to central's key before it touches the disk; this kiosk cannot open it again.

HPKE (RFC 9180) in base mode: X25519, HKDF-SHA256, ChaCha20-Poly1305. The info binds the sealed part to its protocol,
kiosk, epoch and item, so that it opens in no other place. Who sent it is proven by the batch signature, not by HPKE.
"""

import base64
import binascii
from dataclasses import dataclass

import msgspec
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from sqlalchemy import Connection, select

from common.machine.errors import SealingImpossible
from common.protocol.envelope import Sealed, SealedContent, seal_info
from offline_store.disk import tables

SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.CHACHA20_POLY1305)


@dataclass(frozen=True, slots=True)
class SealingKey:
    """Central's present public key for sealing, and its name."""

    kid: str
    key: X25519PublicKey


def sealing_key(kid: str, public_key: str) -> SealingKey:
    """Read a key as central gives it (base64 of 32 bytes). Raises SealingImpossible when it is no X25519 key."""
    try:
        return SealingKey(kid, X25519PublicKey.from_public_bytes(base64.b64decode(public_key, validate=True)))
    except (binascii.Error, ValueError) as error:
        raise SealingImpossible(f"central's sealing key {kid[:16]!r} is not an X25519 key") from error


def current_sealing_key(connection: Connection) -> SealingKey:
    """Return the key to seal to now, the latest known. Raises SealingImpossible where there is none."""
    keys = tables.central_keys.c
    row = connection.execute(
        select(keys.kid, keys.public_key)
        .where(keys.purpose == "sealing", keys.current == 1)
        .order_by(tables.central_keys.c.added.desc())
        .limit(1)
    ).one_or_none()
    if row is None:
        raise SealingImpossible("no sealing key of central is known: enrol this kiosk")
    return sealing_key(row.kid, row.public_key)


def seal(content: SealedContent, to: SealingKey, *, kiosk: str, epoch: str, item_id: str) -> Sealed:
    """Seal personal content for one item; `data` is base64 of HPKE enc (32 bytes), ciphertext and tag (16 bytes)."""
    data = SUITE.encrypt(msgspec.json.encode(content), to.key, info=seal_info(kiosk, epoch, item_id))
    return Sealed(kid=to.kid, data=base64.b64encode(data).decode())
