"""One transaction of the hub: what stands when it begins, and the facts that it records.

Event, projections, and the item that tells central of it are on disk together, or not at all.
"""

import contextlib
import secrets
import threading
from collections.abc import Callable, Iterator
from typing import Any, Final

from sqlalchemy import Connection, update

from common.machine.errors import StoreUnavailable
from common.machine.stamp import Clock, Stamp
from hub.engine.centre import Centre, CentreReader
from hub.log import tables
from hub.log.crowd import Crowd
from hub.log.event import LIFE_BEGAN, WORK_SWITCHED
from hub.log.recording import Recording
from hub.place.timeline import Timeline
from hub.place.working_time import WorkingTime, kept_clocks, kept_work
from offline_store.chain.chain import Head
from offline_store.disk.database import Store
from offline_store.disk.sql import run

LEADING: Final = "leading"
FOLLOWING: Final = "following"
_BEFORE: Final = (
    "SELECT s.term, s.role, s.store_day, (SELECT coalesce(max(seq), 0) FROM hub_events), "
    "(SELECT coalesce(max(day), 0) FROM hub_days), store.epoch, store.kiosk, store.head_seq, store.head_hash, "
    "store.floor_us, (SELECT life FROM hub_lives ORDER BY seq DESC LIMIT 1), "
    "s.recall_due, s.seen_term, s.log_lost, s.alone_since FROM hub_state AS s, store"
)


class Following(StoreUnavailable):
    """This hub follows another one, and records nothing of its own."""

    def __init__(self) -> None:
        super().__init__("this hub follows another one: press there, or promote this one")


class Act(Recording):
    """A write transaction under way."""

    def __init__(self, hub: "Hub", connection: Connection, stamp: Stamp) -> None:
        """Read what stands; use `Hub.act`."""
        row = run(connection, _BEFORE).fetchone()
        *before, recall_due, self.seen_term, self.log_lost, self.alone_since = row
        self.term, self.role, self.store_day, seq, self.day, *chain, self.floor_us, life = before
        self.is_recall_due = bool(recall_due)
        super().__init__(int(seq), Head(*chain))
        self.connection = connection
        self.stamp = stamp
        self.line_us = hub.timeline.at(stamp)
        self.is_line_guessed = hub.timeline.is_guessed
        self.work = hub.work_under(self.term, connection)
        hub.work_is(self.work, self.term)
        self.work_us = self.work.at(self.line_us)
        self.centre: Centre = hub.centre_reader.read(connection)
        self.learned = hub.learned
        self.centre_code = hub.store.identity.centre
        self.hub_id = hub.store.identity.kiosk
        # Another process of this hub may have begun it; a console's facts are of the life that serves.
        self.life = life if life is not None and self.role == LEADING else hub.life
        if self.head.epoch != hub.store.epoch:
            raise StoreUnavailable("the store was replaced meanwhile: open it again")

    def recalled(self) -> None:
        """Note that central has said who was called before this hub began without a log."""
        self.connection.execute(update(tables.state).values(recall_due=0))
        self.is_recall_due = False

    def gifts_are_lost_since(self, line_us: int) -> None:
        """Note since when numbers may have been given by hand today that this log never hears of; 0: there are none."""
        self.log_lost = line_us
        self.connection.execute(update(tables.state).values(log_lost=line_us))

    def leads_alone(self, *, alone: bool) -> None:
        """Note whether this hub leads without having heard that no other one does, and since when."""
        is_so = alone and self.role == LEADING
        if is_so is (self.alone_since is None):
            self.alone_since = self.stamp.text if is_so else None
            self.connection.execute(update(tables.state).values(alone_since=self.alone_since))

    def begin_life(self, why: str, *, asks: bool, above: int = 0) -> None:
        """Begin a life of this hub: what it held may have been another log, and from here on it is the author.

        `asks`: it lacks something, and asks for it; `above`: up to which seq the log is known to have gone.
        """
        stood_on, self.seq = self.seq, max(self.seq, above)
        self.life = secrets.token_hex(8)
        detail = {"life": self.life, "hub": self.hub_id, "why": why, "stood_on": stood_on, "asks": asks}
        if self.is_line_guessed:
            detail["guessed"] = True
        self.record(LIFE_BEGAN, detail=detail)

    def switch_work(self, *, running: bool, since_us: int | None = None) -> None:
        """Let working time run or stand from now on, or since a moment of the line; nothing is said where it does.

        Only the process that serves keeps it, by `Hub.any_act`.
        """
        span = self.work.switch(self.line_us if since_us is None else since_us, running=running)
        if span is not None:
            self.record(WORK_SWITCHED, detail=span._asdict())
            self.work = self.work.switched(span)
            self.work_us = self.work.at(self.line_us)


class Hub:
    """The open hub: its store, its clocks, and transactions one after the other in this process."""

    def __init__(self, store: Store, clock: Clock, timeline: Timeline, work: WorkingTime) -> None:
        """Wrap what `opening.open_hub` opened."""
        self.store = store
        self.clock = clock
        self.timeline = timeline
        self.work = work
        self._work_term = 0
        self.centre_reader = CentreReader()
        #: The life in which this process serves. Who keeps something that the log said (a kiosk how far it was heard, a
        #: board a call's sound) sees by it that what this hub holds may be another log than before.
        self.life = secrets.token_hex(8)
        #: What was learned of the past and is read again only now and then, by name.
        self.learned: dict[str, Any] = {}
        #: Whether this process serves: else another one keeps time line and working time, and may move them.
        self.serves = False
        #: Set while this hub has just begun and does not know yet whether another one leads, or who was called.
        self.asks_first = False
        #: Set once this process, which serves, could write down where the hub's clocks are.
        self.has_begun = False
        # SQLite lets writers wait by sleeping, in no order: eight presses at once are quicker, and fair, behind a lock.
        self._turn = threading.Lock()
        self._crowd = Crowd(self._turn, store, self._leading)

    def work_under(self, term: int, connection: Connection) -> WorkingTime:
        """Return the working time of the log under a term, which another process of this hub may have begun."""
        return self.work if term == self._work_term else kept_work(connection)

    def work_is(self, work: WorkingTime, term: int) -> None:
        """Go on with the working time of the log under a term."""
        self.work, self._work_term = work, term

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
        return self._crowd.do(work)

    def _leading(self, connection: Connection) -> Act:
        act = Act(self, connection, self.clock.now())
        if act.role != LEADING:
            raise Following
        return act

    @contextlib.contextmanager
    def any_act(self) -> Iterator[Act]:
        """Begin a transaction whichever hub leads. It alone may let working time run or stand."""
        with self._turn:
            before = self.work
            with self.store.write() as connection:
                act = Act(self, connection, self.clock.now())
                yield act
            self.life = act.life
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
        recall_due, self.seen_term, self.log_lost, alone_since = row[-4:]
        self.is_recall_due = bool(recall_due)
        #: Since when it leads without having heard that no other hub does; null where that is known.
        self.alone_since: str | None = alone_since if self.role == LEADING else None
        self.connection = connection
        self.stamp = hub.clock.now()
        self.line_us = hub.timeline.at(self.stamp)
        self.work = hub.work_under(self.term, connection)
        self.work_us = self.work.at(self.line_us)
        self.centre: Centre = hub.centre_reader.read(connection)
        self.learned = hub.learned
        self.centre_code = hub.store.identity.centre
        self.hub_id = hub.store.identity.kiosk
        self.life = hub.life
