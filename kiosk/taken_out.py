"""Taken out of service by hand: what the technician said to the public, kept over a restart."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import structlog

from kiosk.prompts import OutReason, Text
from offline_store.durable_file import replace_file, sync

FILE: Final = "out-of-service.json"
_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class TakenOut:
    """Why nobody is served, and until when where somebody knows."""

    reason: OutReason
    until: Text | None = None
    ends_at: int | None = None  # seconds since 1970: then it serves again by itself

    def is_over(self, now_s: int) -> bool:
        """Whether the time that the public was told has come."""
        return self.ends_at is not None and now_s >= self.ends_at


def read_taken_out(data_dir: Path) -> TakenOut | None:
    """Read what was said before the restart; None where nothing was, or where it can't be read."""
    try:
        found = json.loads((data_dir / FILE).read_bytes())
        until = Text(found["until"]["msgid"], found["until"]["values"]) if found["until"] else None
        ends_at = found.get("ends_at")
        return TakenOut(OutReason(found["reason"]), until, None if ends_at is None else int(ends_at))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError) as error:
        _log.warning("out-of-service-unreadable", reason=type(error).__name__)
        return None


def keep_taken_out(data_dir: Path, out: TakenOut | None) -> None:
    """Keep it over a restart. Where the disk refuses it holds until then, and the log says so."""
    path = data_dir / FILE
    try:
        if out is None:
            path.unlink(missing_ok=True)
            sync(data_dir)
            return
        until = None if out.until is None else {"msgid": out.until.msgid, "values": dict(out.until.values)}
        replace_file(path, json.dumps({"reason": out.reason.value, "until": until, "ends_at": out.ends_at}).encode())
    except OSError as error:
        _log.warning("out-of-service-not-kept", reason=error.strerror)
