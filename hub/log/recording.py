"""Facts as a transaction appends them, each with what its ticket and counter are by it, and the item for central."""

from typing import Any, NamedTuple

import msgspec
from sqlalchemy import Connection

from common.machine.stamp import Stamp
from common.protocol.queue.event import FactName
from common.queue.fold import Fact, counter_after, ticket_after
from common.queue.standing import Counter, Ticket
from hub.log.event import Event, EventBody, write_event
from hub.log.told_to_central import item_of
from offline_store.chain.chain import Head, append

type Detail = dict[str, Any]


class AtCounter(NamedTuple):
    """A counter as a fact left it, and that fact's place in the log."""

    counter: Counter
    seq: int


class Recording:
    """The end of the log and of this hub's chain of items, and how a fact comes to both; of an act alone."""

    connection: Connection
    stamp: Stamp
    hub_id: str
    life: str
    term: int
    day: int
    line_us: int
    work_us: int

    def __init__(self, seq: int, head: Head) -> None:
        """Begin behind the event of a seq, and at the head of the chain."""
        self.seq = seq
        self.head = head
        self.clerk: str | None = None
        self.press: str | None = None
        self.recorded: list[Event] = []

    @property
    def next_seq(self) -> int:
        """The seq that the next event gets."""
        return self.seq + 1

    def record(
        self,
        kind: str,
        ticket: Ticket | None = None,
        *,
        reason: str | None = None,
        detail: Detail | None = None,
    ) -> int:
        """Append a fact, with what its ticket is by it; return its seq.

        Args:
            kind: what happened.
            ticket: of whom, as it stood until now.
            reason: in a word, or whereto.
            detail: what else it says.

        Raises:
            KeyError: no fact of this kind changes a ticket.
        """
        fact = self._fact(kind, None, reason, detail)
        now = None if ticket is None else ticket_after(ticket, fact)
        return self._append(fact, EventBody(now, None, None, reason, detail))

    def record_at(
        self,
        counter: Counter,
        kind: str,
        ticket: Ticket | None = None,
        *,
        born: Ticket | None = None,
        documents: dict[str, int] | None = None,
        reason: str | None = None,
        detail: Detail | None = None,
    ) -> AtCounter:
        """Append a fact that happened at a counter, given as it stood until now; else as `record`.

        `born`: the ticket that was given there; `documents`: how many of each service were handed out.
        """
        fact = self._fact(kind, counter, reason, detail)
        now = born if ticket is None else ticket_after(ticket, fact)
        counter = counter_after(counter, fact, ticket)
        return AtCounter(counter, self._append(fact, EventBody(now, counter, documents, reason, detail)))

    def record_told(
        self,
        kind: str,
        ticket: Ticket | None,
        counter: Counter | None = None,
        *,
        documents: dict[str, int] | None = None,
        reason: str | None = None,
        detail: Detail | None = None,
        told_as: str | None = None,
    ) -> int:
        """Append a fact that bears ticket and counter as they are: one that begins, or of which somebody else tells.

        `told_as`: what central is told of it, where that is not its kind.
        """
        if told_as is not None:
            detail = (detail or {}) | {"told_as": told_as}
        fact = self._fact(kind, counter, reason, detail)
        return self._append(fact, EventBody(ticket, counter, documents, reason, detail))

    def after(self, ticket: Ticket, kind: str, reason: str | None = None) -> Ticket:
        """Return what a ticket would be after a fact of now. Raises KeyError as `record`."""
        return ticket_after(ticket, self._fact(kind, None, reason, None))

    def _fact(self, kind: str, counter: Counter | None, reason: str | None, detail: Detail | None) -> Fact:
        at = None if counter is None else counter.number
        return Fact(
            self.next_seq, kind, self.line_us, self.work_us, self.stamp.text, at, self.clerk, self.press, reason,
            detail or {},
        )  # fmt: skip

    def _append(self, fact: Fact, body: EventBody) -> int:
        ticket, stamp = body.ticket, self.stamp
        event = Event(
            seq=fact.seq,
            term=self.term,
            kind=fact.kind,
            day=ticket.day if ticket is not None else self.day,
            line_us=fact.line_us,
            work_us=fact.work_us,
            wall_time=fact.at,
            boot_time_ns=stamp.boot_time_ns,
            boot_id=stamp.boot_id,
            clock=stamp.clock,
            kiosk=ticket.kiosk if ticket is not None else None,
            ticket=ticket.id if ticket is not None else None,
            number=ticket.number if ticket is not None else None,
            counter=fact.counter,
            clerk=fact.clerk,
            press=fact.press,
            body=msgspec.json.encode(body).decode(),
        )
        write_event(self.connection, event, body)
        self.seq = event.seq
        self.recorded.append(event)
        item = item_of(event, body, FactName(self.hub_id, self.life, event.seq))
        if item is not None:
            self.head = append(self.connection, self.head, "queue", item, stamp)[2]
        return event.seq
