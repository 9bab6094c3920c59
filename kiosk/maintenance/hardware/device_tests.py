"""T3. Tests of paper, reader, card, touch, sound and picture; each result is kept and goes to central."""

import asyncio
import contextlib
import math
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

from kiosk.flows.ended import WentBack
from kiosk.maintenance.prompts import Button, Line, Panel, TestPicture, Tone, TouchTarget
from kiosk.maintenance.session import Session
from kiosk.papers.staff_documents import TEST_CODE
from kiosk.peripherals.report import Device
from kiosk.prompts.ui import OFFERED, Availability, Text
from kiosk.records.results import keep_result, read_results
from kiosk.settings.sections import ScreenSection
from kiosk.settings.settings import SettingRefused

TARGETS: Final = tuple((x, y) for y in (0.06, 0.5, 0.94) for x in (0.06, 0.5, 0.94))
GOOD_WITHIN_MM: Final = 10.0
PICTURES: Final = ("black", "white", "red", "green", "blue", "grid")
_MM_PER_INCH = 25.4
_PICTURES: Final = "devices.printer.pictures"


@dataclass(frozen=True, slots=True)
class Result:
    """How a test ended, and a technical word on it that holds nothing of what was read."""

    is_good: bool
    detail: str = ""
    said: Text | None = None  # instead of the technical word, on the screen


type Test = Callable[[Session], Awaitable[Result]]


async def choose_test(session: Session) -> None:
    """List the tests with their last results, and run the one touched."""
    tools = session.tools
    data_dir = tools.settings.config.data_dir
    while True:
        last = await asyncio.to_thread(read_results, data_dir)
        lines = tuple(_line(name, last.get(name)) for name in TESTS)
        buttons = tuple(Button(name, Text(f"maintenance.test.{name}"), _offered(session, name)) for name in TESTS)
        name = await session.ask(Panel("tests", Text("maintenance.place.tests"), lines, buttons))
        with contextlib.suppress(WentBack):
            result = await TESTS[name](session)
            word = "good" if result.is_good else "bad"
            await session.record("device-tested", test=name, result=word, detail=result.detail)
            await asyncio.to_thread(keep_result, data_dir, name, word, tools.clock.now().unix_s)
            await _tell(session, name, result)


async def _tell(session: Session, name: str, result: Result) -> None:
    """Say how the test ended, until it is touched away."""
    word = Text("maintenance.tested.good" if result.is_good else "maintenance.tested.bad")
    line = Line(Text(f"maintenance.test.{name}"), word, Tone.GOOD if result.is_good else Tone.BAD)
    detail = (Line(Text("maintenance.detail"), result.said or result.detail),) if result.said or result.detail else ()
    with contextlib.suppress(WentBack):
        await session.ask(Panel("test_result", Text(f"maintenance.test.{name}"), (line, *detail)))


def _line(name: str, last: str | None) -> Line:
    label = Text(f"maintenance.test.{name}")
    if last is None:
        return Line(label, Text("maintenance.untested"), Tone.UNKNOWN)
    return Line(label, Text(f"maintenance.result.{last}"), Tone.GOOD if last == "good" else Tone.BAD)


def _offered(session: Session, name: str) -> Availability:
    device = {"page": Device.PRINTER, "scan": Device.SCANNER, "card": Device.CARD_READER}.get(name)
    if device is not None and not session.tools.devices.report(device).is_fitted:
        return Availability(False, Text("maintenance.not_fitted"))
    if name == "sound" and session.tools.play_sound is None:
        return Availability(False, Text("maintenance.no_sound"))
    return OFFERED


async def _page(session: Session) -> Result:
    paper = await session.work("maintenance.printing", session.tools.papers.print_test_page)
    if paper.state != "printed":
        return Result(False, paper.state, Text(f"maintenance.printed.{paper.state}"))
    if session.tools.devices.report(Device.SCANNER).is_fitted and not await _code_reads(session):
        return await _switch_to_pictures(session)
    return Result(await _looks_right(session, "page"))


async def _code_reads(session: Session) -> bool:
    """Have the kiosk's own scanner judge: "printed" is the printer's word, also of a code that nobody can read."""
    unread = Button("unread", Text("maintenance.page.unread"))
    async with session.tools.devices.scans() as queue:
        scan = await _wait_for(session, queue, "page", unread)
    return scan is not None and scan.payload.strip() == TEST_CODE.encode()


async def _switch_to_pictures(session: Session) -> Result:
    """Have letters and codes drawn by the kiosk from the next start on, which no profile can promise wrongly."""
    settings = session.tools.settings
    if settings.get(_PICTURES).value:
        return Result(False, "unread", Text("maintenance.page.unread_picture"))
    await session.record("setting-changed", setting=_PICTURES, before="False", after="True")
    try:
        await asyncio.to_thread(settings.change, _PICTURES, True)
    except (SettingRefused, OSError):
        await session.record("setting-not-changed", setting=_PICTURES, before="False", after="False")
        return Result(False, "unread", Text("maintenance.setting_refused"))
    session.tools.settings_changed()
    return Result(False, "unread", Text("maintenance.page.now_pictures"))


async def _scan(session: Session) -> Result:
    async with session.tools.devices.scans() as queue:
        scan = await _wait_for(session, queue, "scan")
    if scan is None:
        raise WentBack
    return Result(True, f"{scan.symbology or 'code'}, {len(scan.payload)} bytes")


async def _card(session: Session) -> Result:
    async with session.tools.devices.cards() as queue:
        card = await _wait_for(session, queue, "card")
    if card is None:
        raise WentBack
    return Result(True, card.scheme)


async def _wait_for[T](session: Session, queue: asyncio.Queue[T], what: str, *buttons: Button) -> T | None:
    """Ask for something to be held to a reader; None when a button says that it isn't read.

    Raises WentBack when the technician gives up.
    """
    note = Text(f"maintenance.hold.{what}")
    prompt = Panel(f"test_{what}", Text(f"maintenance.test.{what}"), buttons=buttons, note=note)
    came, left = asyncio.ensure_future(queue.get()), asyncio.ensure_future(session.ask(prompt))
    try:
        await asyncio.wait({came, left}, return_when=asyncio.FIRST_COMPLETED)
        if came.done():
            return came.result()
        left.result()  # Back, or the end of the visit, is raised here
        return None
    finally:
        for task in (came, left):
            if not task.done():
                task.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await task


async def _touch(session: Session) -> Result:
    width_mm, height_mm = panel_mm(session.tools.settings.config.screen)
    errors = []
    for number, (x, y) in enumerate(TARGETS, 1):
        touched_x, touched_y = await session.ask(TouchTarget(x, y, number, len(TARGETS)))
        errors.append(math.hypot((touched_x - x) * width_mm, (touched_y - y) * height_mm))
    return Result(max(errors) <= GOOD_WITHIN_MM, f"{max(errors):.1f} mm")


async def _sound(session: Session) -> Result:
    play = session.tools.play_sound
    if play is None:
        return Result(False, "none")
    await session.work("maintenance.playing", play)
    return Result(await _looks_right(session, "sound"))


async def _display(session: Session) -> Result:
    for picture in PICTURES:
        await session.ask(TestPicture(picture))
    return Result(await _looks_right(session, "display"))


async def _looks_right(session: Session, what: str) -> bool:
    lines = (
        Line(Text("maintenance.yes"), id="yes", tone=Tone.GOOD),
        Line(Text("maintenance.no"), id="no", tone=Tone.BAD),
    )
    panel = Panel("judge", Text(f"maintenance.test.{what}"), lines, note=Text(f"maintenance.judge.{what}"))
    return await session.ask(panel) == "yes"


def panel_mm(screen: ScreenSection) -> tuple[float, float]:
    """Return width and height of the panel in millimetres; 16:9 where the settings name no pixels."""
    long, short = sorted((screen.width_px or 16, screen.height_px or 9), reverse=True)
    if screen.width_px is None or screen.height_px is None:
        long, short = 16, 9
    across = screen.diagonal_in * _MM_PER_INCH / math.hypot(long, short)
    sides = (long * across, short * across)
    return sides if screen.orientation == "landscape" else (sides[1], sides[0])


TESTS: Final[dict[str, Test]] = {
    "page": _page,
    "scan": _scan,
    "card": _card,
    "touch": _touch,
    "sound": _sound,
    "display": _display,
}
