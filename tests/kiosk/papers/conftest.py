"""A printer that says what a test has written down, and the journal of what it printed."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from common.city.catalogue import load_catalogue
from devices.paper import Paper
from devices.protocols import DeviceState, PaperState, Printed, PrinterReport, PrinterStatus, PrintResult
from devices.protocols import Unknown as UnknownResult
from kiosk.papers.paper_content import PaperContent
from kiosk.papers.printing import Printing
from offline_store.disk.database import Store
from tests.kit.clock import HandClock
from tests.kit.desk import CENTRE, App, Place, open_store

CONTENT = PaperContent(load_catalogue, CENTRE, "homs-main 2")


class Told:
    """A printer that says what it is told to, and remembers what it was asked and what the journal held then."""

    def __init__(self) -> None:
        self.result: PrintResult = Printed(90)
        self.late: PrintResult | None = None
        self.papers: list[Paper] = []
        self.store: Store | None = None
        self.open_rows: list[int] = []
        self.begins_afresh = False

    @property
    def holds_job(self) -> bool:
        return isinstance(self.result, UnknownResult) and self.result.holds_job and self.late is None

    def print(self, paper: Paper) -> PrintResult:
        self.papers.append(paper)
        if self.store is not None:
            self.open_rows.append(_count(self.store, "sending"))
        return self.result

    def settle(self, timeout_s: float = 0.0) -> PrintResult | None:
        late, self.late = self.late, None
        return late

    def status(self) -> PrinterStatus:
        return PrinterStatus(DeviceState.ONLINE, PaperState.FULL)

    def report(self) -> PrinterReport:
        return PrinterReport(self.status(), "x", "none", "", 0, 0)

    def begin_afresh(self) -> None:
        self.begins_afresh = True

    def want(self, papers: object) -> None:
        pass

    def store_next_graphic(self) -> bool:
        return False

    def cancel(self) -> None:
        pass

    def close(self) -> None:
        pass


def _count(store: Store, state: str) -> int:
    from sqlalchemy import func, select

    from offline_store.disk import tables

    with store.read() as connection:
        query = select(func.count()).select_from(tables.print_jobs).where(tables.print_jobs.c.state == state)
        return int(connection.execute(query).scalar_one())


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    clock = HandClock()
    with open_store(tmp_path, clock) as store:
        yield Place(store, clock, App())


@pytest.fixture
def printer(place: Place) -> Told:
    told = Told()
    told.store = place.store
    return told


@pytest.fixture
def printing(place: Place, printer: Told) -> Iterator[Printing]:
    with Printing(printer, place.store, CONTENT, now=place.clock.now) as found:
        yield found
