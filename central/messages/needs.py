"""Staff should know what needs somebody, and once it was told of it that it is over: each of both once.

It is told who is named for all centres, and of a centre's machines who is named for that centre. Of machines nobody is
told while their centre is closed: they may be off for the night.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any, Final

import msgspec
from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncConnection

from central.base import clock
from central.base.config import CentralConfig
from central.base.tables.messages import STAFF, told
from central.base.tables.people import muted
from central.claims.planned.making import hours_of
from central.intake.receiving import apart
from central.keys.keys import KeyRing
from central.kiosks import contacts
from central.levels.level import Level
from central.messages.contacts import Contact
from central.messages.needs_words import words_of_need
from central.messages.texts import Said
from central.offices.upkeep.needs import what_needs_somebody
from central.offices.upkeep.todo import UNHEARD, Todo
from central.publishing.messages import NEEDS, OF_ALL, STAFF_KINDS, staff_by_centre
from common.messages.kind import RULES
from common.protocol.staff import StaffRecord

LOOK_EVERY: Final = timedelta(minutes=1)
STANDS_FOR: Final = timedelta(minutes=10)
OPEN_FOR: Final = timedelta(minutes=15)
"""Machines that were off for the night are heard by then."""
_BY_HUBS: Final = ("kiosk-silent", "kiosk-paper", "kiosk-battery")
"""Who is told of every alarm hears of these from the centre's hub."""
_UNTOLD: Final = ("waiting", "dropped")
_LIFE: Final = RULES["staff-need"].life or timedelta()


@dataclass(frozen=True, slots=True)
class _Now:
    """What stands, by person and need; machines of which nobody knows whether a need is over; centres closed now."""

    standing: dict[str, Todo]
    unknown: Collection[str]
    closed: Collection[str]


class OfNeed:
    """What needs somebody, for each of the staff who is told of it."""

    name: Final = "staff-need"
    subject: Final = STAFF
    stuck: Final = apart.MESSAGE
    newest_alone: Final = False

    def __init__(self, config: CentralConfig, ring: KeyRing) -> None:
        """Look at this central."""
        self._config = config
        self._ring = ring
        self._again: datetime | None = None

    async def changed(self, connection: AsyncConnection, now: datetime, waiting: Collection[str]) -> Collection[str]:
        """Return once a minute whom something may be to be told, or that it is over."""
        if self._again is not None and self._again > now:
            return ()
        self._again = now + LOOK_EVERY
        began = select(told.c.about).where(told.c.subject == STAFF, told.c.what.startswith("is/")).distinct()
        said = await connection.scalars(began.order_by(told.c.about))
        return list(dict.fromkeys([*waiting, *(await self._look(connection, now)).standing, *said]))

    async def levels(
        self, connection: AsyncConnection, now: datetime, about: Collection[str]
    ) -> Mapping[str, Level | None]:
        """Return what each should know of a need: that it is so, or that it is no more."""
        found = await self._look(connection, now)
        query = select(told).where(told.c.subject == STAFF, told.c.about.in_(about)).order_by(told.c.about)
        rows = {key: list(own) for key, own in groupby((await connection.execute(query)).all(), lambda row: row.about)}
        return {
            one: self._level(one, found, rows.get(one, []), now)
            for one in about
            if one in found.standing or one.split("/")[2] not in found.unknown
        }

    def _level(self, about: str, found: _Now, rows: list[Row[Any]], now: datetime) -> Level | None:
        """Return what is to be known; its episodes are counted, so that a second one is another thing to know."""
        went = {row.what for row in rows if row.state not in _UNTOLD}
        episode = 1 + max((int(what.removeprefix("over/")) for what in went if what.startswith("over/")), default=-1)
        todo = found.standing.get(about)
        if todo is None:
            began = next((row for row in rows if row.what == f"is/{episode}" and row.what in went), None)
            if began is None:
                return None
            said = msgspec.json.decode(began.said, type=Said)
            return _level_of(about, f"over/{episode}", msgspec.structs.replace(said, is_over=True), now)
        since = None if todo.since is None else datetime.fromisoformat(todo.since)
        is_closed = todo.machine is not None and todo.machine.centre in found.closed
        if is_closed or (since is not None and now - since < STANDS_FOR):
            return None
        return _level_of(about, f"is/{episode}", Said(need=words_of_need(todo)), now)

    async def contact(self, connection: AsyncConnection, about: str) -> Contact | None:
        """Return whom a row is for, None who is not named any more. Raises NotOurText."""
        vault, mark = self._ring.vault(), about.partition("/")[0]
        for people in (await staff_by_centre(connection, vault)).values():
            for person in people:
                if vault.mark(person.number) == mark:
                    return Contact(person.number, person.language, mark)
        return None

    async def _look(self, connection: AsyncConnection, now: datetime) -> _Now:
        todos, vault = await what_needs_somebody(connection, self._config), self._ring.vault()
        standing = {
            f"{vault.mark(person.number)}/{todo.key}": todo
            for centre, people in (await staff_by_centre(connection, vault)).items()
            for person in people
            for todo in todos
            if _hears(person, centre, todo)
        }
        machines = [one.machine for one in standing.values() if one.machine is not None]
        centres = sorted({one.centre for one in machines})
        closed = [centre for centre in centres if not await _is_open(connection, centre, now)]
        return _Now(standing, await _unknown(connection, todos, now), closed)


def _hears(person: StaffRecord, centre: str, todo: Todo) -> bool:
    """Return whether somebody who is named for a centre, or for all by the empty name, is told of a need."""
    is_of_all = centre == OF_ALL
    if NEEDS in person.kinds:
        return is_of_all or (todo.machine is not None and todo.machine.centre == centre)
    return is_of_all and STAFF_KINDS[0] in person.kinds and todo.kind not in _BY_HUBS


async def _unknown(connection: AsyncConnection, todos: Collection[Todo], now: datetime) -> set[str]:
    """Return machines on which somebody works or that do not say how they are, and dark centres: no need is over."""
    unknown = set(await connection.scalars(select(muted.c.kiosk).where(muted.c.until > clock.as_text(now))))
    unknown |= {one.machine.id for one in todos if one.machine is not None and one.kind in UNHEARD}
    machines = await contacts.in_service(connection)
    lit = {one.centre for one in machines if not one.is_silent(now)}
    return unknown.union(*({one.id, one.centre} for one in machines if one.centre not in lit))


async def _is_open(connection: AsyncConnection, centre: str, now: datetime) -> bool:
    hours = await hours_of(connection, centre)
    return all(hours.is_open(moment.astimezone(clock.CENTRE_TIME)) for moment in (now, now - OPEN_FOR))


def _level_of(about: str, what: str, said: Said, now: datetime) -> Level:
    return Level(about=about, what=what, since=now, ends=now + _LIFE, said=said)
