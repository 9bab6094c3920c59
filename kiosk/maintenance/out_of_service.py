"""T12. Out of service by hand, with a reason; the public screen says so, and until when where somebody knows."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from kiosk.maintenance.prompts import Line, Panel, Tone
from kiosk.maintenance.session import Session
from kiosk.prompts import OutReason, Text
from offline_store.business_day import ZONE

REASONS: Final = ("repair", "cleaning", "centre_closed", "moved")
_UNTIL: Final = ("unknown", "30_minutes", "1_hour", "2_hours", "tomorrow")
_MINUTES = {"30_minutes": 30, "1_hour": 60, "2_hours": 120}


async def out_of_service(session: Session) -> None:
    """Take the kiosk out of service, or put it back."""
    bench = session.bench
    title = Text("maintenance.place.out")
    if bench.health().out_of_service is not None:
        back = Line(Text("maintenance.out.back"), id="back", tone=Tone.GOOD)
        await session.ask(Panel("out", title, (back,), note=Text("maintenance.out.is_out")))
        await session.record("back-in-service")
        bench.show_out(None, None)
        return
    reasons = tuple(Line(Text(f"maintenance.out.{reason}"), id=reason) for reason in REASONS)
    reason = await session.ask(Panel("out", title, reasons, note=Text("maintenance.out.why")))
    times = tuple(Line(Text(f"maintenance.until.{until}"), id=until) for until in _UNTIL)
    until = await session.ask(Panel("out_until", title, times, note=Text("maintenance.out.until")))
    await session.record("out-of-service", reason=reason, until=until)
    bench.show_out(OutReason.MAINTENANCE, _sentence(session, until))
    await session.tell("out_done", "maintenance.place.out", "maintenance.out.done")


def _sentence(session: Session, until: str) -> Text | None:
    """Say until when in the public's words; a clock that can't be trusted says no hour."""
    if until == "tomorrow":
        return Text("maintenance.public.tomorrow")
    stamp = session.bench.clock.now()
    if until not in _MINUTES or stamp.trust == "untrusted":
        return None
    end = stamp.wall_time.astimezone(ZONE) + timedelta(minutes=_MINUTES[until])
    return Text("maintenance.public.until", {"time": f"{end:%H:%M}"})
