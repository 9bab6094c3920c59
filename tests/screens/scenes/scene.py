"""One scene: a visit by script on a kiosk with a real desk and store, and the prompt or notice at which it stops."""

import asyncio
import tempfile
from collections.abc import Callable, Coroutine, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

import structlog

from common.city.brand.brand import brand
from kiosk.prompts.ui import Notice, Prompt
from tests.kit import new_tables
from tests.kit.clock import HandClock
from tests.kit.desk import App, Place, open_store
from tests.visits.lobby import Lobby, Tray
from tests.visits.scripted_ui import Step


@dataclass(frozen=True)
class Scene:
    """What is seen (the last of this type), and the way there; the way may first change the lobby.

    `beside` runs beside the visit, for what happens outside the kiosk.
    """

    shows: type[Prompt[Any]] | type[Notice]
    way: Callable[[Lobby], list[Step]]
    beside: Callable[[Lobby], Coroutine[Any, Any, None]] | None = None


def fee(whole: int) -> dict[str, Any]:
    """Return a fee of so many units of the brand's currency, of its new money where there are two."""
    own = brand().currency
    told = {"pound": "new"} if own.former else {}
    return {"amount_minor": whole * 10**own.exponent, "currency": own.code, **told}


def reach(scene: Scene) -> Prompt[Any] | Notice:
    """Play a scene on a kiosk of its own and return what it came to; may be called while a loop runs."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, _play(scene)).result()


def _always_the_same_token(size: int) -> str:
    return "7f" * size


async def _play(scene: Scene) -> Prompt[Any] | Notice:
    clock = HandClock()
    with (
        structlog.testing.capture_logs(),
        patch("secrets.token_hex", _always_the_same_token),  # a code on the screen is the same in each picture
        new_tables.copied_stores(),
        tempfile.TemporaryDirectory() as folder,
        open_store(Path(folder) / "data", clock) as store,
        ThreadPoolExecutor() as threads,
    ):
        asyncio.get_running_loop().set_default_executor(threads)
        tray = Tray()
        place = Place(store, clock, App(), papers=tray)
        place.app.make_known(store)
        lobby = Lobby(place, tray)
        steps = scene.way(lobby)
        beside = scene.beside
        ui = await lobby.run(*steps, meanwhile=None if beside is None else lambda: beside(lobby))
        refuse_what_no_hub_says(lobby)
        return ui.last(scene.shows)


def refuse_what_no_hub_says(lobby: Lobby) -> None:
    """Refuse a hall that can't be: a hub counts those before a letter's next number, so its services say the same.

    Raises:
        ValueError: names the letter and what its services say.
    """
    hall = lobby.hall()
    said: dict[str, set[int]] = {}
    for service in lobby.place.catalogue.services if hall is not None else ():
        if (waiting := (hall.waiting if hall is not None else {}).get(service.code)) is not None:
            said.setdefault(service.prefix, set()).add(waiting)
    for letter, counts in said.items():
        if len(counts) > 1:
            raise ValueError(f"no hub says {sorted(counts)} of services that share the letter {letter}")


class Reached(Mapping[str, Any]):
    """Prompts and notices by the names of their scenes, each reached when it is first asked for."""

    def __init__(self, scenes: Mapping[str, Scene]) -> None:
        self.scenes = scenes
        self._reached: dict[str, Prompt[Any] | Notice] = {}

    def __getitem__(self, name: str) -> Any:
        if name not in self._reached:
            self._reached[name] = reach(self.scenes[name])
        return self._reached[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.scenes)

    def __len__(self) -> int:
        return len(self.scenes)
