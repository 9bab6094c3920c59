"""A citizen's call for staff on its way from the screen's process to the one that speaks with the hub: a small file."""

from pathlib import Path
from typing import Final

import msgspec

from common.protocol.queue.call import HelpCall

FILE: Final = "help-call.json"
_MAX_BYTES: Final = 1024


def ask(data_dir: Path, call_id: str) -> None:
    """Leave a call where the listener finds it; a newer one takes the place of an older. Raises OSError."""
    path = data_dir / FILE
    fresh = path.with_suffix(".new")
    fresh.write_bytes(msgspec.json.encode(HelpCall(call_id)))
    fresh.replace(path)


def asked(data_dir: Path) -> str | None:
    """Return the id of the newest call, None where there is none that can be read."""
    path = data_dir / FILE
    try:
        if path.stat().st_size > _MAX_BYTES:
            return None
        return msgspec.json.decode(path.read_bytes(), type=HelpCall).id
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None


def forget(data_dir: Path) -> None:
    """Remove what is left of earlier calls: nobody waits for their answer any more. Raises OSError."""
    (data_dir / FILE).unlink(missing_ok=True)
