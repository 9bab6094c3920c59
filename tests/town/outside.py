"""What comes into the hall from outside, and what befalls its ways: one place that a run asks."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, Final

from common.machine.errors import StoreError
from tests.town import bills_judged, books, claims_shown, misfortune, orders, strikes
from tests.town.app import App
from tests.town.bills import Bill, Bills
from tests.town.claims import Appointment, Claims
from tests.town.console import Console
from tests.town.houses import Houses
from tests.town.ledger import Told
from tests.town.loop import blocking
from tests.town.pace import PACE
from tests.town.recurring import Recurring

if TYPE_CHECKING:
    from tests.town.kiosk import TownKiosk
    from tests.town.town import Town

SAMPLED_EVERY_S: Final = 60.0
WHOLE_S: Final = 1200.0


class Outside:
    """What is outside the hall, as a plan has it; nothing, in a plan that has none of it."""

    def __init__(self, town: "Town") -> None:
        self.town = town
        self.world: dict[str, Any] = town.plan.world.get("outside") or {}
        self.kinds: frozenset[str] = frozenset(self.world.get("orders") or ())
        self.app = App(town)
        self.claims = Claims(town)
        self.bills = Bills(town, Houses(town))
        self.recurring = Recurring(town)
        self.console = Console(town.central)
        self._whole_since: dict[str, float] = {}
        self._do: dict[str, Callable[[dict[str, Any]], Awaitable[None]]] = {
            "order": self._order,
            "show-order": lambda act: orders.shows(town, act),
            "app-tells": self.app.tells,
            "book": self.claims.books,
            "cancel-claim": self.claims.cancels,
            "show-claim": lambda act: claims_shown.shows(town, act),
            "pay": self.bills.comes,
            "asks-payment": self.bills.asks_again,
            "at-biller": self.bills.at_biller,
            "cut-wallet": lambda act: self._cut(act, "wallet", "central"),
            "cut-biller": lambda act: self._cut(act, "biller", "central"),
            "wallet-away": lambda act: self._house_is_away(act, "wallet"),
            "biller-away": lambda act: self._house_is_away(act, "biller"),
            "internet-cut-while-paying": self._internet_cut,
            "seats-changed": self.claims.plan_seats,
            "cut-app": lambda act: self._cut(act, "app", "central"),
            "central-killed": self._central_killed,
            "central-killed-at-commit": self._central_dies,
        }

    @property
    def has_orders(self) -> bool:
        """Whether people come with codes of the app."""
        return self.world.get("orders") is not None

    @property
    def has_claims(self) -> bool:
        """Whether people come with appointments."""
        return self.world.get("claims") is not None

    @property
    def has_bills(self) -> bool:
        """Whether people pay bills."""
        return self.world.get("payments") is not None

    @property
    def is_there(self) -> bool:
        """Whether there is anything outside at all."""
        return self.has_orders or self.has_claims or self.has_bills

    # --- a run asks ---------------------------------------------------------------------------------------------

    def introduce(self) -> None:
        """Have central know of wallet, bank and biller before it starts."""
        if self.has_bills:
            self.bills.houses.introduce()

    async def build(self) -> None:
        """Set up what the plan has, before machines start."""
        if not self.is_there:
            return
        await self.app.begin()
        if self.has_claims:
            await self.claims.begin()
        if self.has_bills:
            lies = self.world["payments"]
            self.bills.houses.open(wallet_lies="wallet-lies" in lies, biller_lies="biller-lies" in lies)
            self.bills.hurry()
        if self.has_claims or self.has_bills:
            for machine in [*self.town.hubs, *self.town.kiosks]:
                machine.health = {"version": version("homs-kiosk")}
        await self.recurring.begin()
        self.town.later(self._sample())

    async def befall(self, act: dict[str, Any]) -> bool:
        """Have an act of the plan happen, where it is one of these; return whether it was."""
        does = self._do.get(act["do"])
        if does is not None and self.is_there:
            if act["do"] in self.world["strikes"]:
                self.town.ledger.faults[act["do"]] += 1
            await does(act)
        return does is not None

    async def at_rest(self) -> None:
        """Show each code again where it was shown, while the hall is open."""
        if self.has_orders:
            await orders.shown_again(self.town)

    async def at_the_end(self) -> None:
        """After the last has gone, let all be delivered, and ask central what it has of the day."""
        if self.is_there:
            PACE.delivers()
            await books.compare(self.town)
            if self.has_claims:
                claims_shown.judge_places(self.town)
                await claims_shown.judge_arrivals(self.town)
            if self.has_bills:
                await bills_judged.judge(self.town)

    async def end(self) -> None:
        """End what central does by itself."""
        await self.recurring.end()

    def note(self, whom: Told, text: str) -> None:
        """Write down what happened, for somebody."""
        town = self.town
        town.ledger.note(text)
        whom.events.append(town.ledger.trace[-1])
        whom.told_s = town.loop.time()

    def was_set_back(self, copied_s: float) -> None:
        """Know that central has forgotten what came from outside since a copy; the app says again what it can."""
        for number, order in sorted(self.app.orders.items()):
            if order.states and order.states[-1][1] >= copied_s:
                self.town.later(self.app.tells({"order": number, "state": order.states[-1][0]}))
        held: list[Appointment | Bill] = [*self.claims.all.values(), *self.bills.all.values()]
        for one in held:
            one.is_lost = one.is_lost or one.told_s >= copied_s

    # --- what is whole ------------------------------------------------------------------------------------------

    def is_whole(self, name: str, seconds: float = WHOLE_S) -> bool:
        """Whether a machine and central have both run and heard each other for so long."""
        since = self._whole_since.get(name)
        return since is not None and self.town.loop.time() - since >= seconds

    async def _sample(self) -> None:
        town = self.town
        while True:
            for machine in [*town.hubs, *town.kiosks]:
                hears = town.net.are_connected(machine.name, "central") and not machine.clock.is_off
                if machine.is_up and not machine.is_dying and town.central.is_up and hears:
                    self._whole_since.setdefault(machine.name, town.loop.time())
                else:
                    self._whole_since.pop(machine.name, None)
            await asyncio.sleep(SAMPLED_EVERY_S)

    def was_damaged(self, name: str) -> bool:
        """Whether a machine's disk lost something, or all since a copy: of it nobody is judged."""
        return any(misfortune.may_lose_disk(act, name) for act in self.town.plan.acts)

    # --- what befalls it ----------------------------------------------------------------------------------------

    async def _order(self, act: dict[str, Any]) -> None:
        made = self.app.make(act)
        paid = "" if made.is_paid else ", not paid"
        self.note(made, f"somebody orders {made.service} by the app: {made.number}{paid}, to {made.to}")

    async def _cut(self, act: dict[str, Any], one: str, other: str) -> None:
        town = self.town
        town.ledger.note(f"{one} and {other} do not hear each other for {act['for']} s")
        ways = town.net.divide(one, other, both_ways=True)
        await asyncio.sleep(act["for"])
        town.net.mend(ways)
        town.ledger.note(f"{one} and {other} hear each other")

    async def _internet_cut(self, act: dict[str, Any]) -> None:
        self.town.ledger.note(f"the centre has no internet for {act['for']} s")
        ways = strikes.no_internet(self.town)
        await asyncio.sleep(act["for"])
        self.town.net.mend(ways)
        self.town.ledger.note("the centre has internet")

    async def _house_is_away(self, act: dict[str, Any], name: str) -> None:
        if not self.has_bills:
            return
        self.town.ledger.note(f"the {name} serves nobody for {act['for']} s")
        self.bills.houses.fall_silent(name)
        await asyncio.sleep(act["for"])
        self.bills.houses.serve(name)
        self.town.ledger.note(f"the {name} serves again")

    async def _central_killed(self, act: dict[str, Any]) -> None:
        if self.town.central.is_up:
            self.town.ledger.note(f"central is killed for {act['for']} s")
            await self._central_is_away(act["for"])

    async def _central_dies(self, act: dict[str, Any]) -> None:
        central = self.town.central
        if not central.is_up:
            return
        central.dies_at_commit(act["commit"], after=act["after"])
        if await central.has_died(120):
            self.town.ledger.reached["central-died-at-commit"] += 1
            self.town.ledger.note(f"central died {'after' if act['after'] else 'before'} a commit")
            await self._central_is_away(act["for"])
        else:
            central.lives_on()

    async def _central_is_away(self, seconds: float) -> None:
        if not self.town.central.is_up:
            return  # another misfortune has it, and sees to its start
        await self.town.central.stop()
        await self.recurring.end()
        await asyncio.sleep(seconds)
        await self.town.central.start()
        with contextlib.suppress(OSError):  # it dies again at once, as another misfortune has it, which starts it
            await self.recurring.begin()
        self.town.central_hears_s = self.town.loop.time()
        self.town.ledger.note("central is there again")


def kiosk_of(town: "Town", number: int) -> "TownKiosk | None":
    """Return a kiosk that somebody can stand at, the one named first."""
    kiosks = [*town.kiosks[number - 1 :], *town.kiosks[: number - 1]]
    return next((one for one in kiosks if one.is_up and not one.is_dying), None)


async def finds_closed(town: "Town", kiosk: "TownKiosk", whom: Told) -> bool:
    """Whether somebody with a code in his hand finds a screen that begins no visit."""
    try:
        refused = await kiosk.on_it(blocking(kiosk.screen_says))
    except StoreError:
        return True
    if refused is not None:
        town.outside.note(whom, f"{kiosk.name} is closed: {refused.sentence}")
    return refused is not None
