"""Promotion: a person moves the role, under a term that only grows; and stepping down before a greater one."""

from typing import Final

from msgspec.structs import replace
from sqlalchemy import update

from hub.engine.act import FOLLOWING, LEADING, Act, Hub
from hub.engine.opening import keep_term, known_term
from hub.engine.refusal import Refused
from hub.log import tables
from hub.log.reading import all_counters
from hub.place.working_time import resume_work
from offline_store.wire.envelope import ClerkRecord

STEPPED_DOWN: Final = "stepped-down"


def promote(hub: Hub, manager: ClerkRecord) -> int:
    """Let this hub lead, under the next term; counters that were open say first what they last did. Return the term.

    Raises:
        Refused: it leads already, or who asks is no manager.
        StoreUnavailable: the disk refuses; then nothing changed.
    """
    if manager.role != "manager":
        raise Refused(403, "managers-only", "only a manager may promote a hub")
    with hub.any_act() as act:
        if act.role == LEADING:
            raise Refused(409, "leads-already", f"this hub leads already, under term {act.term}")
        act.term = max(act.term, known_term(hub.store.data_dir)) + 1
        connection = act.connection
        connection.execute(update(tables.state).values(term=act.term, role=LEADING, follower=None, pulled_line=None))
        act.clerk = manager.id
        for counter in all_counters(connection):
            if counter.state != "closed":
                act.record("must-resume", counter=replace(counter, must_resume=True, version=counter.version))
        act.record("promoted", detail={"hub": act.hub_id, "by": manager.id})
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
