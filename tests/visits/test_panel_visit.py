"""What the window tells of itself reaches anyone who needs it while the kiosk serves."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from kiosk.machine.backlight import Backlight
from kiosk.prompts.choosing import Start
from kiosk.prompts.ui import Back
from kiosk.runtime import serving, surroundings
from kiosk.runtime.parts import WindowSenses
from kiosk.runtime.serving import serve
from kiosk.settings.settings import Settings
from offline_store.serving import is_served
from tests.visits.scripted_ui import ScriptedUi
from tests.visits.test_real_devices import a_kiosk


async def test_the_light_follows_the_setting_and_the_panels_own_idle_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = asyncio.Event()
    told: list[tuple[int, float]] = []

    class Looked(Backlight):
        def __init__(
            self, percent: Callable[[], int], is_on_battery: Callable[[], bool], idle_s: Callable[[], float]
        ) -> None:
            super().__init__(percent, is_on_battery, idle_s)
            self._tell: Callable[[], tuple[int, float]] = lambda: (percent(), idle_s())

        async def look(self) -> None:
            told.append(self._tell())
            made.set()

    monkeypatch.setattr(surroundings, "Backlight", Looked)
    async with a_kiosk(tmp_path) as kiosk:
        with kiosk.config.open("a", encoding="utf-8") as file:
            file.write("\n[screen]\nbrightness = 70\n")
        running = asyncio.create_task(
            serve(ScriptedUi((Start, Back())), Settings(kiosk.config), panel=WindowSenses(idle_s=lambda: 400.0))
        )
        await asyncio.wait({running, asyncio.create_task(made.wait())}, return_when=asyncio.FIRST_COMPLETED)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
    assert told[0] == (70, 400.0)


@pytest.mark.parametrize("under_systemd", [True, False])
async def test_the_daily_rest_goes_by_the_panels_own_idle_time_where_systemd_starts_it_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, under_systemd: bool
) -> None:
    watched: list[float] = []
    monkeypatch.setattr(serving, "rest_daily", _noting(watched))
    async with a_kiosk(tmp_path) as kiosk:
        ui = ScriptedUi((Start, Back()))
        runtime_dir = tmp_path if under_systemd else None
        running = asyncio.create_task(
            serve(ui, Settings(kiosk.config), runtime_dir=runtime_dir, panel=WindowSenses(idle_s=lambda: 400.0))
        )
        async with asyncio.timeout(20):
            while not ui.asked:  # noqa: ASYNC110 (the script sets no event)
                await asyncio.sleep(0.01)
        data_dir = Settings(kiosk.config).config.data_dir
        assert is_served(data_dir) is True, "its forwarder is to know that people are served"
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        assert is_served(data_dir) is False
    assert watched == ([400.0] if under_systemd else [])


def _noting(watched: list[float]) -> Callable[[Callable[[], float]], Awaitable[None]]:
    async def noted(idle_s: Callable[[], float]) -> None:
        watched.append(idle_s())

    return noted
