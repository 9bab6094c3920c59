"""Salvage: a damaged store is kept aside untouched, and what still reads goes on in a new one under a new epoch.

A power cut at any instant is harmless: the damaged files are set aside and named in a mark first, the new store comes
into place by one rename, and as long as the mark stands the next opening does it all again from the files set aside.
"""

import re
import shutil
from contextlib import closing
from itertools import batched
from pathlib import Path

import structlog

from common.machine.durable_file import replace_file, sync
from common.machine.stamp import Stamp
from offline_store.disk.creation import build_store, remove_database
from offline_store.disk.database import DAMAGED_MARK, DATABASE
from offline_store.disk.second_head import forget_second_head, read_second_head
from offline_store.disk.tables import metadata
from offline_store.feed.told import read_told
from offline_store.identity import Identity
from offline_store.salvage.bad_sectors import copy_what_reads
from offline_store.salvage.findings import SCANNED, Findings
from offline_store.salvage.page_scan import scan_rows
from offline_store.salvage.readable import DamagedDatabase, record_of
from offline_store.salvage.refill import refill

MARK = "store.salvage"
ASIDE = "damaged"
_OF_EPOCH = "epoch"
_SCRATCH = "store.reading.db"
_FINDINGS = "store.findings.db"
_TOGETHER = 500
_log = structlog.get_logger(__name__)
_EPOCH = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def is_unfinished(data_dir: Path) -> bool:
    """Return whether a salvage was begun and not finished."""
    return (data_dir / MARK).exists()


def salvage_store(
    data_dir: Path, identity: Identity, machine: str | None, stamp: Stamp, former_epoch: str | None
) -> None:
    """Salvage the store of a data folder; the caller holds the store exclusively.

    `former_epoch`: what the lock file says, where the damaged store itself does not; what is no epoch is taken for
    none: central is told what is here. Raises OSError (the disk is full: the mark stays, and the next opening tries
    again) and SQLite's errors.
    """
    aside = _set_aside(data_dir, former_epoch or "")
    _log.error("store-damaged", kept=f"{ASIDE}/{aside.name}")
    scratch = data_dir / _SCRATCH
    remove_database(scratch)
    with Findings(data_dir / _FINDINGS) as findings:
        _read(aside, scratch, findings)
        findings.aside = aside.name
        findings.former_epoch = former_epoch if former_epoch and _EPOCH.fullmatch(former_epoch) else None
        findings.second_head = read_second_head(data_dir)
        findings.told = read_told(data_dir, identity.centre)
        build_store(data_dir, lambda connection: refill(connection, findings, identity, machine, stamp))
    forget_second_head(data_dir)  # it tells of the chain that ended here
    remove_database(scratch)
    (data_dir / DAMAGED_MARK).unlink(missing_ok=True)
    (data_dir / MARK).unlink()
    sync(data_dir)
    _log.error("store-salvaged", found=findings.summary)


def _set_aside(data_dir: Path, epoch: str) -> Path:
    """Keep the damaged files under `damaged/NNNN`, give that folder; the newest one, where a mark stands.

    What the mark says is for people: a torn one would lead to a folder that is not there, and all would be lost.
    """
    mark = data_dir / MARK
    shelf = data_dir / ASIDE
    shelf.mkdir(exist_ok=True, mode=0o700)
    before = sorted((entry for entry in shelf.iterdir() if entry.name.isdecimal()), key=lambda entry: int(entry.name))
    if mark.exists() and before:
        return before[-1]
    # A disk that refuses before the mark stands is tried again every few seconds: each time in the same folder.
    if before and _is_for(before[-1], data_dir / DATABASE, epoch):
        aside = before[-1]
    else:
        aside = shelf / f"{int(before[-1].name) + 1 if before else 1:04d}"
        aside.mkdir(mode=0o700)
    for name in (DATABASE, f"{DATABASE}-wal"):
        if (data_dir / name).exists() and not (aside / name).exists():
            _keep(data_dir / name, aside / name)
    replace_file(aside / _OF_EPOCH, epoch.encode())
    sync(aside)
    sync(shelf)
    sync(data_dir)
    replace_file(mark, aside.name.encode("ascii"))
    return aside


def _is_for(aside: Path, found: Path, epoch: str) -> bool:
    """Whether a folder was begun for this very store: its file is kept there already, or is gone from both places.

    Of a store that is gone, only the epoch tells whether it is lost for the first time: each loss has a folder of its
    own, because numbers go on by its count.
    """
    kept = aside / DATABASE
    if kept.exists() or found.exists():
        return kept.exists() and found.exists() and kept.samefile(found)
    noted = aside / _OF_EPOCH
    return not noted.exists() or noted.read_text("utf-8", "replace") == epoch


def _keep(source: Path, target: Path) -> None:
    try:
        target.hardlink_to(source)  # costs no space, which a failing disk may not have
    except OSError:
        shutil.copyfile(source, target)
        sync(target)


def _read(aside: Path, scratch: Path, findings: Findings) -> None:
    """Read page by page what is there, then by SQL what SQL reads. Both of a copy: what is set aside stays as it is."""
    scratch_wal = scratch.with_name(f"{_SCRATCH}-wal")
    for source, target in ((aside / DATABASE, scratch), (aside / f"{DATABASE}-wal", scratch_wal)):
        if source.exists():
            copy_what_reads(source, target)
    # Before SQLite plays the one into the other.
    for some in batched(scan_rows(scratch, scratch_wal), _TOGETHER, strict=False):
        for table in SCANNED:
            records = (record_of(table, rowid, values) for rowid, values in some)
            findings.add(table, [record for record in records if record is not None], scanned=True)
    with closing(DamagedDatabase(scratch)) as damaged:
        for table in metadata.tables.values():
            findings.add(table, damaged.rows(table), scanned=False)
