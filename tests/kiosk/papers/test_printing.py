"""The journal holds each paper before its first byte, and never says printed of one that was not."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from common.machine.errors import StoreUnavailable
from common.machine.locks import PrinterLock
from common.protocol.payments.answers import PaymentNow
from devices.paper import Banner, Text
from devices.protocols import DeviceState, NotPrinted, PaperState, Printed, PrintResult
from devices.protocols import Unknown as UnknownResult
from kiosk.desk.answers import Booked, Issued, OrderRecorded, PaymentPaper
from kiosk.desk.outcome import Outcome
from kiosk.language import Language, parted
from kiosk.papers.printing import Printing
from kiosk.papers.technician_papers import PapersForTechnician
from kiosk.prompts.ui import Priority, Trouble
from offline_store.issuing.business_day import ZONE
from offline_store.printed import print_journal
from tests.kiosk.papers.conftest import CONTENT, Told
from tests.kit.clock import NOON
from tests.kit.desk import CENTRE, Place
from tests.kit.payments import payment
from tests.kit.printers import Bench


def _ticket(place: Place, intention: str = "touch") -> Issued:
    answer = place.desk.issue("clearance", intention=intention)
    assert isinstance(answer, Issued)
    return answer


def _journal(place: Place, item: str) -> list[tuple[str, str | None, bool]]:
    return [(job.state, job.reason, job.copy) for job in print_journal.jobs_of(place.store, item)]


def test_the_row_is_there_before_the_first_byte_and_closed_after_the_answer(
    place: Place, printer: Told, printing: Printing
) -> None:
    ticket = _ticket(place)
    assert printing.print_ticket(ticket).state == "printed"
    assert printer.open_rows == [1]
    assert _journal(place, ticket.id) == [("printed", None, False)]
    assert place.items("print") == 1


@pytest.mark.parametrize(
    ("result", "state", "trouble", "row"),
    [
        (NotPrinted(PaperState.OUT), "failed", Trouble.PAPER_OUT, "not_printed"),
        (NotPrinted(PaperState.JAMMED), "failed", Trouble.JAM, "not_printed"),
        (NotPrinted(DeviceState.USER_ERROR), "failed", Trouble.COVER_OPEN, "not_printed"),
        (NotPrinted(DeviceState.OFFLINE), "failed", Trouble.PRINTER_LOST, "not_printed"),
        (NotPrinted(DeviceState.NO_DEVICE), "failed", Trouble.PRINTER_LOST, "not_printed"),
        (NotPrinted(DeviceState.HARDWARE_ERROR), "failed", Trouble.FAULT, "not_printed"),
        (UnknownResult(DeviceState.NO_DEVICE), "unknown", Trouble.UNKNOWN, "unknown"),
        (UnknownResult(PaperState.UNKNOWN), "unknown", Trouble.UNKNOWN, "unknown"),
    ],
)
def test_each_answer_has_its_word_for_citizen_and_journal(
    place: Place, printer: Told, printing: Printing, result: PrintResult, state: str, trouble: Trouble, row: str
) -> None:
    printer.result = result
    ticket = _ticket(place)
    outcome = printing.print_ticket(ticket)
    assert (outcome.state, outcome.trouble) == (state, trouble)
    reason = result.reason.value if not isinstance(result, Printed) else None
    assert _journal(place, ticket.id) == [(row, reason, False)]


@pytest.mark.parametrize("first", [Printed(90), UnknownResult(DeviceState.NO_DEVICE)])
def test_a_second_sheet_is_marked_whoever_asks(
    place: Place, printer: Told, printing: Printing, first: PrintResult
) -> None:
    ticket = _ticket(place)
    printer.result = first
    printing.print_ticket(ticket)
    printer.result = Printed(90)
    printing.print_ticket(ticket)
    assert not isinstance(printer.papers[0].ops[0], Banner)
    mark = printer.papers[1].ops[0]
    assert isinstance(mark, Banner)
    assert "نسخة" in mark.text
    assert [copy for _, _, copy in _journal(place, ticket.id)] == [False, True]


def test_a_receipt_of_another_number_is_no_copy_of_the_one_before(printer: Told, printing: Printing) -> None:
    _, now, personal = payment("marked")
    papers = [
        PaymentPaper("receipt", msgspec.convert(now | personal | {"receipt": number}, PaymentNow))
        for number in ("W-1", "W-1", "W-2", "W-1")
    ]
    for paper in papers:
        assert printing.print_payment(paper).state == "printed"
    assert [isinstance(paper.ops[0], Banner) for paper in printer.papers] == [False, True, False, True]


def test_many_who_print_one_ticket_at_once_get_one_sheet_without_the_mark(
    place: Place, printer: Told, printing: Printing
) -> None:
    ticket, at_once = _ticket(place), threading.Barrier(8)

    def press(_: int) -> str:
        at_once.wait(5)
        return printing.print_ticket(ticket).state

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(press, range(8))) == {"printed"}
    assert len(printer.papers) == 8
    assert sorted(copy for _, _, copy in _journal(place, ticket.id)) == [False] + [True] * 7
    assert printer.open_rows == [1] * 8  # one at a time, each with its own row


def test_a_paper_that_never_came_out_is_no_copy(place: Place, printer: Told, printing: Printing) -> None:
    ticket = _ticket(place)
    printer.result = NotPrinted(PaperState.OUT)
    printing.print_ticket(ticket)
    printer.result = Printed(90)
    printing.print_ticket(ticket)
    assert not isinstance(printer.papers[1].ops[0], Banner)


def test_what_a_dead_process_left_open_is_unknown(
    place: Place, printer: Told, printing: Printing, tmp_path: Path
) -> None:
    ticket = _ticket(place)
    print_journal.open_job(place.store, item_id=ticket.id, paper="ticket", stamp=place.clock.now())
    with PrinterLock(tmp_path) as lock:
        printing.start(lock)
    assert printer.begins_afresh
    assert _journal(place, ticket.id) == [("unknown", "interrupted", False)]
    assert [(one.number, trouble) for one, trouble in printing.without_paper()] == [(ticket.number, Trouble.UNKNOWN)]
    printing.print_ticket(ticket)
    assert isinstance(printer.papers[-1].ops[0], Banner)
    assert printing.without_paper() == []


@pytest.mark.parametrize(
    ("result", "trouble"),
    [
        (NotPrinted(PaperState.OUT), Trouble.PAPER_OUT), (NotPrinted(DeviceState.USER_ERROR), Trouble.COVER_OPEN),
        (NotPrinted(DeviceState.HARDWARE_ERROR), Trouble.FAULT), (UnknownResult(PaperState.JAMMED), Trouble.UNKNOWN),
        (UnknownResult(PaperState.OUT, holds_job=True), None), (Printed(90), None),
    ],
)  # fmt: skip
def test_a_number_without_paper_is_known_by_the_journal_as_it_was_given(
    place: Place, printer: Told, printing: Printing, result: PrintResult, trouble: Trouble | None
) -> None:
    """One that the printer holds comes out by itself; what becomes of it then is known then."""
    printer.result = result
    ticket = _ticket(place)
    assert printing.without_paper() == [(ticket, Trouble.FAULT)], "it was not even sent"
    printing.print_ticket(ticket)
    assert printing.without_paper() == ([] if trouble is None else [(ticket, trouble)])
    assert place.desk.say_priority(ticket, Priority.ELDERLY)
    place.clock.sleep(301)
    assert printing.without_paper() == []


def test_a_journal_that_cannot_be_read_names_no_number(
    place: Place, printing: Printing, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> None:
        raise StoreUnavailable("the disk gives nothing")

    monkeypatch.setattr("kiosk.papers.printing.numbers_without_paper", fails)
    assert printing.without_paper() == []


def test_without_a_journal_nothing_is_printed(
    place: Place, printer: Told, printing: Printing, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticket = _ticket(place)

    def full(*_: object, **__: object) -> int:
        raise StoreUnavailable("disk full")

    monkeypatch.setattr(print_journal, "open_job", full)
    assert printing.print_ticket(ticket).state == "failed"
    assert printer.papers == []


def test_an_order_has_the_paper_of_its_outcome(place: Place, printer: Told, printing: Printing) -> None:
    ticket = _ticket(place)
    to_pay, to_ask = replace(ticket, service="cashier"), replace(ticket, service="information")
    for outcome, given, kind in (
        (Outcome.ACCEPTED, None, "order-receipt"),
        (Outcome.ACCEPTED_UNPAID, to_pay, "cashier-ticket"),
        (Outcome.ACCEPTED_UNVERIFIED, to_ask, "checking-ticket"),
        (Outcome.REPEATED, to_ask, "checking-ticket"),
        (Outcome.ACCEPTED_UNVERIFIED, None, "order-receipt"),
    ):
        order = OrderRecorded(outcome, ticket.id, "00" * 16, "clearance", "4017263958", CENTRE, ticket=given)
        printing.print_receipt(order)
        assert printer.papers[-1].kind == kind
    assert printing.print_receipt(OrderRecorded(Outcome.EXPIRED)).state == "skipped"


def test_an_appointments_paper_says_for_how_many_it_was_booked(printer: Told, printing: Printing) -> None:
    at = NOON.astimezone(ZONE)
    booked = Booked("0193f3c2-7b1e-4c55-9a40-1d2f3a4b5c6d", "clearance", at, at, "SY1:CODE", "12345674", people=4)
    assert printing.print_booked(booked).state == "printed"
    assert any(isinstance(op, Text) and "لـ 4 أشخاص" in op.text for op in printer.papers[0].ops)


def test_the_real_driver_prints_a_ticket_of_the_desk(place: Place) -> None:
    bench = Bench()
    with Printing(bench.printer, place.store, CONTENT, now=place.clock.now) as printing:
        ticket = _ticket(place)
        assert printing.print_ticket(ticket).state == "printed"
        assert printing.print_test_page().state == "printed"
        assert printing.print_counters([("tickets", "3  (1)")], "en").state == "printed"
    first = bench.simulator.sheets[0]
    assert first.texts[0] == parted(ticket.number)
    assert first.codes == (f"SY1T:{ticket.id}",)
    assert len(bench.simulator.sheets) == 3


def test_the_waiting_list_says_when_it_was_printed_and_each_number_with_its_time(
    place: Place, printer: Told, printing: Printing
) -> None:
    def said() -> list[str]:
        assert printing.print_waiting_list([("A1001", "11:20"), ("B1007", "11:45")], "en").state == "printed"
        return [op.text for op in printer.papers[-1].ops if isinstance(op, Text)]

    told = said()
    assert f"[  ]  {parted('A1001')}   11:20" in told
    assert f"[  ]  {parted('B1007')}   11:45" in told
    noon = place.clock.now().wall_time.astimezone(ZONE)
    moment = Language("en").date_time(noon)
    assert "12:00" in moment
    assert moment in told
    place.clock.trust = "unknown"
    assert moment not in said(), "a time that nobody can trust is none"


def test_a_technicians_copy_bears_the_priority_that_was_said_after_the_number(
    place: Place, printer: Told, printing: Printing
) -> None:
    ticket = _ticket(place)
    noted = place.desk.say_priority(ticket, Priority.DISABLED)
    assert isinstance(noted, Issued)
    printing.print_ticket(noted, copy=True)
    PapersForTechnician(printing, place.store).reprint(ticket.id)
    assert printer.papers[1] == printer.papers[0]
