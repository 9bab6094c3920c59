"""What a centre usually is like, by its own last eight weeks: `GET /v1/centres/{centre}/usual` to the letter.

Read and worked out once an hour, so that no visitor costs a query. Minutes are what they were; to people only the order
of the half hours is said, since that holds where minutes do not.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import ceil, inf
from statistics import median
from typing import Final

import msgspec
from msgspec import Struct
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from central.base import clock
from central.base.database.transactions import reading
from central.base.recurring import RecurringTask
from central.base.tables.visited import counted_days

LOOKED_BACK: Final = timedelta(weeks=8)
READ_EVERY_S: Final = 3600.0
LEAST_DAYS: Final = 6
#: Which half hours are quiet is told from so many days before.
PAST_DAYS: Final = 8
QUIET: Final = 3
_KNOWN_ON: Final = 5  # of these eight days
_LEAST_WAITS: Final = 3


class Slot(Struct, frozen=True):
    """A half hour of a weekday: the medians of who waited and how long, and what four of five waits stayed below.

    Minutes, null where so many were never called that nobody can say.
    """

    weekday: int
    from_: str = msgspec.field(name="from")
    waiting_p50: int
    wait_p50_min: int | None
    wait_p80_min: int | None


class QuietHour(Struct, frozen=True):
    """One of the quietest half hours, the quietest first; neither the first hour of a day nor its last half hour."""

    from_: str = msgspec.field(name="from")
    to: str


class Right(Struct, frozen=True):
    """On which share of so many days the half hour that those before called the quietest was among its three quietest.

    Null where no day could be tried.
    """

    of_days: int
    share: float | None


class Usual(Struct, frozen=True):
    """What a centre usually is like; all empty where too few days are known."""

    made_of_days: int
    slots: Sequence[Slot]
    quietest: Sequence[QuietHour]
    right: Right


UNKNOWN: Final = Usual(0, (), (), Right(0, None))
"""What is known of a centre of which no day was counted."""


class Day(Struct, frozen=True):
    """What is needed of a counted day."""

    waits_by_half_hour: dict[str, list[int]] = {}
    unserved_by_half_hour: dict[str, int] = {}
    waiting_by_half_hour: dict[str, list[int]] = {}


@dataclass(frozen=True, slots=True)
class _Known:
    at: datetime
    centres: Mapping[str, Usual]


class UsualReader:
    """Holds what every centre usually is like, read at most once an hour."""

    def __init__(self, engine: AsyncEngine) -> None:
        """Begin with nothing read."""
        self._engine = engine
        self._known: _Known | None = None
        self._turn = asyncio.Lock()

    async def read(self) -> Mapping[str, Usual]:
        """Return what is known of each centre of which days were counted. Raises SQLAlchemyError."""
        async with self._turn:
            now = clock.now()
            if self._known is None or not 0 <= (now - self._known.at).total_seconds() < READ_EVERY_S:
                async with reading(self._engine, streams=True) as connection:
                    self._known = _Known(now, await _read(connection, clock.business_date(now)))
            return self._known.centres


class Keeper(RecurringTask):
    """The task that reads again, so that no visitor waits for it."""

    every_s = READ_EVERY_S + 1
    at_once = True
    failure = "usual-unread"

    def __init__(self, engine: AsyncEngine, reader: UsualReader) -> None:
        super().__init__(engine)
        self._reader = reader

    async def act(self) -> None:
        """Read what has become too old."""
        await self._reader.read()


async def _read(connection: AsyncConnection, today: date) -> dict[str, Usual]:
    first, decoder = (today - LOOKED_BACK).isoformat(), msgspec.json.Decoder(Day)
    columns = counted_days.c
    query = (
        select(columns.centre, columns.business_day, columns.counted)
        .where(columns.business_day.between(first, (today - timedelta(days=1)).isoformat()))
        .where(columns.counted.is_not(None))
        .order_by(columns.business_day)
    )
    days: dict[str, dict[date, Day]] = {}
    async for row in await connection.stream(query):
        day = decoder.decode(row.counted)
        if day.waits_by_half_hour:
            days.setdefault(row.centre, {})[date.fromisoformat(row.business_day)] = day
    return {centre: usual_of(of_centre) for centre, of_centre in days.items()}


def usual_of(days: Mapping[date, Day]) -> Usual:
    """Work out what days in their order have in common."""
    slots = [
        slot
        for weekday in range(1, 8)
        for slot in _slots(weekday, [day for when, day in days.items() if when.isoweekday() == weekday])
    ]
    past = [_medians(day) for day in days.values()]
    quiet = _ranked(past[-PAST_DAYS:])[:QUIET] if len(days) >= LEAST_DAYS else []
    return Usual(len(days), slots, [QuietHour(one, _after(one)) for one in quiet], _right(past))


def _slots(weekday: int, days: Sequence[Day]) -> list[Slot]:
    found = []
    for half_hour in sorted({one for day in days for one in day.waiting_by_half_hour}):
        of_half_hour = [day for day in days if half_hour in day.waiting_by_half_hour]
        if len(of_half_hour) < LEAST_DAYS:
            continue
        waiting = median(n for day in of_half_hour for n in day.waiting_by_half_hour[half_hour])
        waits: list[float] = [s for day in of_half_hour for s in day.waits_by_half_hour.get(half_hour, [])]
        waits += [inf] * sum(day.unserved_by_half_hour.get(half_hour, 0) for day in of_half_hour)
        found.append(Slot(weekday, half_hour, round(waiting), _minutes(waits, 0.5), _minutes(waits, 0.8)))
    return found


def _minutes(waits_s: list[float], share: float) -> int | None:
    """Return what such a share of waits did not exceed, in whole minutes; None where that is not known."""
    if not waits_s:
        return None
    found = sorted(waits_s)[ceil(share * len(waits_s)) - 1]
    return None if found == inf else ceil(found / 60)


def _medians(day: Day) -> dict[str, float]:
    """Return the median wait of each half hour in which at least three took a number and waited."""
    waits = {
        one: [*values, *[inf] * day.unserved_by_half_hour.get(one, 0)] for one, values in day.waits_by_half_hour.items()
    }
    return {one: sorted(values)[len(values) // 2] for one, values in waits.items() if len(values) >= _LEAST_WAITS}


def _ranked(past: Sequence[Mapping[str, float]]) -> list[str]:
    """Return the half hours that can be told from some days, the quietest first."""
    known = {one: [day[one] for day in past if one in day] for one in {one for day in past for one in day}}
    usual = {one: median(values) for one, values in known.items() if len(values) >= min(_KNOWN_ON, len(past))}
    # Who comes at opening or just before closing meets something else than a quiet hour.
    inner = [one for one in sorted(usual)[2:-1] if usual[one] < inf]
    return sorted(inner, key=lambda one: (usual[one], one)) if len(inner) > QUIET else []


def _right(days: Sequence[Mapping[str, float]]) -> Right:
    """Try each day by those before it, as if it were to come."""
    held = []
    for at in range(PAST_DAYS, len(days)):
        ranked, day = _ranked(days[at - PAST_DAYS : at]), days[at]
        known = [one for one in ranked if one in day]
        if len(known) > QUIET:
            held.append(known[0] in sorted(known, key=lambda one: (day[one], one))[:QUIET])
    return Right(len(held), round(sum(held) / len(held), 2) if held else None)


def spans(hours: Sequence[QuietHour]) -> list[tuple[str, str]]:
    """Join half hours that follow each other, in the order of the clock."""
    found: list[tuple[str, str]] = []
    for one in sorted(hours, key=lambda one: one.from_):
        if found and found[-1][1] == one.from_:
            found[-1] = found[-1][0], one.to
        else:
            found.append((one.from_, one.to))
    return found


def _after(half_hour: str) -> str:
    minutes = int(half_hour[:2]) * 60 + int(half_hour[3:]) + 30
    return f"{minutes // 60:02}:{minutes % 60:02}"
