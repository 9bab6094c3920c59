"""Epochs: a new store, a salvaged one and a kiosk enrolled on another machine each begin a chain of their own.

The first item of an epoch is `audit` `store-opened`, with the former epoch, last seq and last hash where known.
"""

from dataclasses import dataclass

from sqlalchemy import Connection, delete, func, insert, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from common.machine.stamp import Stamp
from common.protocol.envelope import FIRST_PREV_HASH, AuditBody
from offline_store.alarms import clear_alarm, raise_alarm
from offline_store.chain.chain import Head, append, new_id, read_head
from offline_store.chain.forgetting import forget_central, forget_centre, is_another_central
from offline_store.disk import tables
from offline_store.disk.database import Store
from offline_store.identity import Identity

MACHINE_CHANGED = "machine-changed"
REVOKED = "kiosk-revoked"
_THOUSAND = 1000
Detail = dict[str, str | int | None]


@dataclass(frozen=True, slots=True)
class FormerEpoch:
    """The epoch before, as far as it still reads."""

    epoch: str | None = None
    last_seq: int | None = None
    last_hash: str | None = None


def begin_epoch(
    connection: Connection, identity: Identity, machine: str | None, stamp: Stamp, former: FormerEpoch, why: str
) -> Head:
    """Begin a new chain in this transaction: identity, machine and central's keys as given, tickets open.

    `why`: `new-store`, `salvage` or `enrolment`. Rows of former epochs stay as they are, deliverable.
    """
    epoch = new_id()
    head = Head(epoch, identity.kiosk, 0, FIRST_PREV_HASH)
    fresh = {
        "epoch": epoch,
        "kiosk": identity.kiosk,
        "centre": identity.centre,
        "digit": identity.digit,
        "machine": machine,
        "head_seq": head.seq,
        "head_hash": head.hash,
        "tickets_closed": None,
    }
    connection.execute(upsert(tables.store).values(one=1, **fresh).on_conflict_do_update(["one"], set_=fresh))
    connection.execute(
        insert(tables.epochs).values(epoch=epoch, kiosk=identity.kiosk, digit=identity.digit, former=former.epoch)
    )
    learn_central_keys(connection, identity)
    detail: Detail = {"why": why, "former_epoch": former.epoch}
    detail |= {"former_last_seq": former.last_seq, "former_last_hash": former.last_hash}
    return append(connection, head, "audit", AuditBody("store-opened", detail), stamp)[2]


def learn_central_keys(connection: Connection, identity: Identity) -> None:
    """Take central's keys from enrolment, unless the feed has brought any of that purpose."""
    keys = tables.central_keys
    for key in identity.central_keys:
        of_purpose = keys.c.purpose == key.purpose
        if connection.execute(select(keys.c.kid).where(of_purpose, keys.c.added > 0).limit(1)).first() is None:
            row = upsert(keys).values(kid=key.kid, purpose=key.purpose, public_key=key.public_key, current=1, added=0)
            connection.execute(row.on_conflict_do_nothing())


def reopen_tickets(store: Store, identity: Identity, machine: str | None, stamp: Stamp) -> None:
    """Take a fresh enrolment into the store: tickets open again, on this machine, under a new epoch where one is due.

    A new epoch is due when the kiosk is another one now, or the machine is: the disk's twin may go on with the chain.
    Also when central has refused a place in it as taken: the disk was put back to a copy, and all that follows would
    be refused too. Numbers then keep clear of those that were given behind the copy.
    Central's keys of a former enrolment give way to those of this one; another central's words, or those to another
    centre, are forgotten. Raises StoreUnavailable.
    """
    with store.write() as connection:
        row = connection.execute(select(tables.store)).one()
        if is_another_central(connection, identity):
            forget_central(connection, stamp)
        elif row.centre != identity.centre:
            forget_centre(connection)
        elif row.kiosk != identity.kiosk:  # the snapshot leaves out what was said to the former one alone
            connection.execute(update(tables.feed).values(cursor=None, part=None))
        if row.centre != identity.centre:
            connection.execute(delete(tables.ticket_changes))  # who holds these numbers waits in the former hall
        connection.execute(delete(tables.central_keys))
        connection.execute(update(tables.store).values(first_pin_ended=0))  # enrolment has given a new one
        learn_central_keys(connection, identity)
        clear_alarm(connection, MACHINE_CHANGED)
        same = (row.kiosk, row.centre, row.digit) == (identity.kiosk, identity.centre, identity.digit)
        is_copy = _was_put_back(connection, row.epoch)
        if same and row.tickets_closed is None and row.machine == machine and not is_copy:
            return
        if is_copy:
            _keep_clear(connection)
        head = read_head(connection)
        head = begin_epoch(
            connection, identity, machine, stamp, FormerEpoch(head.epoch, head.seq, head.hash), "enrolment"
        )
    store.identity, store.epoch = identity, head.epoch


def _was_put_back(connection: Connection, epoch: str) -> bool:
    """Whether central has another item in a place of this epoch."""
    item = tables.items.c
    refused = item.epoch == epoch, item.state == "dead", item.reason.like("conflict%")
    return connection.execute(select(item.row).where(*refused).limit(1)).first() is not None


def _keep_clear(connection: Connection) -> None:
    """Have the numbers of the open day go on at the next full thousand, as after a salvage."""
    counters, days = tables.counters, tables.business_days
    day = connection.execute(select(days.c.id, days.c.counter_base).order_by(days.c.id.desc()).limit(1)).first()
    if day is None:
        return
    of_day = counters.c.day_id == day.id
    highest = connection.scalar(select(func.max(counters.c.n)).where(of_day)) or 0
    base = (max(day.counter_base, highest) // _THOUSAND + 1) * _THOUSAND - 1
    connection.execute(update(counters).where(of_day).values(n=base))
    connection.execute(update(days).where(days.c.id == day.id).values(counter_base=base))


def close_revoked(store: Store, stamp: Stamp) -> None:
    """Close tickets and orders on central's signed word, until this kiosk is enrolled again; said in the chain, once.

    Raises StoreUnavailable.
    """
    with store.write() as connection:
        if connection.execute(select(tables.store.c.tickets_closed)).scalar_one() == REVOKED:
            return
        connection.execute(update(tables.store).values(tickets_closed=REVOKED))
        append(connection, read_head(connection), "audit", AuditBody(REVOKED, {}), stamp)


def settle(store: Store, stamp: Stamp, machine: str | None) -> None:
    """See on opening whether this is the enrolled kiosk on its own machine.

    Another machine closes the tickets until the kiosk is enrolled again. An identity that changed under the store is a
    new enrolment, and begins an epoch.
    """
    columns = tables.store.c
    with store.read() as connection:
        row = connection.execute(
            select(columns.kiosk, columns.centre, columns.digit, columns.machine, columns.tickets_closed)
        ).one()
    identity = store.identity
    if (row.kiosk, row.centre, row.digit) != (identity.kiosk, identity.centre, identity.digit):
        reopen_tickets(store, identity, machine, stamp)
    elif machine is not None and row.machine is None:
        with store.write() as connection:
            connection.execute(update(tables.store).values(machine=machine))
    elif machine is not None and row.machine != machine and row.tickets_closed is None:
        with store.write() as connection:
            connection.execute(update(tables.store).values(tickets_closed=MACHINE_CHANGED))
            append(connection, read_head(connection), "audit", AuditBody(MACHINE_CHANGED, {}), stamp)
            raise_alarm(connection, MACHINE_CHANGED, "the disk is in another machine: enrol this kiosk again", stamp)
