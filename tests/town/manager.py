"""The manager: who lets another hub lead, waits for counters or not, opens days, enters what was called by voice."""

import asyncio
import json
from datetime import date, timedelta
from random import Random
from typing import TYPE_CHECKING, Any, Final

from offline_store.queue.waiting import waiting_list
from tests.town import silent_hubs, slips
from tests.town.ledger import Paper
from tests.town.machine import Machine
from tests.town.net import Answer, Unheard
from tests.town.page import Page

if TYPE_CHECKING:
    from tests.town.kiosk import TownKiosk
    from tests.town.town import Town

LOOKS_EVERY_S: Final = 20.0
LOOKS_FOR_CLOSE: Final = 90
RELEASES_AFTER_S: Final = 45.0
WAITS_FOR_CENTRAL_S: Final = 100.0
NO_DAY_FOR_S: Final = 60.0
VOICE_AFTER_S: Final = 120.0
ENTERS_AFTER_S: Final = 100.0


class Manager:
    """What the manager of the centre sees and does."""

    def __init__(self, town: "Town", pin: str, page: Page) -> None:
        self.town, self.pin, self.page = town, pin, page
        self.is_at_work = self.is_waiting_for_an_answer = False
        self._since: dict[str, float] = {}
        self._by_voice: dict[str, list[Paper]] = {}  # kiosk and letter: whom somebody called by voice
        self.view: dict[str, Any] | None = None
        self.wrong_dates = 0

    async def works(self) -> None:
        """Look at the page now and then, for as long as the town stands."""
        while True:
            await asyncio.sleep(LOOKS_EVERY_S)
            if self.is_at_work and self.town.pc_of_manager.is_up and self.town.is_busy:
                await self.town.pc_of_manager.on_it(self._looks())

    async def _looks(self) -> None:
        heard = await self._ask_all()
        leads = [address for address, said in heard.items() if said["leading"]]
        town = self.town
        town.ledger.reached["two-lead"] += len(leads) > 1
        self._lasts("nobody-leads", is_so=not leads)
        if not leads:
            self.view = None  # what he saw before is of a hub that leads no more
            if self._lasts("nobody-leads", True) > town.plan.world["patience"] and heard:
                await self._promote(next(iter(heard)))
            elif self._lasts("nobody-leads", True) > VOICE_AFTER_S and "voice" in town.acts:
                self._call_by_voice()
            return
        await self.page.go_where_one_leads()
        address = self.page.origin
        view = self.view = await self._see() if address in leads else None
        if view is None:
            return
        await self.page.tell_commits(view)
        silent_hubs.judge(town, view, next(one for one in town.hubs if one.address == address))
        if self._lasts("waited-for", bool(view["waiting_for"])) > RELEASES_AFTER_S:
            for number in view["waiting_for"]:
                await self.wish(
                    "PUT", "/v1/counters", {"number": number, "release": True}, f"waits no more for {number}"
                )
                town.counter_released(number)
                town.ledger.reached["waited-for-counter"] += 1
        if self._lasts("recall", view["recall_due"]) > WAITS_FOR_CENTRAL_S:
            town.called_unknown()
            await self._promote(address)
        await self._open_day(view)
        types_s = ENTERS_AFTER_S if "slow-manager" in town.rare else -1.0
        if self._lasts("to enter", bool(self._by_voice)) > types_s and self._by_voice:
            await self._enter_by_hand()

    def leads(self, hub: Machine) -> bool:
        """Whether a hub led when the manager looked last."""
        return self.view is not None and self.page.origin == getattr(hub, "address", None)

    async def _ask_all(self) -> dict[str, dict[str, Any]]:
        heard = {}
        for address in self.page.addresses:
            try:
                answer = await self.town.net.ask("GET", f"{address}/v1/hub", {}, patience_s=3.0)
            except Unheard:
                continue
            if answer.status == 200:
                heard[address] = json.loads(answer.body)
        return heard

    def _lasts(self, what: str, is_so: bool) -> float:
        """Return for how long something has been so."""
        now = self.town.loop.time()
        if not is_so:
            self._since.pop(what, None)
            return 0.0
        return now - self._since.setdefault(what, now)

    async def _see(self) -> dict[str, Any] | None:
        for _ in range(2):
            try:
                async for name, said in self.page.events_once("manager"):
                    return said if name == "message" else None
            except Unheard as error:
                if "40" not in str(error):
                    return None
                try:
                    status, said = await self.page.log_in(self.pin, None)
                except Unheard:
                    return None
                if status != 201:
                    self.town.ledger.note(f"manager: log-in refused: {said.get('detail', '')}")
                    return None
        return None

    async def wish(self, method: str, path: str, wish: dict[str, Any], text: str) -> Answer | None:
        """Press something on the page of the hub that leads."""
        self.is_waiting_for_an_answer = True  # who hears of it before he does is told the truth
        try:
            answer = await self.page.call(method, path, wish)
        except Unheard:
            self.town.ledger.note(f"manager: {text}: no answer")
            return None
        finally:
            self.is_waiting_for_an_answer = False
        said = "" if answer.status == 200 else f": {answer.body.decode()[:160]}"
        self.town.ledger.note(f"manager: {text}{said}")
        return answer

    async def _promote(self, address: str) -> None:
        self._since.pop("nobody-leads", None)
        self._since.pop("recall", None)
        self.page.turn_to(address)
        said = f"lets {self.town.name_of(address)} lead"
        answer = await self.wish("POST", "/v1/promotion", {"pin": self.pin}, said)
        if answer is not None and answer.status == 409 and b"holds-less" in answer.body:
            self.town.ledger.reached["promoted-with-less"] += 1
            answer = await self.wish(
                "POST", "/v1/promotion", {"pin": self.pin, "with_this": True}, f"{said} all the same"
            )
        if answer is not None and answer.status == 200:
            self.town.ledger.reached["promoted"] += 1

    async def _open_day(self, view: dict[str, Any]) -> None:
        today = self.town.date
        is_wrong = view["business_day"] is None or (view["business_day"] < today.isoformat() and not view["day_closed"])
        if self._lasts("no-day", is_wrong) <= NO_DAY_FOR_S:
            return
        typed = today
        if "wrong-date" in self.town.acts and not self.wrong_dates:
            self.wrong_dates += 1
            dice = Random(f"{self.town.plan.seed} typed").random()
            typed = today.replace(year=today.year + 1) if dice < 0.5 else today + timedelta(days=30)
        await self._open(typed)

    async def _open(self, typed: date) -> None:
        self._since.pop("no-day", None)
        answer = await self.wish("PUT", "/v1/day", {"open": typed.isoformat()}, f"opens {typed.isoformat()}")
        if answer is not None and answer.status == 409:  # he is asked for it twice, and looks at what he typed
            today = self.town.date.isoformat()
            await self.wish("PUT", "/v1/day", {"open": today, "again": today}, f"opens {today}, typed twice")
        self.town.ledger.reached["day-opened-by-manager"] += 1

    # --- without a hub ------------------------------------------------------------------------------------------

    def _call_by_voice(self) -> None:
        """Print the list at each kiosk, and call by it who stands first."""
        for kiosk in self.town.kiosks:
            numbers = self.town.print_list(kiosk, promise=12)
            done = 0
            for number in numbers:
                paper = self.town.ledger.find(self.town.day, number)
                if paper is None or paper.state != "waits" or not paper.is_here or done >= 2:
                    continue
                paper.state, done = "ended", done + 1
                paper.is_by_voice = True
                paper.asked += 1  # the hub hears of it only once it is entered
                self._by_voice.setdefault(f"{kiosk.name} {number[0]}", []).append(paper)
                self.town.ledger.note(f"{number} is called by voice, and served", paper)
                self.town.ledger.reached["by-voice"] += 1

    async def _enter_by_hand(self) -> None:
        """Enter what was called by voice; now and then a digit too much."""
        ranges = []
        lasts: list[str] = []
        for papers in self._by_voice.values():
            numbers = sorted(one.number for one in papers)
            last = numbers[-1]
            counted = range(int(numbers[0][2:]), int(last[2:]) + 1)
            but = [f"{last[:2]}{n:03d}" for n in counted if f"{last[:2]}{n:03d}" not in numbers]
            if "wrong-range" in self.town.acts and Random(f"{self.town.plan.seed} {last}").random() < 0.7:
                last = f"{last[:2]}{int(last[2:]) + 100:03d}"
                self.town.ledger.reached["wrong-range"] += 1
            if "range-at-once" in self.town.rare:
                but = slips.nothing_but(self.town, numbers[0], last)
            lasts.append(numbers[-1])
            ranges.append({"first": numbers[0], "to": last, "but": but})
        answer = await self.wish("POST", "/v1/by-hand", {"ranges": ranges}, f"enters {ranges} as called by voice")
        if answer is not None and answer.status == 409:  # he is told which number was the last, and looks again
            right = [one | {"to": last} for one, last in zip(ranges, lasts, strict=True)]
            answer = await self.wish("POST", "/v1/by-hand", {"ranges": right}, f"enters {right} as called by voice")
        if answer is not None and answer.status < 500:
            for paper in (one for papers in self._by_voice.values() for one in papers):
                paper.asked -= 1
            self._by_voice = {}

    async def close_day(self) -> bool:
        """Close the day before its time; return whether it was done, by its page where no answer came."""
        if self.view is None:
            return False
        answer = await self.wish("PUT", "/v1/day", {"close": True}, "closes the day before its time")
        if answer is not None:
            return answer.status == 200
        self.town.called_unknown()  # until the page shows it, nobody knows whether those who wait were sent home
        for _ in range(LOOKS_FOR_CLOSE):
            if (view := await self._see()) is not None:
                return bool(view["day_closed"])
            await asyncio.sleep(LOOKS_EVERY_S)
        return False

    async def fail_back(self) -> None:
        """Let the other hub lead again, where both are there."""
        heard = await self._ask_all()
        follows = [address for address, said in heard.items() if not said["leading"]]
        if len(heard) > 1 and len(follows) == len(heard) - 1:
            await self._promote(follows[0])


def list_of(kiosk: "TownKiosk") -> list[str]:
    """Return the numbers on the list that a kiosk prints."""
    return [one.number for one in waiting_list(kiosk.store)]
