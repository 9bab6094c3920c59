"""Counters that nobody closed: a manager closes that of a clerk who is away, a new day those of the one before."""

from collections.abc import Collection

from common.queue.fold import COUNTER_CLOSED
from common.queue.standing import Counter
from hub.engine.act import Act
from hub.log.reading import all_counters, find_ticket


def close(act: Act, counter: Counter) -> None:
    """Close a counter at which nobody presses any more; a ticket that it had goes back, in front."""
    ticket = None if counter.ticket is None else find_ticket(act.connection, counter.ticket)
    if ticket is not None and ticket.is_taken_back:
        counter = act.record_at(counter, "voided", ticket=ticket).counter
    elif ticket is not None:
        counter = act.record_at(counter, "resumed", ticket=ticket, reason=COUNTER_CLOSED).counter
    act.record_at(counter, COUNTER_CLOSED)


def close_left_open(act: Act, since_us: int, holding: Collection[str] = ()) -> None:
    """Close each counter that has done nothing since a moment of the line: its clerk went home without closing it.

    So too one that holds one of the tickets `holding`, whose people are gone.

    The board would say that it is open, and after a take-over nobody would be called before a manager had released it.
    """
    for counter in all_counters(act.connection):
        if counter.state != "closed" and ((counter.acted_line or 0) <= since_us or counter.ticket in holding):
            close(act, counter)
