"""A paper that is shown once more is found by each of its names, and is of today only while that day lasts."""

import uuid
from datetime import timedelta

import pytest

from common.protocol.queue.call import QueueCall
from common.protocol.queue.claim import TicketClaim, digits_of, token_digest
from offline_store.disk.database import Store
from offline_store.issuing.intake import TicketAccepted, TicketRequest, accept_ticket
from offline_store.issuing.shown import ShownTicket, find_shown
from offline_store.issuing.ticket import void_ticket
from offline_store.queue.waiting import note_calls
from tests.kit.store import later, stamp


def give(store: Store, days: float = 0) -> TicketAccepted:
    request = TicketRequest("clearance", "B")
    return accept_ticket(store, request, intention=str(uuid.uuid4()), stamp=stamp(later(days=days)))


def names_of(ticket: TicketAccepted) -> list[TicketClaim]:
    assert ticket.token is not None
    return [
        TicketClaim("carried", id=ticket.id),
        TicketClaim("carried", token_sha256=token_digest(ticket.token)),
        TicketClaim("carried", digits=digits_of(ticket.id)),
    ]


@pytest.mark.parametrize("name", range(3))
def test_a_ticket_is_found_by_each_name_today_and_on_the_days_after(store: Store, name: int) -> None:
    ticket = give(store)
    claim = names_of(ticket)[name]
    today = ShownTicket(ticket.id, "B2001", "clearance", ticket.business_day, is_today=True, is_voided=False)
    assert find_shown(store, claim, stamp()) == today
    tomorrow = stamp(later(days=1))
    assert find_shown(store, claim, tomorrow) == today._replace(is_today=False, is_asked=True), (
        "before anybody took a number"
    )
    give(store, days=1)
    assert find_shown(store, claim, tomorrow) == today._replace(is_today=False, is_asked=True)


def test_what_another_kiosk_gave_is_not_known_here(store: Store) -> None:
    strange = str(uuid.uuid4())
    unknown = (TicketClaim("carried", id=strange), TicketClaim("carried", digits=digits_of(strange)))
    assert [find_shown(store, claim, stamp()) for claim in unknown] == [None, None], "no day has begun"
    give(store)
    assert [find_shown(store, claim, stamp()) for claim in unknown] == [None, None]


def test_digits_name_no_ticket_of_long_ago(store: Store) -> None:
    old = give(store)
    for day in range(1, 11):
        give(store, days=day)
    now = stamp(later(days=10))
    assert find_shown(store, names_of(old)[2], now) is None
    assert find_shown(store, names_of(old)[0], now) is not None


def test_a_number_that_was_called_or_taken_back_says_so(store: Store) -> None:
    called, voided = give(store), give(store)
    note_calls(store, [QueueCall(1, called.number, 4, "2026-11-24T07:00:00Z")])
    void_ticket(store, voided.id, "undone", stamp(later(seconds=timedelta(minutes=1).seconds)))
    first, second = (find_shown(store, names_of(one)[0], stamp()) for one in (called, voided))
    assert first is not None
    assert first.called_to == 4
    assert second is not None
    assert second.is_voided


def test_how_a_visit_was_is_asked_of_who_was_called_or_came_two_days_ago_at_most(store: Store) -> None:
    def found(ticket: TicketAccepted, days: float = 0) -> ShownTicket:
        shown = find_shown(store, names_of(ticket)[0], stamp(later(days=days)))
        assert shown is not None
        return shown

    called, waits = give(store), give(store)
    note_calls(store, [QueueCall(1, called.number, 4, "2026-11-24T07:00:00Z")])
    assert [(one.called_to, one.is_asked) for one in (found(called), found(waits))] == [(4, True), (None, False)]
    asked = [(found(called, days).called_to, found(called, days).is_asked) for days in (1, 2, 3)]
    assert asked == [(None, True), (None, True), (None, False)]
    give(store, days=2)
    assert [found(called, days).is_asked for days in (2, 3)] == [True, False]
    void_ticket(store, waits.id, "undone", stamp())
    assert [found(waits, days).is_asked for days in (0, 1)] == [False, False]


@pytest.mark.parametrize(("days", "is_found"), [(9, True), (10, False)])
def test_digits_and_tokens_name_tickets_of_ten_days(store: Store, days: int, is_found: bool) -> None:
    old = give(store)
    for day in range(1, days + 1):
        give(store, days=day)
    for name in (1, 2):
        assert (find_shown(store, names_of(old)[name], stamp(later(days=days))) is not None) is is_found
