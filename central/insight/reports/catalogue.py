"""What services are called, as the catalogue in force says."""

import msgspec
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from central.base.tables import feed
from common.protocol.feed_message import Catalogue


async def service_names(connection: AsyncConnection, centre: str) -> dict[str, dict[str, str]]:
    """Return services' names by code and language: of this centre's catalogue, else of the one for all."""
    said = feed.c.kind == "catalogue", feed.c.kiosk.is_(None), feed.c.centre.is_(None) | (feed.c.centre == centre)
    newest = select(feed.c.body).where(*said).order_by(feed.c.centre.is_(None), feed.c.id.desc()).limit(1)
    body = await connection.scalar(newest)
    if body is None:
        return {}
    return {
        str(service.get("code")): service.get("names") or {}
        for service in msgspec.json.decode(body, type=Catalogue).services
    }
