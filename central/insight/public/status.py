"""How one ticket stands, as its public page says it: number, called or not and where, how many before, as of when.

No service, no name, no centre's list: anyone who looks over a shoulder learns a number and a place in a queue.
"""

import re
from collections.abc import Mapping
from typing import Any, Final

import msgspec
from msgspec import Struct
from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncConnection

from central.base import clock
from central.base.tables.enrolled import kiosks
from central.base.tables.received import waiting_lists
from central.base.tables.visited import queue_events, tickets
from central.insight.public.asking import asking
from central.insight.public.carried import Days, days_now, days_of, is_claimed
from central.insight.visits.ended import ASKED_AFTER, closes_at, day_over_at
from central.insight.visits.telling import TOLD_IN, of_own_centre
from central.insight.visits.visit import progress_of
from central.kiosks.digit import centre_on
from central.publishing import reasons
from common.protocol.queue import event as queue_event
from common.protocol.queue.call import WaitingList
from common.protocol.queue.claim import digits_of
from common.protocol.queue.progress import Progress
from common.protocol.queue.service_now import OTHER_REASON

TOKEN: Final = re.compile(r"[0-9a-f]{32}")


class Stop(Struct, frozen=True):
    """That the ticket's service stands still: since when, null where unknown, and why, by language."""

    since: str | None
    reason: Mapping[str, str] | None


class Carried(Struct, frozen=True):
    """What somebody needs who comes again: on which days he may, and the paper's digits."""

    days: Days
    digits: str
    is_claimed: bool


class TicketStatus(Struct, frozen=True, kw_only=True):
    """What the page shows. `as_of` is RFC 3339: when the centre's hub said so, null where none has."""

    number: str
    state: str  # waiting, called, serving, or how it ended
    counter: int | None = None
    before: int | None = None
    low_s: int | None = None
    high_s: int | None = None
    is_doubtful: bool = False
    """It may not be called today."""
    stopped: Stop | None = None
    as_of: str | None = None
    asked: str | None = None
    """How what a feature asks the visitor stands, in a word of its own; None: nothing is asked."""
    carried: Carried | None = None


async def ticket_of(connection: AsyncConnection, token: str) -> Row[Any] | None:
    """Return the row of a token's ticket, with its `centre`; None for an unknown one."""
    if not TOKEN.fullmatch(token):
        return None
    centre = centre_on(tickets.c.kiosk, tickets.c.business_day, tickets.c.number).label("centre")
    query = select(tickets, centre).join(kiosks, kiosks.c.id == tickets.c.kiosk)
    return (await connection.execute(query.where(tickets.c.token == token))).one_or_none()


async def status_of(connection: AsyncConnection, found: Row[Any]) -> TicketStatus | None:
    """Return how a ticket stands; None once its page is over.

    That is with its business day where nobody has told its end, else two days after the end, and of a carried one with
    the last day on which it is good.
    """
    mine = (queue_events.c.kiosk == found.kiosk) & (queue_events.c.ticket == found.ticket)
    events = (await connection.execute(select(queue_events, TOLD_IN.label("told_in")).where(mine))).all()
    progress = progress_of(of_own_centre(events, found.centre))
    if progress.end is not None:
        return await _ended(connection, found, progress)
    if found.business_day < clock.business_date(clock.now()).isoformat():
        return None
    waiting = await said_of(connection, found.centre, found.business_day)
    state = queue_event.VOIDED if found.is_voided else _standing(progress)
    status = TicketStatus(
        number=found.number,
        state=state,
        counter=progress.counter if state in ("called", "serving") else None,
        as_of=None if waiting is None else waiting.at,
    )
    if waiting is None or state != "waiting":
        return status
    status = msgspec.structs.replace(status, stopped=await _stop_of(connection, waiting, found.service))
    own = next((one for one in waiting.tickets if one.id == found.ticket), None)
    if own is None:
        return status
    is_doubtful = own.today == "doubtful"
    told = {"before": own.before, "low_s": own.low_s, "high_s": own.high_s, "is_doubtful": is_doubtful}
    return msgspec.structs.replace(status, **told)


async def _ended(connection: AsyncConnection, found: Row[Any], progress: Progress) -> TicketStatus | None:
    state = progress.end or ""
    status = TicketStatus(number=found.number, state=state)
    if state == queue_event.CARRIED and (told := days_of(progress)) is not None:
        days = await days_now(connection, found, told)
        if clock.now() >= day_over_at(days.last.isoformat()):
            return None
        carried = Carried(days, digits_of(found.ticket), await is_claimed(connection, found, told.first))
        return msgspec.structs.replace(status, carried=carried)
    if clock.now() >= closes_at(found.business_day, progress.ended_at):
        return None
    question = asking()
    if state not in ASKED_AFTER or question is None:
        return status
    return msgspec.structs.replace(status, asked=await question.stands(connection, found))


async def _stop_of(connection: AsyncConnection, waiting: WaitingList, service: str) -> Stop | None:
    """Return since when and why a ticket's service stands still, None where it works."""
    services = () if waiting.now is None else waiting.now.services
    found = next((one for one in services if one.service == service and one.state == "interrupted"), None)
    if found is None:
        return None
    named = found.reason is not None and found.reason != OTHER_REASON
    return Stop(found.since, (await reasons.in_force(connection)).get(found.reason or "") if named else None)


def _standing(progress: Progress) -> str:
    """Return how a ticket stands that has not ended. Who came, and was sent on or asked to wait, is at no counter."""
    if not progress.is_called:
        return "waiting"
    return "serving" if progress.came_at else "called"


async def said_of(connection: AsyncConnection, centre: str, day: str) -> WaitingList | None:
    """Return the newest word of a centre on a business day, of the hub with the greatest term."""
    hubs = select(kiosks.c.id).where(kiosks.c.centre == centre, kiosks.c.role == "hub", kiosks.c.revoked_at.is_(None))
    said = await connection.scalars(select(waiting_lists.c.list).where(waiting_lists.c.hub.in_(hubs)))
    lists = [one for one in map(_read, said) if one is not None]
    of_day = [one for one in lists if one.business_day == day]
    return max(of_day, key=lambda one: (one.term, one.at), default=None)


def _read(said: str) -> WaitingList | None:
    """Return a hub's word; None for one that does not say when it was true."""
    try:
        found = msgspec.json.decode(said, type=WaitingList)
    except msgspec.ValidationError:
        return None
    return found if clock.read(found.at) is not None else None
