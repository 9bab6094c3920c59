"""Whose PINs a revoked kiosk may have given away: its disk holds hashes of all of its centre's."""

from dataclasses import dataclass

import msgspec
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from central.base.tables import feed, kiosks
from common.protocol.feed_message import Technician


@dataclass(frozen=True, slots=True)
class StolenPins:
    """A centre in which a kiosk was revoked, and who still has a PIN from before."""

    centre: str
    kiosk: str
    names: tuple[str, ...]


async def find_stolen_pins(connection: AsyncConnection) -> list[StolenPins]:
    """Return every centre where somebody's PIN is older than the last revocation of a kiosk there.

    A new PIN for each of them ends it, or its withdrawal.
    """
    revoked = (
        select(kiosks.c.centre, func.max(kiosks.c.revoked_at).label("at"), func.max(kiosks.c.id).label("kiosk"))
        .where(kiosks.c.role == "kiosk", kiosks.c.revoked_at.is_not(None))
        .group_by(kiosks.c.centre)
        .order_by(kiosks.c.centre)
    )
    found = []
    for centre, at, kiosk in (await connection.execute(revoked)).all():
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
