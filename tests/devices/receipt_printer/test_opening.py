"""What the configuration makes of a driver."""

import pytest

from devices.paper import Number, Paper
from devices.protocols import Printed
from devices.receipt_printer import profile
from devices.receipt_printer.opening import FAST_BAUD, open_escpos
from devices.receipt_printer.simulator.simulator import PrinterSimulator
from devices.receipt_printer.typeset import composition
from devices.settings import PICTURES, DeviceSettings
from devices.simulation import PtyPort
from devices.transport import LineSettings
from tests.kit.printers import PAPER


@pytest.mark.parametrize("as_pictures", [False, True])
def test_a_printer_may_be_told_to_rely_on_none_of_its_own_letters_and_codes(as_pictures: bool) -> None:
    simulator = PrinterSimulator(profile.load("epson-tm-t20iii"))
    with PtyPort(simulator) as port:
        printer = open_escpos(DeviceSettings("escpos", port.port, 115200, options=(PICTURES,) if as_pictures else ()))
        assert isinstance(printer.print(PAPER), Printed)
        printer.close()
    (sheet,) = simulator.sheets
    assert bool(sheet.codes) is not as_pictures
    assert bool(sheet.texts) is not as_pictures
    assert sheet.image.height > 200


def test_the_number_is_a_picture_only_where_its_bytes_take_no_time_that_anybody_notices() -> None:
    """With its sign it is 1.6 kB, which a fast printer's line has to carry in a seventh of a second."""
    number = Paper("x", (Number("B2·014", sign="hexagon"),))
    for baud in (9600, 57600, 115200):
        printer = open_escpos(DeviceSettings("escpos", "none", baud))
        assert printer.layout.is_fast is (baud >= FAST_BAUD)
        job = composition.compose(number, printer.layout, {}).data
        assert (b"B2\xfa014" in job) is not printer.layout.is_fast
        if printer.layout.is_fast:
            assert LineSettings(baudrate=baud).seconds(len(job)) < 1 / 7
