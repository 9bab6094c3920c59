"""Tickets found, printed again and voided by a technician, on a real store."""

import base64

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from sqlalchemy import insert

from kiosk.maintenance.prompts import Panel
from kiosk.prompts.ui import Back
from offline_store.disk import tables
from offline_store.issuing.intake import OrderRequest, accept_order
from offline_store.issuing.ticket import find_ticket, void_ticket
from offline_store.printed import print_journal
from offline_store.queue.waiting import time_of_day
from tests.kiosk.maintenance.given import OVER, give
from tests.kiosk.maintenance.scripted import Workshop
from tests.kiosk.maintenance.tools import audited
from tests.kit.hall_rows import hears, row


async def test_doubtful_papers_come_first_and_a_copy_is_recorded_before_it_is_printed(workshop: Workshop) -> None:
    printed, _ = give(workshop, "A", "printed")
    unknown, number = give(workshop, "B", "unknown")
    failed, _ = give(workshop, "C", "not_printed")
    newest, _ = give(workshop, "D", "printed")
    display = await workshop.play(
        ("overview", "tickets"),
        ("tickets", unknown),
        ("ticket", "reprint"),
        ("print_result", Back()),
        ("ticket", Back()),
        ("tickets", Back()),
        OVER,
    )
    assert list(workshop.lines(display, "tickets")) == [unknown, failed, newest, printed]
    assert workshop.papers.printed == [unknown]
    detail = {"technician": "enrolment", "ticket": unknown, "number": number}
    assert ("ticket-reprinted", detail) in audited(workshop.store)


async def test_a_ticket_is_found_by_its_number_and_voided_with_a_reason_once(workshop: Workshop) -> None:
    ticket, number = give(workshop, "B", "printed")
    display = await workshop.play(
        ("overview", "tickets"), ("tickets", "find"), ("find", "B2999"), ("tickets_find", Back()), ("find", number),
        ("ticket", "void"), ("void", "wrong-service"), ("ticket", Back()), ("tickets", Back()), OVER,
    )  # fmt: skip
    assert find_ticket(workshop.store, ticket).voided == "wrong-service"
    assert all(not button.availability.is_offered for button in display.seen[-3].buttons)


async def test_who_waits_is_printed_for_the_counters_when_no_hub_is_left(workshop: Workshop) -> None:
    _, first = give(workshop, "B", "printed")
    _, second = give(workshop, "B", "not_printed")
    gone, _ = give(workshop, "B", "printed")
    void_ticket(workshop.store, gone, "test", workshop.clock.now())
    await workshop.play(
        ("overview", "tickets"), ("tickets", "waiting-list"), ("print_result", Back()), ("tickets", Back()), OVER
    )
    ((_, printed),) = workshop.papers.reports
    assert [number for number, _ in printed] == [first, second]


async def test_the_whole_halls_list_says_how_old_it_is_before_it_is_printed(workshop: Workshop) -> None:
    ticket, own = give(workshop, "B", "printed")
    hears(workshop.store, row(ticket, own, order=2), row("a", "A1001", order=1, kiosk="homs-main-1", queue="C"))
    display = await workshop.play(
        ("overview", "tickets"), ("tickets", "hall-list"), ("hall_list", "print"), ("print_result", Back()),
        ("tickets", "hall-list"), ("hall_list", Back()), ("tickets", Back()), OVER,
    )  # fmt: skip
    ((_, printed),) = workshop.papers.reports
    assert printed == [("A1001", "(C)"), (own, time_of_day(workshop.clock.now().text))]
    assert workshop.papers.halls == ["12:00"]
    shown = next(one for one in display.seen if isinstance(one, Panel) and one.panel == "hall_list")
    assert [line.value for line in shown.lines] == ["12:00", "2"]


def keep_central_key(workshop: Workshop) -> None:
    """Know central's sealing key, as after enrolment."""
    public = X25519PrivateKey.generate().public_key().public_bytes_raw()
    row = {"kid": "5ea11ed0", "purpose": "sealing", "public_key": base64.b64encode(public).decode()}
    with workshop.store.write() as connection:
        connection.execute(insert(tables.central_keys).values(row))


def order(workshop: Workshop, number: str, paper: str | None) -> str:
    """Record an order whose receipt ended so; return its id."""
    stamp = workshop.clock.now()
    accepted = accept_order(
        workshop.store,
        OrderRequest(
            outcome="accepted", code=f"SY1:{number}", order_id=number.rjust(32, "0"), service="clearance", number=number
        ),
        intention=number,
        stamp=stamp,
    )
    assert accepted is not None
    if paper is not None:
        job = print_journal.open_job(workshop.store, item_id=accepted.id, paper="receipt", stamp=stamp)
        print_journal.close_job(workshop.store, job, paper, stamp)  # type: ignore[arg-type]
    workshop.clock.pass_time(seconds=1)
    return accepted.id


async def test_orders_are_listed_doubtful_receipts_first_and_hold_nothing_of_their_code(workshop: Workshop) -> None:
    keep_central_key(workshop)
    unknown, _printed, newest = (
        order(workshop, number, paper)
        for number, paper in (("1000000001", "unknown"), ("1000000002", "printed"), ("1000000003", None))
    )
    display = await workshop.play(
        ("overview", "tickets"), ("tickets", "orders"), ("orders", unknown), ("order", Back()), ("orders", Back()),
        ("tickets", Back()), OVER,
    )  # fmt: skip
    listed = [line.label for line in display.seen[-3].lines]
    assert listed == ["1000000001", "1000000003", "1000000002"]
    assert newest in workshop.lines(display, "orders")
    assert "SY1:" not in repr(display.seen)
