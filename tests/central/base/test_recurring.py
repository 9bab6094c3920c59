import asyncio

import pytest

from central.base.recurring import recur


@pytest.mark.parametrize("at_once", [True, False])
async def test_what_fails_is_told_by_its_kind_and_done_again_until_it_is_stopped(at_once: bool) -> None:
    stopping, failures, times = asyncio.Event(), list[str](), 0

    async def act() -> None:
        nonlocal times
        times += 1
        if times == 3:
            stopping.set()
        if times == 1:
            raise ConnectionError("postgresql://secret")

    await recur(act, 0.001, stopping, failures.append, at_once=at_once)
    assert (times, failures) == (3, ["ConnectionError"])


async def test_one_that_was_stopped_before_does_nothing() -> None:
    stopping, times = asyncio.Event(), list[int]()
    stopping.set()

    async def act() -> None:
        times.append(1)

    await recur(act, 60, stopping, lambda _: None, at_once=True)
    assert times == []
