"""Who may come in: personal PINs, a manager's of ten digits, also without a network; and the lock after wrong ones.

A failure is on disk before the PIN is judged, so that pulling the plug gives no free attempt. The lock is counted in
time that the machine was on, which no clock setting shortens and no power cut begins again; a day of it forgives five.
"""

from dataclasses import dataclass
from typing import Any, Literal, cast

import structlog
from sqlalchemy import Connection, Row, delete, insert, select, update

from common.machine.pepper import machine_pepper, opened
from common.machine.secret_hash import matches
from common.machine.stamp import Stamp
from common.protocol.envelope import AuditBody
from offline_store.chain.chain import append, read_head
from offline_store.disk import tables
from offline_store.disk.database import Store

ATTEMPTS = 5
_FIRST_LOCK_S = 5 * 60
_LONGEST_LOCK_S = 24 * 3600
_MOST_FAILURES = 50  # more make no lock longer
_FORGIVING_S = 24 * 3600
_DIGITS = (8, 10)
_DOOR = "maintenance"  # one lock for the whole kiosk: attempts are not spread over names
_of_door = select(tables.pin_attempts).where(tables.pin_attempts.c.name == _DOOR)
_log = structlog.get_logger(__name__)

type Role = Literal["technician", "manager"]


@dataclass(frozen=True, slots=True)
class Technician:
    """Who is at work. `id` goes into the audit; the name is for the screen only."""

    id: str
    name: str
    role: Role


@dataclass(frozen=True, slots=True)
class Refused:
    """Not this PIN. `left`: attempts before the lock; 0 with `locked_s` seconds to wait."""

    left: int
    locked_s: int = 0


def locked_for_s(store: Store, stamp: Stamp) -> int:
    """Return for how many seconds nobody may try; 0 when one may. Raises StoreUnavailable: the store can't be read."""
    with store.read() as connection:
        return _locked(connection, stamp)[1]


def enter(store: Store, pin: str, stamp: Stamp, first_pin_hash: str | None) -> Technician | Refused:
    """Judge a PIN; each attempt is an audit item. Takes about 0.1 s a technician: not for the screen's thread.

    Args:
        store: the open store.
        pin: what was typed.
        stamp: now.
        first_pin_hash: of the PIN that enrolment gave, which serves until the first technician arrives by the feed.

    Raises:
        StoreUnavailable: the attempt can't be recorded, so nobody comes in.
    """
    with store.write() as connection:
        failures, locked_s = _locked(connection, stamp)
        if locked_s:
            return Refused(0, locked_s)
        failures = _next(failures)
        _count_failure(connection, failures, stamp)
        may_be_first = not connection.execute(select(tables.store.c.first_pin_ended)).scalar_one()
        people = _people(connection)
    if not people and first_pin_hash and may_be_first:
        # Anyone who enrols the kiosk sets it up: the first PIN may do everything.
        people = [(Technician("enrolment", "", "manager"), first_pin_hash)]
    found = _first_match(pin, people)
    with store.write() as connection:
        if found is None:
            _audit(connection, "pin-refused", {"failures": failures}, stamp)
            locked_s = lock_due(failures)
            return Refused(0 if locked_s else ATTEMPTS - failures % ATTEMPTS, locked_s)
        connection.execute(delete(tables.pin_attempts).where(tables.pin_attempts.c.name == _DOOR))
        _audit(connection, "technician-entered", {"technician": found.id, "role": found.role}, stamp)
        return found


def known(store: Store) -> list[Technician]:
    """Return whom the feed has named for this kiosk. Raises StoreUnavailable where the store can't be read."""
    with store.read() as connection:
        return [technician for technician, _ in _people(connection)]


def _people(connection: Connection) -> list[tuple[Technician, str]]:
    """Return who may come in, each with the hash of the PIN as this machine keeps it."""
    rows = connection.execute(select(tables.technicians).order_by(tables.technicians.c.id))
    return [
        (Technician(row.id, row.name, "manager" if row.role == "manager" else "technician"), cast("str", row.pin_hash))
        for row in rows
    ]


def lock_due(failures: int) -> int:
    """Seconds of lock that this failure begins: 300 with the fifth in a row, doubled with each further five, else 0."""
    rounds, rest = divmod(failures, ATTEMPTS)
    return 0 if rest or not rounds else min(_FIRST_LOCK_S * 2 ** min(rounds - 1, 20), _LONGEST_LOCK_S)


def keep_waited(store: Store, stamp: Stamp) -> None:
    """Bring to disk how long the lock has been waited for, so that no power cut restarts it; due each minute.

    Raises:
        StoreUnavailable: it can't be written; the next minute counts for this one too.
    """
    with store.write() as connection:
        row = connection.execute(_of_door).one_or_none()
        if row is not None:
            now = {"boot_id": stamp.boot_id, "boot_time_ns": stamp.boot_time_ns, "waited_s": _waited_s(row, stamp)}
            connection.execute(update(tables.pin_attempts).where(tables.pin_attempts.c.name == _DOOR).values(now))


def unlock(store: Store, stamp: Stamp) -> bool:
    """Forgive all wrong PINs, on the word of who may run commands on this machine. Return whether there were any.

    Raises:
        StoreUnavailable: it can't be recorded.
    """
    with store.write() as connection:
        gone = connection.execute(delete(tables.pin_attempts).where(tables.pin_attempts.c.name == _DOOR)).rowcount
        if gone:
            _audit(connection, "pin-lock-ended", {"by": "console"}, stamp)
        return bool(gone)


def left(store: Store, technician: Technician, stamp: Stamp, why: str) -> None:
    """Record that the technician has gone: `exit`, `idle` or `fault`. Raises StoreUnavailable: it can't be recorded."""
    with store.write() as connection:
        _audit(connection, "technician-left", {"technician": technician.id, "why": why}, stamp)


def _first_match(pin: str, people: list[tuple[Technician, str]]) -> Technician | None:
    if len(pin) not in _DIGITS or not (pin.isascii() and pin.isdecimal()):
        return None
    pepper = machine_pepper()
    for technician, kept in people:
        pin_hash = opened(kept, pepper)
        if pin_hash is None:
            _log.error("pin-not-opened", technician=technician.id)
            continue
        if matches(pin_hash, pin):
            return technician
    return None


def _locked(connection: Connection, stamp: Stamp) -> tuple[int, int]:
    """Return the failures that still count, and the seconds still to wait."""
    row = connection.execute(_of_door).one_or_none()
    if row is None:
        return 0, 0
    waited_s = _waited_s(row, stamp)
    forgiven = ATTEMPTS * (waited_s // _FORGIVING_S)
    return max(0, row.failures - forgiven), max(0, lock_due(row.failures) - waited_s)


def _waited_s(row: Row[Any], stamp: Stamp) -> int:
    """Seconds that the machine was on since the last failure, as far as is known."""
    since_ns = row.boot_time_ns if row.boot_id == stamp.boot_id else 0
    return int(row.waited_s) + max(0, stamp.boot_time_ns - since_ns) // 1_000_000_000


def _next(failures: int) -> int:
    """One failure more, which past the longest lock goes round in the last five."""
    return failures + 1 if failures < _MOST_FAILURES else failures - ATTEMPTS + 1


def _count_failure(connection: Connection, failures: int, stamp: Stamp) -> None:
    values = {"failures": failures, "boot_id": stamp.boot_id, "boot_time_ns": stamp.boot_time_ns, "waited_s": 0}
    attempts = tables.pin_attempts
    if connection.execute(update(attempts).where(attempts.c.name == _DOOR).values(values)).rowcount == 0:
        connection.execute(insert(attempts).values(name=_DOOR, **values))


def _audit(connection: Connection, event: str, detail: dict[str, str | int | None], stamp: Stamp) -> None:
    append(connection, read_head(connection), "audit", AuditBody(event, detail), stamp)
