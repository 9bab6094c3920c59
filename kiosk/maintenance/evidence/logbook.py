"""T6 and T11. The last events with a filter, the audit chain verified, and all of it on a stick, nothing personal."""

import asyncio
from datetime import datetime
from functools import partial
from typing import Final

from sqlalchemy import select

from common.protocol.envelope import AuditBody, BodyUnreadable, decode_body
from kiosk.language import Language
from kiosk.logs import last_lines
from kiosk.maintenance.evidence.stick import export_health, stick_offered
from kiosk.maintenance.prompts import Button, Line, Panel, Tone
from kiosk.maintenance.session import Session
from kiosk.prompts.ui import Text
from offline_store.chain.audit import verify_chain
from offline_store.disk import tables
from offline_store.disk.database import Store
from offline_store.issuing.business_day import ZONE

_SHOWN: Final = 200
_LONGEST: Final = 120
_LEVELS: Final = (None, "warning", "error")
_NAMED: Final = Language("en")  # every catalogue names the same events
_TONES = {"warning": Tone.ATTENTION, "error": Tone.BAD, "critical": Tone.BAD}


async def logbook(session: Session) -> None:
    """Show the last events, all or only warnings or faults; export everything to a stick."""
    tools, level = session.tools, 0
    while True:
        found = await asyncio.to_thread(last_lines, tools.log_dir, _SHOWN, level=_LEVELS[level])
        lines = tuple(_log_line(line) for line in found)
        following = _LEVELS[(level + 1) % len(_LEVELS)] or "all"
        buttons = (
            Button("filter", Text(f"maintenance.logs.show_{following}")),
            Button("export", Text("maintenance.logs.export"), stick_offered(tools.stick, tools.is_stick_in)),
        )
        note = None if lines else Text("maintenance.logs.nothing")
        answer = await session.ask(Panel("logs", Text("maintenance.place.logs"), lines, buttons, note))
        if answer == "filter":
            level = (level + 1) % len(_LEVELS)
        elif answer == "export":
            await _export(session)


def _log_line(line: dict[str, object]) -> Line:
    moment = _local(str(line.get("time", "")))
    detail = " · ".join(str(line[key]) for key in ("device", "reason", "problem") if key in line)[:_LONGEST]
    tone = _TONES.get(str(line.get("level")), Tone.PLAIN)
    return Line(moment, event_words(str(line.get("action", ""))), tone, detail=detail)


def event_words(event: str) -> Text | str:
    """Return what an event is called; what the catalogues don't know (a library's line) stands as it is, cut short."""
    msgid = f"maintenance.event.{event}"
    return Text(msgid) if _NAMED.has(msgid) else event[:_LONGEST]


def _local(moment: str) -> str:
    """Return a moment as the clock on the wall here has it; what is none stands as it is, cut short."""
    try:
        return f"{datetime.fromisoformat(moment).astimezone(ZONE):%Y/%m/%d %H:%M:%S}"
    except (ValueError, OverflowError):
        return moment[:19]


async def _export(session: Session) -> None:
    tools = session.tools
    await session.record("logs-exported")
    write = partial(export_health, tools.stick, tools.log_dir, tools.settings.all(), tools.health(), tools.clock.now())
    try:
        folder = await session.work("maintenance.writing_stick", write)
    except OSError:
        await session.tell("logs_export", "maintenance.place.logs", "maintenance.stick.failed")
        return
    await session.tell("logs_export", "maintenance.place.logs", "maintenance.logs.exported", folder=folder.name)


def last_audits(store: Store, limit: int) -> list[tuple[int, str, str, str]]:
    """Return the newest audit items: seq, moment, event and its detail. Raises StoreUnavailable."""
    items = tables.items.c
    query = select(items.seq, items.wall_time, items.body).where(items.kind == "audit").order_by(items.row.desc())
    found = []
    with store.read() as connection:
        for seq, wall_time, body in connection.execute(query.limit(limit)):
            found.append((seq, _local(wall_time), *_event(body)))
    return found


def _event(body: str) -> tuple[str, str]:
    try:
        audit = decode_body("audit", body)
    except BodyUnreadable:
        return "?", ""
    if not isinstance(audit, AuditBody):
        return "?", ""
    detail = " ".join(f"{key}={value}" for key, value in audit.detail.items() if value is not None)
    return audit.event, detail[:_LONGEST]


async def audit_chain(session: Session) -> None:
    """Verify the whole chain and show its newest entries."""
    store = session.tools.store
    faults = await session.work("maintenance.audit.verifying", partial(verify_chain, store))
    audits = await asyncio.to_thread(last_audits, store, _SHOWN)
    if faults:
        verdict = Line(Text("maintenance.audit.broken", {"n": len(faults)}), str(faults[0])[:120], Tone.BAD)
    else:
        verdict = Line(Text("maintenance.audit.whole"), tone=Tone.GOOD)
    happened = (
        Line(moment, event_words(event), detail=f"{detail} ({seq})".strip()) for seq, moment, event, detail in audits
    )
    lines = (verdict, *happened)
    while True:
        await session.ask(Panel("audit", Text("maintenance.place.audit"), lines))
