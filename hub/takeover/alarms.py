"""Alarms of staff as one hub hands them to another: who takes over tells nobody again of what was told or taken.

A follower knows when an alarm was told last, to anybody, and what each kiosk said last: without that it would end an
alarm that it has no news of. `told` is added for the hub that asks (`hub.messages.told`): marks are each hub's own.
"""

from typing import Any

import msgspec
from msgspec import Struct
from msgspec.structs import asdict
from sqlalchemy import Connection, Table, delete, func, insert, literal_column, select

from hub.log import tables
from offline_store.disk.sql import precompiled, run

alarms, messages, kiosk_needs = tables.alarms, tables.messages, tables.kiosk_needs


_TOLD = precompiled(
    select(messages.c.alarm, func.max(messages.c.handed_at))
    .where(messages.c.alarm.in_(select(alarms.c.name)), messages.c.state != literal_column("'dropped'"))
    .group_by(messages.c.alarm)
)
_ALARMS = precompiled(select(alarms).order_by(alarms.c.name))
_NEEDS = precompiled(select(kiosk_needs).order_by(kiosk_needs.c.kiosk))


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
    here = dict(run(connection, _TOLD).fetchall())
    found = []
    for row in _rows(connection, alarms, _ALARMS):
        told_at = max(filter(None, (row["told_at"], here.get(row["name"]))), default=None)
        values = {name: row[name] for name in CarriedAlarm.__struct_fields__}
        found.append(CarriedAlarm(**{**values, "told_at": told_at}))
    return StaffAlarms(found, [HeardKiosk(**row) for row in _rows(connection, kiosk_needs, _NEEDS)])


def take_alarms(connection: Connection, said: StaffAlarms) -> None:
    """Put what the leader knows in the place of what this hub knew; nothing is written where both are the same."""
    known = {row["name"]: row["told_to"] for row in _rows(connection, alarms, _ALARMS)}
    if said.told is not None:
        known = {name: msgspec.json.encode(marks).decode() for name, marks in said.told.items()}
    of_alarms = [asdict(one) | {"told_to": known.get(one.name)} for one in said.alarms]
    _replace(connection, alarms, _ALARMS, of_alarms)
    _replace(connection, kiosk_needs, _NEEDS, [asdict(one) for one in said.kiosks])


def _rows(connection: Connection, table: Table, query: str) -> list[dict[str, Any]]:
    return [dict(zip(table.c.keys(), row, strict=True)) for row in run(connection, query).fetchall()]


def _replace(connection: Connection, table: Table, query: str, rows: list[dict[str, Any]]) -> None:
    if _rows(connection, table, query) == rows:
        return
    connection.execute(delete(table))
    if rows:
        connection.execute(insert(table), rows)
