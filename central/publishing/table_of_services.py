"""What a table of services has no cell for stays as the catalogue in force says it, which JSON brought."""

from collections.abc import Mapping
from typing import Any, Final

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection

from central.feed import Audience
from central.publishing import in_force

_WITHOUT_A_CELL: Final = ("documents", "numbers")
_TAKEN_AWAY: Final[Mapping[str, Any]] = {"fee": None, "hours": None, "daily_quota": None, "papers": []}
"""What an empty cell can't say either: that the kiosk's own fee, say, does not hold."""


async def whole(connection: AsyncConnection, table: bytes, audience: Audience) -> bytes:
    """Return the catalogue of a table, of the services that it names with what it had no cell for.

    Raises ValueError for an audience that isn't.
    """
    found = await in_force.catalogue(connection, audience)
    before = {} if found is None else {one["code"]: one for one in found.body["services"]}
    told = msgspec.json.decode(table)
    services = [_with_untold(one, before.get(one["code"], {})) for one in told["services"]]
    return msgspec.json.encode(told | {"services": services})


def _with_untold(told: Mapping[str, Any], before: Mapping[str, Any]) -> dict[str, Any]:
    kept = {name: before[name] for name in _WITHOUT_A_CELL if name in before}
    kept |= {name: before[name] for name, none in _TAKEN_AWAY.items() if name in before and before[name] == none}
    names = {"names": before.get("names", {}) | told["names"]} if "names" in told else {}
    return {**kept, **told, **names}
