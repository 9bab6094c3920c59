"""A store that no salvage helps: the kiosk tries again ever more rarely, since each salvage keeps a copy of it."""

import asyncio
from types import SimpleNamespace
from typing import Any, cast

import pytest

from common.machine.errors import StoreDamaged, StoreUnavailable
from kiosk.prompts.state import OutOfService
from kiosk.prompts.ui import OutReason
from kiosk.runtime import serving
from kiosk.runtime.serving import serve


class Enough(Exception):
    """The test has seen what it wanted."""


class Nobody:
    """A display that nobody touches."""

    def __init__(self) -> None:
        self.asked: list[object] = []

    def show(self, _notice: object) -> None:
        """Show it to nobody."""

    async def ask(self, prompt: object) -> None:
        self.asked.append(prompt)
        await asyncio.Event().wait()


@pytest.mark.parametrize(
    ("error", "waits"),
    [(StoreDamaged, [5, 10, 20, 40, 80, 160, 320, 600, 600]), (StoreUnavailable, [5, 5, 5, 5, 5, 5, 5, 5, 5])],
)
async def test_a_store_that_stays_damaged_is_tried_ever_more_rarely(
    monkeypatch: pytest.MonkeyPatch, error: type[StoreUnavailable], waits: list[float]
) -> None:
    waited: list[float] = []

    class Refusing:
        async def __aenter__(self) -> None:
            raise error("the disk is broken")

        async def __aexit__(self, *_: object) -> None:
            """Nothing was opened."""

    async def sleep(seconds: float) -> None:
        waited.append(seconds)
        if len(waited) == len(waits):
            raise Enough

    monkeypatch.setattr(serving, "open_parts", lambda _: Refusing())
    monkeypatch.setattr(asyncio, "sleep", sleep)
    display = Nobody()
    settings = SimpleNamespace(config=SimpleNamespace(kiosk=SimpleNamespace(other_kiosks=True)))
    with pytest.raises(Enough):
        await serve(cast("Any", display), cast("Any", settings))
    assert waited == waits
    assert set(display.asked) == {OutOfService(OutReason.STORE, has_others=True)}
