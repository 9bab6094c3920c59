"""Which ports a machine has, what is asked of each at which speed, and whose answer is believed."""

import termios
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import serial
from serial.tools.list_ports_common import ListPortInfo

from devices.question import Question
from kiosk.setup import finding
from kiosk.setup.finding import BAUDRATES, GENERIC, Device, Printer, find_devices, find_printer, first_scan
from kiosk.setup.ports import Found, all_ports, asked, opened


def port(device: Path, vid: int | None = None, hwid: str = "USB") -> ListPortInfo:
    found = ListPortInfo(str(device), skip_link_detection=True)
    found.hwid, found.vid = hwid, vid
    return found


def test_a_port_is_called_by_what_is_plugged_in_or_else_by_where(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = {"by-id": {"usb-epson": "ttyUSB1"}, "by-path": {"pci-1": "ttyUSB1", "pci-2": "ttyUSB2"}}
    for name in ("ttyUSB1", "ttyUSB2", "ttyS0", "ttyS1"):
        (tmp_path / name).touch()
    for folder, links in names.items():
        (tmp_path / "serial" / folder).mkdir(parents=True)
        for link, device in links.items():
            (tmp_path / "serial" / folder / link).symlink_to(tmp_path / device)
    there = [
        port(tmp_path / "ttyUSB2", 0x1EAB), port(tmp_path / "ttyUSB1", 0x04B8), port(tmp_path / "ttyS0", hwid="PNP"),
        port(tmp_path / "ttyS1", hwid="n/a"),
    ]  # fmt: skip
    monkeypatch.setattr("serial.tools.list_ports.comports", lambda: there)
    stable = tmp_path / "serial"
    expected = [
        Found(str(tmp_path / "ttyS0")),
        Found(f"{stable}/by-id/usb-epson"),
        Found(f"{stable}/by-path/pci-2", True),
    ]
    assert all_ports(tmp_path) == expected
    assert [one.path for one in all_ports(tmp_path / "none")] == [
        str(tmp_path / name) for name in ("ttyS0", "ttyUSB1", "ttyUSB2")
    ]


class Line:
    """A serial line whose other end answers; what goes wrong with it, a test says."""

    def __init__(self, answer: bytes = b"", wrong: Exception | None = None) -> None:
        self.answer, self.wrong = answer, wrong
        self.noted: list[Any] = []

    def reset_input_buffer(self) -> None:
        self.noted.append("reset")

    def write(self, data: bytes) -> None:
        if self.wrong is not None:
            raise self.wrong
        self.noted.append(data)

    def read(self, most: int) -> bytearray:
        return bytearray(self.answer[:most])

    def read_until(self, end: bytes, most: int) -> bytearray:
        if self.wrong is not None:
            raise self.wrong
        self.noted.append((end, most))
        return bytearray(self.answer)

    def close(self) -> None:
        self.noted.append("closed")


WRONG = [serial.SerialException("x"), OSError(5, "x"), termios.error(5, "x")]


def test_a_question_is_put_to_an_empty_line_that_is_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    line, made = Line(b"abc"), list[Any]()

    def open_line(*given: Any, **named: Any) -> Line:
        made.append((given, named))
        return line

    monkeypatch.setattr(serial, "Serial", open_line)
    assert asked("/dev/x", 19200, b"who", 2) == b"ab"
    assert line.noted == ["reset", b"who", "closed"]
    assert made == [(("/dev/x", 19200), {"timeout": 0.3, "write_timeout": 0.5, "exclusive": True})]


@pytest.mark.parametrize("wrong", WRONG, ids=lambda one: type(one).__name__)
def test_a_line_that_fails_while_it_is_asked_answers_nothing_and_is_let_go(
    monkeypatch: pytest.MonkeyPatch, wrong: Exception
) -> None:
    line = Line(b"abc", wrong)
    monkeypatch.setattr(serial, "Serial", lambda *_, **__: line)
    assert asked("/dev/x", 9600, b"who", 3) == b""
    assert line.noted == ["reset", "closed"]


@pytest.mark.parametrize("wrong", [*WRONG, ValueError("x")], ids=lambda one: type(one).__name__)
def test_a_port_that_another_program_has_is_no_line(monkeypatch: pytest.MonkeyPatch, wrong: Exception) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        raise wrong

    monkeypatch.setattr(serial, "Serial", refuse)
    with opened("/dev/x", 9600) as line:
        assert line is None
    assert asked("/dev/x", 9600, b"who", 3) == b""


@pytest.fixture
def hall(monkeypatch: pytest.MonkeyPatch) -> dict[Any, Any]:
    """What answers at which port and speed to which question; all that was asked stands under `asked`."""
    made: dict[Any, Any] = {"asked": []}

    def ask(path: str, baudrate: int, question: bytes, most: int) -> bytes:
        made["asked"].append((path, baudrate, question, most))
        answer: bytes = made.get((path, baudrate, question), b"")
        return answer[:most]

    monkeypatch.setattr(finding, "asked", ask)
    return made


STATUS, MODEL = b"\x10\x04\x01", b"\x1d\x49\x43"


@pytest.mark.parametrize(
    ("status", "model", "profile", "is_known"),
    [
        (b"\x12", b"_TM-T20III\x00", "epson-tm-t20iii", True),
        (b"\x16", b"tm t88v", "epson-tm-t88v", True),
        (b"\x7e", b"", GENERIC, False),
        (b"\x12", b"_ACME 9", GENERIC, False),
        (b"\x12", b"\xff\xfe", GENERIC, False),
    ],
)
def test_a_printer_is_told_by_its_status_and_named_by_its_model(
    hall: dict[Any, Any], status: bytes, model: bytes, profile: str, is_known: bool
) -> None:
    hall[("/dev/b", 9600, STATUS)], hall[("/dev/b", 9600, MODEL)] = status, model
    found = find_printer([Found("/dev/s", True), Found("/dev/a"), Found("/dev/b"), Found("/dev/c")])
    assert found == Printer("/dev/b", 9600, profile, is_known)
    assert hall["asked"] == [
        *(("/dev/a", rate, STATUS, 1) for rate in BAUDRATES),
        ("/dev/b", BAUDRATES[0], STATUS, 1), ("/dev/b", 9600, STATUS, 1), ("/dev/b", 9600, MODEL, 80),
    ]  # fmt: skip


@pytest.mark.parametrize("status", [b"", b"\x00", b"\x13", b"\x92", b"\x02", b"\x10", b"\xff"])
def test_what_no_printer_answers_is_none(hall: dict[Any, Any], status: bytes) -> None:
    for rate in BAUDRATES:
        hall[("/dev/a", rate, STATUS)] = status
    assert find_printer([Found("/dev/a")]) is None


def test_each_kind_is_asked_at_the_ports_that_are_left(hall: dict[Any, Any]) -> None:
    questions = {
        "card_reader": {"one": Question(9600, b"1?", b"ONE", 5), "two": Question(4800, b"2?", b"TWO", 6)},
        "terminal": {"pay": Question(9600, b"p?", b"PAY", 3)},
    }
    hall[("/dev/b", 9600, b"1?")] = hall[("/dev/a", 4800, b"2?")] = b"-ONE"
    hall[("/dev/a", 9600, b"p?")] = b"PAY"
    there = [Found("/dev/s", True), Found("/dev/a"), Found("/dev/b")]
    assert find_devices(there, questions) == {
        "card_reader": Device("one", "/dev/b"),
        "terminal": Device("pay", "/dev/a"),
    }
    assert hall["asked"] == [
        ("/dev/a", 9600, b"1?", 5), ("/dev/b", 9600, b"1?", 5), ("/dev/a", 4800, b"2?", 6), ("/dev/b", 4800, b"2?", 6),
        ("/dev/a", 9600, b"p?", 3),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("data", "read"),
    [
        (b"\x02KIOSK1 x\x03\r\n", "KIOSK1 x"), (b"  A\r", "A"), (b"", None), (b"\r\n", None), ("كود\r".encode(), None),
        (b"A\x07B\r", None), (b"A\tB\r", None),
    ],
)  # fmt: skip
def test_a_scan_is_a_line_of_printable_text(monkeypatch: pytest.MonkeyPatch, data: bytes, read: str | None) -> None:
    line = Line(data)
    assert _scanned(monkeypatch, {"/dev/s": line}) == (None if read is None else ("/dev/s", read))
    assert line.noted[0] == (b"\r", 1000)


def test_a_code_is_waited_for_as_long_as_said_and_broken_ports_are_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    lines: dict[str, Line | None] = {"/dev/a": None, "/dev/b": Line(wrong=OSError(5, "x")), "/dev/c": Line(b"X\r")}
    assert _scanned(monkeypatch, lines) == ("/dev/c", "X")
    quiet = Line()
    assert _scanned(monkeypatch, {"/dev/a": quiet}) is None
    assert len(quiet.noted) == 3, "at 1, 2 and 3 of the seconds, and not at 4"
    assert _scanned(monkeypatch, {}) is None


def _scanned(monkeypatch: pytest.MonkeyPatch, lines: dict[str, Any]) -> tuple[str, str] | None:
    """Wait four seconds of a clock that moves one each time that it is read."""

    @contextmanager
    def open_line(path: str, baudrate: int) -> Iterator[Any]:
        assert baudrate == 9600
        yield lines[path]

    monkeypatch.setattr(finding, "opened", open_line)
    seconds = iter(range(100))
    return first_scan([Found(path) for path in lines], 4, clock=lambda: next(seconds))
