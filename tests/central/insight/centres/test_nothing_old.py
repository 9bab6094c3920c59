"""Nothing that a hub said longer than forty seconds ago is given as present, whatever hubs and central go through.

A day of three centres: hubs that speak each ten seconds, fall silent and come back, and a central that hears nobody for
a while. The range that a hub tells of its group is the second at which it tells it, so that an old one is seen.
"""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Final

import pytest

from central.base import clock
from central.insight.centres import now as centres
from central.insight.centres.now import CentreLine, centres_now, is_closed
from central.insight.centres.reading import Centre, Known, Told
from central.insight.centres.usual import UNKNOWN
from common.city.calendar import CentreHours
from common.city.catalogue import Hours, load_catalogue
from common.protocol.queue.call import WaitingList
from common.protocol.queue.service_now import CentreNow, GroupNow, ServiceNow

BEGIN: Final = datetime(2026, 11, 25, 5, 0, tzinfo=UTC)  # 08:00 in Homs
MOMENTS: Final = 10_000
DAY_S: Final = 14 * 3600
WORD_S: Final = 10.0
PRESENT_S: Final = 40.0
SILENCES_S: Final = (5, 30, 39, 41, 120, 3600)
OF_HUBS: Final = ("open", "standing", "working", "interrupted")
CATALOGUE: Final = load_catalogue()


class Hub:
    """A hub as central hears it, and the second at which it last did."""

    def __init__(self, code: str, hours: Hours | None) -> None:
        self.code = code
        self.hours = hours
        self.told: Told | None = None
        self.heard_s = -1e9
        self.speaks_s = 0.0
        self.is_cut_until_s = 0.0

    def goes_on(self, choice: random.Random, to_s: float, central_hears_from_s: float) -> None:
        """Say all that falls before a moment; central hears what neither a cut nor its own outage swallows."""
        while self.speaks_s <= to_s:
            if self.speaks_s >= max(self.is_cut_until_s, central_hears_from_s):
                self.told = Told(word(choice, self.speaks_s), at(self.speaks_s))
                self.heard_s = self.speaks_s
            self.speaks_s += choice.uniform(0.5, 1.5) * WORD_S
        if choice.random() < 0.01:
            self.is_cut_until_s = to_s + choice.choice(SILENCES_S)

    def as_read(self) -> Centre:
        return Centre(self.code, {}, CentreHours(self.hours, {}), CATALOGUE, self.told, {}, UNKNOWN)


def at(seconds: float) -> datetime:
    return BEGIN + timedelta(seconds=seconds)


def word(choice: random.Random, seconds: float) -> WaitingList:
    stopped = choice.sample(CATALOGUE.services, 3)
    services = [
        ServiceNow(service=one.code, state="interrupted" if one in stopped else "working") for one in CATALOGUE.services
    ]
    group = GroupNow(waiting=choice.randrange(60), low_s=int(seconds) * 60, high_s=int(seconds) * 60)
    now = CentreNow(state=choice.choice(["open", "standing", "closed"]), services=services, groups={"A": group})
    return WaitingList(clock.as_text(at(seconds)), "2026-11-25", 1, {}, [], now=now)


def day(choice: random.Random, moments: int) -> Iterator[tuple[float, dict[str, Hub], CentreLine]]:
    """Yield, at random moments, the second of the day, the hubs, and what central says of each centre."""
    hubs = [
        Hub("homs-east", Hours("00:00", "20:00")),
        Hub("homs-main", Hours("08:00", "14:00")),
        Hub("homs-west", None),
    ]
    by_code = {hub.code: hub for hub in hubs}
    passed_s, hears_from_s = 0.0, 0.0
    for _ in range(moments):
        passed_s += choice.expovariate(moments / DAY_S)
        for hub in hubs:
            hub.goes_on(choice, passed_s, hears_from_s)
        if choice.random() < 0.002:
            hears_from_s = passed_s + choice.choice(SILENCES_S)
        for line in centres_now(Known(at(passed_s), tuple(hub.as_read() for hub in hubs), {})).centres:
            yield passed_s, by_code, line


def said_as_present(line: CentreLine, centre: Centre, now: datetime) -> list[tuple[str, str]]:
    """Return what is said as present, each with the centre whose hub has to have said it."""
    states = [line.state, *(one.state for one in line.services)]
    said: list[tuple[str, str]] = [(line.centre, state) for state in states if state in OF_HUBS]
    if line.state == "closed" and not is_closed(centre, now):
        said.append((line.centre, "closed"))
    said += [(line.centre, f"{group.waiting} wait") for group in line.groups]
    return said + [(one.centre, f"{service.service} works") for service in line.services for one in service.also_at]


def old_words(seed: int, moments: int) -> tuple[list[str], int]:
    """Return what was said as present of words too old for it, and how much was said as present in all."""
    old, n = [], 0
    for passed_s, hubs, line in day(random.Random(seed), moments):
        said = said_as_present(line, hubs[line.centre].as_read(), at(passed_s))
        n += len(said)
        old += [f"{of}, {passed_s:.1f}: {what}" for of, what in said if passed_s - hubs[of].heard_s > PRESENT_S]
        for group in line.groups:
            assert group.low_min == int(hubs[line.centre].heard_s), "a figure is of the last word that was heard"
    return old, n


def test_nothing_older_than_forty_seconds_is_said_as_present_in_ten_thousand_moments() -> None:
    old, n = old_words(1, MOMENTS)
    assert old == []
    assert n > MOMENTS, "of a centre that is heard, all is said"


@pytest.mark.parametrize("bound_s", [41, 1e9])
def test_with_another_bound_old_words_are_found(monkeypatch: pytest.MonkeyPatch, bound_s: float) -> None:
    monkeypatch.setattr(centres, "UNKNOWN_AFTER_S", bound_s)
    old, _ = old_words(1, MOMENTS // 4)
    assert old


def test_a_word_of_before_centrals_clock_was_set_back_is_not_present() -> None:
    hub = Hub("homs-west", None)
    hub.goes_on(random.Random(1), 3600, 0)
    (line,) = centres_now(Known(at(60), (hub.as_read(),), {})).centres
    assert (line.state, line.groups) == ("unknown", ())
