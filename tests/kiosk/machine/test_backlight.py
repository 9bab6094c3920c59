"""The panel's light: what is set, dark on battery while nobody is there, back at the first touch (A26)."""

import asyncio
from dataclasses import dataclass, field

from kiosk.machine.backlight import Backlight


@dataclass
class Panel:
    """A panel, and what goes on around it."""

    percent: int = 100
    is_on_battery: bool = False
    idle_s: float = 0.0
    lights: list[int] = field(default_factory=list)
    is_broken: bool = False

    def __post_init__(self) -> None:
        self.backlight = Backlight(
            lambda: self.percent, lambda: self.is_on_battery, lambda: self.idle_s, self._set_brightness
        )

    def _set_brightness(self, percent: int) -> None:
        if self.is_broken:
            raise OSError("no such backlight")
        self.lights.append(percent)

    def look(self) -> list[int]:
        asyncio.run(self.backlight.look())
        return self.lights


def test_a_panel_that_nobody_has_set_is_left_alone() -> None:
    assert Panel().look() == []


def test_the_setting_is_followed_once_each_time_it_changes() -> None:
    panel = Panel(percent=60)
    panel.look()
    panel.look()
    panel.percent = 80
    assert panel.look() == [60, 80]


def test_on_battery_the_panel_dims_after_five_quiet_minutes_and_a_touch_brings_it_back() -> None:
    panel = Panel(percent=80, is_on_battery=True, idle_s=299.0)
    assert panel.look() == [80]
    panel.idle_s = 300.0
    assert panel.look() == [80, 30]
    panel.idle_s = 0.0
    assert panel.look() == [80, 30, 80]


def test_on_mains_it_never_dims_and_when_mains_is_back_it_is_bright() -> None:
    panel = Panel(percent=80, idle_s=10 * 300.0)
    assert panel.look() == [80]
    panel.is_on_battery = True
    assert panel.look() == [80, 30]
    panel.is_on_battery = False
    assert panel.look() == [80, 30, 80]


def test_a_panel_that_is_set_darker_than_that_stays_so() -> None:
    panel = Panel(percent=20, is_on_battery=True, idle_s=300.0)
    assert panel.look() == [20]


def test_a_backlight_that_refuses_ends_nothing() -> None:
    panel = Panel(percent=60, is_broken=True)
    assert panel.look() == []
