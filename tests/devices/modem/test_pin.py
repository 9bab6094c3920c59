"""A SIM's PIN: what the card refused is tried no more, and its last try never."""

import os
from pathlib import Path

import pytest

from common.messages.modem_note import REFUSED
from devices.modem.messages import Handed, NotHanded, SimState
from devices.modem.pin import TRIES, Pin
from devices.modem.simulator import ModemSimulator
from devices.protocols import DeviceState
from tests.devices.modem.test_gsm import HOUR, NUMBER, TEXT, modem_of


def test_a_refused_pin_is_tried_no_more_until_its_file_changes(tmp_path: Path) -> None:
    simulator, file = ModemSimulator(pin="4711"), tmp_path / "pin"
    file.write_text("1234\n")
    for _ in range(5):
        modem, _ = modem_of(simulator, Pin(file, tmp_path))
        assert modem.send(NUMBER, TEXT, HOUR) == NotHanded("sim-pin-refused")
        assert modem.send(NUMBER, TEXT, HOUR) == NotHanded("sim-pin-refused")
        status = modem.status()
        assert (status.sim, status.detail, status.pin_tries_left) == (SimState.PIN, "sim-pin-refused", 2)
        simulator.reset()
    assert sum("CPIN=" in command for command in simulator.commands) == 1
    file.write_text("4711")
    modem, _ = modem_of(simulator, Pin(file, tmp_path))
    assert modem.send(NUMBER, TEXT, HOUR) == Handed(1)
    assert modem.status().pin_tries_left is None
    assert not (tmp_path / TRIES).exists()


@pytest.mark.parametrize("counts", [True, False])
def test_the_last_try_is_never_taken_however_often_the_file_changes(tmp_path: Path, counts: bool) -> None:
    simulator, file = ModemSimulator(pin="4711", counts=counts), tmp_path / "pin"
    for wrong in range(1000, 1010):
        file.write_text(str(wrong))
        modem, _ = modem_of(simulator, Pin(file, tmp_path))
        assert str(modem.send(NUMBER, TEXT, HOUR)).startswith("NotHanded(reason='sim-pin")
        assert modem.status().sim is SimState.PIN
        simulator.reset()
    assert simulator.tries_left == 1
    simulator.pin = ""  # opened in a telephone: the count begins from zero
    assert modem_of(simulator, Pin(file, tmp_path))[0].send(NUMBER, TEXT, HOUR) == Handed(1)
    assert not (tmp_path / TRIES).exists()


def test_a_try_of_which_no_answer_came_may_be_made_again_but_once(tmp_path: Path) -> None:
    simulator, file = ModemSimulator(pin="4711", counts=False), tmp_path / "pin"
    file.write_text("4711")
    assert Pin(file, tmp_path).take(None) == "4711", "and the power went"
    assert modem_of(simulator, Pin(file, tmp_path))[0].send(NUMBER, TEXT, HOUR) == Handed(1)
    assert [Pin(file, tmp_path).take(None) for _ in range(3)] == ["4711", "4711", None]


def test_a_card_with_one_try_left_is_asked_for_it_by_nobody(tmp_path: Path) -> None:
    simulator, file = ModemSimulator(pin="4711", tries_left=1), tmp_path / "pin"
    file.write_text("4711")
    assert modem_of(simulator, Pin(file, tmp_path))[0].send(NUMBER, TEXT, HOUR) == NotHanded("sim-pin")
    assert not any("CPIN=" in command for command in simulator.commands)


def test_a_try_is_counted_before_it_is_made(tmp_path: Path) -> None:
    simulator = ModemSimulator(pin="4711")
    (tmp_path / "pin").write_text("1234")
    modem, line = modem_of(simulator, Pin(tmp_path / "pin", tmp_path))
    ask, line.write = line.write, lambda data: line.unplug() if b"CPIN=" in data else ask(data)  # type: ignore[method-assign]
    assert modem.send(NUMBER, TEXT, HOUR) == NotHanded("gone")
    assert (tmp_path / TRIES).read_bytes() == b"1"


def test_a_count_of_tries_is_on_the_disk_before_its_try(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[tuple[str, bytes]] = []
    descriptors: list[int] = []

    def fsync(descriptor: int) -> None:
        path = Path(f"/proc/self/fd/{descriptor}").readlink()
        descriptors.append(descriptor)
        synced.append((path.name, path.read_bytes() if path.is_file() else b""))

    monkeypatch.setattr(os, "fsync", fsync)
    (tmp_path / "pin").write_text("4711")
    assert Pin(tmp_path / "pin", tmp_path).take(3) == "4711"
    assert synced == [(TRIES, b"1"), (tmp_path.name, b"")]
    for one in descriptors:
        with pytest.raises(OSError, match="Bad file descriptor"):
            os.fstat(one)


def test_the_right_pin_opens_the_card_after_each_reset(tmp_path: Path) -> None:
    simulator = ModemSimulator(pin="4711")
    (tmp_path / "pin").write_text("4711")
    modem, _ = modem_of(simulator, Pin(tmp_path / "pin", tmp_path))
    for count in range(1, 6):
        assert modem.send(NUMBER, TEXT, HOUR) == Handed(count)
        simulator.reset()
        assert modem.status().detail == "cme-11"
        assert not (tmp_path / TRIES).exists()


@pytest.mark.parametrize("written", ["", "12", "123456789", "12a4", "٤٧١١"])
def test_a_file_without_a_pin_costs_no_try(tmp_path: Path, written: str) -> None:
    simulator = ModemSimulator(pin="4711")
    (tmp_path / "pin").write_text(written)
    assert modem_of(simulator, Pin(tmp_path / "pin", tmp_path))[0].send(NUMBER, TEXT, HOUR) == NotHanded("pin-file")
    assert simulator.tries_left == 3


@pytest.mark.parametrize("counts", [True, False])
def test_a_damaged_note_is_no_reason_to_try(tmp_path: Path, counts: bool) -> None:
    simulator, file = ModemSimulator(pin="4711", counts=counts), tmp_path / "pin"
    file.write_text("4711")
    for written in (b"\0\0", b"", b"1 refused x", b"12"):
        (tmp_path / TRIES).write_bytes(written)
        assert modem_of(simulator, Pin(file, tmp_path))[0].status().device is DeviceState.HARDWARE_ERROR
    assert not any("CPIN=" in command for command in simulator.commands)
    (tmp_path / TRIES).unlink()  # as the guide says, once the card was opened in a telephone
    assert modem_of(simulator, Pin(file, tmp_path))[0].send(NUMBER, TEXT, HOUR) == Handed(1)


def test_the_doctors_word_for_a_refused_pin_is_the_drivers(tmp_path: Path) -> None:
    simulator, file = ModemSimulator(pin="4711"), tmp_path / "pin"
    file.write_text("1234")
    assert modem_of(simulator, Pin(file, tmp_path))[0].status().detail == REFUSED
