"""How the last update went, as root's updater left it: part of what the kiosk says of itself."""

from pathlib import Path
from typing import Final

import msgspec

RESULT: Final = Path("/var/lib/kiosk-update/result.json")
_MOST_BYTES: Final = 4096
_LONGEST: Final = 300


def read_update(path: Path = RESULT) -> dict[str, str]:
    """Return version, outcome, time and reason; nothing where no update was tried, or what lies there is no result."""
    try:
        if path.stat().st_size > _MOST_BYTES:
            return {}
        found = msgspec.json.decode(path.read_bytes(), type=dict[str, str])
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
        return {}
    return {name: found[name][:_LONGEST] for name in ("version", "outcome", "at", "why") if name in found}
