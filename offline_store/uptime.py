"""How the last run of a kiosk's or hub's program ended, told from what it left.

A small file says which boot the program last lived in and whether it stopped by its own will. A power cut leaves no
farewell and another boot id; a crash leaves no farewell in the same boot. That a watchdog ended it systemd says, or the
machine's own clockwork; that it was for an update the version says, or the mark of Debian's packages.
"""

import contextlib
import enum
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Final

import msgspec
import structlog

from common.machine.durable_file import replace_file
from common.machine.errors import StoreUnavailable
from common.machine.stamp import Clock
from offline_store.disk.database import Store
from offline_store.printed import tallies

FILE: Final = "running.json"
ENDED: Final = "ended"
"""Where the unit writes what systemd calls the end of the last run (ExecStopPost=), in the data folder."""
WATCHDOGS: Final = Path("/sys/class/watchdog")
_RESET_BY_WATCHDOG: Final = 0x20  # WDIOF_CARDRESET of linux/watchdog.h
_LONGEST_GAP_S = 400 * 24 * 3600
_log = structlog.get_logger(__name__)


class Ending(enum.StrEnum):
    """How the run before this one ended."""

    FIRST = "first"  #: there was none
    STOPPED = "stopped"  #: by its own will
    UPDATED = "updated"  #: by its own will, for another version, or for Debian's packages
    CRASHED = "crashed"  #: the process fell, the machine went on
    HUNG = "hung"  #: it stood still, and a watchdog ended process or machine
    POWER_CUT = "power-cut"  #: the machine itself stopped without notice


TALLIES: Final = {
    Ending.CRASHED: "crashes", Ending.HUNG: "watchdogs", Ending.UPDATED: "updates", Ending.POWER_CUT: "power_cuts",
}  # fmt: skip
"""Under which name each ending is counted; every start counts as one of `restarts`."""


@dataclass(frozen=True)
class Gap:
    """What lies between two runs."""

    ending: Ending
    seconds: int | None = None  #: None where the clocks don't say


@dataclass(frozen=True, slots=True)
class Signs:
    """What others say of the end of the last run.

    `result` is systemd's word for it; `was_reset`: a watchdog reset the machine before this boot; `updated_s`: when
    Debian's packages came after which the machine is restarted, seconds since 1970.
    """

    result: str = ""
    was_reset: bool = False
    updated_s: float | None = None


class _Trace(msgspec.Struct, frozen=True):
    boot_id: str
    boottime_s: int
    wall_s: int
    stopped: bool
    version: str = ""
    began_s: int = 0


def signs_of(name: str, data_dir: Path, watchdogs: Path = WATCHDOGS, root: Path = Path("/var/lib")) -> Signs:
    """Read what others say of the end of the last run of `kiosk` or `hub`; systemd's word counts once."""
    ended, marks = data_dir / ENDED, (root / f"{one}-update/restart" for one in {name, "kiosk"})
    result = _text(ended)
    with contextlib.suppress(OSError):
        ended.unlink(missing_ok=True)
    status = (_text(path) for path in watchdogs.glob("watchdog*/bootstatus"))
    was_reset = any(one.isdecimal() and int(one) & _RESET_BY_WATCHDOG for one in status)
    return Signs(result, was_reset, max((at for mark in marks if (at := _changed(mark)) is not None), default=None))


def begin(path: Path, *, boot_id: str, boottime_s: int, wall_s: int, signs: Signs | None = None) -> Gap:
    """Read how the last run ended and mark this one as running.

    Args:
        path: the trace, `data_dir/running.json`.
        boot_id: this boot's id.
        boottime_s: seconds since this boot.
        wall_s: wall clock, seconds since 1970; believed only for the length of a gap.
        signs: what others say of it.

    Raises:
        OSError: the file can't be written.
    """
    last, own = _read(path), version("homs-kiosk")
    _write(path, _Trace(boot_id, boottime_s, wall_s, stopped=False, version=own, began_s=wall_s))
    if last is None:
        return Gap(Ending.FIRST)
    same_boot = last.boot_id == boot_id
    seconds = boottime_s - last.boottime_s if same_boot else wall_s - last.wall_s
    known = seconds if 0 <= seconds <= _LONGEST_GAP_S else None
    return Gap(_ending(last, own, same_boot=same_boot, signs=signs or Signs()), known)


def _ending(last: _Trace, own: str, *, same_boot: bool, signs: Signs) -> Ending:
    if last.stopped:
        for_debian = not same_boot and signs.updated_s is not None and last.began_s <= signs.updated_s <= last.wall_s
        return Ending.UPDATED if last.version not in ("", own) or for_debian else Ending.STOPPED
    if same_boot:
        return Ending.HUNG if signs.result == "watchdog" else Ending.CRASHED
    return Ending.HUNG if signs.was_reset else Ending.POWER_CUT


def alive(path: Path, *, boot_id: str, boottime_s: int, wall_s: int) -> None:
    """Mark that the program lives; once a minute is enough."""
    _go_on(path, boot_id, boottime_s, wall_s, stopped=False)


def end(path: Path, *, boot_id: str, boottime_s: int, wall_s: int) -> None:
    """Mark that the program stops by its own will."""
    _go_on(path, boot_id, boottime_s, wall_s, stopped=True)


@contextlib.contextmanager
def counted(store: Store, clock: Clock, name: str) -> Iterator[None]:
    """Count this run of `name`, and why it began, while the block runs; an error that leaves it leaves no farewell.

    A disk that refuses costs the count alone.
    """
    gap = _traced(store, clock, lambda path, **now: begin(path, signs=signs_of(name, store.data_dir), **now))
    if isinstance(gap, Gap):
        _log.info("started", after=gap.ending.value, gap_s=gap.seconds)
        with contextlib.suppress(StoreUnavailable), store.write() as connection:
            for one in ("restarts", TALLIES.get(gap.ending)):
                if one is not None:
                    tallies.add(connection, one, 1)
    yield
    _traced(store, clock, end)


def _traced[T](store: Store, clock: Clock, mark: Callable[..., T]) -> T | None:
    stamp = clock.now()
    now = {"boottime_s": stamp.boot_time_ns // 1_000_000_000, "wall_s": stamp.unix_s}
    try:
        return mark(store.data_dir / FILE, boot_id=stamp.boot_id, **now)
    except OSError as error:
        _log.warning("run-not-marked", reason=error.strerror)
        return None


def _go_on(path: Path, boot_id: str, boottime_s: int, wall_s: int, *, stopped: bool) -> None:
    last = _read(path)
    began = (version("homs-kiosk"), wall_s) if last is None else (last.version, last.began_s)
    _write(path, _Trace(boot_id, boottime_s, wall_s, stopped, *began))


def _read(path: Path) -> _Trace | None:
    try:
        return msgspec.json.decode(path.read_bytes(), type=_Trace)
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None  # torn or foreign: as if there had been no run


def _write(path: Path, trace: _Trace) -> None:
    replace_file(path, msgspec.json.encode(trace))


def _text(path: Path) -> str:
    try:
        return path.read_bytes()[:40].decode("ascii", "replace").strip()
    except OSError:
        return ""


def _changed(path: Path) -> float | None:
    try:
        return path.stat().st_mtime
    except OSError:
        return None
