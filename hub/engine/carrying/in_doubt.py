"""Whether those who came before a hole in the hub's line are still here: no clock here knows, and its clerks do.

The line has a hole where this hub was off and no clock can tell for how long: a night may have passed. Nothing ends by
guess: a clerk is asked. He is asked too where none tells the time, and nobody was called for six hours.
"""

from datetime import timedelta
from typing import Final, NamedTuple

from common.protocol.queue.event import STILL_HERE
from hub.engine.act import Act, Look
from hub.log.reading import find_day
from offline_store.disk.sql import run
from offline_store.issuing.business_day import LATELY, business_date

_LATELY_US: Final = LATELY // timedelta(microseconds=1)
_WITHOUT_A_CALL_US: Final = 6 * 3600 * 1_000_000
_LAST_EVENTS: Final = 20_000
_KNOWN_LAST: Final = (
    "SELECT seq, line_us FROM hub_events WHERE seq > ? AND kind IN (?, 'called', 'day-opened', 'day-relabelled') "
    "ORDER BY seq DESC LIMIT 1"
)
_FIRST_HOLE: Final = (
    "SELECT min(seq) FROM hub_lives JOIN hub_events USING (seq) "
    "WHERE seq > ? AND json_extract(body, '$.detail.guessed')"
)
# Who came since: heard of since then, and known for sure to be of the last hours.
_FROM_BEFORE: Final = (
    "SELECT id FROM hub_tickets WHERE day = ? AND state IN ('waiting', 'parked', 'called', 'serving') AND NOT ("
    "is_certain AND arrived_line > ? "
    "AND id IN (SELECT ticket FROM hub_events WHERE seq > ? AND kind IN ('arrived', 'given', 'adopted')))"
)
_CAME_BY_NO_SURE_CLOCK: Final = (
    "SELECT EXISTS (SELECT 1 FROM hub_events WHERE seq > ? AND seq < ? AND ticket = ? AND clock <> 'synced')"
)


class InDoubt(NamedTuple):
    """What nobody knows: the date of the day whose people may be gone, after which event, and their tickets' ids."""

    label: str
    hole_seq: int
    from_before: list[str]


def in_doubt(look: Act | Look) -> InDoubt | None:
    """Return of whom nobody knows since when they wait, nor whether they are still here; None where that is known."""
    day, known = _day_without_a_date(look), _known_last(look)
    if day is None or known is None:
        return None
    first: int | None = run(look.connection, _FIRST_HOLE, (known.seq,)).fetchone()[0]
    return None if first is None else _left_of(look, day, first)


def asked_about(look: Act | Look) -> InDoubt | None:
    """Return of whom a clerk is asked before anybody is called: those in doubt, and who waits since long ago."""
    doubt = in_doubt(look)
    if doubt is not None or look.stamp.tells_time:
        return doubt
    day, known = _day_without_a_date(look), _known_last(look)
    if day is None or known is None or look.line_us - known.line_us < _WITHOUT_A_CALL_US:
        return None
    return _left_of(look, day, known.seq)


class _Known(NamedTuple):
    """The event at which it was known last who was here, and when that was on the line."""

    seq: int
    line_us: int


def _known_last(look: Act | Look) -> _Known | None:
    row = run(look.connection, _KNOWN_LAST, (look.seq - _LAST_EVENTS, STILL_HERE)).fetchone()
    return None if row is None else _Known(*row)


def _day_without_a_date(look: Act | Look) -> str | None:
    """Return the label of the day that is served, where no clock says that this is its date, or that it is over."""
    day = find_day(look.connection, look.day)
    if day is None or day.is_closed:
        return None
    is_today = look.stamp.tells_time and business_date(look.stamp.wall_time).isoformat() <= day.label
    return None if is_today else day.label


def _left_of(look: Act | Look, label: str, hole_seq: int) -> InDoubt | None:
    values = (look.day, look.line_us - _LATELY_US, hole_seq)
    ids = [row[0] for row in run(look.connection, _FROM_BEFORE, values).fetchall()]
    # By a clock that was sure as they came, and tells the time again, their day has simply reached its end.
    is_open = not look.stamp.tells_time or any(_came_by_no_sure_clock(look, one, hole_seq) for one in ids)
    return InDoubt(label, hole_seq, ids) if ids and is_open else None


def _came_by_no_sure_clock(look: Act | Look, ticket_id: str, hole_seq: int) -> bool:
    values = (look.seq - _LAST_EVENTS, hole_seq, ticket_id)
    return bool(run(look.connection, _CAME_BY_NO_SURE_CLOCK, values).fetchone()[0])
