"""The nine kiosks that a centre may have, each a process of its own, at one moment, with whatever clocks they have."""

import multiprocessing
from collections import Counter
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Barrier
from typing import Final

import pytest

from common.machine.errors import NoBusinessDay
from common.machine.stamp import Stamp, Trust
from offline_store.chain.audit import verify_chain
from offline_store.disk.database import Store
from offline_store.identity import Identity
from offline_store.issuing.business_day import open_day_by_manager
from offline_store.issuing.intake import TicketAccepted, TicketRequest, accept_ticket
from offline_store.opening import open_store_in
from tests.kit.clock import NOON

DIGITS: Final = range(1, 10)
PREFIXES: Final = ("A", "B")
HANDS: Final = 2  # that give numbers at a kiosk: its screen, a command beside it
TAKEN_BY_EACH: Final = 12
# What the nine clocks show, how much they are trusted, and whether a manager has to say which day it is.
CLOCKS: Final[dict[int, tuple[datetime, Trust]]] = {
    1: (NOON, "synced"),
    2: (datetime(1970, 1, 1, tzinfo=UTC), "unknown"),
    3: (datetime(2099, 1, 1, tzinfo=UTC), "unknown"),
    4: (NOON - timedelta(days=1), "synced"),
    5: (NOON + timedelta(days=30), "synced"),
    6: (NOON - timedelta(hours=9, milliseconds=1), "synced"),  # the last of yesterday: midnight comes while it gives
    7: (datetime(1970, 1, 1, tzinfo=UTC), "restored"),
    8: (NOON, "restored"),
    9: (NOON, "unknown"),
}
TODAY: Final = "2026-11-25"


@dataclass
class Kiosk:
    """A kiosk: its disk, and its clock, which goes on by itself with every look at it."""

    digit: int
    store: Store
    looks: int = 0

    def stamp(self) -> Stamp:
        """Look at the clock: a tenth of a second has passed since the last look."""
        self.looks += 1
        wall, trust = CLOCKS[self.digit]
        return Stamp(wall + timedelta(seconds=self.looks / 10), self.looks * 100_000_000, f"boot-{self.digit}", trust)

    def give(self, hand: int, n: int) -> TicketAccepted:
        """Give a number to the n-th who stands at one of this kiosk's hands."""
        prefix = PREFIXES[n % len(PREFIXES)]
        wish = f"{self.digit}-{hand}-{n}"
        return accept_ticket(self.store, TicketRequest("clearance", prefix), intention=wish, stamp=self.stamp())

    def give_many(self, hand: int) -> list[TicketAccepted]:
        """Give as many numbers as one hand gives."""
        return [self.give(hand, n) for n in range(TAKEN_BY_EACH)]


@dataclass(frozen=True)
class Given:
    """What one kiosk gave, and its store as it left it."""

    digit: int
    tickets: list[TicketAccepted]
    chain: list[str]
    counted: dict[tuple[int, str], list[int]]


def opened(digit: int, folder: Path) -> Kiosk:
    """Return a kiosk with a day; a manager says which where its clock cannot."""
    wall, trust = CLOCKS[digit]
    identity, stamp = Identity(f"kiosk-{digit}", "homs-main", digit), Stamp(wall, 0, f"boot-{digit}", trust)
    kiosk = Kiosk(digit, open_store_in(folder / str(digit), identity, stamp=stamp))
    try:
        kiosk.give(0, -1)
    except NoBusinessDay:
        assert kiosk.stamp().trust != "synced"
        open_day_by_manager(kiosk.store, TODAY, kiosk.stamp(), "t-1")
    return kiosk


def give_in_a_process(digit: int, folder: Path, together: Barrier) -> Given:
    """Be a kiosk: open its store, and once all nine have, give numbers by each hand."""
    kiosk = opened(digit, folder)
    with kiosk.store, ThreadPoolExecutor(HANDS) as hands:
        together.wait(60)
        begun = [hands.submit(kiosk.give_many, hand) for hand in range(HANDS)]
        tickets = [ticket for one in begun for ticket in one.result()]
        return Given(digit, tickets, [str(gap) for gap in verify_chain(kiosk.store)], counted_by_day(kiosk.store))


def counted_by_day(store: Store) -> dict[tuple[int, str], list[int]]:
    """Return the counter parts of the numbers of each day and letter."""
    with store.read() as connection:
        rows = connection.exec_driver_sql("SELECT day_id, number FROM tickets").all()
    counted: dict[tuple[int, str], list[int]] = {}
    for day, number in rows:
        counted.setdefault((day, number[0]), []).append(int(number[2:]))
    return counted


@pytest.fixture(scope="module")
def given(tmp_path_factory: pytest.TempPathFactory) -> list[Given]:
    """Let nine processes give numbers, all of them at one moment."""
    folder = tmp_path_factory.mktemp("kiosks")
    processes = multiprocessing.get_context("spawn")
    with processes.Manager() as manager, ProcessPoolExecutor(len(DIGITS), mp_context=processes) as kiosks:
        together = manager.Barrier(len(DIGITS))
        begun = [kiosks.submit(give_in_a_process, digit, folder, together) for digit in DIGITS]
        return [one.result() for one in begun]


def test_nine_kiosks_at_once_with_wrong_clocks_give_no_number_twice(given: list[Given]) -> None:
    everything = [ticket for kiosk in given for ticket in kiosk.tickets]
    assert len(everything) == len(DIGITS) * HANDS * TAKEN_BY_EACH
    assert not any(one.repeated for one in everything)
    numbers = Counter((one.business_day, one.number) for one in everything)
    assert [number for number, times in numbers.items() if times > 1] == []
    assert len({one.business_day for one in everything}) > 2, "the clocks named several days"
    # Whatever day a clock names: who stands beside somebody of another kiosk has another number.
    owners = {ticket.number: kiosk.digit for kiosk in given for ticket in kiosk.tickets}
    assert all(owners[ticket.number] == kiosk.digit for kiosk in given for ticket in kiosk.tickets)
    assert all(ticket.number[1] == str(kiosk.digit) for kiosk in given for ticket in kiosk.tickets)
    assert [kiosk.digit for kiosk in given if kiosk.chain] == []


def test_each_of_nine_kiosks_leaves_out_no_number_of_a_day(given: list[Given]) -> None:
    for kiosk in given:
        assert kiosk.counted
        for of_day in kiosk.counted.values():
            assert sorted(of_day) == list(range(1, len(of_day) + 1))
