"""The manager's slips of the pen, and another way to do the same: at a hub's own console."""

from datetime import date, timedelta
from typing import TYPE_CHECKING

from common.machine.errors import StoreError
from hub.delivery.enrolment import load_enrolment
from hub.engine.act import FOLLOWING, LEADING
from hub.engine.opening import open_hub
from hub.engine.refusal import Refused
from hub.sessions.sessions import Asker, judge
from hub.takeover.promotion import promote
from offline_store.opening import open_store_in
from tests.town.hub import TownHub
from tests.town.loop import blocking
from tests.town.machine import MACHINE

if TYPE_CHECKING:
    from tests.town.town import Town


async def opens_day(town: "Town", ahead: int) -> None:
    """Type a date that is so many days after today's, and find that it was wrong if it was."""
    manager = town.manager
    if manager.view is None:
        return
    today = town.date
    typed = date(today.year + 1, today.month, today.day) if ahead == 365 else today + timedelta(days=ahead)
    answer = await manager.wish("PUT", "/v1/day", {"open": typed.isoformat()}, f"opens {typed.isoformat()}")
    if answer is None or answer.status != 200:
        return
    town.ledger.reached["wrong-day-opened"] += 1
    if ahead == 1:  # for tomorrow: those who wait are sent home with today's papers
        town.sends_home()
        return
    for paper in town.ledger.waiting(town.day):  # his slip sent them home; who comes now is to be served
        paper.unsure = True
    await manager.wish("PUT", "/v1/day", {"open": today.isoformat()}, f"opens {today.isoformat()} in its place")


async def promotes_at_console(town: "Town", address: str, pin: str) -> None:
    """Run `hub promote` on a hub's machine, in a process beside the one that serves."""
    hub = next(one for one in town.hubs if one.address == address)
    if hub.is_up and not hub.is_dying:
        await hub.on_it(blocking(_promote, town, hub, pin))


def _promote(town: "Town", hub: TownHub, pin: str) -> None:
    enrolment = load_enrolment(hub.data)
    try:
        with open_store_in(hub.data, enrolment.identity, stamp=hub.clock.now(), machine=MACHINE) as store:
            hub.watch(store)
            role = LEADING if enrolment.term else FOLLOWING
            console = open_hub(store, hub.clock, term=enrolment.term, role=role, serves=False)
            promote(console, judge(console, pin, Asker()))
    except (Refused, StoreError, OSError) as error:
        town.ledger.note(f"{hub.name}: hub promote: {str(error)[:160]}")
        return
    town.ledger.note(f"{hub.name}: hub promote: it leads")
    town.ledger.reached["promoted"] += 1
    town.ledger.reached["promoted-at-console"] += 1


def nothing_but(town: "Town", first: str, last: str) -> list[str]:
    """Enter a range without gaps: of those between whom nobody called by voice nobody is judged.

    Who was called by a counter before, and waits for another one or outside, is none of them: the page says so.
    """
    for one in town.ledger.waiting(town.day):
        if first <= one.number <= last and not (one.is_special or one.absences):
            one.unsure = True
    town.ledger.reached["range-at-once"] += 1
    return []
