"""What is known of every centre, read so that no visitor costs a query: one statement, and the rest when it changes."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

import msgspec
from sqlalchemy import Row, Select, and_, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from central.base import clock
from central.base.database.transactions import reading
from central.base.tables.enrolled import centres, kiosks
from central.base.tables.received import waiting_lists
from central.base.tables.told import feed
from central.feed import Audience
from central.insight.centres.usual import UNKNOWN, Usual, UsualReader
from central.publishing import in_force, reasons
from common.city.calendar import CentreHours
from common.city.catalogue import Catalogue, load_catalogue
from common.city.groups import Words
from common.protocol.feed_message import Calendar
from common.protocol.queue.call import WaitingList

_PUBLISHED: Final = ("settings", "calendar", "catalogue", "reasons")


@dataclass(frozen=True, slots=True)
class Told:
    """What a centre's hub last said, and when central heard it."""

    list: WaitingList
    heard_at: datetime


@dataclass(frozen=True, slots=True)
class Centre:
    """One centre: what it is called, when it is open, what it offers, and its hub's last word."""

    code: str
    names: Words
    hours: CentreHours
    catalogue: Catalogue
    told: Told | None
    days_published_at: Mapping[str, str]
    """When the calendar was published that says what a special day is like, by the day's date."""
    usual: Usual


@dataclass(frozen=True, slots=True)
class Known:
    """All centres at one moment, and the names of reasons for which services stop."""

    at: datetime
    centres: tuple[Centre, ...]
    reasons: Mapping[str, Words]


@dataclass(frozen=True, slots=True)
class _Published:
    """What operators have published, as far as centres' pages need it; `newest` is its last message."""

    newest: int | None = None
    hours: dict[str, CentreHours] = field(default_factory=dict)
    days_at: dict[str, dict[str, str]] = field(default_factory=dict)
    catalogues: dict[str, Catalogue] = field(default_factory=dict)
    reasons: dict[str, Words] = field(default_factory=dict)


class CentresReader:
    """Reads at most as often as somebody needs it fresher; everybody else gets what was read."""

    def __init__(self, engine: AsyncEngine) -> None:
        """Begin with nothing read."""
        self._engine = engine
        self.usual: Final = UsualReader(engine)
        self._known: Known | None = None
        self._published = _Published()
        self._turn = asyncio.Lock()

    async def read(self, oldest_s: float) -> Known:
        """Return what is known, read at most so many seconds ago. Raises SQLAlchemyError."""
        async with self._turn:
            now = clock.now()
            if self._known is None or not 0 <= (now - self._known.at).total_seconds() < oldest_s:
                usual = await self.usual.read()
                async with reading(self._engine) as connection:
                    self._known = await self._read(connection, now, usual)
            return self._known

    async def _read(self, connection: AsyncConnection, now: datetime, usual: Mapping[str, Usual]) -> Known:
        rows = (await connection.execute(_NOW)).all()
        newest = rows[0].newest if rows else None
        codes = {row.code for row in rows}
        if newest != self._published.newest or codes != self._published.hours.keys():
            self._published = await _read_published(connection, newest, codes)
        found = []
        for code in sorted(codes):
            of_centre = [row for row in rows if row.code == code]
            hours, catalogue = self._published.hours[code], self._published.catalogues[code]
            names = {"ar": of_centre[0].name_ar, "en": of_centre[0].name_en}
            told, days_at = _newest_word(of_centre), self._published.days_at[code]
            found.append(Centre(code, names, hours, catalogue, told, days_at, usual.get(code, UNKNOWN)))
        return Known(now, tuple(found), self._published.reasons)


def _statement() -> Select[Any]:
    newest = in_force.newest_message(*_PUBLISHED).label("newest")
    is_hub = and_(kiosks.c.centre == centres.c.code, kiosks.c.role == "hub", kiosks.c.revoked_at.is_(None))
    return (
        select(centres.c.code, centres.c.name_ar, centres.c.name_en, waiting_lists.c.list, waiting_lists.c.at, newest)
        .join(kiosks, is_hub, isouter=True)
        .join(waiting_lists, waiting_lists.c.hub == kiosks.c.id, isouter=True)
    )


_NOW: Final = _statement()


def _newest_word(rows: list[Row[Any]]) -> Told | None:
    """Return the word of the hub with the greatest term; None where none can be read."""
    told = []
    for row in rows:
        heard_at = None if row.list is None else clock.read(row.at)
        try:
            if heard_at is not None:
                told.append(Told(msgspec.json.decode(row.list, type=WaitingList), heard_at))
        except msgspec.ValidationError:
            continue  # of a hub of another version; the next word takes its place
    return max(told, key=lambda one: (one.list.term, one.heard_at), default=None)


async def _read_published(connection: AsyncConnection, newest: int | None, codes: set[str]) -> _Published:
    found = _Published(newest, reasons=await reasons.in_force(connection))
    calendars = await _calendars(connection)
    for code in codes:
        catalogue = await in_force.catalogue(connection, Audience(code))
        found.catalogues[code] = load_catalogue(catalogue.published if catalogue is not None else ())
        settings = await in_force.settings(connection, Audience(code))
        heard = [one for one in calendars if one[0].centre in (None, code)]
        heard.sort(key=lambda one: one[0].centre is not None)  # what is said of a centre alone goes before
        days = {day.date: day for calendar, _ in heard for day in calendar.days}
        found.hours[code] = CentreHours(in_force.usual_hours(settings), days)
        found.days_at[code] = {day.date: at for calendar, at in heard for day in calendar.days}
    return found


async def _calendars(connection: AsyncConnection) -> list[tuple[Calendar, str]]:
    """Return of each centre and year the calendar that was published last, and when."""
    query = select(feed.c.key, feed.c.body, feed.c.at).where(feed.c.kind == "calendar").order_by(feed.c.id)
    newest = {row.key: row for row in await connection.execute(query)}
    return [(msgspec.json.decode(row.body, type=Calendar), row.at) for row in newest.values()]
