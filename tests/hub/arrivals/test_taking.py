"""What kiosks say of their tickets: taken once, a newer word counts, an older or contradicting one doesn't."""

import hashlib

import msgspec

from common.protocol.queue.call import TicketsCall
from hub.arrivals.taking import take
from hub.engine.days import close_day
from tests.hub.hall import Hall


def test_a_newer_word_on_a_ticket_counts_and_an_older_one_does_not(hall: Hall) -> None:
    hall.set_up({1: ["A"]})
    kiosk = hall.kiosks[0]
    given = kiosk.give("A")
    said = msgspec.structs.replace(given, revision=2, paper="printed", priority="infant")
    assert kiosk.tell(said).refused == []
    assert kiosk.tell(msgspec.structs.replace(given, revision=1, paper="failed")).refused == []
    known = hall.ticket(given.id)
    assert (known.revision, known.paper, known.priority) == (2, "printed", "infant")


def test_a_kiosk_hears_that_the_day_was_closed_for_a_number_of_it_is_never_called(hall: Hall) -> None:
    hall.set_up({1: ["A"]})
    kiosk = hall.kiosks[0]
    given = kiosk.ticket("A")
    assert kiosk.tell(given).closed_day is None
    with hall.hub.act() as act:
        close_day(act)
    hall.clock.pass_time(minutes=10)
    late = kiosk.ticket("A")
    answer = kiosk.tell(late)
    assert (answer.closed_day, hall.ticket(late.id).end) == (late.business_day, "carried")


def test_one_revision_has_one_content(hall: Hall) -> None:
    hall.set_up({1: ["A"]})
    given = hall.kiosks[0].give("A")
    other = msgspec.structs.replace(given, paper="printed")
    assert [one.reason for one in hall.kiosks[0].tell(other).refused] == ["revision-conflict"]
    assert hall.ticket(given.id).paper == given.paper


def test_two_contents_of_one_revision_in_one_post_are_no_revision(hall: Hall) -> None:
    hall.set_up({1: ["A"]})
    kiosk = hall.kiosks[0]
    told = kiosk.ticket("A")
    other = msgspec.structs.replace(told, number="A1999")
    assert [one.reason for one in kiosk.tell(told, told, other).refused] == ["revision-conflict"]
    assert hall.ticket(told.id).number == told.number


def test_a_kiosk_that_was_updated_meanwhile_tells_the_same_ticket(hall: Hall) -> None:
    told = hall.kiosks[0].give()
    with hall.hub.read() as look:
        kept = look.connection.exec_driver_sql("SELECT digest FROM hub_tickets").scalar_one()
    of_1_0_0 = {
        name: value for name, value in msgspec.to_builtins(told).items() if name not in ("claim", "token_sha256")
    }
    assert kept == hashlib.sha256(msgspec.json.encode(of_1_0_0)).hexdigest(), "as the version before wrote it"
    assert hall.kiosks[0].tell(msgspec.structs.replace(told, token_sha256="a" * 64)).refused == []


def test_what_could_not_be_a_ticket_of_that_kiosk_is_refused_by_name(hall: Hall) -> None:
    hall.set_up({1: ["A"]})
    ours, other = hall.kiosks[:2]
    given = ours.give("A")
    wrong = {
        "bad-number": ours.ticket("A", number="A"),
        "wrong-digit": ours.ticket("A", number=f"A{other.record.digit}007"),
        "unknown-service": ours.ticket("A", service="no-such"),
        "bad-moment": ours.ticket("A", wall_time="!"),
    }
    for reason, told in wrong.items():
        assert [one.reason for one in ours.tell(told).refused] == [reason]
    stolen = msgspec.structs.replace(other.ticket("A"), id=given.id)
    assert [one.reason for one in other.tell(stolen).refused] == ["id-of-another-kiosk"]


def test_a_number_that_was_taken_is_taken_back_whatever_was_published_since(hall: Hall) -> None:
    hall.set_up({1: ["A"]})
    kiosk = hall.kiosks[0]
    of_withdrawn, of_former_digit = kiosk.give("A"), kiosk.give("A")
    with hall.hub.act() as act:
        act.connection.exec_driver_sql("UPDATE hub_tickets SET service = 'withdrawn'")
        record = msgspec.structs.replace(kiosk.record, digit=(kiosk.record.digit + 1) % 10)
        for told, by in ((of_withdrawn, kiosk.record), (of_former_digit, record)):
            voided = msgspec.structs.replace(told, revision=told.revision + 1, service="withdrawn", voided=True)
            assert take(act, by, TicketsCall(kiosk.boot_id, kiosk.boot_time_ns(), [voided])) == []
    assert {hall.ticket(one.id).end for one in (of_withdrawn, of_former_digit)} == {"voided"}


def test_a_number_that_only_a_counter_has_named_is_judged_as_its_kiosk_tells_it(hall: Hall) -> None:
    hall.set_up({1: ["A"]})
    kiosk = hall.kiosks[0]
    known = kiosk.give("A")
    with hall.hub.act() as act:  # as after a take-over: a counter's page had it, its kiosk comes later
        act.connection.exec_driver_sql("UPDATE hub_tickets SET digest = '', revision = 0")
    bare = msgspec.structs.replace(known, number=known.number[1:], service="withdrawn")
    with hall.hub.act() as act:
        act.connection.exec_driver_sql(f"UPDATE hub_tickets SET number = '{bare.number}'")
    assert [one.reason for one in kiosk.tell(bare).refused] == ["unknown-service"]
