"""Locks after wrong PINs, on the hub's time line, kept over restarts.

A PC on which somebody has logged in before is known by a cookie and counted by itself; strangers are counted by clerk,
by address and together, and lock nobody but strangers. A clerk's are counted over all known PCs too, and make guessing
slow and never impossible: a PC on which nobody has mistyped that PIN lately is heard at once, and by one clerk's
PIN few PCs become known within an hour. The console is never locked. A failure is on disk before the PIN is
judged, and an attempt that a dead process never judged is taken back at the next start. A lock ends no session.
"""

from collections import Counter
from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, Row, delete, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from hub.log import tables
from offline_store.disk.sql import run

_US: Final = 1_000_000
FORGOTTEN_AFTER_US: Final = 3600 * _US
LONGEST_LOCK_S: Final = 3600
FIRST_LOCK_S: Final = 60
LONGEST_WAIT_S: Final = 60
"""For one more guess at a clerk's PIN on a PC that has guessed before, while others guess it too."""
NEW_PCS: Final = 10
"""Become known within an hour by one clerk's PIN: as many as a centre sets up at once."""
_TOGETHER: Final = "strangers"
_OF_STRANGERS: Final = "clerk:"
_OF_ALL: Final = "known:clerk:"
TOLD_FROM: Final = 5
TOLD_FROM_IN_ALL: Final = 15
_FRESH: Final = "SELECT scope, failures - under_way FROM hub_locks WHERE last_line > ? AND failures > under_way"


class Scope(NamedTuple):
    """What wrong PINs are counted by, how many are free, and how long a lock lasts at most.

    One that is `shared` counts what others typed too: a right PIN takes one back, and no more.
    """

    name: str
    free: int
    longest_s: int = LONGEST_LOCK_S
    shared: bool = False


class WrongPins(NamedTuple):
    """Wrong PINs that begin as a clerk's does, on whichever PC, never an hour apart; `sign` None: of all together."""

    sign: str | None
    n: int


def of_known_pc(sign: str, pc: str) -> tuple[Scope, ...]:
    """Return what an attempt on a known PC is counted by: the clerk there, the PC, and the clerk on all of them."""
    of_all = Scope(f"{_OF_ALL}{sign}", NEW_PCS, LONGEST_WAIT_S, shared=True)
    return Scope(f"pc:{pc}:clerk:{sign}", 5), Scope(f"pc:{pc}", 15), of_all


def of_office(sign: str, origin: str) -> tuple[Scope, ...]:
    """Return what an attempt at an office PC's address is counted by, where its cookie is another hub's."""
    of_all = Scope(f"{_OF_ALL}{sign}", NEW_PCS, LONGEST_WAIT_S, shared=True)
    return Scope(f"office:{origin}:clerk:{sign}", 5), Scope(f"office:{origin}", 15), of_all


def of_stranger(sign: str, origin: str) -> tuple[Scope, ...]:
    """Return what a stranger's attempt is counted by: the clerk, where it comes from, and all strangers."""
    together = Scope(_TOGETHER, 60, shared=True)
    return Scope(f"{_OF_STRANGERS}{sign}", 5), Scope(f"address:{origin}", 15), together


def locked_for_s(connection: Connection, counted: Sequence[Scope], line_us: int) -> int:
    """Return for how many seconds no PIN is heard; 0 when one is."""
    rows = {scope: row for scope in counted if (row := _row(connection, scope)) is not None}
    has_erred = any(scope == counted[0] and _is_fresh(row, line_us) for scope, row in rows.items())
    until = [row.until_line for scope, row in rows.items() if has_erred or not scope.name.startswith(_OF_ALL)]
    left_us = max((line - line_us for line in until), default=0)
    return max(0, -(-left_us // _US))


def count_failure(connection: Connection, counted: Sequence[Scope], line_us: int) -> None:
    """Count an attempt as failed until it is judged; each beyond the free ones doubles the lock."""
    for scope in counted:
        row = _row(connection, scope)
        failures = (row.failures if row is not None and _is_fresh(row, line_us) else 0) + 1
        over = failures - scope.free
        lock_s = 0 if over < 0 else min(FIRST_LOCK_S * 2 ** min(over, 16), scope.longest_s)
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
    """Note that an attempt was judged; a right PIN takes back all failures but those that others share."""
    columns = tables.locks.c
    for scope in counted:
        if is_right and not scope.shared:
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


def may_make_known(connection: Connection, sign: str, line_us: int) -> bool:
    """Return whether one more PC may become known by a clerk's PIN now, and count it.

    Else anyone with one PIN would get free guesses at all others with each new cookie.
    """
    scope = Scope(f"new:clerk:{sign}", NEW_PCS)
    row = _row(connection, scope)
    made = row.failures if row is not None and _is_fresh(row, line_us) else 0
    if made >= scope.free:
        return False
    values = {"failures": made + 1, "last_line": line_us, "until_line": 0}
    connection.execute(
        upsert(tables.locks).values(scope=scope.name, **values).on_conflict_do_update(["scope"], set_=values)
    )
    return True


def wrong_pins(connection: Connection, line_us: int) -> list[WrongPins]:
    """Return at whose PINs somebody guesses, the most first; where nobody's stands out, how many there were in all."""
    found: Counter[str] = Counter()
    for scope, n in run(connection, _FRESH, (line_us - FORGOTTEN_AFTER_US,)).fetchall():
        prefix = next((one for one in (_OF_STRANGERS, _OF_ALL) if scope.startswith(one)), None)
        if prefix is not None:
            found[scope.removeprefix(prefix)] += n
    told = [WrongPins(sign, n) for sign, n in found.most_common() if n >= TOLD_FROM]
    return told or [WrongPins(None, found.total())] * (found.total() >= TOLD_FROM_IN_ALL)


def _is_fresh(row: Row[Any], line_us: int) -> bool:
    return bool(line_us - row.last_line < FORGOTTEN_AFTER_US)


def _row(connection: Connection, scope: Scope) -> Row[Any] | None:
    return connection.execute(select(tables.locks).where(tables.locks.c.scope == scope.name)).one_or_none()
