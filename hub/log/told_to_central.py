"""What central learns of the log: what became of a ticket, and when counters worked.

Arrivals it has from the kiosks themselves.
"""

from collections.abc import Mapping
from typing import Any, Final

from common.protocol.envelope import QueueBody
from common.protocol.queue.event import CARRIED, DAY_CLOSED, DAY_REOPENED, FactName
from common.protocol.queue.service_now import CENTRAL, INTERRUPTED, RESUMED
from hub.log.event import Event, EventBody

TOLD_TO_CENTRAL: Final = frozenset(
    {
        "called", "called-again", "came", "done", "done-unconfirmed", "not-here", "missed", "parked", "resumed",
        "transferred", "left", "expired", CARRIED, "voided", "by-hand", "undone", "counter-opened", "counter-paused",
        "counter-closed", DAY_REOPENED, INTERRUPTED, RESUMED,
    }
)  # fmt: skip


def item_of(event: Event, body: EventBody, name: FactName) -> QueueBody | None:
    """Return the item that tells central of an event, of that name; None where it hears nothing of it.

    Of what was adopted it hears as what it was (`told_as` of its detail). Of a day's close only of an early one: it
    calls off what is ahead, and the end of a day may be noted the next noon.
    """
    ticket, detail = body.ticket, body.detail or {}
    what = detail.get("told_as", event.kind)
    if what not in TOLD_TO_CENTRAL and not (what == DAY_CLOSED and detail.get("early")):
        return None
    is_told = ticket is not None and ticket.low_s is not None and ticket.high_s is not None
    return QueueBody(
        event=what,
        kiosk=event.kiosk,
        ticket=event.ticket,
        number=event.number,
        counter=event.counter,
        clerk=event.clerk or _said_by(detail),
        documents=body.documents,
        reason=body.reason,
        expected_s=(ticket.low_s or 0, ticket.high_s or 0) if ticket is not None and is_told else None,
        today=ticket.told_today if ticket is not None else None,
        service=detail.get("service"),
        first_day=ticket.first_day if ticket is not None else None,
        last_day=ticket.last_day if ticket is not None else None,
        day=detail["label"] if what in (DAY_CLOSED, DAY_REOPENED) else None,
        fact=name,
    )


def _said_by(detail: Mapping[str, Any]) -> str | None:
    """Return who said of a service what no clerk has pressed here: a console, or somebody at the hub before."""
    by: str | None = detail.get("by") if "service" in detail else None
    return None if by == CENTRAL else by
