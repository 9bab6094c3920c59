"""What is being opened when the kiosk is told to end is closed again: its thread can't be called back."""

import asyncio
import contextlib
import threading
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any, cast

import pytest

from kiosk.runtime import serving
from kiosk.runtime.serving import open_parts


@pytest.mark.parametrize("fails", [False, True])
async def test_a_store_that_opens_while_the_kiosk_ends_is_closed_again(
    monkeypatch: pytest.MonkeyPatch, fails: bool
) -> None:
    opening, may_open, closed = threading.Event(), threading.Event(), threading.Event()

    @contextlib.contextmanager
    def slow_store(_config: object) -> Iterator[None]:
        opening.set()
        may_open.wait(20)
        if fails:
            raise OSError("the disk is broken")
        yield
        closed.set()

    async def serve() -> None:
        async with open_parts(cast("Any", SimpleNamespace(config=None))):
            pytest.fail("it went on")

    monkeypatch.setattr(serving, "open_store", slow_store)
    ending = asyncio.create_task(serve())
    assert await asyncio.to_thread(opening.wait, 20)
    ending.cancel()
    await asyncio.sleep(0)
    may_open.set()
    with pytest.raises(asyncio.CancelledError):
        await ending
    assert closed.is_set() is not fails
