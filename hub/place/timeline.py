"""The hub's time line: microseconds that only grow, through reboots, wrong clocks and a take-over by another machine.

Within one boot it is CLOCK_BOOTTIME, moved. Over a reboot it goes on by as much as passed on a trusted wall clock, or
at least by the time since this boot.
"""

from sqlalchemy import Connection, bindparam, select, update

from common.machine.stamp import Stamp
from hub.log import tables
from offline_store.disk.sql import precompiled, run

_CLOCKS = ("line_us", "work_us", "wall_us", "boot_id", "boot_time_ns")
_BEAT = precompiled(update(tables.state).values({name: bindparam(name) for name in _CLOCKS}))


class Timeline:
    """Where this boot's clock lies on the time line."""

    def __init__(self, offset_us: int, *, is_guessed: bool = False) -> None:
        """Make a time line; use `resume`."""
        self._offset_us = offset_us
        #: Whether this hub was off before this boot, and no clock can tell for how long.
        self.is_guessed = is_guessed

    def at(self, stamp: Stamp) -> int:
        """Return the place of a moment of this boot on the line, in microseconds."""
        return self._offset_us + stamp.boot_time_ns // 1000

    def follow(self, line_us: int, stamp: Stamp) -> None:
        """Take over the line of the hub that leads: it stands at `line_us` now. It never goes back."""
        self.is_guessed = False
        self._offset_us = max(self._offset_us, line_us - stamp.boot_time_ns // 1000)


def resume(connection: Connection, stamp: Stamp) -> Timeline:
    """Go on with the line where it was left, which an earlier boot may have done."""
    row = connection.execute(select(tables.state)).one()
    if row.boot_id is None:
        return Timeline(-(stamp.boot_time_ns // 1000))
    if row.boot_id == stamp.boot_id:
        return Timeline(row.line_us - row.boot_time_ns // 1000)
    passed_us = since_boot_us = stamp.boot_time_ns // 1000
    is_guessed = row.wall_us is None or not stamp.tells_time
    if not is_guessed:
        passed_us = max(passed_us, stamp.unix_us - row.wall_us)
    line_us = max(row.line_us + passed_us, left_at(connection) + since_boot_us)
    return Timeline(line_us - since_boot_us, is_guessed=is_guessed)


def left_at(connection: Connection) -> int:
    """Return how far the line is known to have come: at the last beat, or at the last event, which may be later."""
    beaten: int = connection.execute(select(tables.state.c.line_us)).scalar_one()
    last = select(tables.events.c.line_us).order_by(tables.events.c.seq.desc()).limit(1)
    return max(beaten, connection.scalar(last) or 0)


def beat(connection: Connection, timeline: Timeline, work_us: int, stamp: Stamp) -> None:
    """Write down where line and working time stand, so that a power cut loses no more of either than since then."""
    stands = {
        "line_us": timeline.at(stamp),
        "work_us": work_us,
        "wall_us": stamp.unix_us if stamp.tells_time else None,
        "boot_id": stamp.boot_id,
        "boot_time_ns": stamp.boot_time_ns,
    }
    run(connection, _BEAT, stands)
