"""What becomes of claims by themselves: who came, who did not, and which can't be kept as promised."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from central.base import clock
from central.base.database.transactions import CLAIM_CHANGES_LOCK, READING_LOCK, is_postgres, lock
from central.base.tables.claimed import claims
from central.base.tables.enrolled import kiosks
from central.base.tables.visited import queue_events, tickets
from central.claims import booking
from central.claims.planned import making
from central.feed import Audience
from central.insight.visits import changed_days
from central.insight.visits.promised import is_of_claim
from central.insight.visits.visit import in_order
from central.intake.receiving import finding
from central.intake.receiving.finding import Finding
from central.publishing import in_force
from common.city.calendar import CentreHours
from common.city.catalogue import load_catalogue
from common.protocol.queue.event import COUNTER_OPENED, DAY_CLOSED, DAY_REOPENED

CLOSED: Final = "closed"
CLOSED_EARLY: Final = "closed-early"
STANDING: Final = "standing"
REOPENED: Final = "reopened"
"""It holds again, though its owner was told that it does not: who stays away now has missed nothing."""
#: A centre that stands still now: these are told, for they would come for nothing.
_STANDS_FOR: Final = timedelta(hours=1)
_AT_A_TIME: Final = 500
_LOOKED_BACK: Final = timedelta(days=4)


async def settle(connection: AsyncConnection, now: datetime) -> None:
    """Note of every claim what is known of it by now."""
    await lock(connection, CLAIM_CHANGES_LOCK)
    text, today = clock.as_text(now), clock.business_date(now).isoformat()
    # A ticket of an earlier day is a wrong clock's: the hub gives it no place, and its owner may come yet.
    of_time = tickets.c.business_day >= claims.c.day
    given = select(tickets.c.ticket).select_from(tickets.outerjoin(kiosks, kiosks.c.id == tickets.c.kiosk))
    shown = given.where(is_of_claim(), ~tickets.c.is_voided, of_time).correlate(claims).exists()
    # Items of a centre that was cut off come later: who was thought to have missed it has come after all.
    days = await _become(connection, "arrived", claims.c.state.in_(("booked", "missed")) & shown, text)
    # A wrong touch was taken back.
    days |= await _become(connection, "booked", (claims.c.state == "arrived") & ~shown, text)
    is_over = or_(and_(_holds(), claims.c.day < today), claims.c.expires_at <= text)
    days |= await _become(connection, "missed", (claims.c.state == "booked") & is_over & ~shown, text)
    await _become(connection, "lapsed", (claims.c.state == "held") & (claims.c.held_until <= text), text)
    if days:  # reports count them by their own day, on which perhaps nobody else came
        await lock(connection, READING_LOCK)
        await changed_days.note_of_centres(connection, days)
    await _name_unknown(connection, clock.business_date(now) - _LOOKED_BACK)


async def _name_unknown(connection: AsyncConnection, since: date) -> None:
    """Write down tickets of claims that central does not know: it was set back to a copy, or its key is elsewhere."""
    is_claim = tickets.c.claim.is_not(None), tickets.c.business_day >= since.isoformat()
    query = select(tickets.c.kiosk, tickets.c.ticket).where(*is_claim, ~exists().where(claims.c.id == tickets.c.claim))
    for row in (await connection.execute(query.limit(_AT_A_TIME))).all():
        await finding.note(connection, row.kiosk, [Finding("claim-unknown", row.ticket)])


async def call_off(connection: AsyncConnection, standing: Iterable[str], now: datetime) -> None:
    """Mark the open claims that can't be kept: the day closed or closes early, or the centre stands still.

    What was closed by the calendar and is open by it again holds again.
    """
    await lock(connection, CLAIM_CHANGES_LOCK)
    is_open = claims.c.state == "booked", claims.c.at > clock.as_text(now), _holds() | (claims.c.off == CLOSED)
    query = select(claims.c.id, claims.c.centre, claims.c.at, claims.c.off).where(*is_open).order_by(claims.c.id)
    rows = (await connection.execute(query)).all()
    hours = {centre: await making.hours_of(connection, centre) for centre in {row.centre for row in rows}}
    closed_early = {centre: await _closed_early(connection, centre, open_, now) for centre, open_ in hours.items()}
    stands = set(standing)
    found: dict[str, list[str]] = {CLOSED: [], CLOSED_EARLY: [], STANDING: [], REOPENED: []}
    for row in rows:
        local = datetime.fromisoformat(row.at).astimezone(clock.CENTRE_TIME)
        is_open_then = hours[row.centre].is_open(local)
        if row.off == CLOSED:
            found[REOPENED] += [row.id] if is_open_then else []
        elif not is_open_then:
            found[CLOSED].append(row.id)
        elif closed_early[row.centre] and clock.business_date(local) == clock.business_date(now):
            found[CLOSED_EARLY].append(row.id)
        elif row.centre in stands and local <= now + _STANDS_FOR:
            found[STANDING].append(row.id)
    for why, ids in found.items():
        for claim_id in ids:
            change = await booking.next_change(connection)
            own = claims.c.id == claim_id, claims.c.state == "booked"
            await connection.execute(update(claims).where(*own).values(off=why, change=change))


async def prolong(connection: AsyncConnection, centre: str, now: datetime) -> None:
    """Let a centre's claims be good for as long as its kiosks and hubs take them, also where closed days came later.

    Of those that are cancelled they are told until then.
    """
    await lock(connection, CLAIM_CHANGES_LOCK)
    own = claims.c.centre == centre, claims.c.state.in_(("booked", "cancelled", "withdrawn"))
    query = select(claims.c.id, claims.c.service, claims.c.at, claims.c.expires_at)
    rows = (await connection.execute(query.where(*own, claims.c.expires_at > clock.as_text(now)))).all()
    hours = await making.hours_of(connection, centre)
    published = await in_force.catalogue(connection, Audience(centre))
    catalogue = load_catalogue(published.published if published is not None else ())
    for row in rows:
        service = catalogue.get(row.service)
        at, ends = (datetime.fromisoformat(one).astimezone(clock.CENTRE_TIME) for one in (row.at, row.expires_at))
        good_until = clock.as_text(hours.good_until(at, ends, None if service is None else service.hours))
        if good_until > row.expires_at:
            await connection.execute(update(claims).where(claims.c.id == row.id).values(expires_at=good_until))


def _holds() -> ColumnElement[bool]:
    """Return the condition under which a claim is to be kept as promised."""
    return func.coalesce(claims.c.off, REOPENED) == REOPENED


async def _closed_early(connection: AsyncConnection, centre: str, hours: CentreHours, now: datetime) -> bool:
    """Return whether a hub of the centre has closed its day since it opened, and no counter was opened again.

    That is so by the order of a hub's chain; what a clock that ran ahead has written into the future says nothing.
    """
    today = hours.on(now.astimezone(clock.CENTRE_TIME).date())
    opened = None if today is None else making.starts(now.astimezone(clock.CENTRE_TIME).date(), today.opens)
    if opened is None:
        return False
    hubs = select(kiosks.c.id).where(kiosks.c.centre == centre, kiosks.c.role == "hub")
    of_today = queue_events.c.hub.in_(hubs), queue_events.c.at.between(clock.as_text(opened), clock.as_text(now))
    told = queue_events.c.ticket.is_(None), queue_events.c.event.in_((DAY_CLOSED, DAY_REOPENED, COUNTER_OPENED))
    events = in_order((await connection.execute(select(queue_events).where(*of_today, *told))).all())
    return bool(events) and events[-1].event == DAY_CLOSED


async def _become(
    connection: AsyncConnection, state: str, condition: ColumnElement[bool], now: str
) -> set[changed_days.OfCentre]:
    """Let claims come into a state; return the days of centres that they are of."""
    own = claims.c.id, claims.c.centre, claims.c.day
    query: Select[tuple[str, str, str]] = select(*own).where(condition).order_by(claims.c.id).limit(_AT_A_TIME)
    if is_postgres(connection):
        query = query.with_for_update(of=claims)
    rows = (await connection.execute(query)).all()
    for row in rows:
        values = {"state": state, "ended_at": now, "change": await booking.next_change(connection)}
        await connection.execute(update(claims).where(claims.c.id == row.id).values(values))
    return {(row.centre, row.day) for row in rows}
