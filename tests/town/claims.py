"""Citizens with an appointment: booked by the app or at a kiosk, cancelled, shown at whichever kiosk, and when."""

import asyncio
import json
import uuid
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import TYPE_CHECKING, Any, Final

import msgspec

from central.claims.planned import publication
from central.offices.integrations import systems
from common.city.brand.brand import CENTRE_TIME
from kiosk.desk.answers import Booked
from kiosk.desk.claims.booking import Booking
from offline_store.inquiries.appointments import NotBooked, Seat
from tests.town import asking, outside
from tests.town.central import ADDRESS, CENTRE
from tests.town.hours import SERVICES
from tests.town.ledger import Paper
from tests.town.net import HERE, Answer, Unheard

if TYPE_CHECKING:
    from tests.town.town import Town

AGAIN_S: Final = 20.0
TRIES: Final = 30


@dataclass
class Appointment:
    """An appointment as its owner knows it."""

    number: int
    service: str
    at_s: float  # of the run
    by: str
    id: str = ""
    code: str = ""
    is_booked: bool = False
    cancelled_s: float | None = None  # when central said that it is
    is_cancelling: bool = False
    shown: list[tuple[str, float, Paper]] = field(default_factory=list)  # where, when, and the number that came of it
    unsure: bool = False  # somebody was not told what came of showing it
    events: list[str] = field(default_factory=list)
    told_s: float = 0.0
    is_lost: bool = False  # central was set back to before something was said of it

    def __str__(self) -> str:
        return f"claim {self.number}"


class Claims:
    """All appointments of a town."""

    def __init__(self, town: "Town") -> None:
        self._town = town
        self.all: dict[int, Appointment] = {}

    async def begin(self) -> None:
        """Publish seats, and give the app its token."""
        await self.plan_seats({"seats": 9})
        self.token = await self._town.central.do(lambda one: systems.give(one, "app-claims", "claims"))

    async def plan_seats(self, act: dict[str, Any]) -> None:
        """Publish a plan with so many seats each quarter of an hour; what was promised stays."""
        lines = [
            {"group": group, "weekday": day, "from": "08:00", "to": "13:45", "minutes": 15, "seats": act["seats"]}
            for group in sorted(set(SERVICES.values()))
            for day in range(1, 8)
        ]
        rules = {"earliest_min": 0, "desk_share": 0, "same_day_share": 0}
        body, central = msgspec.json.encode({"centre": CENTRE, "rules": rules, "plan": lines}), self._town.central
        if central.is_up:
            await central.on_it(central.do(lambda one: publication.publish(one, body, central.ring)))
            self._town.office.did(self._town.loop.time(), lambda: self.plan_seats(act))
            self._town.ledger.note(f"the day's plan has {act['seats']} seats each quarter of an hour")

    # --- booking ------------------------------------------------------------------------------------------------

    async def books(self, act: dict[str, Any]) -> None:
        """Have somebody book by the app, or at a kiosk."""
        town = self._town
        one = Appointment(act["claim"], act["service"], act["seat_s"], act["by"])
        self.all[one.number] = one
        await (self._by_app(one) if one.by == "app" else self._at_kiosk(one, act["kiosk"]))
        if one.is_booked:
            town.outside.note(one, f"{one} is booked by the {one.by} for {self._time(one):%d. %H:%M}, {one.service}")
            town.ledger.reached[f"booked-by-{one.by}"] += 1

    def _time(self, one: Appointment) -> datetime:
        return (self._town.loop.begins + timedelta(seconds=one.at_s)).astimezone(CENTRE_TIME)

    async def _by_app(self, one: Appointment) -> None:
        dice = Random(f"{self._town.plan.seed} claim {one.number}")
        key = str(uuid.UUID(int=dice.getrandbits(128), version=4))
        wish = {"centre": CENTRE, "service": one.service, "at": self._time(one).isoformat(), "kind": "booked"}
        answer = await self._ask("POST", "/v1/claims", wish | {"who": f"w{one.number}"}, {"Idempotency-Key": key})
        if answer is None or answer.status != 201:
            said = "no answer" if answer is None else answer.body.decode()[:120]
            self._town.outside.note(one, f"{one} is not booked: {said}")
            return
        said = json.loads(answer.body)
        one.id, one.code, one.is_booked = said["claim"], said["code"], True

    async def _ask(self, method: str, path: str, wish: Any, more: dict[str, str]) -> Answer | None:
        """Ask central as the app does: again, until it has answered."""
        HERE.set("app")
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"} | more
        body = b"" if wish is None else json.dumps(wish).encode()
        for _ in range(TRIES):
            try:
                answer = await self._town.net.ask(method, f"{ADDRESS}{path}", headers, body)
            except Unheard:
                answer = None
            if answer is not None and answer.status < 500:
                return answer
            await asyncio.sleep(AGAIN_S)
        return None

    async def _at_kiosk(self, one: Appointment, number: int) -> None:
        kiosk = outside.kiosk_of(self._town, number)
        if kiosk is None:
            return
        booking, stands = Booking(kiosk.store, kiosk.clock, catalogue=kiosk.catalogue), asking.Stands(kiosk)

        def book() -> Booked | NotBooked:
            seats = booking.seats(one.service, stands.is_left)
            if isinstance(seats, NotBooked):
                return seats
            seat = next((each for each in seats if self._is_at(one, each)), None)
            if seat is None:
                return NotBooked("none-left")
            return booking.book(one.service, seat, f"{one.number:04}", stands.is_left)

        made = await stands.asks(book)
        if isinstance(made, Booked):
            one.code, one.is_booked = made.code, True
        else:
            why = "it goes out" if made is None else made.why
            self._town.outside.note(one, f"{kiosk.name} books nothing for {one}: {why}")

    def _is_at(self, one: Appointment, seat: Seat) -> bool:
        return abs((seat.moment - self._time(one)).total_seconds()) < 60

    async def cancels(self, act: dict[str, Any]) -> None:
        """Have somebody cancel, at a kiosk or by the app."""
        one = self.all.get(act["claim"])
        if one is None or not one.is_booked or one.shown:
            return
        one.is_cancelling = True
        if one.by == "app":
            answer = await self._ask("DELETE", f"/v1/claims/{one.id}", None, {})
            is_done = answer is not None and answer.status == 204
        else:
            is_done = await self._cancels_at_kiosk(one, act["kiosk"])
        if is_done:
            one.cancelled_s = self._town.loop.time()
            self._town.outside.note(one, f"{one} is cancelled")
            self._town.ledger.reached["claim-cancelled"] += 1

    async def _cancels_at_kiosk(self, one: Appointment, number: int) -> bool:
        kiosk = outside.kiosk_of(self._town, number)
        if kiosk is None:
            return False
        booking, stands = Booking(kiosk.store, kiosk.clock), asking.Stands(kiosk)

        def cancel() -> bool:
            return booking.cancel(one.code, stands.is_left) is None

        return await stands.asks(cancel) is True

    async def state_of(self, one: Appointment) -> str | None:
        """Ask as the app does how a claim stands; None where central says nothing of it."""
        cursor, found = "", dict[str, str]()
        while True:
            answer = await self._ask("GET", f"/v1/claims?after={cursor}", None, {})
            if answer is None or answer.status != 200:
                return None
            said = json.loads(answer.body)
            found |= {each["claim"]: each["state"] for each in said["claims"]}
            if not said["more"]:
                return found.get(one.id)
            cursor = said["cursor"]
