"""Pages of a hub as their own scripts behave (`hub/pages/assets/`): what they ask, keep and tell another hub.

A page lives in a browser of a PC: what it keeps is kept by origin, as browsers do, and goes along to another hub's page
only as the script takes it along.
"""

import asyncio
import contextlib
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any, Final

from tests.town.net import Answer, Net, Unheard
from tests.town.pace import PACE

REOPEN_S: Final = 1.5
PATIENCE_S: Final = 1.5
MOST_ANSWERS: Final = 100
NO_COUNTER: Final = 0
IN_PEACE: Final = 3  # so much less often than in need a page asks who leads


def where_to_go(own: dict[str, Any] | None, words: list[dict[str, Any]]) -> dict[str, Any] | None:
    """See leading.mjs; `own`: the last word of the page's own hub, or None."""
    least = (-1, "") if own is None else (own["term"], own["hub"] if own["leading"] else "")
    found = [one for one in words if one["leading"] and (one["term"], one["hub"]) > least]
    return max(found, key=lambda one: (one["term"], one["hub"]), default=None)


@dataclass
class Kept:
    """What a browser keeps of one origin: its cookies, and what the script put aside until the PC goes off.

    `press`: one that has no answer yet. `said`: what a board has announced.
    """

    cookies: dict[str, str] = field(default_factory=dict)
    answers: list[dict[str, Any]] = field(default_factory=list)
    followed: dict[str, Any] | None = None
    press: dict[str, Any] | None = None
    said: list[str] | None = None

    def keep(self, answer: dict[str, Any], pulled: int) -> None:
        """See counter/answers.mjs."""
        self.answers = [*(one for one in self.answers if one["seq"] > pulled), answer][-MOST_ANSWERS:]

    def are_told(self, counter: int, known: str, seq: int) -> None:
        """See counter/answers.mjs."""
        told = {"known": known, "seq": seq}
        self.answers = [one | told if one["counter"] == counter else one for one in self.answers]

    def drop(self, answer: dict[str, Any]) -> None:
        """See counter/answers.mjs."""
        signature = answer["answer"]["signature"]
        self.answers = [one for one in self.answers if one["answer"]["signature"] != signature]

    def forget(self, counter: int) -> None:
        """See counter/answers.mjs."""
        self.answers = [one for one in self.answers if one["counter"] != counter]


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
        self._hubs: dict[str, str] | None = None  # ids by address, as the page was loaded; None before
        self.own: dict[str, Any] | None = None  # the last word of the page's own hub
        self._is_elsewhere = self._is_loaded = self._is_committing = False
        self._logged_in = asyncio.Event()
        self._logged_in.set()

    @property
    def here(self) -> Kept:
        """What is kept of the origin that the page is of."""
        return self.kept.setdefault(self.origin, Kept())

    def goes_off(self) -> None:
        """Lose what a browser loses with the power: all but the cookies."""
        self.kept = {origin: Kept(cookies=kept.cookies) for origin, kept in self.kept.items()}
        self._load(self.start)

    def turn_to(self, address: str) -> None:
        """Have somebody type another address."""
        if address != self.origin:
            self.unload()
            self._load(address)
            self._is_elsewhere = True

    def _load(self, address: str) -> None:
        """Begin as the page of an address, with what was kept of it."""
        self._enter()
        self.origin, self.view, self.is_lost = address, None, True
        self._hubs = self.own = None
        self._is_loaded = True
        self.load()

    def load(self) -> None:
        """Take up what was kept of the origin."""

    def unload(self) -> None:
        """Keep what the next page of this origin takes up."""

    def wakes(self) -> None:
        """Open the stream again, as a browser does whose PC was asleep."""
        self._is_elsewhere = True

    @property
    def _is_in_need(self) -> bool:
        """Whether the page's own hub is silent, or stands by."""
        return self.is_lost or self.own is None or not self.own["leading"]

    async def run(self) -> None:
        """Follow the view for as long as the page is open."""
        self._load(self.start)
        open_ = self._opened()
        try:
            while True:
                await PACE.sleep(PACE.leader_s if self._is_in_need else IN_PEACE * PACE.leader_s)
                if await self.go_where_one_leads() or self._is_elsewhere:
                    self._is_elsewhere = False
                    for task in open_:
                        task.cancel()
                    await asyncio.gather(*open_, return_exceptions=True)
                    open_ = self._opened()
        finally:
            for task in open_:
                task.cancel()

    def _opened(self) -> list[asyncio.Task[None]]:
        """Start what an open page does; what was kept is taken up once, as the page is loaded."""
        does = [self._follow(), self.take_up()] if self._is_loaded else [self._follow()]
        self._is_loaded = False
        return [asyncio.create_task(one) for one in does]

    async def take_up(self) -> None:
        """Go on with what was kept of the origin."""

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
                            self._hubs = self._hubs if self._knows_all(said["hubs"]) else None
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

    def take_along(self) -> Callable[[], None]:
        """Forget what no other hub's page may send; return what puts the rest into that page's keeping."""
        answers = list(self.here.answers)

        def put() -> None:
            if answers:
                self.here.answers = answers

        return put

    def heard_leader(self, said: dict[str, Any]) -> None:
        """Keep a leader's word."""

    async def go_where_one_leads(self) -> bool:
        """Ask all hubs, the page's own too, and move where one leads if its own does not; return whether it moved."""
        if self._hubs is None:
            self._hubs = await self._named()
        if self._hubs is None:
            return False  # there is no page yet
        others = [(address, name) for address, name in self._hubs.items() if address != self.origin]
        asked = [self._word_of(self.origin, None), *(self._word_of(*one) for one in others)]
        own, *said = await asyncio.gather(*asked)
        self.own = own or self.own
        goal = where_to_go(self.own, [one for one in said if one is not None])
        if goal is None:
            return False
        self.heard_leader(goal["statement"])
        put_there = self.take_along()
        self.unload()
        self.origin = next(address for address, name in others if name == goal["hub"])
        put_there()
        self._load(self.origin)
        return True

    def _knows_all(self, hubs: list[dict[str, str]]) -> bool:
        return self._hubs is None or all(self._hubs.get(one["address"]) == one["id"] for one in hubs)

    async def _named(self) -> dict[str, str] | None:
        """Load the page: it names the hubs that it may ask. None where nobody serves it."""
        try:
            answer = await self._net.ask("GET", f"{self.origin}/{self.view_name}", {}, patience_s=30.0)
        except Unheard:
            return None
        found = re.search(r'data-hubs="([^"]*)"', answer.body.decode())
        named = [one.split("=", 1) for one in found[1].split()] if found else []
        return {address: name for name, address in named}

    async def _word_of(self, address: str, name: str | None) -> dict[str, Any] | None:
        """Return a hub's word on itself; None where there is none, or another answers in its place."""
        try:
            answer = await self._net.ask("GET", f"{address}/v1/hub", {}, patience_s=PATIENCE_S)
        except Unheard:
            return None
        said: dict[str, Any] = json.loads(answer.body) if answer.status == 200 else {}
        return said if said.get("hub") and name in (None, said["hub"]) else None

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
        if answer.status == 200 and method in ("PUT", "POST") and "/counters/" not in path:
            self._keep_commit(kept, answer)
        return answer

    @staticmethod
    def _keep_commit(kept: Kept, answer: Answer) -> None:
        """See counter/commits.mjs: keep what an answer says that it made true."""
        signature, text = answer.header("hub-signature"), answer.body.decode()
        if signature is None or not json.loads(text)["facts"]["said"]:
            return
        known = ".".join(signature.split(".", 2)[:2])
        one: dict[str, Any] = {"counter": NO_COUNTER, "key": None, "known": known}
        one |= {"answer": {"status": answer.status, "body": text, "signature": signature}}
        kept.keep(one | {"seq": int(answer.header("hub-seq") or 0)}, int(answer.header("hub-pulled") or 0))

    async def tell_commits(self, view: dict[str, Any]) -> None:
        """See counter/commits.mjs: tell a hub that leads what another one was told."""
        log, origin = f"{view['hub']}.{view['term']}", self.origin
        untold = [one for one in self.here.answers if one["counter"] == NO_COUNTER and one["known"] != log]
        if self._is_committing or not view["leading"] or not untold:
            return
        self._is_committing = True
        try:
            said: dict[str, Any] = {}
            for one in untold:
                answer = await self.call("POST", "/v1/commits", {"facts": [{"answer": one["answer"]}]})
                if self.origin != origin:
                    return
                if answer.status == 200:
                    said = json.loads(answer.body)
                elif answer.status == 422:
                    self.here.drop(one)
                else:
                    return
            if said:
                self.here.are_told(NO_COUNTER, log, said["seq"])
        except Unheard:
            return
        finally:
            self._is_committing = False

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
