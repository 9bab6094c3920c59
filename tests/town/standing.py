"""Promise 15: a service that somebody has stopped is not called, and no kiosk that heard of it gives a number of it."""

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from kiosk.prompts.ticket import Stopped
from tests.town.central import ADDRESS, CENTRE
from tests.town.hours import SERVICES
from tests.town.ledger import Paper
from tests.town.net import Unheard

if TYPE_CHECKING:
    from tests.town.kiosk import TownKiosk
    from tests.town.town import Town

TOLD_AFTER_S: Final = 25.0
SETTLED_S: Final = 120.0


@dataclass
class Standing:
    """What stands still, and since when, by what clerks were told that it was done."""

    since: dict[str, float] = field(default_factory=dict)
    still_days: dict[str, set[int]] = field(default_factory=dict)  # whole days on which a service did not work

    def ends_day(self, day: int, begins_s: float) -> None:
        """Remember what stood still for a whole day."""
        for service, since in self.since.items():
            if since < begins_s:
                self.still_days.setdefault(service, set()).add(day)


async def stops(town: "Town", service: str) -> bool:
    """Have a clerk who serves it say that a service stands still; return whether he was told that it was done."""
    town.stopped.add(service)  # from now on: the hall knows of it before the clerk has his answer
    if not await _said(town, service, {"state": "interrupted", "reason": "registry-line"}):
        return False
    town.ledger.reached["service-stopped"] += 1
    town.standing.since.setdefault(service, town.loop.time())
    return True


async def works_again(town: "Town", service: str) -> None:
    """Have a clerk say that a service works again."""
    if await _said(town, service, {"state": "working"}):
        town.standing.since.pop(service, None)


async def _said(town: "Town", service: str, wish: dict[str, Any]) -> bool:
    serves = [one for one in town.clerks if SERVICES[service] in one.groups]
    clerk = next((one for one in serves if one.page.view is not None and town.pcs[one.number].is_up), None)
    if clerk is None:
        return False
    try:
        answer = await town.pcs[clerk.number].on_it(clerk.page.call("PUT", f"/v1/services/{service}", wish))
    except Unheard:
        town.standing.since.pop(service, None)  # nobody knows what became of it
        return False
    town.ledger.note(f"counter {clerk.number}: {service} is {wish['state']}: {answer.status}")
    return answer.status == 200


def called(town: "Town", paper: Paper, counter: int) -> None:
    """Judge that somebody is called for what stands still."""
    since = town.standing.since.get(paper.service)
    is_own = paper.only_counter is None and paper.queue == SERVICES.get(paper.service)
    if since is not None and is_own and not paper.is_special and town.loop.time() - since > TOLD_AFTER_S:
        said = f"called to counter {counter} for {paper.service}"
        town.ledger.accuse(15, paper.number, said, "it stands still, and nobody has said that it works again", [paper])


def nobody_knows(kiosk: "TownKiosk", service: str) -> bool:
    """Whether a kiosk says that a service stood still, and that nobody can say now: who wants a number gets one."""
    told = kiosk.news.ahead(service)
    return isinstance(told, Stopped) and told.is_unsure


def gave(town: "Town", kiosk: "TownKiosk", paper: Paper) -> None:
    """Judge that a kiosk gives a number of what gives none, though it has heard that it stands still."""
    since = town.standing.since.get(paper.service)
    if since is None or "stop-numbers" not in town.rare or paper.earlier is not None:
        return
    if nobody_knows(kiosk, paper.service):
        town.ledger.reached["stood-still-nobody-knows"] += 1
        return
    has_heard = town.kiosk_heard_s.get(kiosk.name, 0.0) > since + TOLD_AFTER_S
    if has_heard and town.loop.time() - since > 2 * TOLD_AFTER_S:
        said = f"{kiosk.name} gives {paper.number} for {paper.service} and says nothing"
        town.ledger.accuse(15, paper.number, said, "it stands still, and gives no numbers meanwhile", [paper])


async def at_rest(town: "Town") -> None:
    """Judge what tiles of kiosks and central's page of all centres say of what stands still, and of a closed day."""
    settled_s = town.loop.time() - SETTLED_S
    still = {service for service, since in town.standing.since.items() if since < settled_s}
    for kiosk in town.kiosks:
        word = kiosk.news.word() if kiosk.is_up and not kiosk.is_dying else None
        if word is None:
            continue
        works = sorted(code for code, one in word.queue.items() if one.state == "working" and code in SERVICES)
        _judge(town, f"who reads the tiles of {kiosk.name}", works, still)
    by_central = await _works_by_central(town)
    if by_central is not None:
        _judge(town, "who reads central's page", by_central, still)


def _judge(town: "Town", who: str, works: list[str], still: set[str]) -> None:
    for service in sorted(still & set(works)):
        was = "it stands still, and nobody has said that it works again"
        town.ledger.accuse(15, f"{who} ({service})", f"{service} works, it says", was)
    if town.is_closed_early and works:
        was = "the manager has closed the centre for today"
        town.ledger.accuse(15, who, f"{', '.join(works)} works, it says", was)


async def _works_by_central(town: "Town") -> list[str] | None:
    """Return what works in this centre by central's page for everybody; None where it knows nothing now."""
    try:
        answer = await town.net.ask("GET", f"{ADDRESS}/v1/centres", {})
    except Unheard:
        return None
    centres = json.loads(answer.body)["centres"] if answer.status == 200 else []
    here = next((one for one in centres if one["centre"] == CENTRE), None)
    if here is None or here["state"] == "unknown":
        return None
    return [one["service"] for one in here["services"] if one["state"] == "working" and one["service"] in SERVICES]
