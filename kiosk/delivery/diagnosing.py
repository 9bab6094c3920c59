"""What central asked of this kiosk's log, answered from its files as an item: bounded, and with nothing personal."""

import errno
import os
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import msgspec
import structlog
from sqlalchemy import Connection, select

from common.machine.errors import StoreDamaged, StoreError
from common.machine.stamp import Clock, Stamp, rfc3339
from common.protocol.diagnosis import MOST_LINES, Diagnose, DiagnosisBody, LogLine
from common.protocol.envelope import decode_body
from kiosk.logs import day_of_lines
from offline_store.chain.chain import append, read_head
from offline_store.disk import tables
from offline_store.disk.database import Store
from offline_store.feed.feed import DIAGNOSE

KIND: Final = "diagnosis"
MOST_BYTES: Final = 24 * 1024
"""Of the lines as JSON: half a minute of a line of 9,600 bit/s, for which tickets behind it may have to wait."""
ASKED_WITHIN: Final = timedelta(days=30)
"""An older request is answered no more: its answer may have left this disk, and nobody waits for it."""
LOOK_EVERY_S: Final = 10.0
_SPAN: Final = timedelta(days=1)
_SYSTEM_SAYS: Final = frozenset(os.strerror(number) for number in errno.errorcode)
_FIELDS: Final = frozenset(LogLine.__struct_fields__)
_log = structlog.get_logger(__name__)


def answer(store: Store, log_dir: Path, stamp: Stamp) -> bool:
    """Put the answer to what central asked last into the outbox; say whether it was due. Raises StoreError."""
    with store.read() as connection:
        asked = _asked(connection, stamp)
    if asked is None:
        return False
    lines, left_out = told_of(log_dir, stamp)
    with store.write() as connection:
        append(connection, read_head(connection), KIND, DiagnosisBody(asked.request, lines, left_out), stamp)
    _log.info("log-told", items=len(lines))
    return True


def answering(store: Store, log_dir: Path, clock: Clock, stop: threading.Event) -> None:
    """Answer what comes until `stop` is set; a disk that refuses is asked again. Raises StoreDamaged."""
    while not stop.is_set():
        try:
            answer(store, log_dir, clock.now())
        except StoreDamaged:
            raise
        except StoreError as error:
            _log.warning("log-not-told", error=type(error).__name__)
        stop.wait(LOOK_EVERY_S)


def told_of(log_dir: Path, stamp: Stamp) -> tuple[list[LogLine], int]:
    """Return the last day's lines as they may leave the kiosk, and how many had no room.

    Warnings and errors have room first, then the newest of the others.
    """
    found = [line for raw in day_of_lines(log_dir, rfc3339(stamp.wall_time - _SPAN)) if (line := _told(raw))]
    room, chosen = MOST_BYTES, list[LogLine]()
    for line in sorted(found, key=lambda one: (one.level != "info", one.time), reverse=True):
        room -= len(msgspec.json.encode(line)) + 1
        if room < 0 or len(chosen) == MOST_LINES:
            break
        chosen.append(line)
    return sorted(chosen, key=lambda one: one.time), len(found) - len(chosen)


def _asked(connection: Connection, stamp: Stamp) -> Diagnose | None:
    """Return the request that stands unanswered; None where there is none."""
    records, items = tables.centre_records.c, tables.items.c
    said = connection.scalar(select(records.body).where(records.kind == DIAGNOSE))
    if said is None:
        return None
    asked = msgspec.json.decode(said, type=Diagnose)
    if stamp.is_sure and asked.asked_at < rfc3339(stamp.wall_time - ASKED_WITHIN):
        return None
    own = connection.scalars(select(items.body).where(items.kind == KIND).order_by(items.row.desc()))
    return None if any(_answers(body, asked) for body in own) else asked


def _answers(body: str, asked: Diagnose) -> bool:
    said = decode_body(KIND, body)
    return isinstance(said, DiagnosisBody) and said.request == asked.request


def _told(raw: dict[str, Any]) -> LogLine | None:
    """Return a line of our own without what may not leave; None for a library's line, or one that says nothing."""
    if "logger" in raw:
        return None
    fields = dict(_words(raw))
    try:
        return msgspec.convert(fields, LogLine)
    except msgspec.ValidationError:
        return None


def _words(raw: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yield the fields that may leave, each where it is the word or number that it should be."""
    for name in raw.keys() & _FIELDS:
        value = raw[name]
        if name == "at" and isinstance(value, list):
            value = value[-1] if value else None
        if isinstance(value, str) and (name == "at" or value in _SYSTEM_SAYS):
            value = value.replace(" ", "-")
        try:
            yield name, msgspec.convert(value, _TYPES[name])
        except msgspec.ValidationError:
            continue


_TYPES: Final = {field.name: field.type for field in msgspec.structs.fields(LogLine)}
