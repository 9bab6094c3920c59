"""What a kiosk hears back: who is before its people, how long they wait, what a new ticket meets, who was called."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Final

from msgspec import UnsetType
from msgspec.structs import replace
from sqlalchemy import bindparam, literal_column, select

from common.machine.stamp import rfc3339
from common.protocol.queue.call import (
    MAX_TICKETS,
    HelpState,
    Prospect,
    QueueCall,
    RefusedTicket,
    TakenTicket,
    TicketsAnswer,
    TicketsCall,
)
from common.protocol.queue.rows import AsOf, Rows
from common.protocol.queue.service_now import ServiceNow
from hub.arrivals.rows import rows_since
from hub.engine.act import Act, Look
from hub.engine.presses.by_hand import heard_from
from hub.engine.status import is_day_closed
from hub.estimates.forecast import Forecast, Prospects
from hub.log import tables
from hub.log.reading import find_ticket, label_of
from hub.services.now import services_now, time_of_hours
from offline_store.disk.sql import precompiled, run

LAST_CALLS: Final = 8
MOST_ANNOUNCED: Final = 200
LAST_HELP: Final = 20
_CALLS: Final = (
    "SELECT call_seq, number, call_counter, called_at FROM hub_tickets WHERE call_seq IS NOT NULL AND day = ? "
    "ORDER BY call_seq DESC LIMIT ?"
)
HELP_TOLD_US: Final = 3600 * 1_000_000
_help = tables.help_calls.c
_HELP: Final = precompiled(
    select(_help.id, _help.seen_by)
    .where(_help.kiosk == bindparam("kiosk"), _help.asked_line > bindparam("since"))
    .order_by(_help.asked_line.desc())
    .limit(bindparam("most"))
    .offset(literal_column("0"))
)
_LABEL_BEFORE: Final = "SELECT max(label) FROM hub_days WHERE label < (SELECT label FROM hub_days WHERE day = ?)"


def answer(look: Act | Look, kiosk: str, call: TicketsCall, refused: Sequence[RefusedTicket]) -> TicketsAnswer:
    """Compose the answer to a kiosk's post."""
    if len(call.tickets) < MAX_TICKETS:  # else it has more to tell
        heard_from(look, kiosk)
    forecast = Forecast(look)
    turned_away = {one.id for one in refused}
    taken = [_taken(look, forecast, one.id) for one in call.tickets if one.id not in turned_away]
    return TicketsAnswer(
        term=look.term,
        taken=list({one.id: one for one in taken}.values()),
        refused=list(refused),
        queue=prospects(look, forecast),
        calls=last_calls(look),
        help=_help_of(look, kiosk),
        closed_day=_last_day_over(look),
        day=None if is_day_closed(look) else label_of(look.connection, look.day),
        now=None if time_of_hours(look) is None else look.stamp.text,
        rows=_rows(look, forecast, call.as_of),
        lacks=look.is_recall_due,
    )


def _rows(look: Act | Look, forecast: Forecast, known: AsOf | UnsetType | None) -> Rows | None:
    """Return what a kiosk lacks; a hub that knows that it lacks something itself claims nothing."""
    return None if isinstance(known, UnsetType) or look.is_recall_due else rows_since(look, forecast, known)


def _last_day_over(look: Act | Look) -> str | None:
    """Return the last day of which nobody is called any more; a manager may have opened tomorrow's already.

    Of what was served before under today's date, or a later one by a wrong clock, numbers may be called under it.
    """
    if is_day_closed(look):
        return label_of(look.connection, look.day)
    label: str | None = run(look.connection, _LABEL_BEFORE, (look.day,)).fetchone()[0]
    return label


def prospects(look: Act | Look, forecast: Forecast) -> dict[str, Prospect]:
    """Say by service what a ticket taken now would meet."""
    by_queue: dict[str, Prospect] = {}
    for queue in {service.queue for service in look.centre.services.values()}:
        new = forecast.of_new(queue)
        with_priority = forecast.of_new(queue, preferred=True)
        low, high = _range(new)
        by_queue[queue] = Prospect(new.before, low, high, with_priority.before)
    return {one.service: _met(by_queue, look, one) for one in services_now(look, forecast)}


def _met(by_queue: Mapping[str, Prospect], look: Act | Look, now: ServiceNow) -> Prospect:
    """Return what a new ticket of a service meets; while it stands still nobody knows how long that will be."""
    of_queue = by_queue[look.centre.services[now.service].queue]
    if now.state == "interrupted":
        of_queue = Prospect(of_queue.before, before_priority=of_queue.before_priority)
    stands = {"state": now.state, "reason": now.reason, "since": now.since, "until": now.until, "today": now.today}
    return replace(of_queue, **stands)


def last_calls(look: Act | Look, limit: int = LAST_CALLS) -> list[QueueCall]:
    """Return the day's calls, newest first; a ticket that was called again stands by its newest call."""
    return [QueueCall(*row) for row in run(look.connection, _CALLS, (look.day, limit)).fetchall()]


def calls_to_announce(look: Act | Look, at_least: int, within_s: int) -> list[QueueCall]:
    """Return the newest calls, and all of the last seconds: a board that was cut off has each of them to announce."""
    since = rfc3339(look.stamp.wall_time - timedelta(seconds=within_s))
    calls = last_calls(look, MOST_ANNOUNCED)
    return [call for place, call in enumerate(calls) if place < at_least or call.at >= since]


def _taken(look: Act | Look, forecast: Forecast, ticket_id: str) -> TakenTicket:
    ticket = find_ticket(look.connection, ticket_id)
    if ticket is None:
        return TakenTicket(ticket_id)
    if ticket.state != "waiting":
        return TakenTicket(ticket_id, claim=ticket.claim)
    found = forecast.of(ticket)
    low_s, high_s = _range(found)
    return TakenTicket(ticket_id, found.before, low_s, high_s, ticket.claim)


def _range(found: Prospects) -> tuple[int, int] | tuple[None, None]:
    return (None, None) if found.wait is None else found.wait.told_s


def _help_of(look: Act | Look, kiosk: str) -> list[HelpState]:
    asked = {"kiosk": kiosk, "since": look.line_us - HELP_TOLD_US, "most": LAST_HELP}
    rows = run(look.connection, _HELP, asked).fetchall()
    return [HelpState(call_id, "asked" if seen_by is None else "seen") for call_id, seen_by in rows]
