"""Appointments that are shown at kiosks, and promise 17: each counts once, at whichever kiosk, and for something."""

import uuid
from random import Random
from typing import TYPE_CHECKING, Any, Final

from common.machine.errors import StoreError
from kiosk.desk.answers import Issued, Refusal, Refused
from kiosk.desk.claims.outcome import ClaimOutcome
from kiosk.desk.claims.showing import ClaimShown
from tests.town import judging, outside
from tests.town.claims import Appointment
from tests.town.hours import SERVICES
from tests.town.ledger import Paper
from tests.town.loop import blocking

if TYPE_CHECKING:
    from tests.town.kiosk import TownKiosk
    from tests.town.town import Town

EARLY_S: Final = 1800.0
MAY_PASS: Final = 2
KEPT_DAYS: Final = 2


async def shows(town: "Town", act: dict[str, Any]) -> None:
    """Have somebody show an appointment at a kiosk, and take the number that comes."""
    one, kiosk = town.outside.claims.all.get(act["claim"]), outside.kiosk_of(town, act["kiosk"])
    if one is None or kiosk is None or not one.is_booked or await outside.finds_closed(town, kiosk, one):
        return
    code, is_copy = one.code, act["wrong"] is not None
    if is_copy:
        at = act["wrong"] % (len(code) - 4) + 4
        code = code[:at] + ("A" if code[at] != "A" else "B") + code[at + 1 :]
    about = f"{town.plan.seed} claim {one.number} {act['at']}"
    intention = str(uuid.UUID(int=Random(about).getrandbits(128), version=4))

    def show() -> tuple[ClaimShown | Refused, Issued | None]:
        shown = kiosk.desk.claim(code)
        if isinstance(shown, Refused) or shown.outcome is not ClaimOutcome.UNVERIFIED or shown.claim is None:
            return shown, None if isinstance(shown, Refused) else shown.ticket
        given = kiosk.desk.issue(one.service, intention=intention, claim=shown.shown)
        return shown, given if isinstance(given, Issued) else None

    try:
        answer, given = await kiosk.on_it(blocking(show))
    except StoreError:
        answer = None
    if answer is None or kiosk.is_dying or (isinstance(answer, Refused) and answer.reason is Refusal.STORE):
        one.unsure = True
        town.outside.note(one, f"{kiosk.name} says nothing of {one}")
        return
    if isinstance(answer, Refused):
        town.outside.note(one, f"{kiosk.name} refuses {one}: {answer.sentence}")
        return
    _told(town, kiosk, one, answer, given, is_copy=is_copy)


def _told(
    town: "Town", kiosk: "TownKiosk", one: Appointment, answer: ClaimShown, given: Issued | None, *, is_copy: bool
) -> None:
    word = answer.outcome.value
    number = "" if given is None else f", with {given.number}"
    refused = "" if answer.refused is None else f", but {answer.refused.sentence}"
    town.outside.note(one, f"{kiosk.name} says of {'a bad copy of ' if is_copy else ''}{one}: {word}{number}{refused}")
    town.ledger.reached[f"claim-{word}"] += 1
    if is_copy:
        if answer.outcome.gives_number:
            town.ledger.accuse(17, str(one), f"a copy with another letter in it is {word}", "it is none", [one])
        return
    _judge(town, kiosk, one, answer)
    if given is None or given.id in town.ledger.papers:
        return
    before = [place for place, _, _ in one.shown]
    if kiosk.name in before and not town.outside.was_damaged(kiosk.name) and answer.outcome.gives_number:
        said = f"{kiosk.name} gives {given.number} for it"
        town.ledger.accuse(17, f"who comes beside {one}", said, "it has given a number for it before", [one])
    town.ledger.reached["claim-at-two-kiosks"] += bool(before) and kiosk.name not in before
    paper = Paper(
        given.number, town.day, kiosk.name, given.id, given.service, SERVICES[given.service], given.priority,
        town.loop.time(), given.business_day, token=given.token, is_special=True,
    )  # fmt: skip
    paper.events += one.events
    judging.given(town.ledger, paper)
    one.shown.append((kiosk.name, town.loop.time(), paper))


def _judge(town: "Town", kiosk: "TownKiosk", one: Appointment, answer: ClaimShown) -> None:
    """Nobody who holds a valid one is refused for nothing; one that is cancelled is valid nowhere that has heard."""
    now, day_s = town.loop.time(), town.day * 86_400.0
    has_heard = town.outside.is_whole(kiosk.name) and not town.plan.world["quality"]
    is_right = kiosk.clock.battery == "right" and not town.outside.was_damaged(kiosk.name)
    if one.cancelled_s is not None:
        if not one.is_lost and has_heard and now - one.cancelled_s > outside.WHOLE_S and answer.outcome.gives_number:
            said = f"{kiosk.name} says that it is {answer.outcome.value}"
            town.ledger.accuse(20, str(one), said, "it was cancelled long before", [one])
        return
    is_of_today = day_s <= one.at_s < day_s + 86_400.0 or one.at_s < day_s < one.at_s + KEPT_DAYS * 86_400.0
    is_due = now >= one.at_s - EARLY_S and is_of_today
    may_be = answer.outcome.gives_number or (answer.outcome is ClaimOutcome.USED and (one.shown or one.unsure))
    if may_be or one.is_cancelling or not (is_due and is_right):
        return
    if answer.outcome is ClaimOutcome.UNVERIFIED and not has_heard:
        return  # a kiosk that has not heard of the key may say so
    said = f"{kiosk.name} says that it is {answer.outcome.value}"
    town.ledger.accuse(17, f"who holds {one}", said, "it is booked, and its time has come", [one])


# --- at the end of a day ------------------------------------------------------------------------------------------


def judge_places(town: "Town") -> None:
    """A claim counts for something, and once: by who was called before whom, on days on which nothing broke."""
    if town.ledger.calm_since != 0.0 or town.stopped or town.is_closed_early:
        return
    plain = [one for one in town.ledger.papers.values() if one.day == town.day and _is_plain(one)]
    for one in town.outside.claims.all.values():
        today = [shown for shown in one.shown if shown[2].day == town.day and not shown[2].unsure]
        for place, (kiosk, shown_s, paper) in enumerate(today):
            same = [other for other in plain if other.queue == paper.queue]
            later = [other.number for other in same if _is_before(other, paper)]
            earlier = [other.number for other in same if _is_before(paper, other)]
            if place == 0 and one.at_s <= shown_s and len(one.shown) == 1 and len(later) >= MAY_PASS:
                said = f"{paper} waits while {', '.join(later)} are called, who came after it"
                town.ledger.accuse(17, f"who holds {one}", said, f"it was shown in time at {kiosk}", [one, paper])
            is_well_after = shown_s > one.shown[0][1] + judging.KNOWN_AFTER_S  # else the hub may hear of it first
            if place > 0 and is_well_after and len(earlier) >= MAY_PASS:
                said = f"{paper}, a second number of it, is called before {', '.join(earlier)}"
                town.ledger.accuse(17, f"who comes beside {one}", said, "they were there before it", [one, paper])


def _is_plain(one: Paper) -> bool:
    return not (one.unsure or one.is_special or one.absences or one.only_counter or one.earlier) and (
        one.priority == "none"
    )


def _is_before(first: Paper, second: Paper) -> bool:
    """Whether `first` was called before `second`, though it was given well after it."""
    if first.called_s is None or first.given_s < second.given_s + judging.KNOWN_AFTER_S:
        return False
    return second.called_s is None or second.called_s > first.called_s


async def judge_arrivals(town: "Town") -> None:
    """What central's report and the app's page say of claims is what their owners know."""
    claims = town.outside.claims
    kiosks = {one.name for one in town.kiosks if town.outside.is_whole(one.name)}
    for one in claims.all.values():
        if one.by != "app" or not one.is_booked or one.unsure or one.is_cancelling or one.is_lost:
            continue
        state = await claims.state_of(one)
        if state is None:
            continue
        came = [paper for kiosk, _, paper in one.shown if kiosk in kiosks and not town.outside.was_damaged(kiosk)]
        is_right = all(battery == "right" for battery in town.plan.world["batteries"].values())
        if not one.shown and state == "arrived":
            town.ledger.accuse(17, f"who holds {one}", "central says that he has come", "it was never shown", [one])
        elif came and is_right and state != "arrived" and all(paper.state != "void" for paper in came):
            said = f"central says that it is {state}"
            town.ledger.accuse(17, f"who holds {one}", said, f"he has shown it, and holds {came[0]}", [one])
        town.ledger.reached["claims-compared"] += 1
