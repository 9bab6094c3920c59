"""Waiting for whatever comes first: a touch, a scan, a card, a change, the end of a time."""

import asyncio
from collections.abc import Coroutine
from typing import Any


async def first_of[A, B](one: Coroutine[Any, Any, A], other: Coroutine[Any, Any, B]) -> A | B:
    """Return what comes first and cancel the other; where both came, `one` counts."""
    tasks = (asyncio.ensure_future(one), asyncio.ensure_future(other))
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        first, second = tasks
        return first.result() if first.done() else second.result()
    finally:
        for task in tasks:
            task.cancel()
        # The loser is over before the winner's answer counts: it must not draw or read any more.
        await asyncio.gather(*tasks, return_exceptions=True)
