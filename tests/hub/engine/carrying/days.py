"""A centre's days for those who are carried over: an evening, the next morning, and papers of the day before."""

from datetime import timedelta
from typing import Any

from common.protocol.queue.call import QueuedTicket, TakenTicket
from common.protocol.queue.claim import TicketClaim, digits_of
from hub.engine.days import close_day, settle_day
from tests.hub.hall import Hall, HallKiosk

HOUR = 3600


def goes_home(hall: Hall) -> None:
    """The shift ends, and the night goes by until the next morning at eight; counters work again."""
    hall.works(False)
    tomorrow = hall.clock.wall.replace(hour=5, minute=0) + timedelta(days=1)
    hall.passes((tomorrow - hall.clock.wall).total_seconds())
    with hall.act() as act:
        settle_day(act)
    hall.works()


def closes(hall: Hall) -> None:
    """A manager closes the day."""
    with hall.act() as act:
        close_day(act)


def today(hall: Hall) -> str:
    return hall.clock.wall.date().isoformat()


def gives(kiosk: HallKiosk, letter: str = "A", **changed: Any) -> QueuedTicket:
    """Give a number today, and tell the hub at once."""
    return kiosk.give(letter, business_day=today(kiosk.hall), **changed)


def by_digits(ticket: QueuedTicket) -> TicketClaim:
    return TicketClaim("carried", digits=digits_of(ticket.id))


def by_id(ticket: QueuedTicket) -> TicketClaim:
    return TicketClaim("carried", id=ticket.id)


def told(kiosk: HallKiosk, ticket: QueuedTicket) -> TakenTicket:
    """Tell the hub of a ticket; return what it says of it."""
    return kiosk.tell(ticket).taken[0]
