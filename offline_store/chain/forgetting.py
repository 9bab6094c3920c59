"""Forgetting what another central said, or central to another centre: its keys and people count no more."""

from typing import Final

from sqlalchemy import Connection, delete, select, update

from common.machine.stamp import Stamp
from offline_store.alarms import clear_alarm, raise_alarm
from offline_store.disk import tables
from offline_store.identity import Identity

FORMER_CENTRAL: Final = "former-central"
DEAD_LETTERS: Final = "dead-letters"
_OF_FEED: Final = ("feed-message-set-aside", "feed-went-back")
# What one central says to the kiosks of one centre, or is asked by them.
_OF_CENTRE: Final = (
    tables.catalogue, tables.settings, tables.technicians, tables.order_states, tables.centre_records,
    tables.feed_set_aside, tables.order_questions, tables.inquiries, tables.payments,
)  # fmt: skip


def is_another_central(connection: Connection, identity: Identity) -> bool:
    """Whether no signing key that enrolment gave was known before: central's first one is always among both."""
    keys = tables.central_keys.c
    known = set(connection.scalars(select(keys.public_key).where(keys.purpose == "signing")))
    return bool(known) and known.isdisjoint(key.public_key for key in identity.central_keys if key.purpose == "signing")


def forget_centre(connection: Connection) -> None:
    """Drop what was said to the kiosks of a centre; a snapshot of the new one follows. Revoked keys stay revoked."""
    connection.exec_driver_sql("PRAGMA secure_delete = ON")  # a salvage reads what lies about in free pages
    for table in _OF_CENTRE:
        connection.execute(delete(table))
    connection.execute(update(tables.feed).values(cursor=None, part=None, through=None, epoch=None))
    for code in _OF_FEED:
        clear_alarm(connection, code)


def forget_central(connection: Connection, stamp: Stamp) -> None:
    """Drop all that another central had said, its keys too. What it has not taken no other can open: set aside."""
    forget_centre(connection)
    for table in (tables.app_keys, tables.central_keys):
        connection.execute(delete(table))
    connection.execute(update(tables.feed).values(business_day_serial=0))
    items = tables.items
    waiting = update(items).where(items.c.state == "waiting")
    aside = connection.execute(waiting.values(state="dead", reason=FORMER_CENTRAL, ended_at=stamp.unix_s)).rowcount
    if aside:
        text = f"{aside} item(s) were for the central before this one, which has not taken them"
        raise_alarm(connection, DEAD_LETTERS, text, stamp)
