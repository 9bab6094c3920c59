"""Pages of a hub as their own scripts behave (`hub/pages/assets/`): what they ask, keep and tell another hub.

A page lives in a browser of a PC: what it keeps is kept by origin, as browsers do, and goes along to another hub's page
only as the script takes it along.
"""

import asyncio
import contextlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any, Final

from tests.town.net import Answer, Net, Unheard
from tests.town.pace import PACE

REOPEN_S: Final = 1.5


@dataclass
class Kept:
    """What a browser keeps of one origin: its cookies, and what the script put aside until the PC goes off.

    `press`: one that has no answer yet. `heard`: until when a board has announced.
    """

    cookies: dict[str, str] = field(default_factory=dict)
    answers: list[dict[str, Any]] = field(default_factory=list)
    followed: dict[str, Any] | None = None
    press: dict[str, Any] | None = None
    heard: str | None = None


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
        self._seen: dict[str, Any] | None = None  # the last view, by which the leader is looked for, logged in or not
        self._is_elsewhere = self._is_loaded = False
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
        self.origin, self.view, self._seen, self.is_lost = address, None, None, True
        self._is_loaded = True
        self.load()

    def load(self) -> None:
        """Take up what was kept of the origin."""

    def unload(self) -> None:
        """Keep what the next page of this origin takes up."""

    def wakes(self) -> None:
        """Open the stream again, as a browser does whose PC was asleep."""
        self._is_elsewhere = True

    async def run(self) -> None:
        """Follow the view for as long as the page is open."""
        self._load(self.start)
        open_ = self._opened()
        try:
            while True:
                await PACE.sleep(PACE.leader_s)
                if await self._look_for_leader() or self._is_elsewhere:
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
                            self.view = self._seen = said
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
        return lambda: None

    def heard_leader(self, said: dict[str, Any]) -> None:
        """Keep a leader's word."""

    async def _look_for_leader(self) -> bool:
        """Ask the other hubs who leads, and move to one that outranks the view's; return whether it moved."""
        view = self._seen
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
                put_there = self.take_along()
                self.unload()
                self.origin = hub["address"]
                put_there()
                self._load(self.origin)
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
