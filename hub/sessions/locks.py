"""Locks after wrong PINs: counted by clerk, by address and in all, on the hub's time line, kept over restarts.

A failure is on disk before the PIN is judged: pulling the plug gives no free attempt. A lock stops nobody who is
in already.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

from sqlalchemy import Connection, delete, select
from sqlalchemy.dialects.sqlite import insert as upsert

from hub.log import tables

_US: Final = 1_000_000
FORGOTTEN_AFTER_US: Final = 3600 * _US
LONGEST_LOCK_S: Final = 3600
FIRST_LOCK_S: Final = 60


class Scope(NamedTuple):
    """What wrong PINs are counted by, and how many are free."""

    name: str
    free: int


def scopes(sign: str, address: str) -> tuple[Scope, ...]:
    """Give what an attempt is counted by. Many counters share an office's address, and all of them the whole."""
    return Scope(f"clerk:{sign}", 5), Scope(f"address:{address[:64]}", 15), Scope("all", 60)


def locked_for_s(connection: Connection, counted: Sequence[Scope], line_us: int) -> int:
    """Give for how many seconds no PIN is heard; 0 when one is."""
    columns = tables.locks.c
    names = [scope.name for scope in counted]
    until: list[int] = list(connection.scalars(select(columns.until_line).where(columns.scope.in_(names))))
    left_us = max((line - line_us for line in until), default=0)
    return max(0, -(-left_us // _US))


def count_failure(connection: Connection, counted: Sequence[Scope], line_us: int) -> None:
    """Count an attempt as failed until it is known better; each beyond the free ones doubles the lock."""
    columns = tables.locks.c
    for scope in counted:
        row = connection.execute(select(tables.locks).where(columns.scope == scope.name)).one_or_none()
        is_fresh = row is not None and line_us - row.last_line < FORGOTTEN_AFTER_US
        failures = (row.failures if row is not None and is_fresh else 0) + 1
        over = failures - scope.free
        lock_s = 0 if over < 0 else min(FIRST_LOCK_S * 2 ** min(over, 16), LONGEST_LOCK_S)
        values = {"failures": failures, "last_line": line_us, "until_line": line_us + lock_s * _US if lock_s else 0}
        connection.execute(
            upsert(tables.locks).values(scope=scope.name, **values).on_conflict_do_update(["scope"], set_=values)
        )


def forgive(connection: Connection, counted: Sequence[Scope]) -> None:
    """Take the failures of clerk and address back after a right PIN; of the whole only this attempt."""
    columns = tables.locks.c
    for scope in counted:
        if scope.name != "all":
            connection.execute(delete(tables.locks).where(columns.scope == scope.name))
            continue
        row = connection.execute(select(tables.locks).where(columns.scope == scope.name)).one_or_none()
        if row is not None:
            values = {"failures": max(0, row.failures - 1), "until_line": 0, "last_line": row.last_line}
            connection.execute(
                upsert(tables.locks).values(scope=scope.name, **values).on_conflict_do_update(["scope"], set_=values)
            )
