"""A driver from another package, and a scanner's profile from a file: neither needs a line of ours."""

import sys
from pathlib import Path

import pytest

from common.machine.doctor.finding import Verdict
from common.machine.errors import ConfigError
from devices.code_scanner.driver import LineScanner
from devices.code_scanner.profiles import ScannerProfile, load, profile_named
from devices.errors import ProfileError
from devices.installed import installed
from devices.protocols import DeviceState
from devices.registry import open_device
from devices.settings import DeviceSettings
from devices.simulation import PtyPort
from kiosk.doctor.software import check_drivers
from kiosk.peripherals.report import Device
from kiosk.peripherals.watch import watch_of
from kiosk.settings.config import load as load_settings
from tests.devices.test_transport import Echo

DRIVER = """
from devices.protocols import CardReaderStatus, DeviceState

class Acr122:
    def __init__(self, port): self.port = port
    def status(self): return CardReaderStatus(DeviceState.ONLINE)
    def close(self): pass

def open_acr122(settings): return Acr122(settings.port)
"""
SETTINGS = """
[kiosk]
centre = "homs-main"
[central]
url = "http://127.0.0.1:9"
[devices.card_reader]
driver = "{driver}"
port = "/dev/acr122"
profile = "whatever it calls it"
"""


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    info = tmp_path / "site/acr122_kiosk-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: acr122-kiosk\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[homs_kiosk.card_readers]\nacr122 = acr122_kiosk:open_acr122\n")
    (tmp_path / "site/acr122_kiosk.py").write_text(DRIVER)
    monkeypatch.syspath_prepend(str(tmp_path / "site"))
    monkeypatch.delitem(sys.modules, "acr122_kiosk", raising=False)
    return tmp_path


def settings(folder: Path, driver: str) -> Path:
    path = folder / "kiosk.toml"
    path.write_text(SETTINGS.format(driver=driver))
    return path


def test_a_driver_of_another_package_is_one_like_the_others(package: Path) -> None:
    config = load_settings(settings(package, "acr122"))
    section = config.devices.card_reader
    assert section is not None
    driver = open_device("card_reader", DeviceSettings(section.driver, section.port))
    assert (driver.status().device, driver.__class__.__name__) == (DeviceState.ONLINE, "Acr122")
    assert watch_of(config.devices, package).report(Device.CARD_READER).is_fitted


def test_a_driver_that_nobody_brings_is_named_with_those_there_are(package: Path) -> None:
    with pytest.raises(ConfigError, match=r"'acr123'.*magstripe, rdm6300, pn532, crt591, acr122"):
        load_settings(settings(package, "acr123"))


def test_what_is_installed_is_named_without_being_imported(package: Path) -> None:
    assert list(installed("card_reader")) == ["acr122"]
    assert "acr122_kiosk" not in sys.modules


def test_a_driver_in_the_kiosks_own_folder_is_there_for_every_version(
    package: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "path", [one for one in sys.path if one != str(package / "site")])
    assert list(installed("card_reader")) == []
    monkeypatch.setattr("devices.installed.DRIVERS", package / "site")
    assert list(installed("card_reader")) == ["acr122"]
    assert sys.path[-1] == str(package / "site"), "nothing there takes the place of a module of ours"
    driver = open_device("card_reader", DeviceSettings("acr122", "/dev/acr122"))
    assert driver.__class__.__name__ == "Acr122"
    assert [one for one in sys.path if one == str(package / "site")] == [str(package / "site")]


def test_the_doctor_says_who_brings_a_driver_and_whether_it_loads(package: Path) -> None:
    config = load_settings(settings(package, "acr122"))
    (found,) = check_drivers(config)
    assert (found.check, found.verdict, found.found) == ("drivers", Verdict.OK, "acr122 is brought by acr122-kiosk 1.0")
    (package / "site/acr122_kiosk.py").write_text("import of_a_library_that_is_not_here\n")
    sys.modules.pop("acr122_kiosk", None)
    (found,) = check_drivers(config)
    assert found.verdict is Verdict.PROBLEM
    assert "ModuleNotFoundError" in found.found


def test_a_scanner_may_be_described_in_a_file(tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text('baudrate = 115200\ngap_s = 0.2\ntrigger_on = "16 54 0d"\n')
    assert load(str(own)) == ScannerProfile(115200, 0.2, b"\x16T\r")
    assert profile_named(str(own), {"light_on": "aa"}).light_on == b"\xaa"
    with PtyPort(Echo()) as port:
        scanner = open_device("scanner", DeviceSettings("line-scanner", port.port, profile=str(own)))
        assert isinstance(scanner, LineScanner)
        scanner.close()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("baudrate = 1", "baudrate"),
        ('trigger_on = "xyz"', "trigger_on"),
        ('trigger = "00"', "trigger"),
        ("gap_s =", "own.toml"),
        (f'light_on = "{"00" * 65}"', "light_on"),
    ],
)
def test_a_wrong_file_is_named_with_what_is_wrong_in_it(tmp_path: Path, text: str, said: str) -> None:
    own = tmp_path / "own.toml"
    own.write_text(text)
    with pytest.raises(ProfileError, match=said):
        load(str(own))
    path = settings(tmp_path, "magstripe")
    path.write_text(
        path.read_text() + '[devices.scanner]\ndriver = "line-scanner"\nport = "/dev/x"\nprofile = "own.toml"\n'
    )
    with pytest.raises(ConfigError, match=r"devices\.scanner\.profile"):
        load_settings(path)
