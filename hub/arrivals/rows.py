"""The rows of the hall for a kiosk: what has changed since it last heard, found by the log's own order."""

from typing import Final

from common.protocol.queue.rows import MAX_ROWS, AsOf, HallRow, Rows, shown_digest
from common.queue.standing import Ticket
from hub.engine.act import Act, Look
from hub.estimates.forecast import Forecast
from hub.log.authors import life_at
from hub.log.reading import TICKET_SQL, as_ticket
from offline_store.disk.sql import run

#: Who lacks more events than these is told all there is: it is quicker found.
MOST_EVENTS: Final = 2000
_CHANGED: Final = (
    f"SELECT {TICKET_SQL} FROM hub_tickets WHERE day >= ? AND id IN "  # noqa: S608 - names of our own columns
    "(SELECT ticket FROM hub_events WHERE seq > ? AND ticket IS NOT NULL) ORDER BY day, number"
)
_ALL: Final = f"SELECT {TICKET_SQL} FROM hub_tickets WHERE day >= ? ORDER BY day DESC, number LIMIT ?"  # noqa: S608 - the same
_HOLDS: Final = "SELECT 1 FROM hub_events WHERE seq = ?"


def rows_since(look: Act | Look, forecast: Forecast, known: AsOf | None) -> Rows:
    """Return what a kiosk lacks that holds the rows up to `known`.

    Of another log, or beyond what this one holds, it is told all: the day that is served and the one before.
    """
    as_of = AsOf(look.hub_id, look.life, look.seq)
    if known == as_of:
        return Rows(as_of)
    is_part = known is not None and look.seq - known.seq <= MOST_EVENTS and _is_of_this_log(look, known)
    if known is not None and is_part:
        found = run(look.connection, _CHANGED, (look.day - 1, known.seq)).fetchall()
    else:
        found = run(look.connection, _ALL, (look.day - 1, MAX_ROWS)).fetchall()
    return Rows(as_of, [_row(look, forecast, as_ticket(one)) for one in found], whole=not is_part)


def _is_of_this_log(look: Act | Look, known: AsOf) -> bool:
    if known.seq > look.seq:
        return False
    if (known.hub, known.life) == (look.hub_id, look.life):
        return True
    life = life_at(look.connection, known.seq)
    is_same = life is not None and (life.hub, life.life) == (known.hub, known.life)
    return is_same and run(look.connection, _HOLDS, (known.seq,)).fetchone() is not None


def _row(look: Act | Look, forecast: Forecast, ticket: Ticket) -> HallRow:
    waits = ticket.state == "waiting"
    known_by = (ticket.id, ticket.token_sha256, ticket.order_id, ticket.claimed)
    return HallRow(
        kiosk=ticket.kiosk,
        number=ticket.number,
        service=ticket.service,
        state=ticket.state,
        day=ticket.day,
        order=ticket.place[0],
        queue=ticket.queue if ticket.queue.isalpha() else None,
        counter=None if waits else ticket.call_counter,
        called=None if waits else ticket.called_at,
        before=forecast.of(ticket).before if waits and ticket.day == look.day else None,
        end=ticket.end,
        priority=ticket.is_preferred,
        shown=[shown_digest(one) for one in known_by if one is not None],
    )
