"""The print journal: what was sent to the printer and what became of it, so that "printed" is never a guess.

    (none) -> sending                       on disk before the first byte goes out
    sending -> printed | not_printed | unknown   the printer's word, or none
    sending -> unknown                      found open after a restart, by the holder of the printer's lock

Each final state also is an item of kind `print`, in the same transaction.
"""

from typing import Literal, NamedTuple

from sqlalchemy import ColumnElement, Connection, insert, select, update

from common.machine.errors import NotFound, StoreError
from common.machine.locks import PrinterLock
from common.machine.stamp import Stamp
from common.protocol.envelope import PrintBody
from offline_store.chain.chain import append, read_head
from offline_store.disk import tables
from offline_store.disk.database import Store
from offline_store.printed import tallies

FinalState = Literal["printed", "not_printed", "unknown"]
_job = tables.print_jobs.c


class PrintJob(NamedTuple):
    """One paper sent to the printer. `item_id`: the ticket or order it is for; `copy`: a reprint."""

    id: int
    item_id: str
    paper: str
    copy: bool
    state: str
    reason: str | None


def open_job(store: Store, *, item_id: str, paper: str, stamp: Stamp, copy: bool = False) -> int:
    """Record that a paper is about to be sent, durable on return; give the job's id. Raises StoreUnavailable."""
    values = {"item_id": item_id, "paper": paper, "copy": int(copy), "state": "sending", "started_at": stamp.unix_s}
    with store.write() as connection:
        return int(connection.execute(insert(tables.print_jobs).values(values).returning(_job.id)).scalar_one())


def close_job(
    store: Store,
    job_id: int,
    state: FinalState,
    stamp: Stamp,
    *,
    reason: str | None = None,
    millimetres: int | None = None,
) -> None:
    """Record what became of a job. `millimetres`: paper used, where the printer was reached.

    Raises NotFound when no such job is open, StoreUnavailable.
    """
    with store.write() as connection:
        _close(connection, job_id, state, stamp, reason, millimetres)


def recover_open_jobs(store: Store, lock: PrinterLock, stamp: Stamp) -> list[PrintJob]:
    """Call every job that a dead process left open unknown; give them, to offer a copy of.

    Only the holder of the printer's lock may: an open job of a living process is in the printer. Raises
    StoreUnavailable, StoreError when the lock is another kiosk's.
    """
    if lock.data_dir.resolve() != store.data_dir.resolve():
        raise StoreError("this printer lock belongs to another data folder")
    with store.write() as connection:
        open_jobs = _jobs(connection, _job.state == "sending")
        for job in open_jobs:
            _close(connection, job.id, "unknown", stamp, "interrupted", None)
    return [job._replace(state="unknown", reason="interrupted") for job in open_jobs]


def last_state(store: Store) -> str | None:
    """Return the state of the newest job of which a byte went out, None before any. Raises StoreUnavailable."""
    with store.read() as connection:
        newest = select(_job.state).where(_job.state != "not_printed").order_by(_job.id.desc()).limit(1)
        return connection.execute(newest).scalar_one_or_none()


def jobs_of(store: Store, item_id: str) -> list[PrintJob]:
    """Return every job of a ticket or order, the first first. Raises StoreUnavailable."""
    with store.read() as connection:
        return _jobs(connection, _job.item_id == item_id)


def _jobs(connection: Connection, condition: ColumnElement[bool]) -> list[PrintJob]:
    columns = (_job.id, _job.item_id, _job.paper, _job.copy, _job.state, _job.reason)
    rows = connection.execute(select(*columns).where(condition).order_by(_job.id))
    return [PrintJob(*row)._replace(copy=bool(row.copy)) for row in rows]


def _close(
    connection: Connection, job_id: int, state: FinalState, stamp: Stamp, reason: str | None, millimetres: int | None
) -> None:
    closed = connection.execute(
        update(tables.print_jobs)
        .where(_job.id == job_id, _job.state == "sending")
        .values(state=state, reason=reason, millimetres=millimetres, ended_at=stamp.unix_s)
        .returning(_job.item_id, _job.paper, _job.copy)
    ).one_or_none()
    if closed is None:
        raise NotFound("open print job", str(job_id))
    body = PrintBody(closed.item_id, closed.paper, state, reason, bool(closed.copy))
    append(connection, read_head(connection), "print", body, stamp)
    if state == "printed":
        tallies.add(connection, tallies.PAPERS, 1)
    if millimetres:
        tallies.add(connection, tallies.PAPER_MM, millimetres)
