"""Promotion: a person moves the role, under a term that only grows; and stepping down before a greater one."""

from typing import Final

import msgspec
import structlog
from sqlalchemy import Connection, delete, select, update

from common.protocol.feed_message import ClerkRecord
from common.protocol.queue.recall import QueueRecall
from hub.engine.act import FOLLOWING, LEADING, Act, Hub
from hub.engine.opening import keep_term, known_term
from hub.engine.refusal import Refused
from hub.log import tables
from hub.log.authors import followers, life_at
from hub.log.event import LED, LIFE_BEGAN, EventBody, read_events
from hub.log.reading import all_counters
from hub.place.timeline import left_at
from hub.place.working_time import kept_work
from hub.sessions import sessions
from hub.takeover.holders import Held, held
from hub.takeover.recalling import take_recall

LOG_LOST: Final = "log-lost"
STEPPED_DOWN: Final = "stepped-down"
_BEGINNINGS: Final = (LIFE_BEGAN, "promoted", LOG_LOST, "restored")  # of 1.0: the last three

log = structlog.get_logger()


def promote(hub: Hub, manager: ClerkRecord, *, with_this: bool = True) -> int:
    """Let this hub lead, under the next term; counters that were open say first what they last did. Return the term.

    A hub that leads and waits for central's word on who was called may be promoted too: then it waits no longer. One
    that lacks something asks central before it calls anybody.

    `with_this`: also where it knows that it lacks something.

    Raises:
        Refused: it leads already, who asks is no manager, or it lacks something.
        StoreUnavailable: the disk refuses; then nothing changed.
    """
    if manager.role != "manager":
        raise Refused(403, "managers-only", "only a manager may promote a hub")
    with hub.any_act() as act:
        if act.role == LEADING and not act.is_recall_due:
            raise Refused(409, "leads-already", f"this hub leads already, under term {act.term}")
        act.clerk = manager.id
        fell_us = left_at(act.connection)
        holds = held(act)
        if holds.lacks and not with_this:
            raise Refused(409, "holds-less", _in_words(holds), {"held": msgspec.to_builtins(holds)})
        act.term = max(act.term, known_term(hub.store.data_dir), act.seen_term) + 1
        _lead(act, hub, "promoted", fell_us, lacks=bool(holds.lacks))
        act.record(LED, detail={"term": act.term, "hub": act.hub_id, "by": manager.id})
        return int(act.term)


def _in_words(holds: Held) -> str:
    what = "nothing of the hall" if holds.until is None else f"what {holds.hub or 'a hub'} wrote until {holds.until}"
    return f"this hub holds {what}, and may lack who was called since: with this it would ask central first"


def lead_on(hub: Hub, *, above: int, lacks: bool) -> None:
    """Go on leading with a log that has come back, under the term that stands: nobody else was let lead.

    `above`: up to which seq this hub's log is known to have gone. Raises StoreUnavailable.
    """
    with hub.any_act() as act:
        _lead(act, hub, "restored", left_at(act.connection), lacks=lacks, above=above)


def lead_again(hub: Hub, term: int, seq: int, *, is_own: bool = True) -> None:
    """Go on in a new life where the log that this hub leads by under a term is known to lack what stood up to a seq.

    Whatever is known elsewhere of it is asked for before the next press. `is_own`: the log was this hub's own, under
    this very term; where it was asked for already, and was longer than was known then, the hub only goes on above it.
    Raises StoreUnavailable.
    """
    with hub.any_act() as act:
        if act.role != LEADING or act.term != term or (is_own and act.seq >= seq):
            return
        if is_own and _asked_in_this_life(act):
            act.begin_life(LOG_LOST, asks=True, above=seq)
            return
        hub.asks_first = True
        _lead(act, hub, LOG_LOST, left_at(act.connection), lacks=True, above=seq)
    log.warning("log-lost", term=term, seq=seq)


def _asked_in_this_life(act: Act) -> bool:
    """Whether this hub has asked already for the end of the log that it lost: nobody knows more by now than then."""
    life = life_at(act.connection, act.seq)
    began = None if life is None else next(read_events(act.connection, life.seq - 1, 1), None)
    return began is not None and (began.read_body().detail or {}).get("why") == LOG_LOST


def _lead(act: Act, hub: Hub, why: str, fell_us: int, *, lacks: bool, above: int = 0) -> None:
    leads: dict[str, object] = {"term": act.term, "role": LEADING, "recall_due": int(lacks), "holds_all": 1}
    leads["alone_since"] = None
    if act.is_recall_due and not lacks:
        take_recall(act, QueueRecall([]))  # of central's word there is none: what this hub told itself is known
    act.begin_life(why, asks=lacks, above=above)
    if lacks:
        act.gifts_are_lost_since(max(1, act.line_us))
    act.connection.execute(update(tables.state).values(leads))
    act.connection.execute(delete(followers))  # they followed another one
    act.work = kept_work(act.connection)  # the former leader's, as its log has it
    act.switch_work(running=False, since_us=fell_us)
    for counter in all_counters(act.connection):
        if counter.state != "closed":
            act.record_at(counter, "must-resume")
    keep_term(hub.store.data_dir, act.term)  # before the commit: a disk that does not take it undoes all of this


def has_asked(connection: Connection, after: int) -> bool:
    """Whether a life that began after a seq began with the question to central; a manager may have waited no longer."""
    events = tables.events.c
    began = select(events.body).where(events.seq > after, events.kind.in_(_BEGINNINGS))
    details = [msgspec.json.decode(body, type=EventBody).detail or {} for body in connection.scalars(began)]
    # None: the log began with this life, and one that begins empty asks.
    return not details or any(one.get("asks", True) for one in details)


def yield_to(hub: Hub, other: str, term: int) -> None:
    """Remember that a hub led under a term, and lead no more where it goes before this one.

    Where that is news, nobody is logged in here any more. Raises StoreUnavailable.
    """
    with hub.any_act() as act:
        if term > act.seen_term:
            act.connection.execute(update(tables.state).values(seen_term=term))
            sessions.end_all(act)
        if act.role == LEADING and outranks(term, other, act.term, act.hub_id):
            act.record(STEPPED_DOWN, detail={"before": other, "term": term})
            act.connection.execute(update(tables.state).values(role=FOLLOWING, holds_all=0))
            sessions.end_all(act)
            log.warning("stepped-down", before=other, term=term)


def outranks(term: int, hub: str, other_term: int, other_hub: str) -> bool:
    """Whether the first of two hubs that both say they lead is the one to follow."""
    return (term, hub) > (other_term, other_hub)
