"""A snapshot says all that holds, in parts: what it has not said when it ends is gone, and until then the old stays.

The first one of another feed epoch means that central was set back to a copy. What this kiosk knows and central has
forgotten is said in the chain, so that people there hear of it.
"""

from typing import Any

from sqlalchemy import Connection, Row, Table, delete, exists, select, update

from common.machine.stamp import Stamp
from common.protocol.envelope import AuditBody
from common.protocol.feed_page import FeedPage
from offline_store.alarms import clear_alarm, raise_alarm
from offline_store.chain.chain import append, read_head
from offline_store.disk import tables

SET_ASIDE = "feed-message-set-aside"
WENT_BACK = "feed-went-back"
EPOCH_CHANGED = "feed-epoch-changed"
REVOCATION_LACKED = "app-key-revocation-lacked"
# What a snapshot says whole, by kind.
_REPLACED: dict[str, Table] = {
    "catalogue": tables.catalogue,
    "settings": tables.settings,
    "technician": tables.technicians,
    "order-state": tables.order_states,
}


def begin_snapshot(connection: Connection, stood: Row[Any], page: FeedPage, generation: int, stamp: Stamp) -> None:
    """Note that a snapshot is under way. What was set aside goes: it is said once more."""
    connection.execute(delete(tables.feed_set_aside))
    clear_alarm(connection, SET_ASIDE)
    values: dict[str, Any] = {"generation": generation, "cursor": page.cursor, "part": 0, "epoch": page.epoch}
    if page.epoch != stood.epoch:
        # Central counts its days and messages again from the copy: numbers of before say nothing any more.
        values |= {"through": None, "business_day_serial": 0}
    connection.execute(update(tables.feed).values(values))
    if stood.epoch is not None and page.epoch != stood.epoch:
        detail: dict[str, str | int | None] = {"epoch": page.epoch, "former": stood.epoch, "heard": stood.through}
        append(connection, read_head(connection), "audit", AuditBody(EPOCH_CHANGED, detail), stamp)
        text = "central was set back to an older state: what it lacks is sent once more"
        raise_alarm(connection, WENT_BACK, text, stamp)


def end_snapshot(connection: Connection, page: FeedPage, generation: int, stamp: Stamp) -> None:
    """Drop what the snapshot has not said, and go on from its end."""
    for kind, table in _REPLACED.items():
        if _is_taken(connection, kind, table, generation):
            connection.execute(delete(table).where(table.c.heard != generation))
    records, aside = tables.centre_records, select(tables.feed_set_aside.c.kind)
    connection.execute(delete(records).where(records.c.heard != generation, records.c.kind.not_in(aside)))
    connection.execute(update(tables.feed).values(cursor=page.cursor, through=page.through, part=None))
    _name_lacked_revocations(connection, generation, stamp)


def _is_taken(connection: Connection, kind: str, table: Table, generation: int) -> bool:
    """Whether a kind was said as a whole: a catalogue that cannot be read does not take the old one away."""
    bad = exists().where(tables.feed_set_aside.c.kind == kind)
    good = exists().where(table.c.heard == generation)
    return not connection.scalar(select(bad)) or bool(connection.scalar(select(good)))


def _name_lacked_revocations(connection: Connection, generation: int, stamp: Stamp) -> None:
    """Say which keys of the app are revoked here and not at central: there they would verify codes again."""
    keys = tables.app_keys.c
    lacked = select(keys.kid, keys.revoked_at).where(
        keys.revoked_at.is_not(None), keys.public_key.is_not(None), keys.heard != generation
    )
    for row in connection.execute(lacked).all():
        detail: dict[str, str | int | None] = {"kid": row.kid, "revoked_at": row.revoked_at}
        append(connection, read_head(connection), "audit", AuditBody(REVOCATION_LACKED, detail), stamp)
        connection.execute(update(tables.app_keys).where(keys.kid == row.kid).values(heard=generation))
