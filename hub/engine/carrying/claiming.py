"""A paper of an earlier day: whether it was carried over, and whose place its owner gets. Only the hub judges."""

from datetime import date, datetime, time, timedelta
from typing import Final, NamedTuple

import msgspec
from msgspec.structs import replace
from sqlalchemy import select

from common.city.calendar import CARRIED_FOR_DAYS
from common.protocol.queue.claim import ClaimWord, TicketClaim, digits_of
from common.protocol.queue.event import CLAIM_JUDGED
from common.queue.standing import Ticket
from hub.engine.act import Act, Look
from hub.engine.carrying.in_doubt import in_doubt
from hub.engine.promised.judging import is_claimed, promised
from hub.log import tables
from hub.log.moments import moment_of
from hub.log.reading import PLACE, TICKET_COLUMNS, TICKET_SQL, as_ticket, day_of_label, label_of
from offline_store.disk.sql import run
from offline_store.issuing.business_day import ZONE, business_date

_COUNTING: Final = (
    f"SELECT {TICKET_SQL} FROM hub_tickets WHERE last_day >= ? AND first_day <= ? AND \"end\" = 'carried'"  # noqa: S608
)


#: Longer than any feast.
_LONGEST_CLOSURE: Final = timedelta(days=21)


class Judged(NamedTuple):
    """What a claim is worth, and the carried ticket that it names where there is one."""

    word: ClaimWord
    ticket: Ticket | None = None


def days_that_count(look: Act | Look) -> list[str]:
    """Return the dates of the papers that may give a place today, the latest first."""
    dates = {_date_of(look, one) for one in _counting(look, look.day)}
    return sorted(filter(None, dates), reverse=True)


def claiming(look: Act | Look, ticket: Ticket, shown: TicketClaim) -> Ticket:
    """Return a ticket with the place that its claim gives it: that of its day's opening, or its own.

    A hub that has lost its log judges only once central has said who was carried over, and one that doubts which day it
    is once somebody has said whether those of the day before are still here.
    """
    if look.is_recall_due or in_doubt(look) is not None:
        return replace(ticket, shown=msgspec.json.encode(shown).decode())
    return judged(look, ticket, shown)


def judged(look: Act | Look, ticket: Ticket, shown: TicketClaim) -> Ticket:
    """Return the same by what is known now: good once, for its service, on the days that the carried ticket counts."""
    if shown.kind != "carried":
        return promised(look, ticket, shown)
    named = [one for one in _counting(look, ticket.day) if _names(shown, one) and one.service == ticket.service]
    if not named and shown.digits is not None:  # typed where no hub was asked: an appointment's digits look the same
        return promised(look, ticket, shown)
    return with_place_of(ticket, _first_unclaimed(look, named, ticket.id))


def judge_what_was_shown(act: Act) -> None:
    """Judge the claims that came while nobody could: this hub knows who was carried over, or never will."""
    columns = tables.tickets.c
    query = select(*TICKET_COLUMNS).where(columns.shown.is_not(None), columns.day == act.day).order_by(*PLACE)
    for ticket in [as_ticket(row) for row in act.connection.execute(query)]:
        shown = msgspec.json.decode(ticket.shown or "", type=TicketClaim)
        act.record_told(CLAIM_JUDGED, judged(act, ticket, shown))


def judge_number(look: Act | Look, number: str, label: str, service: str) -> Judged:
    """Return what a paper is worth today for a service, by its number and its date, as a clerk reads them."""
    counting = [one for one in _counting(look, look.day) if one.service == service]
    named = [one for one in counting if one.number == number and _is_of(look, one, label)]
    return _first_unclaimed(look, named, "")


def with_place_of(ticket: Ticket, judged: Judged) -> Ticket:
    """Return a ticket with what became of its claim."""
    if judged.word != "good" or judged.ticket is None:
        return replace(ticket, claim=judged.word, shown=None)
    place_line = judged.ticket.place[0]
    return replace(ticket, claim="good", claimed=judged.ticket.id, place_line=place_line, shown=None)


def _first_unclaimed(look: Act | Look, named: list[Ticket], claiming_id: str) -> Judged:
    for one in named:
        if not is_claimed(look, one.id, claiming_id):
            return Judged("good", one)
    return Judged("used", named[0]) if named else Judged("unknown")


def _counting(look: Act | Look, day: int) -> list[Ticket]:
    """Return the tickets that count on a day, the older by place first."""
    label = label_of(look.connection, day)
    if label is None:
        return []
    rows = run(look.connection, _COUNTING, (_earliest_end(look, label), label)).fetchall()
    found = [one for one in map(as_ticket, rows) if (one.last_day or "") >= label or _last_day(look, one) >= label]
    return sorted(found, key=lambda one: one.place)


def _earliest_end(look: Act | Look, label: str) -> str:
    """Return the earliest last day that others may follow by now: the calendar may have closed some since."""
    first = (date.fromisoformat(label) - _LONGEST_CLOSURE).isoformat()
    was_closed = any(one.closed and first <= day <= label for day, one in look.centre.hours.days.items())
    return first if was_closed else label


def _last_day(look: Act | Look, ticket: Ticket) -> str:
    """Return the last day on which a carried ticket counts, by the calendar of now."""
    given = _date_of(look, ticket)
    if given is None or ticket.last_day is None:
        return ""
    at, last = (datetime.combine(date.fromisoformat(day), time(), ZONE) for day in (given, ticket.last_day))
    service = look.centre.services.get(ticket.service)
    hours = None if service is None else service.hours
    ends = look.centre.hours.good_until(at, last + timedelta(days=1), hours, CARRIED_FOR_DAYS)
    return (ends - timedelta(days=1)).date().isoformat()


def _names(shown: TicketClaim, ticket: Ticket) -> bool:
    if shown.id is not None:
        return ticket.id == shown.id
    if shown.token_sha256 is not None:
        return ticket.token_sha256 == shown.token_sha256
    return shown.digits is not None and digits_of(ticket.id) == shown.digits


def _is_of(look: Act | Look, ticket: Ticket, label: str) -> bool:
    """Return whether a ticket is of a date; a day may have had several."""
    return _date_of(look, ticket) == label or (ticket.day > 0 and day_of_label(look.connection, label) == ticket.day)


def _date_of(look: Act | Look, ticket: Ticket) -> str | None:
    """Return the date of a ticket's day; of a day that this hub has not served, by when it was given."""
    if ticket.day:
        return label_of(look.connection, ticket.day)
    given = moment_of(ticket.id, ticket.issued_at)
    return None if given is None else business_date(given).isoformat()
