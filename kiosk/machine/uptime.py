"""How the last run of the kiosk ended, told from the gap that it left.

A small file says which boot the kiosk last lived in and whether it stopped by its own will. A power cut leaves no
farewell and another boot id; a crash leaves no farewell in the same boot.
"""

import enum
from dataclasses import dataclass
from pathlib import Path

import msgspec

from common.machine.durable_file import replace_file

_LONGEST_GAP_S = 400 * 24 * 3600


class Ending(enum.StrEnum):
    """How the run before this one ended."""

    FIRST = "first"  #: there was none
    STOPPED = "stopped"  #: by its own will
    CRASHED = "crashed"  #: the process fell, the machine went on
    POWER_CUT = "power-cut"  #: the machine itself stopped without notice


@dataclass(frozen=True)
class Gap:
    """What lies between two runs."""

    ending: Ending
    seconds: int | None = None  #: None where the clocks don't say


class _Trace(msgspec.Struct, frozen=True):
    boot_id: str
    boottime_s: int
    wall_s: int
    stopped: bool


def begin(path: Path, *, boot_id: str, boottime_s: int, wall_s: int) -> Gap:
    """Read how the last run ended and mark this one as running.

    Args:
        path: the trace, `data_dir/running.json`.
        boot_id: this boot's id.
        boottime_s: seconds since this boot.
        wall_s: wall clock, seconds since 1970; believed only for the length of a gap.

    Raises:
        OSError: the file can't be written.
    """
    last = _read(path)
    alive(path, boot_id=boot_id, boottime_s=boottime_s, wall_s=wall_s)
    if last is None:
        return Gap(Ending.FIRST)
    same_boot = last.boot_id == boot_id
    seconds = boottime_s - last.boottime_s if same_boot else wall_s - last.wall_s
    known = seconds if 0 <= seconds <= _LONGEST_GAP_S else None
    if last.stopped:
        return Gap(Ending.STOPPED, known)
    return Gap(Ending.CRASHED if same_boot else Ending.POWER_CUT, known)


def alive(path: Path, *, boot_id: str, boottime_s: int, wall_s: int) -> None:
    """Mark that the kiosk lives; once a minute is enough."""
    _write(path, _Trace(boot_id, boottime_s, wall_s, stopped=False))


def end(path: Path, *, boot_id: str, boottime_s: int, wall_s: int) -> None:
    """Mark that the kiosk stops by its own will."""
    _write(path, _Trace(boot_id, boottime_s, wall_s, stopped=True))


def _read(path: Path) -> _Trace | None:
    try:
        return msgspec.json.decode(path.read_bytes(), type=_Trace)
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None  # torn or foreign: as if there had been no run


def _write(path: Path, trace: _Trace) -> None:
    replace_file(path, msgspec.json.encode(trace))
