"""A paper that is shown once more is found by each of its names, and is of today only while that day lasts."""

import uuid
from datetime import timedelta

import pytest

from common.protocol.queue.call import QueueCall
from common.protocol.queue.claim import TicketClaim, digits_of, token_digest
from offline_store.disk.database import Store
from offline_store.issuing.intake import TicketAccepted, TicketRequest, accept_ticket
from offline_store.issuing.ticket import void_ticket
from offline_store.queue.hall import take_calls
from offline_store.queue.shown import ShownTicket, find_number, find_shown
from tests.kit.hall_rows import hears, row
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
    assert find_shown(store, claim, tomorrow) == today._replace(is_today=False, is_over=True), (
        "before anybody took a number"
    )
    give(store, days=1)
    assert find_shown(store, claim, tomorrow) == today._replace(is_today=False, is_over=True)


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
    take_calls(store, [QueueCall(1, called.number, 4, "2026-11-24T07:00:00Z")])
    void_ticket(store, voided.id, "undone", stamp(later(seconds=timedelta(minutes=1).seconds)))
    first, second = (find_shown(store, names_of(one)[0], stamp()) for one in (called, voided))
    assert first is not None
    assert first.called_to == 4
    assert second is not None
    assert second.is_voided


def test_a_visit_is_over_of_who_was_called_or_came_two_days_ago_at_most(store: Store) -> None:
    def found(ticket: TicketAccepted, days: float = 0) -> ShownTicket:
        shown = find_shown(store, names_of(ticket)[0], stamp(later(days=days)))
        assert shown is not None
        return shown

    called, waits = give(store), give(store)
    take_calls(store, [QueueCall(1, called.number, 4, "2026-11-24T07:00:00Z")])
    assert [(one.called_to, one.is_over) for one in (found(called), found(waits))] == [(4, True), (None, False)]
    asked = [(found(called, days).called_to, found(called, days).is_over) for days in (1, 2, 3)]
    assert asked == [(None, True), (None, True), (None, False)]
    give(store, days=2)
    assert [found(called, days).is_over for days in (2, 3)] == [True, False]
    void_ticket(store, waits.id, "undone", stamp())
    assert [found(waits, days).is_over for days in (0, 1)] == [False, False]


@pytest.mark.parametrize(("days", "is_found"), [(9, True), (10, False)])
def test_digits_and_tokens_name_tickets_of_ten_days(store: Store, days: int, is_found: bool) -> None:
    old = give(store)
    for day in range(1, days + 1):
        give(store, days=day)
    for name in (1, 2):
        assert (find_shown(store, names_of(old)[name], stamp(later(days=days))) is not None) is is_found


@pytest.mark.parametrize(
    ("state", "end", "stands", "called_to"),
    [
        ("waiting", None, "waits", None),
        ("parked", None, "waits", None),
        ("called", None, "called", 4),
        ("serving", None, "called", 4),
        ("missed", None, "called", 4),
        ("ended", "done-unconfirmed", "passed", None),
        ("ended", "by-hand", "passed", None),
        ("ended", "carried", "carried", None),
        ("ended", "voided", "voided", None),
    ],
)
def test_a_paper_is_answered_by_what_stands_of_its_number_whichever_kiosk_gave_it(
    store: Store, state: str, end: str | None, stands: str, called_to: int | None
) -> None:
    ticket, strange = give(store), str(uuid.uuid4())
    given = row(ticket.id, ticket.number, state, end=end)
    neighbours = row(strange, "A1007", state, end=end, kiosk="homs-main-1", service="water-bill")
    hears(store, given, neighbours)
    own, other = (find_shown(store, TicketClaim("carried", id=one), stamp()) for one in (ticket.id, strange))
    assert own is not None
    assert (own.id, own.stands, own.called_to) == (ticket.id, stands, called_to)
    assert other == ShownTicket(None, "A1007", "water-bill", None, True, stands == "voided", called_to, stands=stands)  # type: ignore[arg-type]


def test_of_a_call_that_was_taken_back_nobody_is_told_and_no_visit_is_over(store: Store) -> None:
    ticket = give(store)
    hears(store, row(ticket.id, ticket.number, "called"))
    hears(store, row(ticket.id, ticket.number), seq=2)
    shown = find_shown(store, names_of(ticket)[0], stamp())
    assert shown is not None
    assert (shown.stands, shown.called_to, shown.is_over) == ("waits", None, False)


def test_a_neighbours_number_of_an_earlier_day_is_not_one_of_today(store: Store) -> None:
    give(store)
    hears(store, row("old", "A1007", day=2, kiosk="homs-main-1"), row("new", "A1008", kiosk="homs-main-1"))
    assert find_number(store, "old", stamp()) is None
    found = find_number(store, "new", stamp())
    assert found is not None
    assert found.number == "A1008"
    assert find_number(store, "new", stamp(later(hours=13), boot_time_s=100 + 13 * 3600)) is None


def test_a_number_of_this_kiosk_is_no_neighbours(store: Store) -> None:
    hears(store, row("own", "B2001"))
    assert find_number(store, "own", stamp()) is None
