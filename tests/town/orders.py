"""Citizens with an order of the app on their phone: they show it, again, elsewhere, tomorrow, or a bad copy of it."""

import uuid
from random import Random
from typing import TYPE_CHECKING, Any

from common.machine.errors import StoreError
from kiosk.desk.answers import OrderRecorded, Refused
from kiosk.desk.outcome import Outcome
from tests.town import judging, outside
from tests.town.app import AppOrder
from tests.town.ledger import Paper
from tests.town.loop import blocking

if TYPE_CHECKING:
    from tests.town.kiosk import TownKiosk
    from tests.town.town import Town

TAKEN = (Outcome.ACCEPTED, Outcome.ACCEPTED_UNPAID)


async def shows(town: "Town", act: dict[str, Any]) -> None:
    """Have somebody hold a code to the reader, once or several times in a row."""
    order, kiosk = town.outside.app.orders.get(act["order"]), outside.kiosk_of(town, act["kiosk"])
    if order is None or kiosk is None:
        return
    code, is_copy = order.code, act["wrong"] is not None
    if is_copy:
        at = act["wrong"] % (len(code) - 4) + 4
        code = code[:at] + ("A" if code[at] != "A" else "B") + code[at + 1 :]
    if await outside.finds_closed(town, kiosk, order):
        return
    for time in range(act["times"]):
        await _show(town, kiosk, order, code, f"{act['order']} {act['at']} {time}", is_copy=is_copy)


async def _show(
    town: "Town", kiosk: "TownKiosk", order: AppOrder, code: str, about: str, *, is_copy: bool = False
) -> None:
    intention = str(uuid.UUID(int=Random(f"{town.plan.seed} show {about}").getrandbits(128), version=4))
    try:
        answer = await kiosk.on_it(blocking(lambda: kiosk.desk.order(code, intention=intention)))
    except StoreError:
        answer = None
    if answer is None or isinstance(answer, Refused) or kiosk.is_dying:
        town.outside.note(order, f"{kiosk.name} says nothing of order {order.number}")
        order.unsure.add(kiosk.name)
        return
    what = "a bad copy of order" if is_copy else "order"
    number = "" if answer.ticket is None else f", with {answer.ticket.number}"
    town.outside.note(order, f"{kiosk.name} says of {what} {order.number}: {answer.outcome.value}{number}")
    town.ledger.reached[f"order-{answer.outcome.value}"] += 1
    if is_copy:
        _judge_copy(town, order, answer)
        return
    _judge(town, kiosk, order, answer)
    _takes(town, kiosk, order, answer)


def _takes(town: "Town", kiosk: "TownKiosk", order: AppOrder, answer: OrderRecorded) -> None:
    """Take what came out: the record of an order, and a number where there was one with it."""
    if answer.outcome in TAKEN and answer.id is not None and not answer.is_copy:
        order.accepted.setdefault(kiosk.name, (answer.id, town.day))
    given = answer.ticket
    if given is None or given.is_repeated or given.id in town.ledger.papers:
        return
    paper = Paper(
        given.number, town.day, kiosk.name, given.id, given.service, given.number[0], given.priority, town.loop.time(),
        given.business_day, token=given.token, is_special=True,
    )  # fmt: skip
    paper.events += order.events
    order.papers[kiosk.name] = paper
    judging.given(town.ledger, paper)


def _judge_copy(town: "Town", order: AppOrder, answer: OrderRecorded) -> None:
    """Promise 2: what nobody ordered is no order."""
    if answer.outcome in TAKEN or answer.outcome is Outcome.READY:
        said = f"a copy with another letter in it is {answer.outcome.value}"
        town.ledger.accuse(2, f"order {order.number}", said, "nobody has ordered that", [order])


def _judge(town: "Town", kiosk: "TownKiosk", order: AppOrder, answer: OrderRecorded) -> None:
    """Promises 2 and 20: one record of an order at a kiosk; and what it says is what the app has told central."""
    who = f"who holds order {order.number}"
    before = order.accepted.get(kiosk.name)
    is_another = (
        before is not None and answer.id != before[0] and before[1] == town.day and not _has_passed(order, kiosk)
    )
    if is_another and answer.outcome in TAKEN and not town.outside.was_damaged(kiosk.name):
        said = f"{kiosk.name} records it as {answer.outcome.value}"
        town.ledger.accuse(2, who, said, "it has recorded it already", [order])
    told = [state for state, _ in order.states]
    if (
        answer.outcome in (Outcome.READY, Outcome.COLLECTED)
        and answer.outcome.value not in told
        and not order.is_telling
    ):
        town.ledger.accuse(20, who, f"{kiosk.name} says that it is {answer.outcome.value}", "nobody said so", [order])
    if not order.states or order.is_telling or not town.outside.is_whole(kiosk.name):
        return
    state, told_s = order.states[-1]
    is_old = town.loop.time() - told_s > outside.WHOLE_S and not town.plan.world["quality"]
    if is_old and answer.outcome.value != state and answer.outcome is not Outcome.ACCEPTED_UNVERIFIED:
        said = f"{kiosk.name} says that it is {answer.outcome.value}"
        town.ledger.accuse(20, who, said, f"central has long been told that it is {state}", [order])


def _has_passed(order: AppOrder, kiosk: "TownKiosk") -> bool:
    """Whether the number that came with an order may be called no more: then there is another with it."""
    paper = order.papers.get(kiosk.name)
    return paper is not None and (not paper.is_known or paper.state not in ("waits", "called", "serving"))


async def shown_again(town: "Town") -> None:
    """Have each who handed an order in today show its code once more, to the kiosk that took it."""
    for number, order in sorted(town.outside.app.orders.items()):
        for kiosk in town.kiosks:
            if kiosk.name in order.accepted and kiosk.is_up and not kiosk.is_dying:
                await _show(town, kiosk, order, order.code, f"{number} at rest {town.day} {kiosk.name}")
