"""Several kiosks of one centre, whatever happens to their clocks, processes, days and disks.

No number twice in a centre and day, no day going back, one intention one ticket.
"""

import shutil
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import ClassVar

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test

from common.machine.errors import NoBusinessDay
from common.machine.stamp import Stamp
from offline_store.chain.audit import verify_chain
from offline_store.disk.database import DATABASE, Store
from offline_store.identity import Identity
from offline_store.issuing.business_day import apply_feed_day, business_date, open_day_by_manager
from offline_store.issuing.far_day import waiting_day
from offline_store.issuing.intake import TicketRequest, accept_ticket
from offline_store.opening import open_store_in
from tests.kit.clock import NOON
from tests.kit.examples import examples

KIOSKS = 3
EXAMPLES = examples(fixed=8, fresh=500)
# What must come of an example, on average: a run in which no number is given holds no promise, however green.
AT_LEAST = {"given": 3, "repeated": 0.25, "restarted": 0.2, "damaged": 0.2, "lost": 0.1}
kiosks = st.integers(0, KIOSKS - 1)
prefixes = st.sampled_from("AB")
clocks = st.sampled_from(["true", "stopped", "1970", "2099", "day before", "month ahead"])


@dataclass
class ModelKiosk:
    """One kiosk: its disk, and what its clock believes."""

    folder: Path
    identity: Identity
    store: Store | None = None
    boot: int = 0
    clock: str = "true"
    trust: str = "synced"
    booted_at: datetime = NOON
    last_label: str = ""
    given: dict[str, tuple[str, str]] = field(default_factory=dict)

    def wall_time(self, now: datetime) -> datetime:
        running = now - self.booted_at
        return {
            "true": now,
            "stopped": self.booted_at - timedelta(days=1) + running,
            "1970": datetime(1970, 1, 1, tzinfo=UTC) + running,
            "2099": datetime(2099, 1, 1, tzinfo=UTC) + running,
            "day before": now - timedelta(days=1),
            "month ahead": now + timedelta(days=30),
        }[self.clock]


class Centre(RuleBasedStateMachine):
    """What may happen to the kiosks of a centre; `happened` counts what came of it over all examples."""

    happened: ClassVar[Counter[str]] = Counter()

    def __init__(self) -> None:
        super().__init__()
        self.root = Path(tempfile.mkdtemp())
        self.now = NOON
        self.serial = 0
        self.taken: set[tuple[str, str]] = set()
        self.kiosks: list[ModelKiosk] = []

    @initialize()
    def enrol(self) -> None:
        for n in range(KIOSKS):
            kiosk = ModelKiosk(self.root / str(n), Identity(f"kiosk-{n}", "homs-main", n + 1))
            self.kiosks.append(kiosk)
            self.start(kiosk)

    def stamp(self, kiosk: ModelKiosk) -> Stamp:
        since_boot_ns = int((self.now - kiosk.booted_at).total_seconds() * 1e9) + 1
        return Stamp(kiosk.wall_time(self.now), since_boot_ns, f"boot-{kiosk.boot}", kiosk.trust)  # type: ignore[arg-type]

    def start(self, kiosk: ModelKiosk) -> Store:
        if kiosk.store is not None:
            kiosk.store.close()
        kiosk.store = open_store_in(kiosk.folder, kiosk.identity, stamp=self.stamp(kiosk))
        return kiosk.store

    @rule(n=kiosks, prefix=prefixes)
    def ticket(self, n: int, prefix: str) -> None:
        kiosk = self.kiosks[n]
        assert kiosk.store
        intention = f"{n}-{len(self.taken)}"
        stamp = self.stamp(kiosk)
        try:
            given = accept_ticket(kiosk.store, TicketRequest("clearance", prefix), intention=intention, stamp=stamp)
        except NoBusinessDay:
            with kiosk.store.read() as connection:  # a day too far for a clock alone waits for central or a manager
                assert stamp.trust != "synced" or waiting_day(connection, stamp) is not None
            self.happened["no day"] += 1
            return
        said = (given.business_day, given.number)
        assert not given.repeated
        assert said not in self.taken, f"{said} was given twice"
        assert given.business_day >= kiosk.last_label, "a day went back"
        self.taken.add(said)
        kiosk.last_label = given.business_day
        kiosk.given[intention] = said
        self.happened["given"] += 1
        self.happened["given by a wrong clock"] += kiosk.clock != "true"

    @rule(n=kiosks, taken=st.lists(prefixes, min_size=1, max_size=4))
    def people_come_while_the_network_is_there(self, n: int, taken: list[str]) -> None:
        """From a kiosk in whatever state to a number in one step: who has the time gives numbers."""
        self.clock_is_synced(n)
        before = len(self.taken)
        for prefix in taken:
            self.ticket(n, prefix)
        assert len(self.taken) == before + len(taken)

    @rule(data=st.data())
    @precondition(lambda self: any(kiosk.given for kiosk in self.kiosks))
    def tap_again(self, data: st.DataObject) -> None:
        kiosk = data.draw(st.sampled_from([kiosk for kiosk in self.kiosks if kiosk.given]))
        assert kiosk.store
        intention = data.draw(st.sampled_from(sorted(kiosk.given)))
        again = accept_ticket(
            kiosk.store, TicketRequest("clearance", "B"), intention=intention, stamp=self.stamp(kiosk)
        )
        assert (again.repeated, (again.business_day, again.number)) == (True, kiosk.given[intention])
        self.happened["repeated"] += 1

    @rule(hours=st.sampled_from([0.1, 3, 11, 24, 24 * 50]))
    def time_passes(self, hours: float) -> None:
        self.now += timedelta(hours=hours)

    @rule(n=kiosks, clock=clocks, restored=st.booleans())
    def restart(self, n: int, clock: str, restored: bool) -> None:
        kiosk = self.kiosks[n]
        kiosk.boot += 1
        kiosk.booted_at, kiosk.clock = self.now, clock
        # What the clock module would claim. The store must not rely on a restored clock being right.
        kiosk.trust = "restored" if restored and clock in {"true", "stopped", "2099", "1970"} else "untrusted"
        self.start(kiosk)
        self.happened["restarted"] += bool(kiosk.given)

    @rule(n=kiosks)
    def clock_is_synced(self, n: int) -> None:
        kiosk = self.kiosks[n]
        assert kiosk.store
        kiosk.clock, kiosk.trust = "true", "synced"
        stamp = self.stamp(kiosk)
        kiosk.store.note_trusted_time(stamp.wall_time, boot_time_ns=stamp.boot_time_ns, boot_id=stamp.boot_id)

    @rule(n=kiosks, ahead=st.integers(-3, 2), step=st.integers(0, 2))
    def feed_names_a_day(self, n: int, ahead: int, step: int) -> None:
        kiosk = self.kiosks[n]
        assert kiosk.store
        self.serial += step
        with kiosk.store.write() as connection:
            apply_feed_day(connection, self.date(ahead), self.serial, self.stamp(kiosk))

    @rule(n=kiosks, ahead=st.integers(-2, 1))
    def manager_opens_a_day(self, n: int, ahead: int) -> None:
        kiosk = self.kiosks[n]
        assert kiosk.store
        open_day_by_manager(kiosk.store, self.date(ahead), self.stamp(kiosk), "t-1")

    @rule(n=kiosks, zero=st.booleans())
    def disk_is_damaged(self, n: int, zero: bool) -> None:
        kiosk = self.kiosks[n]
        assert kiosk.store
        kiosk.store.close()
        with (kiosk.folder / DATABASE).open("r+b") as file:
            file.write(bytes(4096) if zero else b"garbage" * 20)
        self.start(kiosk)
        self.happened["damaged"] += bool(kiosk.given)

    @rule(n=kiosks)
    def disk_is_lost(self, n: int) -> None:
        """Nothing can be read. A day that was opened ahead of time is then not known any more: not under test."""
        kiosk = self.kiosks[n]
        assert kiosk.store
        if kiosk.last_label <= self.date(0):
            with kiosk.store.read() as connection:
                labels = connection.exec_driver_sql("SELECT max(date) FROM business_days").scalar_one() or ""
            if labels <= self.date(0):
                kiosk.store.close()
                self.happened["lost"] += bool(kiosk.given)
                (kiosk.folder / DATABASE).unlink()
                kiosk.given.clear()
                kiosk.last_label = ""
                self.start(kiosk)

    def date(self, ahead: int) -> str:
        today: date = business_date(self.now)
        return (today + timedelta(days=ahead)).isoformat()

    def teardown(self) -> None:
        for kiosk in self.kiosks:
            if kiosk.store is not None:
                assert verify_chain(kiosk.store) == []
                kiosk.store.close()
        shutil.rmtree(self.root)


@pytest.mark.timeout(3600)  # for shrinking too
@pytest.mark.hypothesis
def test_numbers_are_unique_whatever_happens_to_a_centre() -> None:
    happened = Centre.happened = Counter()
    run_state_machine_as_test(Centre, settings=settings(max_examples=EXAMPLES, stateful_step_count=35))
    assert {what: happened[what] for what, least in AT_LEAST.items() if happened[what] < least * EXAMPLES} == {}
