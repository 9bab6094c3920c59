"""What the doctor says of the program and its settings, sentence by sentence."""

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from common.city.brand.brand import brand
from common.city.catalogue import CatalogueError, load_catalogue
from common.machine.doctor.finding import Finding, Verdict
from kiosk.doctor import software
from kiosk.doctor.software import (
    check_brand,
    check_clips,
    check_drivers,
    check_letters,
    check_panel,
    check_services,
    check_tiles,
)
from kiosk.settings.sections import KNOWN, ScreenSection


def _said(finding: Finding) -> tuple[str, Verdict, str]:
    return finding.check, finding.verdict, finding.found


@pytest.mark.parametrize(
    ("orientation", "inches", "distance", "verdict", "said"),
    [
        ("portrait", 14.0, 900, Verdict.OK, ""),
        ("portrait", 13.9, 300, Verdict.WARNING, ": too narrow, letters leave their buttons"),
        ("landscape", 13.9, 400, Verdict.OK, ""),
        ("landscape", 13.9, 401, Verdict.WARNING,
         ", read from 401 mm: letters so large leave their buttons"),
        ("landscape", 14.0, 401, Verdict.OK, ""),
    ],
)  # fmt: skip
def test_a_panel_is_large_enough_for_how_it_hangs(
    orientation: Any, inches: float, distance: int, verdict: Verdict, said: str
) -> None:
    screen = ScreenSection(orientation=orientation, diagonal_in=inches, viewing_distance_mm=distance)
    assert _said(check_panel(screen)) == ("panel", verdict, f"{inches:g} inches, {orientation}{said}")


def test_services_that_do_not_read_are_named_and_a_catalogue_that_does_not_is_a_problem(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    count = len(load_catalogue().services)
    assert _said(check_services()) == ("services", Verdict.OK, f"{count} services")
    left_out = replace(load_catalogue(), disabled={code: f"why {code}" for code in "abcd"})
    monkeypatch.setattr(software, "load_catalogue", lambda: left_out)
    assert _said(check_services()) == ("services", Verdict.WARNING, "left out: a: why a; b: why b; c: why c")

    def fails() -> None:
        raise CatalogueError("line 3")

    monkeypatch.setattr(software, "load_catalogue", fails)
    assert _said(check_services()) == ("services", Verdict.PROBLEM, "line 3")


def test_tiles_are_services_that_are_offered() -> None:
    catalogue = load_catalogue()
    assert _said(check_tiles([], catalogue)) == ("tiles", Verdict.OK, "as the catalogue has them")
    two = check_tiles(["clearance", "water-bill"], catalogue)
    assert _said(two) == ("tiles", Verdict.OK, "2 on the start screen are chosen")
    wrong = check_tiles(["clearance", "x" * 50, "no-such"], catalogue)
    said = f"kiosk.tiles has {'x' * 40}, no-such, and no such service is offered"
    assert _said(wrong) == ("tiles", Verdict.WARNING, said)


def test_clips_lie_there_in_every_language(tmp_path: Path) -> None:
    missing = f"no clip in {tmp_path / 'ar'}, {tmp_path / 'en'}"
    assert _said(check_clips(tmp_path, ["ar", "en"])) == ("clips", Verdict.WARNING, missing)
    for code, file in (("ar", "speech.start.wav"), ("en", "notes.txt")):
        (tmp_path / code).mkdir()
        (tmp_path / code / file).touch()
    assert _said(check_clips(tmp_path, ["ar", "en"])) == ("clips", Verdict.WARNING, f"no clip in {tmp_path / 'en'}")
    assert _said(check_clips(tmp_path, ["ar"])) == ("clips", Verdict.OK, "recorded in 1 languages")


def test_whose_kiosk_it_is_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    own = brand()
    tail = f"{own.time_zone}; {own.currency.code}, {own.currency.exponent} decimal places"
    end = f"{tail}; order codes of {own.app.issuer}"
    said: Any = SimpleNamespace(
        authority={"en": "City of Homs"}, time_zone=own.time_zone, currency=own.currency, app=own.app
    )
    assert _said(check_brand(said)) == ("brand", Verdict.OK, f"City of Homs; {end}")
    said.authority = None
    assert _said(check_brand(said)) == ("brand", Verdict.OK, f"authority not said; {end}")

    assert _said(check_letters()) == ("letters", Verdict.OK, "Arabic is joined and ordered")

    def fails() -> None:
        raise OSError("no fribidi")

    monkeypatch.setattr(software, "check_shaping", fails)
    assert _said(check_letters()) == ("letters", Verdict.PROBLEM, "no fribidi")


@pytest.mark.parametrize("loads", [True, False])
@pytest.mark.parametrize("has_package", [True, False])
def test_a_driver_of_another_package_is_named_with_it(
    monkeypatch: pytest.MonkeyPatch, loads: bool, has_package: bool
) -> None:
    def load() -> None:
        if not loads:
            raise ImportError("x")

    dist = SimpleNamespace(name="acme", version="2.1") if has_package else None
    monkeypatch.setattr(software, "installed", lambda _: {"acme": SimpleNamespace(dist=dist, load=load)})
    package = "acme 2.1" if has_package else ""
    devices = SimpleNamespace(printer=None, fitted=lambda: {"scanner": SimpleNamespace(driver="acme")})
    (found,) = check_drivers(cast("Any", SimpleNamespace(devices=devices)))
    if loads:
        assert _said(found) == ("drivers", Verdict.OK, f"acme is brought by {package}")
    else:
        assert _said(found) == ("drivers", Verdict.PROBLEM, f"acme of {package} can't be loaded: ImportError")


def test_a_profile_that_no_printer_has_is_a_problem_and_our_own_drivers_are_said_nothing_of() -> None:
    printer = SimpleNamespace(profile="no-such", driver="escpos")
    scanner = SimpleNamespace(driver=next(iter(KNOWN["scanner"][0])))
    devices = SimpleNamespace(printer=printer, fitted=lambda: {"scanner": scanner})
    (found,) = check_drivers(cast("Any", SimpleNamespace(devices=devices)))
    assert (found.check, found.verdict, found.todo) == ("settings", Verdict.PROBLEM, "correct devices.printer.profile")
    printer.profile = "pos-5890"
    assert list(check_drivers(cast("Any", SimpleNamespace(devices=devices)))) == []
