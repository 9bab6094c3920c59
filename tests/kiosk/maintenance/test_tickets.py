"""Tickets found, printed again and voided by a technician, on a real store."""

from kiosk.prompts import Back
from offline_store.ticket import find_ticket
from tests.kiosk.maintenance.bench import audited
from tests.kiosk.maintenance.given import OVER, give
from tests.kiosk.maintenance.scripted import Workshop


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
