"""The hall's board: it says each call once, in its time."""

from collections.abc import Callable
from datetime import datetime
from random import Random
from typing import Any

from tests.town.net import Net
from tests.town.page import Page


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

    def load(self) -> None:
        """Begin with the time until which this origin's page has announced."""
        self._announced = self._mark = self._term = None
        self._until, self.here.heard = self.here.heard, None

    def unload(self) -> None:
        """See Page."""
        if self._until is not None:
            self.here.heard = self._until

    def take_along(self) -> Callable[[], None]:
        """Have the other hub's page know until when was announced."""
        until = self._until

        def put() -> None:
            if until is not None:
                self.here.heard = until

        return put

    async def see(self) -> None:
        """Announce what is new."""
        view = self.view
        assert view is not None
        calls = view["calls"]
        if view["mark"] != self._mark and self._until is not None:
            by_time = max([0, *(call["seq"] for call in calls if call["at"] <= self._until)])
            self._announced = min(self._announced or 0, by_time) if view["term"] == self._term else by_time
        self._mark, self._term, self._until = view["mark"], view["term"], view["as_of"]
        fresh = [call for call in calls if self._announced is not None and call["seq"] > self._announced]
        self._announced = max([self._announced or 0, 0, *(call["seq"] for call in calls)])
        for call in reversed(fresh):
            if _seconds(view["as_of"]) - _seconds(call["at"]) <= self.announce_within_s:
                self.on_call(call)


def _seconds(text: str) -> float:
    return datetime.fromisoformat(text).timestamp()
