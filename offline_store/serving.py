"""Whether what serves people runs, as the forwarder beside it sees it: a machine whose forwarder is heard looks well.

A kiosk's process holds a lock while it serves, which the kernel lets go however it ends; a hub is asked at its address.
"""

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import structlog

from common.machine.errors import StoreUnavailable
from common.machine.locks import FileLock

STOPPED: Final = "stopped"
"""What stands as `out_of_service` in the report of a machine that serves nobody and can't say so itself."""
LOCK: Final = "serving.lock"
LOOK_EVERY_S: Final = 30.0
STOPPED_AFTER_S: Final = 120.0
"""A restart, also one for an update, is no stop."""
_HOLD_WITHIN_S: Final = 1.0

_log = structlog.get_logger(__name__)


@contextlib.contextmanager
def serving(data_dir: Path) -> Iterator[None]:
    """Hold the sign that people are served while the block runs; where the disk refuses, they are all the same."""
    with contextlib.ExitStack() as held:
        try:
            lock = FileLock(data_dir / LOCK)
            held.callback(lock.close)
            lock.acquire(exclusive=True, timeout_s=_HOLD_WITHIN_S)
        except StoreUnavailable as error:
            _log.warning("serving-sign-not-held", detail=str(error)[:200])
        yield


def is_served(data_dir: Path) -> bool | None:
    """Return whether a process holds the sign; None where the disk does not tell."""
    try:
        lock = FileLock(data_dir / LOCK)
    except StoreUnavailable:
        return None
    try:
        lock.acquire(exclusive=False, timeout_s=0)
    except StoreUnavailable:
        return True
    finally:
        lock.close()
    return False


class ServingWatch:
    """Looks twice a minute at most, as it is asked.

    Args:
        answers: returns whether people are served; None where that can't be told.
        boottime: the seconds since boot.
    """

    def __init__(self, answers: Callable[[], bool | None], boottime: Callable[[], float]) -> None:
        self._answers = answers
        self._boottime = boottime
        self._looked_at = float("-inf")
        self._silent_since: float | None = None

    def told(self, report: dict[str, Any] | None) -> dict[str, Any] | None:
        """Return a report that says so, where nobody has been served for two minutes."""
        return (report or {}) | {"out_of_service": STOPPED} if self._is_stopped() else report

    def _is_stopped(self) -> bool:
        now = self._boottime()
        if now - self._looked_at >= LOOK_EVERY_S:
            self._looked_at = now
            if self._answers() is not False:
                self._silent_since = None
            elif self._silent_since is None:
                self._silent_since = now
        return self._silent_since is not None and now - self._silent_since >= STOPPED_AFTER_S
