"""Who was told an alarm, as one hub hands it to another, so that their two digits are taken by either.

Each hub knows a number by a mark that it alone can make. Between two hubs a number has a third one, by the secret that
only they can compute (X25519 between their keys, RFC 7748, 6.1): what is handed on says nothing to anybody else.
"""

import base64
import hmac
from collections import defaultdict
from collections.abc import Mapping

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from msgspec.structs import replace
from sqlalchemy import Connection, select

from common.protocol.feed_message import HubRecord
from common.protocol.staff import StaffRecord, opening_key_of, sealing_key_of
from hub.engine.act import Look
from hub.log import tables
from hub.messages.staff import StaffUnreadable, mark_of, staff_of
from hub.takeover.replica import LogPage

_LABEL = b"homs-hub-told-1\n"


def with_told(page: LogPage, look: Look, key: Ed25519PrivateKey, follower: HubRecord) -> LogPage:
    """Return a page that says to a follower who was told each alarm; as it is where nobody can be named."""
    staff = _staff(look.connection, key)
    if page.staff is None or not staff:
        return page
    shared = {mark_of(one.number, key): mark for one, mark in _shared_marks(staff, key, follower)}
    told = {
        alarm: sorted(shared[person] for person in people if person in shared)
        for alarm, people in _told_here(look.connection).items()
    }
    return replace(page, staff=replace(page.staff, told=told))


def as_own(page: LogPage, connection: Connection, key: Ed25519PrivateKey, leader: HubRecord) -> LogPage:
    """Return a leader's page with this hub's own marks; what cannot be read is left out, and what was known stays."""
    if page.staff is None or page.staff.told is None:
        return page
    staff = _staff(connection, key)
    own = {mark: mark_of(one.number, key) for one, mark in _shared_marks(staff, key, leader)}
    told = {
        alarm: sorted(own[mark] for mark in marks if mark in own) for alarm, marks in page.staff.told.items() if own
    }
    return replace(page, staff=replace(page.staff, told=told if own else None))


def _told_here(connection: Connection) -> Mapping[str, set[str]]:
    told: dict[str, set[str]] = defaultdict(set)
    messages, alarms = tables.messages, tables.alarms
    for row in connection.execute(select(alarms.c.name, alarms.c.told_to).where(alarms.c.told_to.is_not(None))):
        told[row.name] |= set(msgspec.json.decode(row.told_to, type=list[str]))
    query = select(messages.c.alarm, messages.c.person).where(messages.c.handed_at.is_not(None))
    for row in connection.execute(query.where(messages.c.alarm.in_(select(alarms.c.name)))):
        told[row.alarm].add(row.person)
    return told


def _staff(connection: Connection, key: Ed25519PrivateKey) -> list[StaffRecord]:
    try:
        return staff_of(connection, key)
    except StaffUnreadable:  # the messenger says so, each time that it looks
        return []


def _shared_marks(staff: list[StaffRecord], key: Ed25519PrivateKey, other: HubRecord) -> list[tuple[StaffRecord, str]]:
    if not staff:
        return []
    secret = opening_key_of(key).exchange(sealing_key_of(base64.b64decode(other.public_key)))
    return [(one, hmac.digest(secret, _LABEL + one.number.encode(), "sha256")[:16].hex()) for one in staff]
