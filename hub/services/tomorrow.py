"""What people hear who may go home unserved: that they come first on a later day. Said only where it is true."""

from collections.abc import Sequence
from typing import Final

from msgspec import Struct

from hub.engine.act import Act, Look
from hub.engine.carrying.closing import carried_over
from hub.log.reading import TICKET_SQL, as_ticket, find_day
from hub.services.today import working_time_left_s
from offline_store.disk.sql import run

TOLD_BEFORE_CLOSING_S: Final = 30 * 60
_KEPT_US: Final = 5 * 1_000_000
_LEARNED: Final = "word-for-tomorrow"
_WAITING: Final = f"SELECT {TICKET_SQL} FROM hub_tickets WHERE state = 'waiting' AND day = ?"  # noqa: S608
_FIRST_DAYS: Final = "SELECT DISTINCT first_day FROM hub_tickets WHERE day = ? AND \"end\" = 'carried' ORDER BY 1"


class Carried(Struct, frozen=True):
    """Who comes first on which days: all who have waited so many minutes by the day's end; 0: all who wait."""

    days: list[str]
    waited_min: int


def carried_word(look: Act | Look) -> Carried | None:
    """Return what is said of those who go home unserved: in the last half hour, and once the day is closed.

    None where nobody was carried over, or would be if nobody were called any more.
    """
    day = find_day(look.connection, look.day)
    if day is None:
        return None
    waited_min = look.centre.rules.carry_after_min
    if day.is_closed:
        days = [row[0] for row in run(look.connection, _FIRST_DAYS, (look.day,)).fetchall()]
        return _said(days, waited_min if day.early_line is None else 0)
    return _said(_days_at_closing(look, day.label), waited_min)


def _said(days: Sequence[str], waited_min: int) -> Carried | None:
    return Carried(list(days), waited_min) if days else None


def _days_at_closing(look: Act | Look, label: str) -> Sequence[str]:
    """Return on which days those come first who will have waited long enough; read again after some seconds."""
    left_s = working_time_left_s(look)
    if left_s is None or left_s > TOLD_BEFORE_CLOSING_S:
        return ()
    known = look.learned.get(_LEARNED)
    if known is None or look.line_us - known[0] > _KEPT_US or known[1] != look.day:
        waiting = [as_ticket(row) for row in run(look.connection, _WAITING, (look.day,)).fetchall()]
        carried = carried_over(look, waiting, label, is_early=False, more_us=round(left_s * 1_000_000))
        days = sorted({one.first for one in carried.values()})
        known = look.learned[_LEARNED] = (look.line_us, look.day, days)
    found: Sequence[str] = known[2]
    return found
