"""The waiting list on paper: the real command, a pseudo-terminal with a printer at its end, and the sheet read back."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from devices.paper import Text, Weight
from devices.receipt_printer import profile as profiles
from devices.receipt_printer.simulator.simulated_roll import Sheet
from devices.receipt_printer.simulator.simulator import PrinterSimulator
from devices.receipt_printer.typeset.pieces import Ink, pieces_of
from devices.simulation import PtyPort
from tests.end_to_end.conftest import KioskByCommand, Town
from tests.kit.printed import row_of

PROFILE = "epson-tm-t20iii"
DAMASCUS = ZoneInfo("Asia/Damascus")
# As people come: no list that is sorted by its numbers has this order.
ASKED_FOR = ("clearance", "civil-affairs", "clearance", "water-bill", "civil-affairs", "clearance")
GIVEN = ["B1001", "A1001", "B1002", "C1001", "A1002", "B1003"]


@pytest.fixture
def printer() -> PrinterSimulator:
    return PrinterSimulator(profiles.load(PROFILE))


def with_printer(town: Town, port: PtyPort) -> KioskByCommand:
    """A kiosk of the town whose printer is at the end of this port."""
    section = f'[devices.printer]\ndriver = "escpos"\nport = "{port.port}"\nprofile = "{PROFILE}"\n'
    return town.enrol("one", extra=section)


def line_of(sheet: Sheet, number: str, at: str) -> int | None:
    """Return the row of dots at which this number stands with this time; None where it stands nowhere."""
    written = f"[  ]  {number[:2]}·{number[2:]}   {at}"
    layout = profiles.layout(profiles.load(PROFILE), 80)
    (ink,) = (one for one in pieces_of([Text(written, 5.0, Weight.MEDIUM, "ltr")], layout) if isinstance(one, Ink))
    return row_of(sheet.image, ink.picture)


def local_minutes(moment: datetime) -> str:
    return f"{moment.astimezone(DAMASCUS):%H:%M}"


def test_the_waiting_list_on_paper_has_the_right_time_and_the_numbers_in_the_order_in_which_they_were_given(
    town: Town, printer: PrinterSimulator
) -> None:
    with PtyPort(printer) as port:
        kiosk = with_printer(town, port)
        given = [kiosk.done("issue", "--no-print", "--service", service).row["number"] for service in ASKED_FOR]
        assert given == GIVEN
        assert printer.sheets == []
        before = datetime.now(UTC)
        rows = kiosk.done("waiting-list", "--print").rows
        after = datetime.now(UTC)
    assert [row["number"] for row in rows] == given
    (sheet,) = printer.sheets
    said_at = datetime.strptime(sheet.texts[0], "%Y/%m/%d %H:%M").replace(tzinfo=DAMASCUS)
    assert before - timedelta(minutes=1) < said_at <= after
    assert sheet.texts[-1] == "homs-main 1", "which kiosk's list it is"
    times = [local_minutes(datetime.fromisoformat(row["issued_at"])) for row in rows]
    lines = [line_of(sheet, number, at) for number, at in zip(given, times, strict=True)]
    assert None not in lines
    assert lines == sorted(set(lines), key=lambda line: line or 0)
    # A list that showed the time of Greenwich, or one number more, would not be taken for this one.
    greenwich = f"{datetime.fromisoformat(rows[0]['issued_at']).astimezone(UTC):%H:%M}"
    assert line_of(sheet, given[0], greenwich) is None
    assert line_of(sheet, "B1004", times[-1]) is None


def test_a_printer_without_paper_gives_no_list_and_the_command_says_so(town: Town, printer: PrinterSimulator) -> None:
    with PtyPort(printer) as port:
        kiosk = with_printer(town, port)
        given = kiosk.done("issue", "--no-print", "--service", "clearance").row["number"]
        printer.faults.paper_out = True
        said = kiosk("waiting-list", "--print")
        assert said.status == 1
        assert "the paper was not confirmed" in said.err
        assert said.row["number"] == given, "on the terminal it stands all the same"
        assert printer.sheets == []
