"""Answers given beforehand, the settings file that comes of what was found, and the order in which it is looked for."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from common.machine.errors import PlainError
from kiosk.settings.config import load
from kiosk.settings.settings import Settings
from kiosk.setup import setting_up
from kiosk.setup.answers import Answers, read_answers
from kiosk.setup.finding import Device, Printer
from kiosk.setup.panel import Panel, read_edid
from kiosk.setup.ports import Found
from kiosk.setup.settings_file import Findings, settings_text


def test_a_file_of_answers_is_read_and_what_is_none_is_named(tmp_path: Path) -> None:
    file = tmp_path / "answers.toml"
    file.write_text('central = "https://c"\nports = ["/dev/a"]\ndiagonal_in = 15.6\ntest_page = false\n')
    assert read_answers(file) == Answers(central="https://c", ports=["/dev/a"], diagonal_in=15.6, test_page=False)
    file.write_text("")
    assert read_answers(file) == Answers()
    assert Answers().test_page
    for text, said in (
        ("colour = 1", "colour"), ("diagonal_in = 4.9", "diagonal_in"), ("diagonal_in = 101", "diagonal_in"),
        ('code = "' + "x" * 65 + '"', "code"), ('ports = [""]', "ports"), ('orientation = "up"', "orientation"),
        ("= 1", "answers.toml"), ("#" * 64_001, "too long for a file of answers"),
    ):  # fmt: skip
        file.write_text(text)
        with pytest.raises(PlainError, match=said):
            read_answers(file)
    file.write_text("#" * 64_000)
    assert read_answers(file) == Answers()
    file.write_bytes(b"\xff")
    with pytest.raises(PlainError, match=r"answers\.toml"):
        read_answers(file)
    with pytest.raises(PlainError, match="No such file"):
        read_answers(tmp_path / "none")


FOUND = Findings(
    Printer("/dev/p", 19200, "epson-tm-t88v", is_known=True), "/dev/s", {"card_reader": Device("pn532", "/dev/c")},
    Panel(15.6, 1920, 1080), "ups1", "/dev/k",
)  # fmt: skip
WHOLE = """\
# The settings of this kiosk, as `kiosk setup` found them; `kiosk doctor` names a wrong one with its line.

[kiosk]
# As this kiosk was enrolled; another centre needs another code.
centre = "homs-main"
data_dir = "/var/lib/kiosk"

[central]
url = "https://central.example"
# Only this authority is believed.
ca_file = "/etc/ca.pem"

# The panel's own word: 1920 x 1080 pixels.
[screen]
diagonal_in = 15.6
orientation = "landscape"

# It named its model.
[devices.printer]
port = "/dev/p"
profile = "epson-tm-t88v"
baudrate = 19200
# A cable without the lines for it needs none or xon-xoff.
flow_control = "rts-cts"
paper_mm = 80

[devices.scanner]
driver = "line-scanner"
port = "/dev/s"

[devices.card_reader]
driver = "pn532"
port = "/dev/c"

# A key switch between RTS and DSR of a serial port of its own.
[service_key]
port = "/dev/k"
line = "dsr"

# A battery that Network UPS Tools watches.
[ups]
name = "ups1"
stop_orders_at = 40
stop_at = 20

# For Prometheus, on this machine only.
[metrics]
port = 9464
"""


def test_the_settings_say_what_each_value_is_and_are_read_again(tmp_path: Path) -> None:
    written = settings_text("homs-main", "https://central.example", "/etc/ca.pem", "/var/lib/kiosk", FOUND)
    assert written == WHOLE
    nothing = Findings(None, None, {}, None, None)
    bare = settings_text("homs-main", "http://127.0.0.1:9", None, str(tmp_path / "var"), nothing)
    (tmp_path / "kiosk.toml").write_text(bare)
    config = load(tmp_path / "kiosk.toml")
    assert (config.devices.printer, config.devices.fitted()) == (None, {})
    shown = "\n".join(line.removeprefix("#") for line in bare.splitlines() if not line.startswith("# "))
    for name in ("[devices.printer]", "[devices.scanner]", "[devices.card_reader]", "[service_key]", "[ups]"):
        assert f"#{name}" in bare
        assert name in shown
    other = Findings(Printer("/dev/p", 9600, "generic-80mm", is_known=False), None, {}, None, None)
    assert "# It names no model that was tried: see the test page." in settings_text("c", "u", None, "d", other)
    assert Settings(tmp_path / "kiosk.toml").config == config


@pytest.fixture
def looked(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """A machine whose ports, devices, scans and panel a test says; what each search was given is noted."""
    made = SimpleNamespace(
        ports=[Found("/dev/p"), Found("/dev/c"), Found("/dev/s", True), Found("/dev/x")], noted=[], heard=None,
        printer=FOUND.printer, devices=dict(FOUND.devices), panel=None,
    )  # fmt: skip

    def paths(ports: list[Found]) -> str:
        return " ".join(port.path.removeprefix("/dev/") for port in ports)

    def find_printer(ports: list[Found]) -> Printer | None:
        made.noted.append(("printer", paths(ports)))
        return made.printer  # type: ignore[no-any-return]

    def find_devices(ports: list[Found], _questions: object) -> dict[str, Device]:
        made.noted.append(("devices", paths(ports)))
        return made.devices  # type: ignore[no-any-return]

    def first_scan(ports: list[Found], wait_s: float) -> tuple[str, str] | None:
        made.noted.append(("scan", paths(ports), wait_s))
        return made.heard  # type: ignore[no-any-return]

    for name, found in (
        ("find_printer", find_printer), ("find_devices", find_devices), ("first_scan", first_scan),
        ("all_ports", lambda: made.ports), ("find_panel", lambda: made.panel), ("_ups", lambda: "ups1"),
    ):  # fmt: skip
        monkeypatch.setattr(setting_up, name, found)
    return made


def _look(answers: Answers, wait_s: float) -> tuple[Findings, str | None, list[str]]:
    told: list[str] = []
    found, scanned = setting_up._look(answers, told.append, wait_s)
    return found, scanned, told


def test_each_port_is_asked_by_what_is_left_and_a_maker_of_scanners_is_believed(looked: Any) -> None:
    found, scanned, told = _look(Answers(), 0)
    assert (found, scanned) == (
        Findings(FOUND.printer, "/dev/s", FOUND.devices, None, "ups1"), None,
    )  # fmt: skip
    assert looked.noted == [("printer", "p c s x"), ("devices", "c s x")]
    assert told == [
        "Looking at 4 serial ports", "Printer: epson-tm-t88v on /dev/p", "card_reader: pn532 on /dev/c",
        "Scanner: /dev/s", "Panel: says nothing of its size",
    ]  # fmt: skip
    looked.ports.append(Found("/dev/s2", True))
    assert _look(Answers(), 0)[0].scanner is None, "of two nobody knows which"


def test_a_code_that_is_held_tells_the_scanner_and_an_answer_goes_before_it(looked: Any) -> None:
    looked.heard = ("/dev/x", "SHEET")
    found, scanned, told = _look(Answers(), 120.0)
    assert (found.scanner, scanned) == ("/dev/x", "SHEET")
    assert looked.noted[-1] == ("scan", "s x", 120.0)
    assert "Hold the code of the enrolment sheet to the scanner" in told
    looked.noted.clear()
    looked.printer, looked.devices, looked.panel = None, {}, Panel(15.6, 1920, 1080)
    found, scanned, told = _look(Answers(scanner="/dev/q", ports=["/dev/a"]), 120.0)
    assert (found.scanner, scanned, looked.noted) == ("/dev/q", None, [("printer", "a"), ("devices", "a")])
    assert told[1:] == ["Printer: none answered", "Scanner: /dev/q", "Panel: 15.6 inches, landscape"]


@pytest.mark.parametrize(
    ("panel", "answers", "stands"),
    [
        (None, Answers(), None), (Panel(15.6, 1920, 1080), Answers(), Panel(15.6, 1920, 1080)),
        (None, Answers(diagonal_in=10.1), Panel(10.1, 1080, 1920)),
        (None, Answers(orientation="landscape"), Panel(21.5, 1920, 1080)),
        (Panel(15.6, 1920, 1080), Answers(orientation="portrait"), Panel(15.6, 1080, 1920)),
        (Panel(15.6, 1920, 1080), Answers(diagonal_in=10.1), Panel(10.1, 1920, 1080)),
        (Panel(15.6, 800, 1280), Answers(diagonal_in=10.1), Panel(10.1, 800, 1280)),
    ],
)  # fmt: skip
def test_an_answer_corrects_what_the_panel_says(
    looked: Any, panel: Panel | None, answers: Answers, stands: Panel | None
) -> None:
    looked.panel = panel
    assert setting_up._panel(answers) == stands


def _edid(**changed: int) -> bytes:
    data = bytearray(128)
    data[:8] = b"\x00\xff\xff\xff\xff\xff\xff\x00"
    data[21], data[22] = 48, 27
    timing = {54: 0x01, 56: 0x80, 58: 0x70, 59: 0x38, 61: 0x40, 66: 0xDC, 67: 0x0C, 68: 0x11}
    for place, value in (timing | {int(key[1:]): value for key, value in changed.items()}).items():
        data[place] = value
    data[127] = -sum(data[:127]) & 0xFF
    return bytes(data)


def test_a_panel_says_its_size_in_millimetres_or_else_in_centimetres() -> None:
    assert read_edid(_edid()) == Panel(21.5, 1920, 1080)
    assert read_edid(_edid(_66=0, _67=0, _68=0)) == Panel(21.7, 1920, 1080)
    assert read_edid(_edid(_66=0, _68=0x01)) == Panel(21.7, 1920, 1080)
    for broken in ({"_54": 0}, {"_56": 0, "_58": 0}, {"_59": 0, "_61": 0}, {"_66": 80, "_67": 60, "_68": 0},
                   {"_66": 0xFF, "_67": 0xFF, "_68": 0xFF}, {"_0": 1}):  # fmt: skip
        assert read_edid(_edid(**broken)) is None, broken
    assert read_edid(_edid()[:127]) is None
    assert read_edid(_edid()[:127] + b"\x00") is None
    assert read_edid(_edid() + b"more") == Panel(21.5, 1920, 1080)
    assert [Panel(1, *sides).orientation for sides in ((100, 101), (100, 100))] == ["portrait", "landscape"]
