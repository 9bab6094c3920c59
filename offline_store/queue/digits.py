"""Eight digits that somebody typed, on their way to the hub and back: two small files, each written whole.

They are worth something for seconds only, and what was typed is removed once the hub has answered.
"""

from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct

from common.protocol.field import Uuid
from common.protocol.queue.claim import ClaimDigits, ClaimFound

ASKED: Final = "digits-asked.json"
FOUND: Final = "digits-found.json"
_MAX_BYTES: Final = 4096


class DigitsAsked(Struct, frozen=True):
    """What was typed; `id` names this try."""

    id: Uuid
    digits: ClaimDigits


class DigitsFound(Struct, frozen=True):
    """What the hub knows of one try; `claim` null: nothing."""

    id: Uuid
    claim: ClaimFound | None = None


def ask(data_dir: Path, asked: DigitsAsked) -> None:
    """Leave digits where the listener finds them. Raises OSError."""
    _write(data_dir / ASKED, asked)


def asked(data_dir: Path) -> DigitsAsked | None:
    """Return what was typed last and is not answered, None where there is nothing that can be read."""
    return _read(data_dir / ASKED, DigitsAsked)


def answer(data_dir: Path, found: DigitsFound) -> None:
    """Leave an answer where the screen's process finds it, and remove what was typed. Raises OSError."""
    _write(data_dir / FOUND, found)
    now = asked(data_dir)
    if now is None or now.id == found.id:  # else the next try is there already
        forget(data_dir)


def found(data_dir: Path, ask_id: str) -> DigitsFound | None:
    """Return the answer to one try, None where there is none yet."""
    told = _read(data_dir / FOUND, DigitsFound)
    return told if told is not None and told.id == ask_id else None


def forget(data_dir: Path) -> None:
    """Remove what was typed: nobody waits for it any more. Raises OSError."""
    (data_dir / ASKED).unlink(missing_ok=True)


def _write(path: Path, word: Struct) -> None:
    fresh = path.with_suffix(".new")
    fresh.write_bytes(msgspec.json.encode(word))
    fresh.replace(path)


def _read[Word](path: Path, shape: type[Word]) -> Word | None:
    try:
        if path.stat().st_size > _MAX_BYTES:
            return None
        return msgspec.json.decode(path.read_bytes(), type=shape)
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None
