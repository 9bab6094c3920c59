"""Opening the hub: its tables in the store's file, the term it begins with, its time line where it was left."""

from pathlib import Path
from typing import Final

import structlog
from sqlalchemy import insert, select, update

from common.machine.errors import StoreUnavailable
from common.machine.records import record
from common.machine.stamp import Clock
from hub.engine.act import FOLLOWING, LEADING, Hub
from hub.log import tables
from hub.log.authors import newest_led
from hub.log.event import LED
from hub.log.schema import REVISION, revision_of, upgrade
from hub.place import timeline, working_time
from offline_store.disk.database import Store

TERM_FILE: Final = "term.json"

log = structlog.get_logger()


def open_hub(store: Store, clock: Clock, *, term: int, role: str = "leading", serves: bool = False) -> Hub:
    """Open the hub in its store.

    Args:
        store: the hub's own, open.
        clock: this machine's clock.
        term: what enrolment gave; of a hub whose tables were lost, the last that it is known to have had stands.
        role: of a new hub: `leading`, or `following` for a standby; one whose tables were lost follows.
        serves: whether this process will be the one that serves; it alone keeps working time.

    Raises:
        StoreUnavailable, StoreTooNew: the store does not work.
    """
    stamp = clock.now()
    with store.read() as connection:
        has_tables = revision_of(connection) == REVISION
    if not has_tables or not _has_state(store):
        _begin_tables(store, term, role)
    with store.read() as connection:
        line, work = working_time.kept_clocks(connection, stamp)
    hub = Hub(store, clock, line, work)
    hub.serves = serves
    if serves:
        try:
            begin_serving(hub)
        except StoreUnavailable as error:
            # What stands can be shown meanwhile; nothing is called before this could be written.
            log.warning("hub-serves-what-reads", detail=str(error)[:300])
    with hub.read() as look:
        if look.role == LEADING:
            keep_term(store.data_dir, look.term)
    return hub


def begin_serving(hub: Hub) -> None:
    """Write down where the hub's clocks are; of one that leads, its life, and that working time stands since it fell.

    Raises StoreUnavailable.
    """
    with hub.any_act() as act:
        if act.role == LEADING:
            fell_us = timeline.left_at(act.connection)
            act.begin_life("started", asks=act.is_recall_due)
            if newest_led(act.connection) is None:  # central enrolled it first, or 1.0 let it lead
                act.record(LED, detail={"term": act.term, "hub": act.hub_id, "by": None})
            act.switch_work(running=False, since_us=fell_us)
        act.connection.execute(update(tables.state).values(holds_all=int(act.role == LEADING)))
        timeline.beat(act.connection, hub.timeline, act.work_us, act.stamp)
    hub.has_begun = True


def _has_state(store: Store) -> bool:
    with store.read() as connection:
        return connection.execute(select(tables.state.c.term)).first() is not None


def _begin_tables(store: Store, term: int, role: str) -> None:
    with store.write() as connection:
        upgrade(connection)
        if connection.execute(select(tables.state.c.term)).first() is None:
            known = known_term(store.data_dir)
            # A new hub asks central before numbers are given here. One that has lost everything does not know whether
            # it led last, nor whether another does by now: it follows, and leads by the word of others alone.
            begins = FOLLOWING if known else role
            due = {"recall_due": int(begins == LEADING), "log_lost": int(known > 0)}
            connection.execute(insert(tables.state).values(one=1, term=max(term, known), role=begins, **due))


def known_term(data_dir: Path) -> int:
    """Return the greatest term under which this machine is known to have led, which outlives its database; 0: none."""
    try:
        kept = record.recall(data_dir / TERM_FILE)
    except record.RecordDamaged:
        return 0
    found = (kept or {}).get("term", 0)
    return found if isinstance(found, int) else 0


def keep_term(data_dir: Path, term: int) -> None:
    """Put the term where a lost database does not take it along: a hub never serves under one term twice.

    Raises OSError.
    """
    if known_term(data_dir) < term:
        record.keep(data_dir / TERM_FILE, {"term": term}, mode=0o600)


def beat(hub: Hub) -> None:
    """Write down where the hub's clocks stand. Raises StoreUnavailable."""
    stamp = hub.clock.now()
    with hub.store.write() as connection:
        timeline.beat(connection, hub.timeline, hub.work.at(hub.timeline.at(stamp)), stamp)


def work_goes_on(hub: Hub, *, running: bool) -> None:
    """Let working time run or stand from now on. Raises StoreUnavailable."""
    if hub.work.is_running == running:
        return
    with hub.any_act() as act:
        act.switch_work(running=running)
        timeline.beat(act.connection, hub.timeline, act.work_us, act.stamp)
