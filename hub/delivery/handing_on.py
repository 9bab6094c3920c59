"""What other hubs wrote and central may lack: who leads hands on what its log holds of it, also of a hub that is dead.

Each fact bears the name that its author gave it, so that central counts it once, whichever hub tells it: also where
the author comes back and tells the same.
"""

from collections.abc import Mapping
from itertools import pairwise
from typing import Final, NamedTuple, cast

from sqlalchemy import Connection, select, update

from common.protocol.envelope import QueueBody, TicketBody
from common.protocol.field import Priority
from common.protocol.queue.claim import TicketClaim
from common.protocol.queue.event import GIVEN, FactName
from common.protocol.queue.recall import MAX_LIVES
from common.queue.standing import Ticket
from hub.engine.act import Act, Hub
from hub.log import tables
from hub.log.authors import Life, lives_from
from hub.log.event import Event, read_events
from hub.log.reading import find_day
from hub.log.told_to_central import item_of
from offline_store.chain.chain import append

PAGE_EVENTS: Final = 200
"""Looked at in one transaction: presses wait for it."""


class Span(NamedTuple):
    """Events of a life that may have to be handed on: from one seq to before another."""

    life: Life
    first: int
    until: int


def due(connection: Connection) -> list[Span]:
    """Return what may have to be handed on, oldest first: of so many lives as one question to central names.

    The newest life is that in which this hub leads: what it writes it tells by itself.
    """
    since = connection.scalar(select(tables.state.c.hand_on_from))
    if since is None:
        return []
    lives = lives_from(connection, since, MAX_LIVES + 1)
    return [Span(life, max(life.seq, since), later.seq) for life, later in pairwise(lives)]


def hand_on(hub: Hub, held: Mapping[str, int]) -> bool:
    """Put a page of what is due into this hub's chain of items; return whether there may be more.

    `held`: how far central has the facts of each life that it was asked for. What it was not asked for waits.
    Raises Following, StoreUnavailable.
    """
    with hub.act() as act:
        spans = due(act.connection)
        if not spans:
            act.connection.execute(update(tables.state).values(hand_on_from=None))
            return False
        life, first, until = spans[0]
        if life.life not in held:
            return False
        first = max(first, held[life.life] + 1)
        page = [one for one in read_events(act.connection, first - 1, PAGE_EVENTS) if one.seq < until]
        term = next((one.term for one in read_events(act.connection, life.seq - 1, 1) if one.seq == life.seq), None)
        for event in page:
            if term in (None, event.term):  # else it is of a hub of 1.0, which begins no life and names no facts
                _tell(act, event, life)
        reached = page[-1].seq + 1 if len(page) == PAGE_EVENTS else until
        act.connection.execute(update(tables.state).values(hand_on_from=reached))
    return True


def _tell(act: Act, event: Event, life: Life) -> None:
    body = event.read_body()
    name = FactName(life.hub, life.life, event.seq, event.wall_time)
    item = item_of(event, body, name)
    if event.kind == GIVEN and body.ticket is not None:
        given = _as_given(act, body.ticket)
        item = QueueBody(GIVEN, body.ticket.kiosk, body.ticket.id, given=given, fact=name)
    if item is not None:
        act.head = append(act.connection, act.head, "queue", item, act.stamp)[2]


def _as_given(act: Act, ticket: Ticket) -> TicketBody | None:
    """Return what its author's own item says of a number by hand; None where nothing tells its day any more."""
    day = find_day(act.connection, ticket.day)
    if day is None:
        return None
    claim = None if ticket.claimed is None else TicketClaim("carried", id=ticket.claimed)
    return TicketBody(ticket.number, ticket.service, day.label, cast("Priority", ticket.priority), claim=claim)
