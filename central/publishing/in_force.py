"""What holds at a kiosk now, of all that was published: the newest catalogue that it hears, and the settings."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import msgspec
from sqlalchemy import ScalarSelect, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from central.base.tables.enrolled import kiosks
from central.base.tables.told import feed
from central.feed import EVERYONE, Audience, Reader
from central.kiosks.enrolment import check_centre
from common.city.calendar import days_of
from common.city.catalogue import Hours, Published, load_catalogue
from common.protocol.feed_message import Calendar, CalendarDay
from common.protocol.notice import Notices
from common.protocol.setting_values import DAY_BEGINS, DAY_ENDS

_WITHOUT_A_CELL: Final = ("documents", "numbers")
_TAKEN_AWAY: Final[Mapping[str, Any]] = {"fee": None, "hours": None, "daily_quota": None, "papers": []}
"""What an empty cell can't say either: that the kiosk's own fee, say, does not hold."""


@dataclass(frozen=True, slots=True)
class CatalogueInForce:
    """A catalogue as it was published: the number of its message, when, and for whom."""

    message: int
    at: str
    audience: Audience
    body: dict[str, Any]

    @property
    def published(self) -> Published:
        """What it says of services, groups and desks."""
        return Published(self.body["services"], self.body.get("groups", {}), self.body.get("desks", {}))


async def catalogue(connection: AsyncConnection, audience: Audience) -> CatalogueInForce | None:
    """Return the catalogue that the kiosks of an audience go by; None where each goes by the one that it brought.

    Raises ValueError for an audience that isn't.
    """
    hears = (await _reader(connection, audience)).hears(feed)
    query = select(feed).where(feed.c.kind == "catalogue", hears).order_by(feed.c.id.desc()).limit(1)
    row = (await connection.execute(query)).one_or_none()
    if row is None:
        return None
    return CatalogueInForce(row.id, row.at, Audience(row.centre, row.kiosk), msgspec.json.decode(row.body))


async def whole_table(connection: AsyncConnection, table: bytes, audience: Audience) -> bytes:
    """Return the catalogue of a table of services, with what it has no cell for as the one in force says it.

    Raises ValueError for an audience that isn't.
    """
    found = await catalogue(connection, audience)
    before = {} if found is None else {one["code"]: one for one in found.body["services"]}
    told = msgspec.json.decode(table)
    services = [_with_untold(one, before.get(one["code"], {})) for one in told["services"]]
    return msgspec.json.encode(told | {"services": services})


async def catalogues(connection: AsyncConnection, audience: Audience) -> list[CatalogueInForce]:
    """Return the catalogues whose place one for an audience takes, the newest first: of all, also each centre's own.

    Raises ValueError for an audience that isn't.
    """
    if audience != EVERYONE:
        one = await catalogue(connection, audience)
        return [] if one is None else [one]
    of_each = select(func.max(feed.c.id)).where(feed.c.kind == "catalogue").group_by(feed.c.centre, feed.c.kiosk)
    rows = await connection.execute(select(feed).where(feed.c.id.in_(of_each)).order_by(feed.c.id.desc()))
    return [
        CatalogueInForce(row.id, row.at, Audience(row.centre, row.kiosk), msgspec.json.decode(row.body)) for row in rows
    ]


async def unknown_to_hubs(connection: AsyncConnection, kiosk: str, codes: Iterable[str]) -> str | None:
    """Return the first of some services whose numbers the hub of a kiosk's centre would refuse; None without a hub."""
    centre = await _centre_of(connection, kiosk)
    hubs = select(kiosks.c.id).where(kiosks.c.centre == centre, kiosks.c.role == "hub", kiosks.c.revoked_at.is_(None))
    if await connection.scalar(hubs.limit(1)) is None:
        return None
    found = await catalogue(connection, Audience(centre))
    known = load_catalogue().known.keys() | load_catalogue(found.published if found is not None else ()).known.keys()
    return next((code for code in codes if code not in known), None)


async def service_names(connection: AsyncConnection, centre: str) -> dict[str, dict[str, str]]:
    """Return services' and desks' names by code and language, as a kiosk of this centre shows them."""
    found = await catalogue(connection, Audience(centre))
    known = load_catalogue(found.published if found is not None else ())
    return {one.code: dict(one.names) for one in (*known.services, *known.desks.values())}


async def settings(connection: AsyncConnection, audience: Audience) -> dict[str, Any]:
    """Return the published settings that hold at the kiosks of an audience: the newest of each name.

    Raises ValueError for an audience that isn't.
    """
    hears = (await _reader(connection, audience)).hears(feed)
    merged: dict[str, Any] = {}
    for body in await connection.scalars(
        select(feed.c.body).where(feed.c.kind == "settings", hears).order_by(feed.c.id)
    ):
        merged |= msgspec.json.decode(body, type=dict[str, Any])
    return {name: value for name, value in sorted(merged.items()) if value is not None}


def usual_hours(settings: Mapping[str, Any]) -> Hours | None:
    """Return the hours that published settings say; None where they say none."""
    opens, closes = settings.get("kiosk.opens"), settings.get("kiosk.closes")
    if opens is None and closes is None:
        return None
    try:
        return Hours(opens or DAY_BEGINS, closes or DAY_ENDS)
    except ValueError:
        return None  # of two audiences, and no kiosk goes by them either


async def special_days(connection: AsyncConnection, centre: str | None) -> dict[str, CalendarDay]:
    """Return the calendar's days of a centre, or of all, by date."""
    return days_of(await calendars(connection, centre))


async def calendars(connection: AsyncConnection, centre: str | None) -> list[Calendar]:
    """Return the calendars of all, and those of a centre."""
    return await _newest_of_each_key(connection, "calendar", Calendar, centre)


async def notices(connection: AsyncConnection, centre: str | None) -> list[Notices]:
    """Return the notices of all, and those of a centre."""
    return await _newest_of_each_key(connection, "notices", Notices, centre)


async def _newest_of_each_key[Body](
    connection: AsyncConnection, kind: str, body: type[Body], centre: str | None
) -> list[Body]:
    audience = feed.c.centre.is_(None) if centre is None else feed.c.centre.is_(None) | (feed.c.centre == centre)
    query = select(feed.c.key, feed.c.body).where(feed.c.kind == kind, audience).order_by(feed.c.id)
    newest = {row.key: row.body for row in await connection.execute(query)}
    return [msgspec.json.decode(told, type=body) for told in newest.values()]


def newest_message(*kinds: str) -> ScalarSelect[int | None]:
    """Return the id of the last message of some kinds, for a query: as long as it stays, what they say does too."""
    return select(func.max(feed.c.id)).where(feed.c.kind.in_(kinds)).scalar_subquery()


async def check_audience(connection: AsyncConnection, audience: Audience) -> None:
    """Raise ValueError where central knows no such centre or kiosk: nobody would hear what is said to it."""
    if audience.centre is not None:
        await check_centre(connection, audience.centre)
    if audience.kiosk is not None:
        await _centre_of(connection, audience.kiosk)


async def whole_centre(connection: AsyncConnection, said: str | None, audience: Audience) -> str | None:
    """Return the centre that a file, or --centre, is for; None where it is for all.

    Raises ValueError where they differ, where central knows no such centre, and for a single kiosk's audience.
    """
    if audience.kiosk is not None:
        raise ValueError("this is for a centre, or for all: --kiosk doesn't go with it")
    if said and audience.centre and said != audience.centre:
        raise ValueError(f'the file is of centre "{said}", and --centre says "{audience.centre}"')
    centre = said or audience.centre
    if centre is not None:
        await check_centre(connection, centre)
    return centre


async def _reader(connection: AsyncConnection, audience: Audience) -> Reader:
    await check_audience(connection, audience)
    centre = audience.centre or ""
    if audience.kiosk is not None:
        centre = await _centre_of(connection, audience.kiosk)
    return Reader(audience.kiosk or "", centre, "kiosk")


async def _centre_of(connection: AsyncConnection, kiosk: str) -> str:
    centre = await connection.scalar(select(kiosks.c.centre).where(kiosks.c.id == kiosk))
    if centre is None:
        raise ValueError(f"--kiosk: found {kiosk[:60]!r}, which isn't enrolled here; `central kiosks` lists them")
    return str(centre)


def _with_untold(told: Mapping[str, Any], before: Mapping[str, Any]) -> dict[str, Any]:
    kept = {name: before[name] for name in _WITHOUT_A_CELL if name in before}
    kept |= {name: before[name] for name, none in _TAKEN_AWAY.items() if name in before and before[name] == none}
    names = {"names": before.get("names", {}) | told["names"]} if "names" in told else {}
    return {**kept, **told, **names}
