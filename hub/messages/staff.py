"""Whom of its staff this hub writes to, as central said: opened only while it is used."""

import base64
import binascii
import hashlib
import hmac

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Connection

from common.machine.pepper import machine_pepper, opened
from common.protocol.staff import SUITE, Staff, StaffRecord, opening_key_of, staff_info
from offline_store.feed.centre import said_of_centre

ALL: str = "staff-alarm"
"""The kind of who is told of everything."""
NOBODY: str = "central has named nobody of the staff"
NAME_SOMEBODY: str = (
    "central publish messages FILE, with staff; then hub forward --once. "
    "A hub that is older than central may not be told: then hub-update"
)


class StaffUnreadable(Exception):
    """The list is there and does not open: another machine's secret, or another key."""


def staff_of(connection: Connection, key: Ed25519PrivateKey) -> list[StaffRecord]:
    """Return whom this hub writes to, nobody where central has named none. Raises StaffUnreadable."""
    found = said_of_centre(connection, Staff)
    if found is None:
        return []
    said = found[0]
    sealed = opened(said.sealed, machine_pepper())
    if sealed is None:
        raise StaffUnreadable("it is kept under another machine's secret")
    try:
        info = staff_info(said.centre, said.hub)
        content = SUITE.decrypt(base64.b64decode(sealed, validate=True), opening_key_of(key), info=info)
        return msgspec.json.decode(content, type=list[StaffRecord])
    except (InvalidTag, ValueError, binascii.Error, msgspec.MsgspecError) as error:
        raise StaffUnreadable("it is sealed to another key than this hub's") from error


def is_told(one: StaffRecord, kind: str) -> bool:
    """Return whether somebody is told of a kind of alarm."""
    return ALL in one.kinds or kind in one.kinds


def mark_of(number: str, key: Ed25519PrivateKey) -> str:
    """Return what stands for a number in this hub's tables: 32 hex digits that only this hub can make."""
    return hmac.digest(hashlib.sha256(key.private_bytes_raw()).digest(), number.encode(), "sha256")[:16].hex()
