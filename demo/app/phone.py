"""One citizen's phone: the orders and appointments that are on it, and what it was told."""

import secrets
import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

from demo.app.calls import CentralCalls
from demo.app.order_code import AppKey

_MOST_MESSAGES: Final = 50


@dataclass
class Order:
    """An order of a document, as it stands; `state` is empty until the offices have said something."""

    order: str
    number: str
    code: str
    service: str
    centre: str
    state: str = ""


@dataclass
class Appointment:
    """A claim, as it stands. `at` is None for a number from afar."""

    claim: str
    code: str
    digits: str
    at: str | None
    service: str
    centre: str
    state: str = "booked"


@dataclass
class Phone:
    """What is on the phone. Its owner is one person to central, by a name that says nothing."""

    calls: CentralCalls
    key: AppKey
    owner: str = field(default_factory=lambda: secrets.token_hex(8))
    orders: dict[str, Order] = field(default_factory=dict)
    appointments: dict[str, Appointment] = field(default_factory=dict)
    messages: list[dict[str, Any]] = field(default_factory=list)
    centres: list[dict[str, Any]] = field(default_factory=list)
    _cursors: dict[str, str] = field(default_factory=lambda: {"messages": "", "claims": ""})
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def order(self, service: str, centre: str, *, is_paid: bool) -> Order:
        """Order a document; the kiosk takes its code without any network."""
        signed = self.key.order(service, centre, datetime.now(UTC), is_paid=is_paid)
        made = Order(signed.order, signed.number, signed.code, service, centre)
        self.orders[made.order] = made
        return made

    def book(self, service: str, centre: str, at: str | None, key: str) -> Appointment:
        """Book a time, or a place in today's line from afar where `at` is None. Raises CallRefused."""
        kind = "afar" if at is None else "booked"
        wanted = {"centre": centre, "service": service, "at": at, "kind": kind, "who": self.owner}
        made = self.calls.claim(wanted, key)
        one = Appointment(made["claim"], made["code"], made["digits"], at and made["at"], service, centre)
        return self.appointments.setdefault(one.claim, one)

    def cancel(self, claim: str) -> None:
        """Cancel an appointment of this phone. Raises CallRefused."""
        self.calls.cancel(self.appointments[claim].claim)
        self.appointments[claim].state = "cancelled"

    def finish(self, order: str) -> None:
        """Do what the offices behind the app do when a document lies ready: tell central. Raises CallRefused."""
        one = self.orders[order]
        self.calls.tell_state({
            "order": one.order, "number": one.number, "state": "ready", "centre": one.centre, "service": one.service,
        })  # fmt: skip
        one.state = "ready"

    def hear(self) -> None:
        """Ask what works, what there is to tell, and what became of appointments. Raises CallRefused."""
        with self._lock:
            self.centres = self.calls.centres()
            for told in self._since("messages", self.calls.messages):
                if told["id"] not in {one["id"] for one in self.messages}:
                    self.messages = [told, *self.messages][:_MOST_MESSAGES]
            for changed in self._since("claims", self.calls.claims_changed):
                if (own := self.appointments.get(changed["claim"])) is not None:
                    own.state = changed["state"]

    def _since(self, kind: str, ask: Any) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        more = True
        while more:
            page = ask(self._cursors[kind])
            found += page[kind]
            self._cursors[kind], more = page["cursor"], page["more"]
        return found
