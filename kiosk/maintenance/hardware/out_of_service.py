"""T12. Out of service by hand, with a reason; the public screen says until when, and then it serves again by itself."""

from datetime import datetime, time, timedelta
from typing import Final

from kiosk.maintenance.prompts import Line, Panel, Tone
from kiosk.maintenance.session import Session
from kiosk.prompts.ui import OutReason, Text
from offline_store.issuing.business_day import ZONE

REASONS: Final = ("repair", "cleaning", "centre_closed", "moved")
_BY_HAND: Final = (OutReason.MAINTENANCE, OutReason.CHANGING_PAPER)  # all else ends with its cause alone
_UNTIL: Final = ("unknown", "30_minutes", "1_hour", "2_hours", "next_day")
_EARLIEST: Final = "06:00"  # where the centre has no hours: before anybody comes
_MINUTES: Final = {"30_minutes": 30, "1_hour": 60, "2_hours": 120}


async def out_of_service(session: Session) -> None:
    """Take the kiosk out of service, or put it back."""
    tools = session.tools
    title = Text("maintenance.place.out")
    out = tools.health().out_of_service
    if out in _BY_HAND:
        back = Line(Text("maintenance.out.back"), id="back", tone=Tone.GOOD)
        await session.ask(Panel("out", title, (back,), note=Text("maintenance.out.is_out")))
        await session.record("back-in-service")
        tools.show_out(None, None)
        return
    reasons = tuple(Line(Text(f"maintenance.out.{reason}"), id=reason) for reason in REASONS)
    if out is not None:
        reasons = (Line(title, Text(f"out.{out}"), Tone.BAD), *reasons)
    why = Text("maintenance.out.why" if out is None else "maintenance.out.by_itself")
    reason = await session.ask(Panel("out", title, reasons, note=why))
    times = tuple(Line(Text(f"maintenance.until.{until}"), id=until) for until in _UNTIL)
    until = await session.ask(Panel("out_until", title, times, note=Text("maintenance.out.until")))
    ends = _end(session, until)
    await session.record(
        "out-of-service", reason=reason, until=until, ends_at=None if ends is None else f"{ends:%F %H:%M}"
    )
    tools.show_out(OutReason.MAINTENANCE, None if ends is None else int(ends.timestamp()))
    await session.tell(
        "out_done", "maintenance.place.out", "maintenance.out.done" if ends is None else "maintenance.out.done_until"
    )


def _end(session: Session, until: str) -> datetime | None:
    """Return the moment of the centre's time when it serves again; a clock that can't be trusted gives none."""
    stamp = session.tools.clock.now()
    if until == "unknown" or not stamp.tells_time:
        return None
    now = stamp.wall_time.astimezone(ZONE)
    if until == "next_day":
        hours = session.tools.hours()
        opening = hours.next_opening(datetime.combine(now.date(), time.max, ZONE))
        if opening is None:
            return None
        at = _EARLIEST if hours.closes(opening.day) is None else opening.at
        return datetime.combine(opening.day, time.fromisoformat(at), ZONE)
    return now + timedelta(minutes=_MINUTES[until])
