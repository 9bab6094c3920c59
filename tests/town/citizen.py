"""Citizens: they take a number, wait, go out, come back, show their paper again, and come tomorrow."""

import asyncio
import uuid
from random import Random
from typing import TYPE_CHECKING, Any

from common.machine.errors import StoreError
from common.protocol.queue.claim import TicketClaim
from kiosk.desk.answers import Issued, Refusal, Refused
from kiosk.prompts.ticket import Ahead
from kiosk.prompts.ui import Priority
from tests.town import hope, judging, kept, printing, roll, standing
from tests.town.hours import SERVICES
from tests.town.ledger import Paper
from tests.town.loop import blocking

if TYPE_CHECKING:
    from tests.town.kiosk import TownKiosk
    from tests.town.town import Town

CLOSED = (Refusal.CLOSED, Refusal.NO_BUSINESS_DAY)


async def arrives(town: "Town", act: dict[str, Any], earlier: Paper | None = None) -> Paper | Refused | None:
    """Have somebody take a number at a kiosk; who finds it dark goes to the next one. Return what he got."""
    kiosks = [*town.kiosks[act["kiosk"] - 1 :], *town.kiosks[: act["kiosk"] - 1]]
    kiosk = next((one for one in kiosks if one.is_up and not one.is_dying), None)
    dice = Random(f"{town.plan.seed} person {act['person']}")
    if kiosk is None:
        town.ledger.note("somebody finds all kiosks dark")
        return None
    intention, claim = str(uuid.UUID(int=dice.getrandbits(128), version=4)), None
    if earlier is not None:
        claim = TicketClaim("carried", id=earlier.id)
    priority = Priority(act["priority"])

    def issue() -> Issued | Refused:
        service, is_told = act["service"], standing.nobody_knows(kiosk, act["service"])
        return kiosk.desk.issue(service, intention=intention, priority=priority, claim=claim, is_told=is_told)

    try:
        refused = await kiosk.on_it(blocking(kiosk.screen_says))
        answer = await kiosk.on_it(blocking(issue)) if refused is None else refused
    except StoreError:
        town.ledger.note(f"{kiosk.name} goes out while somebody stands there")
        return None
    if isinstance(answer, Refused):
        _refused(town, kiosk, answer)
        return answer
    paper = _takes(town, kiosk, answer, act, earlier)
    hope.told(town, paper)
    standing.gave(town, kiosk, paper)
    if "taps-again" in town.rare and _dice_of_taps(town, act) < 0.3:
        await kept.taps_again(town, kiosk, paper, issue)
    if "paper" in town.rare:
        town.later(printing.prints(town, kiosk, answer, paper))
    elif "printer-fails" in town.rare:
        town.later(roll.prints(town, kiosk, answer, paper))
    is_sorry = 0.5 if earlier is not None and "takes-back-late" in town.rare else 0.07
    if "take-back" in town.acts and dice.random() < is_sorry:
        await asyncio.sleep(4)
        if kiosk.is_up and not isinstance(await kiosk.on_it(blocking(kiosk.desk.take_back, answer)), Refused):
            paper.take_back()
            town.ledger.note(f"{paper} is taken back", paper)
    elif "not-here" in town.acts and dice.random() < 0.12:
        paper.is_here = False
        await asyncio.sleep(dice.uniform(100, 400))
        paper.is_here = True
    return paper


def _dice_of_taps(town: "Town", act: dict[str, Any]) -> float:
    """Return a number between 0 and 1, for whom of the citizens taps again; nothing else is drawn by it."""
    return Random(f"{town.plan.seed} taps {act['person']}").random()


def _takes(town: "Town", kiosk: "TownKiosk", answer: Issued, act: dict[str, Any], earlier: Paper | None) -> Paper:
    before = answer.ahead.before if isinstance(answer.ahead, Ahead) else None
    queue = SERVICES[act["service"]] if earlier is None else earlier.queue  # who was sent home with an unpaid order
    paper = Paper(
        answer.number, town.day, kiosk.name, answer.id, act["service"], queue, act["priority"], town.loop.time(),
        answer.business_day, before, answer.token, earlier,
    )  # fmt: skip
    judging.given(town.ledger, paper)
    heard_s = town.kiosk_heard_s.get(kiosk.name, 0.0)
    if town.is_closed_early:
        paper.unsure = True  # a place of the next day, as soon as a hub leads that has heard of the close
    silent_s = town.loop.time() - max(heard_s, town.up_since(kiosk))
    if town.ledger.is_calm(judging.HEALED_S) and town.is_busy_for(120) and silent_s > judging.HEALED_S:
        judging.unheard(town.ledger, paper, kiosk.name)
    told = "nothing" if before is None else f"{before} before you"
    first = "" if earlier is None else f" for {earlier} of the day before"
    town.ledger.note(f"{kiosk.name}: gives {paper}{first} ({paper.label}), says {told}", paper)
    return paper


def _refused(town: "Town", kiosk: "TownKiosk", answer: Refused) -> None:
    town.ledger.note(f"{kiosk.name}: refuses: {answer.sentence}")
    town.ledger.reached[f"refused-{answer.reason.value}"] += 1
    town.ledger.reached["kiosk-says-closed"] += answer.reason in CLOSED
    heard_s = town.kiosk_heard_s.get(kiosk.name, -1e9)
    is_in_hall = town.loop.time() - heard_s < judging.KNOWN_AFTER_S and any(one.is_open for one in town.clerks)
    is_in_doubt = town.is_closed_early or town.manager.is_waiting_for_an_answer
    if answer.reason in CLOSED and is_in_hall and not is_in_doubt and town.ledger.is_calm(judging.HEALED_S):
        town.ledger.accuse(20, f"who stands at {kiosk.name}", answer.sentence, "the hall is open, and calls")


def shows_again(town: "Town", kiosk: "TownKiosk") -> None:
    """Have everybody show his paper to the kiosk that gave it."""
    for paper in list(town.ledger.papers.values()):
        if paper.place != kiosk.name or paper.day != town.day or paper.token is None:
            continue
        found = kiosk.desk.ticket_shown(TicketClaim("carried", id=paper.id))
        if found is not None and not isinstance(found, Refused):
            judging.shown(town.ledger, paper, found.called_to, town.kiosk_heard_s.get(kiosk.name, 0.0))
