"""A kiosk's store, hubs that keep what they are told, and the listener between them."""

from collections.abc import Callable

import msgspec
from sqlalchemy import insert

from common.protocol.feed_message import HubRecord, Hubs
from common.protocol.queue.call import (
    DAY_NOT_BELIEVED,
    Held,
    HelpCall,
    HelpState,
    Prospect,
    QueueCall,
    RefusedTicket,
    TakenTicket,
    TicketsAnswer,
    TicketsCall,
)
from common.protocol.queue.claim import ClaimAsked, ClaimFound
from common.protocol.queue.hub_statement import HubStatement
from offline_store.delivery.connection.delivery_error import DeliveryDeferred
from offline_store.disk import tables
from offline_store.disk.database import Store
from offline_store.issuing.intake import TicketRequest, accept_ticket
from offline_store.queue.listener import HubListener
from tests.kit.clock import HandClock


class FakeHub:
    """A hub that keeps what it was told, or that is away."""

    def __init__(self, term: int) -> None:
        self.term = term
        self.is_away = False
        self.calls: list[QueueCall] = []
        self.told: list[str] = []
        self.asked = 0
        self.help: list[HelpState] = []
        self.claims: dict[str, ClaimFound] = {}
        self.statement: HubStatement | None = None
        self.held: Held | None = None
        self.far_days: set[str] = set()
        self.unknown: set[str] = set()
        self.followed: list[HubStatement | None] = []

    def tell(self, call: TicketsCall) -> TicketsAnswer:
        if self.is_away:
            raise DeliveryDeferred("connection-refused", "nothing answers")
        self.asked += 1
        self.followed.append(call.followed)
        self.told += [ticket.number for ticket in call.tickets]
        refused = [RefusedTicket(one.id, DAY_NOT_BELIEVED) for one in call.tickets if one.business_day in self.far_days]
        refused += [RefusedTicket(one.id, "unknown-service") for one in call.tickets if one.service in self.unknown]
        taken = [TakenTicket(ticket.id, 4, 300, 900) for ticket in call.tickets]
        queue = {"clearance": Prospect(5, 600, 1200)}
        return TicketsAnswer(self.term, taken, refused, queue, self.calls, self.help, self.statement, self.held)

    def ask_help(self, call: HelpCall) -> None:
        if self.is_away:
            raise DeliveryDeferred("connection-refused", "nothing answers")
        self.help.append(HelpState(call.id, "asked"))

    def find_claim(self, asked: ClaimAsked) -> ClaimFound | None:
        if self.is_away:
            raise DeliveryDeferred("connection-refused", "nothing answers")
        return self.claims.get(asked.digits)

    def close(self) -> None:
        pass


class Place:
    """A store, its hubs, and the listener between them."""

    def __init__(self, store: Store) -> None:
        self.store, self.clock = store, HandClock()
        self.hubs = {"hub-1": FakeHub(1), "hub-2": FakeHub(0)}
        self.name(*self.hubs)
        self.restart()

    def restart(self) -> None:
        """Begin to listen, as a program that has just started."""
        self.listener = HubListener(self.store, lambda hub: self.hubs[hub.id], self.clock)

    def name(self, *ids: str) -> None:
        """Let central's feed name these hubs."""
        hubs = Hubs("homs-main", [HubRecord(one, "http://127.0.0.1:1", "AAAA") for one in ids])
        row = {"kind": "hubs", "body": msgspec.json.encode(hubs).decode(), "message_id": 1}
        with self.store.write() as connection:
            connection.execute(insert(tables.centre_records).prefix_with("OR REPLACE"), row)

    def give(self) -> str:
        when = self.clock.now()
        return accept_ticket(
            self.store, TicketRequest("clearance", "B"), intention=str(when.boot_time_ns), stamp=when
        ).number

    def steps(self, seconds: float) -> None:
        until = self.clock.boottime() + seconds
        while self.clock.boottime() < until:
            self.listener.step()
            self.clock.sleep(0.2)


class TimedHub(FakeHub):
    """A hub that notes when it was called, in seconds since the first step; also in vain."""

    def __init__(self, term: int, seconds: Callable[[], float]) -> None:
        super().__init__(term)
        self.seconds = seconds
        self.at: list[float] = []
        self.closed = 0
        self.calls_heard: list[TicketsCall] = []

    def tell(self, call: TicketsCall) -> TicketsAnswer:
        self.at.append(self.seconds())
        self.calls_heard.append(call)
        return super().tell(call)

    def close(self) -> None:
        self.closed += 1


def timed(place: Place, *, first: int = 1, second: int = 0) -> tuple[TimedHub, TimedHub]:
    began = place.clock.boottime()
    hubs = [TimedHub(term, lambda: round(place.clock.boottime() - began, 1)) for term in (first, second)]
    place.hubs = dict(zip(("hub-1", "hub-2"), hubs, strict=True))
    return hubs[0], hubs[1]


def step(place: Place, *at: float) -> None:
    """Take a step at each of these moments, in seconds since the clock's beginning."""
    for moment in at:
        place.clock.boottime_s = 1000.0 + moment
        place.listener.step()
