"""What machines of boards say of their own updates, kept beside the store: a browser tells central nothing."""

import threading
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final, Literal

import msgspec
from msgspec import Struct

from common.machine.durable_file import replace_file
from common.machine.stamp import Stamp

BoardLack = Literal["timer", "source", "failed", "held"]
FILE: Final = "boards.json"
_BELIEVED_FOR: Final = timedelta(minutes=30)  # a board tells every five minutes
_ONE_AT_A_TIME: Final = threading.Lock()  # boards whose power came back together tell in the same moment


class _Told(Struct, frozen=True):
    at: str
    lacks: BoardLack | None


def note(data_dir: Path, address: str, lacks: BoardLack | None, now: Stamp) -> None:
    """Keep what the board at an address lacks, None for nothing; what was told long ago goes. Raises OSError."""
    with _ONE_AT_A_TIME:
        told = _fresh(data_dir, now) | {address: _Told(now.text, lacks)}
        replace_file(data_dir / FILE, msgspec.json.encode(told))


def lacking(data_dir: Path, now: Stamp) -> dict[str, BoardLack]:
    """Return by address what keeps updates away from each board that said so lately."""
    return {address: one.lacks for address, one in sorted(_fresh(data_dir, now).items()) if one.lacks is not None}


def _fresh(data_dir: Path, now: Stamp) -> dict[str, _Told]:
    try:
        told = msgspec.json.decode((data_dir / FILE).read_bytes(), type=dict[str, _Told])
        moments = {address: datetime.fromisoformat(one.at) for address, one in told.items()}
    except (OSError, ValueError):  # none has told yet, or what lies there is damaged: they tell again
        return {}
    here = datetime.fromisoformat(now.text)
    return {address: told[address] for address, at in moments.items() if abs(here - at) <= _BELIEVED_FOR}
