"""A new machine set up by one command: devices found, enrolled, settings written, a page printed."""

import re
from pathlib import Path

import pytest

from devices.code_scanner.simulator import ScannerSimulator
from devices.receipt_printer import profile
from devices.receipt_printer.simulator.simulator import PrinterSimulator
from devices.simulation import PtyPort
from kiosk.settings.config import load
from tests.end_to_end.conftest import Town, run


def _set_up(town: Town, answers: str, *words: str) -> tuple[int, str, str, Path]:
    folder = town.folder / "new"
    folder.mkdir(exist_ok=True)
    (folder / "answers.toml").write_text(answers)
    config = folder / "kiosk.toml"
    told = ["setup", "--answers", str(folder / "answers.toml"), "--data-dir", str(folder / "var"), *words]
    said = run("kiosk", *told, "--config", str(config), "--json", fresh=True)
    return said.status, said.out, said.err, config


def test_one_command_sets_a_kiosk_up(town: Town) -> None:
    code = town.central("enrolment-code", "--centre", "homs-main").row["code"]
    printer = PrinterSimulator(profile.load("epson-tm-t20iii"))
    with PtyPort(printer) as on_printer, PtyPort(ScannerSimulator()) as on_scanner:
        answers = (
            f'central = "{town.url}"\ncode = "{code}"\nports = ["{on_scanner.port}", "{on_printer.port}"]\n'
            f'scanner = "{on_scanner.port}"\ndiagonal_in = 15.6\norientation = "landscape"\n'
        )
        status, out, err, config = _set_up(town, answers)
        assert status == 0, err
        assert re.search(r'"pin":"\d{8}".*"test_page":"printed".*"pixels":\[1920,1080\]', out)
        assert len(printer.sheets) == 1
        settings = load(config)
        assert settings.kiosk.centre == "homs-main"
        assert settings.devices.printer is not None
        assert (settings.devices.printer.port, settings.devices.printer.profile) == (on_printer.port, "epson-tm-t20iii")
        assert settings.devices.scanner is not None
        assert (settings.screen.diagonal_in, settings.screen.orientation) == (15.6, "landscape")
        # It gives numbers, and central hears of them.
        number = run("kiosk", "issue", "--service", "civil-affairs", "--config", str(config))
        assert number.row["print"] == "printed"
        sheets = len(printer.sheets)
        assert run("kiosk", "waiting-list", "--print", "--config", str(config)).row["number"] == number.row["number"]
        assert len(printer.sheets) == sheets + 1
        assert run("kiosk", "forward", "--once", "--config", str(config)).status == 0
        # Done again, with the same code, nothing is lost: the settings that were there lie beside.
        status, _, err, _ = _set_up(town, answers)
        assert status == 0, err
        assert config.with_name("kiosk.toml.before").exists()


@pytest.mark.parametrize(
    ("answers", "named"),
    [
        ("", "the enrolment code is missing"),
        ('code = "ABC"', "is no enrolment code"),
        ('code = "ABCDEFGHIJKLMNOP"', "central's address is missing"),
        ('code = "ABCDEFGHIJKLMNOP"\ncentral = "http://127.0.0.1:9"', "127.0.0.1:9"),
        ('kode = "ABC"', "kode"),
        ("diagonal_in = 400", "diagonal_in"),
        ('orientation = "up"', "up"),
        ('ports = "ttyS0"', "ports"),
        ("code = ", "answers.toml"),
        ('central = "https://central.example"\ncode = "ABCDEFGHIJKLMNOP"\nca_file = "/no/such.pem"', "/no/such.pem"),
    ],
)
def test_what_is_wrong_in_the_answers_is_named_and_nothing_is_written(town: Town, answers: str, named: str) -> None:
    if "ports" not in answers and "code =" in answers:
        answers = answers + "\nports = []" if not answers.endswith("= ") else answers
    status, _, err, config = _set_up(town, answers)
    assert (status, named in err) == (1, True), err
    assert not config.exists()


def test_a_missing_file_of_answers_is_named(town: Town) -> None:
    said = run("kiosk", "setup", "--answers", str(town.folder / "none.toml"), "--config", str(town.folder / "k.toml"))
    assert said.status == 1
    assert "none.toml" in said.err
