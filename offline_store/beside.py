"""What runs beside delivery in a thread that delivery never waits for."""

import contextlib
import threading
from collections.abc import Callable, Iterator
from typing import Final

import structlog

from common.machine.errors import StoreDamaged

AGAIN_S: Final = 5.0
_log = structlog.get_logger(__name__)


@contextlib.contextmanager
def beside(name: str, run: Callable[[threading.Event], None]) -> Iterator[None]:
    """Run `run`, which ends when the event that it is given is set, while the block runs; again after a fault."""
    stop = threading.Event()
    thread = threading.Thread(target=_run, args=(name, run, stop), name=name, daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def _run(name: str, run: Callable[[threading.Event], None], stop: threading.Event) -> None:
    while not stop.is_set():
        try:
            run(stop)
        except StoreDamaged as error:
            # The forwarder meets the same damage and ends the process, which then opens the store again.
            _log.error("beside-delivery-ended", name=name, detail=str(error)[:200])
            return
        except Exception as error:  # noqa: BLE001 - the thread's edge: nobody else would begin it again
            _log.warning("beside-delivery-interrupted", name=name, error=type(error).__name__)
            stop.wait(AGAIN_S)
