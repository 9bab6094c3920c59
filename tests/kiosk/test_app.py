"""What the window is opened with: the panel of the settings, the watchdog's beats, and an orderly end."""

import asyncio
import os
import signal
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import msgspec
import pytest

from common.city.brand.brand import brand
from common.city.catalogue import load_catalogue
from common.machine.systemd import Watchdog
from kiosk import app
from kiosk.settings.sections import KioskConfig, ScreenSection
from kiosk.settings.settings import Settings
from screens.look.theme import Theme, palette_of
from tests.kit.carrying_process import config_of


def _config(folder: Path, **screen: Any) -> KioskConfig:
    return msgspec.structs.replace(config_of(folder, "http://127.0.0.1:9"), screen=ScreenSection(**screen))


def _settings(config: KioskConfig) -> Settings:
    return cast("Settings", SimpleNamespace(config=config))


@pytest.mark.parametrize(
    ("screen", "sides"),
    [
        ({"orientation": "portrait"}, (1080, 1920)),
        ({"orientation": "landscape"}, (1920, 1080)),
        ({"orientation": "landscape", "width_px": 1280}, (1280, 1080)),
        ({"orientation": "portrait", "height_px": 800}, (1080, 800)),
        ({"orientation": "portrait", "width_px": 800, "height_px": 1280}, (800, 1280)),
    ],
)
def test_the_theme_is_the_panel_of_the_settings_in_the_colours_of_the_brand(
    tmp_path: Path, screen: dict[str, Any], sides: tuple[int, int]
) -> None:
    more = {"diagonal_in": 15.6, "viewing_distance_mm": 400, "paper_slot": "left", "motion": False}
    theme, own = app._theme(_config(tmp_path, **screen, **more)), brand()
    assert theme == Theme(
        *sides, 15.6, 400, "left", motion=False, marks=app._drawn(load_catalogue().marks),
        calm=palette_of(own.colours.look), emblem=own.picture("emblem"), ornament=own.picture("ornament"),
        authority=tuple((own.authority or {}).items()),
    )  # fmt: skip
    assert [mark.letter for mark in theme.marks] == list(load_catalogue().marks)


@pytest.mark.parametrize(
    ("made_as", "set_to", "whole", "sides", "is_turned"),
    [
        ("portrait", "portrait", True, (1080, 1920), False),
        ("portrait", "portrait", True, (1920, 1080), True),
        ("portrait", "portrait", True, (1000, 1000), False),
        ("landscape", "landscape", True, (1920, 1080), False),
        ("landscape", "landscape", True, (1080, 1920), True),
        ("portrait", "portrait", False, (1920, 1080), False),
        ("portrait", "landscape", False, (1080, 1920), True),
        ("landscape", "portrait", True, (1920, 1080), True),
    ],
)
def test_a_panel_has_its_own_shape_and_a_window_is_made_as_it_is_set(
    tmp_path: Path, made_as: str, set_to: str, whole: bool, sides: tuple[int, int], is_turned: bool
) -> None:
    settings: Any = SimpleNamespace(config=_config(tmp_path, orientation=made_as))
    turned = app._turned(settings, whole)
    settings.config = _config(tmp_path, orientation=set_to)
    assert turned(*sides) is is_turned


@pytest.mark.parametrize(("interval_s", "beats"), [(None, 0), (10.0, 3)])
def test_systemd_hears_that_the_screen_lives_no_oftener_than_it_wants(
    monkeypatch: pytest.MonkeyPatch, interval_s: float | None, beats: int
) -> None:
    now, told = [1000.0], list[float]()
    monkeypatch.setattr("time.monotonic", lambda: now[0])
    watchdog = SimpleNamespace(interval_s=interval_s, beat=lambda: told.append(now[0]))
    beat = app._beats(cast("Watchdog", watchdog))
    for after_s in (0.0, 9.9, 0.2, 5.0, 5.0, 1.0):
        now[0] += after_s
        beat()
    assert len(told) == beats
    assert told == [1000.0, 1010.1, pytest.approx(1020.1)][:beats]


async def test_a_signal_ends_what_runs_in_order_and_what_ends_by_itself_gives_its_result() -> None:
    async def gives() -> str:
        return "done"

    assert await app._until_told_to_stop(gives()) == "done"
    cleaned: list[str] = []

    async def waits() -> None:
        try:
            os.kill(os.getpid(), signal.SIGTERM)
            await asyncio.Event().wait()
        finally:
            cleaned.append("in order")

    await app._until_told_to_stop(waits())
    assert cleaned == ["in order"]
    assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL


async def test_the_window_is_served_with_what_it_tells_of_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    served: list[Any] = []

    async def serve(ui: object, settings: object, **more: Any) -> None:
        served.append((ui, settings, more))

    monkeypatch.setattr(app, "serve", serve)
    for has_sound in (True, False):
        panel = SimpleNamespace(theme=Theme())
        ui: Any = SimpleNamespace(stalls=3, idle_s=4.5, panel=panel, has_sound=has_sound, play_sample=lambda: "heard")
        await app.serve_on(ui, cast("Settings", "settings"), runtime_dir=Path("/run"), stick=Path("/stick"))
        given, settings, more = served.pop()
        senses = more.pop("panel")
        assert (given is ui, settings, more) == (
            True,
            "settings",
            {"runtime_dir": Path("/run"), "stick": Path("/stick")},
        )
        assert (senses.stalls(), senses.idle_s(), senses.play_sound and senses.play_sound()) == (
            3, 4.5, "heard" if has_sound else None,
        )  # fmt: skip
        senses.show_marks(load_catalogue().marks)
        assert panel.theme.marks == app._drawn(load_catalogue().marks)
        before = panel.theme
        senses.show_marks(load_catalogue().marks)
        assert panel.theme is before
