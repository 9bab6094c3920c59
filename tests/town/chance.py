"""Where a town's chance and its processes' own clock come from, in the place of the machine's.

What the product draws (keys, ids, nonces, delays) it draws by `os.urandom`, `secrets`, `uuid` and cryptography; how
long something took it reads from `time.monotonic`. Within a town all of these follow from its seed and its loop.
"""

import asyncio
import os
import random
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import ExitStack, contextmanager
from random import Random
from typing import Any
from unittest.mock import patch

import aiosqlite.core
from argon2 import PasswordHasher
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from central.base import clock as central_clock
from central.inquiries import polls
from common.machine import secret_hash
from hub.api.live import state
from hub.takeover import asking as hub_asking
from offline_store.delivery import line
from offline_store.disk import second_head
from offline_store.inquiries import asking
from tests.town.compiled import compiled_once
from tests.town.loop import TownLoop, pause, wait_for
from tests.town.signatures import signed_quickly


class AtOnce:
    """An executor that does its work when it is asked."""

    def __init__(self, *_: Any, **__: Any) -> None:
        """Take what an executor takes."""

    def submit(self, work: Callable[..., Any], *args: Any, **named: Any) -> Future[Any]:
        """Do it."""
        future: Future[Any] = Future()
        try:
            future.set_result(work(*args, **named))
        except BaseException as error:  # noqa: BLE001 - it is the asker's
            future.set_exception(error)
        return future

    def shutdown(self, *_: Any, **__: Any) -> None:
        """Have nothing to end."""


class _NoThread:
    """Stands where aiosqlite has a thread for each connection."""

    daemon = True

    def __init__(self, *_: Any, **__: Any) -> None:
        """Take what a thread takes."""

    def start(self) -> None:
        """Begin nothing: `_DoneAtOnce` does the work."""


class _DoneAtOnce:
    """The queue to that thread: what is put there is done."""

    def put_nowait(self, asked: tuple[Any, Callable[[], Any]]) -> None:
        """Do it, and let who asked have the result."""
        future, work = asked
        try:
            result = work()
        except BaseException as error:  # noqa: BLE001 - it is the asker's
            if future is not None:
                future.set_exception(error)
        else:
            if future is not None:
                future.set_result(result)


@contextmanager
def one_world(loop: TownLoop, seed: str) -> Iterator[None]:
    """Let time, chance and database drivers of this process be the town's within the block."""
    chance = Random(f"{seed} bytes")
    of_keys = Random(f"{seed} keys")
    asyncio.set_event_loop(loop)
    with ExitStack() as stack:
        for target, name, value in (
            (os, "urandom", chance.randbytes),
            (random, "_urandom", chance.randbytes),
            (time, "monotonic", loop.time),
            (time, "sleep", pause),
            (central_clock, "now", lambda: loop.now),
            (asyncio, "run", wait_for),  # of central's commands: their work is done on the one loop that there is
            (line, "ThreadPoolExecutor", AtOnce),
            (hub_asking, "ThreadPoolExecutor", AtOnce),
            (second_head, "ThreadPoolExecutor", AtOnce),
            (secret_hash, "_hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)),
            (Ed25519PrivateKey, "generate", lambda: Ed25519PrivateKey.from_private_bytes(of_keys.randbytes(32))),
            (X25519PrivateKey, "generate", lambda: X25519PrivateKey.from_private_bytes(of_keys.randbytes(32))),
            (aiosqlite.core, "Thread", _NoThread),
            (aiosqlite.core, "SimpleQueue", _DoneAtOnce),
            # Who waits looks less often than in service, which nobody in a town sees; a beat goes by the town's pace.
            (asking, "STEP_S", 1.0),
            (polls, "LOOK_EVERY_S", 2.0),
            (state, "BEAT_S", state.BEAT_S),
        ):
            stack.enter_context(patch.object(target, name, value))
        stack.enter_context(signed_quickly(lambda: loop.now))
        stack.enter_context(compiled_once())
        try:
            yield
        finally:
            asyncio.set_event_loop(None)
