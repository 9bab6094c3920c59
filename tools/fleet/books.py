"""The reckoning of a fleet: what citizens were told, what each disk holds, what central has, what is listed as lost."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import select

from central.base.tables.enrolled import kiosks
from central.base.tables.ordered import orders
from central.base.tables.received import chains, inbox
from central.base.tables.visited import queue_events
from central.insight.visits.visit import Visit
from common.protocol.envelope import QueueBody, TicketBody, decode_body
from offline_store.issuing.business_day import ZONE
from tools.fleet.live_central import LiveCentral
from tools.fleet.machines import Lost
from tools.fleet.plan import CLOSES_SHORT, Plan, day_of
from tools.fleet.said import Reckoned

MOST_SHOWN = 20
DESKS = ("cashier", "information")  # an order's number is given whatever the hours


@dataclass
class Books:
    """Everything that can be held against each other, read once; `faults` says what is not equal."""

    central: LiveCentral
    plan: Plan
    days: int
    said: dict[str, Reckoned]  # by centre
    lost: list[Lost]

    def __post_init__(self) -> None:
        self.inbox = self.central.rows(select(inbox).where(inbox.c.result == "applied"))
        self.machines = {row.id: row for row in self.central.rows(select(kiosks))}
        self.applied: dict[str, Counter[str]] = defaultdict(Counter)
        for row in self.inbox:
            self.applied[row.kiosk][row.id] += 1
        self.tickets: dict[str, TicketBody] = {
            row.id: body
            for row in self.inbox
            if row.kind == "ticket" and isinstance(body := decode_body(row.kind, row.body), TicketBody)
        }
        self.lost_items = {(one.machine, one.item) for one in self.lost}
        labels = [day_of(day).isoformat() for day in range(-2, self.days + 3)]
        self.months = sorted({label[:7] for label in labels})
        self.visits: dict[str, list[Visit]] = {code: self.central.visits(labels, code) for code in self.said}

    def faults(self) -> list[str]:
        """Return what is not equal, a sentence each; none where the books are."""
        checks = (self._items, self._told, self._numbers, self._hours, self._orders, self._chains, self._calls)
        return [fault for check in (*checks, self._ends) for fault in check()]

    def _items(self) -> Iterator[str]:
        """Each item that a machine made is at central exactly once, but for what is listed as lost; nothing else is."""
        for said in self.said.values():
            yield from said.faults
            for machine, made in said.kept.made.items():
                lost = {item for of, item in self.lost_items if of == machine}
                here = self.applied[machine]
                yield from _each("made and not lost, and not at central", machine, made.keys() - lost - here.keys())
                yield from _each("at central, and its machine never made it", machine, here.keys() - made.keys())
                yield from _each("listed as lost, and at central", machine, lost & here.keys())
                yield from _each("more than once at central", machine, {one for one, n in here.items() if n > 1})
                waits = {item for item, state in made.items() if state != "acknowledged"}
                if machine in said.living:
                    yield from _each("not acknowledged at the end", machine, waits)

    def _told(self) -> Iterator[str]:
        """Each number is at central as it was told, with the digit of its kiosk."""
        for code, said in self.said.items():
            for told in said.told:
                ticket = self.tickets.get(told.item)
                if told.number is None or (told.kiosk, told.item) in self.lost_items:
                    continue
                if ticket is None or (ticket.number, ticket.business_day) != (told.number, told.business_day):
                    yield f"{code}: {told.kiosk} told {told.number} of {told.business_day}; central has {ticket}"
                elif (machine := self.machines.get(told.kiosk)) is None or str(machine.digit) != told.number[1]:
                    yield f"{code}: {told.number} does not bear the digit of {told.kiosk}"

    def _numbers(self) -> Iterator[str]:
        """No number was given twice in a centre and day, whether central has it or it is lost."""
        for code, said in self.said.items():
            told = Counter(
                (one.business_day, one.number) for one in {t.item: t for t in said.told if t.number}.values()
            )
            yield from (f"{code}: {number} of {day} was given twice" for (day, number), n in told.items() if n > 1)

    def _hours(self) -> Iterator[str]:
        """No kiosk whose clock was good gave a service's number on a holiday, or on a short day after closing."""
        codes = sorted(self.said)
        short = {(codes[index], day) for index, day in self.plan.short_days}
        for row in self.inbox:
            ticket = self.tickets.get(row.id)
            is_of_kiosk = row.kiosk.startswith("kiosk")  # a clerk gives a number by hand at any hour
            if ticket is not None and is_of_kiosk and ticket.service not in DESKS and row.clock != "untrusted":
                at = datetime.fromisoformat(row.wall_time).astimezone(ZONE)
                is_short = row.kiosk in self.machines and (self.machines[row.kiosk].centre, at.date()) in short
                if at.date() in self.plan.holidays or (is_short and at.hour >= CLOSES_SHORT):
                    yield f"{row.kiosk} gave a number at {at:%Y-%m-%d %H:%M}, after closing"

    def _orders(self) -> Iterator[str]:
        """Each order that was accepted is there."""
        known = {row.order_id for row in self.central.rows(select(orders.c.order_id))}
        for said in self.said.values():
            for told in said.told:
                is_lost = (told.kiosk, told.item) in self.lost_items
                # None: said again after a cut, by a clock that could no longer judge the code; its item is compared.
                is_accepted = told.order is not None and told.outcome in ("accepted", "accepted_unpaid")
                if is_accepted and told.order not in known and not is_lost:
                    yield f"{told.kiosk} accepted the order {told.order}, and central does not have it"

    def _chains(self) -> Iterator[str]:
        """The chains of all machines in service are whole."""
        living = {one for said in self.said.values() for one in said.living}
        for row in self.central.rows(select(chains)):
            if row.kiosk in living and row.head_seq != row.max_seq:
                yield f"the chain of {row.kiosk} is whole up to {row.head_seq} of {row.max_seq}"

    def _calls(self) -> Iterator[str]:
        """Each call in a hub's log is counted once at central; of a dead hub, but for what is listed as lost."""
        here: dict[str, Counter[tuple[str, int]]] = defaultdict(Counter)
        for row in self.central.rows(select(queue_events.c.hub, queue_events.c.body)):
            body = msgspec.json.decode(row.body, type=QueueBody)
            if body.event == "called":
                here[row.hub][str(body.ticket), int(body.counter or 0)] += 1
        for said in self.said.values():
            logged: dict[str, Counter[tuple[str, int]]] = defaultdict(Counter)
            for hub, ticket, counter in said.kept.calls:
                logged[hub][ticket, counter] += 1
            for hub, calls in logged.items():
                surplus, lacking = here[hub] - calls, (calls - here[hub]).total()
                lost = sum(of == hub for of, _ in self.lost_items)
                yield from _each("called at central alone", hub, {ticket for ticket, _ in surplus})
                if lacking and (hub in said.living or lacking > lost):
                    yield f"{hub}: {lacking} calls of its log are not at central"

    def _ends(self) -> Iterator[str]:
        """Central says of each ticket what its hub says, and the months are the sum of the visits."""
        for code, said in self.said.items():
            visits = {visit.ticket: visit.end for visit in self.visits[code]}
            lost = {item for _, item in self.lost_items}
            # What a dead hub told central, and central told its successor, is lost to central with the day of the copy.
            is_known_to_hub_alone = said.adopted if lost & _made_by_hubs(said) else set[str]()
            for ticket, end in said.ends.items():
                there = visits.get(ticket, "unknown")
                if there is None and ticket in is_known_to_hub_alone:
                    continue
                if ticket not in lost and there != end:
                    yield f"{code}: ticket {ticket} ended as {end} at its hub, as {there} at central"
            months = [self.central.month(month, code) for month in self.months]
            if sum(month.issued for month in months) != len(visits):
                yield f"{code}: the months have {[month.issued for month in months]} numbers, visits {len(visits)}"

    def figures(self) -> dict[str, Any]:
        """Return how much was in it."""
        events = sum((said.events for said in self.said.values()), Counter[str]())
        return {
            "numbers and orders that citizens were told": sum(len(said.told) for said in self.said.values()),
            "items at central": len(self.inbox),
            "calls": sum(len(said.kept.calls) for said in self.said.values()),
            "visits, by their end": dict(Counter(str(v.end) for of in self.visits.values() for v in of)),
            "power cuts in the middle of something": events["power-cuts"],
            "answers lost, deliveries that failed": events["answers-lost"] + events["not-delivered"],
            "refused on a closed day or hour": events["refused-closed"],
            "items lost, each listed": len(self.lost),
        }


def _made_by_hubs(said: Reckoned) -> set[str]:
    return {item for machine, made in said.kept.made.items() if machine.startswith("hub") for item in made}


def _each(what: str, machine: str, items: set[str]) -> Iterator[str]:
    for item in sorted(items)[:MOST_SHOWN]:
        yield f"{machine}: {item}: {what}"
