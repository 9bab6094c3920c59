"""The UPS through its three lost answers and back, the light on battery, and the backlight's own file."""

import asyncio
from pathlib import Path
from typing import Any, cast

import aionut
import pytest
from structlog.testing import capture_logs

from kiosk.machine.backlight import Backlight
from kiosk.machine.brightness import can_be_set, set_brightness
from kiosk.machine.power import (
    PowerReading,
    PowerState,
    ServiceLevel,
    UpsWatch,
    ask_to_restart,
    ask_to_stop,
    reading_of,
)
from kiosk.settings.sections import UpsSection

WEEK_S = 7 * 24 * 3600
WELL = {"ups.status": "OL", "battery.charge": "100"}
EMPTY = {"ups.status": "OB", "battery.charge": "20"}


@pytest.mark.parametrize(
    ("charge", "runtime", "expected"),
    [
        ("0", "0", (0, 0)),
        ("100", str(WEEK_S), (100, WEEK_S)),
        ("100.1", str(WEEK_S + 1), (None, None)),
        ("-0.5", "", (None, None)),
        ("0.5", "59.9", (0, 59)),
    ],
)
def test_charge_and_minutes_are_believed_within_their_bounds(
    charge: str, runtime: str, expected: tuple[int | None, int | None]
) -> None:
    found = reading_of({"ups.status": "OL", "battery.charge": charge, "battery.runtime": runtime})
    assert (found.charge_percent, found.runtime_s) == expected


class Client:
    """Answers by a list; what is an error is raised."""

    timeout = 3.0

    def __init__(self, *answers: Any) -> None:
        self.answers = list(answers)
        self.did: list[str] = []

    async def list_vars(self, name: str) -> dict[str, str]:
        self.did.append(name)
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return cast("dict[str, str]", answer)

    def disconnect(self) -> None:
        self.did.append("disconnect")

    def shutdown(self) -> None:
        self.did.append("shutdown")


def watching(*answers: Any) -> tuple[UpsWatch, Client]:
    watch, client = UpsWatch(UpsSection()), Client(*answers)
    assert watch._client.timeout == 3.0
    watch._client = cast("Any", client)
    return watch, client


async def test_the_third_lost_answer_in_a_row_makes_it_unknown_and_is_logged_once() -> None:
    watch, client = watching(WELL, *[OSError("away")] * 4, WELL, *[aionut.NUTError()] * 2, WELL, *[ValueError()] * 3)
    with capture_logs() as logs:
        states = [(await watch.read()).state.value for _ in range(12)]
    assert states == ["mains"] * 3 + ["unknown"] * 2 + ["mains"] * 6 + ["unknown"]
    told = [(line["event"], line["log_level"], line.get("reason")) for line in logs]
    assert told == [
        ("ups-lost", "warning", "away"), ("ups-back", "info", None), ("ups-lost", "warning", "ValueError"),
    ]  # fmt: skip
    assert client.did.count("disconnect") == 9
    assert watch.service is ServiceLevel.FULL


async def test_each_change_is_told_once_every_ten_seconds_it_looks_and_lets_go_at_its_end() -> None:
    watch, client = watching(WELL, WELL, EMPTY, WELL)
    heard: list[tuple[PowerReading, ServiceLevel]] = []
    slept: list[float] = []

    async def changed(reading: PowerReading, level: ServiceLevel) -> None:
        heard.append((reading, level))

    async def sleep(seconds: float) -> None:
        slept.append(seconds)
        if len(slept) == 4:
            raise asyncio.CancelledError

    with capture_logs() as logs, pytest.raises(asyncio.CancelledError):
        await watch.run(changed, sleep)
    mains, battery = PowerReading(PowerState.MAINS, 100), PowerReading(PowerState.BATTERY, 20)
    assert heard == [(mains, ServiceLevel.FULL), (battery, ServiceLevel.STOPPING), (mains, ServiceLevel.FULL)]
    assert [(line["event"], line["state"], line["charge_percent"]) for line in logs] == [
        ("power-read", one.state, one.charge_percent) for one, _ in heard
    ]
    assert slept == [10.0] * 4
    assert client.did == ["ups"] * 4 + ["shutdown"]
    assert [level.value for level in ServiceLevel] == [0, 1, 2]


def test_stop_and_restart_are_asked_for_by_a_file_each(tmp_path: Path) -> None:
    ask_to_stop(tmp_path)
    assert [one.name for one in tmp_path.iterdir()] == ["poweroff"]
    ask_to_restart(tmp_path)
    assert sorted(one.name for one in tmp_path.iterdir()) == ["poweroff", "reboot"]


@pytest.mark.parametrize(
    ("idle_s", "on_battery", "percent", "expected"),
    [(299.9, True, 80, [80]), (300.0, True, 80, [30]), (300.0, False, 80, [80]), (300.0, True, 20, [20]),
     (0.0, False, 100, [])],
)  # fmt: skip
async def test_on_battery_the_light_goes_down_after_five_minutes(
    idle_s: float, on_battery: bool, percent: int, expected: list[int]
) -> None:
    lit: list[int] = []
    light = Backlight(lambda: percent, lambda: on_battery, lambda: idle_s, lit.append)
    await light.look()
    await light.look()
    assert lit == expected


async def test_it_looks_more_often_while_dark_so_that_a_touch_lights_it(monkeypatch: pytest.MonkeyPatch) -> None:
    idle, slept, lit = [400.0], list[float](), list[int]()

    async def sleep(seconds: float) -> None:
        slept.append(seconds)
        idle[0] = 0.0
        if len(slept) == 2:
            raise asyncio.CancelledError

    monkeypatch.setattr("kiosk.machine.backlight.asyncio.sleep", sleep)
    light = Backlight(lambda: 90, lambda: True, lambda: idle[0], lit.append)
    with pytest.raises(asyncio.CancelledError):
        await light.run()
    assert (slept, lit) == ([0.2, 2.0], [30, 90])


@pytest.mark.parametrize("error", [OSError("refused"), ValueError("torn")])
async def test_a_light_that_cannot_be_set_is_logged_and_stops_nothing(error: Exception) -> None:
    def refuse(_percent: int) -> None:
        raise error

    light = Backlight(lambda: 50, lambda: False, lambda: 0.0, refuse)
    with capture_logs() as logs:
        await light.look()
        await light.look()
    assert [(line["event"], line["reason"], line["log_level"]) for line in logs] == [
        ("brightness-not-set", type(error).__name__, "warning")
    ]


@pytest.mark.parametrize(("percent", "written"), [(0, "1"), (1, "1"), (50, "60"), (99, "118"), (100, "120")])
def test_the_backlight_is_set_in_its_own_steps_and_never_put_out(tmp_path: Path, percent: int, written: str) -> None:
    assert (can_be_set(tmp_path), set_brightness(percent, tmp_path)) == (False, False)
    (tmp_path / "a").mkdir()  # one that this process may not set
    folder = tmp_path / "b"
    folder.mkdir()
    (folder / "max_brightness").write_text("120\n")
    (folder / "brightness").write_text("")
    assert can_be_set(tmp_path) is True
    assert set_brightness(percent, tmp_path) is True
    assert (folder / "brightness").read_text() == written
