"""Alarms of staff as one hub hands them to another: who takes over tells nobody again of what was told or taken.

A follower knows when an alarm was told last, to anybody, and what each kiosk said last: without that it would end an
alarm that it has no news of. `told` is added for the hub that asks (`hub.messages.told`): marks are each hub's own.
"""

import msgspec
from msgspec import Struct
from msgspec.structs import asdict
from sqlalchemy import Connection, Table, delete, func, insert, select

from hub.log import tables

alarms, messages, kiosk_needs = tables.alarms, tables.messages, tables.kiosk_needs


class CarriedAlarm(Struct, frozen=True):
    """An alarm that has begun. `told_at`: when anybody was told of it last, by this hub or one before."""

    name: str
    kind: str
    machine: str
    digits: str
    since: str
    taken_at: str | None
    taken_by: str | None
    told_at: str | None


class HeardKiosk(Struct, frozen=True):
    """What a kiosk needs somebody for, as JSON, and when it was heard, on the time line that both hubs share."""

    kiosk: str
    needs: str
    heard_line: int


class StaffAlarms(Struct, frozen=True):
    """All alarms of a hub, and what it heard of kiosks."""

    alarms: list[CarriedAlarm] = []
    kiosks: list[HeardKiosk] = []
    told: dict[str, list[str]] | None = None
    """By alarm marks of who was told; null where none are handed on: what was known before stays."""


def alarms_to_carry(connection: Connection) -> StaffAlarms:
    """Return what a follower is to know."""
    told = (messages.c.alarm.in_(select(alarms.c.name)), messages.c.state != "dropped")
    query = select(messages.c.alarm, func.max(messages.c.handed_at)).where(*told).group_by(messages.c.alarm)
    here = {row[0]: row[1] for row in connection.execute(query)}
    found = []
    for row in connection.execute(select(alarms).order_by(alarms.c.name)).mappings():
        told_at = max(filter(None, (row["told_at"], here.get(row["name"]))), default=None)
        values = {name: row[name] for name in CarriedAlarm.__struct_fields__}
        found.append(CarriedAlarm(**{**values, "told_at": told_at}))
    kiosks = connection.execute(select(kiosk_needs).order_by(kiosk_needs.c.kiosk)).mappings()
    return StaffAlarms(found, [HeardKiosk(**row) for row in kiosks])


def take_alarms(connection: Connection, said: StaffAlarms) -> None:
    """Put what the leader knows in the place of what this hub knew; nothing is written where both are the same."""
    known = {row.name: row.told_to for row in connection.execute(select(alarms.c.name, alarms.c.told_to))}
    if said.told is not None:
        known = {name: msgspec.json.encode(marks).decode() for name, marks in said.told.items()}
    _replace(connection, alarms, [asdict(one) | {"told_to": known.get(one.name)} for one in said.alarms])
    _replace(connection, kiosk_needs, [asdict(one) for one in said.kiosks])


def _replace(connection: Connection, table: Table, rows: list[dict[str, object]]) -> None:
    first = next(iter(table.primary_key.columns))
    if [dict(row) for row in connection.execute(select(table).order_by(first)).mappings()] == rows:
        return
    connection.execute(delete(table))
    if rows:
        connection.execute(insert(table), rows)
