"""What the hub makes of a ticket that a kiosk tells, field by field, and which posts are worth a write at all."""

from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from common.protocol.queue.call import QueuedTicket, TicketsCall
from common.queue.standing import Ticket
from hub.arrivals.taking import is_worth_a_write
from hub.log.event import read_events
from tests.hub.hall import Hall, open_hall
from tests.kit.clock import HandClock

MS = 1_000_000  # in nanoseconds


def lines(hall: Hall) -> tuple[int, int]:
    with hall.hub.read() as look:
        return look.line_us, look.work_us


def events(hall: Hall, ticket: QueuedTicket) -> list[tuple[str, Any]]:
    with hall.hub.store.read() as connection:
        found = [event for event in read_events(connection) if event.ticket == ticket.id]
    return [(event.kind, event.read_body().detail) for event in found]


def ended(hall: Hall, ticket: Ticket, end: Any, **changed: Any) -> Ticket:
    line_us, work_us = lines(hall)
    return replace(ticket, state="ended", end=end, ended_line=line_us, ended_work=work_us, front_line=None, **changed)


def test_a_ticket_that_arrives_is_kept_as_its_kiosk_told_it(hall: Hall) -> None:
    kiosk = hall.kiosks[1]
    told = kiosk.give("B", priority="elderly", paper="printed", order_id="o" * 20, token_sha256="a" * 64)
    line_us, work_us = lines(hall)
    kept = hall.ticket(told.id)
    assert kept == Ticket(
        id=told.id, kiosk="kiosk-2", epoch=kiosk.epoch, kiosk_seq=1, revision=0, digest=kept.digest, number="B2001",
        service="clearance", priority="elderly", order_id="o" * 20, day=1, queue="B", state="waiting",
        arrived_line=line_us, arrived_work=work_us, is_certain=True, issued_at=told.wall_time, paper="printed",
        token_sha256="a" * 64, told_today=kept.told_today, estimate_s=kept.estimate_s, low_s=kept.low_s,
        high_s=kept.high_s,
    )  # fmt: skip
    assert len(kept.digest) == 64
    assert events(hall, told) == [("arrived", None)]


def test_a_number_of_a_digit_alone_queues_where_its_service_is(hall: Hall) -> None:
    told = hall.kiosks[0].give("B", number="1007")
    assert (hall.ticket(told.id).number, hall.ticket(told.id).queue) == ("1007", "B")
    told = hall.kiosks[0].give("B", number="A1008")
    assert hall.ticket(told.id).queue == "A", "the letter that its owner reads"


def test_a_newer_word_changes_what_it_says_and_nothing_else(hall: Hall) -> None:
    told = hall.kiosks[0].give("A")
    before = hall.ticket(told.id)
    hall.passes(20)
    newer = replace(told, revision=3, paper="not_printed", priority="infant", order_id="p" * 20, seq=9)
    assert hall.kiosks[0].tell(newer, newer).refused == []
    after = hall.ticket(told.id)
    changed = {"revision": 3, "paper": "not_printed", "priority": "infant", "order_id": "p" * 20}
    assert after == replace(before, digest=after.digest, **changed)
    assert after.digest != before.digest
    assert events(hall, told) == [("arrived", None), ("revised", None)], "the same word once more is none"


@pytest.mark.edits_the_log
@pytest.mark.parametrize("front", [False, True])
def test_one_who_waits_is_ended_by_a_word_that_his_number_is_void(hall: Hall, front: bool) -> None:
    told = hall.kiosks[0].give("A")
    if front:
        with hall.act() as act:
            act.record_told("fronted", replace(hall.ticket(told.id), front_line=act.line_us))
    before = hall.ticket(told.id)
    hall.passes(40)
    hall.kiosks[0].tell(replace(told, revision=1, voided=True))
    after = hall.ticket(told.id)
    assert after == ended(hall, before, "voided", is_voided=True, revision=1, digest=after.digest)
    assert [kind for kind, _ in events(hall, told)][-1] == "voided"
    hall.kiosks[0].tell(replace(told, revision=2))
    assert hall.ticket(told.id).is_voided, "void for good"


def test_one_who_is_called_stays_so_though_his_number_is_void(hall: Hall) -> None:
    hall.press(1, "open")
    told = hall.kiosks[0].give("A")
    hall.press(1, "next")
    hall.kiosks[0].tell(replace(told, revision=1, voided=True))
    assert (hall.ticket(told.id).state, hall.ticket(told.id).is_voided) == ("called", True)
    assert events(hall, told)[-1] == ("revised", None)


def test_a_number_that_comes_void_has_arrived_and_ended(hall: Hall) -> None:
    told = hall.kiosks[0].give("A", voided=True)
    after = hall.ticket(told.id)
    assert (after.state, after.end, after.is_voided, after.low_s) == ("ended", "voided", True, None)
    assert events(hall, told) == [("arrived", None), ("voided", None)]
    assert hall.waiting() == []


def test_a_number_that_was_entered_by_hand_before_it_came_ends_as_it_comes(hall: Hall) -> None:
    hall.press(1, "open")
    told = hall.kiosks[0].ticket("A")
    hall.press(1, "by-hand", ranges=[{"first": told.number, "to": told.number}])
    assert hall.kiosks[0].tell(told).refused == []
    assert (hall.ticket(told.id).state, hall.ticket(told.id).end) == ("ended", "by-hand")
    assert [kind for kind, _ in events(hall, told)] == ["arrived", "by-hand"]


def test_a_first_day_that_cannot_be_believed_is_refused_alone(tmp_path: Path) -> None:
    hall = open_hall(tmp_path / "hub", HandClock(trust="restored"))
    hall.set_up({1: ["A"]})
    wrong, right = hall.kiosks[0].ticket("A", business_day="2027-12-01"), hall.kiosks[0].ticket("A")
    with hall.hub.read() as look:
        assert look.day == 0
    assert [(one.id, one.reason) for one in hall.kiosks[0].tell(wrong, right).refused] == [
        (wrong.id, "day-not-believed")
    ]
    assert hall.waiting() == [right.id]
    hall.hub.store.close()


@pytest.mark.parametrize(
    ("nearer_ns", "is_worth"), [(-10 * MS, False), (0, False), (5 * MS, False), (5 * MS + 1000, True), (9 * MS, True)]
)
def test_a_boot_is_written_down_where_it_is_known_five_milliseconds_better(
    hall: Hall, nearer_ns: int, is_worth: bool
) -> None:
    kiosk = hall.kiosks[0]
    kiosk.tell()
    with hall.hub.read() as look:
        assert is_worth_a_write(
            look, kiosk.record.id, TicketsCall(kiosk.boot_id, kiosk.boot_time_ns() + nearer_ns)
        ) is (is_worth)


def test_tickets_an_unknown_boot_and_another_kiosk_are_worth_a_write(hall: Hall) -> None:
    kiosk, other = hall.kiosks[:2]
    kiosk.tell()
    at = kiosk.boot_time_ns()
    with hall.hub.read() as look:
        assert not is_worth_a_write(look, kiosk.record.id, TicketsCall(kiosk.boot_id, at))
        assert is_worth_a_write(look, kiosk.record.id, TicketsCall(kiosk.boot_id, at, [kiosk.ticket()]))
        assert is_worth_a_write(look, kiosk.record.id, TicketsCall(other.boot_id, at))
        assert is_worth_a_write(look, other.record.id, TicketsCall(kiosk.boot_id, at))


def test_a_ticket_of_a_number_that_is_not_whole_is_refused(hall: Hall) -> None:
    kiosk = hall.kiosks[0]
    numbers = ["A1001", "1001", "A100100200", "A100", "A1001002000", "a1001", "AB1001", "A1001x", "xA1001"]
    told = [kiosk.ticket("A", number=number) for number in numbers]
    refused = {one.id: one.reason for one in kiosk.tell(*told).refused}
    assert [one.number for one in told if one.id not in refused] == ["A1001", "1001", "A100100200"]
    assert set(refused.values()) == {"bad-number"}
