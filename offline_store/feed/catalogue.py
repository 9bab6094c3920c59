"""What central's feed says of services, groups and desks: rows of one table, kept as they came."""

from collections.abc import Iterator
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
    rows = connection.execute(select(columns.code, columns.entry).order_by(columns.position)).all()
    found = {row.code: msgspec.json.decode(row.entry) for row in rows}

    def of(kind: str) -> dict[str, Any]:
        return {name.removeprefix(kind): entry for name, entry in found.items() if name.startswith(kind)}

    services = [entry for name, entry in found.items() if not name.startswith((_GROUP, _DESK))]
    return Published(services, of(_GROUP), of(_DESK))
