"""The citizens' app: it signs orders by a key of its own, and tells central where they stand, until that has heard."""

import asyncio
import base64
import json
from dataclasses import dataclass, field
from random import Random
from typing import TYPE_CHECKING, Any, Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from central.intake.orders.order_code import Order, mint
from central.offices.integrations import systems
from common.protocol.codes.order_claims import Payment
from tests.town.central import ADDRESS, CENTRE
from tests.town.net import HERE, Unheard

if TYPE_CHECKING:
    from tests.town.ledger import Paper
    from tests.town.town import Town

KID: Final = b"\x0a\x01"
AGAIN_S: Final = 60.0


@dataclass
class AppOrder:
    """An order that somebody made in the app, and what came of it as its owner and the app were told."""

    number: str
    id: str
    code: str
    service: str
    is_paid: bool
    to: str
    expires_s: float
    accepted: dict[str, tuple[str, int]] = field(default_factory=dict)  # by kiosk: id of the record, and the day
    papers: dict[str, "Paper"] = field(default_factory=dict)  # by kiosk: the number that was given last with it
    states: list[tuple[str, float]] = field(default_factory=list)  # what central took from the app, and when
    is_telling: int = 0
    unsure: set[str] = field(default_factory=set)  # kiosks that may have recorded it, and said nothing
    events: list[str] = field(default_factory=list)
    told_s: float = 0.0


class App:
    """The app's server; central knows it by a token."""

    def __init__(self, town: "Town") -> None:
        self._town = town
        self._chance = Random(f"{town.plan.seed} app")
        self.key = Ed25519PrivateKey.from_private_bytes(self._chance.randbytes(32))
        self.orders: dict[int, AppOrder] = {}

    async def begin(self) -> None:
        """Have central know its key, and get a token."""
        public = base64.b64encode(self.key.public_key().public_bytes_raw()).decode()
        known = {"kid": KID.hex(), "public_key": public, "valid_from": 0, "valid_until": 2**31}
        await self._town.central.publish("app-key", known)
        self.token = await self._town.central.do(lambda one: systems.give(one, "app", "order-states"))

    def make(self, act: dict[str, Any]) -> AppOrder:
        """Take somebody's order, and show its code on his phone."""
        now = self._town.loop.now.timestamp()
        payment = Payment("bank", f"ref-{act['order']}", 150_000, "SYP") if act["is_paid"] else None
        dice = Random(f"{self._town.plan.seed} order {act['order']}")
        name, number = dice.randbytes(16), f"{dice.randrange(10**10):010}"
        order = Order(
            name, number, act["service"], 1, act["to"], int(now) - 3600, int(now + act["lives_s"]), payment
        )  # fmt: skip
        code = mint(order, KID, self.key)
        expires_s = self._town.loop.time() + act["lives_s"]
        made = AppOrder(number, name.hex(), code, act["service"], act["is_paid"], act["to"], expires_s)
        self.orders[act["order"]] = made
        return made

    async def tells(self, act: dict[str, Any]) -> None:
        """Tell central where an order stands: again and again, until it has answered."""
        town, order = self._town, self.orders.get(act["order"])
        if order is None:
            return
        order.is_telling += 1
        state = {"order": order.id, "state": act["state"], "number": order.number, "centre": CENTRE}
        body = json.dumps({"states": [state | {"service": order.service}]}).encode()
        HERE.set("app")
        while True:
            try:
                answer = await town.net.ask("POST", f"{ADDRESS}/v1/order-states", self.headers, body)
            except Unheard:
                answer = None
            if answer is not None and answer.status == 200:
                break
            if answer is not None and answer.status < 500:
                raise AssertionError(f"central refuses what the app tells: {answer.body.decode()[:200]}")
            await asyncio.sleep(AGAIN_S)
        order.is_telling -= 1
        order.states.append((act["state"], town.loop.time()))
        town.outside.note(order, f"the app has told central that order {order.number} is {act['state']}")

    @property
    def headers(self) -> dict[str, str]:
        """What each of its calls bears."""
        return {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
