"""Small records that a kiosk can't do without: kept twice, each copy with a check of its own.

A bad disk, or a cheap one in a power cut, damages files that nobody was writing. Nobody is there to type a code in
again, and a digit with one bit turned would be worse: two kiosks would give the same numbers. So the copy that holds is
taken, and `mend` makes the other again.
"""

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import msgspec
import structlog

from common.machine.durable_file import replace_file, sync

_CHECK: Final = "check"
_log = structlog.get_logger(__name__)


class RecordDamaged(Exception):
    """Neither copy of a record can be used; the text says what is wrong with the first."""


def copy_of(path: Path) -> Path:
    """Return where the second copy of a file lies: beside it."""
    return path.with_name(f"{path.stem}.copy{path.suffix}")


def keep(path: Path, record: Mapping[str, Any], *, mode: int = 0o644) -> None:
    """Put a record on the disk, twice. A power cut at any instant leaves the old record or this one.

    Raises:
        OSError: the disk refuses; then the old record stands.
    """
    text = msgspec.json.format(msgspec.json.encode({**record, _CHECK: _check(record)})) + b"\n"
    for place in (copy_of(path), path):  # the first copy counts: it comes last
        replace_file(place, text, mode=mode)


def recall(path: Path) -> dict[str, Any] | None:
    """Return the record, from the first copy that holds; None where there never was one.

    Raises:
        RecordDamaged: it is there, and no copy holds.
        OSError: it is there, and no copy can be read.
    """
    faults: list[Exception] = []
    for place in (path, copy_of(path)):
        try:
            return _read(place)
        except FileNotFoundError:
            continue
        except (RecordDamaged, OSError) as error:
            faults.append(error)
    if faults:
        raise faults[0]
    return None


def forget(path: Path) -> None:
    """Let a record go, durably. Raises OSError."""
    for place in (copy_of(path), path):
        place.unlink(missing_ok=True)
    sync(path.parent)


def is_whole(path: Path) -> bool:
    """Whether both copies hold and say the same."""
    try:
        return _read(path) == _read(copy_of(path))
    except (RecordDamaged, OSError):
        return False


def mend(path: Path, *, mode: int = 0o644) -> None:
    """Make both copies of a record whole again, from the one that holds. A disk that refuses is named in the log."""
    try:
        record = recall(path)
        if record is None or is_whole(path):
            return
        keep(path, record, mode=mode)
        _log.warning("record-mended", file=path.name)
    except RecordDamaged as error:
        _log.error("record-lost", file=path.name, problem=str(error)[:200])
    except OSError as error:
        _log.error("record-not-mended", file=path.name, reason=error.strerror)


def _read(place: Path) -> dict[str, Any]:
    try:
        record = msgspec.json.decode(place.read_bytes(), type=dict[str, Any])
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise RecordDamaged(f"{place.name}: {error}") from error
    if record.pop(_CHECK, None) != _check(record):
        raise RecordDamaged(f"{place.name}: its check does not fit")
    return record


def _check(record: Mapping[str, Any]) -> str:
    return hashlib.sha256(msgspec.json.encode(record, order="sorted")).hexdigest()
