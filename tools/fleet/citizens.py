"""The citizens of a centre: who takes a number, who brings an order, and what each of them was told."""

import base64
import uuid
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Final

from kiosk.desk.desk import Issued, OrderRecorded, Refusal, Refused, new_intention
from offline_store.issuing.ticket import void_ticket
from tests.kit.desk import App
from tools.fleet.kiosk import KioskMachine, PowerCut
from tools.fleet.world import WorldTime

SERVICES = ("civil-affairs", "state-employees", "water-bill", "plan-copy", "commercial-bank", "judicial-record")
HEARD: Final = frozenset({Refusal.CLOSED, Refusal.NO_BUSINESS_DAY, Refusal.TICKETS_CLOSED})  # what may be said instead


@dataclass(frozen=True, slots=True)
class Told:
    """A number or an order that a citizen was told: on the screen, whatever the printer did."""

    kiosk: str
    item: str
    number: str | None = None
    business_day: str | None = None
    order: str | None = None
    outcome: str | None = None


def app_key(app: App, now: datetime) -> dict[str, str | int]:
    """Return what central publishes of the app's key."""
    public = base64.b64encode(app.key.public_key().public_bytes_raw()).decode()
    until = int((now + timedelta(days=400)).timestamp())
    return {"kid": app.kid.hex(), "public_key": public, "alg": -19, "valid_from": 0, "valid_until": until}


@dataclass
class Citizens:
    """Who comes to the kiosks of one centre. `restart` brings a kiosk back whose power failed in the middle."""

    world: WorldTime
    chance: Random
    restart: Callable[[KioskMachine], None]
    centre: str
    app: App
    events: Counter[str] = field(default_factory=Counter)
    told: list[Told] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._codes: list[str] = []

    def visit(self, machine: KioskMachine) -> None:
        intention = new_intention()
        is_order = self.chance.random() < 0.25
        code = self._code() if is_order else ""
        service = self.chance.choice(SERVICES)
        for _ in range(2):  # who stood there when the power failed comes again: the same touch, the same record
            try:
                if is_order:
                    self._order(machine, code, intention)
                else:
                    self._ticket(machine, service, intention)
                return
            except PowerCut:
                self.restart(machine)

    def _ticket(self, machine: KioskMachine, service: str, intention: str) -> None:
        answer = machine.desk.issue(service, intention=intention)
        if isinstance(answer, Refused) and answer.reason in HEARD:
            self.events[f"refused-{answer.reason.value}"] += 1
            return
        assert isinstance(answer, Issued), answer
        self._tell(machine, answer)
        machine.desk.print_ticket(answer)
        if self.chance.random() < 0.04:  # a technician takes back what nobody got
            void_ticket(machine.store, answer.id, "not-printed", machine.clock.now())
            self.events["voided"] += 1

    def _order(self, machine: KioskMachine, code: str, intention: str) -> None:
        answer = machine.desk.order(code, intention=intention)
        assert isinstance(answer, OrderRecorded), answer
        self.events[f"order-{answer.outcome.value}"] += 1
        if answer.id is not None:
            self.told.append(Told(machine.identity.kiosk, answer.id, order=answer.order, outcome=answer.outcome.value))
        if answer.ticket is not None:
            self._tell(machine, answer.ticket)
        machine.desk.print_receipt(answer)

    def _tell(self, machine: KioskMachine, ticket: Issued) -> None:
        self.told.append(Told(machine.identity.kiosk, ticket.id, ticket.number, ticket.business_day))

    def _code(self) -> str:
        """Return an order code; every other one is brought to a second kiosk, or again to the first."""
        if self._codes and self.chance.random() < 0.5:
            return self._codes.pop(0)
        number, order = f"{self.chance.randrange(10**10):010}", uuid.UUID(int=self.chance.getrandbits(128))
        code = self.app.code(
            order_id=order.bytes,
            number=number,
            paid=self.chance.random() < 0.7,
            issued=self.world.now - timedelta(hours=1),
            expires=self.world.now + timedelta(days=30),
            destination=self.centre,
        )
        self._codes.append(code)
        return code
