"""What runs beside the screen while the kiosk serves, and that all of it ends with it."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from common.machine.clock import SystemClock
from devices.protocols import Scan
from kiosk.machine.backlight import Backlight
from kiosk.peripherals.report import Scanned, judge_possibility
from kiosk.prompts.ui import OutReason
from kiosk.records.out_of_service import read_out_of_service
from kiosk.runtime import surroundings
from kiosk.runtime.parts import CurrentCatalogue, OpenStore, Parts
from kiosk.runtime.surroundings import Surroundings
from kiosk.runtime.upkeep import Upkeep
from kiosk.settings.settings import Settings
from tests.kiosk.maintenance.scripted import Workshop


class Watch:
    """Devices that are well, and who listens to them."""

    def __init__(self, devices: Any) -> None:
        self.devices = devices
        self.listens: list[Callable[[Any], None]] = []

    def listen(self, hear: Callable[[Any], None]) -> Callable[[], None]:
        self.listens.append(hear)
        return lambda: self.listens.remove(hear)

    def possible(self, operation: Any) -> Any:
        return judge_possibility(operation, self.devices.report(operation.device))

    def report(self, device: Any) -> Any:
        return self.devices.report(device)

    def reports(self) -> list[Any]:
        return list(self.devices.reports.values())


@pytest.mark.parametrize("more", ["", '[ups]\nhost = "127.0.0.1"\n[metrics]\nport = 9105\n'])
async def test_all_that_was_begun_ends_with_the_kiosk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, more: str
) -> None:
    did: list[Any] = []

    async def runs(name: str) -> None:
        did.append(name)
        try:
            await asyncio.Event().wait()
        finally:
            did.append(f"{name} ended")

    async def farewell(_: Upkeep) -> None:
        did.append("farewell")

    def ups(section: Any) -> Any:
        return SimpleNamespace(run=lambda changed: runs(f"ups {section.host} {changed.__name__}"))

    def metrics(port: int, health: Callable[[], Any]) -> Any:
        did.append(f"metrics {port} {health().version!r}")
        return SimpleNamespace(close=lambda: did.append("metrics closed"))

    monkeypatch.setattr(Upkeep, "run", lambda _: runs("upkeep"))
    monkeypatch.setattr(Upkeep, "end", farewell)
    monkeypatch.setattr(Backlight, "run", lambda _: runs("backlight"))
    monkeypatch.setattr(Surroundings, "_keep_looking", lambda _: runs("looking"))
    monkeypatch.setattr(surroundings, "UpsWatch", ups)
    monkeypatch.setattr(surroundings, "MetricsServer", metrics)
    workshop = Workshop(tmp_path)
    toml = tmp_path / "kiosk.toml"
    toml.write_text(f"{toml.read_text()}\n{more}")
    watch = Watch(workshop.devices)
    opened = OpenStore(workshop.store, cast("SystemClock", workshop.clock))
    around = Surroundings(Parts(Settings(toml), opened, CurrentCatalogue(workshop.store), cast("Any", watch), None))
    looking = asyncio.create_task(around.look_after())
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    beside = ["ups 127.0.0.1 _power_changed"] if more else []
    begun = ["looking", "upkeep", "backlight", *beside]
    assert sorted(did) == sorted([*begun, *(["metrics 9105 ''"] if more else [])])
    watch.listens[0](Scanned(Scan(b"1234567890")))
    await asyncio.sleep(0)
    assert around._upkeep._counted == {"scans_good": 1}
    did.clear()
    around.show_out(OutReason.MAINTENANCE)
    looking.cancel()
    await asyncio.gather(looking, return_exceptions=True)
    ended = [*(f"{one} ended" for one in begun), *(["metrics closed"] if more else [])]
    assert sorted(did[:-1]) == sorted(ended)
    assert (did[-1], watch.listens) == ("farewell", [])
    kept = read_out_of_service(workshop.settings.config.data_dir)
    assert kept is not None
    assert kept.reason is OutReason.MAINTENANCE
    workshop.store.close()
