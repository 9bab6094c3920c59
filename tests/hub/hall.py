"""A centre for the hub's tests: a hub over a real store, a clock that the test moves, kiosks that give numbers."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy.dialects.sqlite import insert as upsert

from common.machine.stamp import Stamp, rfc3339
from common.protocol.feed_message import (
    FEED_BODIES,
    Clerks,
    CounterRecord,
    Counters,
    HubRecord,
    Hubs,
    KioskRecord,
    Kiosks,
    QueueRules,
)
from common.protocol.notice import Notices
from common.protocol.queue.call import QueuedTicket, TicketsAnswer, TicketsCall
from common.protocol.queue.rows import AsOf, Rows
from common.protocol.queue.service_now import Reasons, ServiceOrders
from common.queue.standing import Counter, Ticket
from hub.arrivals.answering import answer
from hub.arrivals.taking import take
from hub.engine.act import Act, Hub
from hub.engine.choice import waiting_tickets
from hub.engine.opening import open_hub, work_goes_on
from hub.engine.presses.pressing import Admission, PressAnswer, press
from hub.estimates.forecast import Forecast
from hub.log.reading import find_counter, find_ticket
from offline_store.disk import tables as store_tables
from offline_store.identity import Identity
from offline_store.opening import open_store_in
from tests.kit.clock import HandClock
from tests.kit.store import SEALING_KEY

CENTRE = "homs-main"
HUB_ID = "hub-0001"
DAY = "2026-11-25"
KIND_OF = {struct: kind for kind, struct in FEED_BODIES.items()}
SERVICES = {"A": "civil-affairs", "B": "clearance", "C": "water-bill", "D": "commercial-bank"}


CentreBody = Hubs | Kiosks | Counters | Clerks | Reasons | ServiceOrders | Notices


def said(hub: Hub, body: CentreBody, message_id: int) -> None:
    """Let central say something of the centre, as the feed would bring it."""
    row = {"body": msgspec.json.encode(body).decode(), "message_id": message_id}
    with hub.store.write() as connection:
        connection.execute(
            upsert(store_tables.centre_records)
            .values(kind=KIND_OF[type(body)], **row)
            .on_conflict_do_update(["kind"], set_=row)
        )


@dataclass
class HallKiosk:
    """A kiosk that gives numbers, with a boot clock of its own."""

    hall: "Hall"
    record: KioskRecord
    boot_id: str = field(default_factory=lambda: str(uuid.uuid4()))
    epoch: str = field(default_factory=lambda: str(uuid.uuid4()))
    boot_offset_s: float = -500.0
    wall: str | None = None
    trust: str = "synced"
    seq: int = 0
    counts: dict[str, int] = field(default_factory=dict)

    def boot_time_ns(self) -> int:
        return int((self.hall.clock.boottime_s + self.boot_offset_s) * 1e9)

    def ticket(self, letter: str = "A", **changed: Any) -> QueuedTicket:
        """Issue a number now, and tell nobody yet."""
        self.seq += 1
        n = self.counts[letter] = self.counts.get(letter, 0) + 1
        values: dict[str, Any] = {
            "id": str(uuid.uuid4()),
            "revision": 0,
            "epoch": self.epoch,
            "seq": self.seq,
            "number": f"{letter}{self.record.digit}{n:03d}",
            "service": SERVICES[letter],
            "business_day": DAY,
            "boot_id": self.boot_id,
            "boot_time_ns": self.boot_time_ns(),
            "wall_time": self.wall or rfc3339(self.hall.clock.wall),
            "clock": self.trust,
        }
        return QueuedTicket(**(values | changed))

    def tell(self, *tickets: QueuedTicket) -> TicketsAnswer:
        """Post tickets to the hub."""
        return self._post(TicketsCall(self.boot_id, self.boot_time_ns(), list(tickets)))

    def hears_rows(self, as_of: AsOf | None) -> Rows | None:
        """Ask for what has changed of the hall's rows."""
        return self._post(TicketsCall(self.boot_id, self.boot_time_ns(), as_of=as_of)).rows

    def _post(self, call: TicketsCall) -> TicketsAnswer:
        with self.hall.hub.act() as act:
            refused = take(act, self.record, call)
            return answer(act, self.record.id, call, refused)

    def give(self, letter: str = "A", **changed: Any) -> QueuedTicket:
        """Issue a number and tell the hub at once."""
        told = self.ticket(letter, **changed)
        assert self.tell(told).refused == []
        return told


class Hall:
    """The hub under test and what goes on around it."""

    def __init__(self, hub: Hub, clock: HandClock) -> None:
        self.hub = hub
        self.clock = clock
        self.kiosks = [
            HallKiosk(self, KioskRecord(f"kiosk-{digit}", digit, "a" * 43 + "="), boot_offset_s=-100.0 * digit)
            for digit in (1, 2, 3)
        ]

    def set_up(self, counters: dict[int, list[str]], rules: QueueRules | None = None, message_id: int = 1) -> None:
        records = [CounterRecord(n, {"ar": f"{n}", "en": f"{n}"}, groups) for n, groups in counters.items()]
        places = {"1": {"ar": "عند المدخل", "en": "at the entrance"}}  # where the others stand nobody has said
        said(self.hub, Counters(CENTRE, records, rules or QueueRules(), places), message_id)
        said(self.hub, Kiosks(CENTRE, [kiosk.record for kiosk in self.kiosks]), message_id)
        said(self.hub, Hubs(CENTRE, [HubRecord(HUB_ID, "http://127.0.0.1:8090", "a" * 43 + "=")]), message_id)

    def works(self, running: bool = True) -> None:
        work_goes_on(self.hub, running=running)

    def passes(self, seconds: float) -> None:
        self.clock.sleep(seconds)

    def raw(self, counter: int, body: dict[str, Any], key: str | None = None) -> PressAnswer:
        return press(
            self.hub, counter, key or str(uuid.uuid4()), msgspec.json.encode(body), lambda _: Admission("clerk-1")
        )

    def press(
        self, counter: int, kind: str, *, key: str | None = None, expect: int = 200, **fields: Any
    ) -> dict[str, Any]:
        """Press as a page would: with the ticket and version that the counter has."""
        now = self.counter(counter)
        if kind not in ("open", "pause", "close", "next", "give", "by-hand", "still-here"):
            fields.setdefault("version", now.version)
            if kind not in ("resume", "out-of-turn"):
                fields.setdefault("ticket", now.ticket)
        found = self.raw(counter, {"press": kind, **fields}, key)
        assert found.status == expect, found.body
        answered: dict[str, Any] = msgspec.json.decode(found.body)
        return answered

    def called(self, counter: int) -> str | None:
        """Press next; give the number that was called."""
        ticket = self.press(counter, "next")["counter"]["ticket"]
        return None if ticket is None else str(ticket["number"])

    def counter(self, number: int) -> Counter:
        with self.hub.read() as look:
            return find_counter(look.connection, number)

    def ticket(self, ticket_id: str) -> Ticket:
        with self.hub.read() as look:
            found = find_ticket(look.connection, ticket_id)
        assert found is not None
        return found

    def before(self, ticket_id: str) -> int | None:
        """How many its owner is told come before; None where it does not wait."""
        with self.hub.read() as look:
            ticket = find_ticket(look.connection, ticket_id)
            return None if ticket is None or ticket.state != "waiting" else Forecast(look).of(ticket).before

    def waiting(self) -> list[str]:
        """Everybody of the day who waits."""
        with self.hub.read() as look:
            return [one.id for one in waiting_tickets(look)]

    @contextmanager
    def act(self) -> Iterator[Act]:
        with self.hub.act() as act:
            yield act


def open_hall(folder: Path, clock: HandClock | None = None, *, serves: bool = True, hub_id: str = HUB_ID) -> Hall:
    """Open a hub in a folder, as `hub serve` would."""
    clock = clock or HandClock()
    store = open_store_in(folder, Identity(hub_id, CENTRE, 0, (SEALING_KEY,)), stamp=clock.now(), machine="m" * 64)
    hub = open_hub(store, clock, term=1, serves=serves)
    with hub.any_act() as act:
        act.recalled()
    return Hall(hub, clock)


def moment(clock: HandClock) -> Stamp:
    return clock.now()
