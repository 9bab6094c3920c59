"""Taken out of service by hand: what the technician said to the public, kept over a restart."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import structlog

from common.machine.records.record import RecordDamaged, forget, keep, recall
from kiosk.prompts.ui import OutReason, Text
from kiosk.records.names import TAKEN_OUT
from offline_store.issuing.business_day import ZONE

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class OutOfServiceRecord:
    """Why nobody is served, and until when where somebody knows."""

    reason: OutReason
    ends_at: int | None = None  # seconds since 1970: then it serves again by itself

    def is_over(self, now_s: int) -> bool:
        """Whether the time that the public was told has come."""
        return self.ends_at is not None and now_s >= self.ends_at

    def until(self, now: datetime | None) -> Text | None:
        """Return when it serves again, as somebody who reads it now would: "tomorrow" is none the day after.

        Args:
            now: the centre's time, or None while the clock can't be trusted: then nobody knows.
        """
        if self.ends_at is None or now is None:
            return None
        ends = datetime.fromtimestamp(self.ends_at, ZONE)
        match (ends.date() - now.date()).days:
            case 0:
                return Text("maintenance.public.until", {"time": f"{ends:%H:%M}"})
            case 1:
                return Text("maintenance.public.tomorrow")
            case days if days > 1:
                return Text("maintenance.public.on_day", {"day": ends.date()})
            case _:
                return None


def read_out_of_service(data_dir: Path) -> OutOfServiceRecord | None:
    """Read what was said before the restart; None where nothing was, or where it can't be read."""
    try:
        found = recall(data_dir / TAKEN_OUT)
        if found is None:
            return None
        ends_at = found.get("ends_at")
        if ends_at is not None:
            datetime.fromtimestamp(ends_at, ZONE)  # what no calendar has is no time
        return OutOfServiceRecord(OutReason(found["reason"]), ends_at)
    except (RecordDamaged, OSError, ValueError, KeyError, TypeError, OverflowError) as error:
        _log.warning("out-of-service-unreadable", reason=type(error).__name__)
        return None


def keep_out_of_service(data_dir: Path, out: OutOfServiceRecord | None) -> None:
    """Keep it over a restart. Where the disk refuses it holds until then, and the log says so.

    A change of paper is not kept: the technician begins again, or has gone, and the kiosk must not wait for them.
    """
    path = data_dir / TAKEN_OUT
    try:
        if out is None or out.reason is OutReason.CHANGING_PAPER:
            forget(path)
        else:
            keep(path, {"reason": out.reason.value, "ends_at": out.ends_at})
    except OSError as error:
        _log.warning("out-of-service-not-kept", reason=error.strerror)
