"""Pages of a hub as their own scripts behave (`hub/pages/assets/`): what they ask, keep and tell another hub.

A page lives in a browser of a PC: what it keeps is kept by origin, as browsers do, and goes along to another hub's page
only as the script takes it along.
"""

import asyncio
import contextlib
import json
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from random import Random
from typing import Any, Final

from tests.town.net import Answer, Net, Unheard
from tests.town.pace import PACE

MOST_ANSWERS: Final = 100
REOPEN_S: Final = 1.5
RETRY_S: Final = 1.0
NAMED: Final = ("again", "came", "not-here", "done", "left", "park", "transfer")


@dataclass
class Kept:
    """What a browser keeps of one origin: its cookies, and what the script put aside until the PC goes off."""

    cookies: dict[str, str] = field(default_factory=dict)
    answers: list[dict[str, Any]] = field(default_factory=list)
    followed: dict[str, Any] | None = None


class Page:
    """A page that follows a view, at whichever hub leads."""

    view_name = "board"

    def __init__(self, net: Net, chance: Random, addresses: list[str], start: str) -> None:
        self._net, self._chance, self.addresses, self.start = net, chance, addresses, start
        self.origin = start
        self.kept: dict[str, Kept] = {}
        self.view: dict[str, Any] | None = None
        self.is_lost = True
        self.needs_login = False
        self._is_elsewhere = False
        self._logged_in = asyncio.Event()
        self._logged_in.set()

    @property
    def here(self) -> Kept:
        """What is kept of the origin that the page is of."""
        return self.kept.setdefault(self.origin, Kept())

    def goes_off(self) -> None:
        """Lose what a browser loses with the power: all but the cookies."""
        for kept in self.kept.values():
            kept.answers, kept.followed = [], None
        self._enter()
        self.origin, self.view, self.is_lost = self.start, None, True

    def turn_to(self, address: str) -> None:
        """Have somebody type another address."""
        if address != self.origin:
            self.take_along()
            self._enter()
            self.origin, self.view, self.is_lost = address, None, True
            self._is_elsewhere = True

    def wakes(self) -> None:
        """Open the stream again, as a browser does whose PC was asleep."""
        self._is_elsewhere = True

    async def run(self) -> None:
        """Follow the view for as long as the page is open."""
        self.origin, self.view, self.is_lost = self.start, None, True
        following = asyncio.create_task(self._follow())
        try:
            while True:
                await PACE.sleep(PACE.leader_s)
                if await self._look_for_leader() or self._is_elsewhere:
                    self._is_elsewhere = False
                    following.cancel()
                    await asyncio.gather(following, return_exceptions=True)
                    following = asyncio.create_task(self._follow())
        finally:
            following.cancel()

    async def _follow(self) -> None:
        while True:
            try:
                events = self._events()
                async with contextlib.aclosing(events):
                    while True:
                        name, said = await asyncio.wait_for(anext(events), PACE.watch_s)
                        self.is_lost = False
                        if name == "gone":
                            self._leave()
                            break
                        if name != "beat":
                            self.view = said
                            await self.see()
            except (Unheard, TimeoutError, StopAsyncIteration) as error:
                if "401" in str(error) or "403" in str(error):
                    self._leave()
                self.is_lost = not self.needs_login
            await self._logged_in.wait()
            await asyncio.sleep(REOPEN_S)

    def _leave(self) -> None:
        self.needs_login, self.view = self.view_name != "board", None
        if self.needs_login:
            self._logged_in.clear()

    def _enter(self) -> None:
        self.needs_login = False
        self._logged_in.set()

    async def _events(self) -> Any:
        async for one in self.events_once(self.view_name):
            yield one

    async def events_once(self, view_name: str) -> Any:
        """Open the stream of a view, and yield what it sends until it ends. Raises Unheard."""
        url = f"{self.origin}/v1/stream?view={view_name}{self._query()}"
        rest = b""
        async for chunk in self._net.stream(url, self._headers()):
            rest += chunk.replace(b"\r\n", b"\n")
            while b"\n\n" in rest:
                block, _, rest = rest.partition(b"\n\n")
                fields = dict(line.split(": ", 1) for line in block.decode().splitlines() if ": " in line)
                if "data" in fields:
                    yield fields.get("event", "message"), json.loads(fields["data"])

    def _query(self) -> str:
        return ""

    async def see(self) -> None:
        """Take the view that came."""

    def take_along(self) -> None:
        """Forget what no other hub's page may send."""

    def heard_leader(self, said: dict[str, Any]) -> None:
        """Keep a leader's word."""

    async def _look_for_leader(self) -> bool:
        """Ask the other hubs who leads, and move to one that outranks the view's; return whether it moved."""
        view = self.view
        if view is None:
            return False
        for hub in view["hubs"]:
            if hub["address"] == self.origin:
                continue
            try:
                answer = await self._net.ask("GET", f"{hub['address']}/v1/hub", {}, patience_s=3.0)
            except Unheard:
                continue
            if answer.status != 200:
                continue
            said = json.loads(answer.body)
            rank, own = (said["term"], said["hub"]), (view["term"], view["hub"])
            if said["leading"] and said["hub"] == hub["id"] and rank > own:
                self.heard_leader(said["statement"])
                self.take_along()
                answers = self.here.answers
                self.origin = hub["address"]
                if answers:
                    self.here.answers = list(answers)
                self._enter()
                self.view, self.is_lost = None, True
                return True
        return False

    def _headers(self) -> dict[str, str]:
        cookies = "; ".join(f"{name}={value}" for name, value in self.here.cookies.items())
        return {"Origin": self.origin} | ({"Cookie": cookies} if cookies else {})

    async def call(self, method: str, path: str, body: object, headers: dict[str, str] | None = None) -> Answer:
        """Fetch, as a script does. Raises Unheard."""
        sent = b"" if body is None else json.dumps(body).encode()
        named = self._headers() | {"Content-Type": "application/json"} | (headers or {})
        origin = self.origin
        answer = await self._net.ask(method, origin + path, named, sent, patience_s=30.0)
        kept = self.kept.setdefault(origin, Kept())
        for name, value in answer.headers:
            if name == "set-cookie":
                cookie = value.split(";")[0]
                key, _, token = cookie.partition("=")
                kept.cookies[key] = token.strip('"')
        return answer

    async def log_in(self, pin: str, counter: int | None, *, take_over: bool = False) -> tuple[int, dict[str, Any]]:
        """Type a PIN; return status and what was said. Raises Unheard."""
        wish: dict[str, Any] = {"pin": pin, "take_over": take_over} | ({} if counter is None else {"counter": counter})
        answer = await self.call("POST", "/v1/sessions", wish)
        said = json.loads(answer.body)
        if answer.status == 201:
            self._enter()
        elif answer.status == 409 and said.get("yours") and not take_over:
            return await self.log_in(pin, counter, take_over=True)
        return answer.status, said


class CounterPage(Page):
    """A counter's page: presses that are neither lost nor doubled, and answers kept for the next hub."""

    view_name = "counter"

    def __init__(self, net: Net, chance: Random, addresses: list[str], start: str, number: int) -> None:
        super().__init__(net, chance, addresses, start)
        self.number = number
        self.pending: dict[str, Any] | None = None
        self._is_resuming = False
        self.on_answer: Callable[[dict[str, Any], int, dict[str, Any]], None] = lambda *_: None
        self.on_forgotten: Callable[[dict[str, Any]], None] = lambda _: None

    def goes_off(self) -> None:
        """See Page; a press without an answer goes too."""
        super().goes_off()
        self.take_along()

    async def see(self) -> None:
        """Tell a new hub what this counter was answered."""
        await self._resume()

    def take_along(self) -> None:
        """Forget a press that the former hub has not answered."""
        if self.pending is not None:
            forgotten, self.pending = self.pending, None
            self.on_forgotten(forgotten["body"])

    def heard_leader(self, said: dict[str, Any]) -> None:
        """See counter/followed.mjs: the greatest word is kept, by origin."""
        known = self.here.followed
        if said and (known is None or _rank(said) > _rank(known)):
            self.here.followed = said

    async def press(self, kind: str, **more: Any) -> None:
        """Press, and send it until it is answered or another hub leads."""
        if self.pending is not None or self.view is None:
            return
        counter = self.view["counter"]
        named = {}
        if kind in NAMED:
            named = {"ticket": (counter["ticket"] or {}).get("id"), "version": counter["version"]}
        key = str(uuid.UUID(int=self._chance.getrandbits(128), version=4))
        self.pending = {"key": key, "body": {"press": kind, **named, **more}}
        while self.pending is not None and self.pending["key"] == key:
            if await self._send(key, self.pending["body"]):
                return
            await PACE.sleep(RETRY_S if PACE.step_s < 10 else PACE.step_s)

    async def _send(self, key: str, body: dict[str, Any]) -> bool:
        followed = self.here.followed
        carried = {} if followed is None else {"Hub-Followed": json.dumps(followed)}
        path = f"/v1/counters/{self.number}/presses"
        try:
            answer = await self.call("POST", path, body, {"Idempotency-Key": key} | carried)
        except Unheard:
            return False
        if self.pending is None or self.pending["key"] != key:
            return True
        if answer.status in (401, 403):
            self.take_along()
            self._leave()
            return True
        if answer.status >= 500 or answer.status == 429:
            return False
        self._take(key, body, answer)
        return True

    def _take(self, key: str, body: dict[str, Any], answer: Answer) -> None:
        text = answer.body.decode()
        said = json.loads(text)
        signature, statement = answer.header("hub-signature"), answer.header("hub-statement")
        if statement is not None:
            self.heard_leader(json.loads(statement))
        if signature is not None and answer.status == 200:
            seq, pulled = int(answer.header("hub-seq") or 0), int(answer.header("hub-pulled") or 0)
            known = ".".join(signature.split(".", 2)[:2])
            signed = {"status": answer.status, "body": text, "signature": signature}
            kept = [one for one in self.here.answers if one["seq"] > pulled]
            one = {"counter": self.number, "key": key, "answer": signed, "known": known, "seq": seq}
            self.here.answers = [*kept, one][-MOST_ANSWERS:]
        self.pending = None
        self.on_answer(body, answer.status, said)
        counter = said.get("counter")
        if counter and self.view is not None and counter["version"] >= self.view["counter"]["version"]:
            self.view = {**self.view, "counter": {**self.view["counter"], **counter}}

    async def _resume(self) -> None:
        """See counter/resuming.mjs."""
        view = self.view
        assert view is not None
        log = f"{view['hub']}.{view['term']}"
        untold = [one for one in self.here.answers if one["counter"] == self.number and one["known"] != log]
        if self._is_resuming or (not view["must_resume"] and not untold):
            return
        self._is_resuming = True
        try:
            wishes = [
                {"key": one["key"], "answer": one["answer"], "more": place < len(untold) - 1}
                for place, one in enumerate(untold)
            ] or [{"key": None, "answer": None}]
            said: dict[str, Any] = {}
            for wish in wishes:
                answer = await self.call("POST", f"/v1/counters/{self.number}/resume", wish)
                said = json.loads(answer.body)
                if answer.status != 200:
                    if not view["must_resume"] and answer.status < 500:
                        self.here.answers = [one for one in self.here.answers if one["counter"] != self.number]
                    return
            self.here.answers = [
                {**one, "known": log, "seq": said["seq"]} if one["counter"] == self.number else one
                for one in self.here.answers
            ]
        except Unheard:
            return
        finally:
            self._is_resuming = False


def _rank(said: dict[str, Any]) -> tuple[int, str, int]:
    return said["term"], said["hub"], said["seq"]


class BoardPage(Page):
    """The hall's board: it says each call once, in its time (board/announcing.mjs)."""

    announce_within_s = 30.0

    def __init__(self, net: Net, chance: Random, addresses: list[str], start: str) -> None:
        super().__init__(net, chance, addresses, start)
        self._announced: int | None = None
        self._mark: str | None = None
        self._term: int | None = None
        self._until: str | None = None
        self.on_call: Callable[[dict[str, Any]], None] = lambda _: None

    def _query(self) -> str:
        return "&speaks=true"

    def goes_off(self) -> None:
        """See Page; what was heard before is forgotten."""
        super().goes_off()
        self._announced = self._mark = self._term = self._until = None

    async def see(self) -> None:
        """Announce what is new."""
        view = self.view
        assert view is not None
        calls = view["calls"]
        if view["mark"] != self._mark and self._until is not None:
            by_time = max([0, *(call["seq"] for call in calls if call["at"] <= self._until)])
            is_same = view["term"] == self._term and self._announced is not None
            self._announced = min(self._announced or 0, by_time) if is_same else by_time
        self._mark, self._term, self._until = view["mark"], view["term"], view["as_of"]
        fresh = [call for call in calls if self._announced is not None and call["seq"] > self._announced]
        self._announced = max([self._announced or 0, 0, *(call["seq"] for call in calls)])
        for call in reversed(fresh):
            if _seconds(view["as_of"]) - _seconds(call["at"]) <= self.announce_within_s:
                self.on_call(call)


def _seconds(text: str) -> float:
    return datetime.fromisoformat(text).timestamp()
