"""Which numbers wait for their paper is said by the journal, after a cut as before it."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from common.machine.locks import PrinterLock
from common.machine.stamp import Stamp
from offline_store.disk.database import Store
from offline_store.issuing.intake import OrderRequest, TicketRequest, accept_order, accept_ticket
from offline_store.issuing.ticket import void_ticket
from offline_store.printed.print_journal import FinalState, close_job, open_job, recover_open_jobs
from offline_store.printed.without_paper import numbers_without_paper
from tests.kit.clock import BOOT, NOON
from tests.kit.store import stamp

NEXT_BOOT = "3f2c9d1e-0000-4000-8000-000000000002"
BEGAN = 90 * 10**9


def at(seconds: float, boot: str = BOOT, wall_s: float | None = None) -> Stamp:
    """Return a moment by the seconds since its boot, by the wall clock at noon and as many seconds, or as said."""
    moment = NOON + timedelta(seconds=seconds if wall_s is None else wall_s)
    return stamp(moment, boot_time_s=seconds, boot_id=boot)


def give(store: Store, name: str, when: Stamp) -> str:
    return accept_ticket(store, TicketRequest("clearance", "B"), intention=name, stamp=when).id


def sent(store: Store, ticket: str, when: Stamp, *states: FinalState) -> None:
    for number, state in enumerate(states):
        job = open_job(store, item_id=ticket, paper="ticket", stamp=when, copy=number > 0)
        close_job(store, job, state, when, reason=None if state == "printed" else "Out")


def waiting(store: Store, when: Stamp, began_ns: int = BEGAN) -> list[str]:
    return [one.id for one in numbers_without_paper(store, when, began_ns)]


@pytest.mark.parametrize(
    ("states", "waits"),
    [
        ((), True), (("not_printed",), True), (("unknown",), True), (("printed",), False),
        (("unknown", "printed"), False), (("not_printed", "not_printed"), False), (("unknown", "unknown"), False),
    ],
)  # fmt: skip
def test_a_number_waits_until_its_paper_is_out_or_was_offered_once(
    store: Store, states: tuple[FinalState, ...], waits: bool
) -> None:
    ticket = give(store, "touch", at(100))
    sent(store, ticket, at(101), *states)
    assert waiting(store, at(102)) == ([ticket] if waits else [])
    why = (states[0], "Out") if states else (None, None)
    assert all((one.state, one.reason) == why for one in numbers_without_paper(store, at(102), BEGAN))


def test_what_the_printer_has_waits_for_its_word(store: Store) -> None:
    open_job(store, item_id=give(store, "touch", at(100)), paper="ticket", stamp=at(100))
    assert waiting(store, at(101)) == []


def test_they_wait_five_minutes_the_newest_first(store: Store) -> None:
    first, second = give(store, "1", at(100)), give(store, "2", at(110))
    assert waiting(store, at(400)) == [second, first]
    assert waiting(store, at(401)) == [second]
    assert waiting(store, at(411)) == []


def test_one_that_was_taken_back_waits_no_longer(store: Store) -> None:
    ticket = give(store, "touch", at(100))
    void_ticket(store, ticket, "undone", at(101))
    assert waiting(store, at(102)) == []


def test_a_number_on_the_paper_of_an_order_is_looked_for_with_the_order(store: Store) -> None:
    order = OrderRequest(outcome="accepted-unpaid", code="SY1:X", order_id="ab" * 16)
    given = accept_order(store, order, intention="scan", stamp=at(100), ticket=TicketRequest("cashier", "K"))
    assert given is not None
    assert given.ticket is not None
    assert waiting(store, at(101)) == []


def test_numbers_of_another_day_wait_for_nothing(store: Store) -> None:
    give(store, "touch", at(100))
    assert waiting(store, at(101, wall_s=86_400)) == []


def goes_down_while_it_prints(store: Store, before: Callable[[], None] = lambda: None) -> str:
    """Have the power go in the middle of a paper; the next program calls it unknown."""
    before()
    ticket = give(store, "cut", at(1000))
    open_job(store, item_id=ticket, paper="ticket", stamp=at(1000))
    with PrinterLock(store.data_dir) as lock:
        recover_open_jobs(store, lock, at(40, NEXT_BOOT, 4000))
    return ticket


def test_a_paper_that_a_cut_broke_off_waits_from_when_the_kiosk_prints_again(store: Store) -> None:
    """However long the power was away, and whatever the clock says after that."""
    ticket, began = goes_down_while_it_prints(store), 40 * 10**9
    assert waiting(store, at(60, NEXT_BOOT, 4000), began) == [ticket]
    assert waiting(store, at(340, NEXT_BOOT, -9000), began) == [ticket]
    assert waiting(store, at(341, NEXT_BOOT, 4000), began) == []


def test_who_waited_when_the_power_went_waits_on_and_nobody_of_long_before(store: Store) -> None:
    given: list[str] = []

    def before() -> None:
        given.extend(give(store, f"i{seconds}", at(seconds)) for seconds in (600, 800, 900))
        sent(store, given[1], at(801), "printed")

    ticket = goes_down_while_it_prints(store, before)
    later = give(store, "later", at(50, NEXT_BOOT))
    assert waiting(store, at(60, NEXT_BOOT), 40 * 10**9) == [later, ticket, given[2]]


def test_of_two_cuts_the_last_one_counts(store: Store) -> None:
    goes_down_while_it_prints(store)
    third, began = "3f2c9d1e-0000-4000-8000-000000000003", 40 * 10**9
    ticket = give(store, "second", at(50, NEXT_BOOT))
    assert waiting(store, at(60, third), began) == [ticket]
