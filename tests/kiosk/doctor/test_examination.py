import json
import os
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import update

from common.machine.locks import PrinterLock
from common.machine.stamp import Trust
from kiosk import language
from kiosk.doctor import Finding, Verdict, examine
from kiosk.doctor.disk import check_disk
from kiosk.doctor.software import check_software, check_texts
from kiosk.doctor.stored import check_store
from kiosk.runtime.parts import open_store
from kiosk.settings.config import load
from kiosk.settings.sections import LANGUAGES
from offline_store.disk import tables
from offline_store.issuing.intake import TicketRequest, accept_ticket
from tests.kiosk.doctor.enrolled import enrol_by_hand
from tests.kit.store import stamp

BRAND = Path(__file__).parents[3] / "deploy" / "brand" / "brand.toml"
TOML = """
[kiosk]
centre = "homs-main"
data_dir = "var"
[central]
url = "http://127.0.0.1:9"
[devices.printer]
port = "/dev/kiosk-test/no-such-printer"
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    (tmp_path / "var").mkdir()
    (tmp_path / "kiosk.toml").write_text(TOML)
    return tmp_path / "kiosk.toml"


def verdicts(findings: Iterator[Finding]) -> dict[str, Finding]:
    """The worst finding of each check."""
    order = [Verdict.SKIPPED, Verdict.OK, Verdict.WARNING, Verdict.PROBLEM]
    worst: dict[str, Finding] = {}
    for finding in findings:
        known = worst.get(finding.check)
        if known is None or order.index(finding.verdict) > order.index(known.verdict):
            worst[finding.check] = finding
    return worst


def test_a_wrong_setting_is_the_one_finding(path: Path) -> None:
    path.write_text(TOML.replace("homs-main", "Homs Main!"))
    found = list(examine(path))
    assert [(finding.check, finding.verdict) for finding in found] == [("settings", Verdict.PROBLEM)]
    assert "line 3" in found[0].found


def test_before_enrolment_it_says_what_to_do(path: Path) -> None:
    found = verdicts(examine(path))
    assert found["settings"].verdict is Verdict.OK
    assert found["letters"].verdict is Verdict.OK
    assert found["texts"].verdict is Verdict.OK
    assert found["identity"].verdict is Verdict.PROBLEM
    assert "kiosk enrol" in found["identity"].todo
    assert found["printer"].verdict is Verdict.PROBLEM


def test_every_finding_that_is_not_well_says_what_to_do(path: Path) -> None:
    enrol_by_hand(path.parent / "var")
    for finding in examine(path):
        assert finding.found
        assert bool(finding.todo) == (finding.verdict in (Verdict.WARNING, Verdict.PROBLEM))
        assert "\n" not in finding.line
        assert json.loads(json.dumps(finding.as_dict()))["verdict"] == finding.verdict


def test_an_enrolled_kiosk_without_network_serves(path: Path) -> None:
    enrol_by_hand(path.parent / "var")
    found = verdicts(examine(path))
    assert found["store"].verdict is Verdict.OK
    assert found["chain"].verdict is Verdict.OK
    assert found["keys"].verdict is Verdict.OK
    assert found["central"].verdict is Verdict.WARNING
    assert "kept" in found["central"].todo


def test_a_file_that_is_no_ca_is_named(path: Path) -> None:
    enrol_by_hand(path.parent / "var")
    (path.parent / "ca.pem").write_text("no certificate")
    path.write_text(TOML.replace('"http://127.0.0.1:9"', '"https://127.0.0.1:9"\nca_file = "ca.pem"'))
    found = verdicts(examine(path))["central"]
    assert (found.verdict, "ca.pem cannot be read as PEM" in found.found) == (Verdict.WARNING, True)
    assert "central.ca_file" in found.todo


def test_a_tile_that_is_no_service_and_a_missing_folder_of_clips_are_named(path: Path) -> None:
    enrol_by_hand(path.parent / "var")
    path.write_text(
        TOML.replace("[central]", 'tiles = ["plan-copy", "plan-cpoy"]\n[central]') + '[speech]\nclips = "clips"\n'
    )
    found = verdicts(examine(path))
    assert (found["tiles"].verdict, "plan-cpoy, and no such" in found["tiles"].found) == (Verdict.WARNING, True)
    assert (found["clips"].verdict, f"{path.parent}/clips/ar" in found["clips"].found) == (Verdict.WARNING, True)
    for code in ("ar", "en"):
        folder = path.parent / "clips" / code
        folder.mkdir(parents=True)
        (folder / "welcome.wav").touch()
    assert verdicts(examine(path))["clips"].verdict is Verdict.OK


def test_whose_kiosk_it_is_is_said_and_a_colour_that_cannot_be_read_named(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("common.city.brand.brand._in_force", [])
    assert verdicts(examine(path))["brand"].found == (
        "authority not said; Asia/Damascus; SYP, 2 decimal places; order codes of muamalati"
    )
    shutil.copytree(BRAND.parent, path.parent / "brand")
    path.write_text(TOML.replace("[central]", 'brand = "brand/brand.toml"\n[central]'))
    assert verdicts(examine(path))["brand"].found.startswith("Harbour Municipality; Asia/Amman; JOD, 3")
    own = path.parent / "brand" / "brand.toml"
    own.write_text(own.read_text("utf-8").replace("#1B3A73", "#7A9BD6"), encoding="utf-8")
    found = verdicts(examine(path))["settings"]
    assert found.verdict is Verdict.PROBLEM
    assert "kiosk.brand: " in found.found
    assert "primary #7A9BD6 on ground #F4F6FA has a contrast of 2.6:1; right would be 7:1" in found.found


def test_a_changed_item_is_named(path: Path) -> None:
    data_dir = path.parent / "var"
    enrol_by_hand(data_dir)
    assert verdicts(examine(path))["chain"].verdict is Verdict.OK
    with sqlite3.connect(data_dir / "store.db") as store:
        store.execute("UPDATE items SET wall_time = '2020-01-01T00:00:00.000000Z' WHERE seq = 1")
    store.close()
    found = verdicts(examine(path))
    assert found["chain"].verdict is Verdict.PROBLEM
    assert "changed" in found["chain"].found


def test_of_many_places_that_do_not_hold_the_number_and_the_first_three_are_named(path: Path) -> None:
    enrol_by_hand(path.parent / "var")
    with open_store(load(path)) as opened:
        for n in range(5):
            accept_ticket(opened.store, TicketRequest("clearance", "B"), intention=f"i{n}", stamp=stamp())
        with opened.store.write() as connection:
            changed = connection.execute(update(tables.items).values(wall_time="2020-01-01T00:00:00.000000Z")).rowcount
        found = next(one for one in check_store(opened.store, stamp()) if one.check == "chain")
    assert changed >= 5
    assert found.found.startswith(f"{changed} places do not hold: ")
    assert found.found.count(";") == 2


def test_a_kiosk_of_another_centre_is_named(path: Path) -> None:
    enrol_by_hand(path.parent / "var", centre="homs-new")
    found = verdicts(examine(path))["identity"]
    assert found.verdict is Verdict.PROBLEM
    # A code for the centre of the enrolment would be refused: it is not that of the settings.
    assert found.todo == 'kiosk.centre = "homs-new", or kiosk enrol with a new code for "homs-main"'


def test_keys_that_others_may_read_are_named(path: Path) -> None:
    data_dir = path.parent / "var"
    enrol_by_hand(data_dir)
    next((data_dir / "keys").iterdir()).chmod(0o644)
    found = verdicts(examine(path))["keys"]
    assert found.verdict is Verdict.PROBLEM
    assert "chmod 600" in found.todo


def test_a_driver_and_a_profile_that_do_not_exist_are_named(path: Path) -> None:
    for wrong, named in (('driver = "laser"', "printer.driver is 'laser'"), ('profile = "no-such"', "no-such")):
        path.write_text(f"{TOML}{wrong}\n")
        assert any(named in finding.found for finding in examine(path) if finding.check == "settings")


@pytest.mark.parametrize(
    ("panel", "verdict"),
    [
        ('diagonal_in = 10.1\norientation = "portrait"', Verdict.WARNING),
        ('diagonal_in = 10.1\norientation = "landscape"', Verdict.WARNING),
        ('diagonal_in = 10.1\norientation = "landscape"\nviewing_distance_mm = 400', Verdict.OK),
        ('diagonal_in = 15\norientation = "portrait"', Verdict.OK),
    ],
)
def test_a_small_panel_that_stands_upright_or_is_read_from_far_away_is_named(
    path: Path, panel: str, verdict: Verdict
) -> None:
    path.write_text(f"{TOML}[screen]\n{panel}\n")
    assert next(one for one in check_software(load(path)) if one.check == "panel").verdict is verdict


def test_while_the_kiosk_runs_its_own_report_is_told(path: Path) -> None:
    from kiosk.health import Health, HealthReport

    data_dir = path.parent / "var"
    HealthReport(data_dir).offer(Health(version="1", devices={"printer": "Offline", "scanner": "Online"}), 0)
    with PrinterLock(data_dir):
        found = verdicts(examine(path))
    assert (found["printer"].verdict, found["scanner"].verdict) == (Verdict.PROBLEM, Verdict.OK)


def test_a_check_that_fails_itself_stops_no_other(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> Iterator[Finding]:
        raise RuntimeError("unforeseen")

    monkeypatch.setattr("kiosk.doctor.examination.check_disk", broken)
    found = verdicts(examine(path))
    assert found["disk"].verdict is Verdict.PROBLEM
    assert "battery" in found


def test_a_full_disk_is_a_problem(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.statvfs(path.parent)

    class Full:
        f_bavail, f_frsize, f_files, f_favail = 10, 4096, real.f_files, 10**6

    monkeypatch.setattr("kiosk.doctor.disk.os.statvfs", lambda _: Full)
    assert verdicts(examine(path))["free disk"].verdict is Verdict.PROBLEM


@pytest.mark.parametrize(
    ("trust", "verdict"), [("synced", Verdict.OK), ("restored", Verdict.WARNING), ("unknown", Verdict.WARNING)]
)
def test_a_kiosk_just_installed_has_its_day_from_the_first_number_on(
    path: Path, trust: Trust, verdict: Verdict
) -> None:
    enrol_by_hand(path.parent / "var")
    with open_store(load(path)) as opened:
        found = {finding.check: finding for finding in check_store(opened.store, stamp(trust=trust))}
    assert found["business day"].verdict is verdict


def test_two_devices_on_one_port_are_named(path: Path) -> None:
    scanner = '[devices.scanner]\ndriver = "line-scanner"\nport = "/dev/kiosk-test/no-such-printer"\n'
    path.write_text(TOML + scanner)
    assert "no-such-printer is the port of the printer too" in verdicts(examine(path))["scanner"].found


def test_a_data_folder_of_somebody_elses_is_named_with_what_to_do(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = path.parent / "var"
    monkeypatch.setattr(os, "access", lambda place, _: place != folder)
    (finding,) = check_disk(folder)
    assert (finding.verdict, str(folder) in finding.found, "chown" in finding.todo) == (Verdict.PROBLEM, True, True)


def test_a_key_that_may_not_be_read_is_no_reason_to_enrol_again(path: Path) -> None:
    enrol_by_hand(path.parent / "var")
    (key,) = (path.parent / "var" / "keys").iterdir()
    key.unlink()
    key.mkdir()  # stands for a file of another user: tests run as root, who reads everything
    problems = [one for one in examine(path) if one.check == "keys" and one.verdict is Verdict.PROBLEM]
    (finding,) = [one for one in problems if str(key) in one.found]
    assert "owner and mode" in finding.todo


def test_a_draft_that_the_font_cant_draw_is_a_warning_and_says_what_it_waits_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for complete in LANGUAGES:
        shutil.copy(language.FOLDER / f"{complete}.po", tmp_path)
    (tmp_path / "tr.po").write_text('msgid ""\nmsgstr "Language: tr\\n"\n\nmsgid "common.back"\nmsgstr "Sağ ol"\n')
    monkeypatch.setattr(language, "FOLDER", tmp_path)
    monkeypatch.setattr("kiosk.doctor.software.DRAFTS", ("tr",))
    (found,) = check_texts()
    assert (found.verdict, found.found) == (Verdict.WARNING, "tr.po: the font draws a box for: ğ")
    assert "another font" in found.todo
