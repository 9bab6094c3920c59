"""One pass over the outbox: every waiting item is sent once, a batch at a time, in order.

While central works on a batch, the answer to the one before is written down and the next is read. A failure stops all
that follows, but for what is under way already. Items that central would not look at go last in later passes, so that
however many they are, none stands before another.
"""

import threading
from collections.abc import Callable
from typing import Final

from common.machine.stamp import Stamp
from common.protocol.envelope import MAX_BATCH_ITEMS, Asked, Batch, BatchAnswer
from offline_store.alarms import raise_alarm
from offline_store.delivery.connection.delivery_error import DeliveryDeferred, DeliveryError, DeliveryRejected
from offline_store.delivery.connection.uplink import Uplink
from offline_store.delivery.dispatch import BatchToSend, next_batch, settle
from offline_store.delivery.line import Line
from offline_store.disk.database import Store

# So many items refused one by one, none taken in between: it is not the items. (A portal may answer 400 to everything.)
MAX_REFUSALS: Final = 5
HELD_BACK: Final = "items-held-back"
TOO_SLOW: Final = "too-slow"
DARE_AFTER: Final = 10
# So many answers of a quick line are written down at once: each write waits for the disk.
TOGETHER: Final = 4


class Drain:
    """Empties the outbox of one store; keeps between passes how large a batch may be."""

    def __init__(
        self,
        store: Store,
        uplink_of: Callable[[str], Uplink | None],
        now: Callable[[], Stamp],
        told: Callable[[BatchAnswer], None] = lambda _: None,
    ) -> None:
        """Make a drain.

        `uplink_of` gives the uplink that signs as a kiosk id, None where its key is lost; `told` hears each answer.
        """
        self._store = store
        self._told = told
        self._uplink_of = uplink_of
        self._now = now
        self._batch_items = self._ceiling = MAX_BATCH_ITEMS
        self._brought_over = 0
        self._silent: set[str] = set()
        self._held_back: set[int] = set()
        self._in_doubt: list[BatchToSend] = []
        self._answered: list[tuple[BatchToSend, BatchAnswer]] = []
        self._retry_after = 0
        self._refusals = 0
        self._trouble: DeliveryError | None = None
        self.settled = 0

    def has_fresh(self) -> bool:
        """Return whether anything waits that central has not refused to look at. Raises StoreUnavailable."""
        return self._next(0, frozenset(self._held_back)) is not None

    def run(self, stop: threading.Event) -> None:
        """Send all that waits, once, or until `stop` is set.

        Raises:
            DeliveryDeferred: central could not be reached, or left items unsettled.
            DeliveryRejected: some items, or all of a kiosk's, were not looked at; the others went on.
            StoreError: an answer could not be written down; the same items go out again.
        """
        self._silent, self._refusals, self._trouble = set(), 0, None
        held_back = frozenset(self._held_back)
        self._settle_doubt()
        with Line(self._uplink_of) as line:
            self._send_all(line, stop, without=held_back)
            if held_back and self._refusals < MAX_REFUSALS and not stop.is_set():
                after_row, self._retry_after = self._retry_after, 0
                self._send_all(line, stop, after_row, without=frozenset(self._held_back - held_back))
                if after_row == 0 and self._trouble is None:
                    self._held_back.clear()
        if self._trouble is not None:
            raise self._trouble

    def _send_all(
        self, line: Line, stop: threading.Event, after_row: int = 0, without: frozenset[int] = frozenset()
    ) -> None:
        """Go through what waits after a row, but for those rows."""
        ahead = self._next(after_row, without)
        while ahead is not None or not line.is_empty:
            if ahead is not None and line.has_room:
                line.send(ahead)
                ahead = self._after(ahead, stop, without)
                continue
            batch, answer = line.next_answer()
            if not isinstance(answer, BatchAnswer):
                self._let_end(line)
                ahead = self._instead_of(batch, answer, without)
                continue
            self._grow()
            self._heard(batch, answer)
            sent = ahead
            if sent is not None:
                line.send(sent)  # before anything is written down: two disks and a network wait for each other less
            if sent is None or not line.is_quick or len(self._answered) >= TOGETHER:
                self._write_down()
            ahead = None if sent is None else self._after(sent, stop, without)

    def _after(self, batch: BatchToSend, stop: threading.Event, without: frozenset[int]) -> BatchToSend | None:
        """Read what follows a batch, as if that will arrive."""
        grown = min(self._ceiling, 2 * self._batch_items)
        return None if stop.is_set() else self._next(batch.last_row, without, grown)

    def _next(self, after_row: int, without: frozenset[int], max_items: int | None = None) -> BatchToSend | None:
        return next_batch(
            self._store,
            after_row=after_row,
            max_items=max_items or self._batch_items,
            without=self._silent,
            without_rows=without,
        )

    def _let_end(self, line: Line) -> None:
        """Hear what is under way behind a batch that failed: it may have arrived all the same."""
        while not line.is_empty:
            batch, answer = line.next_answer()
            if isinstance(answer, BatchAnswer):
                self._heard(batch, answer)
            elif answer.code == TOO_SLOW:
                self._in_doubt.append(batch)
        self._write_down()

    def _instead_of(
        self, batch: BatchToSend, error: DeliveryRejected | DeliveryDeferred, without: frozenset[int]
    ) -> BatchToSend | None:
        """Decide what to send in the place of a batch that got no answer. Raises what nothing smaller would mend."""
        if isinstance(error, DeliveryRejected):
            return self._past_refusal(batch, error, without)
        if error.code != TOO_SLOW:
            raise error
        return self._smaller(batch, error, without)

    def _smaller(self, batch: BatchToSend, error: DeliveryDeferred, without: frozenset[int]) -> BatchToSend | None:
        """Decide what to send in the place of a batch that brought no answer: half of it, unless it has arrived.

        Raises the error where nothing smaller is left, or the line does not even bring a short question over.
        """
        self._in_doubt.insert(0, batch)
        if len(batch.items) == 1:
            raise error
        asked, before = sum(len(one.items) for one in self._in_doubt), self.settled
        self._settle_doubt()
        if self.settled - before < asked:  # else answers alone were lost, and a smaller batch brings no other
            self._batch_items = self._ceiling = len(batch.items) // 2
            self._brought_over = 0
        return self._next(batch.first_row - 1, without)

    def _grow(self) -> None:
        """Dare more again where the line has brought enough batches over; each attempt that fails costs a minute."""
        self._batch_items = min(self._ceiling, 2 * self._batch_items)
        self._brought_over += 1
        if self._brought_over >= DARE_AFTER:
            self._ceiling, self._brought_over = min(MAX_BATCH_ITEMS, 2 * self._ceiling), 0

    def _settle_doubt(self) -> None:
        """Ask of batches whose answer did not come whether central has them: far shorter than to send them again."""
        while self._in_doubt:
            batch = self._in_doubt[0]
            uplink = self._uplink_of(batch.kiosk)
            if uplink is None:
                return
            answer = uplink.send(Batch([], asked=[Asked(item.id, item.hash) for item in batch.items]))
            self._in_doubt.pop(0)
            self.settled += settle(self._store, [(batch, answer)], self._now()).acknowledged

    def _heard(self, batch: BatchToSend, answer: BatchAnswer) -> None:
        self._told(answer)
        self._answered.append((batch, answer))
        self._refusals = 0

    def _write_down(self) -> None:
        """Take the answers since the last time into the outbox; what is lost before that goes out again."""
        if not self._answered:
            return
        answered, self._answered = self._answered, []
        found = settle(self._store, answered, self._now())
        self.settled += found.acknowledged + found.dead
        if found.unsettled:
            sent = sum(len(batch.items) for batch, _ in answered)
            text = f"central's answer did not settle {found.unsettled} of {sent} items"
            self._trouble = DeliveryDeferred("partial", text)

    def _past_refusal(self, batch: BatchToSend, error: DeliveryRejected, without: frozenset[int]) -> BatchToSend | None:
        """Decide what to send in the place of a batch that was not looked at: less of it, or what comes after it."""
        before = batch.first_row - 1
        if error.code == "unauthorised":
            self._silent.add(batch.kiosk)
            self._trouble = error
            return self._next(before, without)
        if len(batch.items) > 1:
            self._batch_items = len(batch.items) // 2
            return self._next(before, without)
        self._refusals += 1
        self._held_back.add(batch.first_row)
        self._trouble = error
        with self._store.write() as connection:
            raise_alarm(connection, HELD_BACK, f"item {batch.items[0].id} waits still: {error}", self._now())
        if self._refusals < MAX_REFUSALS:
            return self._next(batch.last_row, without)
        self._retry_after = batch.last_row
        return None
