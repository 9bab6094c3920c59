"""A number that a clerk gives by hand: of digit 0, with an item of its own, like a kiosk's ticket."""

from typing import Final

from msgspec import UNSET

from common.protocol.envelope import TicketBody
from common.protocol.field import Priority
from common.protocol.queue.claim import TicketClaim
from common.queue.standing import Ticket
from hub.engine.act import Act
from hub.engine.carrying.claiming import Judged, judge_number, with_place_of
from hub.engine.presses.press import HUB_COUNTS, HUB_DIGIT, EarlierPaper
from hub.engine.refusal import Refused
from hub.log.reading import find_day
from offline_store.chain.chain import append, new_id

HUNDRED: Final = 100


_COUNTED: Final = "CAST(substr(number, 3) AS INTEGER)"
_OF_THIS_HUB: Final = f"{_COUNTED} > ? AND ({_COUNTED} <= ? OR kiosk = ?)"
_KNOWN: Final = f"FROM hub_tickets WHERE day = ? AND number LIKE ? AND {_OF_THIS_HUB}"


def give(act: Act, code: str, priority: Priority = "none", earlier: EarlierPaper | None = None) -> Ticket:
    """Make the next number of a service's queue, and the item that tells central of it.

    With a paper of an earlier day it has the place of that one; where there is none to give, no number is given.
    Raises Refused.
    """
    service = act.centre.services.get(code)
    if service is None:
        raise Refused(422, "unknown-service", f"service: {code} is no service of this centre")
    if service.numbers == "stop" and code in act.centre.interrupted:
        raise Refused(409, "service-stopped", f"{code} stands still, and gives no numbers meanwhile")
    if act.is_recall_due:
        detail = "this hub may lack which numbers were given, and central has not said it yet: take one at a kiosk"
        raise Refused(409, "numbers-unknown", detail)
    day = find_day(act.connection, act.day)
    if day is None or day.is_closed:  # a number of a closed day would end uncalled with it, as a kiosk's
        raise Refused(409, "no-day", "no business day is open: a manager opens it")
    judged = None if earlier is None else _carried(act, earlier, code)
    claim = None if judged is None or judged.ticket is None else TicketClaim("carried", id=judged.ticket.id)
    number = f"{service.queue}{HUB_DIGIT}{_next_number(act, service.queue):03d}"
    item_id = new_id()
    chain_seq = act.head.seq + 1
    body = TicketBody(number, code, day.label, priority, claim=claim)
    act.head = append(act.connection, act.head, "ticket", body, act.stamp, item_id)[2]
    ticket = Ticket(
        id=item_id, kiosk=act.hub_id, epoch=act.head.epoch, kiosk_seq=chain_seq, revision=0, digest="", number=number,
        service=code, priority=priority, order_id=None, day=act.day, queue=service.queue, state="waiting",
        arrived_line=act.line_us, arrived_work=act.work_us, is_certain=True, issued_at=act.stamp.text,
    )  # fmt: skip
    return ticket if judged is None else with_place_of(ticket, judged)


def _carried(act: Act, earlier: EarlierPaper, service: str) -> Judged:
    """Return the carried ticket of an earlier paper. Raises Refused where it gives no place."""
    found = judge_number(act, earlier.number, earlier.day, service)
    if found.word == "used":
        detail = f"{earlier.number} of {earlier.day} has had its place: give a number without it"
        raise Refused(409, "claim-used", detail)
    if found.word == "unknown":
        detail = f"no {earlier.number} of {earlier.day} was carried over to today for this service: look at it again"
        raise Refused(409, "claim-unknown", detail)
    return found


def _next_number(act: Act, queue: str) -> int:
    """Count on within day and letter, in this hub's own thousand, above what is known to have been given of it.

    After a lost log nobody knows all that was given: the first number is then the next full hundred above those known.
    """
    own = act.centre.hubs.get(act.hub_id)
    n = 1 if own is None or own.n is UNSET else own.n
    lowest = (n - 1) * HUB_COUNTS
    numbers = (act.day, f"{queue}{HUB_DIGIT}%", lowest, lowest + HUB_COUNTS, act.hub_id)
    last: int = act.connection.exec_driver_sql(
        f"SELECT coalesce(max({_COUNTED}), ?) {_KNOWN}", (lowest, *numbers)
    ).scalar_one()
    given_since = f"SELECT EXISTS (SELECT 1 {_KNOWN} AND kiosk = ? AND epoch <> '' AND arrived_line >= ?)"
    values = (*numbers, act.hub_id, act.log_lost)
    if act.log_lost and not act.connection.exec_driver_sql(given_since, values).scalar_one():
        return (last // HUNDRED + 1) * HUNDRED
    return last + 1
