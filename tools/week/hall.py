"""The reckoning of the hall: what the hub's log says, and what central knows of each ticket at the end of the week."""

from collections import Counter, defaultdict
from datetime import timedelta
from typing import NamedTuple

from sqlalchemy import select

from central.base.tables.received import inbox
from central.insight.reports.month import Month
from central.insight.visits.visit import Visit
from hub.log import tables
from hub.log.event import Event, read_events
from tools.week.machine import true_time_s
from tools.week.town import FIRST_DAY, Town


class Placed(NamedTuple):
    """Where the hub put a ticket, and when it heard of it."""

    kiosk: str
    epoch: str
    kiosk_seq: int
    arrived_line: int
    is_certain: bool
    heard_in: str
    issued_at_s: float | None


class HallBooks:
    """Everything of the hall that can be held against each other, read once."""

    def __init__(self, town: Town) -> None:
        days = [(FIRST_DAY + timedelta(days=day)).isoformat() for day in range(-2, town.days + 3)]
        self.town = town
        self.pressed = town.counters.pressed
        self.heard = town.counters.heard
        self.store = town.hub.hub.store
        self.visits: list[Visit] = town.central.visits(days)
        self.months: list[Month] = [town.central.month(month) for month in sorted({day[:7] for day in days})]
        with self.store.read() as connection:
            self.events: list[Event] = list(read_events(connection))
        self.placed = self._placed()

    @property
    def ends(self) -> Counter[str | None]:
        """How the visits ended, as central knows."""
        return Counter(visit.end for visit in self.visits)

    def by_kiosk(self) -> dict[tuple[str, str], list[Placed]]:
        """The tickets of each kiosk and epoch in the order of their issue."""
        found = defaultdict[tuple[str, str], list[Placed]](list)
        for one in sorted(self.placed, key=lambda one: one.kiosk_seq):
            found[one.kiosk, one.epoch].append(one)
        return found

    def by_hearing(self) -> dict[str, list[Placed]]:
        """The tickets of certain age by the hub's boot in which they were heard, in the order of their true issue."""
        found = defaultdict[str, list[Placed]](list)
        for one in self.placed:
            if one.is_certain and one.issued_at_s is not None:
                found[one.heard_in].append(one)
        return {boot: sorted(of_boot, key=lambda one: one.issued_at_s or 0) for boot, of_boot in found.items()}

    def _placed(self) -> list[Placed]:
        heard_in = {event.ticket: event.boot_id for event in self.events if event.kind == "arrived"}
        columns = tables.tickets.c
        wanted = (
            columns.id, columns.kiosk, columns.epoch, columns.kiosk_seq, columns.arrived_line, columns.is_certain,
        )  # fmt: skip
        with self.store.read() as connection:
            rows = connection.execute(select(*wanted).where(columns.epoch != "")).all()
        issued = self.town.central.rows(select(inbox.c.id, inbox.c.boot_id, inbox.c.boot_time_ns))
        truth = {row.id: true_time_s(row.boot_id, row.boot_time_ns) for row in issued}
        return [Placed(*row[1:], heard_in.get(row.id, ""), truth.get(row.id)) for row in rows]
