"""Who is called next, and how many are called before somebody: one rule, asked in two ways.

The greatest weight x working time waited, over the counter's queues in their order; those put in front come first. From
other queues, where the counter's own are empty or somebody waits there longer than `help_after_s`. Waiting minutes that
count double keep "half the wait" at any share of priority (accumulating priority, Kleinrock 1964); ratios such as 2:1
turn round above a third.
"""

from collections.abc import Sequence
from typing import Final

from hub.engine.act import Act, Look
from hub.log.reading import find_ticket
from hub.log.rows import Ticket
from offline_store.disk.sql import run

CALLABLE_AFTER_S: Final = 300
CALLABLE_AFTER_CALLS: Final = 3

_WEIGHT: Final = "CASE WHEN priority <> 'none' OR order_id IS NOT NULL THEN :weight ELSE 1 END"
_SCORE: Final = f"({_WEIGHT}) * (:work - arrived_work)"
_TURN: Final = f"front_line IS NULL, front_line, {_SCORE} DESC"
_PLACE: Final = "arrived_line, kiosk, epoch, kiosk_seq"
_CALLABLE: Final = (
    "(absent_line IS NULL OR absent_line <= :absent_until OR (SELECT count(*) FROM (SELECT 1 FROM hub_events AS e "
    "WHERE e.seq > hub_tickets.absent_seq AND e.kind = 'called' LIMIT :absent_calls)) >= :absent_calls)"
)
_FOR_COUNTER: Final = "state = 'waiting' AND day = :day AND (only_counter IS NULL OR only_counter = :counter)"


def choose(act: Act, counter: int, queues: Sequence[str]) -> Ticket | None:
    """Give the ticket that this counter calls next, None where nobody waits whom it may call."""
    own = {f"queue{place}": queue for place, queue in enumerate(queues)}
    names = ", ".join(f":{name}" for name in own)
    order = " ".join(f"WHEN :{name} THEN {place}" for place, name in enumerate(own))
    values = _values(act) | own | {"counter": counter}
    served = f"(queue IN ({names}) OR only_counter = :counter)"
    helping = "(:work - arrived_work) > :help_us"
    in_order = f"CASE queue {order} ELSE {len(queues)} END"
    # Names of our own columns and parameters alone are put together here.
    query = f"SELECT id FROM hub_tickets WHERE {_FOR_COUNTER} AND {_CALLABLE} AND "  # noqa: S608
    for who in (f"({served} OR ({helping}))", "1"):
        row = run(act.connection, f"{query}{who} ORDER BY {_TURN}, {in_order}, {_PLACE} LIMIT 1", values).fetchone()
        if row is not None:
            return find_ticket(act.connection, row[0])
    return None


def count_before(look: Act | Look, ticket_id: str) -> int | None:
    """Count those of the same queue whom today's rule calls first; None where the ticket does not wait."""
    ticket = find_ticket(look.connection, ticket_id)
    return None if ticket is None or ticket.state != "waiting" else before(look, ticket)


def before(look: Act | Look, ticket: Ticket) -> int:
    """Count those who wait in a ticket's queue and are called before it, if nothing happens until then."""
    weight = look.centre.rules.priority_weight if ticket.is_preferred else 1
    values = _values(look) | {
        "queue": ticket.queue,
        "own_score": weight * (look.work_us - ticket.arrived_work),
        "own_front": ticket.front_line,
        "own_line": ticket.arrived_line,
        "own_place": f"{ticket.kiosk}\n{ticket.epoch}\n{ticket.kiosk_seq:020d}",
        "own_id": ticket.id,
    }
    return int(run(look.connection, _BEFORE, values).fetchone()[0])


def before_new(look: Act | Look, queue: str) -> int:
    """Count those who are called before somebody who takes a ticket of this queue now."""
    return int(
        look.connection.exec_driver_sql(
            "SELECT count(*) FROM hub_tickets WHERE state = 'waiting' AND day = ? AND queue = ?", (look.day, queue)
        ).scalar_one()
    )


_ROW_PLACE: Final = "kiosk || char(10) || epoch || char(10) || printf('%020d', kiosk_seq)"
_EARLIER: Final = "(arrived_line < :own_line OR (arrived_line = :own_line AND " + _ROW_PLACE + " < :own_place))"
_AHEAD: Final = f"({_SCORE} > :own_score OR ({_SCORE} = :own_score AND {_EARLIER}))"
_BEFORE: Final = f"""
    SELECT count(*) FROM hub_tickets WHERE state = 'waiting' AND day = :day AND queue = :queue AND id <> :own_id AND
    CASE WHEN :own_front IS NOT NULL
        THEN front_line IS NOT NULL AND (front_line < :own_front OR (front_line = :own_front AND {_AHEAD}))
        ELSE front_line IS NOT NULL OR {_AHEAD} END
"""  # noqa: S608 - names of our own columns and parameters alone


def _values(look: Act | Look) -> dict[str, object]:
    rules = look.centre.rules
    return {
        "day": look.day,
        "work": look.work_us,
        "weight": rules.priority_weight,
        "help_us": rules.help_after_s * 1_000_000,
        "absent_until": look.line_us - CALLABLE_AFTER_S * 1_000_000,
        "absent_calls": CALLABLE_AFTER_CALLS,
    }
