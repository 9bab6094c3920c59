"""Promotion: a person moves the role, under a term that only grows; and stepping down before a greater one."""

from typing import Final

import msgspec
import structlog
from msgspec.structs import replace
from sqlalchemy import Connection, select, update

from common.protocol.feed_message import ClerkRecord
from hub.engine.act import FOLLOWING, LEADING, Act, Hub
from hub.engine.carrying.claiming import judge_what_was_shown
from hub.engine.opening import keep_term, known_term
from hub.engine.refusal import Refused
from hub.log import tables
from hub.log.event import EventBody
from hub.log.reading import all_counters
from hub.place.working_time import resume_work

STEPPED_DOWN: Final = "stepped-down"
_BEGINNINGS: Final = ("promoted", "log-lost", "restored")

log = structlog.get_logger()


def promote(hub: Hub, manager: ClerkRecord) -> int:
    """Let this hub lead, under the next term; counters that were open say first what they last did. Return the term.

    A hub that leads and waits for central's word on who was called may be promoted too: then it waits no longer.

    Raises:
        Refused: it leads already, or who asks is no manager.
        StoreUnavailable: the disk refuses; then nothing changed.
    """
    if manager.role != "manager":
        raise Refused(403, "managers-only", "only a manager may promote a hub")
    return lead(hub, "promoted", manager.id)


def lead(hub: Hub, why: str, clerk: str | None, *, at_least: int = 0) -> int:
    """Begin to lead under a new term, of at least so much; counters that were open say first what they last did.

    Raises Refused where this hub leads already and waits for nothing, and StoreUnavailable.
    """
    with hub.any_act() as act:
        if act.role == LEADING and not act.is_recall_due:
            raise Refused(409, "leads-already", f"this hub leads already, under term {act.term}")
        act.clerk = clerk
        # One that never pulled, or not from who led last, or from one that had still to ask, knows too little of who
        # was called: central is asked.
        lacks = act.seq == 0 or act.seen_term > act.term or (act.role != LEADING and act.is_recall_due)
        _begin_term(act, hub, why, at_least=at_least, lacks=lacks)
        return int(act.term)


def lead_again(hub: Hub, term: int, seq: int) -> None:
    """Go on under a new term where the log that this hub leads by under a term is known to lack what stood up to a seq.

    Whatever is known elsewhere of it is asked for before the next press. Raises StoreUnavailable.
    """
    with hub.any_act() as act:
        if act.role != LEADING or act.term != term:
            return
        hub.asks_first = True
        _begin_term(act, hub, "log-lost", at_least=0, lacks=True)
    log.warning("log-lost", term=term, seq=seq)


def _begin_term(act: Act, hub: Hub, why: str, *, at_least: int, lacks: bool) -> None:
    act.term = max(act.term + 1, known_term(hub.store.data_dir) + 1, act.seen_term + 1, at_least)
    leads: dict[str, object] = {"term": act.term, "role": LEADING, "recall_due": int(lacks)}
    if act.is_recall_due and not lacks:
        judge_what_was_shown(act)
    if lacks:
        act.gifts_are_lost_since(max(1, act.line_us))
    act.connection.execute(update(tables.state).values(**leads, follower=None, pulled_line=None))
    act.work = resume_work(act.connection, writes=True)
    act.work_us = act.work.at(act.line_us)
    for counter in all_counters(act.connection):
        if counter.state != "closed":
            act.record("must-resume", counter=replace(counter, must_resume=True))
    act.record(why, detail={"hub": act.hub_id, "asks": lacks})
    keep_term(hub.store.data_dir, act.term)  # before the commit: a disk that does not take it undoes all of this


def has_asked(connection: Connection, after: int) -> bool:
    """Whether a term that began after a seq began with the question to central; a manager may have waited no longer."""
    events = tables.events.c
    began = select(events.body).where(events.seq > after, events.kind.in_(_BEGINNINGS))
    details = [msgspec.json.decode(body, type=EventBody).detail or {} for body in connection.scalars(began)]
    # None: the log began with this term, and one that begins empty asks.
    return not details or any(one.get("asks", True) for one in details)


def yield_to(hub: Hub, other: str, term: int) -> None:
    """Remember that a hub led under a term, and lead no more where it goes before this one. Raises StoreUnavailable."""
    with hub.any_act() as act:
        if term > act.seen_term:
            act.connection.execute(update(tables.state).values(seen_term=term))
        if act.role == LEADING and outranks(term, other, act.term, act.hub_id):
            act.record(STEPPED_DOWN, detail={"before": other, "term": term})
            act.connection.execute(update(tables.state).values(role=FOLLOWING))
            log.warning("stepped-down", before=other, term=term)


def outranks(term: int, hub: str, other_term: int, other_hub: str) -> bool:
    """Whether the first of two hubs that both say they lead is the one to follow."""
    return (term, hub) > (other_term, other_hub)
