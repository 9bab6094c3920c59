import json
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from kiosk.records.names import SETTINGS
from kiosk.settings.settings import Origin, SettingRefused, Settings

TOML = """
[kiosk]
centre = "homs-main"
data_dir = "var"
opens = "08:00"
[central]
url = "http://127.0.0.1:8000"
[devices.printer]
port = "/dev/kiosk/printer"
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    (tmp_path / "var").mkdir()
    (tmp_path / "kiosk.toml").write_text(TOML)
    return tmp_path / "kiosk.toml"


def test_each_value_says_where_it_comes_from(path: Path) -> None:
    settings = Settings(path, {"kiosk.closes": "14:30"})
    settings.change("speech.volume", 40)
    found = {setting.key: (setting.value, setting.origin) for setting in settings.all()}
    assert found["kiosk.opens"] == ("08:00", Origin.FILE)
    assert found["kiosk.closes"] == ("14:30", Origin.FEED)
    assert found["speech.volume"] == (40, Origin.HERE)
    assert found["screen.diagonal_in"] == (21.5, Origin.DEFAULT)
    assert found["devices.printer.port"] == ("/dev/kiosk/printer", Origin.FILE)
    assert settings.config.speech.volume == 40
    assert settings.config.kiosk.closes == "14:30"


def test_a_change_here_goes_over_the_feed_survives_a_restart_and_can_be_taken_back(path: Path) -> None:
    feed = {"kiosk.opens": "09:00"}
    Settings(path, feed).change("kiosk.opens", "10:00")
    again = Settings(path, feed)
    assert again.config.kiosk.opens == "10:00"
    again.reset("kiosk.opens")
    assert (again.config.kiosk.opens, Settings(path, feed).config.kiosk.opens) == ("09:00", "09:00")


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("speech.volume", 101),
        ("kiosk.opens", "25:00"),
        ("kiosk.languages", ["xx"]),
        ("kiosk.tiles", ["x"] * 7),
        ("devices.printer.port", "/dev/sda"),
        ("central.url", "https://elsewhere"),
        ("screen.orientation", "landscape"),
        ("kiosk.order_page", "https://x/{centre}/{service}"),
        ("no.such", 1),
    ],
)
def test_what_is_wrong_or_not_for_the_spot_is_refused_and_changes_nothing(path: Path, key: str, value: Any) -> None:
    settings = Settings(path)
    before = settings.all()
    with pytest.raises(SettingRefused):
        settings.change(key, value)
    assert settings.all() == before
    assert not (path.parent / "var" / SETTINGS).exists()


def test_a_risky_change_is_gone_after_a_restart_unless_kept(path: Path) -> None:
    settings = Settings(path)

    def orientations() -> tuple[str, str]:
        return settings.config.screen.orientation, Settings(path).config.screen.orientation

    settings.try_out("screen.orientation", "landscape")
    assert orientations() == ("landscape", "portrait")
    settings.undo()
    assert orientations() == ("portrait", "portrait")
    settings.try_out("screen.orientation", "landscape")
    settings.keep()
    assert orientations() == ("landscape", "landscape")
    with pytest.raises(SettingRefused):
        settings.try_out("speech.volume", 10)


def test_the_feed_can_neither_break_the_kiosk_nor_move_its_ports(path: Path) -> None:
    feed = {
        "devices.printer.port": "/dev/sda",
        "central.url": "https://x",
        "speech.volume": "loud",
        "kiosk.opens": "07:00",
        "kiosk.closes": "00:00",
        "kiosk.ticket_page": "https://x/{no}",
        "kiosk.order_page": "http://x/{centre}/{service}",
        "devices.printer.profile": "/nowhere/own.toml",
    }
    settings = Settings(path, feed)
    assert settings.config.devices.printer is not None
    assert settings.config.devices.printer.port == "/dev/kiosk/printer"
    assert settings.config.central.url == "http://127.0.0.1:8000"
    assert settings.config.speech.volume == 70
    assert settings.config.devices.printer.profile == "epson-tm-t20iii"
    kiosk = settings.config.kiosk
    assert (kiosk.opens, kiosk.closes, kiosk.ticket_page, kiosk.order_page) == ("07:00", None, None, None)
    settings.take_feed({})
    assert settings.config.kiosk.opens == "08:00"


def test_hours_are_judged_by_each_other_whichever_comes_first(path: Path) -> None:
    path.write_text(TOML.replace('opens = "08:00"', 'opens = "08:00"\ncloses = "14:00"'))

    def hours(settings: Settings) -> tuple[str | None, str | None]:
        return settings.config.kiosk.opens, settings.config.kiosk.closes

    evening = {"kiosk.opens": "15:00", "kiosk.closes": "20:00"}
    assert (
        hours(Settings(path, evening)) == hours(Settings(path, dict(reversed(evening.items())))) == ("15:00", "20:00")
    )
    settings = Settings(path)
    with pytest.raises(SettingRefused):
        settings.change("kiosk.opens", "15:00")
    settings.change("kiosk.closes", "20:00")
    settings.change("kiosk.opens", "15:00")
    with pytest.raises(SettingRefused):  # right by the file, not by what is in force
        settings.change("kiosk.closes", "14:30")
    assert hours(settings) == hours(Settings(path)) == ("15:00", "20:00")


def test_a_file_that_begins_with_an_editors_mark_says_where_its_values_come_from(path: Path) -> None:
    path.write_text(TOML, encoding="utf-8-sig")
    assert Settings(path).get("kiosk.opens").origin is Origin.FILE


def test_what_the_feed_has_wrong_is_logged_once_not_at_every_look(path: Path) -> None:
    with capture_logs() as logged:
        settings = Settings(path)
        for _ in range(3):
            settings.take_feed({"speech.volume": "loud"})
    assert [line["setting"] for line in logged] == ["speech.volume"]


@pytest.mark.parametrize("torn", ["", "[1]", '{"kiosk.opens": "1', '{"kiosk.opens": 5, "nonsense": {}}'])
def test_a_torn_file_of_changes_is_no_obstacle(path: Path, torn: str) -> None:
    (path.parent / "var" / SETTINGS).write_text(torn)
    settings = Settings(path)
    assert settings.config.kiosk.opens == "08:00"
    settings.change("kiosk.opens", "09:00")
    assert json.loads((path.parent / "var" / SETTINGS).read_text())["kiosk.opens"] == "09:00"


def test_a_printers_profile_needs_a_printer(path: Path) -> None:
    path.write_text(TOML.split("[devices", maxsplit=1)[0])
    with pytest.raises(SettingRefused):
        Settings(path).change("devices.printer.profile", "pos-5890")


def test_a_disk_that_refuses_leaves_the_old_value_in_force(path: Path) -> None:
    settings = Settings(path)
    (path.parent / "var").rename(path.parent / "gone")
    with pytest.raises(OSError, match="No such file"):
        settings.change("speech.volume", 10)
    assert settings.config.speech.volume == 70
