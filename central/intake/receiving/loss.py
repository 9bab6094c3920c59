"""What kiosks hold central's word for and central lacks: it was set back to a copy, and asks for it again."""

from collections.abc import Sequence

from sqlalchemy import select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from central.base.tables.received import chains, inbox
from central.intake.receiving import finding
from central.intake.receiving.finding import Finding
from common.protocol.feed_page import ChainPlace, Gap

LOST = "acknowledged-and-lost"


async def gaps_of(connection: AsyncConnection, kiosk: str, places: Sequence[ChainPlace]) -> list[Gap]:
    """What to send again of the chains in which a place that the kiosk has central's word for is not here."""
    if not places:
        return []
    keys = [(place.epoch, place.seq, place.hash) for place in places]
    query = select(inbox.c.epoch, inbox.c.seq, inbox.c.hash).where(
        inbox.c.kiosk == kiosk, tuple_(inbox.c.epoch, inbox.c.seq, inbox.c.hash).in_(keys)
    )
    present = {tuple(row) for row in await connection.execute(query)}
    lacked = [place for place in places if (place.epoch, place.seq, place.hash) not in present]
    # The head can be past the place: another item has its seq, a clone's. Sent again, it is named as a conflict.
    heads = await _heads(connection, kiosk, lacked)
    return [Gap(place.epoch, min(heads.get(place.epoch, 0), place.seq - 1)) for place in lacked]


async def behind_heads(connection: AsyncConnection, kiosk: str, places: Sequence[ChainPlace]) -> list[Gap]:
    """What to send again of the chains that are not whole here up to what the kiosk has central's word for."""
    heads = await _heads(connection, kiosk, places)
    return [Gap(place.epoch, heads.get(place.epoch, 0)) for place in places if heads.get(place.epoch, 0) < place.seq]


async def note(connection: AsyncConnection, kiosk: str, places: Sequence[ChainPlace], gaps: Sequence[Gap]) -> None:
    """Name each gap in the findings: from its first seq, and up to which one central's word had gone."""
    last = {place.epoch: place.seq for place in places}
    lost = [Finding(LOST, f"{gap.after + 1}-{last[gap.epoch]}", gap.epoch, gap.after + 1) for gap in gaps]
    await finding.note(connection, kiosk, lost)


async def _heads(connection: AsyncConnection, kiosk: str, places: Sequence[ChainPlace]) -> dict[str, int]:
    if not places:
        return {}
    epochs = [place.epoch for place in places]
    query = select(chains.c.epoch, chains.c.head_seq).where(chains.c.kiosk == kiosk, chains.c.epoch.in_(epochs))
    return {row.epoch: row.head_seq for row in await connection.execute(query)}
