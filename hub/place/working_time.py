"""Working time: it runs while a counter's page is connected, so that a cut neither ages nor reshuffles anybody."""

from bisect import bisect_right
from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import Connection, insert, select

from common.machine.stamp import Stamp
from hub.log import tables
from hub.place.timeline import Timeline, left_at, resume


class Span(NamedTuple):
    """From `line_us` on, working time runs from `work_us`, or stands there."""

    line_us: int
    work_us: int
    is_running: bool


class WorkingTime:
    """How much working time had passed at any moment of the time line."""

    def __init__(self, spans: Sequence[Span] = ()) -> None:
        """Take the spans in the order of the line."""
        self._spans = list(spans) or [Span(0, 0, False)]

    @property
    def is_running(self) -> bool:
        """Whether it runs now."""
        return self._spans[-1].is_running

    def at(self, line_us: int) -> int:
        """Return the working time, in microseconds, that had passed at a moment of the line."""
        span = self._spans[max(0, bisect_right(self._spans, line_us, key=lambda one: one.line_us) - 1)]
        return span.work_us + (max(0, line_us - span.line_us) if span.is_running else 0)

    def switched(self, connection: Connection, line_us: int, *, running: bool) -> "WorkingTime":
        """Return how it goes on that runs or stands from a moment on, written down in the caller's transaction.

        Where that is so already it is this one.
        """
        if running == self.is_running:
            return self
        line_us = max(line_us, self._spans[-1].line_us + 1)
        span = Span(line_us, self.at(line_us), running)
        connection.execute(insert(tables.work_spans).values(span._asdict()))
        return WorkingTime([*self._spans, span])


def resume_work(connection: Connection, *, writes: bool) -> WorkingTime:
    """Go on where working time was left. Where the hub fell while it ran, it stands since the last beat or event.

    `writes`: whether this process keeps working time, and so writes that down.
    """
    columns = tables.work_spans.c
    rows = connection.execute(select(columns.line_us, columns.work_us, columns.is_running).order_by(columns.line_us))
    work = WorkingTime([Span(row.line_us, row.work_us, bool(row.is_running)) for row in rows])
    if writes:  # no arrival may have waited less than nothing
        work = work.switched(connection, left_at(connection), running=False)
    return work


def kept_clocks(connection: Connection, stamp: Stamp) -> tuple[Timeline, WorkingTime]:
    """Return time line and working time as whichever process keeps them has written them down."""
    return resume(connection, stamp), resume_work(connection, writes=False)
