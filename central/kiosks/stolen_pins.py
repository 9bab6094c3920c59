"""Whose PINs a revoked kiosk or hub may have given away: its disk holds hashes of all of its centre's."""

from dataclasses import dataclass
from typing import Any, Literal

import msgspec
from sqlalchemy import Select, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from central.base.tables.enrolled import clerks, kiosks
from central.base.tables.told import feed
from common.protocol.feed_message import Technician


@dataclass(frozen=True, slots=True)
class StolenPins:
    """A centre in which a machine was revoked, and who still has a PIN from before."""

    centre: str
    machine: str
    names: tuple[str, ...]
    kind: Literal["technician", "clerk"] = "technician"


async def find_stolen_pins(connection: AsyncConnection) -> list[StolenPins]:
    """Return every centre where somebody's PIN is older than the last revocation of a machine there that had it.

    Kiosks have those of technicians, hubs those of clerks. A new PIN for each of them ends it, or its withdrawal.
    """
    return [*await _technicians(connection), *await _clerks(connection)]


def _revoked(role: str) -> Select[Any]:
    """Ask for each centre when the last machine of a role was revoked, and which."""
    at, machine = func.max(kiosks.c.revoked_at).label("at"), func.max(kiosks.c.id).label("machine")
    of_role = kiosks.c.role == role, kiosks.c.revoked_at.is_not(None)
    return select(kiosks.c.centre, at, machine).where(*of_role).group_by(kiosks.c.centre).order_by(kiosks.c.centre)


async def _clerks(connection: AsyncConnection) -> list[StolenPins]:
    found = []
    for centre, at, hub in (await connection.execute(_revoked("hub"))).all():
        old = select(clerks.c.name).where(clerks.c.centre == centre, clerks.c.pin_at <= at).order_by(clerks.c.name)
        if names := tuple((await connection.scalars(old)).all()):
            found.append(StolenPins(centre, hub, names, "clerk"))
    return found


async def _technicians(connection: AsyncConnection) -> list[StolenPins]:
    found = []
    for centre, at, kiosk in (await connection.execute(_revoked("kiosk"))).all():
        newest = (
            select(feed.c.key, func.max(feed.c.id).label("id"))
            .where(feed.c.kind == "technician", feed.c.centre == centre)
            .group_by(feed.c.key)
            .subquery()
        )
        old = select(feed.c.body).join(newest, feed.c.id == newest.c.id).where(feed.c.at <= at)
        bodies = (await connection.scalars(old)).all()
        people = [msgspec.json.decode(body, type=Technician) for body in bodies]
        names = sorted(one.name for one in people if one.pin_hash)  # without one: withdrawn
        if names:
            found.append(StolenPins(centre, kiosk, tuple(names)))
    return found
