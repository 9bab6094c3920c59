"""Opening gives way to what kiosks send: while batches come it pauses, and never for good."""

import asyncio

from central.intake.unsealing.unsealing import QUIET_S, give_way

LONG_S = 60.0
WITHIN_S = 10.0


async def test_where_nothing_has_come_there_is_no_pause() -> None:
    news = asyncio.Event()
    waiting = asyncio.ensure_future(give_way(news, LONG_S))
    await asyncio.sleep(0)
    assert waiting.done()


async def test_the_pause_ends_once_nothing_more_comes() -> None:
    news = asyncio.Event()
    news.set()
    async with asyncio.timeout(WITHIN_S):
        await give_way(news, LONG_S)


async def test_while_batches_come_it_pauses_and_goes_on_in_the_end() -> None:
    news = asyncio.Event()
    news.set()
    batches = 0

    async def deliver() -> None:
        nonlocal batches
        while True:
            await asyncio.sleep(QUIET_S / 10)
            batches += 1
            news.set()

    delivering = asyncio.ensure_future(deliver())
    async with asyncio.timeout(WITHIN_S):
        await give_way(news, 3 * QUIET_S)
    delivering.cancel()
    assert batches >= 2  # it was still paused when the second came
