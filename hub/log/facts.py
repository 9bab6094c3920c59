"""What somebody's act made true, as its answer bears it: the page hands that to a hub that may not hold it."""

from collections.abc import Iterable
from typing import Annotated, Final

import msgspec
from msgspec import Meta, Struct
from sqlalchemy import Connection, bindparam

from common.protocol.queue.event import CARRIED, CLAIM_JUDGED, EXPIRED, MOVED_ON, UNDONE
from hub.log import tables
from hub.log.event import SELECT_EVENTS, Event, EventBody
from offline_store.disk.sql import precompiled, run

_FOLLOWING: Final = frozenset({"by-hand", EXPIRED, CARRIED, MOVED_ON, CLAIM_JUDGED})
"""What becomes of many tickets, which follows from an entry of numbers, or from the day's end."""
MOST: Final = 40
"""Facts that an answer bears; nothing else that somebody does makes so many events."""
_REACH: Final = 2000
"""Events before a press's last one among which its first lies."""
_event = tables.events.c
_OF_PRESS: Final = precompiled(
    SELECT_EVENTS.where(
        _event.seq > bindparam("after"), _event.seq <= bindparam("last"), _event.press == bindparam("press")
    )
)


class Fact(Struct, frozen=True):
    """One event of an act: its place in the log of the life that wrote it, and what it made of ticket and counter."""

    seq: Annotated[int, Meta(ge=1)]
    kind: Annotated[str, Meta(max_length=40)]
    line_us: int
    body: EventBody


class Facts(Struct, frozen=True):
    """What one act made true, in which life and under which term."""

    life: Annotated[str, Meta(max_length=40)]
    term: Annotated[int, Meta(ge=0)]
    said: Annotated[list[Fact], Meta(max_length=MOST)]


def bearing(answer: bytes, life: str, term: int, events: Iterable[Event]) -> bytes:
    """Return an answer, a JSON object, with the facts of what was asked for."""
    said = [
        {"seq": one.seq, "kind": one.kind, "line_us": one.line_us, "body": msgspec.Raw(one.body.encode())}
        for one in events
        if one.ticket is None or not _follows(one)
    ]
    facts = {"life": life, "term": term, "said": said[:MOST]}
    return answer[:-1] + b',"facts":' + msgspec.json.encode(facts) + b"}"


def _follows(event: Event) -> bool:
    """Whether what became of a ticket follows from another fact; what no press has undone went with its day."""
    return event.kind in _FOLLOWING or (event.kind == UNDONE and event.press is None)


def events_of_press(connection: Connection, press: str, last: int) -> list[Event]:
    """Return the events of a press whose log then ended at `last`."""
    rows = run(connection, _OF_PRESS, {"after": last - _REACH, "last": last, "press": press}).fetchall()
    return [Event(**dict(zip(Event.__struct_fields__, row, strict=True))) for row in rows]
