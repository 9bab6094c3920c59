"""What central's feed says of services, groups and desks: rows of one table, kept as they came."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

import msgspec
from sqlalchemy import Connection, select

from common.city.catalogue import Published
from common.protocol.feed_message import Catalogue
from offline_store.disk import tables

# No code of a service has a colon.
_GROUP: Final = "group:"
_DESK: Final = "desk:"


def entries(told: Catalogue) -> Iterator[tuple[str, dict[str, Any]]]:
    """Return every entry with the name under which it is kept."""
    for service in told.services:
        yield service["code"], service
    for letter, group in told.groups.items():
        yield f"{_GROUP}{letter}", group
    for code, desk in told.desks.items():
        yield f"{_DESK}{code}", desk


def published(connection: Connection) -> Published:
    """Return what the feed says, in its order."""
    columns = tables.catalogue.c
    told = as_told(connection.execute(select(columns.code, columns.position, columns.entry)).mappings())
    return Published(told.services, told.groups, told.desks)


def as_told(rows: Iterable[Mapping[Any, Any]]) -> Catalogue:
    """Return the catalogue that such rows were kept of; the other way than `entries`."""
    in_order = sorted(rows, key=lambda row: int(row["position"]))
    found = {row["code"]: msgspec.json.decode(row["entry"]) for row in in_order}

    def of(kind: str) -> dict[str, Any]:
        return {name.removeprefix(kind): entry for name, entry in found.items() if name.startswith(kind)}

    services = [entry for name, entry in found.items() if not name.startswith((_GROUP, _DESK))]
    return Catalogue(services, of(_GROUP), of(_DESK))
