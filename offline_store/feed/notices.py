"""The notices that central publishes, of all centres and of this one."""

from typing import Final

import msgspec
from sqlalchemy import Connection, select

from common.protocol.notice import Notices
from offline_store.disk import tables
from offline_store.feed.feed_taking import Taking

KIND: Final = "notices"
_HERE: Final = f"{KIND}-here"


def take_notices(context: Taking, body: Notices) -> None:
    """Keep notices. Raises BadMessage where they are another centre's."""
    context.check_centre(body.centre)
    context.keep(KIND if body.centre is None else _HERE, body)


def notices_told(connection: Connection) -> tuple[Notices, ...]:
    """Return the newest notices of all, and those of this centre."""
    records = tables.centre_records.c
    query = select(records.body).where(records.kind.in_((KIND, _HERE)))
    return tuple(msgspec.json.decode(body, type=Notices) for body in connection.scalars(query))
