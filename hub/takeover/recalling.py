"""A hub that has lost everything and has no standby: what central knows comes in before anybody is called.

That is who was called today, who was carried over from earlier days, which services stand still, and whether the day
was closed before its time.
"""

from datetime import date, datetime
from typing import Any

import structlog
from msgspec.structs import replace

from common.machine.stamp import unix_us
from common.protocol.queue.event import CARRIED, VOIDED
from common.protocol.queue.recall import QueueRecall, RecalledTicket
from common.queue.standing import Ticket
from hub.engine.act import Act
from hub.engine.carrying.claiming import judge_what_was_shown, judged
from hub.engine.centre import Interruption
from hub.engine.days import close_as_told, day_named, settle_day
from hub.engine.promised.judging import borne
from hub.log.moments import as_moment
from hub.log.reading import day_of_label, find_ticket
from hub.services.interrupting import take_back
from hub.takeover.own_items import closed_over, over, stops_over

_log = structlog.get_logger(__name__)


def take_recall(act: Act, said: QueueRecall) -> int:
    """Adopt each ticket that this hub does not know better; return how many there were.

    What this hub has told and not delivered goes before what central says. One that makes no sense is set apart by its
    id, and costs no other its place. Who was called and has no end is parked: a counter that still has him brings him
    back by its last answer, and else a clerk by his number. So nobody is called twice, and nobody is forgotten. Claims
    that were shown meanwhile can be judged now.
    """
    settle_day(act)  # a log that has just begun has no day yet, which the store has
    adopted = 0
    for told in over(act, said.tickets):
        try:
            ticket = _adopted(act, told)
        except (ArithmeticError, LookupError, TypeError, ValueError) as error:
            _log.warning("recalled-ticket-set-apart", ticket=told.id, error=type(error).__name__)
            continue
        if ticket is not None:
            act.record_told("adopted", ticket)
            adopted += 1
    for stop in stops_over(act, said.stops):
        if stop.by is not None:  # what central has stopped itself it says in its own orders
            take_back(act, stop.service, Interruption(stop.reason, stop.by, stop.since))
    judge_what_was_shown(act)
    if (closed := closed_over(act, said.closed_early)) is not None:
        close_as_told(act, closed)
    return adopted


def _adopted(act: Act, told: RecalledTicket) -> Ticket | None:
    """Return a ticket as it stands from now on, None where this hub knows better. Raises ValueError for an odd one."""
    for label in filter(None, (told.first_day, told.last_day)):
        date.fromisoformat(label)
    known = find_ticket(act.connection, told.id)
    if known is None:
        if as_moment(told.issued_at) is None or not told.number[:1].isalnum():
            raise ValueError("no ticket is of such a number or moment")
        day = _day_of(act, told)
        if day is None:
            return None
        known = _arrived(act, told, day)
    elif known.state != "waiting" or known.call_seq is not None or told.state == "waiting":
        return None  # called or ended here: nobody knows better
    if told.claim is not None and told.claim.kind != "carried" and told.claim.id is not None:
        known = borne(act, known, told.claim.id)
    elif told.claim is not None:
        known = judged(act, known, told.claim)
    return _as_told(act, known, told)


def _day_of(act: Act, told: RecalledTicket) -> int | None:
    """Return the day of a ticket, None where it can't be believed; who was carried over opens no day that is past."""
    if told.end == CARRIED:
        return day_of_label(act.connection, told.business_day) or 0
    try:
        return day_named(act, told.business_day) or None
    except ValueError:
        return None


def _arrived(act: Act, told: RecalledTicket, day: int) -> Ticket:
    line_us = act.line_us
    if act.stamp.tells_time:
        line_us -= max(0, act.stamp.unix_us - unix_us(datetime.fromisoformat(told.issued_at)))
    return Ticket(
        id=told.id, kiosk=told.kiosk, epoch="", kiosk_seq=0, revision=0, digest="", number=told.number,
        service=told.service, priority=told.priority, order_id=None, day=day, queue=told.number[0],
        state="waiting", arrived_line=line_us, arrived_work=act.work.at(line_us), is_certain=False,
        issued_at=told.issued_at, token_sha256=told.token_sha256,
    )  # fmt: skip


def _as_told(act: Act, ticket: Ticket, told: RecalledTicket) -> Ticket:
    called: dict[str, Any] = {"called_at": told.called_at, "call_counter": told.counter}
    if told.state == "called":
        return replace(ticket, state="parked", parked_at="", **called)
    if told.state == "ended":
        state = "missed" if told.end == "missed" else "ended"
        days = {"first_day": told.first_day, "last_day": told.last_day} if told.end == CARRIED else {}
        ended = {"ended_line": act.line_us, "ended_work": act.work_us} | days
        is_voided = ticket.is_voided or told.end == VOIDED
        return replace(ticket, state=state, end=told.end, is_voided=is_voided, **ended, **called)
    return ticket
