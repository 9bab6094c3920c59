"""Latest values that go to central beside the chain: health, and a hub's waiting list. Nobody misses an older one."""

from collections.abc import Callable
from typing import Any, Final, Protocol

import structlog

from common.protocol.envelope import Batch, BatchAnswer
from common.protocol.queue.call import WaitingList
from offline_store.delivery.connection.delivery_error import DeliveryRejected
from offline_store.delivery.connection.uplink import Uplink

WAITING_EVERY_S: Final = 10.0

Health = dict[str, Any]
_log = structlog.get_logger(__name__)


class WaitingSource(Protocol):
    """A hub's waiting list as it is now."""

    def read(self) -> WaitingList | None:
        """Return the list; None from a hub that follows, or before any day."""

    def mark(self) -> object:
        """Return what must not wait ten seconds to be heard: where it differs from before, the list goes at once."""


class Latest:
    """Sends what has changed, each in a batch of its own: too large or refused, it must not stop an item.

    Args:
        uplink: returns the kiosk's own.
        boottime: the seconds since boot.
        note_mark: takes what an answer says of the feed.
        health: returns the newest report; sent when it differs from the last one that was sent.
        waiting: a hub's waiting list; None for a kiosk.
    """

    def __init__(
        self,
        uplink: Callable[[], Uplink],
        boottime: Callable[[], float],
        note_mark: Callable[[BatchAnswer], None],
        health: Callable[[], Health | None],
        waiting: WaitingSource | None,
    ) -> None:
        self._uplink = uplink
        self._boottime = boottime
        self._note_mark = note_mark
        self._health = health
        self._waiting = waiting
        self._sent_health: Health | None = None
        self._waiting_sent_at = float("-inf")
        self._sent_mark: object = None

    def send_health(self) -> None:
        """Send a new health report. Raises DeliveryError."""
        report = self._health()
        if report is None or report == self._sent_health:
            return
        try:
            self._note_mark(self._uplink().send(Batch([], health=report)))
        except DeliveryRejected as error:
            _log.warning("health-refused", detail=str(error))
        self._sent_health = report

    def send_waiting(self) -> None:
        """Send a hub's waiting list as it is now, at most each 10 s, or at once by its mark. Raises DeliveryError."""
        if self._waiting is None:
            return
        now, mark = self._boottime(), self._waiting.mark()
        if now - self._waiting_sent_at < WAITING_EVERY_S and mark == self._sent_mark:
            return
        if (waiting := self._waiting.read()) is None:
            return
        try:
            self._note_mark(self._uplink().send(Batch([], waiting=waiting)))
        except DeliveryRejected as error:
            _log.warning("waiting-list-refused", detail=str(error))
        self._waiting_sent_at, self._sent_mark = now, mark
