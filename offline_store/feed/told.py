"""What central has said and is needed without a network, once more, in a file of its own beside the store.

A damaged store begins again with it: hubs, keys, people, calendar and settings are known then also where nobody can
be asked. Whose word each page was the uplink has verified; a page's signature is over one question and its answer, and
says nothing of what holds after many. So this is what the store has taken, as the messages that would say it, kept
twice, each copy under its SHA-256: all of it is believed, or nothing. It is written before the store commits the page
that it is of, and is never behind it.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import msgspec
import structlog
from sqlalchemy import Connection, select

from common.machine.durable_file import PRIVATE
from common.machine.errors import StoreUnavailable
from common.machine.records import record
from common.protocol.feed_message import FEED_BODIES, AppKey, AppKeyRevoked, Technician
from common.protocol.feed_page import FeedMessage, FeedPage
from offline_store.disk import tables
from offline_store.disk.database import Store
from offline_store.feed.catalogue import as_told

FILE: Final = "central-said.json"
_log = structlog.get_logger(__name__)

type Rows = Callable[[str], Iterable[Mapping[Any, Any]]]
"""Gives the rows of a table by its name, whole, or what could be read of them."""


@dataclass(frozen=True, slots=True)
class Told:
    """What central has said, and how far its feed was heard then; `epoch` and `through` are None where that is unknown.

    Orders' states are not in it: they come by the thousand, and nobody is sent away for want of one.
    """

    epoch: str | None
    through: int | None
    business_day_serial: int
    messages: list[FeedMessage]

    @property
    def is_empty(self) -> bool:
        """Whether central had not said anything yet, as far as this is known."""
        return self.epoch is None and not self.messages

    def is_behind(self, other: "Told") -> bool:
        """Whether this was told earlier than the other. Of two epochs of the feed nobody can say."""
        return self.epoch in (None, other.epoch) and (self.through or 0) < (other.through or 0)

    def page(self) -> FeedPage:
        """Return it as the snapshot by which central would say it."""
        return FeedPage(self.messages, "", self.epoch or "", self.through or 0, snapshot=True)


class _Kept(msgspec.Struct, frozen=True):
    """The file. A body is text: what central wrote is not read as numbers and written again."""

    centre: str
    epoch: str | None
    through: int | None
    business_day_serial: int
    messages: list[tuple[int, str, str]]


def told_by(rows: Rows) -> Told:
    """Return what the rows of a store say that central has said."""
    feed = max(rows("feed"), key=lambda row: row.get("through") or 0, default={})
    place = feed.get("epoch"), feed.get("through"), int(feed.get("business_day_serial") or 0)
    return Told(*place, list(_messages(rows)))


def read_told(data_dir: Path, centre: str) -> Told | None:
    """Return what the file says; None where there is none, or it is damaged or another centre's: the log names it."""
    try:
        found = record.recall(data_dir / FILE)
        if found is None:
            return None
        kept = msgspec.convert(found, _Kept)
    except (record.RecordDamaged, msgspec.ValidationError, OSError) as error:
        _log.error("central-said-damaged", file=FILE, problem=str(error)[:200])
        return None
    if kept.centre != centre:
        return None
    messages = [FeedMessage(number, kind, msgspec.Raw(body.encode())) for number, kind, body in kept.messages]
    return Told(kept.epoch, kept.through, kept.business_day_serial, messages)


def keep_told(connection: Connection, data_dir: Path, centre: str) -> None:
    """Put what central has said on the disk as the store has it now, before it commits that. Raises OSError."""
    told = told_by(_rows_of(connection))
    messages = [(one.id, one.kind, bytes(one.body).decode()) for one in told.messages]
    kept = _Kept(centre, told.epoch, told.through, told.business_day_serial, messages)
    record.keep(data_dir / FILE, msgspec.to_builtins(kept), mode=PRIVATE)


def keep_told_again(store: Store) -> None:
    """Write the file where a copy is not whole, or not of what the store has taken: an older program writes none.

    A disk that refuses is named in the log; the next opening tries again.
    """
    try:
        if not _is_kept(store):
            with store.write() as connection:
                keep_told(connection, store.data_dir, store.identity.centre)
    except StoreUnavailable as error:
        _log.warning("central-said-not-kept", reason=str(error)[:200])


def _is_kept(store: Store) -> bool:
    with store.read() as connection:
        feed = connection.execute(select(tables.feed.c.epoch, tables.feed.c.through)).one()
    told = read_told(store.data_dir, store.identity.centre) if record.is_whole(store.data_dir / FILE) else None
    return told is not None and (told.epoch, told.through) == (feed.epoch, feed.through)


def _rows_of(connection: Connection) -> Rows:
    """Return what gives the rows of a sound store."""
    return lambda name: connection.execute(select(tables.metadata.tables[name])).mappings().all()


def _messages(rows: Rows) -> Iterator[FeedMessage]:
    """Yield the messages by which central would say what the rows hold, those on which others depend first."""
    for row in sorted(rows("centre_records"), key=lambda row: row["message_id"]):
        if (kind := _kind_of(row["kind"])) is not None:
            yield FeedMessage(row["message_id"], kind, msgspec.Raw(row["body"].encode()))
    if services := list(rows("catalogue")):
        yield _message("catalogue", as_told(services))
    if settings := {row["key"]: msgspec.Raw(row["value"].encode()) for row in rows("settings")}:
        yield _message("settings", settings)
    for row in rows("technicians"):
        yield _message("technician", Technician(*(row[name] for name in ("id", "name", "centre", "role", "pin_hash"))))
    for row in rows("app_keys"):
        if row["public_key"] is not None:
            known = (row[name] for name in ("kid", "public_key", "valid_from", "valid_until", "alg"))
            yield _message("app-key", AppKey(*known))
        if row["revoked_at"] is not None:
            yield _message("app-key-revoked", AppKeyRevoked(row["kid"], row["revoked_at"]))


def _message(kind: str, body: object) -> FeedMessage:
    return FeedMessage(0, kind, msgspec.Raw(msgspec.json.encode(body)))


def _kind_of(name: str) -> str | None:
    """Return the feed's kind of a word on the centre: its name, or what stands before the key, year or day in it."""
    return next((kind for kind in FEED_BODIES if name == kind or name.startswith(f"{kind}-")), None)
