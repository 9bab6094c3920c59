"""What services are called: by the catalogue that the kiosks of a centre go by."""

from sqlalchemy.ext.asyncio import AsyncConnection

from central.feed import Audience
from central.publishing import in_force
from common.city.catalogue import load_catalogue


async def service_names(connection: AsyncConnection, centre: str) -> dict[str, dict[str, str]]:
    """Return services' and desks' names by code and language, as a kiosk of this centre shows them."""
    found = await in_force.catalogue(connection, Audience(centre))
    catalogue = load_catalogue(found.published if found is not None else ())
    return {one.code: dict(one.names) for one in (*catalogue.services, *catalogue.desks.values())}
