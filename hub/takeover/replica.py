"""The log as one hub hands it to another, and how a follower takes it in: events with their presses, whole."""

from collections.abc import Iterable
from hashlib import sha256
from typing import Annotated, Any, Final

import msgspec
from msgspec import Meta, Struct
from sqlalchemy import Connection, Table, bindparam, delete, func, insert, literal_column, select, update

from common.machine.stamp import Stamp
from hub.engine.act import FOLLOWING, Hub, Look
from hub.log import tables
from hub.log.authors import life_at
from hub.log.event import INSERT_EVENT, Event, project, read_events, rebuild
from hub.place import timeline
from hub.place.working_time import kept_work
from hub.sessions.offices import offices_to_carry, take_offices
from hub.takeover.alarms import StaffAlarms, alarms_to_carry, take_alarms
from offline_store.disk.sql import precompiled, run

PAGE_EVENTS: Final = 500
_SERVES_DAY: Final = ("day-opened", "day-relabelled")
UNFINISHED: Final = 2
"""Of `recall_due`: this hub takes its own log back from a standby, and does not lead on with it yet."""


class Promoted(Exception):
    """This hub was let lead while a page of another's log was on its way: it takes nothing of it any more."""


class KeptPress(Struct, frozen=True):
    """A press as it was answered."""

    counter: int
    key: str
    digest: str
    status: int
    answer: str
    seq: int
    hub: str
    term: int
    line_us: int


def _insert(table: Table, columns: Iterable[str], instead: str) -> str:
    return precompiled(insert(table).prefix_with(instead).values({name: bindparam(name) for name in columns}))


_INSERT_PRESS: Final = _insert(tables.presses, KeptPress.__struct_fields__, "OR IGNORE")
_PUT_SPAN: Final = _insert(tables.work_spans, ("line_us", "work_us", "is_running"), "OR REPLACE")
_ROLE: Final = precompiled(select(tables.state.c.role))
_ONE_AFTER: Final = precompiled(
    select(tables.events.c.seq)
    .where(tables.events.c.seq > bindparam("after"))
    .limit(literal_column("1"))
    .offset(literal_column("0"))
)
_press, _span = tables.presses.c, tables.work_spans.c
_PRESSES: Final = precompiled(
    select(*(_press[name] for name in KeptPress.__struct_fields__))
    .where(_press.seq >= bindparam("after"), _press.seq <= bindparam("last"))
    .limit(bindparam("most"))
    .offset(literal_column("0"))
)
_SPANS: Final = precompiled(
    select(_span.line_us, _span.work_us, _span.is_running)
    .order_by(_span.line_us.desc())
    .limit(bindparam("most"))
    .offset(literal_column("0"))
)


class LogPage(Struct, frozen=True):
    """Events after a seq, the presses that made them, and where the leader's clocks stand.

    `before` is the SHA-256 of the event at that seq, by which a follower sees that it holds another log: the term does
    not tell, since two hubs may have led under one while they did not hear each other.
    """

    hub: str
    term: int
    leading: bool
    line_us: int
    head: int
    before: str | None
    events: Annotated[list[Event], Meta(max_length=PAGE_EVENTS)] = []
    presses: list[KeptPress] = []
    spans: list[tuple[int, int, bool]] = []
    """Of a hub of 1.0, whose log has no working time: stretches of it, from where, how much before, whether it runs."""
    recall_due: bool = False
    """Whether central has not said yet who was called before the leader's log was lost, or before it led."""
    gifts_lost: int = 0
    """Since when numbers by hand may have been given that the leader's log never hears of; 0: there are none."""
    staff: StaffAlarms | None = None
    """Null of a hub whose version hands on none: what its follower knew before stays."""
    offices: list[str] = []
    """Addresses of office PCs."""
    life: str = ""
    """In which the leader writes its log; empty of a hub of 1.0."""
    before_life: str = ""
    """In which the event before was written; empty where there is none, or nobody knows."""


def log_page(look: Look, after: int) -> LogPage:
    """Return what comes after a seq."""
    events = list(read_events(look.connection, after, PAGE_EVENTS))
    last = events[-1].seq if events else after
    # A refused press makes no event: it stands at the seq that the log had then.
    presses = run(look.connection, _PRESSES, {"after": after, "last": last, "most": 4 * PAGE_EVENTS}).fetchall()
    spans = run(look.connection, _SPANS, {"most": 50}).fetchall()
    return LogPage(
        hub=look.hub_id,
        term=look.term,
        leading=look.role == "leading",
        line_us=look.line_us,
        head=look.seq,
        before=digest_at(look.connection, after),
        events=events,
        presses=[KeptPress(*row) for row in presses],
        spans=[(line_us, work_us, bool(is_running)) for line_us, work_us, is_running in spans],
        recall_due=look.is_recall_due,
        gifts_lost=look.log_lost,
        staff=alarms_to_carry(look.connection),
        offices=offices_to_carry(look.connection),
        life=look.life,
        before_life=_life(look.connection, after),
    )


def take_page(hub: Hub, page: LogPage, after: int, stamp: Stamp, *, recovers: str | None = None) -> int:
    """Take in what a leader's log has after a seq up to which both are the same; return how many events there were.

    What this log has beyond it, and the leader has not, is set aside. `recovers`: a hub fills its own log up, in the
    role that it has.

    Raises:
        Promoted: this hub has another role by now; its role, term and log stay.
        StoreUnavailable: the disk refuses.
    """
    with hub.store.write() as connection:
        if run(connection, _ROLE).fetchone()[0] != (recovers or FOLLOWING):
            raise Promoted
        if run(connection, _ONE_AFTER, {"after": after}).fetchone() is not None:
            _set_aside_from(connection, after + 1)
        for event in page.events:
            run(connection, INSERT_EVENT, msgspec.structs.asdict(event))
            project(connection, event, event.read_body())
        for press in page.presses:
            run(connection, _INSERT_PRESS, msgspec.structs.asdict(press))
        for line_us, work_us, is_running in [] if page.life else page.spans:
            run(connection, _PUT_SPAN, {"line_us": line_us, "work_us": work_us, "is_running": int(is_running)})
        if page.staff is not None:
            take_alarms(connection, page.staff)
        take_offices(connection, page.offices, page.line_us)
        hub.timeline.follow(page.line_us, stamp)
        timeline.beat(connection, hub.timeline, 0, stamp)
        stands: dict[str, Any] = {"term": page.term, "role": FOLLOWING}
        stands |= {"recall_due": int(page.recall_due), "log_lost": page.gifts_lost}
        last = page.events[-1].seq if page.events else after
        stands["holds_all"] = int(page.leading and last >= page.head)
        if recovers is not None:  # it calls nobody before it has all of it: a cut may come in between
            stands = {"term": func.max(tables.state.c.term, page.term), "recall_due": UNFINISHED}
        if page.events:  # of these this store's chain of items tells nothing
            since = tables.state.c.hand_on_from
            stands["hand_on_from"] = func.min(func.coalesce(since, after + 1), after + 1)
        connection.execute(update(tables.state).values(stands))
        work = kept_work(connection)
    hub.work = work
    return len(page.events)


def holds(connection: Connection, seq: int, page: LogPage) -> bool:
    """Return whether a log holds, at the seq after which a page begins, the event that the other one has there."""
    own = digest_at(connection, seq)  # none in the gap before a life that knew of more than it held
    return own is not None and own == page.before and page.before_life in ("", _life(connection, seq))


def _life(connection: Connection, seq: int) -> str:
    found = life_at(connection, seq)
    return "" if found is None else found.life


def digest_at(connection: Connection, seq: int) -> str | None:
    """Return the SHA-256 of the event of a seq, None where there is none."""
    found = next(read_events(connection, seq - 1, 1), None)
    return None if found is None or found.seq != seq else sha256(msgspec.json.encode(found)).hexdigest()


def _set_aside_from(connection: Connection, seq: int) -> None:
    """Take events out of the log that the leader does not have; they are kept, and their items are at central.

    A day that was opened by one of them is not served any more: it is opened again where the log that comes lacks it.
    """
    events = list(read_events(connection, seq - 1))
    if any(event.kind in _SERVES_DAY for event in events):
        connection.execute(update(tables.state).values(store_day=0))
    for event in events:
        row = {"seq": event.seq, "term": event.term, "event": msgspec.json.encode(event).decode()}
        connection.execute(insert(tables.events_aside).values(row))
    connection.execute(delete(tables.events).where(tables.events.c.seq >= seq))
    connection.execute(delete(tables.presses).where(tables.presses.c.seq >= seq))
    rebuild(connection)
