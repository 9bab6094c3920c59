"""T7. Every setting and where it comes from; a manager changes the safe ones, and tries risky ones for a minute."""

import asyncio
import contextlib
from typing import Any, Final

from common.protocol.setting_values import listed
from kiosk.flows.ended import WentBack
from kiosk.language import Language
from kiosk.machine import brightness
from kiosk.maintenance.prompts import Button, KeepChange, Line, Panel, Tone
from kiosk.maintenance.session import Session
from kiosk.prompts.ui import OFFERED, Availability, Text
from kiosk.settings.settings import Origin, Risk, Setting, SettingRefused

CHANGED_ON_THE_SPOT: Final = (
    "speech.volume",
    "screen.brightness",
    "kiosk.languages",
    "kiosk.opens",
    "kiosk.closes",
    "kiosk.tiles",
    "kiosk.paperless",
    "devices.printer.profile",
    "devices.printer.pictures",
    "devices.printer.roll_m",
    "screen.paper_slot",
    "screen.orientation",
)
_HOURS: Final = tuple(f"{hour:02d}:{minute:02d}" for hour in range(6, 21) for minute in (0, 30))
_ROLLS_M: Final = (20, 30, 40, 50, 60, 80, 100, 120, 150, 200)
_TILES: Final = 6
_TAKEN_BACK: Final = object()
_AT_NEXT_START: Final = frozenset(
    {"devices.printer.profile", "devices.printer.pictures"}
)  # the driver is opened with it


async def settings(session: Session) -> None:
    """List the settings in force; change the one touched."""
    while True:
        found = {setting.key: setting for setting in session.tools.settings.all()}
        spot = [found.pop(key) for key in CHANGED_ON_THE_SPOT if key in found]
        is_manager = session.who.role == "manager"
        lines = [
            *(_line(setting, Text(f"maintenance.setting.{setting.key}"), is_touched=is_manager) for setting in spot),
            *(_line(setting, setting.key, is_touched=False) for setting in found.values()),
        ]
        note = None if is_manager else Text("maintenance.managers_only")
        key = await session.ask(Panel("settings", Text("maintenance.place.settings"), tuple(lines), note=note))
        try:
            await _change(session, session.tools.settings.get(key))
        except WentBack:
            continue


def _line(setting: Setting, label: Text | str, *, is_touched: bool) -> Line:
    origin = Text(f"maintenance.origin.{setting.origin.value}")
    tone = Tone.ATTENTION if setting.origin is Origin.HERE else Tone.PLAIN
    return Line(label, _shown(setting.key, setting.value), tone, setting.key if is_touched else None, note=origin)


def _shown(key: str, value: Any) -> Text | str:
    if value is None:
        return Text("maintenance.none")
    if isinstance(value, bool):
        return Text("maintenance.yes" if value else "maintenance.no")
    if key == "kiosk.languages":
        return Language(value[0]).own_name
    if key in ("screen.paper_slot", "screen.orientation"):
        return Text(f"maintenance.choice.{value}")
    if isinstance(value, list):
        return ", ".join(map(str, value)) or Text("maintenance.none")
    return str(value)


def choices(session: Session, setting: Setting) -> dict[str, Any]:
    """Return the values to choose from, by the answer that means them."""
    key, languages = setting.key, session.tools.settings.config.kiosk.languages
    match key:
        case "speech.volume":
            values: list[Any] = list(range(0, 101, 10))
        case "screen.brightness":
            values = list(range(10, 101, 10))
        case "kiosk.languages":
            values = [[first, *(code for code in languages if code != first)] for first in sorted(languages)]
        case "kiosk.opens" | "kiosk.closes":
            values = [*_HOURS, None]
        case "devices.printer.roll_m":
            values = list(_ROLLS_M)
        case _:
            values = list(listed(key))
    return {str(number): value for number, value in enumerate(values)}


async def _change(session: Session, setting: Setting) -> None:
    """Ask for the new value and put it in force, audited before and after."""
    if setting.key == "screen.brightness" and not await asyncio.to_thread(brightness.can_be_set):
        await session.tell("setting", f"maintenance.setting.{setting.key}", "maintenance.no_backlight")
        return
    value = await (_choose_tiles(session, setting) if setting.key == "kiosk.tiles" else _choose(session, setting))
    is_taken_back = value is _TAKEN_BACK
    if is_taken_back:
        value = session.tools.settings.beneath(setting.key)
    elif value == setting.value:
        return
    await _audit(session, "setting-taken-back" if is_taken_back else "setting-changed", setting, value)
    try:
        if setting.risk is Risk.RISKY:
            await _try_out(session, setting, value)
        else:
            await _put_in_force(session, setting, value, is_taken_back=is_taken_back)
    except (SettingRefused, OSError):
        await _audit(session, "setting-not-changed", setting, setting.value)
        await session.tell("setting", f"maintenance.setting.{setting.key}", "maintenance.setting_refused")


async def _put_in_force(session: Session, setting: Setting, value: Any, *, is_taken_back: bool) -> None:
    """Have a safe value count from now on. Raises SettingRefused or OSError; then nothing has changed."""
    settings = session.tools.settings
    if is_taken_back:
        await asyncio.to_thread(settings.reset, setting.key)
    else:
        await asyncio.to_thread(settings.change, setting.key, value)
    if setting.key == "screen.brightness":
        await asyncio.to_thread(brightness.set_brightness, int(str(value)))
    session.tools.settings_changed()
    if setting.key in _AT_NEXT_START:
        await session.tell("setting", f"maintenance.setting.{setting.key}", "maintenance.setting_later")


def _way_back(setting: Setting) -> tuple[Button, ...]:
    """Offer to take back what was changed here; else central's own change of it would never count again."""
    if setting.origin is not Origin.HERE or setting.risk is Risk.RISKY:
        return ()
    return (Button("take_back", Text("maintenance.setting_take_back")),)


async def _choose(session: Session, setting: Setting) -> Any:
    values = choices(session, setting)
    lines = tuple(
        Line(_shown(setting.key, value), tone=Tone.GOOD if value == setting.value else Tone.PLAIN, id=answer)
        for answer, value in values.items()
    )
    panel = Panel("choose", Text(f"maintenance.setting.{setting.key}"), lines, _way_back(setting))
    answer = await session.ask(panel)
    return _TAKEN_BACK if answer == "take_back" else values[answer]


async def _choose_tiles(session: Session, setting: Setting) -> Any:
    """Choose up to six services for the start screen, in the order they are touched."""
    catalogue = session.tools.catalogue()
    chosen = list(setting.value)
    while True:
        lines = tuple(
            Line(
                Text("maintenance.words", {"words": service.names}),
                str(chosen.index(service.code) + 1) if service.code in chosen else "",
                Tone.GOOD if service.code in chosen else Tone.PLAIN,
                service.code,
            )
            for service in catalogue.services
        )
        enough = Availability(False, Text("maintenance.tiles_full", {"n": _TILES}))
        buttons = (
            Button("keep", Text("maintenance.keep"), OFFERED if len(chosen) <= _TILES else enough),
            Button("clear", Text("maintenance.tiles_clear")),
            *_way_back(setting),
        )
        title = Text(f"maintenance.setting.{setting.key}")
        answer = await session.ask(Panel("tiles", title, lines, buttons, Text("maintenance.tiles_note")))
        if answer == "keep":
            return chosen
        if answer == "take_back":
            return _TAKEN_BACK
        if answer == "clear":
            chosen = []
        elif answer in chosen:
            chosen.remove(answer)
        else:
            chosen.append(answer)


async def _try_out(session: Session, setting: Setting, value: Any) -> None:
    """Put a risky value in force for a minute; unless it is kept by then, it is undone, whatever the screen shows."""
    tools, kept = session.tools, False
    tools.settings.try_out(setting.key, value)
    try:
        tools.settings_changed()
        what = Text(f"maintenance.setting.{setting.key}")
        with contextlib.suppress(TimeoutError):
            if await session.ask(KeepChange(what, tools.revert_s), within_s=tools.revert_s) == "keep":
                await asyncio.to_thread(tools.settings.keep)
                kept = True
    finally:
        if not kept:
            tools.settings.undo()
            tools.settings_changed()
            await _audit(session, "setting-undone", setting, setting.value)


async def _audit(session: Session, event: str, setting: Setting, after: Any) -> None:
    before, then = (str(value)[:100] for value in (setting.value, after))
    await session.record(event, setting=setting.key, before=before, after=then)
