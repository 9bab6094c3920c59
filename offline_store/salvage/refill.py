"""Filling a new store with what was read of a damaged one: checked, merged, its numbers kept clear of lost ones."""

import base64
import contextlib
from collections.abc import Iterable, Iterator
from itertools import batched, groupby

import msgspec
from sqlalchemy import Connection, func, insert, select, update

from common.machine.stamp import Stamp
from common.protocol.central_keys import key_id
from offline_store.alarms import raise_alarm
from offline_store.chain.chain import Head
from offline_store.chain.epoch import FormerEpoch, begin_epoch
from offline_store.disk import tables
from offline_store.feed.feed import take_told
from offline_store.identity import Identity
from offline_store.issuing.business_day import open_day
from offline_store.issuing.far_day import due_by_clock
from offline_store.issuing.numbering import THOUSAND, counter_before_next_thousand
from offline_store.queue.changes import since_today, statement_of
from offline_store.salvage.days import plausible_tickets, restore_days
from offline_store.salvage.findings import Findings, Record
from offline_store.salvage.items import Chains, read_items
from offline_store.salvage.said import told_before

_TOGETHER = 500
SALVAGED = "store-salvaged"
# What is good as it stands. What central has said comes by `take_told`, as its feed would say it.
_AS_IT_STANDS = (
    "order_questions",
    "inquiries",
    "payments",
    "central_keys",
    "alarms",
    "tallies",
    "pin_attempts",
    "chain_gaps",
)


def refill(connection: Connection, found: Findings, identity: Identity, machine: str | None, stamp: Stamp) -> None:
    """Bring everything that was read into the empty tables, then begin the new epoch on top of it."""
    for name in _AS_IT_STANDS:
        _bring(connection, name, found.by_sql(name))
    # Of two copies the one that has ended is the newer: what has come out stays known, so that another is a copy.
    for is_sending in (False, True):
        _bring(
            connection,
            "print_jobs",
            (job for job in found.both("print_jobs") if (job["state"] == "sending") is is_sending),
        )
    _bring(connection, "central_keys", _signing_keys(found, identity))
    take_told(connection, identity.centre, told_before(found), stamp)
    _bring(connection, "order_states", (row | {"heard": 0} for row in found.by_sql("order_states")))
    _bring(connection, "orders", found.both("orders"))
    former_store = _former_store(found)
    former = _bring_items(connection, found, identity, former_store)
    day = restore_days(connection, found)
    _bring(connection, "hall_rows", found.both("hall_rows"))  # without up to where: the hub tells all of them again
    _bring(connection, "listeners", _listeners(connection, found))
    head = begin_epoch(connection, identity, former_store.get("machine") or machine, stamp, former, "salvage")
    kept = ("floor_us", "anchor_us", "anchor_boot_id", "anchor_boot_time_ns", "tickets_closed", "signed_us")
    had_people = former_store.get("first_pin_ended") or connection.scalar(select(tables.technicians.c.id).limit(1))
    values = {name: former_store.get(name) for name in kept} | {"first_pin_ended": int(bool(had_people))}
    connection.execute(update(tables.store).values(values))
    clear = counter_before_next_thousand((int(found.aside) - 1) * THOUSAND)
    _go_on_today(connection, head, day, clear, former_store.get("floor_us"), stamp)
    found.summary = _summary(connection, found, head, former.last_seq)
    raise_alarm(connection, SALVAGED, found.summary, stamp)


def _bring_items(connection: Connection, found: Findings, identity: Identity, former_store: Record) -> FormerEpoch:
    """Bring in items, their epochs and the tickets that they prove, a few at a time; give the last chain's end."""
    chains = Chains(connection, former_store, found.former_epoch)
    _bring(connection, "epochs", found.both("epochs"))

    def followed() -> Iterator[Record]:
        for item in read_items(found, identity.kiosk):
            chains.follow(item.record)
            if item.ticket is not None:
                found.prove(item.record["row"], item.ticket.number, item.ticket.business_day)
            epoch = {"epoch": item.record["epoch"], "kiosk": item.kiosk, "digit": identity.digit, "former": None}
            if epoch["epoch"] not in known:
                known.add(epoch["epoch"])
                _bring(connection, "epochs", [epoch])
            yield item.record

    known: set[str] = set()
    _bring(connection, "items", followed())
    _bring(connection, "tickets", (row for row in plausible_tickets(found) if _is_proven(found, row)))
    return chains.end()


def _is_proven(found: Findings, ticket: Record) -> bool:
    proven = found.proven(ticket["row"])
    return proven is not None and proven.number == ticket["number"]


def _summary(connection: Connection, found: Findings, head: Head, last_seq: int | None) -> str:
    states = connection.execute(
        select(tables.items.c.state, func.count()).where(tables.items.c.epoch != head.epoch).group_by("state")
    )
    count: dict[str, int] = {row[0]: row[1] for row in states}
    text = f"damaged files kept in damaged/{found.aside}; {sum(count.values())} items read, "
    text += f"{count.get('waiting', 0)} of them to be delivered"
    lost = _lost(found, last_seq)
    return f"{text}; at least {lost} of the newest items are lost" if lost else text


def _bring(connection: Connection, table: str, records: Iterable[Record]) -> None:
    """Insert what the schema takes; a row that breaks it (a second copy, garbage) is left out."""
    statement = insert(tables.metadata.tables[table]).prefix_with("OR IGNORE")
    for _, alike in groupby(records, key=_names):
        for some in batched(alike, _TOGETHER, strict=False):
            connection.execute(statement, list(some))


def _names(record: Record) -> tuple[str, ...]:
    return tuple(record)


def _former_store(found: Findings) -> Record:
    """Return the readable copy of the store's own row that is the latest, of the epoch that the lock file names."""
    copies = list(found.both("store"))
    of_epoch = [row for row in copies if row.get("epoch") == found.former_epoch] or copies
    return max(of_epoch, key=lambda row: int(row.get("head_seq") or 0), default={})


def _listeners(connection: Connection, found: Findings) -> Iterator[Record]:
    """Yield who is told of tickets, and the statement that is passed on; today is told again from its beginning."""
    for row in found.by_sql("listeners"):
        try:
            statement_of(row["statement"])
        except msgspec.DecodeError:
            row["statement"] = None
        yield row | {"heard_through": since_today(connection)}


def _signing_keys(found: Findings, identity: Identity) -> Iterable[Record]:
    """Yield central's signing keys of enrolment and those that pages hold: only keys that are what their id says.

    Without the newest, whose name stands under all that central says, this kiosk could not even hear of it.
    """
    for key in identity.central_keys:
        if key.purpose == "signing":
            yield {"kid": key.kid, "purpose": "signing", "public_key": key.public_key, "current": 1, "added": 0}
    for record in found.by_scan("central_keys"):
        with contextlib.suppress(ValueError):
            raw = base64.b64decode(record["public_key"], validate=True)
            if record["purpose"] == "signing" and len(raw) == 32 and key_id(raw) == record["kid"]:
                yield record


def _lost(found: Findings, last_seq: int | None) -> int:
    """Count what was on disk behind the last item of which anything is left."""
    second = found.second_head
    if second is None or second.epoch != found.former_epoch:
        return 0
    return max(0, second.before - (last_seq or 0))


def _go_on_today(
    connection: Connection, head: Head, label: str | None, clear: int, floor_us: int | None, stamp: Stamp
) -> None:
    """See to it that a day whose row is lost does not begin at 1 once more.

    If the clock is good and says that a later day than the last readable one is on, that day may have been open: it is
    opened, and begins behind `clear`, a thousand higher with each salvage. If the clock is not good, the next day to
    open begins there.
    """
    due = due_by_clock(connection, stamp, floor_us, label)
    clock_is_good = due_by_clock(connection, stamp, floor_us, None) is not None
    if due is not None or not clock_is_good:
        connection.execute(update(tables.store).values(next_day_base=clear))
    if due is not None:
        open_day(connection, head, due, "clock", stamp)
