"""A week of simulated days at one centre: at its end central's books say what the citizens were told.

Real stores, desks, printing, forwarders, a hub with its counters, against the real central over loopback; only time,
power, printers and people are simulated. `python -m tools.week` and `make bench` play longer ones.
"""

from collections import Counter
from collections.abc import Iterator
from random import Random

import pytest

from offline_store.delivery.outbox import dead_items
from tools.week.books import Books
from tools.week.centre import BEGINS, WorldTime, central_at
from tools.week.hall import HallBooks
from tools.week.hall_checks import CHECKS
from tools.week.town import DAMAGED, Town

DAYS = 7
pytestmark = pytest.mark.timeout(300)  # the first test pays for the whole week


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Books]:
    folder, world = tmp_path_factory.mktemp("week"), WorldTime(BEGINS)
    with central_at(world, folder / "central") as central:
        town = Town(world, central, folder, Random(1963), citizens_an_hour=1)
        town.play(DAYS)
        yield Books(town)
        town.end()


def test_the_week_had_what_it_was_made_for(books: Books) -> None:
    events, outcomes = books.town.events, Counter(one.outcome for one in books.told)
    assert events["power-cuts"] > 20
    assert events["printer-faults"] > 20
    assert events["answers-lost"] > 3
    assert events["opened-by-manager"] > 0
    assert events["keys-revoked"] > 0
    assert events["order-forged"] > 0
    assert outcomes["accepted"] > 5
    assert outcomes["repeated"] + events["order-in_progress"] > 0
    assert len({one.business_day for one in books.told if one.number}) >= books.town.days


def test_every_number_that_was_shown_is_at_central_exactly_once(books: Books) -> None:
    for told in books.told:
        assert books.arrivals[told.item] == 1, told
        if told.number is not None:
            ticket = books.tickets[told.item]
            assert (ticket.number, ticket.business_day) == (told.number, told.business_day)


def test_no_number_comes_twice_in_a_centre_and_day(books: Books) -> None:
    numbers = Counter((ticket.business_day, ticket.number) for ticket in books.tickets.values())
    assert max(numbers.values()) == 1
    assert len(numbers) - len({one.item for one in books.told if one.number}) <= books.town.events["power-cuts"]


def test_every_paper_ended_and_central_knows_how(books: Books) -> None:
    known = Counter[tuple[str, str]]()
    for machine in books.machines:
        for job in books.jobs(machine):
            assert job.state in {"printed", "not_printed", "unknown"}
            known[job.item_id, job.state] += 1
    assert known == books.prints
    assert len({state for _, state in known}) == 3, "a week in which every end came about"


def test_no_paper_came_out_twice_without_the_mark_of_a_copy(books: Books) -> None:
    for machine in books.machines:
        jobs = [job for job in books.jobs(machine) if job.state != "not_printed"]
        originals = Counter(job.item_id for job in jobs if not job.copy)
        assert max(originals.values()) == 1
        # And of the sheets themselves: no more lie there than the journal has jobs that may have come out.
        out = Counter(code for sheet in machine.bench.simulator.sheets for code in set(sheet.codes))
        may_be_out = Counter(books.town.on_paper.get(job.item_id, job.item_id) for job in jobs)
        for named, most in may_be_out.items():
            assert sum(count for code, count in out.items() if named in code) <= most, named


def test_what_is_called_printed_came_out_of_the_printer(books: Books) -> None:
    for machine in books.machines:
        out = Counter(code for sheet in machine.bench.simulator.sheets for code in sheet.codes)
        for job in books.jobs(machine):
            if job.state == "printed":
                named = books.town.on_paper.get(job.item_id, job.item_id)
                assert any(named in code for code in out), job


def test_every_order_was_applied_once_and_the_second_kiosk_was_told(books: Books) -> None:
    told = [one for one in books.told if one.order and one.outcome in {"accepted", "accepted_unpaid"}]
    holders = {row.order_id: row.item for row in books.orders}
    assert set(holders) >= {one.order for one in told if one.order} - books.town.stolen_orders
    seconds = [row for row in books.inbox if row.reason == "order-known"]
    assert seconds
    by_id = {machine.identity.kiosk: machine for machine in books.machines}
    for row in seconds:
        assert row.result == "applied"
        if row.order_id is not None:  # else it could not be verified at the kiosk, and its code is sealed
            assert holders[row.order_id] != row.id
            assert row.order_id in books.heard(by_id[row.kiosk])


def test_both_ends_find_the_chains_whole(books: Books) -> None:
    assert [books.faults(machine) for machine in books.machines] == [[]] * len(books.machines)
    assert [(row.kiosk, row.head_seq) for row in books.chains] == [(row.kiosk, row.max_seq) for row in books.chains]
    assert {row.code for row in books.findings} <= {"code-key-revoked", "sequence-taken"}, "only thieves and the twin"
    heads = {(row.kiosk, row.epoch): row.head_seq for row in books.chains}
    for machine in books.machines:
        rows = books.outbox(machine)
        assert heads[machine.identity.kiosk, machine.store.epoch] == max(row.seq for row in rows)


def test_nothing_waits_and_nothing_was_refused(books: Books) -> None:
    states = Counter((row.state, row.reason) for machine in books.machines for row in books.outbox(machine))
    assert {state for state, _ in states} == {"acknowledged"}
    assert any(reason and reason.startswith("duplicate") for _, reason in states), "lost answers were sent again"


def test_a_thief_with_a_revoked_key_gets_no_order_whatever_a_kiosk_without_news_said(books: Books) -> None:
    stolen = books.town.stolen_orders
    assert stolen
    assert stolen.isdisjoint(row.order_id for row in books.orders)
    accepted = {one.item for one in books.told if one.order in stolen}
    noticed = {row.item for row in books.findings if row.code == "code-key-revoked"}
    assert accepted <= noticed
    for row in books.inbox:
        if row.id in accepted:
            assert (row.result, row.reason) == ("applied", "code-key-revoked"), "in custody, and flagged"


def test_a_disk_that_was_cloned_is_noticed_and_its_items_are_dead_letters_with_their_reason(books: Books) -> None:
    (twin,) = books.town.twins
    dead = {row.id: row for row in dead_items(twin.store)}
    assert len(books.town.told_by_twin) == 2
    assert {one.item for one in books.town.told_by_twin} <= dead.keys(), "told, not at central, but not lost either"
    assert {row.reason for row in dead.values()} == {"conflict: sequence-taken"}
    assert {row.state for row in books.outbox(twin) if row.id in dead} == {"dead"}
    noticed = {row.item.split()[0] for row in books.findings if row.code == "sequence-taken"}
    assert noticed == dead.keys()
    assert books.arrivals.keys().isdisjoint(dead)
    assert not [row for row in books.outbox(twin) if row.state == "waiting"], "a refused item is in nobody's way"


def test_a_refused_item_that_is_sent_again_is_refused_again_and_kept(books: Books) -> None:
    (twin,) = books.town.twins
    assert books.town.refused
    assert {row.id for row in dead_items(twin.store)} == books.town.refused


def test_what_must_hold_in_the_hall_holds(books: Books) -> None:
    hall = HallBooks(books.town)
    assert {"done", "missed", "left", "expired", "voided"} <= hall.ends.keys(), "a week in which every end came about"
    for holds in CHECKS:
        holds(hall)


def test_a_salvaged_kiosk_goes_on_in_a_new_epoch_above_every_number_it_gave(books: Books) -> None:
    _, number = DAMAGED
    kiosk = books.machines[number].identity.kiosk
    epochs = {row.epoch for row in books.chains if row.kiosk == kiosk}
    assert len(epochs) == 2
    last = books.machines[number].store.epoch
    bodies = {row.id: row for row in books.inbox if row.kiosk == kiosk}
    before_and_after = Counter(bodies[item].epoch == last for item in books.tickets if item in bodies)
    assert last in epochs
    assert before_and_after[True] > 0
    assert before_and_after[False] > 0
