"""Once a day the screen's process begins again, while nobody is there: what no test has found can't add up for years.

No clock decides, since clocks here are wrong: only how long it has run, and how long nobody has touched it.
"""

import asyncio
import os
import signal
import time
from collections.abc import Awaitable, Callable
from typing import Final

import structlog

RAN_S: Final = 22 * 3600.0
QUIET_S: Final = 3600.0
_LOOK_S: Final = 60.0
_log = structlog.get_logger(__name__)


def end_this_process() -> None:
    """Stop in order, as on SIGTERM; systemd starts the kiosk again (`Restart=always`)."""
    os.kill(os.getpid(), signal.SIGTERM)


async def rest_daily(
    idle_s: Callable[[], float],
    end: Callable[[], None] = end_this_process,
    *,
    now: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
) -> None:
    """Wait until the kiosk has run for 22 hours and nobody has touched it for one, then end it.

    Args:
        idle_s: seconds since anybody touched the panel.
        end: stops the kiosk.
        now: seconds of a clock that nobody sets.
        sleep: waits, in seconds.
    """
    began = now()
    while now() - began < RAN_S or idle_s() < QUIET_S:
        await sleep(_LOOK_S)
    _log.info("rests", ran_s=round(now() - began))
    end()
