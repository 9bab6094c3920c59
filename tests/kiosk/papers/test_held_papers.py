"""A paper that the printer holds, or that may hang uncut, has its end told of itself alone."""

from pathlib import Path

import pytest

from common.machine.locks import PrinterLock
from devices.protocols import DeviceState, NotPrinted, PaperState, Printed, PrintResult
from devices.protocols import Unknown as UnknownResult
from kiosk.papers.printing import Printing
from kiosk.prompts.ui import Trouble
from tests.kiosk.papers.conftest import CONTENT, Told
from tests.kiosk.papers.test_printing import _journal, _ticket
from tests.kit.desk import Place
from tests.kit.printers import Bench


def test_a_held_job_stays_open_until_it_has_come_out(place: Place, printer: Told, printing: Printing) -> None:
    ticket = _ticket(place)
    printer.result = UnknownResult(PaperState.OUT, holds_job=True)
    outcome = printing.print_ticket(ticket)
    assert (outcome.state, outcome.trouble) == ("unknown", Trouble.PAPER_OUT)
    printing.settle()
    assert _journal(place, ticket.id) == [("sending", None, False)]
    printer.late = Printed(90)
    printing.settle()
    assert _journal(place, ticket.id) == [("printed", None, False)]


@pytest.mark.parametrize(("result", "parts"), [(UnknownResult(PaperState.JAMMED), True), (Printed(90), False)])
def test_a_paper_that_may_hang_uncut_is_remembered_over_a_restart(
    place: Place, printer: Told, printing: Printing, tmp_path: Path, result: PrintResult, parts: bool
) -> None:
    printer.result = result
    printing.print_ticket(_ticket(place))
    with PrinterLock(tmp_path) as lock:
        printing.start(lock)
    assert printer.begins_afresh is parts


def test_a_paper_that_may_hang_uncut_is_remembered_also_when_others_were_refused_since(
    place: Place, printer: Told, printing: Printing, tmp_path: Path
) -> None:
    printer.result = UnknownResult(DeviceState.NO_DEVICE)
    printing.print_ticket(_ticket(place))
    printer.result = NotPrinted(DeviceState.NO_DEVICE)
    printing.print_ticket(_ticket(place, "the next citizen's"))
    with PrinterLock(tmp_path) as lock:
        printing.start(lock)
    assert printer.begins_afresh


def test_what_became_of_a_test_page_that_the_roll_s_end_held_is_said_of_no_ticket(place: Place) -> None:
    bench = Bench()
    with Printing(bench.printer, place.store, CONTENT, now=place.clock.now) as printing:
        bench.simulator.faults.out_after_rows = 200
        assert printing.print_test_page().state == "unknown"
        bench.simulator.faults.paper_out = False
        assert printing.print_ticket(_ticket(place)).state == "printed"
        ticket = _ticket(place, "another touch")
        bench.simulator.faults.out_after_rows = 200
        assert printing.print_ticket(ticket).state == "unknown"
        printing.settle()
        assert _journal(place, ticket.id) == [("sending", None, False)], "it has not come out"
        bench.simulator.faults.paper_out = False
        bench.clock.now += 1
        printing.settle()
        assert _journal(place, ticket.id) == [("printed", None, False)]


def test_of_two_papers_held_one_after_the_other_each_has_its_own_end(place: Place) -> None:
    bench = Bench()
    with Printing(bench.printer, place.store, CONTENT, now=place.clock.now) as printing:
        first, second = _ticket(place), _ticket(place, "another touch")
        bench.simulator.faults.out_after_rows = 200
        assert printing.print_ticket(first).state == "unknown"
        bench.simulator.faults.paper_out = False  # and runs out once more, before anybody has looked between
        wait = bench.printer.settle

        def runs_out_again(timeout_s: float = 0.0) -> PrintResult | None:
            result = wait(timeout_s)
            bench.simulator.faults.out_after_rows = 200
            return result

        bench.printer.settle = runs_out_again  # type: ignore[method-assign]
        assert printing.print_ticket(second).state == "unknown"
        bench.printer.settle = wait  # type: ignore[method-assign]
        printing.settle()
        assert (_journal(place, first.id), _journal(place, second.id)) == (
            [("printed", None, False)], [("sending", None, False)]
        )  # fmt: skip
