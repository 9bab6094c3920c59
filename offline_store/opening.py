"""Opening the store: making, upgrading or salvaging it, then seeing that kiosk and machine fit.

Whatever changes the file as a whole happens under an exclusive lock on `store.lock` and is complete or not there
after a power cut: new files are built beside the store and take its place by one rename.
"""

import contextlib
import enum
import sqlite3
from pathlib import Path

from sqlalchemy import Connection, exc, select

from common.machine.durable_file import PRIVATE, replace_file
from common.machine.errors import StoreDamaged, StoreUnavailable
from common.machine.locks import FileLock
from common.machine.stamp import Stamp
from offline_store.chain.cut_commit import burn_cut_numbers, commits_lost
from offline_store.chain.epoch import FormerEpoch, begin_epoch, settle
from offline_store.disk import migration, tables
from offline_store.disk.creation import build_store
from offline_store.disk.database import DAMAGED_MARK, DATABASE, Store, make_engine, mark_damaged, translated
from offline_store.disk.integrity import find_damage, poses_as_read_only
from offline_store.disk.second_head import forget_second_head, read_second_head
from offline_store.disk.wal_check import has_lost_commits
from offline_store.feed.feed import take_told
from offline_store.feed.told import keep_told_again, read_told
from offline_store.identity import Identity
from offline_store.salvage.rebuild import is_unfinished, salvage_store

LOCK_TIMEOUT_S = 15.0
CHECK_BUDGET_S = 0.025
LAST_EPOCH = "last-epoch"
_ATTEMPTS = 3


class Condition(enum.Enum):
    """What opening finds."""

    ABSENT = "absent"  # never was one
    OUTDATED = "outdated"  # an earlier revision
    DAMAGED = "damaged"  # or gone, although there was one
    SOUND = "sound"


def open_store_in(data_dir: Path, identity: Identity, *, stamp: Stamp, machine: str | None = None) -> Store:
    """Open the store of a folder, making, upgrading or salvaging it where need be.

    `machine`: see `identity.machine_hash`.

    Raises StoreUnavailable (disk, or another process holds it), StoreTooNew.
    """
    lock: FileLock | None = None
    store: Store | None = None
    try:
        data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
        lock = FileLock(data_dir / "store.lock")
        _make_sound(data_dir, lock, identity, stamp, machine)
        store = _opened(data_dir, lock, identity)
        burn_cut_numbers(store, stamp)
        settle(store, stamp, machine)
        keep_told_again(store)
        return store
    except (exc.DBAPIError, sqlite3.Error, OSError) as error:
        _let_go(lock, store)
        ours = translated(error)
        if ours is None:
            raise
        raise ours from error
    except BaseException:
        _let_go(lock, store)
        raise


def _let_go(lock: FileLock | None, store: Store | None) -> None:
    if store is not None:
        store.close()  # its lock too
    elif lock is not None:
        lock.close()


def _make_sound(data_dir: Path, lock: FileLock, identity: Identity, stamp: Stamp, machine: str | None) -> None:
    _look_at_wal(data_dir, lock)
    is_salvaged = False
    for _ in range(_ATTEMPTS):
        lock.acquire(exclusive=False, timeout_s=LOCK_TIMEOUT_S)
        condition = _examine(data_dir, lock)
        if condition is Condition.SOUND:
            return
        if condition is Condition.DAMAGED:
            mark_damaged(data_dir, "found on opening")  # so that others who have it open let go of it
        lock.acquire(exclusive=True, timeout_s=LOCK_TIMEOUT_S)
        condition = _examine(data_dir, lock)  # another process may have been faster
        if condition is Condition.OUTDATED:
            condition = _upgraded(data_dir)
        if condition is Condition.ABSENT:
            _build_first(data_dir, identity, stamp, machine)
        elif condition is Condition.DAMAGED and is_salvaged:
            break  # the new one neither: another would only be one more copy
        elif condition is Condition.DAMAGED:
            salvage_store(data_dir, identity, machine, stamp, _epoch_before(data_dir, lock))
            is_salvaged = True
    raise StoreDamaged("the store cannot be made to work; a technician has to look at the disk")


def _look_at_wal(data_dir: Path, lock: FileLock) -> None:
    """Before SQLite plays a WAL in: mark the store damaged if commits in it would be lost.

    Raises OSError where the mark finds no room: nothing else would ever tell what was lost.
    """
    wal = data_dir / f"{DATABASE}-wal"
    if not wal.exists():
        return
    try:
        lock.acquire(exclusive=True, timeout_s=0)
    except StoreUnavailable:
        return  # in use: the process that opened it first has looked
    if has_lost_commits(wal):
        (data_dir / DAMAGED_MARK).write_text("commits in the WAL do not read", encoding="utf-8")


def _build_first(data_dir: Path, identity: Identity, stamp: Stamp, machine: str | None) -> None:
    told = read_told(data_dir, identity.centre)

    def fill(connection: Connection) -> None:
        begin_epoch(connection, identity, machine, stamp, FormerEpoch(), "new-store")
        if told is not None:
            take_told(connection, identity.centre, told, stamp)

    forget_second_head(data_dir)
    build_store(data_dir, fill)


def _examine(data_dir: Path, lock: FileLock) -> Condition:
    path = data_dir / DATABASE
    if is_unfinished(data_dir) or (data_dir / DAMAGED_MARK).exists():
        return Condition.DAMAGED
    if not path.exists() or path.stat().st_size == 0:
        return Condition.DAMAGED if _epoch_before(data_dir, lock) else Condition.ABSENT
    second = read_second_head(data_dir)  # before the store: others may be writing
    engine = make_engine(path)
    try:
        with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as asking:
            if poses_as_read_only(asking, path):
                return Condition.DAMAGED
        with engine.execution_options(reading=True).connect() as connection:
            found = migration.revision_of(connection)
            if found != migration.REVISION:
                # A store comes into place whole (creation.py): one without a revision has lost it.
                return Condition.OUTDATED if found else Condition.DAMAGED
            raw = connection.connection.dbapi_connection
            damage = find_damage(raw, CHECK_BUDGET_S) if isinstance(raw, sqlite3.Connection) else None
            return Condition.DAMAGED if damage or commits_lost(connection, second) else Condition.SOUND
    except (exc.DBAPIError, sqlite3.Error, UnicodeDecodeError) as error:
        ours = translated(error)
        if ours is None or isinstance(ours, StoreDamaged):
            return Condition.DAMAGED  # a question that never fails on a sound file was not understood
        raise
    finally:
        engine.dispose()


def _epoch_before(data_dir: Path, lock: FileLock) -> str | None:
    """Return the last store's epoch: the lock file carries it, and a file that no `rm store*` takes with it.

    None where there never was one: only then may numbers begin at one.
    """
    twin = data_dir / LAST_EPOCH
    return lock.read_note() or (twin.read_text("ascii", "replace") or "torn" if twin.exists() else None)


def _upgraded(data_dir: Path) -> Condition:
    try:
        migration.upgrade(data_dir / DATABASE)
    except exc.DBAPIError as error:
        if isinstance(translated(error), StoreDamaged):
            return Condition.DAMAGED
        raise
    return Condition.SOUND


def _opened(data_dir: Path, lock: FileLock, identity: Identity) -> Store:
    engine = make_engine(data_dir / DATABASE)
    with engine.execution_options(reading=True).connect() as connection:
        epoch = connection.execute(select(tables.store.c.epoch)).scalar_one()
    twin = data_dir / LAST_EPOCH
    if lock.read_note() != epoch or not twin.exists():
        replace_file(twin, epoch.encode("ascii"), mode=PRIVATE)
        lock.write_note(epoch)
    return Store(data_dir, engine, lock, identity, epoch)
