"""The calendar that central publishes, of all centres and of this one: of each year the newest holds."""

from typing import Final

import msgspec
from sqlalchemy import Connection, select
from sqlalchemy.dialects.sqlite import insert as upsert

from common.protocol.feed_message import Calendar, CalendarDay
from offline_store.disk import tables
from offline_store.feed.feed_taking import BadMessage, Taking

KIND: Final = "calendar"


def take_calendar(context: Taking, body: Calendar) -> None:
    """Keep a year's special days. Raises BadMessage where they are another centre's."""
    if body.centre not in (None, context.centre):
        raise BadMessage(f"it is on centre {body.centre}, and this one is {context.centre}")
    kind = f"{KIND}-{body.year}" + ("" if body.centre is None else "-here")
    row = {"body": msgspec.json.encode(body).decode(), "message_id": context.message_id, "heard": context.generation}
    context.connection.execute(
        upsert(tables.centre_records).values(kind=kind, **row).on_conflict_do_update(["kind"], set_=row)
    )


def special_days(connection: Connection) -> dict[str, CalendarDay]:
    """Return the special days of this centre by date; what is said of it alone goes before what is said of all."""
    records = tables.centre_records.c
    query = select(records.body).where(records.kind.startswith(f"{KIND}-")).order_by(records.kind)
    calendars = [msgspec.json.decode(body, type=Calendar) for body in connection.scalars(query)]
    calendars.sort(key=lambda one: one.centre is not None)
    return {day.date: day for calendar in calendars for day in calendar.days}
