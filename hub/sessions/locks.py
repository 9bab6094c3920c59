"""Locks after wrong PINs, on the hub's time line, kept over restarts.

A PC on which somebody has logged in before is known by a cookie and counted by itself; strangers are counted by clerk,
by address and together, and lock nobody but strangers. The console is never locked. A failure is on disk before the PIN
is judged, and an attempt that a dead process never judged is taken back at the next start. A lock ends no session.
"""

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, Row, delete, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from hub.log import tables

_US: Final = 1_000_000
FORGOTTEN_AFTER_US: Final = 3600 * _US
LONGEST_LOCK_S: Final = 3600
FIRST_LOCK_S: Final = 60
_TOGETHER: Final = "strangers"


class Scope(NamedTuple):
    """What wrong PINs are counted by, and how many are free."""

    name: str
    free: int


def of_known_pc(sign: str, pc: str) -> tuple[Scope, ...]:
    """Return what an attempt on a known PC is counted by: the clerk there, and the PC."""
    return Scope(f"pc:{pc}:clerk:{sign}", 5), Scope(f"pc:{pc}", 15)


def of_stranger(sign: str, origin: str) -> tuple[Scope, ...]:
    """Return what a stranger's attempt is counted by: the clerk, where it comes from, and all strangers."""
    return Scope(f"clerk:{sign}", 5), Scope(f"address:{origin}", 15), Scope(_TOGETHER, 60)


def locked_for_s(connection: Connection, counted: Sequence[Scope], line_us: int) -> int:
    """Return for how many seconds no PIN is heard; 0 when one is."""
    columns = tables.locks.c
    names = [scope.name for scope in counted]
    until: list[int] = list(connection.scalars(select(columns.until_line).where(columns.scope.in_(names))))
    left_us = max((line - line_us for line in until), default=0)
    return max(0, -(-left_us // _US))


def count_failure(connection: Connection, counted: Sequence[Scope], line_us: int) -> None:
    """Count an attempt as failed until it is judged; each beyond the free ones doubles the lock."""
    for scope in counted:
        row = _row(connection, scope)
        is_fresh = row is not None and line_us - row.last_line < FORGOTTEN_AFTER_US
        failures = (row.failures if row is not None and is_fresh else 0) + 1
        over = failures - scope.free
        lock_s = 0 if over < 0 else min(FIRST_LOCK_S * 2 ** min(over, 16), LONGEST_LOCK_S)
        values = {
            "failures": failures,
            "last_line": line_us,
            "until_line": line_us + lock_s * _US if lock_s else 0,
            "under_way": (row.under_way if row is not None else 0) + 1,
        }
        connection.execute(
            upsert(tables.locks).values(scope=scope.name, **values).on_conflict_do_update(["scope"], set_=values)
        )


def judged(connection: Connection, counted: Sequence[Scope], *, is_right: bool) -> None:
    """Note that an attempt was judged; a right PIN takes back the failures of all but the strangers' whole."""
    columns = tables.locks.c
    for scope in counted:
        if is_right and scope.name != _TOGETHER:
            connection.execute(delete(tables.locks).where(columns.scope == scope.name))
            continue
        row = _row(connection, scope)
        if row is None:
            continue
        values = {"under_way": max(0, row.under_way - 1)}
        if is_right:
            values |= {"failures": max(0, row.failures - 1), "until_line": 0}
        connection.execute(update(tables.locks).where(columns.scope == scope.name).values(values))


def forgive_unjudged(connection: Connection) -> None:
    """Take back the attempts that were under way when the process ended: nobody was told whether they were right."""
    columns = tables.locks.c
    forgiven = {"failures": columns.failures - columns.under_way, "until_line": 0, "under_way": 0}
    connection.execute(update(tables.locks).where(columns.under_way > 0).values(forgiven))


def _row(connection: Connection, scope: Scope) -> Row[Any] | None:
    return connection.execute(select(tables.locks).where(tables.locks.c.scope == scope.name)).one_or_none()
