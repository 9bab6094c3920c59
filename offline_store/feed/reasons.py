"""Why a service may stand still, as central has published it; a newer word takes the place of all of it."""

from typing import Final

import msgspec
from sqlalchemy import Connection, select
from sqlalchemy.dialects.sqlite import insert as upsert

from common.protocol.queue.service_now import Reasons
from offline_store.disk import tables
from offline_store.feed.feed_taking import BadMessage, Taking

KIND: Final = "reasons"


def take_reasons(context: Taking, body: Reasons) -> None:
    """Keep the reasons. Raises BadMessage where one is named twice, or not in both languages."""
    codes = [one.code for one in body.reasons]
    if len(set(codes)) != len(codes) or any(not one.names.get("ar") or not one.names.get("en") for one in body.reasons):
        raise BadMessage("each reason needs a code of its own and names in Arabic and English")
    row = {"body": msgspec.json.encode(body).decode(), "message_id": context.message_id, "heard": context.generation}
    context.connection.execute(
        upsert(tables.centre_records).values(kind=KIND, **row).on_conflict_do_update(["kind"], set_=row)
    )


def said_reasons(connection: Connection) -> dict[str, dict[str, str]]:
    """Return the published reasons' names by code and language; empty where central has published none."""
    body = connection.scalar(select(tables.centre_records.c.body).where(tables.centre_records.c.kind == KIND))
    return {} if body is None else {one.code: one.names for one in msgspec.json.decode(body, type=Reasons).reasons}
