"""At which speed each driver opens its line: its own, unless the settings name another; and what it refuses."""

from collections.abc import Callable
from typing import Any

import pytest

from devices.card_reader.crt591 import driver as crt591
from devices.card_reader.crt591.simulator import Crt591Simulator
from devices.card_reader.magstripe import driver as magstripe
from devices.card_reader.magstripe.simulator import MagstripeSimulator
from devices.card_reader.pn532 import driver as pn532
from devices.card_reader.pn532.simulator import Pn532Simulator
from devices.card_reader.rdm6300 import driver as rdm6300
from devices.card_reader.rdm6300.simulator import Rdm6300Simulator
from devices.code_scanner import driver as scanner
from devices.code_scanner.simulator import ScannerSimulator
from devices.modem import driver as gsm
from devices.modem.simulator import ModemSimulator
from devices.settings import DeviceSettings
from devices.transport import LineSettings
from tests.devices.hand_line import HandLine

DRIVERS: dict[str, tuple[Any, Callable[[DeviceSettings], Any], Callable[[], Any], int]] = {
    "crt591": (crt591, crt591.open_crt591, Crt591Simulator, 9600),
    "magstripe": (magstripe, magstripe.open_magstripe, MagstripeSimulator, 9600),
    "pn532": (pn532, pn532.open_pn532, Pn532Simulator, 115200),
    "rdm6300": (rdm6300, rdm6300.open_rdm6300, Rdm6300Simulator, 9600),
    "scanner": (scanner, scanner.open_line_scanner, ScannerSimulator, 9600),
    "gsm": (gsm, gsm.open_gsm, ModemSimulator, 115200),
}


@pytest.mark.parametrize("name", DRIVERS)
def test_a_line_is_opened_at_its_drivers_speed_or_that_of_the_settings(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    module, opened, simulator, usual = DRIVERS[name]
    lines: list[tuple[str, LineSettings]] = []
    made: list[HandLine] = []

    def transport(port: str, line: LineSettings) -> HandLine:
        lines.append((port, line))
        made.append(HandLine(simulator()))
        return made[-1]

    monkeypatch.setattr(module, "SerialTransport", transport)
    for baudrate in (None, 19200):
        device = opened(DeviceSettings("x", "/dev/line", baudrate=baudrate))
        device.close()
    assert lines == [("/dev/line", LineSettings(baudrate=speed)) for speed in (usual, 19200)]
    assert [one.is_closed for one in made] == [True, True]


@pytest.mark.parametrize("name", ["crt591", "pn532"])
def test_a_line_on_which_nobody_answers_is_let_go(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    module, opened, simulator, _ = DRIVERS[name]
    line = HandLine(simulator())
    line.is_gone = True
    monkeypatch.setattr(module, "SerialTransport", lambda *_: line)
    with pytest.raises(Exception, match="is gone"):
        opened(DeviceSettings("x", "/dev/line"))
    assert line.is_closed


@pytest.mark.parametrize("name", ["magstripe", "rdm6300"])
def test_a_check_that_no_reader_knows_is_refused_before_its_line_is_opened(name: str) -> None:
    _, opened, _, _ = DRIVERS[name]
    with pytest.raises(ValueError, match='check "odd" is not one of'):
        opened(DeviceSettings("x", "/dev/none", options=(("check", "odd"),)))
