"""What central has told of services that stand still: the reasons that there are, and where else such a service works.

A newer word takes the place of all of its kind.
"""

from typing import Final

import msgspec
from sqlalchemy import Connection, select

from common.protocol.queue.service_now import Elsewhere, Reasons
from offline_store.disk import tables
from offline_store.feed.feed_taking import BadMessage, Taking

REASONS: Final = "reasons"
ELSEWHERE: Final = "centre-now"
_record = tables.centre_records.c


def take_reasons(context: Taking, body: Reasons) -> None:
    """Keep the reasons. Raises BadMessage where one is named twice, or not in both languages."""
    codes = [one.code for one in body.reasons]
    if len(set(codes)) != len(codes) or any(not one.names.get("ar") or not one.names.get("en") for one in body.reasons):
        raise BadMessage("each reason needs a code of its own and names in Arabic and English")
    context.keep(REASONS, body)


def said_reasons(connection: Connection) -> dict[str, dict[str, str]]:
    """Return the published reasons' names by code and language; empty where central has published none."""
    body = connection.scalar(select(_record.body).where(_record.kind == REASONS))
    return {} if body is None else {one.code: one.names for one in msgspec.json.decode(body, type=Reasons).reasons}


def take_elsewhere(context: Taking, body: Elsewhere) -> None:
    """Keep where else services work. Raises BadMessage where a centre is not named in both languages."""
    if any(not at.names.get("ar") or not at.names.get("en") for one in body.services for at in one.also_at):
        raise BadMessage("each centre needs a name in Arabic and English")
    context.keep(ELSEWHERE, body)


def said_elsewhere(connection: Connection) -> Elsewhere | None:
    """Return central's newest word, None where it has said none; its reader asks how old it is."""
    body = connection.scalar(select(_record.body).where(_record.kind == ELSEWHERE))
    return None if body is None else msgspec.json.decode(body, type=Elsewhere)
