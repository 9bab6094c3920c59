"""The reckoning of a fleet: what citizens were told, what each disk holds, what central has, what is listed as lost."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from typing import Any, Final

from sqlalchemy import select

from central.base.tables.enrolled import kiosks
from central.base.tables.received import chains, inbox
from common.protocol.envelope import TicketBody, decode_body
from tools.fleet.central import FleetCentral
from tools.fleet.centre import Centre, Lost

MOST_SHOWN: Final = 20


class Books:
    """Everything that can be held against each other, read once; `faults` says what is not equal."""

    def __init__(self, central: FleetCentral, centres: Sequence[Centre], lost: list[Lost]) -> None:
        self.central, self.centres, self.lost = central, centres, lost
        self.inbox = central.rows(select(inbox).where(inbox.c.result == "applied"))
        self._digits = {row.id: row.digit for row in central.rows(select(kiosks))}
        self._applied: dict[str, Counter[str]] = defaultdict(Counter)
        self._tickets: dict[str, TicketBody] = {}
        for row in self.inbox:
            self._applied[row.kiosk][row.id] += 1
            if isinstance(body := decode_body(row.kind, row.body), TicketBody):
                self._tickets[row.id] = body
        self._lost = {(one.machine, one.item) for one in lost}

    def faults(self) -> list[str]:
        """Return what is not equal, a sentence each; none where the books are."""
        found = [fault for centre in self.centres for fault in centre.reckon()]
        return found + [fault for check in (self._items, self._told, self._chains) for fault in check()]

    def _items(self) -> Iterator[str]:
        """Each item that a machine made is at central exactly once, but for what is listed as lost; nothing else is."""
        for centre in self.centres:
            for machine, made in centre.made.items():
                lost = {item for of, item in self._lost if of == machine}
                here = self._applied[machine]
                yield from _each("made and not lost, and not at central", machine, made.keys() - lost - here.keys())
                yield from _each("at central, and its machine never made it", machine, here.keys() - made.keys())
                yield from _each("listed as lost, and at central", machine, lost & here.keys())
                yield from _each("more than once at central", machine, {one for one, n in here.items() if n > 1})
                if machine in centre.living:
                    waits = {item for item, state in made.items() if state != "acknowledged"}
                    yield from _each("not acknowledged at the end", machine, waits)

    def _told(self) -> Iterator[str]:
        """Each number is at central as it was told, with the digit of its kiosk, and was given once."""
        for centre in self.centres:
            numbers = Counter((one.ticket.business_day, one.ticket.number) for one in centre.told)
            yield from (
                f"{centre.code}: {number} of {day} was given twice" for (day, number), n in numbers.items() if n > 1
            )
            for told in centre.told:
                ticket, there = told.ticket, self._tickets.get(told.ticket.id)
                if (told.kiosk, ticket.id) in self._lost:
                    continue
                if there is None or (there.number, there.business_day) != (ticket.number, ticket.business_day):
                    yield f"{told.kiosk} told {ticket.number} of {ticket.business_day}; central has {there}"
                elif str(self._digits.get(told.kiosk)) != ticket.number[1]:
                    yield f"{ticket.number} does not bear the digit of {told.kiosk}"

    def _chains(self) -> Iterator[str]:
        """The chains of all machines in service are whole."""
        living = {one for centre in self.centres for one in centre.living}
        for row in self.central.rows(select(chains)):
            if row.kiosk in living and row.head_seq != row.max_seq:
                yield f"the chain of {row.kiosk} is whole up to {row.head_seq} of {row.max_seq}"

    def figures(self) -> dict[str, Any]:
        """Return how much was in it."""
        return {
            "numbers that citizens were told": sum(len(one.told) for one in self.centres),
            "items at central": len(self.inbox),
            "deliveries that failed": sum(one.events["not-delivered"] for one in self.centres),
            "items lost, each listed": len(self.lost),
        }


def _each(what: str, machine: str, items: set[str]) -> Iterator[str]:
    for item in sorted(items)[:MOST_SHOWN]:
        yield f"{machine}: {item}: {what}"
