"""Promotion: a person moves the role, under a term that only grows; and stepping down before a greater one."""

from typing import Final

from msgspec.structs import replace
from sqlalchemy import update

from common.protocol.feed_message import ClerkRecord
from hub.engine.act import FOLLOWING, LEADING, Act, Hub
from hub.engine.opening import keep_term, known_term
from hub.engine.refusal import Refused
from hub.log import tables
from hub.log.reading import all_counters
from hub.place.working_time import resume_work

STEPPED_DOWN: Final = "stepped-down"


def promote(hub: Hub, manager: ClerkRecord) -> int:
    """Let this hub lead, under the next term; counters that were open say first what they last did. Return the term.

    Raises:
        Refused: it leads already, or who asks is no manager.
        StoreUnavailable: the disk refuses; then nothing changed.
    """
    if manager.role != "manager":
        raise Refused(403, "managers-only", "only a manager may promote a hub")
    return lead(hub, "promoted", manager.id)


def lead(hub: Hub, why: str, clerk: str | None, *, at_least: int = 0) -> int:
    """Begin to lead under a new term, of at least so much; counters that were open say first what they last did.

    Raises Refused where this hub leads already, and StoreUnavailable.
    """
    with hub.any_act() as act:
        if act.role == LEADING:
            raise Refused(409, "leads-already", f"this hub leads already, under term {act.term}")
        act.term = max(act.term + 1, known_term(hub.store.data_dir) + 1, at_least)
        connection = act.connection
        # One that never pulled knows of nobody who was called: central is asked.
        leads = {"term": act.term, "role": LEADING, "recall_due": int(act.seq == 0)}
        connection.execute(update(tables.state).values(**leads, follower=None, pulled_line=None))
        act.clerk = clerk
        for counter in all_counters(connection):
            if counter.state != "closed":
                act.record("must-resume", counter=replace(counter, must_resume=True))
        act.record(why, detail={"hub": act.hub_id})
        hub.work = resume_work(connection, writes=True)
        term = int(act.term)
    keep_term(hub)
    return term


def step_down(act: Act, other: str, term: int) -> None:
    """Follow another hub from now on: it leads under a greater term, or under the same one with the greater id."""
    act.record(STEPPED_DOWN, detail={"before": other, "term": term})
    act.connection.execute(update(tables.state).values(role=FOLLOWING))


def outranks(term: int, hub: str, other_term: int, other_hub: str) -> bool:
    """Whether the first of two hubs that both say they lead is the one to follow."""
    return (term, hub) > (other_term, other_hub)
