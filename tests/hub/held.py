"""Whether a hub's promises hold in what its store says: one person one counter, and all of a press or nothing."""

from collections import Counter
from typing import Any

from sqlalchemy import Connection, select

from common.protocol.envelope import QueueBody, decode_body
from common.protocol.queue.event import DAY_CLOSED, DAY_REOPENED
from hub.log import tables
from hub.log.event import Event, read_events, rebuild
from hub.log.reading import all_counters
from hub.log.told_to_central import TOLD_TO_CENTRAL
from offline_store.chain.audit import verify_chain
from offline_store.disk import tables as store_tables
from offline_store.disk.database import Store
from tests.hub.hall import Hall


def everything(connection: Connection) -> dict[str, list[Any]]:
    """Return the projections, row by row."""
    return {table.name: sorted(map(tuple, connection.execute(select(table))), key=repr) for table in tables.PROJECTIONS}


def check(hall: Hall) -> None:
    """Raise AssertionError where what a hub's store says breaks a promise."""
    store = hall.hub.store
    with store.read() as connection:
        events = list(read_events(connection))
        before = everything(connection)
        items = connection.execute(
            select(store_tables.items.c.body).where(store_tables.items.c.kind == "queue")
        ).scalars()
        told = Counter(body.event for item in items if isinstance(body := decode_body("queue", item), QueueBody))
    assert verify_chain(store) == []
    assert [event.seq for event in events] == list(range(1, len(events) + 1))
    check_counters(store)
    _check_calls(events)
    _check_what_central_is_told(events, told)
    with store.write() as connection:
        rebuild(connection)
        assert everything(connection) == before


def check_counters(store: Store) -> None:
    """One person, one counter: a person who is called or served is so at exactly the counter that has him."""
    columns = tables.tickets.c
    query = select(columns.id, columns.counter).where(columns.state.in_(("called", "serving")))
    with store.read() as connection:
        at = {row.id: row.counter for row in connection.execute(query)}
        counters = [counter for counter in all_counters(connection) if counter.ticket is not None]
    assert len(counters) == len({counter.ticket for counter in counters})
    assert at == {counter.ticket: counter.number for counter in counters}


def _check_what_central_is_told(events: list[Event], told: Counter[str]) -> None:
    """Central hears of each event once; what was adopted from an answer it hears of as what that answer told."""
    kinds = Counter(what for event in events if (what := _told(event)) is not None)
    adopted = sum(event.kind == "adopted" and event.ticket is not None for event in events)
    assert kinds <= told
    assert (told - kinds).total() == adopted


def _told(event: Event) -> str | None:
    """Return as what central hears of an event; None where it hears nothing, or of what was adopted."""
    detail = event.read_body().detail or {}
    if event.kind in TOLD_TO_CENTRAL or (event.kind == DAY_CLOSED and detail["early"]):
        return event.kind
    return DAY_REOPENED if detail.get("told_as") == DAY_REOPENED else None


def _check_calls(events: list[Event]) -> None:
    """A ticket is called again only after something sent it back; a press calls one ticket at most."""
    free: dict[str | None, bool] = {}
    presses: Counter[tuple[Any, Any]] = Counter()
    for event in events:
        if event.kind == "called":
            assert free.get(event.ticket, True), f"{event.number} was called twice"
            free[event.ticket] = False
            presses[(event.counter, event.press)] += 1
        elif event.ticket is not None:
            ticket = event.read_body().ticket
            free[event.ticket] = ticket is not None and ticket.state in ("waiting", "parked", "missed")
    assert max(presses.values(), default=0) <= 1


def check_answers(hall: Hall, said: list[dict[str, Any]]) -> None:
    """Hold what was answered against what the store has: the same press gets the same bytes, and does nothing more."""
    with hall.hub.store.read() as connection:
        head = max((event.seq for event in read_events(connection)), default=0)
    for one in said:
        again = hall.raw(one["counter"], one["body"], one["key"])
        assert (again.status, again.body.decode()) == (one["status"], one["answer"])
    with hall.hub.store.read() as connection:
        assert max((event.seq for event in read_events(connection)), default=0) == head
