"""What a fact makes of ticket and counter, where the hub's own tests do not say it by the way."""

from typing import Any

import pytest
from msgspec.structs import replace

from common.queue.fold import COUNTER_CLOSED, Fact, counter_after, ticket_after
from common.queue.standing import Counter, Ticket

WAITING = Ticket(
    id="t", kiosk="kiosk-1", epoch="e", kiosk_seq=3, revision=0, digest="d", number="A1001", service="civil-affairs",
    priority="none", order_id=None, day=7, queue="A", state="waiting", arrived_line=5, arrived_work=4, is_certain=True,
    issued_at="2026-11-25T09:00:00Z",
)  # fmt: skip
OPEN = Counter(number=2, state="open", version=4, clerk="clerk-1", last_press="former", last_seq=3)


def fact(kind: str, seq: int = 9, **more: Any) -> Fact:
    return Fact(seq, kind, 1000, 800, "2026-11-25T09:10:00Z", counter=2, **more)


def folded(ticket: Ticket, counter: Counter, *facts: Fact) -> tuple[Ticket, Counter]:
    for one in facts:
        ticket, counter = ticket_after(ticket, one), counter_after(counter, one, ticket)
    return ticket, counter


def test_a_press_of_two_facts_is_one_act_and_begins_with_the_first() -> None:
    called = folded(WAITING, OPEN, fact("called", 9, press="one"))
    served = folded(*called, fact("came", 10, press="two"))
    _, counter = folded(*served, fact("done", 11, press="three"))
    _, counter = folded(replace(WAITING, id="u"), counter, fact("called", 12, press="three"))
    assert (counter.ticket, counter.last_press, counter.last_seq, counter.version) == ("u", "three", 11, 8)


def test_a_counter_that_others_close_is_nobody_s_and_closed_once() -> None:
    ticket, counter = folded(WAITING, OPEN, fact("called", press="one", clerk="clerk-2"))
    assert counter.clerk == "clerk-2"
    ticket, counter = folded(ticket, counter, fact("resumed", 10, reason=COUNTER_CLOSED))
    assert (ticket.state, ticket.counter, ticket.front_line) == ("waiting", None, 1000)
    assert counter == Counter(number=2, version=6)
    assert counter_after(counter, fact(COUNTER_CLOSED, 11)) == counter


def test_nothing_else_without_a_press_closes_a_counter() -> None:
    assert counter_after(OPEN, fact("counter-paused", reason="prayer")).state == "paused"
    assert counter_after(OPEN, fact("given")).state == "open"


def test_who_is_sent_to_a_counter_stays_in_his_group_and_who_is_sent_to_a_group_is_its_own() -> None:
    ticket, _ = folded(WAITING, OPEN, fact("called", press="one"))
    sent = ticket_after(ticket, fact("transferred", 10, reason="3", detail={"first": True}))
    assert (sent.queue, sent.only_counter, sent.front_line) == ("A", 3, 1000)
    sent = ticket_after(sent, fact("transferred", 11, reason="B", detail={"first": False}))
    assert (sent.queue, sent.only_counter, sent.front_line) == ("B", None, None)


def test_no_fact_of_an_unknown_kind_changes_anything() -> None:
    with pytest.raises(KeyError, match="fronted"):
        ticket_after(WAITING, fact("fronted"))
    with pytest.raises(KeyError, match="fronted"):
        counter_after(OPEN, fact("fronted", press="one"))


def test_a_fact_changes_no_number_service_or_arrival() -> None:
    kinds = ("called", "came", "not-here", "missed", "parked", "done", "left", "expired", "by-hand", "voided")
    kept = ("id", "kiosk", "number", "service", "day", "arrived_line", "arrived_work", "issued_at", "priority")
    for kind in kinds:
        after = ticket_after(WAITING, fact(kind, press="one"))
        assert [getattr(after, name) for name in kept] == [getattr(WAITING, name) for name in kept]
