"""The settings file: right ones load, wrong ones are named with their line and what would be right."""

import shutil
from pathlib import Path

import pytest
from PIL import Image, ImageFile

from common.city.brand.brand import Brand, brand
from common.machine.errors import ConfigError
from common.machine.settings_advice import _fields, _right
from common.protocol.setting_values import PRINTER_PROFILES
from devices.code_scanner.profiles import PROFILES as SCANNER_PROFILES
from devices.receipt_printer import profile
from devices.registry import KINDS
from kiosk.peripherals.report import Device
from kiosk.peripherals.supervisor import SUPERVISORS
from kiosk.settings.config import load
from kiosk.settings.sections import KNOWN, DevicesSection, KioskConfig

BRAND = Path(__file__).parents[3] / "deploy" / "brand" / "brand.toml"

RIGHT = """\
[kiosk]
centre = "homs-main"
data_dir = "var"
languages = ["ar", "en"]
[central]
url = "https://central.example"
ca_file = "central-ca.pem"
[screen]
diagonal_in = 21.5
viewing_distance_mm = 500
orientation = "portrait"
[devices.printer]
driver = "escpos"
port = "/dev/serial/by-id/usb-printer"
profile = "epson-tm-t20iii"
baudrate = 115200
flow_control = "rts-cts"
paper_mm = 80
[devices.scanner]
driver = "line-scanner"
port = "/dev/serial/by-id/usb-scanner"
[devices.card_reader]
driver = "magstripe"
port = "/dev/ttyS1"
"""


@pytest.fixture(autouse=True)
def _no_brand_is_left_in_force(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("common.city.brand.brand._in_force", [])


@pytest.fixture
def settings(tmp_path: Path) -> Path:
    (tmp_path / "central-ca.pem").write_text("-----BEGIN CERTIFICATE-----")
    path = tmp_path / "kiosk.toml"
    path.write_text(RIGHT, encoding="utf-8")
    return path


def test_the_settings_of_the_contract_load_with_absolute_paths(settings: Path) -> None:
    config = load(settings)
    assert config.kiosk.centre == "homs-main"
    assert config.data_dir == settings.parent / "var"
    assert config.devices.printer is not None
    assert config.devices.printer.paper_mm == 80
    assert config.default_language == "ar"


def test_devices_may_be_left_out(settings: Path) -> None:
    settings.write_text(RIGHT.split("[devices.printer]", maxsplit=1)[0])
    assert load(settings).devices.printer is None


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ("diagonal_in = 21.5", 'diagonal_in = "big"', "line 9: screen.diagonal_in is 'big'; right would be inches"),
        ("paper_mm = 80", "paper_mm = 70", "line 18: devices.printer.paper_mm is 70; right would be 58 or 80"),
        (
            "paper_mm = 80",
            "paper_nm = 80",
            "line 18: devices.printer.paper_nm is not a setting; known there are: driver",
        ),
        ('centre = "homs-main"', "", "line 1: kiosk.centre is missing; right would be a centre code"),
        ('"rts-cts"', '"dtr"', "line 17: devices.printer.flow_control is 'dtr'; right would be"),
        ("https://", "http://", "line 6: central.url is http to another machine"),
        ('ca_file = "central-ca.pem"', "", "line 6: central.url is https, but central.ca_file is missing"),
        ("central-ca.pem", "other.pem", 'line 7: central.ca_file "other.pem" is no file'),
        ("https://central.example", "central", 'line 6: central.url is "central"'),
        ('["ar", "en"]', '["xx"]', "line 4: kiosk.languages is ['xx']"),
        ('["ar", "en"]', '["ar", "ar"]', "line 4: kiosk.languages has 'ar' twice; right would be each once"),
        ('data_dir = "var"', 'tiles = ["a", "b", "a"]', "line 3: kiosk.tiles has 'a' twice"),
        ("https://central.example", " https://central.example", 'central.url is " https://central.example"; right'),
        ("https://central.example", "https://central .example", 'central.url is "https://central .example"; right'),
        (
            "diagonal_in = 21.5",
            "diagonal_in = 6",
            "line 9: screen.diagonal_in is 6, of an upright panel; right would be 7",
        ),
        ("[screen]", "[screen", "not valid TOML"),
        ("[screen]", "[speach]\n[screen]", "line 8: speach is not a setting; known there are: kiosk"),
        ("[screen]", "[metrics]\nport = 9464\nprot = 1\n[screen]", "line 10: metrics.prot is not a setting; known"),
        ("[screen]", '[service_key]\nport = "/dev/ttyS2"\nlien = "cts"\n[screen]', "line 10: service_key.lien is not"),
        ('"magstripe"', '"zebra"', "line 23: devices.card_reader.driver is 'zebra'; right would be one of: mag"),
        (
            '"magstripe"',
            '"magstripe"\ncheck = "xor"',
            "devices.card_reader.check is 'xor'; right would be",
        ),
        (
            '"line-scanner"',
            '"line-scanner"\nprofile = "x"',
            "devices.scanner.profile is 'x'; right would be one of: line",
        ),
        (
            '"line-scanner"',
            '"line-scanner"\ncheck = "sum"',
            "devices.scanner.check is 'sum'; right would be",
        ),
        ('data_dir = "var"', 'opens = "15:00"\ncloses = "08:00"', "kiosk.opens is '15:00', not before kiosk.closes"),
        ("[screen]", "[ups]\nstop_at = 40\n[screen]", "line 8: ups.stop_orders_at is 40, not above ups.stop_at; right"),
        (
            'data_dir = "var"',
            'closes = "00:00"',
            "line 3: kiosk.closes is '00:00', when the day begins; right would be a later",
        ),
        ('data_dir = "var"', 'opens = "23:59"', "line 3: kiosk.opens is '23:59', not before kiosk.closes"),
        ('data_dir = "var"', 'data_dir = "a\\u0000b"', "line 3: kiosk.data_dir"),
        ("https://central.example", "https://[::1", 'central.url is "https://[::1"; right would be an address'),
        ("https://central.example", "https://central.example:99999", "central.url is"),
        ('ca_file = "central-ca.pem"', 'ca_file = ""', "central.ca_file is ''"),
        ('"epson-tm-t20iii"', '"nope"', f"profile is 'nope'; right would be one of: {PRINTER_PROFILES[0]}, "),
        ('"epson-tm-t20iii"', '"nope"', "line 15: devices.printer.profile is 'nope'"),
        ('"epson-tm-t20iii"', '"\\u0000.toml"', "line 15: devices.printer.profile is '\\x00.toml'; right would be"),
        ('"epson-tm-t20iii"', '"own.toml"', "line 15: devices.printer.profile: "),
        ('"epson-tm-t20iii"', '"kiosk.toml"', "line 15: devices.printer.profile: "),
        ('data_dir = "var"', 'ticket_page = "https://t.example/"', "line 3: kiosk.ticket_page"),
        ('data_dir = "var"', 'ticket_page = "https://حمص.example/{id}"', "in ASCII"),
    ],
)
def test_a_wrong_setting_is_named_with_its_line_and_what_would_be_right(
    settings: Path, old: str, new: str, named: str
) -> None:
    assert old in RIGHT
    settings.write_text(RIGHT.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ConfigError) as raised:
        load(settings)
    assert named in str(raised.value)


def test_every_setting_says_what_would_be_right() -> None:
    paths = [[name] for name in _fields(KioskConfig, [])]
    for path in paths:  # which grows by what is in each table
        paths += [[*path, name] for name in _fields(KioskConfig, path)]
    assert len(paths) > 40
    assert [path for path in paths if _right(KioskConfig, path) == "nothing there"] == []
    own = [[name] for name in _fields(Brand, []) if name != "pictures"]
    own += [[*path, name] for path in own for name in _fields(Brand, path)]
    assert [path for path in own if _right(Brand, path) == "nothing there"] == []


def test_the_known_devices_are_those_of_the_registry() -> None:
    assert {kind: tuple(drivers) for kind, (drivers, _) in KNOWN.items()} == {k: tuple(d) for k, d in KINDS.items()}
    for others in (Device, SUPERVISORS, DevicesSection.__struct_fields__):
        assert list(others) == list(KINDS), "a kind of device is known everywhere or nowhere"
    assert tuple(KNOWN["scanner"][1]) == tuple(SCANNER_PROFILES)
    assert list(KNOWN["printer"][1]) == profile.names()


def test_a_brand_is_in_force_and_says_the_first_language(settings: Path) -> None:
    shutil.copytree(BRAND.parent, settings.parent / "brand")
    named = RIGHT.replace('data_dir = "var"', 'brand = "brand/brand.toml"')
    settings.write_text(named.replace('languages = ["ar", "en"]\n', ""), encoding="utf-8")
    assert load(settings).kiosk.languages == ["en", "ar"]
    assert brand().currency.code == "JOD"
    settings.write_text(named, encoding="utf-8")
    assert load(settings).default_language == "ar"  # what the kiosk's own settings say goes before it


@pytest.mark.parametrize("takes_parts", [False, True])  # for all libraries of a process: the reports' sets it
def test_a_picture_that_cannot_be_drawn_is_named(
    settings: Path, monkeypatch: pytest.MonkeyPatch, takes_parts: bool
) -> None:
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", takes_parts)
    shutil.copytree(BRAND.parent, settings.parent / "brand")
    settings.write_text(RIGHT.replace('data_dir = "var"', 'brand = "brand/brand.toml"'), encoding="utf-8")
    emblem = settings.parent / "brand" / "emblem.png"
    emblem.write_bytes(emblem.read_bytes()[:900])
    with pytest.raises(ConfigError, match=r"kiosk\.brand: emblem can't be drawn \(\w+\); right would be a whole PNG"):
        load(settings)
    Image.new("RGB", (64, 64), "red").save(emblem)
    with pytest.raises(ConfigError, match="emblem is opaque all over, or nowhere"):
        load(settings)


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (('["en", "ar"]', '["en", "fr"]'), "languages has 'fr'; right would be of ar, en, ku"),
        (("Asia/Amman", "Amman"), 'time_zone is "Amman"'),
        (("#1B3A73", "#7A9BD6"), "primary #7A9BD6 on ground #F4F6FA has a contrast of 2.6:1; right would be 7:1"),
    ],
)
def test_a_wrong_brand_is_named_with_its_setting(settings: Path, change: tuple[str, str], named: str) -> None:
    shutil.copytree(BRAND.parent, settings.parent / "brand")
    own = settings.parent / "brand" / "brand.toml"
    own.write_text(own.read_text("utf-8").replace(*change), encoding="utf-8")
    settings.write_text(RIGHT.replace('data_dir = "var"', 'brand = "brand/brand.toml"'), encoding="utf-8")
    with pytest.raises(ConfigError) as refused:
        load(settings)
    assert "line 3: kiosk.brand: " in str(refused.value)
    assert named in str(refused.value)
    assert brand().currency.code == "SYP"


def test_a_profile_of_the_installers_own_lies_beside_the_settings(settings: Path) -> None:
    own = settings.with_name("own.toml")
    shutil.copy(Path(profile.__file__).parent / "profiles" / "pos-5890.toml", own)
    settings.write_text(RIGHT.replace("epson-tm-t20iii", own.name), encoding="utf-8")
    printer = load(settings).devices.printer
    assert printer is not None
    assert printer.profile == str(own)


def test_the_mark_that_some_editors_begin_a_file_with_is_passed_over(settings: Path) -> None:
    own = settings.with_name("own.toml")
    own.write_text('name = "x"', encoding="utf-8-sig")
    settings.write_text(RIGHT.replace("epson-tm-t20iii", own.name), encoding="utf-8-sig")
    assert load(settings).kiosk.centre == "homs-main"


def test_a_missing_or_unreadable_file_is_said_to_be_so(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="there is no such file"):
        load(tmp_path / "none.toml")
    (tmp_path / "binary.toml").write_bytes(b"[kiosk]\ncentre = '\xff'\n")
    with pytest.raises(ConfigError, match=r"binary.toml, line 2: found bytes that are no UTF-8"):
        load(tmp_path / "binary.toml")
    (tmp_path / "deep.toml").write_text("a = " + "[" * 10_000)
    with pytest.raises(ConfigError, match="nested too deeply"):
        load(tmp_path / "deep.toml")
    with pytest.raises(ConfigError, match=r"can't be read: Is a directory$"):
        load(tmp_path)
