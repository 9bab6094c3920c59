"""The calendar that central publishes, of all centres and of this one: of each year the newest holds."""

from typing import Final

import msgspec
from sqlalchemy import Connection, select

from common.city.calendar import days_of
from common.protocol.feed_message import Calendar, CalendarDay
from offline_store.disk import tables
from offline_store.feed.feed_taking import Taking

KIND: Final = "calendar"


def take_calendar(context: Taking, body: Calendar) -> None:
    """Keep a year's special days. Raises BadMessage where they are another centre's."""
    context.check_centre(body.centre)
    context.keep(f"{KIND}-{body.year}" + ("" if body.centre is None else "-here"), body)


def special_days(connection: Connection) -> dict[str, CalendarDay]:
    """Return the special days of this centre by date."""
    records = tables.centre_records.c
    query = select(records.body).where(records.kind.startswith(f"{KIND}-")).order_by(records.kind)
    return days_of(msgspec.json.decode(body, type=Calendar) for body in connection.scalars(query))
