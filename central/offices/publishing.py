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
from central.publishing import in_force, publication, spreadsheet
from central.publishing.in_force import CatalogueInForce
from central.publishing.service_entry import Hours


@dataclass(frozen=True, slots=True)
class Standing:
    """What the kiosks of a centre go by; None and empty: what each brought with it."""

    opens: str | None
    closes: str | None
    catalogue: CatalogueInForce | None

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
    return Standing(settings.get("kiosk.opens"), settings.get("kiosk.closes"), catalogue)


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
    connection: AsyncConnection, ring: KeyRing, operator: Operator, centre: str, name: str, content: bytes
) -> int:
    """Publish a filled form; return how many services it tells of. Raises as `set_hours`, each fault by its cell."""
    _check(operator, centre)
    body = spreadsheet.read_catalogue(name, content)
    await publication.publish(connection, "catalogue", body, ring, _audience(centre))
    count = len(msgspec.json.decode(body)["services"])
    detail = {"centre": centre or "*", "services": str(count)}
    await operations.note(connection, operator.name, "catalogue-published", detail)
    return count


def _check(operator: Operator, centre: str) -> None:
    if not may_publish(operator, centre):
        raise NotAllowed


def _audience(centre: str) -> Audience:
    return Audience(centre=centre) if centre else EVERYONE
