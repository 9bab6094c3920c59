"""What happens to a fleet in some weeks, drawn by a seed: cuts, deaths, thefts, and central's worst day."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from random import Random
from typing import Final

from tools.fleet.world import FIRST_DAY

HOURS: Final = range(8, 15)
WEEKEND: Final = (4, 5)  # Friday and Saturday, by date.weekday()


@dataclass(frozen=True, slots=True)
class Size:
    """How large a fleet is, and for how long.

    `citizens`: who come to a kiosk on a day, about. `every`: after how many hours all deliver and the operator looks.
    """

    days: int
    centres: int
    kiosks: int
    citizens: int
    every: int = 1

    @property
    def looks(self) -> range:
        """At which hours all deliver, and the operator looks; once more when all have closed."""
        return HOURS[:: self.every]


SEASON: Final = Size(days=28, centres=10, kiosks=5, citizens=4, every=2)
MINIATURE: Final = Size(days=1, centres=2, kiosks=3, citizens=10)


class Kind(StrEnum):
    """What can happen."""

    LINE = "the line of the centre was cut"
    DAMAGE = "the first page of a kiosk's store was lost"
    DEATH = "a kiosk died, and its disk"
    THEFT = "a kiosk was stolen"
    CENTRAL_DEATH = "central's machine died, with database and keys"


@dataclass(frozen=True, slots=True)
class Event:
    """One event: on a day counted from the first, at the beginning of an hour, for some hours; where it hits.

    `kiosk` is the place in the centre, whichever machine stands there.
    """

    day: int
    hour: int
    kind: Kind
    centre: int = 0
    kiosk: int = 0
    hours: int = 0


@dataclass(frozen=True, slots=True)
class Plan:
    """All that happens."""

    events: tuple[Event, ...]
    rollouts: tuple[int, ...]  # the days on which a version is rolled out; the second one's fails at a kiosk

    def at(self, day: int, hour: int) -> list[Event]:
        """Return what happens now."""
        return [one for one in self.events if (one.day, one.hour) == (day, hour)]


def is_open(day: int) -> bool:
    """Return whether the centres open."""
    return day_of(day).weekday() not in WEEKEND


def day_of(day: int) -> date:
    """Return the date of a day counted from the first."""
    return FIRST_DAY + timedelta(days=day)


def draw(size: Size, seed: int) -> Plan:
    """Draw a plan: of a single day each kind once, of weeks by how often each happens to machines of that many."""
    chance = Random(seed)
    working = [day for day in range(size.days) if is_open(day)]
    events = tuple(_worst_day(size, working)) + tuple(_drawn(size, working, chance))
    rollouts = tuple(working[index] for index in (1, len(working) // 2) if index < len(working)) or (0,)
    return Plan(events, rollouts)


def _worst_day(size: Size, working: list[int]) -> Iterator[Event]:
    """Central dies when a kiosk was replaced, and a thief turned away, since the night's copy."""
    day, last = working[len(working) // 2], size.centres - 1
    for hour, kind, centre, kiosk, long in (
        (8, Kind.DAMAGE, 0, 2, 0),
        (10, Kind.DEATH, 0, 0, 0),
        (10, Kind.THEFT, last, 1, 0),
        (12, Kind.LINE, last, 0, 2),
    ):
        yield Event(day, hour, kind, centre, kiosk, long)
    yield Event(day, 14, Kind.CENTRAL_DEATH)


def _drawn(size: Size, working: list[int], chance: Random) -> Iterator[Event]:
    machine_weeks = size.centres * len(working) / 5
    for kind, a_week, longest in (
        (Kind.LINE, 1.0, 6),
        (Kind.DAMAGE, 0.1, 0),
        (Kind.DEATH, 0.2, 0),
        (Kind.THEFT, 0.1, 0),
    ):
        for _ in range(round(a_week * machine_weeks) if len(working) > 1 else 0):
            hours = chance.randrange(1, longest) if longest else 0
            day, hour = chance.choice(working), chance.choice(size.looks)
            yield Event(day, hour, kind, chance.randrange(size.centres), chance.randrange(size.kiosks), hours)
