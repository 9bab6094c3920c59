"""What nearly every poll of the feed is: one statement that finds nothing new.

A kiosk asks thousands of times a day. The statement that finds its row also says where the feed ends, which of
central's keys is the newest, and whether the items that it has central's word for are here: anyone who is at the end is
answered by that.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final

from sqlalchemy import BigInteger, ColumnElement, Row, Select, Text, and_, bindparam, func, null, or_, select
from sqlalchemy.ext.asyncio import AsyncEngine

from central.base import database
from central.base.tables import central_keys, feed, feed_epochs, inbox, kiosks
from central.feed.cursor import NOTHING_HEARD, Cursor
from central.keys import key_chain
from common.protocol.feed_page import ChainPlace

_EPOCH = select(feed_epochs.c.epoch).order_by(feed_epochs.c.id.desc()).limit(1).scalar_subquery()
_END = select(feed.c.id).order_by(feed.c.id.desc()).limit(1).scalar_subquery()
_MARK = select(feed.c.mark).order_by(feed.c.id.desc()).limit(1).scalar_subquery()
_KEY = select(central_keys.c.kid).order_by(central_keys.c.id.desc()).limit(1).scalar_subquery()


def _newest(*conditions: ColumnElement[bool]) -> Any:
    return select(func.max(feed.c.id)).where(*conditions).correlate(kiosks).scalar_subquery()


# The newest message for all, for the kiosk's centre, and for the kiosk itself; each the end of one index.
MARKS: Final = [
    _newest(feed.c.centre.is_(None), feed.c.kiosk.is_(None)).label("for_all"),
    _newest(feed.c.centre == kiosks.c.centre, feed.c.kiosk.is_(None)).label("for_centre"),
    _newest(feed.c.centre.is_(None), feed.c.kiosk == kiosks.c.id).label("for_kiosk"),
    _END.label("end"),
]


def feed_through(row: Row[Any]) -> int:
    """The newest message for a kiosk, of its row read with `MARKS`: what it has not heard of is due at once.

    For a revoked one it is above all there is: it asks, and is told so.
    """
    if row.revoked_at is not None:
        return int(row.end or 0) + 1
    return max(row.for_all or 0, row.for_centre or 0, row.for_kiosk or 0)


@dataclass(frozen=True, slots=True)
class Question:
    """A statement that finds a kiosk's row, with what else it says, and the values that it is asked with.

    The statement is made once: composing it at each poll cost as much as asking it.
    """

    statement: Select[Any]
    values: Mapping[str, str | int]


def of_row(kiosk: str) -> Question:
    """Ask for the row alone."""
    return Question(_ROW, {"kiosk": kiosk})


def of_marks(kiosk: str) -> Question:
    """Ask for what `feed_through` needs as well."""
    return Question(_WITH_MARKS, {"kiosk": kiosk})


def of_end(kiosk: str, places: Sequence[ChainPlace]) -> Question:
    """Ask for what `is_at_end` needs as well."""
    values: dict[str, str | int] = {"kiosk": kiosk}
    for number, place in enumerate(places):
        values |= {f"epoch{number}": place.epoch, f"seq{number}": place.seq, f"hash{number}": place.hash}
    return Question(_with_end(len(places)), values)


_ID: Final = bindparam("kiosk", type_=Text)
_ROW: Final = select(kiosks).where(kiosks.c.id == _ID)
_WITH_MARKS: Final = _ROW.add_columns(*MARKS)


@cache
def _with_end(places: int) -> Select[Any]:
    newest = [_EPOCH.label("epoch"), _END.label("end"), _MARK.label("mark"), _KEY.label("newest_key")]
    keys = [
        and_(
            inbox.c.epoch == bindparam(f"epoch{number}", type_=Text),
            inbox.c.seq == bindparam(f"seq{number}", type_=BigInteger),
            inbox.c.hash == bindparam(f"hash{number}", type_=Text),
        )
        for number in range(places)
    ]
    here = select(func.count()).where(inbox.c.kiosk == _ID, or_(*keys)).scalar_subquery() if keys else null()
    return _ROW.add_columns(*newest, here.label("present"))


def is_at_end(row: Row[Any], cursor: Cursor | None, places: Sequence[ChainPlace]) -> bool:
    """Whether this reader has heard all, and central lacks nothing of it."""
    end = Cursor(row.epoch, 0, NOTHING_HEARD) if row.end is None else Cursor(row.epoch, row.end, row.mark)
    return cursor == end and (not places or row.present == len({(one.epoch, one.seq) for one in places}))


@dataclass(slots=True)
class KnownKeys:
    """Central's signing keys as this process read them last, oldest first."""

    _newest: str | None = None
    _rows: list[Row[Any]] = field(default_factory=list)

    async def rows(self, engine: AsyncEngine, newest_key: str) -> list[Row[Any]]:
        """The rows, read again where the newest of all keys is another one."""
        if newest_key != self._newest:
            async with database.reading(engine) as connection:
                self._rows = await key_chain.signing_rows(connection)
            self._newest = newest_key
        return self._rows
