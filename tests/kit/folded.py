"""Folding a hub's log again: what each of its facts made of ticket and counter follows from what stood before."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct

from common.queue.fold import Fact, counter_after, ticket_after
from common.queue.standing import Counter, Ticket

TOLD: Final = frozenset({"arrived", "given", "adopted", "undone", "revised", "claim-judged"})
"""Kinds of facts that bear the ticket as somebody tells of it."""
_EVENTS: Final = (
    "SELECT seq, kind, line_us, work_us, wall_time, counter, clerk, press, body FROM hub_events ORDER BY seq"
)


class _Body(Struct, frozen=True):
    ticket: Ticket | None = None
    counter: Counter | None = None
    reason: str | None = None
    detail: dict[str, object] | None = None


def compare(folder: Path) -> None:
    """Fail where the log of a hub below a folder does not follow from its own facts."""
    for file in sorted(folder.rglob("*.db")):
        with closing(sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True)) as opened:
            if opened.execute("SELECT 1 FROM sqlite_master WHERE name = 'hub_events'").fetchone():
                _fold(opened, file.name)


def _fold(opened: sqlite3.Connection, name: str) -> None:
    tickets, counters = dict[str, Ticket](), dict[int, Counter]()
    is_whole = opened.execute("SELECT count(*) = max(seq) FROM hub_events").fetchone()[0]
    for *said, text in opened.execute(_EVENTS):
        body = msgspec.json.decode(text, type=_Body)
        fact = Fact(**dict(zip(Fact._fields, said, strict=False)), reason=body.reason, detail=body.detail or {})
        former = None if body.ticket is None else tickets.get(body.ticket.id)
        if body.ticket is not None:
            if fact.kind not in TOLD and former is not None:
                assert ticket_after(former, fact) == body.ticket, f"{name}: {fact} of {former.number}"
            tickets[body.ticket.id] = body.ticket
        if body.counter is not None:
            number = body.counter.number
            at = counters.get(number, Counter(number=number) if is_whole else None)
            if fact.kind not in ("adopted", "undone") and at is not None:
                assert counter_after(at, fact, former) == body.counter, f"{name}: {fact} at counter {number}"
            counters[number] = body.counter
