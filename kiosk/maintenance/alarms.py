"""What the store and its delivery have raised, in plain words; a manager takes note of a salvage, which then ends."""

import asyncio

from common.protocol.envelope import AuditBody
from kiosk.maintenance.prompts import Button, Line, Panel, Tone
from kiosk.maintenance.session import Session
from kiosk.prompts.ui import OFFERED, Availability, Text
from offline_store.alarms import Alarm, clear_alarm, list_alarms
from offline_store.chain.chain import append, read_head
from offline_store.salvage.refill import SALVAGED

# Every other alarm ends by itself, with its condition.
ENDED_BY_HAND = SALVAGED
EXPLAINED = frozenset(
    {
        "central-not-verified",
        "central-refuses-kiosk",
        "central-slow",
        "central-time-refused",
        "central-unreachable",
        "day-waits",
        "dead-letters",
        "feed-message-set-aside",
        "feed-went-back",
        "hub-certificate-expired",
        "hub-refuses-day",
        "hub-refuses-numbers",
        "items-held-back",
        "machine-changed",
        "ntp-refused",
        SALVAGED,
    }
)


async def alarms(session: Session) -> None:
    """Show every alarm with what to do, until Back; a manager may say that a salvage was seen to."""
    while True:
        found = await asyncio.to_thread(list_alarms, session.tools.store)
        answer = await session.ask(_panel(session, found))
        if answer == "seen":
            await _take_note(session, next(alarm for alarm in found if alarm.code == ENDED_BY_HAND))


def _panel(session: Session, found: list[Alarm]) -> Panel:
    now_s = session.tools.clock.now().unix_s
    lines = tuple(
        Line(
            Text(f"maintenance.alarm.{alarm.code}") if alarm.code in EXPLAINED else alarm.code,
            tone=Tone.BAD,
            age_s=max(0, now_s - alarm.since_at),
        )
        for alarm in found
    )
    buttons: tuple[Button, ...] = ()
    if any(alarm.code == ENDED_BY_HAND for alarm in found):
        is_manager = session.who.role == "manager"
        offered = OFFERED if is_manager else Availability(False, Text("maintenance.managers_only"))
        buttons = (Button("seen", Text("maintenance.alarm_seen"), offered),)
    note = Text("maintenance.advice.store_alarms" if found else "maintenance.advice.store_good")
    return Panel("alarms", Text("maintenance.topic.store"), lines, buttons, note=note)


async def _take_note(session: Session, alarm: Alarm) -> None:
    """End the alarm and put into the chain who did, in one transaction: never the one without the other."""
    tools = session.tools
    body = AuditBody("alarm-seen", {"technician": session.who.id, "alarm": alarm.code, "since": alarm.since_at})

    def write() -> None:
        with tools.store.write() as connection:
            append(connection, read_head(connection), "audit", body, tools.clock.now())
            clear_alarm(connection, alarm.code)

    await asyncio.to_thread(write)
