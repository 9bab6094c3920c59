"""A counter's page: presses that are neither lost nor doubled, and answers kept for the next hub."""

import asyncio
import json
import uuid
from collections.abc import Callable
from random import Random
from typing import Any, Final

from tests.town.net import Answer, Net, Unheard
from tests.town.pace import PACE
from tests.town.page import Kept, Page

RETRY_S: Final = 1.0
ASKED_AFTER_S: Final = 60.0
NAMED: Final = ("again", "came", "not-here", "done", "left", "park", "transfer")


class CounterPage(Page):
    """A counter's page: presses that are neither lost nor doubled, and answers kept for the next hub."""

    view_name = "counter"

    def __init__(self, net: Net, chance: Random, addresses: list[str], start: str, number: int) -> None:
        super().__init__(net, chance, addresses, start)
        self.number = number
        self._is_resuming = False
        self.on_answer: Callable[[dict[str, Any], int, dict[str, Any]], None] = lambda *_: None
        self.on_forgotten: Callable[[dict[str, Any]], None] = lambda _: None
        self.is_still_wanted: Callable[[dict[str, Any]], bool] = lambda _: True
        self.has_line: Callable[[], bool] = self._hears_a_leader
        self.now_s: Callable[[], float] = lambda: asyncio.get_running_loop().time()

    @property
    def pending(self) -> dict[str, Any] | None:
        """The press that has no answer yet: it waits where it was made, also while the page is another hub's."""
        return self.here.press

    def goes_off(self) -> None:
        """See Page; a press without an answer goes too."""
        for kept in self.kept.values():
            self._forget(kept)
        super().goes_off()

    def load(self) -> None:
        """See Page."""
        self._is_resuming = False

    async def take_up(self) -> None:
        """Send the press of before."""
        await self._settle()

    async def see(self) -> None:
        """Tell a new hub what was said at this page."""
        assert self.view is not None
        await self.tell_commits(self.view)
        await self._resume()

    def take_along(self) -> Callable[[], None]:
        """Forget a press that the former hub has not answered, and have the other's page know what was answered."""
        self._forget(self.here)
        return super().take_along()

    def _forget(self, kept: Kept) -> None:
        if kept.press is not None:
            forgotten, kept.press = kept.press, None
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
        self.here.press = {"key": key, "body": {"press": kind, **named, **more}, "at": self.now_s()}
        await self._settle()

    async def _settle(self) -> None:
        """Send what is pending until it is answered, or the page is another's."""
        pending = self.pending
        while pending is not None and self.pending is pending:
            if self._may_go_out(pending) and await self._send(pending["key"], pending["body"]):
                return
            await PACE.sleep(RETRY_S if PACE.step_s < 10 else PACE.step_s)

    def _hears_a_leader(self) -> bool:
        return not self.is_lost and self.view is not None and bool(self.view["leading"])

    def _may_go_out(self, pending: dict[str, Any]) -> bool:
        """Ask the clerk first about what has waited for long, once there is a line."""
        if 0 <= self.now_s() - pending["at"] <= ASKED_AFTER_S:
            return True
        if not self.has_line():
            return False
        if not self.is_still_wanted(pending["body"]):
            self._forget(self.here)
            return False
        pending["at"] = self.now_s()
        return True

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
            self._forget(self.here)
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
            one = {"counter": self.number, "key": key, "answer": signed, "known": known, "seq": seq}
            self.here.keep(one | {"version": said["counter"]["version"]}, pulled)
        self.here.press = None
        self.on_answer(body, answer.status, said)
        counter = said.get("counter")
        if counter and self.view is not None and counter["version"] >= self.view["counter"]["version"]:
            self.view = {**self.view, "counter": {**self.view["counter"], **counter}}

    async def _resume(self) -> None:
        """See counter/resuming.mjs."""
        view, origin = self.view, self.origin
        assert view is not None
        log = f"{view['hub']}.{view['term']}"
        own = [one for one in self.here.answers if one["counter"] == self.number]
        version = view["counter"]["version"]
        untold = [one for one in own if view["must_resume"] or one["known"] != log or one["version"] > version]
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
                if self.origin != origin:
                    return
                said = json.loads(answer.body)
                if answer.status != 200:
                    if not view["must_resume"] and answer.status < 500:
                        self.here.forget(self.number)
                    return
            self.here.are_told(self.number, log, said["seq"])
        except Unheard:
            return
        finally:
            self._is_resuming = False


def _rank(said: dict[str, Any]) -> tuple[int, str, int]:
    return said["term"], said["hub"], said["seq"]
