"""T5. What waits for central, how delivery goes, what was refused; try now, retry, and carry it on a stick."""

import asyncio
from functools import partial

from common.machine.errors import StoreError
from kiosk.flows.ended import WentBack
from kiosk.maintenance.central.central_try import try_now
from kiosk.maintenance.central.delivery import failure
from kiosk.maintenance.evidence.stick import stick_offered
from kiosk.maintenance.prompts import Button, Line, Panel, Tone, span
from kiosk.maintenance.session import Session
from kiosk.prompts.ui import OFFERED, Availability, Text
from offline_store.delivery.outbox import OutboxRow, dead_items, retry

_SHOWN = 50
_REFRESH_S = 5.0  # what is sent meanwhile shows by itself
_REASONS = frozenset({"bad-hash", "id-taken", "sequence-taken"})


async def outbox(session: Session) -> None:
    """Show how delivery goes until the technician goes back."""
    tools = session.tools
    while True:
        figures = tools.health().outbox
        nothing = Availability(False, Text("maintenance.outbox.nothing_waits"))
        no_dead = Availability(False, Text("maintenance.outbox.no_dead"))
        now_s = tools.clock.now().unix_s
        lines = [
            Line(Text("maintenance.outbox.waiting_label"), str(figures.waiting), note=_oldest(figures.oldest_s)),
            _since(Text("maintenance.outbox.success_label"), figures.last_success_at, now_s),
            *_error(figures.last_error),
            Line(Text("maintenance.outbox.dead_label"), str(figures.dead), Tone.BAD if figures.dead else Tone.GOOD),
        ]
        stick = stick_offered(tools.stick, tools.is_stick_in)
        buttons = (
            Button("try_now", Text("maintenance.outbox.try_now")),
            Button("export", Text("maintenance.outbox.export"), stick if figures.waiting else nothing),
            Button("dead", Text("maintenance.outbox.show_dead"), OFFERED if figures.dead else no_dead),
        )
        title = Text("maintenance.place.outbox")
        try:
            answer = await session.ask(Panel("outbox", title, tuple(lines), buttons), within_s=_REFRESH_S)
        except TimeoutError:
            continue
        try:
            if answer == "try_now":
                await try_now(session, title)
            elif answer == "export":
                await _export(session)
            elif answer == "dead":
                await _refused(session)
        except WentBack:
            continue


def _oldest(seconds: int | None) -> Text | None:
    return None if seconds is None else span("oldest", seconds)


def _error(error: str | None) -> tuple[Line, ...]:
    """Say in plain words what failed last; the technical words stand below, for anyone who is called."""
    label = Text("maintenance.outbox.error_label")
    if error is None:
        return (Line(label, Text("maintenance.none")),)
    words, technical = failure(error)
    return (Line(label, words, Tone.BAD), Line(Text("maintenance.detail"), technical))


def _since(label: Text, moment_s: int | None, now_s: int) -> Line:
    if moment_s is None:
        return Line(label, Text("maintenance.never"), Tone.UNKNOWN)
    return Line(label, age_s=max(0, now_s - moment_s))


async def _export(session: Session) -> None:
    tools = session.tools
    await session.record("outbox-exported")
    try:
        count = await session.work("maintenance.writing_stick", partial(tools.export_outbox, tools.stick))
    except (OSError, StoreError):
        await session.tell("outbox_export", "maintenance.place.outbox", "maintenance.stick.failed")
        return
    await session.tell("outbox_export", "maintenance.place.outbox", "maintenance.outbox.exported", n=count)


async def _refused(session: Session) -> None:
    """Show what central refused and why; a touch sends one again."""
    while True:
        rows = await asyncio.to_thread(dead_items, session.tools.store)
        if not rows:
            return
        lines = tuple(
            Line(_name(row), _why(row), Tone.BAD, row.id, note=Text("maintenance.value", {"value": row.reason or "-"}))
            for row in rows[:_SHOWN]
        )
        answer = await session.ask(
            Panel("dead", Text("maintenance.outbox.show_dead"), lines, note=Text("maintenance.outbox.dead_note"))
        )
        await session.record("item-retried", item=answer)
        await asyncio.to_thread(retry, session.tools.store, answer)


def _why(row: OutboxRow) -> Text:
    """Say in plain words what central's code means; the code itself stands beside it."""
    code = (row.reason or "").rpartition(": ")[2]
    return Text(f"maintenance.dead.{code if code in _REASONS else 'other'}")


def _name(row: OutboxRow) -> str:
    return row.number or f"{row.kind} {row.id[:8]}"
