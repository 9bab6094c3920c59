"""The scanner's driver against emupos, a simulator that others wrote, as a process of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from demo.devices.emupos import Emupos
from demo.processes import Processes
from devices.code_scanner.driver import open_line_scanner
from devices.protocols import Scan
from devices.settings import DeviceSettings
from tests.kit.order_codes import genuine


@pytest.fixture(scope="module")
def emupos(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emupos]:
    folder = tmp_path_factory.mktemp("emupos")
    logs: Path = folder / "logs"
    logs.mkdir()
    devices = Emupos(folder)
    with Processes(logs) as processes:
        devices.start(processes)
        yield devices
    devices.close()


def test_it_reads_what_emupos_scans_each_code_once(emupos: Emupos) -> None:
    scanner = open_line_scanner(DeviceSettings("line-scanner", str(emupos.scanner_port)))
    code = genuine()
    emupos.scan(code)
    assert scanner.scan(10.0) == Scan(code.encode())
    emupos.scan(code)
    emupos.scan("0123456789")
    assert scanner.scan(10.0) == Scan(b"0123456789")  # the held code was no second scan
    scanner.close()


def test_arabic_that_emupos_sends_as_utf8_is_kept(emupos: Emupos) -> None:
    scanner = open_line_scanner(DeviceSettings("line-scanner", str(emupos.scanner_port)))
    emupos.scan("فاطمة#العلي")
    scan = scanner.scan(10.0)
    scanner.close()
    assert scan is not None
    assert scan.payload.decode() == "فاطمة#العلي"
