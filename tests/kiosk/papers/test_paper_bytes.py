"""What a ticket costs on the wire to the printer."""

import pytest

from common.city.catalogue import load_catalogue
from devices.paper import Number
from devices.receipt_printer import profile
from devices.receipt_printer.simulator.simulator import PrinterSimulator
from devices.receipt_printer.typeset import composition, typesetting
from kiosk.commands.sample import raw_job, sample_paper, stored_job
from kiosk.papers.contents import Words
from tests.kiosk.papers.test_documents import CENTRE


@pytest.mark.parametrize("language", ["ar", "en"])
@pytest.mark.parametrize("centre", ["homs-main", "homs-new", "homs-hamra"])
def test_the_sample_ticket_keeps_within_the_bytes_of_the_issue(centre: str, language: str) -> None:
    ticket = sample_paper("ticket", language, load_catalogue().centre_names(centre), centre)
    steady, setup = stored_job(ticket, "epson-tm-t20iii", 80)
    assert len(steady) <= 1300
    assert setup
    for model in ("epson-tm-t20iii", "epson-tm-t88v", "xprinter-xp80t"):
        assert len(raw_job(ticket, model, 80)) <= 8000, model
    assert len(raw_job(ticket, "pos-5890", 58)) <= 12000
    assert stored_job(ticket, "pos-5890", 58)[1] == b""


def test_on_a_fast_wire_the_sample_ticket_is_longer_by_its_number_alone() -> None:
    """The number's picture takes it 301 bytes beyond 1,300; what that costs in time is held by the wire's speed."""
    ticket = sample_paper("ticket", "ar", {"ar": "المركز الرئيسي"}, "homs-main")
    slow, fast = (len(stored_job(ticket, "epson-tm-t20iii", 80, is_fast=is_fast)[0]) for is_fast in (False, True))
    assert (slow, fast) == (323, 1641)
    (number,) = (op for op in ticket.ops if isinstance(op, Number))
    assert abs(fast - slow - len(typesetting.digits(number.text, 96, 576).data)) < 64


@pytest.mark.parametrize("kind", ["ticket", "order", "test-page"])
def test_a_stored_sample_and_its_setup_make_the_same_sheet_as_the_whole_one(kind: Words) -> None:
    paper = sample_paper(kind, "ar", CENTRE, "homs-new 2")  # type: ignore[arg-type]
    steady, setup = stored_job(paper, "epson-tm-t20iii", 80)
    whole = composition.compose(paper, profile.layout(profile.load("epson-tm-t20iii"), 80), {}).data
    sheets = []
    for data in (setup + steady, whole):
        simulator = PrinterSimulator(profile.load("epson-tm-t20iii"))
        simulator.receive(data)
        assert simulator.unknown == []
        sheets.append(simulator.sheets[0].image.tobytes())
    assert sheets[0] == sheets[1]
