"""The demo's devices: which port and fault belongs to which simulator, and what the independent one is asked."""

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast
from unittest import mock

import httpx2
import pytest

from demo.devices import emupos as of_emupos
from demo.devices import simulated_devices as played
from demo.devices.emupos import Emupos
from demo.devices.faulty_devices import FaultyPrinter, FaultyReader
from demo.devices.simulated_devices import FAULTS, SimulatedDevices
from demo.devices.ups_server import BATTERY, MAINS, UpsServer
from demo.processes import DemoFailed
from devices.code_scanner.simulator import ScannerSimulator


def hear(emupos: Emupos, *answers: Any) -> list[tuple[str, str, Any]]:
    """Answer for the independent simulator; return what it is asked."""
    asked: list[tuple[str, str, Any]] = []
    left = list(answers)

    def answer(request: httpx2.Request) -> httpx2.Response:
        asked.append((request.method, request.url.path, json.loads(request.content) if request.content else None))
        said = left.pop(0) if left else 200
        if isinstance(said, Exception):
            raise said
        return httpx2.Response(said)

    emupos._client = httpx2.Client(transport=httpx2.MockTransport(answer))
    return asked


@pytest.fixture
def emupos(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Emupos:
    monkeypatch.setattr(of_emupos, "free_port", lambda: 7000)
    return Emupos(tmp_path)


def test_the_independent_simulator_is_started_with_printer_and_scanner(
    emupos: Emupos, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, processes = hear(emupos, httpx2.ConnectError("x"), 503, 200, 200, 200), mock.Mock()
    looks: list[bool] = []

    def until(is_so: Any, within_s: float) -> bool:
        looks.extend(is_so() for _ in range(3))
        for port in (emupos.printer_port, emupos.scanner_port):
            port.parent.mkdir(parents=True, exist_ok=True)
            port.symlink_to("/dev/not-there")
            looks.append(is_so())
        return within_s == 20.0

    monkeypatch.setattr(of_emupos, "wait_until", until)
    emupos.start(processes)
    assert looks == [False, False, False, False, True]
    assert {path for _, path, _ in asked} == {"/api/v1/health"}
    (name, words), how = processes.start.call_args
    assert (name, words[1:]) == ("emupos", ["run", "--ui", "--config", str(tmp_path / "emupos.yaml")])
    ports = str(tmp_path / "ports")
    assert how == {"env": {"TMPDIR": ports, "XDG_RUNTIME_DIR": ports, "COLUMNS": "200"}}
    serial = [{"serial": {"pty": True}}]
    assert json.loads((tmp_path / "emupos.yaml").read_text()) == {
        "schema": 1,
        "api": {"host": "127.0.0.1", "port": 7000},
        "devices": [
            {
                "id": "printer", "type": "printer", "profile": "epson-tm-t20iii", "connections": serial,
                "receipts_dir": str(tmp_path / "papers"), "job_idle_timeout_ms": 300,
            },
            {"id": "scanner", "type": "scanner", "mode": "serial", "suffix": "enter", "connections": serial},
        ],
    }  # fmt: skip
    assert (emupos.control_page, emupos.papers.is_dir()) == ("http://127.0.0.1:7000", True)


def test_a_simulator_that_does_not_come_up_ends_the_demo(emupos: Emupos, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(of_emupos, "wait_until", lambda *_: False)
    with pytest.raises(DemoFailed, match=r"^the device simulator did not start$"):
        emupos.start(mock.Mock())


def test_faults_and_scans_are_asked_of_its_control_page(emupos: Emupos) -> None:
    emupos._api = "http://127.0.0.1:7000"
    asked = hear(emupos)
    emupos.turn("paper-out", is_on=True)
    emupos.turn("paper-out", is_on=False)
    emupos.scan("SY1:X")
    place = "/api/v1/devices/printer/faults/paper-out"
    assert asked == [
        ("PUT", place, None), ("DELETE", place, None),
        ("POST", "/api/v1/devices/scanner/scans", {"data": "SY1:X", "countdown_seconds": 0}),
    ]  # fmt: skip
    hear(emupos, 500, 500)
    with pytest.raises(httpx2.HTTPStatusError):
        emupos.turn("paper-out", is_on=True)
    with pytest.raises(httpx2.HTTPStatusError):
        emupos.scan("x")
    emupos.close()
    assert emupos._client.is_closed


class Fake:
    """A device of our own that notes its faults."""

    def __init__(self, path: Path, *_: Any) -> None:
        self.port = SimpleNamespace(port=f"/our/{path.name}")
        self.did: list[Any] = []
        self.simulator = _[-1]

    def turn(self, fault: str, *, is_on: bool) -> None:
        self.did.append((fault, is_on))

    def close(self) -> None:
        self.did.append("closed")


@pytest.fixture
def ours(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, real in (("FaultyPrinter", FaultyPrinter), ("FaultyReader", FaultyReader)):
        monkeypatch.setattr(played, name, type(name, (Fake,), {"FAULTS": real.FAULTS}))


def made(folder: Path, faulty: str | None) -> tuple[SimulatedDevices, Any]:
    devices = SimulatedDevices(folder, faulty)
    devices.emupos = mock.Mock(printer_port="/emupos/printer", scanner_port="/emupos/scanner")
    return devices, cast("Any", devices)


@pytest.mark.usefixtures("ours")
@pytest.mark.parametrize(
    ("faulty", "printer", "scanner", "card_reader"),
    [
        (None, "/emupos/printer", "/emupos/scanner", "/our/card-reader"),
        ("printer.paper-out", "/emupos/printer", "/emupos/scanner", "/our/card-reader"),
        ("printer.jammed", "/our/printer", "/emupos/scanner", "/our/card-reader"),
        ("printer.missing", "/emupos/printer-unplugged", "/emupos/scanner", "/our/card-reader"),
        ("scanner.babbling", "/emupos/printer", "/our/scanner", "/our/card-reader"),
        ("card-reader.missing", "/emupos/printer", "/emupos/scanner", "/our/card-reader-unplugged"),
    ],
)
def test_a_device_is_ours_where_its_fault_needs_one(
    tmp_path: Path, faulty: str | None, printer: str, scanner: str, card_reader: str
) -> None:
    devices, _ = made(tmp_path, faulty)
    assert devices.ports == {"printer": printer, "scanner": scanner, "card-reader": card_reader}


@pytest.mark.usefixtures("ours")
@pytest.mark.parametrize(
    ("faulty", "whose"),
    [
        ("printer.jammed", "_printer"), ("scanner.unplugged", "_scanner"), ("card-reader.babbling", "_card_reader"),
        ("printer.cover-open", "emupos"), ("scanner.missing", None), ("printer.missing", None),
    ],
)  # fmt: skip
def test_a_fault_begins_and_ends_at_its_own_device_and_what_is_missing_stays_so(
    tmp_path: Path, faulty: str, whose: str | None
) -> None:
    devices, inside = made(tmp_path, faulty)
    for is_on in (True, False):
        devices.turn_fault(is_on=is_on)
    fault = faulty.partition(".")[2]
    did = {
        name: getattr(inside, name).did for name in ("_printer", "_scanner", "_card_reader") if getattr(inside, name)
    }
    did["emupos"] = [(call.args[0], call.kwargs["is_on"]) for call in devices.emupos.turn.call_args_list]  # type: ignore[attr-defined]
    assert {name: one for name, one in did.items() if one} == (
        {whose: [(fault, True), (fault, False)]} if whose else {}
    )


@pytest.mark.usefixtures("ours")
def test_a_scan_goes_to_the_scanner_that_is_plugged_in_and_all_are_let_go(tmp_path: Path) -> None:
    devices, inside = made(tmp_path, "scanner.babbling")
    inside._scanner.simulator = mock.Mock(spec=ScannerSimulator)
    devices.scan("SY1:X")
    inside._scanner.simulator.show.assert_called_once_with(b"SY1:X")
    devices.__exit__(None, None, None)
    assert (inside._scanner.did[-1], inside._card_reader.did[-1]) == ("closed", "closed")
    inside.emupos.close.assert_called_once_with()
    devices, inside = made(tmp_path, None)
    devices.scan("SY1:X")
    inside.emupos.scan.assert_called_once_with("SY1:X")
    devices.start(mock.sentinel.processes)
    inside.emupos.start.assert_called_once_with(mock.sentinel.processes)


def test_each_device_has_the_faults_of_its_simulators() -> None:
    assert {name: len(faults) for name, faults in FAULTS.items()} == {"printer": 12, "scanner": 3, "card-reader": 3}
    assert all(faults[-1] == "missing" for faults in FAULTS.values())


def test_a_ups_tells_its_variables_on_loopback_until_it_is_closed() -> None:
    with UpsServer() as ups:
        said = ups.answer(["LIST", "VAR", "ups"])
        assert said.splitlines() == [
            "BEGIN LIST VAR ups",
            *(f'VAR ups {name} "{value}"' for name, value in MAINS.items()),
            "END LIST VAR ups",
        ]
        ups.variables = BATTERY
        assert 'VAR ups ups.status "OB DISCHRG"' in ups.answer(["LIST", "VAR", "ups"])
        assert ups.answer(["LIST", "VAR", "other"]) == "ERR UNKNOWN-COMMAND\n"
        assert ups.port > 0
