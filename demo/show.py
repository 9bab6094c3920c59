"""`kiosk demo`: builds a town of one kiosk, and shows it to a person or lets scripted people use it."""

import asyncio
import contextlib
import os
import sys
from collections.abc import Callable, Coroutine, Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from demo import display
from demo.faults import faults
from demo.faults.fault import Fault
from demo.play import Play, accepted, recorded, waiting
from demo.processes import DemoFailed, Processes, wait_until
from demo.summary import Summary
from demo.town import Town
from kiosk import logs
from kiosk.app import display_px, run_window, serve_on
from kiosk.runtime.parts import open_store
from kiosk.settings.settings import Settings
from offline_store.delivery.delivery_status import request_try_now
from offline_store.issuing.business_day import ZONE

if TYPE_CHECKING:
    from screens.window.window import KivyUi

FOLDER = Path("var/demo")
FAULTS = faults.known()
_LOOK_S = 0.5
_DELIVERED_WITHIN_S = 10.0

type Tell = Callable[[str], None]


def show(*, headless: bool, minutes: float | None, fault: str | None, technician: bool = False, tell: Tell) -> Summary:
    """Run the demo to its end.

    Args:
        headless: no display: scripted people do it all.
        minutes: end after so many; None: when the window is closed, or the script has been played.
        fault: one of FAULTS, or None.
        technician: whether the script has a technician come after the citizen.
        tell: says what happens.

    Raises:
        DemoFailed: something did not come up or ended by itself, or central did not apply what was accepted.
    """
    headless = headless or technician or os.environ.get("SDL_VIDEODRIVER") == "offscreen"
    screen_px = None if headless else display_px()
    if screen_px is None:
        headless = True
        os.environ["SDL_VIDEODRIVER"] = "offscreen"
    folder = (FOLDER / f"{datetime.now(ZONE):%Y%m%d-%H%M%S}-{os.getpid()}").resolve()
    folder.mkdir(parents=True)
    summary = Summary(folder, fault)
    wrong = FAULTS[fault] if fault else Fault()
    with (
        _logging_in(folder),
        Processes(folder) as processes,
        Town(
            folder,
            processes,
            faulty=wrong.name if wrong.is_of_device else None,
            window_px=screen_px and display.fitting(screen_px),
        ) as town,
    ):
        tell("starting: simulated printer, scanner and card reader, central, kiosk, forwarder")
        town.build(settings=wrong.settings(), publish=wrong.publish, prepare=wrong.prepare)

        def acting(ui: "KivyUi") -> Coroutine[Any, Any, None]:
            if headless:
                return Play(ui, town, wrong, summary, tell).run(technician=technician)
            return _watch(town, wrong, tell)

        is_played = _run(town, acting, minutes, tell) and headless
        if not is_played:
            _deliver(town)
        _sum_up(town, summary)
    if is_played and wrong.is_delivered and len(summary.applied) < len(summary.tickets) + len(summary.orders):
        raise DemoFailed(f"central has not applied all that was accepted; see {folder}")
    return summary


@contextlib.contextmanager
def _logging_in(folder: Path) -> Iterator[None]:
    """Log as a kiosk in service does, into the folder instead of onto the console, until the block is left."""
    with (folder / "run.log").open("a", encoding="utf-8") as log:
        logs.configure("run", folder / "kiosk" / "logs", stream=log)
        try:
            yield
        finally:
            logs.configure("command")


def _run(
    town: Town, acting: Callable[["KivyUi"], Coroutine[Any, Any, None]], minutes: float | None, tell: Tell
) -> bool:
    """Open the window and run until who acts, the person or the time is at its end; True when it was who acts."""
    settings = Settings(town.settings_file)

    async def main(ui: "KivyUi") -> bool:
        tasks = {
            asyncio.create_task(acting(ui), name="people"),
            asyncio.create_task(serve_on(ui, settings, stick=town.stick), name="kiosk"),
            asyncio.create_task(_look_after(town), name="processes"),
        }
        try:
            async with asyncio.timeout(None if minutes is None else minutes * 60):
                done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        except TimeoutError:
            tell("the time is over")
            return False
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        return True

    return bool(run_window(settings, main, fullscreen=False, closable=True))


async def _watch(town: Town, fault: Fault, tell: Tell) -> None:
    """Tell the person at the window what can be done, have the fault mended when they say so, and wait."""
    await asyncio.to_thread(fault.begin, town)
    tell(f"papers land in {town.devices.emupos.papers}")
    tell(f"faults and scans by hand: {town.devices.emupos.control_page}")
    tell(f"an order code to hold to the scanner: {town.codes[0]}")
    with contextlib.suppress(DemoFailed):  # without espeak-ng the board has its chime
        await asyncio.to_thread(town.centre.run, "voice", "fill")
    tell(f"the board: {town.centre.url}/board?speaks=1&diagonal=24&distance=2")
    tell(f"a counter (1, 2 or 3): {town.centre.url}/counter, PIN {town.centre.clerk_pin}")
    tell(f"the manager: {town.centre.url}/manager, PIN {town.centre.manager_pin}")
    tell(f"the citizens' app, as a stand-in: {await asyncio.to_thread(town.start_app)}")
    tell(f"the technician's PIN (touch two opposite corners for 3 s): {town.pin}; {town.stick} is the stick")
    for address, token in (await asyncio.to_thread(town.other_systems)).items():
        tell(f"for other systems: curl -H 'Authorization: Bearer {token}' {address}")
    if fault.mend and sys.stdin.isatty():
        tell(f"{fault.name}: press Enter here to mend it")
        await _enter()
        await asyncio.to_thread(fault.mend, town)
        tell(f"{fault.name}: mended")
    await asyncio.Event().wait()


async def _enter() -> None:
    """Wait until a line has been typed into the terminal."""
    loop, typed = asyncio.get_running_loop(), asyncio.Event()
    loop.add_reader(sys.stdin, typed.set)
    try:
        await typed.wait()
    finally:
        loop.remove_reader(sys.stdin)
    sys.stdin.readline()


async def _look_after(town: Town) -> None:
    """Wait until a process has ended that nobody ended. Raises DemoFailed: one has."""
    while (name := town.processes.ended()) is None:  # noqa: ASYNC110 (a process sets no event)
        await asyncio.sleep(_LOOK_S)
    raise DemoFailed(f"{name} has ended by itself; its log is {town.folder / name}.log")


def _deliver(town: Town) -> None:
    """Try once more to bring central what the person at the window left waiting, as a technician would."""
    with open_store(town.config) as opened:
        request_try_now(opened.store)
    wait_until(lambda: not waiting(town), _DELIVERED_WITHIN_S)


def _sum_up(town: Town, summary: Summary) -> None:
    applied = town.applied()
    for row in accepted(town):
        if row.kind == "ticket":
            summary.tickets.append(row.id)
            summary.numbers.append(row.number or "")
        else:
            summary.orders.append(row.id)
        if row.id in applied:
            summary.applied.append(row.id)
    summary.outcomes = list(summary.seen.outcomes) or recorded(town)  # at the window nobody writes down what is seen
    summary.papers = town.devices.paper_pngs()
