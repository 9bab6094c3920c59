"""Our own simulators with the demo's faults: each turned on and back, on a port that is not there."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from demo.devices import faulty_devices as played
from demo.devices.faulty_devices import FaultyPrinter, FaultyReader


class Port:
    """A cable that notes what is done to it."""

    def __init__(self, device: Any, path: Path) -> None:
        self.device, self.path = device, path
        self.did: list[str] = []
        self.silent = self.garbled = False

    def unplug(self) -> None:
        self.did.append("unplug")

    def replug(self) -> None:
        self.did.append("replug")

    def close(self) -> None:
        self.did.append("close")


class Simulator:
    """A printer that counts what it gets."""

    def __init__(self, *_: Any) -> None:
        self.received = 0
        self.faults = SimpleNamespace(cutter=False, hot=False, dies_at=None, out_after_rows=None, paper_out=False)
        self.sheets: list[Any] = []
        self.powered = 0
        self.babble = False

    def receive(self, data: bytes) -> bytes:
        self.received += len(data)
        return data.upper()

    def tick(self, now: float) -> bytes:
        return f"{now}".encode()

    def gain_power(self) -> None:
        self.powered += 1


@pytest.fixture
def printer(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:
    monkeypatch.setattr(played, "PtyPort", Port)
    monkeypatch.setattr(played, "PrinterSimulator", Simulator)
    made = FaultyPrinter(tmp_path / "port", tmp_path)
    made.simulator.received = 1000
    return made


@pytest.mark.parametrize(
    ("fault", "where", "name", "on", "off"),
    [
        ("jammed", "faults", "cutter", True, False), ("overheated", "faults", "hot", True, False),
        ("silent", "port", "silent", True, False), ("garbling", "port", "garbled", True, False),
        ("power-lost", "faults", "dies_at", 1600, 1600), ("paper-ends", "faults", "out_after_rows", 60, None),
    ],
)  # fmt: skip
def test_a_fault_is_turned_on_and_back(printer: Any, fault: str, where: str, name: str, on: Any, off: Any) -> None:
    place = printer.port if where == "port" else printer.simulator.faults
    printer.turn(fault, is_on=True)
    assert getattr(place, name) == on
    printer.turn(fault, is_on=False)
    assert getattr(place, name) == off


def test_power_and_paper_come_back_with_the_fault_s_end(printer: Any) -> None:
    printer.simulator.faults.paper_out = True
    printer.turn("paper-ends", is_on=True)
    assert printer.simulator.faults.paper_out
    printer.turn("paper-ends", is_on=False)
    assert not printer.simulator.faults.paper_out
    printer.turn("power-lost", is_on=True)
    assert printer.simulator.powered == 0
    printer.turn("power-lost", is_on=False)
    assert printer.simulator.powered == 1


def test_the_cable_is_pulled_in_the_middle_of_a_ticket_once(printer: Any) -> None:
    printer.turn("unplugged", is_on=True)
    assert (printer.receive(b"a" * 599), printer.port.did) == (b"A" * 599, [])
    assert (printer.receive(b"b"), printer.port.did) == (b"B", ["unplug"])
    printer.receive(b"c" * 900)
    assert printer.port.did == ["unplug"]
    printer.turn("unplugged", is_on=False)
    assert printer.port.did == ["unplug", "replug"]
    printer.receive(b"d" * 900)
    printer.close()
    assert printer.port.did == ["unplug", "replug", "close"]


def test_each_paper_lands_once_as_it_is_cut(printer: Any, tmp_path: Path) -> None:
    saved: list[str] = []
    sheet = SimpleNamespace(image=SimpleNamespace(save=lambda path: saved.append(path.name)))
    assert (printer.tick(1.5), saved) == (b"1.5", [])
    printer.simulator.sheets += [sheet, sheet]
    printer.tick(2)
    printer.tick(3)
    printer.simulator.sheets.append(sheet)
    printer.tick(4)
    assert saved == ["printer-1.png", "printer-2.png", "printer-3.png"]
    assert printer.port.path == tmp_path / "port"


def test_a_reader_is_pulled_out_or_babbles(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(played, "PtyPort", Port)
    simulator: Any = Simulator()
    reader: Any = FaultyReader(tmp_path / "scanner", simulator)
    for fault in ("unplugged", "babbling"):
        reader.turn(fault, is_on=True)
    assert (reader.port.did, simulator.babble) == (["unplug"], True)
    for fault in ("unplugged", "babbling"):
        reader.turn(fault, is_on=False)
    assert (reader.port.did, simulator.babble) == (["unplug", "replug"], False)
    reader.close()
    assert (reader.port.did[-1], reader.port.device) == ("close", simulator)
