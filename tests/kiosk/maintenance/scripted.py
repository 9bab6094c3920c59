"""A display that is a list of (expected screen, answer), and a tools of real store and settings, made-up devices."""

import asyncio
import dataclasses
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from argon2 import PasswordHasher

from common.city.calendar import CentreHours
from common.city.catalogue import load_catalogue
from devices.protocols import Card, DeviceState, PaperState, Scan
from kiosk.desk.answers import PaperOutcome
from kiosk.health import Health
from kiosk.language import Language
from kiosk.machine.network.link import Link
from kiosk.maintenance.overview import overview
from kiosk.maintenance.prompts import Panel
from kiosk.maintenance.session import maintain
from kiosk.maintenance.tools import Tools
from kiosk.peripherals.report import Device, Report
from kiosk.prompts.ui import Control, Look, Notice, OutReason, Prompt, StatusStrip, Text
from kiosk.settings.settings import Settings
from offline_store.disk.database import Store
from tests.kiosk.maintenance.tools import open_store
from tests.kit import told
from tests.kit.clock import HandClock

PIN = "11112222"
CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
PIN_HASH = CHEAP.hash(PIN)
LANGUAGES = [Language("ar"), Language("en")]
TOML = """
[kiosk]
centre = "homs-main"
data_dir = "var"
[central]
url = "http://127.0.0.1:9"
[devices.printer]
port = "/dev/kiosk/printer"
"""


def texts_in(value: object) -> list[Text]:
    """Every Text anywhere in a prompt."""
    if isinstance(value, Text):
        return [value]
    if isinstance(value, tuple):
        return [text for part in value for text in texts_in(part)]
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return [text for part in dataclasses.fields(value) for text in texts_in(getattr(value, part.name))]
    return []


def name_of(prompt: Any) -> str:
    return prompt.panel if isinstance(prompt, Panel) else prompt.name.removeprefix("maintenance_")


class NeverAnswered:
    """Nobody touches this screen."""


NOBODY = NeverAnswered()  # and the visit ends there
SILENCE = NeverAnswered()  # until the flow itself goes on
type Answer = object | Callable[[Any], object]


class ScriptedDisplay:
    """Answers by the script; fails by the screen's name when something else is asked."""

    def __init__(self, *script: tuple[str, Answer]) -> None:
        self.on_touch: Callable[[], None] | None = None
        self.script = list(script)
        self.seen: list[Any] = []
        self.notices: list[str] = []
        self.look = Look()
        self.forgotten = False
        self.ended = ""
        self.is_alone = False

    async def ask[A](self, prompt: Prompt[A]) -> A | Control:
        for text in texts_in(prompt):
            for language in LANGUAGES:
                assert language.text(text.msgid, **text.values)
        assert self.script, f"{name_of(prompt)} was asked after the script's end"
        expected, answer = self.script[0]
        assert name_of(prompt) == expected, f"{name_of(prompt)} was asked, the script has {expected}"
        told.note(prompt)
        self.seen.append(prompt)
        given = answer(prompt) if callable(answer) else answer
        if given is NOBODY:
            self.is_alone = True
            await asyncio.Event().wait()
        self.script.pop(0)
        if given is SILENCE:
            await asyncio.Event().wait()
        if self.on_touch is not None:
            self.on_touch()
        return cast("A", given)

    def show(self, notice: Notice) -> None:
        for text in texts_in(notice):
            for language in LANGUAGES:
                assert language.text(text.msgid, **text.values)
        told.note(notice)
        self.notices.append(notice.name)

    def set_look(self, look: Look) -> None:
        self.look = look

    def set_strip(self, strip: StatusStrip) -> None: ...

    def forget(self) -> None:
        self.forgotten = True


@dataclass
class MadeUpDevices:
    """Devices that are as the test says, and give what it puts into the queues."""

    reports: dict[Device, Report] = field(
        default_factory=lambda: {
            **{device: Report(device, DeviceState.NO_DEVICE, is_fitted=False) for device in Device},
            Device.PRINTER: Report(Device.PRINTER, DeviceState.ONLINE, PaperState.FULL),
            Device.SCANNER: Report(Device.SCANNER, DeviceState.ONLINE),
        }
    )
    scanned: list[Scan] = field(default_factory=list)
    presented: list[Card] = field(default_factory=list)

    ages_s: dict[Device, int | None] = field(default_factory=dict)

    def report(self, device: Device) -> Report:
        return self.reports[device]

    def age_s(self, device: Device) -> int | None:
        return self.ages_s.get(device, 1)

    @asynccontextmanager
    async def scans(self) -> AsyncIterator[asyncio.Queue[Scan]]:
        queue: asyncio.Queue[Scan] = asyncio.Queue()
        for scan in self.scanned:
            queue.put_nowait(scan)
        yield queue

    @asynccontextmanager
    async def cards(self) -> AsyncIterator[asyncio.Queue[Card]]:
        queue: asyncio.Queue[Card] = asyncio.Queue()
        for card in self.presented:
            queue.put_nowait(card)
        yield queue


@dataclass
class MadeUpPapers:
    outcome: PaperOutcome = field(default_factory=lambda: PaperOutcome("printed"))
    printed: list[object] = field(default_factory=list)
    reports: list[tuple[str, list[tuple[str, str]]]] = field(default_factory=list)
    halls: list[str | None] = field(default_factory=list)

    def print_test_page(self) -> PaperOutcome:
        self.printed.append("test-page")
        return self.outcome

    def reprint(self, item_id: str) -> PaperOutcome:
        self.printed.append(item_id)
        return self.outcome

    def print_waiting_list(
        self, numbers: list[tuple[str, str]], language: str, hall: str | None = None
    ) -> PaperOutcome:
        self.halls.append(hall)
        self.reports.append((language, numbers))
        return self.outcome

    def print_counters(self, counts: list[tuple[str, str]], language: str) -> PaperOutcome:
        self.reports.append((language, counts))
        return self.outcome


class Workshop:
    """One kiosk to be maintained."""

    def __init__(self, tmp_path: Path) -> None:
        (tmp_path / "var" / "logs").mkdir(parents=True)
        (tmp_path / "stick").mkdir()
        (tmp_path / "kiosk.toml").write_text(TOML)
        self.path = tmp_path
        self.clock = HandClock()
        self.store: Store = open_store(tmp_path / "var", self.clock)
        self.settings = Settings(tmp_path / "kiosk.toml")
        self.devices = MadeUpDevices()
        self.papers = MadeUpPapers()
        self.health = Health(version="1.0.0", clock="synced", disk_free_bytes=50_000_000_000)
        self.out: list[OutReason | None] = []
        self.out_ends: list[int | None] = []
        self.changes = 0
        self.hours = CentreHours()
        self.links: list[Link] = [Link("enp2s0", False, True, ("192.168.20.14",), "192.168.20.1")]
        self.more: dict[str, Any] = {}

    def tools(self) -> Tools:
        made: dict[str, Any] = {
            "store": self.store,
            "clock": self.clock,
            "settings": self.settings,
            "catalogue": load_catalogue,
            "hours": lambda: self.hours,
            "devices": self.devices,
            "papers": self.papers,
            "health": lambda: self.health,
            "export_outbox": lambda _folder: 3,
            "log_dir": self.path / "var" / "logs",
            "stick": self.path / "stick",
            "first_pin_hash": PIN_HASH,
            "settings_changed": self._changed,
            "links": lambda: (self.links, ["192.168.20.1"]),
            "show_out": self._show_out,
        }
        return Tools(**made | self.more)

    def _show_out(self, reason: OutReason | None, ends_at: int | None) -> None:
        self.out.append(reason)
        self.out_ends.append(ends_at)

    def _changed(self) -> None:
        self.changes += 1

    async def play(self, *script: tuple[str, Answer], pin: bool = True, idle_s: float = 30.0) -> ScriptedDisplay:
        """Play a visit; `pin` enters first. The display keeps why the visit ended in `ended`."""
        display = ScriptedDisplay(*([("pin", PIN)] if pin else []), *script)
        display.ended = await maintain(display, self.tools(), Look(), overview, idle_s)
        assert not display.script or display.is_alone, display.script
        assert display.forgotten
        return display

    def lines(self, display: ScriptedDisplay, panel: str) -> Mapping[str, Any]:
        """The lines of the last panel of that name, by their id or label."""
        shown = [prompt for prompt in display.seen if name_of(prompt) == panel][-1]
        return {
            (line.id or "").removeprefix("status:") or getattr(line.label, "msgid", line.label): line
            for line in shown.lines
        }
