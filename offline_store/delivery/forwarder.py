"""The forwarder: outbox out, feed in, by itself, for days without a network and at once when it is back.

An item leaves the outbox only on an answer that central signed and that names the item; see dispatch. Everything else
(no network, a portal's page, a refusal) costs time, never an item. Conditions that people have to see become alarms.
"""

import threading
from collections.abc import Callable
from typing import Final

import structlog

from common.machine.errors import StoreDamaged, StoreError
from common.machine.stamp import Clock
from common.protocol.envelope import BatchAnswer
from common.protocol.feed_page import Gap
from offline_store.alarms import clear_alarm, raise_alarm
from offline_store.chain.epoch import close_revoked
from offline_store.delivery.connection.delivery_error import REVOKED, DeliveryDeferred, DeliveryError, DeliveryRejected
from offline_store.delivery.connection.retry import Backoff
from offline_store.delivery.connection.uplink import Uplink
from offline_store.delivery.delivery_status import record_failure, record_success
from offline_store.delivery.delivery_watch import STEP_S, DeliveryWatch
from offline_store.delivery.dispatch import DEAD_LETTERS, has_waiting
from offline_store.delivery.drain import HELD_BACK, TOO_SLOW, Drain
from offline_store.delivery.feed_pace import FeedPace
from offline_store.delivery.latest import WAITING_EVERY_S, Health, Latest, WaitingSource
from offline_store.delivery.order_questions import OrderQuestions, has_new_question
from offline_store.delivery.outbox import count_dead
from offline_store.delivery.resend import acknowledged_places, resend_former, resend_gaps
from offline_store.disk.database import Store
from offline_store.feed import feed
from offline_store.issuing.far_day import set_right

TIME_EVERY_S: Final = 3600.0
TIME_REFUSED: Final = "central-time-refused"
# A call that fails so says of every other that it would.
NOTHING_GETS_THROUGH: Final = frozenset(
    {"dns", "connection-refused", "no-route", "timeout", "tls", "certificate-dates"}
)

_log = structlog.get_logger(__name__)


class Forwarder:
    """Delivers one store to central. One forwarder a store; its methods are called from one thread."""

    def __init__(
        self,
        store: Store,
        uplink_of: Callable[[str], Uplink | None],
        clock: Clock,
        *,
        health: Callable[[], Health | None] = lambda: None,
        waiting: WaitingSource | None = None,
        watch: DeliveryWatch | None = None,
        backoff: Backoff | None = None,
    ) -> None:
        """Make a forwarder.

        Args:
            store: the open store.
            uplink_of: gives the uplink that signs as a kiosk id. The store of a kiosk that was enrolled again may hold
                items of its former id; None where that key is lost.
            clock: time and waiting.
            health: gives the newest health report; sent when it differs from the last one that was sent.
            waiting: a hub's waiting list; sent beside the chain at most each 10 s. None for a kiosk.
            watch: tells what should end a wait early.
            backoff: the delays.
        """
        self._store = store
        self._uplink_of = uplink_of
        self._clock = clock
        self._watch = watch or DeliveryWatch(store)
        self._backoff = backoff or Backoff()
        self._is_hub = waiting is not None
        self._latest = Latest(self._own_uplink, clock.boottime, self._note_mark, health, waiting)
        self._pace = FeedPace()
        self._drain = Drain(store, uplink_of, clock.now, self._note_mark)
        self._questions = OrderQuestions(store)
        self._stop = threading.Event()
        self._time_taken_at: float | None = None
        self._failing: str | None = None
        self._late: DeliveryError | None = None
        self._filled_until: dict[Gap, float] = {}

    def run_once(self) -> int:
        """Deliver until outbox and feed are empty. Return how many items central has settled.

        Raises:
            DeliveryError: something waits still, and why.
            StoreError: the store does not work.
        """
        before = self._drain.settled
        while True:
            progress = self._drain.settled
            try:
                self._round(hears=True)
            except DeliveryError as error:
                if self._drain.settled > progress and isinstance(error, DeliveryDeferred) and error.code == "partial":
                    continue
                self._failed(error, 0.0)
                raise
            self._succeeded()
            if not has_waiting(self._store):
                return self._drain.settled - before

    def run(self, stop: threading.Event) -> None:
        """Deliver until `stop` is set. Raises StoreDamaged: the store has to be reopened."""
        self._stop = stop
        # In the wait after a boot no link counts, for a whole district's links come up in the same second.
        self._watch.start(for_links=False, for_work=False)
        first_attempt_s = self._backoff.at_boot(self._clock.boottime())
        _log.info("delivery-began", first_attempt_in_s=round(first_attempt_s, 1))
        self._wait(first_attempt_s, stop)
        while not stop.is_set():
            delay = self._attempt()
            self._watch.start(for_links=True, for_work=self._failing is None)
            if self._wait(delay, stop):
                self._backoff.reset()

    def _attempt(self) -> float:
        """Make one round; return how many seconds to wait for the next."""
        before = self._drain.settled
        try:
            try:
                self._round()
            except DeliveryError as error:
                if self._drain.settled > before:
                    self._backoff.reset()
                delay = self._delay_after(error)
                self._failed(error, delay)
                return delay
            self._succeeded()
        except StoreDamaged:
            raise
        except StoreError as error:
            # The disk's trouble, not central's. What central has taken meanwhile it will call a duplicate.
            if self._failing != "store":
                _log.warning("delivery-store-unavailable", detail=str(error))
            self._failing = "store"
            return self._backoff.after_failure()
        self._backoff.reset()
        return self._pace.wait_s(self._clock.boottime()) if not self._is_hub else WAITING_EVERY_S

    def _delay_after(self, error: DeliveryError) -> float:
        if isinstance(error, DeliveryDeferred):
            return self._backoff.after_failure(error.retry_after_s)
        return (
            self._backoff.after_refusal() if error.code in ("unauthorised", REVOKED) else self._backoff.after_failure()
        )

    def _wait(self, delay_s: float, stop: threading.Event) -> bool:
        """Wait, in small steps. Return True when something made it worth to try at once."""
        until = self._clock.boottime() + delay_s
        while not stop.is_set() and (left := until - self._clock.boottime()) > 0:
            if self._watch.should_try():
                return True
            self._clock.sleep(min(left, STEP_S))
        return False

    def _round(self, *, hears: bool = False) -> None:
        """Take the time; then hear the feed a page at a time and deliver in between: neither waits for the other.

        Where the feed is not due and something waits, deliver only: the answers say whether there is news.

        Raises the first error of delivery, else of the rest; at once where nothing at all gets through.
        """
        self._late = None
        self._bear(self._take_time, only=("unverified", TOO_SLOW))
        of_time = self._late
        can_deliver, is_first, more = True, True, True
        hears = hears or self._pace.is_due(self._clock.boottime()) or self._is_hub
        hears = hears or not (has_waiting(self._store) or has_new_question(self._store))
        while more and not (self._stop.is_set() and not is_first):
            heard, before = (self._bear(self._hear_page) if hears else None), self._settled()
            if can_deliver and (is_first or self._drain.has_fresh()):
                can_deliver = self._bear(self._deliver) is not None
            is_first, more = False, heard is True or (heard is False and self._settled() > before)
            if not hears and self._pace.is_due(self._clock.boottime()):
                hears = more = True  # an answer has said so
        if self._late is of_time:
            # Where it failed it may have been signed by a key that the feed has brought only now.
            self._late = None
            self._bear(self._take_time, only=("unverified", TOO_SLOW))
        self._raise_late()

    def _raise_late(self) -> None:
        if self._late is not None:
            raise self._late

    def _bear[T](self, step: Callable[[], T], only: tuple[str, ...] | None = None) -> T | None:
        """Take a step; where it fails keep the error for later and return None, for the others may go through.

        `only` those deferrals are borne that have such a code; without it all, but of those that let nothing through.
        """
        try:
            return step()
        except DeliveryError as error:
            is_borne = error.code in only if only is not None else error.code not in NOTHING_GETS_THROUGH
            if isinstance(error, DeliveryDeferred) and not is_borne:
                raise
            self._late = error if self._late is None or step == self._deliver else self._late
            return None

    def _settled(self) -> int:
        """What central has taken or was asked for so far: after each the feed may have news."""
        return self._drain.settled + self._questions.settled

    def _deliver(self) -> bool:
        self._bear(self._ask_for_orders)  # somebody may stand there and wait
        self._bear(self._latest.send_health)
        self._bear(self._latest.send_waiting)
        self._drain.run(self._stop)
        return True

    def _own_uplink(self) -> Uplink:
        uplink = self._uplink_of(self._store.identity.kiosk)
        if uplink is None:
            raise DeliveryRejected("unauthorised", "this kiosk's own key is not on this disk: enrol it again")
        return uplink

    def _take_time(self) -> None:
        """Ask central for the time once an hour: it is what a clock without a network of its own is measured by."""
        began = self._clock.boottime()
        if self._time_taken_at is not None and began - self._time_taken_at < TIME_EVERY_S:
            return
        moment = self._own_uplink().time()
        half_way_ns = int((began + self._clock.boottime()) / 2 * 1e9)
        stamp = self._clock.now()
        is_taken = self._store.note_trusted_time(moment, boot_time_ns=half_way_ns, boot_id=stamp.boot_id)
        with self._store.write() as connection:
            if is_taken:
                clear_alarm(connection, TIME_REFUSED)
                set_right(connection, moment, stamp)
            else:
                raise_alarm(connection, TIME_REFUSED, f"central says that it is {moment:%Y-%m-%d %H:%M} UTC", stamp)
        self._time_taken_at = began

    def _hear_page(self) -> bool:
        """Hear one page of the feed. Return whether another waits."""
        before = feed.place(self._store)
        try:
            page = self._own_uplink().feed(before.cursor, acknowledged_places(self._store))
        except DeliveryRejected as error:
            if error.code == REVOKED:
                close_revoked(self._store, self._clock.now())
            raise
        is_news = feed.apply_page(self._store, page, self._clock.now())
        if is_news and before.epoch not in (None, page.epoch):
            self._filled_until.clear()  # what was filled before is lacked again: central was set back once more
            self._send_again(resend_former(self._store))
        self._fill(page.missing)
        if not page.more:
            self._pace.heard(self._clock.boottime(), page.through, is_news=bool(page.messages))
        if is_news and not page.more and any(message.kind == "central-keys" for message in page.messages):
            return self._hear_page()  # central then knows which of its keys to sign with from here on
        return is_news and page.more

    def _fill(self, gaps: list[Gap]) -> None:
        """Send again what central says that it lacks; the same gap once an hour, whatever becomes of it."""
        now = self._clock.boottime()
        due = [gap for gap in gaps if now >= self._filled_until.get(gap, 0.0)]
        if due:
            self._filled_until |= dict.fromkeys(due, now + TIME_EVERY_S)
            self._send_again(resend_gaps(self._store, due))

    @staticmethod
    def _send_again(count: int) -> None:
        if count:
            _log.warning("sending-again", items=count)

    def _ask_for_orders(self) -> None:
        self._questions.ask(self._own_uplink, self._clock.boottime(), self._note_mark)

    def _note_mark(self, answer: BatchAnswer) -> None:
        self._pace.told(answer.feed_through)

    def _succeeded(self) -> None:
        if self._failing is not None:
            _log.info("delivery-resumed", after=self._failing)
        self._failing = None
        with self._store.read() as connection:
            all_accepted = count_dead(connection) == 0
        record_success(
            self._store, self._clock.now(), ended=(HELD_BACK, DEAD_LETTERS) if all_accepted else (HELD_BACK,)
        )

    def _failed(self, error: DeliveryError, delay_s: float) -> None:
        if self._failing != error.code:
            _log.warning("delivery-failing", code=error.code, detail=str(error))
        self._failing = error.code
        record_failure(self._store, self._clock.now(), error.code, str(error), delay_s)
