"""One transaction of the hub: what stands when it begins, and the events that it records.

Event, projections, and the item that tells central of it are on disk together, or not at all.
"""

import contextlib
import sqlite3
import threading
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from typing import Any, Final

import msgspec
from sqlalchemy import Connection, update
from sqlalchemy.exc import DBAPIError

from common.machine.errors import StoreDamaged, StoreError, StoreUnavailable
from common.machine.stamp import Clock, Stamp
from common.protocol.envelope import QueueBody
from common.protocol.queue.event import CARRIED
from common.protocol.queue.service_now import INTERRUPTED, RESUMED
from hub.engine.centre import Centre, CentreReader
from hub.log import tables
from hub.log.event import Event, EventBody, write_event
from hub.log.mark import LogMark
from hub.log.rows import Counter, Ticket
from hub.place.timeline import Timeline
from hub.place.working_time import WorkingTime, kept_clocks
from offline_store.chain.chain import Head, append
from offline_store.disk.database import Store
from offline_store.disk.sql import run

LEADING: Final = "leading"
FOLLOWING: Final = "following"
MOST_TOGETHER: Final = 32
# What central learns: what became of a ticket, and when counters worked. Arrivals it has from the kiosks themselves.
TOLD_TO_CENTRAL: Final = frozenset(
    {
        "called", "called-again", "came", "done", "done-unconfirmed", "not-here", "missed", "parked", "resumed",
        "transferred", "left", "expired", CARRIED, "voided", "by-hand", "undone", "counter-opened", "counter-paused",
        "counter-closed", INTERRUPTED, RESUMED,
    }
)  # fmt: skip
_BEFORE: Final = (
    "SELECT s.term, s.role, s.store_day, (SELECT coalesce(max(seq), 0) FROM hub_events), "
    "(SELECT coalesce(max(day), 0) FROM hub_days), store.epoch, store.kiosk, store.head_seq, store.head_hash, "
    "store.floor_us, s.recall_due, s.seen_term, s.log_lost FROM hub_state AS s, store"
)


class Following(StoreUnavailable):
    """This hub follows another one, and records nothing of its own."""

    def __init__(self) -> None:
        super().__init__("this hub follows another one: press there, or promote this one")


class Act:
    """A write transaction under way."""

    def __init__(self, hub: "Hub", connection: Connection, stamp: Stamp) -> None:
        """Read what stands; use `Hub.act`."""
        row = run(connection, _BEFORE).fetchone()
        *before, recall_due, self.seen_term, self.log_lost = row
        self.term, self.role, self.store_day, seq, self.day, *chain, self.floor_us = before
        self.is_recall_due = bool(recall_due)
        self.seq = int(seq)
        self._head = Head(*chain)
        self.connection = connection
        self.stamp = stamp
        self.line_us = hub.timeline.at(stamp)
        self.work = hub.work
        self.work_us = hub.work.at(self.line_us)
        self.centre: Centre = hub.centre_reader.read(connection)
        self.learned = hub.learned
        self.centre_code = hub.store.identity.centre
        self.hub_id = hub.store.identity.kiosk
        self.mark = hub.mark.under(self.term)
        self.clerk: str | None = None
        self.press: str | None = None
        self.recorded: list[Event] = []
        if self._head.epoch != hub.store.epoch:
            raise StoreUnavailable("the store was replaced meanwhile: open it again")

    @property
    def head(self) -> Head:
        """The end of this hub's chain of items."""
        return self._head

    @head.setter
    def head(self, head: Head) -> None:
        self._head = head

    @property
    def next_seq(self) -> int:
        """The seq that the next event gets."""
        return self.seq + 1

    def recalled(self) -> None:
        """Note that central has said who was called before this hub began without a log."""
        self.connection.execute(update(tables.state).values(recall_due=0))
        self.is_recall_due = False

    def gifts_are_lost_since(self, line_us: int) -> None:
        """Note since when numbers may have been given by hand today that this log never hears of; 0: there are none."""
        self.log_lost = line_us
        self.connection.execute(update(tables.state).values(log_lost=line_us))

    def record(
        self,
        kind: str,
        *,
        ticket: Ticket | None = None,
        counter: Counter | None = None,
        documents: dict[str, int] | None = None,
        reason: str | None = None,
        detail: dict[str, Any] | None = None,
        told_as: str | None = None,
    ) -> int:
        """Append an event that leaves ticket and counter as given; return its seq.

        `told_as`: what central is told of it, where that is not its kind.
        """
        at_counter = counter.number if counter is not None else None
        body = EventBody(ticket=ticket, counter=counter, documents=documents, reason=reason, detail=detail)
        event = Event(
            seq=self.next_seq,
            term=self.term,
            kind=kind,
            day=ticket.day if ticket is not None else self.day,
            line_us=self.line_us,
            work_us=self.work_us,
            wall_time=self.stamp.text,
            boot_time_ns=self.stamp.boot_time_ns,
            boot_id=self.stamp.boot_id,
            clock=self.stamp.trust,
            kiosk=ticket.kiosk if ticket is not None else None,
            ticket=ticket.id if ticket is not None else None,
            number=ticket.number if ticket is not None else None,
            counter=at_counter,
            clerk=self.clerk,
            press=self.press,
            body=msgspec.json.encode(body).decode(),
        )
        write_event(self.connection, event, body)
        self.seq = event.seq
        self.recorded.append(event)
        if told_as is not None or kind in TOLD_TO_CENTRAL:
            self._tell_central(told_as or kind, event, body)
        return event.seq

    def _tell_central(self, what: str, event: Event, body: EventBody) -> None:
        ticket = body.ticket
        is_told = ticket is not None and ticket.low_s is not None and ticket.high_s is not None
        item = QueueBody(
            event=what,
            kiosk=event.kiosk,
            ticket=event.ticket,
            number=event.number,
            counter=event.counter,
            clerk=event.clerk,
            documents=body.documents,
            reason=body.reason,
            expected_s=(ticket.low_s or 0, ticket.high_s or 0) if ticket is not None and is_told else None,
            today=ticket.told_today if ticket is not None else None,
            service=(body.detail or {}).get("service"),
            first_day=ticket.first_day if ticket is not None else None,
            last_day=ticket.last_day if ticket is not None else None,
        )
        self._head = append(self.connection, self._head, "queue", item, self.stamp)[2]


class Hub:
    """The open hub: its store, its clocks, and transactions one after the other in this process."""

    def __init__(self, store: Store, clock: Clock, timeline: Timeline, work: WorkingTime) -> None:
        """Wrap what `opening.open_hub` opened."""
        self.store = store
        self.clock = clock
        self.timeline = timeline
        self.work = work
        self.centre_reader = CentreReader()
        self.mark = LogMark()
        #: What was learned of the past and is read again only now and then, by name.
        self.learned: dict[str, Any] = {}
        #: Whether this process serves: else another one keeps time line and working time, and may move them.
        self.serves = False
        #: Set while this hub has just begun and does not know yet whether another one leads, or who was called.
        self.asks_first = False
        #: Set once this process, which serves, could write down where the hub's clocks are.
        self.has_begun = False
        #: Set while this hub leads on because it led last, and has heard neither every other hub nor central.
        self.is_unconfirmed = False
        # SQLite lets writers wait by sleeping, in no order: eight presses at once are quicker, and fair, behind a lock.
        self._turn = threading.Lock()
        self._asked: deque[tuple[Callable[[Act], Any], Future[Any]]] = deque()

    @contextlib.contextmanager
    def act(self) -> Iterator[Act]:
        """Begin a transaction that only a hub that leads may make; on disk when the block has ended.

        Raises:
            Following: another hub leads.
            StoreUnavailable: the disk refuses.
        """
        with self._turn, self.store.write() as connection:
            yield self._leading(connection)

    def together[T](self, work: Callable[[Act], T]) -> T:
        """Do a piece of work of a hub that leads, on disk when this returns; what comes at once shares one sync.

        Each piece is undone alone where it raises. Raises what `work` raises, and as `act`.
        """
        result: Future[T] = Future()
        self._asked.append((work, result))
        with self._turn:
            while not result.done():  # of a crowd, the first take their turn first
                self._do_what_was_asked()
        return result.result()

    def _do_what_was_asked(self) -> None:
        asked = [self._asked.popleft() for _ in range(min(len(self._asked), MOST_TOGETHER))]
        ended: list[tuple[Future[Any], Any, BaseException | None]] = []
        try:
            with self.store.write() as connection:
                for work, result in asked:
                    ended.append((result, *self._in_savepoint(connection, work)))
        except BaseException as error:
            for _, result in asked:
                result.set_exception(error)
            if not isinstance(error, StoreError):
                raise
            return
        for result, value, failure in ended:
            if failure is None:
                result.set_result(value)
            else:
                result.set_exception(failure)

    def _leading(self, connection: Connection) -> Act:
        act = Act(self, connection, self.clock.now())
        if act.role != LEADING:
            raise Following
        return act

    def _in_savepoint(self, connection: Connection, work: Callable[[Act], Any]) -> tuple[Any, Exception | None]:
        run(connection, "SAVEPOINT piece")
        try:
            value = work(self._leading(connection))
        except (sqlite3.Error, DBAPIError, StoreDamaged):
            raise  # the transaction as a whole is lost
        except Exception as error:  # noqa: BLE001 - it is the asker's, who gets it
            run(connection, "ROLLBACK TO piece")
            run(connection, "RELEASE piece")
            return None, error
        run(connection, "RELEASE piece")
        return value, None

    @contextlib.contextmanager
    def any_act(self) -> Iterator[Act]:
        """Begin a transaction whichever hub leads. It alone may let working time run or stand."""
        with self._turn:
            before = self.work
            with self.store.write() as connection:
                act = Act(self, connection, self.clock.now())
                yield act
            if act.work is not before:
                self.work = act.work  # not before it is on the disk, which may refuse

    @contextlib.contextmanager
    def read(self) -> Iterator["Look"]:
        """Read a consistent state."""
        with self.store.read() as connection:
            if not self.serves:
                self.timeline, self.work = kept_clocks(connection, self.clock.now())
            yield Look(self, connection)


class Look:
    """A read transaction: what stands now."""

    def __init__(self, hub: Hub, connection: Connection) -> None:
        """Read what stands; use `Hub.read`."""
        row = run(connection, _BEFORE).fetchone()
        self.term, self.role, _, self.seq, self.day = row[:5]
        recall_due, self.seen_term, self.log_lost = row[-3:]
        self.is_recall_due = bool(recall_due)
        self.is_unconfirmed = hub.is_unconfirmed and self.role == LEADING
        self.connection = connection
        self.stamp = hub.clock.now()
        self.line_us = hub.timeline.at(self.stamp)
        self.work = hub.work
        self.work_us = hub.work.at(self.line_us)
        self.centre: Centre = hub.centre_reader.read(connection)
        self.learned = hub.learned
        self.centre_code = hub.store.identity.centre
        self.hub_id = hub.store.identity.kiosk
        self.mark = hub.mark.under(self.term)
