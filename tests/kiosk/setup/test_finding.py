import struct
import threading
import tomllib
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from common.protocol.codes import invitation
from devices.card_reader.pn532.simulator import Pn532Simulator
from devices.code_scanner.simulator import ScannerSimulator
from devices.question import Question
from devices.receipt_printer import profile
from devices.receipt_printer.simulator.simulator import PrinterSimulator
from devices.registry import questions
from devices.simulation import PtyPort
from kiosk.setup import setting_up
from kiosk.setup.answers import Answers
from kiosk.setup.finding import GENERIC, Device, find_devices, find_printer, first_scan
from kiosk.setup.invitation import read_invitation
from kiosk.setup.panel import Panel, find_panel, read_edid
from kiosk.setup.ports import Found
from kiosk.setup.settings_file import Findings, settings_text


class Desk:
    """A machine with a printer, a scanner and a card reader on three ports."""

    def __init__(self, stack: ExitStack, model: str) -> None:
        self.scanner_device = ScannerSimulator()
        self.printer = stack.enter_context(PtyPort(PrinterSimulator(profile.load(model))))
        self.scanner = stack.enter_context(PtyPort(self.scanner_device))
        self.reader = stack.enter_context(PtyPort(Pn532Simulator()))

    @property
    def ports(self) -> list[Found]:
        return [Found(self.scanner.port), Found(self.reader.port), Found(self.printer.port)]


@pytest.fixture(params=["epson-tm-t20iii", "xprinter-xp80t"])
def desk(request: pytest.FixtureRequest) -> Iterator[Desk]:
    with ExitStack() as stack:
        yield Desk(stack, request.param)


def test_each_device_is_found_on_its_port(desk: Desk) -> None:
    printer = find_printer(desk.ports)
    assert printer is not None
    assert printer.port == desk.printer.port
    assert printer.is_known
    simulator = desk.printer.simulator
    assert isinstance(simulator, PrinterSimulator)
    assert profile.load(printer.profile).name == simulator.profile.name
    assert find_devices(desk.ports[:2], questions()) == {"card_reader": Device("pn532", desk.reader.port)}
    # Shown again and again, as a hand does that holds a code until something happens.
    stop = threading.Event()

    def hold() -> None:
        while not stop.wait(0.2):
            desk.scanner_device.show(b"KIOSK1 https://central.example ABCDEFGHIJKLMNOP")

    hand = threading.Thread(target=hold)
    hand.start()
    try:
        heard = first_scan(desk.ports[:2], 30)
    finally:
        stop.set()
        hand.join()
    assert heard is not None
    port, text = heard
    assert port == desk.scanner.port
    assert read_invitation(text) == ("https://central.example", "ABCDEFGHIJKLMNOP")


def test_a_printer_that_names_no_model_gets_the_general_profile() -> None:
    nameless = PrinterSimulator(profile.load(GENERIC))
    with PtyPort(nameless) as port:
        printer = find_printer([Found(port.port)])
    assert printer is not None
    assert (printer.profile, printer.is_known) == (GENERIC, False)


def test_silence_noise_and_missing_ports_are_no_devices() -> None:
    with PtyPort(PrinterSimulator(profile.load(GENERIC))) as port, PtyPort(ScannerSimulator()) as other:
        port.silent = True
        ports = [Found(port.port), Found(other.port), Found("/dev/no-such-port")]
        assert find_printer(ports) is None
        assert find_devices(ports, questions()) == {}
        assert first_scan(ports, 0.5) is None


class Terminal:
    """A payment terminal that says who it is."""

    def receive(self, data: bytes) -> bytes:
        return b"TERMINAL 7\r" if data == b"WHO\r" else b""

    def tick(self, _now: float) -> bytes:
        return b""


def test_a_kind_that_came_later_is_found_by_its_question_and_written_down() -> None:
    asked = {"payment_terminal": {"acme": Question(9600, b"WHO\r", b"TERMINAL", 11)}}
    with PtyPort(Pn532Simulator()) as reader, PtyPort(Terminal()) as terminal:
        found = find_devices([Found(reader.port), Found(terminal.port)], {**questions(), **asked})
        assert found["payment_terminal"] == Device("acme", terminal.port)
        assert found["card_reader"].port == reader.port
        text = settings_text("homs-main", "http://127.0.0.1:9", None, "var", Findings(None, None, found, None, None))
    assert tomllib.loads(text)["devices"]["payment_terminal"] == {"driver": "acme", "port": terminal.port}
    assert "#[devices.card_reader]" not in text


def test_another_packages_driver_may_bring_its_question(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    info = tmp_path / "acr122_kiosk-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: acr122-kiosk\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[homs_kiosk.card_reader_questions]\nacr122 = acr122_asked:QUESTION\n")
    (tmp_path / "acr122_asked.py").write_text(
        "from devices.question import Question\nQUESTION = Question(9600, b'?', b'!', 1)\n"
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    assert questions()["card_reader"]["acr122"] == Question(9600, b"?", b"!", 1)


def _edid(width_px: int, height_px: int, width_mm: int, height_mm: int) -> bytes:
    timing = bytearray(18)
    timing[:2] = struct.pack("<H", 14850)
    timing[2], timing[4] = width_px & 0xFF, width_px >> 4 & 0xF0
    timing[5], timing[7] = height_px & 0xFF, height_px >> 4 & 0xF0
    timing[12], timing[13], timing[14] = width_mm & 0xFF, height_mm & 0xFF, (width_mm >> 4 & 0xF0) | height_mm >> 8
    block = bytearray(128)
    block[:8] = b"\x00\xff\xff\xff\xff\xff\xff\x00"
    block[54:72] = timing
    block[127] = -sum(block) % 256
    return bytes(block)


def test_the_panel_says_how_large_it_is_and_how_it_stands(tmp_path: Path) -> None:
    assert read_edid(_edid(1920, 1080, 476, 268)) == Panel(21.5, 1920, 1080)
    upright = read_edid(_edid(1080, 1920, 268, 476))
    assert upright is not None
    assert upright.orientation == "portrait"
    for spoiled in (b"", b"\x00" * 128, _edid(1920, 1080, 476, 268)[:-1] + b"\x07", _edid(0, 0, 0, 0)):
        assert read_edid(spoiled) is None
    (tmp_path / "card0-HDMI-A-1").mkdir()
    (tmp_path / "card0-HDMI-A-1/edid").write_bytes(b"")
    assert find_panel(tmp_path) is None
    (tmp_path / "card0-eDP-1").mkdir()
    (tmp_path / "card0-eDP-1/edid").write_bytes(_edid(1920, 1080, 344, 193))
    found = find_panel(tmp_path)
    assert found is not None
    assert found.diagonal_in == 15.5


@pytest.mark.parametrize("code", ["abcd-efgh-ijkl-mnop", "ABCD EFGH IJKL MNOP", "ABCDEFGHIJKLMNOP"])
def test_a_code_is_read_as_somebody_types_it(code: str) -> None:
    assert read_invitation(code) == (None, "ABCDEFGHIJKLMNOP")


@pytest.mark.parametrize(
    "text", ["", "ABC", "KIOSK1 ftp://x ABCDEFGHIJKLMNOP", "KIOSK1 https://x", "SY1:ABC", "0" * 16]
)
def test_what_is_no_invitation_is_none(text: str) -> None:
    assert read_invitation(text) is None


def test_an_invitation_that_could_not_be_read_back_is_never_written() -> None:
    assert invitation.read(invitation.write("https://central.example:8443/x", "A" * 16)) is not None
    with pytest.raises(ValueError, match="make no invitation"):
        invitation.write("https://central.example/ x", "A" * 16)


def test_a_mistyped_code_is_named_and_asked_for_again() -> None:
    said, typed = list[str](), iter(["ABCDEF", "", "abcd efgh-ijkl mnop"])
    found = setting_up._invitation(Answers(), None, said.append, lambda _: next(typed))
    assert found.code == "ABCDEFGHIJKLMNOP"
    assert ['"ABCDEF" is no enrolment code' in line for line in said] == [True, False]
    assert len(said) == 2
