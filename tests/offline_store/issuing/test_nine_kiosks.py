"""The nine kiosks that a centre may have, at one moment, with whatever clocks they have: no number twice."""

import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import pytest

from common.machine.errors import NoBusinessDay
from common.machine.stamp import Stamp, Trust
from offline_store.chain.audit import verify_chain
from offline_store.disk.database import Store
from offline_store.identity import Identity
from offline_store.issuing.business_day import open_day_by_manager
from offline_store.issuing.intake import TicketAccepted, accept_ticket
from offline_store.opening import open_store_in
from tests.kit.clock import NOON

DIGITS: Final = range(1, 10)
PREFIXES: Final = ("A", "B")
TAKEN_BY_EACH: Final = 12
# What the nine clocks show, how much they are trusted, and whether a manager has to say which day it is.
CLOCKS: Final[dict[int, tuple[datetime, Trust]]] = {
    1: (NOON, "synced"),
    2: (datetime(1970, 1, 1, tzinfo=UTC), "untrusted"),
    3: (datetime(2099, 1, 1, tzinfo=UTC), "untrusted"),
    4: (NOON - timedelta(days=1), "synced"),
    5: (NOON + timedelta(days=30), "synced"),
    6: (NOON - timedelta(hours=9, milliseconds=1), "synced"),  # the last of yesterday: midnight comes while it gives
    7: (datetime(1970, 1, 1, tzinfo=UTC), "restored"),
    8: (NOON, "restored"),
    9: (NOON, "untrusted"),
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
        return accept_ticket(self.store, intention=wish, service="clearance", prefix=prefix, stamp=self.stamp())


@pytest.fixture
def kiosks(tmp_path: Path) -> Iterator[list[Kiosk]]:
    with ExitStack() as opened:
        made = []
        for digit in DIGITS:
            identity = Identity(f"kiosk-{digit}", "homs-main", digit)
            wall, trust = CLOCKS[digit]
            stamp = Stamp(wall, 0, f"boot-{digit}", trust)
            store = opened.enter_context(open_store_in(tmp_path / str(digit), identity, stamp=stamp))
            made.append(Kiosk(digit, store))
        yield made


def open_days(kiosks: list[Kiosk]) -> None:
    """Let a manager say the day where a kiosk's clock cannot."""
    for kiosk in kiosks:
        try:
            kiosk.give(0, -1)
        except NoBusinessDay:
            assert kiosk.stamp().trust != "synced"
            open_day_by_manager(kiosk.store, TODAY, kiosk.stamp(), "t-1")


def give_all_at_once(kiosks: list[Kiosk], hands: int) -> dict[int, list[TicketAccepted]]:
    """Let so many hands of each kiosk (its screen, a command beside it) give numbers, all of them at one moment."""
    together = threading.Barrier(len(kiosks) * hands)

    def work(kiosk: Kiosk, hand: int) -> list[TicketAccepted]:
        together.wait(30)
        return [kiosk.give(hand, n) for n in range(TAKEN_BY_EACH)]

    with ThreadPoolExecutor(len(kiosks) * hands) as threads:
        begun = [(kiosk.digit, threads.submit(work, kiosk, hand)) for kiosk in kiosks for hand in range(1, hands + 1)]
        given: dict[int, list[TicketAccepted]] = {digit: [] for digit in DIGITS}
        for digit, one in begun:
            given[digit] += one.result()
    return given


def test_nine_kiosks_at_once_with_wrong_clocks_give_no_number_twice(kiosks: list[Kiosk]) -> None:
    open_days(kiosks)
    given = give_all_at_once(kiosks, hands=2)
    everything = [one for of_one in given.values() for one in of_one]
    assert len(everything) == len(DIGITS) * 2 * TAKEN_BY_EACH
    assert not any(one.repeated for one in everything)
    numbers = Counter((one.business_day, one.number) for one in everything)
    assert [number for number, times in numbers.items() if times > 1] == []
    assert len({one.business_day for one in everything}) > 2, "the clocks named several days"
    # Whatever day a clock names: who stands beside somebody of another kiosk has another number.
    owners = {one.number: digit for digit, of_one in given.items() for one in of_one}
    assert all(owners[one.number] == digit for digit, of_one in given.items() for one in of_one)
    assert all(one.number[1] == str(digit) for digit, of_one in given.items() for one in of_one)
    for kiosk in kiosks:
        assert verify_chain(kiosk.store) == []


def test_each_of_nine_kiosks_leaves_out_no_number_of_a_day(kiosks: list[Kiosk]) -> None:
    open_days(kiosks)
    give_all_at_once(kiosks, hands=2)
    for kiosk in kiosks:
        with kiosk.store.read() as connection:
            rows = connection.exec_driver_sql("SELECT day_id, number FROM tickets").all()
        counted: dict[tuple[int, str], list[int]] = {}
        for day, number in rows:
            counted.setdefault((day, number[0]), []).append(int(number[2:]))
        assert counted
        for of_day in counted.values():
            assert sorted(of_day) == list(range(1, len(of_day) + 1))
