"""What was foretold of each day, kept beside what came, so that everybody sees how far it can be trusted."""

import statistics
from datetime import date
from typing import Final

import msgspec
from msgspec import Struct

from hub.engine.act import Act, Hub, Look
from hub.foresight.what_if import Known, foretell, known_of
from hub.log.reading import label_of

FORETOLD: Final = "foretold"
_LEARNED: Final = "foretold-and-came"
_OF_DAY: Final = "SELECT 1 FROM hub_events WHERE day = ? AND kind = 'foretold' LIMIT 1"
_KEPT: Final = (
    "SELECT e.body, count(t.id) AS came, "
    "coalesce(sum(t.called_work IS NULL AND t.\"end\" IN ('expired', 'carried')), 0) AS uncalled FROM hub_events AS e "
    "JOIN hub_tickets AS t ON t.day = e.day AND t.is_voided = 0 WHERE e.kind = 'foretold' AND e.day < ? "
    "GROUP BY e.seq ORDER BY e.day"
)


class KeptDay(Struct, frozen=True):
    """What was foretold of a day before anybody came: how many come, give or take, and the share that goes unserved."""

    day: str
    expected: int
    margin: int
    unserved: float


class Right(Struct, frozen=True):
    """How right it was on the last days: by how much of those who came it was off, and how often within its margin.

    `unserved_off`: how far, on average, the share that was foretold to go unserved lay from the one that did.
    """

    days: int
    mean_error: float
    within: float
    unserved_off: float


def keep_foretold(hub: Hub) -> None:
    """Write down once a day what the days before foretell of it. Raises StoreUnavailable."""
    with hub.read() as look:
        known = _of_today(look)
    if known is None:
        return
    said = foretell(known)
    if said.expected is None or said.margin is None or said.usual is None:
        return
    kept = KeptDay(said.day, said.expected, said.margin, said.usual.unserved)
    with hub.act() as act:
        if act.day == look.day and not _is_kept(act):
            act.record(FORETOLD, detail=msgspec.to_builtins(kept))


def right(look: Look) -> Right | None:
    """Return how right it was on the days that are over; None before there was one."""
    known = look.learned.get(_LEARNED)
    if known is None or known[0] != look.day:
        known = look.learned[_LEARNED] = (look.day, _compared(look))
    found: Right | None = known[1]
    return found


def _of_today(look: Look) -> Known | None:
    label = label_of(look.connection, look.day)
    if label is None or look.learned.get(FORETOLD) == look.day:
        return None
    look.learned[FORETOLD] = look.day  # asked once a day, also where too little is known
    return None if _is_kept(look) else known_of(look, date.fromisoformat(label))


def _is_kept(look: Act | Look) -> bool:
    return look.connection.exec_driver_sql(_OF_DAY, (look.day,)).first() is not None


def _compared(look: Look) -> Right | None:
    errors, within, unserved = [], [], []
    for row in look.connection.exec_driver_sql(_KEPT, (look.day,)):
        told = msgspec.convert(msgspec.json.decode(row.body)["detail"], KeptDay)
        errors.append(abs(told.expected - row.came) / row.came)
        within.append(abs(told.expected - row.came) <= told.margin)
        unserved.append(abs(told.unserved - row.uncalled / row.came))
    if not errors:
        return None
    mean = statistics.mean
    return Right(len(errors), mean(errors), mean(within), mean(unserved))
