"""Which device tests are offered, what their last results look like, and how large the panel is."""

import math
from types import SimpleNamespace
from typing import Any, cast

import pytest

from kiosk.maintenance.hardware import device_tests
from kiosk.maintenance.prompts import Line, Panel, Tone, TouchTarget
from kiosk.peripherals.report import Device
from kiosk.prompts.ui import OFFERED, Availability, Back, Text
from kiosk.settings.sections import ScreenSection
from tests.kiosk.maintenance.given import OVER
from tests.kiosk.maintenance.scripted import Workshop

NONE_FITTED = Availability(False, Text("maintenance.not_fitted"))
NO_SOUND = Availability(False, Text("maintenance.no_sound"))
NEEDS = {"page": Device.PRINTER, "scan": Device.SCANNER, "card": Device.CARD_READER}


def offered(name: str, fitted: set[Device], sound: object) -> Availability:
    devices = SimpleNamespace(report=lambda device: SimpleNamespace(is_fitted=device in fitted))
    session = SimpleNamespace(tools=SimpleNamespace(devices=devices, play_sound=sound))
    return device_tests._offered(cast("Any", session), name)


@pytest.mark.parametrize("name", device_tests.TESTS)
def test_a_test_is_offered_where_what_it_tries_is_there(name: str) -> None:
    everything, sound = set(Device), object()
    assert offered(name, everything, sound) == OFFERED
    assert offered(name, everything, None) == (NO_SOUND if name == "sound" else OFFERED)
    assert offered(name, set(), sound) == (NONE_FITTED if name in NEEDS else OFFERED)
    if name in NEEDS:
        assert offered(name, everything - {NEEDS[name]}, sound) == NONE_FITTED
        assert offered(name, {NEEDS[name]}, sound) == OFFERED


@pytest.mark.parametrize(
    ("last", "text", "tone"),
    [
        (None, "maintenance.untested", Tone.UNKNOWN),
        ("good", "maintenance.result.good", Tone.GOOD),
        ("bad", "maintenance.result.bad", Tone.BAD),
    ],
)
def test_the_last_result_is_told_with_its_tone(last: str | None, text: str, tone: Tone) -> None:
    assert device_tests._line("scan", last) == Line(Text("maintenance.test.scan"), Text(text), tone)


@pytest.mark.parametrize(("outcome", "is_good"), [((10.0, 0.0), True), ((10.5, 0.0), False), ((0.0, 10.5), False)])
async def test_a_touch_may_be_ten_millimetres_beside_its_target(
    workshop: Workshop, outcome: tuple[float, float], is_good: bool
) -> None:
    width, height = device_tests.panel_mm(workshop.settings.config.screen)
    beside_x, beside_y = outcome[0] / width * 0.9999, outcome[1] / height * 0.9999
    centre = [("touch", lambda target: (target.x, target.y))] * 8
    display = await workshop.play(
        ("overview", "tests"), ("tests", "touch"), *centre,
        ("touch", lambda target: (target.x + beside_x, target.y - beside_y)), ("test_result", Back()),
        ("tests", Back()), OVER,
    )  # fmt: skip
    result = [prompt for prompt in display.seen if isinstance(prompt, Panel) and prompt.panel == "test_result"][-1]
    word = "maintenance.tested.good" if is_good else "maintenance.tested.bad"
    label = Text("maintenance.test.touch")
    assert result.lines[0] == Line(label, Text(word), Tone.GOOD if is_good else Tone.BAD)
    assert result.lines[1] == Line(Text("maintenance.detail"), f"{max(outcome):.1f} mm")
    targets = [(one.number, one.of) for one in display.seen if isinstance(one, TouchTarget)]
    assert targets == [(number, 9) for number in range(1, 10)]


@pytest.mark.parametrize(
    ("screen", "ratio"),
    [
        (ScreenSection(diagonal_in=10.0, orientation="landscape"), 16 / 9),
        (ScreenSection(diagonal_in=10.0, orientation="portrait"), 9 / 16),
        (ScreenSection(diagonal_in=10.0, orientation="landscape", width_px=1000), 16 / 9),
        (ScreenSection(diagonal_in=10.0, orientation="portrait", width_px=800, height_px=1200), 2 / 3),
        (ScreenSection(diagonal_in=10.0, orientation="landscape", width_px=1200, height_px=800), 3 / 2),
    ],
)
def test_a_panel_s_sides_follow_from_its_diagonal_and_pixels(screen: ScreenSection, ratio: float) -> None:
    width, height = device_tests.panel_mm(screen)
    assert math.hypot(width, height) == pytest.approx(254.0)
    assert width / height == pytest.approx(ratio)
