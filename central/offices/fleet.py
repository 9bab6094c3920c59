"""The fleet as a person needs it: who has to be looked at first, page by page, as far as this person may see."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Row, delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from central.base import clock
from central.base.tables.enrolled import kiosks
from central.base.tables.people import muted
from central.base.tables.received import contacts, health
from central.kiosks.contacts import heard_at
from central.kiosks.machine import is_mute, leads
from central.kiosks.named import led_at, number
from central.kiosks.state import KioskState, Need, need_of, read_state, restarts_of
from central.offices import operations
from central.offices.operators import Operator

PAGE: Final = 50
MUTED_FOR: Final = timedelta(hours=4)


@dataclass(frozen=True, slots=True)
class Machine:
    """A kiosk or hub. `heard_at` is None where it was never heard; `number` is of `kiosks.named`.

    `leads` is None where the one that led last, at `led_at`, is silent since: another may lead meanwhile.
    """

    kiosk: str
    centre: str
    role: str
    number: int
    leads: bool | None
    led_at: datetime | None
    need: Need
    state: KioskState
    has_reported: bool
    restarts: dict[str, int]
    heard_at: datetime | None
    muted_until: datetime | None


@dataclass(frozen=True, slots=True)
class Fleet:
    """One page of it. `counts` are of all that the filter lets through, by need."""

    machines: tuple[Machine, ...]
    counts: dict[Need, int]
    page: int
    pages: int
    centres: tuple[str, ...]


async def read_fleet(
    connection: AsyncConnection, operator: Operator, *, centre: str | None, need: Need | None, page: int
) -> Fleet:
    """Return a page of what an operator may see, those first who need somebody first.

    Args:
        connection: any.
        operator: who looks.
        centre: only this one.
        need: only these.
        page: from 1 on; beyond the last, the last.
    """
    seen = [machine for machine in await _machines(connection) if operator.may_see(machine.centre)]
    codes = tuple(sorted({machine.centre for machine in seen}))
    seen = [machine for machine in seen if centre is None or machine.centre == centre]
    counts = {one: sum(machine.need is one for machine in seen) for one in Need}
    wanted = sorted(
        (machine for machine in seen if need is None or machine.need is need),
        key=lambda machine: (machine.need, machine.centre, machine.role, machine.number, machine.kiosk),
    )
    pages = max(1, -(-len(wanted) // PAGE))
    page = min(max(1, page), pages)
    return Fleet(tuple(wanted[(page - 1) * PAGE : page * PAGE]), counts, page, pages, codes)


async def find_machine(connection: AsyncConnection, operator: Operator, kiosk: str) -> Machine | None:
    """Return one machine, None where there is none that this person may see."""
    found = await _machines(connection, kiosk)
    return next((machine for machine in found if operator.may_see(machine.centre)), None)


async def mute(connection: AsyncConnection, operator: Operator, machine: Machine, *, is_on: bool) -> None:
    """Say that somebody is working on a machine, for four hours, or no longer; written down with the name."""
    await connection.execute(delete(muted).where(muted.c.kiosk == machine.kiosk))
    if is_on:
        until = clock.as_text(clock.now() + MUTED_FOR)
        await connection.execute(insert(muted).values(kiosk=machine.kiosk, until=until, operator=operator.name))
    await operations.note(connection, operator.name, "muted" if is_on else "unmuted", {"kiosk": machine.kiosk})


async def _machines(connection: AsyncConnection, kiosk: str | None = None) -> list[Machine]:
    query = (
        select(kiosks, number, led_at, health.c.report, health.c.at.label("reported_at"), heard_at, muted.c.until)
        .join_from(kiosks, health, kiosks.c.id == health.c.kiosk, isouter=True)
        .join(contacts, contacts.c.kiosk == kiosks.c.id, isouter=True)
        .join(muted, muted.c.kiosk == kiosks.c.id, isouter=True)
    )
    if kiosk is not None:
        query = query.where(kiosks.c.id == kiosk)
    now = clock.now()
    return [_machine(row, now) for row in await connection.execute(query)]


def _machine(row: Row[Any], now: datetime) -> Machine:
    state = read_state(row.report)
    until = None if row.until is None else datetime.fromisoformat(row.until)
    until = until if until is not None and until > now else None
    if row.revoked_at is not None:
        need = Need.REVOKED
    elif until is not None:
        need = Need.MUTED
    elif row.role == "kiosk" and not (state.says_how_it_is and _reports(row, now)):
        need = Need.SILENT
    else:
        need = need_of(state, row.heard_at, now, row.role)
    heard = None if row.heard_at is None else datetime.fromisoformat(row.heard_at)
    led = None if row.led_at is None else datetime.fromisoformat(row.led_at)
    has_reported = row.role == "kiosk" and row.report is not None  # a hub says its version alone
    return Machine(
        kiosk=row.id,
        centre=row.centre,
        role=row.role,
        number=row.number,
        leads=leads(row.led_at, now),
        led_at=led,
        need=need,
        state=state,
        has_reported=has_reported,
        restarts=restarts_of(row.report),
        heard_at=heard,
        muted_until=until,
    )


def _reports(row: Row[Any], now: datetime) -> bool:
    """Return whether a kiosk says how it is: what is heard of it without that is no sign that its screen works."""
    return row.reported_at is not None and not is_mute(row.reported_at, now)
