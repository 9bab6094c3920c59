"""One soak as a process: `python -m tools.soak --visits 5000 --seconds 240` prints what it measured as one JSON line.

The kiosk of `kiosk run` behind its real window: `serve` with store, printer and scanner. Only frames come faster than
on a panel, so that a visit takes less time.
"""

import argparse
import asyncio
import base64
import json
import os
import statistics
import tempfile
import time
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import product
from pathlib import Path
from typing import Any

os.environ.setdefault("SDL_VIDEODRIVER", "offscreen")

import msgspec
import psutil
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from common.machine.clock import boot_id
from common.machine.records.record import keep
from common.protocol.central_keys import key_id
from common.protocol.feed_message import CentralKeyRecord
from kiosk import logs
from kiosk.app import run_window
from kiosk.delivery.enrolment import Enrolment
from kiosk.prompts.ui import Look
from kiosk.records.names import ENROLMENT
from kiosk.runtime.parts import open_store
from kiosk.runtime.serving import serve
from kiosk.settings.sections import LANGUAGES
from kiosk.settings.settings import Settings
from tests.kit.desk import App
from tests.kit.store import SEALING_KEY
from tests.screens.samples import SAMPLES
from tools.soak.citizens import Citizens, SoakDevices
from tools.soak.held import TTY, held
from tools.soak.stalls import StallWatch

FRAMES_A_S = 240
SAMPLE_EVERY = 25
WARM_UP = 0.25  # the share of visits after which every flow and thread has been used
IDLE_S = 6.0
REOPENED_S = 60.0  # a device is looked for at most every 10 s
SEED = 591

CONFIG = """
[kiosk]
centre = "homs-main"
order_page = "https://app.example/o/{{centre}}/{{service}}"
[central]
url = "http://127.0.0.1:9"
[screen]
width_px = {width}
height_px = {height}
[devices.printer]
port = "{printer}"
flow_control = "none"
[devices.scanner]
driver = "line-scanner"
port = "{scanner}"
"""


@dataclass
class Sample:
    """What the process holds at one moment, `held` by kind as `tools.soak.held` counts."""

    visits: int
    rss_mb: float
    held: dict[str, int]


@dataclass
class Measured:
    """One soak. CPU is in per cent of one core, of the whole process at rest on the start screen."""

    visits: int = 0
    touches: int = 0
    seconds: float = 0.0
    idle_percent: float = 0.0
    stalls: int = 0
    faults: dict[str, int] = field(default_factory=dict)
    screens: dict[str, int] = field(default_factory=dict)
    at_rest: list[Sample] = field(default_factory=list)
    samples: list[Sample] = field(default_factory=list)
    stalls_at: list[dict[str, Any]] = field(default_factory=list)

    @property
    def rss_growth_mb(self) -> float:
        """Median of the last fifth of the samples less that of the first fifth after the warm-up."""
        warm = [one.rss_mb for one in self.samples if one.visits >= self.visits * WARM_UP]
        share = max(1, len(warm) // 5)
        return statistics.median(warm[-share:]) - statistics.median(warm[:share])


def prepare(folder: Path, devices: SoakDevices, app: App, size: tuple[int, int]) -> Settings:
    """Write settings and identity, and a store that knows the time and the app's key."""
    path = folder / "kiosk.toml"
    path.write_text(CONFIG.format(width=size[0], height=size[1], **devices.ports), encoding="utf-8")
    settings = Settings(path)
    settings.config.data_dir.mkdir()
    signing = Ed25519PrivateKey.generate().public_key().public_bytes_raw()
    enrolment = Enrolment(
        kiosk="kiosk-0001",
        centre="homs-main",
        digit=2,
        central="http://127.0.0.1:9",
        sealing_key=CentralKeyRecord(SEALING_KEY.kid, SEALING_KEY.public_key),
        signing_keys=[CentralKeyRecord(key_id(signing), base64.b64encode(signing).decode())],
        first_pin_hash="none",
    )
    keep(settings.config.data_dir / ENROLMENT, msgspec.to_builtins(enrolment))
    with open_store(settings.config) as opened:
        boot_time_ns = time.clock_gettime_ns(time.CLOCK_BOOTTIME)
        opened.store.note_trusted_time(datetime.now(UTC), boot_time_ns=boot_time_ns, boot_id=boot_id())
        app.make_known(opened.store)
    return settings


def look(visits: int) -> Sample:
    """Look at this process."""
    rss = psutil.Process().memory_info().rss / 1e6
    return Sample(visits, round(rss, 2), dict(held()))


async def soak(ui: Any, settings: Settings, devices: SoakDevices, app: App, visits: int, seconds: float) -> Measured:
    """Serve, have citizens come, measure."""
    now = datetime.now(UTC)
    codes = [
        app.code(issued=now - timedelta(hours=1), expires=now + timedelta(days=30), paid=paid) for paid in (True, False)
    ]

    def code() -> str:
        known = len(measured.samples) % 3
        fresh = app.code(issued=now - timedelta(hours=1), expires=now + timedelta(days=30))
        return codes[known] if known < 2 else fresh

    measured = Measured()
    await draw_every_screen(ui)
    serving = asyncio.create_task(serve(ui, settings))
    from kivy.clock import Clock

    try:
        await ui.wait_for("start", 30)
        with StallWatch(ui) as watch:
            Clock._max_fps = float(FRAMES_A_S)
            citizens = Citizens(ui, devices, code, SEED)
            began, warm_at = time.monotonic(), max(SAMPLE_EVERY, int(visits * WARM_UP))
            while citizens.visits < visits and (time.monotonic() - began < seconds or not citizens.are_enough):
                await citizens.visit(min(SAMPLE_EVERY, visits - citizens.visits))
                measured.samples.append(look(citizens.visits))
                share_of_time = (time.monotonic() - began) / seconds
                if not measured.at_rest and (citizens.visits >= warm_at or share_of_time >= WARM_UP):
                    measured.at_rest.append(await at_rest(citizens, devices))
                if serving.done():
                    serving.result()
            measured.seconds = time.monotonic() - began
            measured.at_rest.append(await at_rest(citizens, devices))
            measured.stalls = ui.stalls
            measured.stalls_at = [asdict(one) for one in watch.found]
            measured.visits, measured.touches = citizens.visits, citizens.touches
            measured.faults, measured.screens = dict(citizens.faults), dict(citizens.seen)
        Clock._max_fps = 30.0  # as on a panel
        used = time.process_time()
        await asyncio.sleep(IDLE_S)
        measured.idle_percent = 100 * (time.process_time() - used) / IDLE_S
    finally:
        serving.cancel()
        await asyncio.gather(serving, return_exceptions=True)
    return measured


async def draw_every_screen(ui: Any) -> None:
    """Draw each screen once in each language and mode: random visits come to the last of them only after thousands."""
    for language, is_accessible in product(LANGUAGES, (False, True)):
        ui.set_look(Look(language, is_accessible))
        for shown in SAMPLES.values():
            ui.show(shown)
            while not ui.is_drawn:
                await ui.panel.next_flip()
            ui.forget()
    ui.set_look(Look(LANGUAGES[0]))


async def at_rest(citizens: Citizens, devices: SoakDevices) -> Sample:
    """Wait until all is mended, both devices are open again and nothing is going on, and look then."""
    await citizens.rest()
    settled: list[Sample] = []
    async with asyncio.timeout(REOPENED_S):
        while len(settled) < 3:  # the same three times: no device is being opened, no thread just ends
            await asyncio.sleep(0.5)
            now = look(citizens.visits)
            is_same = now.held.get(TTY) == len(devices.ports) and (not settled or settled[-1].held == now.held)
            settled = [*settled, now] if is_same else []
    return settled[-1]


def main() -> None:
    """Run one soak and print what was measured."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--visits", type=int, default=5000)
    parser.add_argument("--seconds", type=float, default=200.0)
    parser.add_argument("--size", default="1080x1920")
    words = parser.parse_args()
    width, height = (int(side) for side in words.size.split("x"))
    app = App()
    with tempfile.TemporaryDirectory() as folder, SoakDevices() as devices:
        settings = prepare(Path(folder), devices, app, (width, height))
        logs.configure("run", settings.config.data_dir / "logs")
        measured = run_window(
            settings,
            lambda ui: soak(ui, settings, devices, app, words.visits, words.seconds),
            fullscreen=False,
        )
    assert measured is not None
    print(json.dumps(asdict(measured) | {"rss_growth_mb": round(measured.rss_growth_mb, 2)}))


if __name__ == "__main__":
    main()
