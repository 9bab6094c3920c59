"""A kiosk tells nothing that the hub said longer ago than it holds, whatever hub, clock and machine go through."""

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from common.protocol.queue.call import FRESH_S, Prospect, QueueCall, TakenTicket
from kiosk.delivery.hub import HubNews
from kiosk.flows.context import Hall, Judged
from kiosk.prompts.ticket import Ahead, Outlook
from offline_store.queue import word as hub_word
from offline_store.queue.word import HubWord, write_word
from tests.kit.clock import HandClock

MOMENTS: Final = 10_000
SERVICE: Final = "clearance"
TICKET: Final = "5b1f6f0a-1111-4c3e-9d2a-000000000001"
SILENCES_S: Final = (5, 29, 31, 45, 600)

type Told = tuple[Hall | None, Outlook | None, Judged | None]


class Kiosk:
    """A kiosk whose hub tells how many words it has told, in the place of each figure."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.clock = HandClock()
        self.news = HubNews(folder, self.clock)
        self.words = 0
        self.heard_s = -1e9  # by the time that really passes, which no clock here shows
        self.passed_s = 0.0

    def passes(self, seconds: float) -> None:
        self.passed_s += seconds
        self.clock.sleep(seconds)

    def hears(self) -> None:
        self.words += 1
        self.heard_s = self.passed_s
        now = self.clock.now()
        write_word(
            self.folder,
            HubWord(
                hub="hub-1",
                term=1,
                boot_id=now.boot_id,
                heard_boot_ns=now.boot_time_ns,
                wall_time=now.text,
                queue={SERVICE: Prospect(self.words)},
                tickets={TICKET: TakenTicket(id=TICKET, before=self.words, claim="good")},
                calls=[QueueCall(self.words, f"A1{self.words:03d}", 1, now.text)],
            ),
        )

    def tells(self) -> Told:
        return self.news.hall(), self.news.ahead(SERVICE), self.news.judged(TICKET)


def day(kiosk: Kiosk, choice: random.Random, moments: int) -> Iterator[Told]:
    """Yield what the kiosk tells, at random moments of a day with words, silences, set clocks and restarts."""
    silent_until_s = 0.0
    for _ in range(moments):
        kiosk.passes(choice.expovariate(1 / 5))
        if kiosk.passed_s >= silent_until_s and choice.random() < 0.6:
            kiosk.hears()
        happens = choice.random()
        if happens < 0.02:
            silent_until_s = kiosk.passed_s + choice.choice(SILENCES_S)
        elif happens < 0.03:
            kiosk.clock.wall = kiosk.clock.wall.replace(hour=choice.randrange(24))
        elif happens < 0.035:
            kiosk.passed_s += 1
            kiosk.clock.restart(boottime_s=choice.choice([5.0, kiosk.clock.boottime_s]))
        yield kiosk.tells()


def old_words(kiosk: Kiosk, moments: int) -> tuple[int, int]:
    """Return how often something too old was told, and how often anything; a figure is of the last word that came."""
    old = n = 0
    for hall, ahead, judged in day(kiosk, random.Random(1), moments):
        told = [one for one in (hall, ahead, judged) if one is not None]
        n += bool(told)
        old += bool(told) and kiosk.passed_s - kiosk.heard_s > FRESH_S
        assert hall is None or (hall.waiting[SERVICE], hall.calls[0].number) == (kiosk.words, f"A1{kiosk.words:03d}")
        assert ahead is None or (isinstance(ahead, Ahead) and ahead.before == kiosk.words)
        assert judged is None or (judged.ahead is not None and judged.ahead.before == kiosk.words)
    return old, n


@pytest.mark.proof
def test_nothing_older_than_it_holds_is_told_in_ten_thousand_moments(tmp_path: Path) -> None:
    old, n = old_words(Kiosk(tmp_path), MOMENTS)
    assert old == 0
    assert n > MOMENTS / 2


@pytest.mark.parametrize("bound_s", [FRESH_S + 1, 1e9])
def test_with_another_bound_old_words_are_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, bound_s: float
) -> None:
    monkeypatch.setattr(hub_word, "FRESH_S", bound_s)
    assert old_words(Kiosk(tmp_path), MOMENTS // 4)[0] > 0
