"""Working time: it runs while a counter's page is connected, so that a cut neither ages nor reshuffles anybody."""

from bisect import bisect_right
from collections.abc import Sequence
from typing import Final, NamedTuple

from sqlalchemy import Connection, select

from common.machine.stamp import Stamp
from hub.log import tables
from hub.place.timeline import Timeline, resume
from offline_store.disk.sql import precompiled, run

_columns = tables.work_spans.c
_SPANS: Final = precompiled(select(_columns.line_us, _columns.work_us, _columns.is_running).order_by(_columns.line_us))


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

    def switch(self, line_us: int, *, running: bool) -> Span | None:
        """Return the span that begins where it runs or stands from a moment on; None where that is so already."""
        if running == self.is_running:
            return None
        line_us = max(line_us, self._spans[-1].line_us + 1)
        return Span(line_us, self.at(line_us), running)

    def switched(self, span: Span) -> "WorkingTime":
        """Return how it goes on with a span that `switch` made."""
        return WorkingTime([*self._spans, span])


def kept_work(connection: Connection) -> WorkingTime:
    """Return working time as the log has it."""
    return WorkingTime([Span(line_us, work_us, bool(runs)) for line_us, work_us, runs in run(connection, _SPANS)])


def kept_clocks(connection: Connection, stamp: Stamp) -> tuple[Timeline, WorkingTime]:
    """Return the time line as whichever process keeps it has written it down, and working time as the log has it."""
    return resume(connection, stamp), kept_work(connection)
