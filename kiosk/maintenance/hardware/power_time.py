"""T9. Battery, last cuts, clock and business day; stop or restart the machine; a manager opens a day by hand."""

import asyncio
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path

from common.machine.stamp import Stamp
from kiosk.flows.ended import WentBack
from kiosk.logs import last_lines
from kiosk.machine import power
from kiosk.maintenance.issued.counters import read_counters
from kiosk.maintenance.prompts import Button, Line, Panel, Tone
from kiosk.maintenance.session import Session, SessionEnded
from kiosk.prompts.ui import OFFERED, Availability, Text
from offline_store.disk.database import Store
from offline_store.issuing.business_day import ZONE, business_date, current_day, open_day_by_manager
from offline_store.uptime import Ending

_CLOCK_TONE = {"synced": Tone.GOOD, "restored": Tone.ATTENTION, "file": Tone.BAD, "unknown": Tone.BAD}
_TRUST = {trust: Text(f"maintenance.clock.{trust}") for trust in ("synced", "restored", "file")} | {
    "unknown": Text("maintenance.clock.untrusted")
}
_CUTS = 3  # the newest
_FARTHEST = timedelta(days=31)  # of the clock's day after the current; holidays are shorter
_CHOICES = 3  # days offered to open: the clock's own, and the next two after the current


async def power_and_time(session: Session) -> None:
    """Show power, cuts, clock and day; act on touch."""
    tools = session.tools
    while True:
        answer = await session.ask(await _panel(session))
        try:
            if answer == "day":
                await _open_day(session)
            elif answer in ("stop", "restart") and await _is_sure(session, answer):
                await session.record("machine-stopped" if answer == "stop" else "machine-restarted")
                ask = power.ask_to_stop if answer == "stop" else power.ask_to_restart
                assert tools.runtime_dir is not None  # noqa: S101 (else the button isn't offered)
                await asyncio.to_thread(ask, tools.runtime_dir)
                raise SessionEnded("restart")
        except WentBack:
            continue


async def _panel(session: Session) -> Panel:
    tools = session.tools
    stamp, health = tools.clock.now(), tools.health()
    counted = await asyncio.to_thread(read_counters, tools.store)
    day = await asyncio.to_thread(_day, tools.store)
    cuts = await asyncio.to_thread(last_cuts, tools.log_dir)
    local = stamp.wall_time.astimezone(ZONE)
    lines = (
        Line(Text("maintenance.topic.power"), Text(f"maintenance.power.{health.power}")),
        Line(Text("maintenance.counter.power_cuts"), f"{counted['power_cuts'].total:,}"),
        *(Line(Text("maintenance.power.cut"), cut) for cut in cuts),
        Line(Text("maintenance.counter.restarts"), f"{counted['restarts'].total:,}"),
        Line(Text("maintenance.topic.clock"), f"{local:%Y/%m/%d %H:%M}", _CLOCK_TONE[stamp.trust]),
        Line(Text("maintenance.time.trust"), _TRUST[stamp.trust], _CLOCK_TONE[stamp.trust]),
        Line(Text("maintenance.time.day"), day.replace("-", "/") if day else Text("maintenance.none")),
    )
    no_systemd = Availability(False, Text("maintenance.power.no_systemd"))
    machine = OFFERED if tools.runtime_dir is not None else no_systemd
    buttons = (
        Button("day", Text("maintenance.time.open_day"), _may_open(session, days_to_open(day, stamp))),
        Button("restart", Text("maintenance.power.restart"), machine, is_grave=True),
        Button("stop", Text("maintenance.power.stop"), machine, is_grave=True),
    )
    return Panel("power", Text("maintenance.place.power"), lines, buttons)


def last_cuts(log_dir: Path) -> list[str]:
    """Tell from when to when the newest power cuts lasted, as far as the log knows, by the clock of the place."""
    found = []
    for line in last_lines(log_dir, _CUTS, contains=f'"after": "{Ending.POWER_CUT}"'):
        ended = datetime.fromisoformat(line["time"]).astimezone(ZONE)
        if not isinstance(line.get("gap_s"), int):
            found.append(f"? – {ended:%Y/%m/%d %H:%M}")
            continue
        began = ended - timedelta(seconds=line["gap_s"])
        same_day = began.date() == ended.date()
        found.append(f"{began:%Y/%m/%d %H:%M} – {ended:{'%H:%M' if same_day else '%Y/%m/%d %H:%M'}}")
    return found


def _day(store: Store) -> str | None:
    with store.read() as connection:
        day = current_day(connection)
    return None if day is None else day.date


def days_to_open(current: str | None, stamp: Stamp) -> list[date]:
    """Offer the clock's own day and the next ones after the current: where the clock is wrong, one of them is right.

    Where it is right none that has not begun: a hub calls nobody by its numbers before it has. A clock that is years
    ahead offers no day of its own: no earlier one could be opened here ever after.
    """
    clock_day = business_date(stamp.wall_time)
    if current is None:
        return [clock_day]
    label = date.fromisoformat(current)
    following = {label + timedelta(days=n) for n in range(1, _CHOICES)}
    offered = following | ({clock_day} if label < clock_day <= label + _FARTHEST else set())
    return sorted(day for day in offered if day <= clock_day or not stamp.is_sure)


def _may_open(session: Session, offered: list[date]) -> Availability:
    if session.who.role != "manager":
        return Availability(False, Text("maintenance.managers_only"))
    return OFFERED if offered else Availability(False, Text("maintenance.time.none_to_open"))


async def _open_day(session: Session) -> None:
    tools = session.tools
    stamp = tools.clock.now()
    current = await asyncio.to_thread(_day, tools.store)
    offered = days_to_open(current, stamp)
    label = await _choose_day(session, offered, "maintenance.time.open_note")
    if _is_far(label, current, stamp) and await _choose_day(session, offered, "maintenance.time.again_note") != label:
        await session.tell("day_opened", "maintenance.time.open_day", "maintenance.time.not_the_same")
        return
    opened = await asyncio.to_thread(partial(open_day_by_manager, tools.store, label, stamp, session.who.id))
    done = "opened" if opened is not None else "not_opened"
    await session.tell("day_opened", "maintenance.time.open_day", f"maintenance.time.{done}")


async def _choose_day(session: Session, offered: list[date], note: str) -> str:
    lines = tuple(Line(f"{day:%Y/%m/%d}", id=day.isoformat()) for day in offered)
    return await session.ask(Panel("open_day", Text("maintenance.time.open_day"), lines, note=Text(note)))


def _is_far(label: str, current: str | None, stamp: Stamp) -> bool:
    """Return whether a date is beyond tomorrow where no clock is sure: a slip would take the kiosk there for good."""
    days = [] if current is None else [date.fromisoformat(current)]
    days += [business_date(stamp.wall_time)] if stamp.tells_time else []
    return not stamp.is_sure and (not days or date.fromisoformat(label) > max(days) + timedelta(days=1))


async def _is_sure(session: Session, what: str) -> bool:
    yes = Line(Text(f"maintenance.power.{what}"), id="yes", tone=Tone.ATTENTION)
    note = Text(f"maintenance.power.{what}_note")
    return await session.ask(Panel("sure", Text(f"maintenance.power.{what}"), (yes,), note=note)) == "yes"
