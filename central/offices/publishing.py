"""What the offices tell kiosks: hours, and the catalogue as a spreadsheet. Checks are those of `central publish`."""

from dataclasses import dataclass
from typing import Any

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection

from central.feed import EVERYONE, Audience
from central.keys.keys import KeyRing
from central.offices import operations
from central.offices.operators import Operator
from central.offices.people import NotAllowed
from central.publishing import in_force, publication
from central.publishing.in_force import CatalogueInForce
from central.publishing.service_entry import Hours
from central.publishing.start_screen import Tile, tiles_of


@dataclass(frozen=True, slots=True)
class Standing:
    """What the kiosks of a centre go by; None and empty: what each brought with it."""

    opens: str | None
    closes: str | None
    catalogue: CatalogueInForce | None
    named_tiles: tuple[str, ...] = ()

    @property
    def tiles(self) -> tuple[Tile, ...]:
        """What the first screen of a kiosk offers by it."""
        return tiles_of(self.services, self.named_tiles)

    @property
    def services(self) -> list[dict[str, Any]]:
        """The entries of the catalogue that is in force."""
        return list(self.catalogue.body["services"]) if self.catalogue else []


def may_publish(operator: Operator, centre: str) -> bool:
    """Whether this operator may tell a centre's kiosks something; an empty code means all centres."""
    return operator.may_act and (operator.centres is None if not centre else operator.may_see(centre))


async def read(connection: AsyncConnection, centre: str) -> Standing:
    """Return what a centre goes by, or what all do for an empty code. Raises ValueError for a centre that isn't."""
    audience = _audience(centre)
    settings = await in_force.settings(connection, audience)
    catalogue = await in_force.catalogue(connection, audience)
    named = tuple(settings.get("kiosk.tiles", ()))
    return Standing(settings.get("kiosk.opens"), settings.get("kiosk.closes"), catalogue, named)


async def set_hours(
    connection: AsyncConnection, ring: KeyRing, operator: Operator, centre: str, opens: str, closes: str
) -> None:
    """Tell the kiosks of a centre, or all, when they serve; both empty: what each one's own file says.

    Raises:
        NotAllowed: it is not this operator's to do.
        ValueError: no times of a day, or in the wrong order.
    """
    _check(operator, centre)
    if opens or closes:
        msgspec.convert({"opens": opens, "closes": closes}, Hours)
    told = {"kiosk.opens": opens or None, "kiosk.closes": closes or None}
    await publication.publish(connection, "settings", msgspec.json.encode(told), ring, _audience(centre))
    detail = {"centre": centre or "*", "opens": opens, "closes": closes}
    await operations.note(connection, operator.name, "hours-published", detail)


async def publish_catalogue(
    connection: AsyncConnection, ring: KeyRing, operator: Operator, centre: str, body: bytes
) -> int:
    """Publish what a filled form says; return how many services it tells of. Raises as `set_hours`."""
    _check(operator, centre)
    told = await in_force.whole_table(connection, body, _audience(centre))
    await publication.publish(connection, "catalogue", told, ring, _audience(centre))
    count = len(msgspec.json.decode(body)["services"])
    detail = {"centre": centre or "*", "services": str(count)}
    await operations.note(connection, operator.name, "catalogue-published", detail)
    return count


async def look_at(connection: AsyncConnection, operator: Operator, centre: str, body: bytes) -> tuple[Tile, ...]:
    """Return what the first screen would offer by a filled form, published or not. Raises as `publish_catalogue`."""
    _check(operator, centre)
    publication.check_catalogue(body)
    return tiles_of(msgspec.json.decode(body)["services"], (await read(connection, centre)).named_tiles)


def _check(operator: Operator, centre: str) -> None:
    if not may_publish(operator, centre):
        raise NotAllowed


def _audience(centre: str) -> Audience:
    return Audience(centre=centre) if centre else EVERYONE
