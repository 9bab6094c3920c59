"""`kiosk demo`: builds a town of one kiosk, and shows it to a person or lets a scripted citizen use it."""

import asyncio
import json
import os
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kiosk import logs
from kiosk.app import run_window
from kiosk.demo.citizen import Citizen, Seen
from kiosk.demo.processes import DemoFailed, Processes, command, wait_until
from kiosk.demo.simulated_devices import FAULTS as PRINTER_FAULTS
from kiosk.demo.simulated_devices import SimulatedDevices
from kiosk.opening import open_store
from kiosk.serving import serve
from kiosk.settings import Settings
from offline_store.business_day import ZONE
from offline_store.outbox import OutboxRow, list_items

if TYPE_CHECKING:
    from screens.window import KivyUi

FOLDER = Path("var/demo")
CENTRE = "homs-main"
FAULTS = frozenset(
    {*(f"printer.{fault}" for fault in PRINTER_FAULTS), "printer.missing", "scanner.missing", "central.down"}
)
APPLIED_WITHIN_S = 25.0


@dataclass
class Summary:
    """What happened in the demo, and where its papers and pictures are."""

    folder: Path
    fault: str | None = None
    numbers: list[str] = field(default_factory=list)
    tickets: list[str] = field(default_factory=list)
    orders: list[str] = field(default_factory=list)
    outcomes: list[str] = field(default_factory=list)
    applied: list[str] = field(default_factory=list)
    seen: Seen = field(default_factory=Seen)
    papers: list[Path] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        """Give all of it as plain values, paths as text."""
        plain: dict[str, Any] = json.loads(json.dumps(asdict(self), default=str))
        return plain

    @property
    def text(self) -> str:
        """Say it in a few lines."""
        lines = [
            f"Numbers given: {', '.join(self.numbers) or 'none'}",
            f"Orders: {', '.join(self.outcomes) or 'none'}",
            f"Applied at central: {len(self.applied)} of {len(self.tickets) + len(self.orders)}",
        ]
        if self.fault:
            lines.insert(0, f"Fault: {self.fault}; the citizen saw: {' > '.join(self.seen.screens) or 'the window'}")
        lines += [f"Paper: {path}" for path in self.papers] + [f"Screen: {path}" for path in self.seen.pictures]
        return "\n".join([*lines, f"All of it: {self.folder}"])


class Town:
    """Central, simulated devices, an enrolled kiosk and its forwarder, each a process of its own."""

    def __init__(self, folder: Path, processes: Processes, fault: str | None) -> None:
        self.folder = folder
        self.devices = SimulatedDevices(folder)
        self._processes = processes
        self._fault = fault
        self._central = ["--data", str(folder / "central")]
        self._url = ""
        self.settings_file = folder / "kiosk.toml"

    def build(self) -> None:
        """Start everything in the order of need.

        Raises:
            DemoFailed: something did not come up.
        """
        self.devices.start(self._processes)
        self.start_central("0")
        self.settings_file.write_text(self._settings(), encoding="utf-8")
        code = json.loads(self._run_central("enrolment-code", "--centre", CENTRE))["code"]
        config = ["--config", str(self.settings_file)]
        self._processes.run([*command("kiosk"), "enrol", "--central", self._url, "--code", code, *config])
        self.order_code()  # the first one publishes the app's key
        self._processes.run([*command("kiosk"), "forward", "--once", *config])
        self._processes.start("forward", [*command("kiosk"), "forward", *config])

    def start_central(self, port: str) -> None:
        """Start central on this port, 0 for a free one."""
        words = [*command("central"), "serve", "--port", port, "--json", *self._central]
        self._url = json.loads(self._processes.start_and_read_line("central", words))["url"]

    def order_code(self) -> dict[str, str]:
        """Mint an order code as the app would."""
        minted: dict[str, str] = json.loads(self._run_central("order-code", "--service", "state-employees"))
        return minted

    def applied(self) -> set[str]:
        """Return the ids of the items that central has applied."""
        return {json.loads(line)["id"] for line in self._run_central("inbox").splitlines()}

    def break_it(self) -> None:
        """Let the fault happen that can happen while all runs."""
        if self._fault == "central.down":
            self._processes.stop("central")
        elif self._fault and self._fault.startswith("printer.") and self._fault != "printer.missing":
            self.devices.set_fault(self._fault.removeprefix("printer."))

    def mend(self) -> None:
        """Take that fault back."""
        if self._fault == "central.down":
            self.start_central(self._url.rsplit(":", 1)[1])
        elif self._fault and self._fault.startswith("printer.") and self._fault != "printer.missing":
            self.devices.clear_fault(self._fault.removeprefix("printer."))

    def _run_central(self, *words: str) -> str:
        return self._processes.run([*command("central"), *words, *self._central])

    def _settings(self) -> str:
        """Write settings; a missing device is one whose port is not there."""
        printer, scanner = self.devices.printer_port, self.devices.scanner_port
        if self._fault == "printer.missing":
            printer = printer.with_name("unplugged-printer")
        if self._fault == "scanner.missing":
            scanner = scanner.with_name("unplugged-scanner")
        return f"""\
[kiosk]
centre = "{CENTRE}"
data_dir = "kiosk"
order_page = "https://muamalati.example/{{centre}}/{{service}}"
[central]
url = "{self._url}"
[screen]
fullscreen = false
[devices.printer]
port = "{printer}"
flow_control = "none"
[devices.scanner]
driver = "line-scanner"
port = "{scanner}"
"""


def show(*, headless: bool, minutes: float | None, fault: str | None, tell: Callable[[str], None]) -> Summary:
    """Run the demo to its end.

    Args:
        headless: no display: the scripted citizen does it all.
        minutes: end after so many; None: when the window is closed, or the citizen has done everything.
        fault: one of FAULTS, or None.
        tell: says what happens.

    Raises:
        DemoFailed: something did not come up, or central did not apply what was accepted.
    """
    headless = headless or os.environ.get("SDL_VIDEODRIVER") == "offscreen" or not _has_display()
    if headless:
        os.environ["SDL_VIDEODRIVER"] = "offscreen"
    folder = (FOLDER / f"{datetime.now(ZONE):%Y%m%d-%H%M%S}-{os.getpid()}").resolve()
    (folder / "screens").mkdir(parents=True)
    logs.configure("run", folder / "kiosk" / "logs", stream=(folder / "run.log").open("a", encoding="utf-8"))
    summary = Summary(folder, fault)
    with Processes(folder) as processes:
        town = Town(folder, processes, fault)
        tell("starting: simulated printer and scanner, central, kiosk, forwarder")
        town.build()
        settings = Settings(town.settings_file)

        async def play(ui: "KivyUi") -> None:
            serving = asyncio.create_task(serve(ui, settings), name="kiosk")
            acting = asyncio.create_task(_act(ui, town, summary, tell) if headless else _watch(town, tell))
            try:
                async with asyncio.timeout(None if minutes is None else minutes * 60):
                    await asyncio.wait({serving, acting}, return_when=asyncio.FIRST_COMPLETED)
                    for task in (acting, serving):
                        if task.done():
                            task.result()
            except TimeoutError:
                tell("the time is over")
            finally:
                for task in (acting, serving):
                    task.cancel()
                await asyncio.gather(acting, serving, return_exceptions=True)

        run_window(settings, play, fullscreen=False, closable=True)
        _sum_up(settings, town, summary)
    if headless and minutes is None and len(summary.applied) < len(summary.tickets) + len(summary.orders):
        raise DemoFailed(f"central has not applied all that was accepted; see {folder}")
    return summary


async def _act(ui: "KivyUi", town: Town, summary: Summary, tell: Callable[[str], None]) -> None:
    """Let the citizen take a ticket and hand in an order, and wait until central has both."""
    citizen = Citizen(ui, town.folder / "screens", tell)
    summary.seen = citizen.seen
    minted = await asyncio.to_thread(town.order_code)
    await asyncio.to_thread(town.break_it)
    can_be_mended = summary.fault is not None and not summary.fault.endswith(".missing")
    await citizen.take_ticket(town.mend if can_be_mended else None)
    if summary.fault != "scanner.missing":
        await citizen.hand_in_order(lambda: town.devices.scan(minted["code"]))
    if can_be_mended:
        await asyncio.to_thread(town.mend)
    settings = Settings(town.settings_file)
    await asyncio.to_thread(wait_until, lambda: _is_delivered(settings), APPLIED_WITHIN_S)


async def _watch(town: Town, tell: Callable[[str], None]) -> None:
    """Tell the person at the window what can be done, and wait."""
    minted = await asyncio.to_thread(town.order_code)
    await asyncio.to_thread(town.break_it)
    tell(f"papers land in {town.devices.papers}")
    tell(f"faults and scans by hand: {town.devices.control_page}")
    tell(f"an order code to hold to the scanner: {minted['code']}")
    await asyncio.Event().wait()


def _is_delivered(settings: Settings) -> bool:
    return all(row.state != "waiting" for row in _accepted(settings))


def _accepted(settings: Settings) -> list[OutboxRow]:
    """List the tickets and orders that the kiosk has accepted."""
    with open_store(settings.config) as opened:
        rows = list_items(opened.store, include_acknowledged=True)
    return [row for row in rows if row.kind in ("ticket", "order")]


def _sum_up(settings: Settings, town: Town, summary: Summary) -> None:
    applied = town.applied()
    for row in _accepted(settings):
        if row.kind == "ticket":
            summary.tickets.append(row.id)
            summary.numbers.append(row.number or "")
        else:
            summary.orders.append(row.id)
        if row.id in applied:
            summary.applied.append(row.id)
    if summary.seen.outcome is not None:
        summary.outcomes.append(summary.seen.outcome)
    summary.papers = town.devices.paper_pngs()


def _has_display() -> bool:
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
