"""Who may come in: personal PINs of eight digits, argon2id, usable without a network; and the lock after wrong ones.

A failure is on disk before the PIN is judged, so that pulling the plug gives no free attempt. The lock is counted in
time since boot, which no clock setting shortens; after a restart it begins again in full.
"""

from dataclasses import dataclass
from typing import Literal, cast

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import Connection, delete, insert, select, update

from offline_store.chain.chain import append, read_head
from offline_store.disk import tables
from offline_store.disk.database import Store
from offline_store.stamp import Stamp
from offline_store.wire.envelope import AuditBody

ATTEMPTS = 5
_FIRST_LOCK_S = 5 * 60
_LONGEST_LOCK_S = 24 * 3600
_DIGITS = 8
_DOOR = "maintenance"  # one lock for the whole kiosk: attempts are not spread over names
_HASHER = PasswordHasher()

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
    """Return for how many seconds nobody may try; 0 when one may.

    Raises:
        StoreUnavailable: the store can't be read.
    """
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
        _count_failure(connection, failures + 1, stamp)
        people = [
            (
                Technician(row.id, row.name, "manager" if row.role == "manager" else "technician"),
                cast("str", row.pin_hash),
            )
            for row in connection.execute(select(tables.technicians).order_by(tables.technicians.c.id))
        ]
    if not people and first_pin_hash:
        # Whoever enrols the kiosk sets it up: the first PIN may do everything.
        people = [(Technician("enrolment", "", "manager"), first_pin_hash)]
    found = _first_match(pin, people)
    failures += 1
    with store.write() as connection:
        if found is None:
            _audit(connection, "pin-refused", {"failures": failures}, stamp)
            locked_s = lock_due(failures)
            return Refused(0 if locked_s else ATTEMPTS - failures % ATTEMPTS, locked_s)
        connection.execute(delete(tables.pin_attempts).where(tables.pin_attempts.c.name == _DOOR))
        _audit(connection, "technician-entered", {"technician": found.id, "role": found.role}, stamp)
        return found


def lock_due(failures: int) -> int:
    """Seconds of lock that this failure begins: 300 with the fifth in a row, doubled with each further five, else 0."""
    rounds, rest = divmod(failures, ATTEMPTS)
    return 0 if rest or not rounds else min(_FIRST_LOCK_S * 2 ** min(rounds - 1, 20), _LONGEST_LOCK_S)


def left(store: Store, technician: Technician, stamp: Stamp, why: str) -> None:
    """Record that the technician has gone: `exit`, `idle` or `fault`.

    Raises:
        StoreUnavailable: it can't be recorded.
    """
    with store.write() as connection:
        _audit(connection, "technician-left", {"technician": technician.id, "why": why}, stamp)


def _first_match(pin: str, people: list[tuple[Technician, str]]) -> Technician | None:
    if len(pin) != _DIGITS or not (pin.isascii() and pin.isdecimal()):
        return None
    for technician, pin_hash in people:
        try:
            if _HASHER.verify(pin_hash, pin):
                return technician
        except (VerificationError, InvalidHashError):
            continue  # not theirs, or a hash of the feed that is none
    return None


def _locked(connection: Connection, stamp: Stamp) -> tuple[int, int]:
    """Give the failures so far and the seconds still to wait."""
    row = connection.execute(select(tables.pin_attempts).where(tables.pin_attempts.c.name == _DOOR)).one_or_none()
    if row is None:
        return 0, 0
    since_ns = row.boot_time_ns if row.boot_id == stamp.boot_id else 0
    waited_s = max(0, stamp.boot_time_ns - since_ns) // 1_000_000_000
    return row.failures, max(0, lock_due(row.failures) - waited_s)


def _count_failure(connection: Connection, failures: int, stamp: Stamp) -> None:
    values = {"failures": failures, "boot_id": stamp.boot_id, "boot_time_ns": stamp.boot_time_ns}
    attempts = tables.pin_attempts
    if connection.execute(update(attempts).where(attempts.c.name == _DOOR).values(values)).rowcount == 0:
        connection.execute(insert(attempts).values(name=_DOOR, **values))


def _audit(connection: Connection, event: str, detail: dict[str, str | int | None], stamp: Stamp) -> None:
    append(connection, read_head(connection), "audit", AuditBody(event, detail), stamp)
