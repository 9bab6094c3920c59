"""The line to central: batches under way and their answers, in the order in which they were sent.

Where answers come quickly two are under way at once, so that central works while an answer travels and is written down.
On a slow line each would only make the other one's answer later.
"""

import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Final, Self

from common.protocol.envelope import Batch, BatchAnswer
from offline_store.delivery.connection.delivery_error import DeliveryDeferred, DeliveryRejected
from offline_store.delivery.connection.uplink import Uplink
from offline_store.delivery.dispatch import BatchToSend

AT_ONCE: Final = 2
QUICK_S: Final = 1.0

Answered = BatchAnswer | DeliveryRejected | DeliveryDeferred


class Line:
    """Sends batches in threads of its own; those end with the block."""

    def __init__(
        self, uplink_of: Callable[[str], Uplink | None], monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        """Make a line. `uplink_of` gives the uplink that signs as a kiosk id, None where its key is lost."""
        self._uplink_of = uplink_of
        self._threads = ThreadPoolExecutor(AT_ONCE, "line")
        self._monotonic = monotonic
        self._under_way: deque[tuple[BatchToSend, Future[tuple[Answered, float]]]] = deque()
        self.is_quick = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self._threads.shutdown()

    @property
    def is_empty(self) -> bool:
        """Whether nothing is under way."""
        return not self._under_way

    @property
    def has_room(self) -> bool:
        """Whether another batch may be sent before the next answer."""
        return len(self._under_way) < (AT_ONCE if self.is_quick else 1)

    def send(self, batch: BatchToSend) -> None:
        """Put a batch on its way."""
        call = self._threads.submit(self._send, self._uplink_of(batch.kiosk), batch)
        self._under_way.append((batch, call))

    def next_answer(self) -> tuple[BatchToSend, Answered]:
        """Wait for what becomes of the batch that is longest under way."""
        batch, call = self._under_way.popleft()
        answer, took_s = call.result()
        self.is_quick = isinstance(answer, BatchAnswer) and took_s < QUICK_S
        return batch, answer

    def _send(self, uplink: Uplink | None, batch: BatchToSend) -> tuple[Answered, float]:
        """Return what became of a batch, and after how many seconds."""
        if uplink is None:
            return DeliveryRejected("unauthorised", f"the key of kiosk {batch.kiosk} is not on this disk"), 0.0
        began = self._monotonic()
        try:
            answer: Answered = uplink.send(Batch(batch.items))
        except (DeliveryRejected, DeliveryDeferred) as error:
            answer = error
        return answer, self._monotonic() - began
