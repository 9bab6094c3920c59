"""The rules of messages in a centre, or in all: which kinds, in which hours, and who of its staff is told what.

Names and numbers of staff lie sealed at rest, and are told to each hub of a centre, sealed to that hub alone.
"""

import base64
import hashlib
from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Annotated, Final

import msgspec
from msgspec import Meta, Struct
from sqlalchemy import Select, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from central import feed
from central.base import clock
from central.base.database.rows import upsert
from central.base.database.transactions import FEED_LOCK, lock
from central.base.tables.enrolled import kiosks
from central.base.tables.messages import message_rules
from central.base.tables.told import feed as feed_table
from central.feed import Audience
from central.keys.at_rest import Vault, place_of_staff
from central.kiosks.enrolment import check_centre
from central.publishing.unknown import read_known
from common.messages.kind import ALARMS, KINDS, Kind
from common.protocol.field import TimeOfDay
from common.protocol.staff import MOST, SUITE, Staff, StaffRecord, sealing_key_of, staff_info

KIND: Final = "messages"
STAFF: Final = "staff"
NEEDS: Final = "needs"
STAFF_KINDS: Final = ("staff-alarm", NEEDS, *ALARMS)
"""What somebody can be told of; the first is all of it. Of what needs somebody central tells, of the rest the hub."""
OF_ALL: Final = ""
"""The centre under which lies what is for all."""
_AS_ALL: Final = "{}"
"""What stands for the rules of a centre that names its staff alone; a former version reads it as it was shipped."""


class Hours(Struct, frozen=True, forbid_unknown_fields=True, rename={"begins": "from", "ends": "to"}):
    """When citizens are written to."""

    begins: TimeOfDay = "08:00"
    ends: TimeOfDay = "21:00"

    def next_open(self, now: datetime) -> datetime | None:
        """Return when they begin next, None where they have begun."""
        here = now.astimezone(clock.CENTRE_TIME)
        if self.begins <= f"{here:%H:%M}" < self.ends:
            return None
        day = here.date() + timedelta(days=f"{here:%H:%M}" >= self.ends)
        return datetime.combine(day, time.fromisoformat(self.begins), clock.CENTRE_TIME)


class Rules(Struct, frozen=True, forbid_unknown_fields=True):
    """What holds in a centre: the kinds that are sent, and when."""

    kinds: tuple[Kind, ...] = KINDS
    hours: Hours = Hours()


class Published(Struct, frozen=True, forbid_unknown_fields=True):
    """What an operator publishes of a centre, or where that is null of all; it takes the place of what was before."""

    centre: str | None
    kinds: tuple[Kind, ...]
    hours: Hours = Hours()
    staff: Annotated[list[StaffRecord], Meta(max_length=MOST)] = []


async def publish(connection: AsyncConnection, content: bytes, vault: Vault) -> int:
    """Keep the rules, and tell hubs whom of their staff they write to; return the last message's id, 0 without any.

    Raises ValueError with what is wrong.
    """
    told = _read(content)
    if told.centre is not None:
        await check_centre(connection, told.centre)
    return await _keep(connection, vault, told.centre or OF_ALL, Rules(told.kinds, told.hours), told.staff)


async def staff_by_centre(connection: AsyncConnection, vault: Vault) -> dict[str, list[StaffRecord]]:
    """Return who of the staff is told, by centre; under the empty name those of all centres."""
    rows = await connection.execute(select(message_rules).order_by(message_rules.c.centre))
    return {row.centre: _opened(vault, row.centre, row.staff) for row in rows}


async def set_staff(connection: AsyncConnection, vault: Vault, centre: str, staff: list[StaffRecord]) -> None:
    """Name a centre's staff that is told; its other rules stay as they hold. Raises ValueError with what is wrong."""
    await check_centre(connection, centre)
    _check_staff(staff)
    own = await connection.scalar(select(message_rules.c.rules).where(message_rules.c.centre == centre))
    rules = None if own in (None, _AS_ALL) else await rules_of(connection, centre)
    await _keep(connection, vault, centre, rules, staff)


async def _keep(
    connection: AsyncConnection, vault: Vault, centre: str, rules: Rules | None, staff: list[StaffRecord]
) -> int:
    await lock(connection, FEED_LOCK)  # before the row, as who changes a list does before he reads it
    sealed = vault.seal(place_of_staff(centre), msgspec.json.encode(staff).decode())
    said = _AS_ALL if rules is None else msgspec.json.encode(rules).decode()
    row = {"centre": centre, "rules": said, "staff": sealed}
    await upsert(connection, message_rules, [row])
    return await tell_hubs(connection, vault)


async def rules_of(connection: AsyncConnection, centre: str | None) -> Rules:
    """Return the rules of a centre: its own, else those of all, else as central was shipped."""
    holds = message_rules.c.centre.in_((centre or OF_ALL, OF_ALL)), message_rules.c.rules != _AS_ALL
    query = select(message_rules.c.rules).where(*holds)
    newest = await connection.scalar(query.order_by(message_rules.c.centre.desc()).limit(1))
    return Rules() if newest is None else msgspec.json.decode(newest, type=Rules)


async def tell_hubs(connection: AsyncConnection, vault: Vault) -> int:
    """Tell each hub in service whom it writes to, where it was not told yet; return the last message's id, or 0."""
    kept = {row.centre: row.staff for row in await connection.execute(select(message_rules))}
    if not kept:
        return 0
    lists = {centre: _opened(vault, centre, sealed) for centre, sealed in kept.items()}
    await lock(connection, FEED_LOCK)
    told = {row.kiosk: row.body for row in await connection.execute(_told())}
    query = select(kiosks).where(kiosks.c.role == "hub", kiosks.c.revoked_at.is_(None)).order_by(kiosks.c.id)
    number = 0
    for hub in (await connection.execute(query)).all():
        content = msgspec.json.encode([*lists.get(hub.centre, ()), *lists.get(OF_ALL, ())][:MOST])
        mark = hashlib.sha256(vault.mark(f"{hub.public_key}\n{content.decode()}").encode()).hexdigest()
        if hub.id in told and msgspec.json.decode(told[hub.id], type=Staff).mark == mark:
            continue
        key = sealing_key_of(base64.b64decode(hub.public_key))
        sealed = SUITE.encrypt(content, key, info=staff_info(hub.centre, hub.id))
        body = Staff(hub.centre, hub.id, base64.b64encode(sealed).decode(), mark)
        number = await feed.append(connection, STAFF, body, key=hub.id, audience=Audience(kiosk=hub.id))
    return number


def _told() -> Select[tuple[str, str]]:
    newest = select(func.max(feed_table.c.id)).where(feed_table.c.kind == STAFF).group_by(feed_table.c.key)
    return select(feed_table.c.kiosk, feed_table.c.body).where(feed_table.c.id.in_(newest))


def _opened(vault: Vault, centre: str, sealed: str) -> list[StaffRecord]:
    return msgspec.json.decode(vault.open(place_of_staff(centre), sealed), type=list[StaffRecord])


def _read(content: bytes) -> Published:
    told = read_known(content, Published)
    if told.hours.begins >= told.hours.ends:
        raise ValueError(f"hours: from {told.hours.begins} is not before to {told.hours.ends}")
    _check_staff(told.staff)
    return told


def _check_staff(staff: Sequence[StaffRecord]) -> None:
    if len(staff) > MOST:
        raise ValueError(f"staff: found {len(staff)}, at most {MOST} of a centre are told")
    for index, one in enumerate(staff):
        if unknown := [kind for kind in one.kinds if kind not in STAFF_KINDS]:
            raise ValueError(f"staff[{index}].kinds: found {unknown[0]!r}, expected one of {', '.join(STAFF_KINDS)}")
