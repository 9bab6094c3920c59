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


def read_taken_out(data_dir: Path) -> TakenOut | None:
    """Read what was said before the restart; None where nothing was, or where it can't be read."""
    try:
        found = json.loads((data_dir / FILE).read_bytes())
        until = Text(found["until"]["msgid"], found["until"]["values"]) if found["until"] else None
        return TakenOut(OutReason(found["reason"]), until)
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
        replace_file(path, json.dumps({"reason": out.reason.value, "until": until}).encode())
    except OSError as error:
        _log.warning("out-of-service-not-kept", reason=error.strerror)
