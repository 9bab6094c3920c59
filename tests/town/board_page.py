"""The hall's board: it says each call once, in its time."""

from collections.abc import Callable
from datetime import datetime
from random import Random
from typing import Any, Final

from tests.town.net import Net
from tests.town.page import Page

MOST_SAID: Final = 100


class BoardPage(Page):
    """The hall's board: it says each call once, in its time (board/announcing.mjs)."""

    announce_within_s = 30.0

    def __init__(self, net: Net, chance: Random, addresses: list[str], start: str) -> None:
        super().__init__(net, chance, addresses, start)
        self._said: list[str] | None = None
        self.on_call: Callable[[dict[str, Any]], None] = lambda _: None

    def _query(self) -> str:
        return "&speaks=true"

    def load(self) -> None:
        """Begin with what this origin's page has announced."""
        self._said, self.here.said = self.here.said, None

    def unload(self) -> None:
        """See Page."""
        if self._said is not None:
            self.here.said = self._said

    def take_along(self) -> Callable[[], None]:
        """Have the other hub's page know what was announced."""
        said = self._said

        def put() -> None:
            if said is not None:
                self.here.said = said

        return put

    async def see(self) -> None:
        """Announce what is new."""
        view = self.view
        assert view is not None
        calls = [*reversed(view["calls"])]
        names = [f"{call['number']}@{call['at']}" for call in calls]
        fresh = [
            call for call, name in zip(calls, names, strict=True) if self._said is not None and name not in self._said
        ]
        self._said = [*dict.fromkeys([*(self._said or []), *names])][-max(MOST_SAID, len(names)) :]
        for call in fresh:
            if _seconds(view["as_of"]) - _seconds(call["at"]) <= self.announce_within_s:
                self.on_call(call)


def _seconds(text: str) -> float:
    return datetime.fromisoformat(text).timestamp()
