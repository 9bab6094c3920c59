"""Taking in a kiosk's tickets: each once by (kiosk, id, revision), placed by age; a bad one is refused alone."""

import hashlib
import re
from collections.abc import Sequence
from typing import Final

import msgspec
from msgspec.structs import replace
from sqlalchemy import bindparam, select

from common.machine.stamp import told_time
from common.protocol.feed_message import KioskRecord
from common.protocol.queue.call import DAY_NOT_BELIEVED, QueuedTicket, RefusedTicket, TicketsCall
from common.queue.standing import Ticket
from hub.engine.act import Act, Look
from hub.engine.carrying.claiming import claiming
from hub.engine.day_given import day_given
from hub.engine.days import end_late, hear_date, is_closed, settle_day
from hub.engine.presses.by_hand import was_by_hand
from hub.estimates.forecast import Forecast
from hub.log import tables
from hub.log.moments import as_moment
from hub.log.reading import find_ticket
from hub.place.arrival import Place, learn_boot, place_tickets
from hub.services.now import told_today
from offline_store.disk.sql import precompiled, run

_NUMBER: Final = re.compile(r"([A-Z]?)([0-9])[0-9]{3,8}")
# A ticket that was issued this long before the hub heard of it was told no range: it is no measure of one.
FRESH_US: Final = 60 * 1_000_000
# So much nearer to the truth a kiosk's boot offset must come to be worth a write.
WORTH_A_WRITE_US: Final = 5_000

_boot = tables.kiosk_boots.c
_BOOT: Final = precompiled(
    select(_boot.offset_us, _boot.seen_line).where(
        _boot.kiosk == bindparam("kiosk"), _boot.boot_id == bindparam("boot_id")
    )
)
_SINCE_1_0_0: Final = frozenset({"claim", "token_sha256"})


def take(act: Act, kiosk: KioskRecord, call: TicketsCall) -> list[RefusedTicket]:
    """Take what a kiosk posted; return what is refused, and why. The caller has verified whose words these are."""
    learn_boot(act.connection, kiosk.id, call.boot_id, call.boot_time_ns, act.line_us, _booted_us(act))
    settle_day(act)
    refused: list[RefusedTicket] = []
    new: list[QueuedTicket] = []
    first: dict[tuple[str, int], str] = {}
    for told in sorted(call.tickets, key=lambda one: (one.epoch, one.seq, one.revision)):
        known = find_ticket(act.connection, told.id)
        reason = _objection(act, kiosk, told, known)
        if reason is None and known is not None and known.digest:
            reason = _revise(act, known, told)
        elif reason is None and first.setdefault((told.id, told.revision), _digest(told)) != _digest(told):
            reason = "revision-conflict"  # with another of the same post
        elif reason is None:
            new.append(told)
        if reason is not None:
            refused.append(RefusedTicket(told.id, reason))
    return refused + _arrive(act, kiosk.id, new)


def is_worth_a_write(look: Look, kiosk: str, call: TicketsCall) -> bool:
    """Whether a call has anything to be written down: tickets, or a boot that is not known as well yet."""
    if call.tickets:
        return True
    known = run(look.connection, _BOOT, {"kiosk": kiosk, "boot_id": call.boot_id}).fetchone()
    if known is None:
        return True
    offset_us, seen_line = known
    is_of_former = seen_line < _booted_us(look)
    return bool(is_of_former or offset_us - (look.line_us - call.boot_time_ns // 1000) > WORTH_A_WRITE_US)


def _booted_us(look: Act | Look) -> int:
    """Return when this machine began, on the hub's time line."""
    return look.line_us - look.stamp.boot_time_ns // 1000


def _objection(act: Act, kiosk: KioskRecord, told: QueuedTicket, known: Ticket | None) -> str | None:
    """Return why a ticket can't be taken; one that was taken is not judged again by what is published since."""
    if known is not None and known.kiosk != kiosk.id:
        return "id-of-another-kiosk"
    if known is not None and known.digest and known.number == told.number:  # else a counter alone has named it
        return None
    parts = _NUMBER.fullmatch(told.number)
    if parts is None:
        return "bad-number"
    if int(parts[2]) != kiosk.digit:
        return "wrong-digit"
    if told.service not in act.centre.services:
        return "unknown-service"
    if as_moment(told.wall_time) is None:
        return "bad-moment"
    return None


def _revise(act: Act, known: Ticket, told: QueuedTicket) -> str | None:
    """Take a newer word on a ticket: its paper, or that it is void. A lower revision is ignored."""
    digest = _digest(told)
    if told.revision < known.revision or (told.revision == known.revision and digest == known.digest):
        return None
    if told.revision == known.revision:
        return "revision-conflict"
    newer = replace(
        known, revision=told.revision, digest=digest, paper=told.paper, is_voided=known.is_voided or told.voided,
        priority=told.priority, order_id=told.order_id,
    )  # fmt: skip
    act.record_told("revised", newer)
    if told.voided and newer.state in ("waiting", "parked", "missed"):
        act.record("voided", ticket=newer)
    return None


def _arrive(act: Act, kiosk: str, new: Sequence[QueuedTicket]) -> list[RefusedTicket]:
    """Take what is new; return what is refused of it."""
    refused = []
    unique = {told.id: told for told in new}  # the greatest revision of an id came last
    places = place_tickets(act.connection, kiosk, list(unique.values()), act.line_us, act.stamp)
    for told in unique.values():
        _hear_date(act, told, places[told.id])
        try:
            day = day_given(act, places[told.id], told.business_day)
        except ValueError:
            refused.append(RefusedTicket(told.id, DAY_NOT_BELIEVED))
            continue
        ticket = _ticket(act, kiosk, told, day, places[told.id])
        is_over = is_closed(act, day)
        if told.claim is not None and not is_over and not told.voided:
            ticket = claiming(act, ticket, told.claim)
        if (adopted := find_ticket(act.connection, told.id)) is not None:
            act.record_told("arrived", _as_it_stands(ticket, adopted))
            continue
        if not is_over and not told.voided and act.line_us - ticket.arrived_line <= FRESH_US:
            ticket = with_range(act, ticket)
        act.record_told("arrived", ticket, detail=_of_claim(ticket))
        if told.voided:
            act.record("voided", ticket=ticket)
        elif was_by_hand(act, ticket):
            act.record("by-hand", ticket=ticket)
        elif is_over:
            end_late(act, ticket)
    return refused


def _hear_date(act: Act, told: QueuedTicket, place: Place) -> None:
    """Learn the date from a number that has just been given by a clock that tells time."""
    moment, age_us = as_moment(told.wall_time), act.line_us - place.line_us
    if told_time(told.clock) and moment is not None and place.latest_known_us is None and age_us <= FRESH_US:
        hear_date(act, moment, is_sure=told.clock == "synced")


def _of_claim(ticket: Ticket) -> dict[str, str | None] | None:
    """Return what the event says of a claim that was shown: a second ticket of the same one has an ordinary place."""
    return None if ticket.claim is None else {"claim": ticket.claim, "claimed": ticket.claimed}


def _as_it_stands(told: Ticket, adopted: Ticket) -> Ticket:
    """Return a ticket that a counter brought before its kiosk did, after a take-over: called or ended as it is."""
    arrival = ("epoch", "kiosk_seq", "revision", "digest", "order_id", "arrived_line", "arrived_work", "is_certain")
    claim = ("token_sha256", "claim", "claimed", "place_line", "shown", "claim_at", "due_line", "credit_us")
    paper = ("service", "issued_at", "paper", "is_voided", "priority")
    heard = {name: getattr(told, name) for name in (*arrival, *claim, *paper)}
    return replace(adopted, **heard)


def with_range(act: Act, ticket: Ticket) -> Ticket:
    """Return the ticket with what its owner is told, the range as measured: kept to be compared with the truth."""
    ticket = replace(ticket, told_today=told_today(act, ticket.service, ticket.queue))
    told = Forecast(act, arriving=ticket).of(ticket).wait
    if told is None:
        return ticket
    return replace(ticket, estimate_s=told.estimate_s, low_s=told.low_s, high_s=told.high_s)


def _ticket(act: Act, kiosk: str, told: QueuedTicket, day: int, place: Place) -> Ticket:
    letter = told.number[0]
    return Ticket(
        id=told.id,
        kiosk=kiosk,
        epoch=told.epoch,
        kiosk_seq=told.seq,
        revision=told.revision,
        digest=_digest(told),
        number=told.number,
        service=told.service,
        priority=told.priority,
        order_id=told.order_id,
        day=day,
        queue=letter if letter.isalpha() else act.centre.services[told.service].queue,
        state="waiting",
        arrived_line=place.line_us,
        arrived_work=act.work.at(place.line_us),
        is_certain=place.is_certain,
        issued_at=told.wall_time,
        paper=told.paper,
        is_voided=told.voided,
        token_sha256=told.token_sha256,
    )


def _digest(told: QueuedTicket) -> str:
    """Return what two words of one revision must agree in: what 1.0.0 told, which a newer version tells again."""
    body = {name: value for name, value in msgspec.to_builtins(told).items() if name not in _SINCE_1_0_0}
    return hashlib.sha256(msgspec.json.encode(body)).hexdigest()
