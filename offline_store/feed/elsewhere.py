"""Where a service works that stands still here, as central has told it; a newer word takes the place of all of it."""

from typing import Final

import msgspec
from sqlalchemy import Connection, select

from common.protocol.queue.service_now import Elsewhere
from offline_store.disk import tables
from offline_store.feed.feed_taking import BadMessage, Taking

KIND: Final = "centre-now"


def take_elsewhere(context: Taking, body: Elsewhere) -> None:
    """Keep the word. Raises BadMessage where a centre is not named in both languages."""
    if any(not at.names.get("ar") or not at.names.get("en") for one in body.services for at in one.also_at):
        raise BadMessage("each centre needs a name in Arabic and English")
    context.keep(KIND, body)


def said_elsewhere(connection: Connection) -> Elsewhere | None:
    """Return central's newest word, None where it has said none; its reader asks how old it is."""
    body = connection.scalar(select(tables.centre_records.c.body).where(tables.centre_records.c.kind == KIND))
    return None if body is None else msgspec.json.decode(body, type=Elsewhere)
