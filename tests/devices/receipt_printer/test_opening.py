"""What the configuration makes of a driver."""

import pytest

from devices.protocols import Printed
from devices.receipt_printer import profile
from devices.receipt_printer.opening import open_escpos
from devices.receipt_printer.simulator.simulator import PrinterSimulator
from devices.settings import PICTURES, DeviceSettings
from devices.simulation import PtyPort
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
