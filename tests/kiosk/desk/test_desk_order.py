import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete, update

from kiosk.desk.desk import OrderRecorded, Refusal, Refused, new_intention
from kiosk.desk.outcome import Outcome
from offline_store.chain.epoch import REVOKED
from offline_store.disk import tables
from tests.kit.clock import NOON
from tests.kit.desk import App, Place, tell

ORDER = bytes(range(16))


ORDER_HEX = ORDER.hex()


def order(place: Place, code: str, intention: str | None = None) -> OrderRecorded:
    answer = place.desk.order(code, intention=intention or new_intention())
    assert isinstance(answer, OrderRecorded), answer
    return answer


def test_a_genuine_paid_order_is_recorded_once_and_then_repeated(place: Place) -> None:
    code = place.app.code(order_id=ORDER)
    first = order(place, code)
    assert (first.outcome, first.order, first.is_copy) == (Outcome.ACCEPTED, ORDER_HEX, False)
    again = order(place, code)
    assert (again.outcome, again.id, again.order, again.is_copy) == (Outcome.REPEATED, first.id, ORDER_HEX, True)
    assert place.items("order") == 1


@pytest.mark.parametrize("paid", [True, False])
def test_one_code_scanned_by_many_at_once_is_one_order_with_one_number(place: Place, paid: bool) -> None:
    code = place.app.code(order_id=ORDER, paid=paid)
    at_once = threading.Barrier(8)

    def scan(_: int) -> OrderRecorded:
        at_once.wait(5)
        return order(place, code)

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(scan, range(8)))
    (first,) = [one for one in answers if not one.is_copy]
    assert {one.id for one in answers} == {first.id}
    assert {one.ticket.number if one.ticket else None for one in answers} == {None if paid else "Y2001"}
    assert {one.outcome for one in answers if one.is_copy} == {Outcome.REPEATED}
    assert (place.items("order"), place.items("ticket")) == (1, 0 if paid else 1)


def test_the_same_scan_retried_is_not_a_second_time(place: Place) -> None:
    code, intention = place.app.code(order_id=ORDER), new_intention()
    first, retried = order(place, code, intention), order(place, code, intention)
    assert (retried.outcome, retried.id) == (Outcome.ACCEPTED, first.id)
    assert place.items("order") == 1


def test_line_ends_of_the_scanner_make_no_second_order(place: Place) -> None:
    code = place.app.code(order_id=ORDER)
    first = order(place, code)
    assert order(place, code + "\r\n").id == first.id


def test_an_unpaid_order_gets_a_cashier_number_in_one_go(place: Place) -> None:
    code = place.app.code(order_id=ORDER, paid=False)
    first = order(place, code)
    assert first.outcome is Outcome.ACCEPTED_UNPAID
    assert first.ticket is not None
    assert (first.ticket.service, first.ticket.number) == ("cashier", "Y2001")
    again = order(place, code)
    assert again.ticket is not None
    assert (again.outcome, again.ticket.number, again.ticket.id) == (Outcome.REPEATED, "Y2001", first.ticket.id)
    assert place.items("ticket") == 1


def test_an_unpaid_order_of_a_free_service_is_accepted(place: Place) -> None:
    place.overlay({"code": "civil-affairs", "fee": {"amount_minor": 0}})
    assert order(place, place.app.code(paid=False)).outcome is Outcome.ACCEPTED


@pytest.mark.parametrize("closed", [True, False])
def test_an_unpaid_order_is_recorded_even_where_no_number_can_be_given(place: Place, closed: bool) -> None:
    if closed:
        with place.store.write() as connection:
            connection.execute(update(tables.store).values(tickets_closed="machine"))
    else:
        with place.store.write() as connection:
            connection.execute(update(tables.store).values(floor_us=None))
        place.clock.trust = "restored"
    answer = order(place, place.app.code(paid=False))
    assert (answer.outcome, answer.ticket) == (Outcome.ACCEPTED_UNPAID, None)
    assert answer.ticket_refused is not None
    assert place.items("order") == 1


@pytest.mark.parametrize("paid", [True, False])
def test_a_kiosk_that_was_revoked_records_no_order_and_sends_its_owner_to_the_counter(place: Place, paid: bool) -> None:
    with place.store.write() as connection:
        connection.execute(update(tables.store).values(tickets_closed=REVOKED))
    assert order(place, place.app.code(paid=paid)).outcome is Outcome.ASK_COUNTER
    assert (place.items("order"), place.items("ticket")) == (0, 0)


@pytest.mark.parametrize("text", ["", "12345", "https://example.org", "SY1:", "SY1:AB", "x" * 5000, "SY1:" + "0" * 800])
def test_what_is_no_order_code_records_nothing(place: Place, text: str) -> None:
    answer = order(place, text)
    assert (answer.outcome, answer.id, answer.order) == (Outcome.UNREADABLE, None, None)
    assert place.items("order") == 0


def test_a_forged_code_records_nothing(place: Place) -> None:
    forged = App(kid=place.app.kid).code(order_id=ORDER)
    answer = order(place, forged)
    assert (answer.outcome, answer.id) == (Outcome.FORGED, None)
    assert place.items("order") == 0


@pytest.mark.parametrize("key_was_seen", [True, False])
def test_a_revoked_key_signs_nothing_new_but_what_it_signed_before_stays_good(place: Place, key_was_seen: bool) -> None:
    revoked_at = int((NOON - timedelta(minutes=30)).timestamp())
    place.app.make_known(place.store, revoked_at=revoked_at, without_key=not key_was_seen)
    after = place.app.code(issued=NOON - timedelta(minutes=10))
    before = place.app.code(issued=NOON - timedelta(hours=1))
    assert order(place, after).outcome is Outcome.FORGED
    assert order(place, before).outcome is (Outcome.ACCEPTED if key_was_seen else Outcome.ACCEPTED_UNVERIFIED)


def test_an_unverified_order_never_stands_in_the_way_of_the_genuine_one(place: Place) -> None:
    stranger = App(kid=b"\xff\xff").code(order_id=ORDER)
    unverified = order(place, stranger)
    assert (unverified.outcome, unverified.order) == (Outcome.ACCEPTED_UNVERIFIED, None)
    genuine = order(place, place.app.code(order_id=ORDER))
    assert (genuine.outcome, genuine.order) == (Outcome.ACCEPTED, ORDER_HEX)
    assert genuine.id != unverified.id


def test_a_code_that_could_not_be_verified_is_recorded_anew_once_its_key_is_known(place: Place) -> None:
    app = App(kid=b"\x0b\x0b")
    code = app.code(order_id=ORDER)
    first = order(place, code)
    assert first.outcome is Outcome.ACCEPTED_UNVERIFIED
    app.make_known(place.store)
    second = order(place, code)
    assert (second.outcome, second.order) == (Outcome.ACCEPTED, ORDER_HEX)
    assert second.id != first.id


def test_the_same_unverified_code_is_one_order_and_uses_the_limit_once(place: Place) -> None:
    code = App(kid=b"\xff\xff").code()
    first = order(place, code)
    for _ in range(5):
        again = order(place, code)
        assert (again.outcome, again.id, again.is_copy) == (Outcome.ACCEPTED_UNVERIFIED, first.id, True)
    assert place.items("order") == 1


def test_an_unverified_order_gets_an_information_number_in_one_go_and_once(place: Place) -> None:
    first = order(place, "1204853967")
    assert first.ticket is not None
    assert (first.outcome, first.order, first.order_number) == (Outcome.ACCEPTED_UNVERIFIED, None, "1204853967")
    assert (first.ticket.service, first.ticket.number) == ("information", "X2001")
    again = order(place, "1204853967")
    assert again.ticket is not None
    assert (again.id, again.ticket.id, again.is_copy) == (first.id, first.ticket.id, True)
    code = App(kid=b"\xff\xff").code()
    scanned, rescanned = order(place, code), order(place, code)
    assert scanned.ticket is not None
    assert rescanned.ticket is not None
    assert (scanned.ticket.number, rescanned.ticket.id) == ("X2002", scanned.ticket.id)
    assert (place.items("order"), place.items("ticket")) == (2, 2)


def test_an_unverified_order_is_recorded_even_where_no_number_can_be_given(place: Place) -> None:
    with place.store.write() as connection:
        connection.execute(update(tables.store).values(tickets_closed="machine"))
    answer = order(place, "1204853967")
    assert (answer.outcome, answer.ticket, answer.has_receipt) == (Outcome.ACCEPTED_UNVERIFIED, None, True)
    assert answer.ticket_refused is not None


def test_the_fourth_unverified_code_in_ten_minutes_goes_to_the_counter(place: Place) -> None:
    stranger = App(kid=b"\xff\xff")
    for _ in range(3):
        assert order(place, stranger.code()).outcome is Outcome.ACCEPTED_UNVERIFIED
    fourth = order(place, stranger.code())
    assert (fourth.outcome, fourth.id) == (Outcome.ASK_COUNTER, None)
    assert order(place, place.app.code()).outcome is Outcome.ACCEPTED
    place.clock.pass_time(minutes=10, seconds=1)
    assert order(place, stranger.code()).outcome is Outcome.ACCEPTED_UNVERIFIED


def test_a_clock_that_cannot_be_trusted_leaves_the_code_unverified(place: Place) -> None:
    place.clock.trust = "unknown"
    answer = order(place, place.app.code(order_id=ORDER))
    assert (answer.outcome, answer.order, answer.recorded_at) == (Outcome.ACCEPTED_UNVERIFIED, None, None)


def test_an_expired_code_is_expired_by_the_time_floor_whatever_the_clock_says(place: Place) -> None:
    place.store.note_trusted_time(NOON, boot_time_ns=0, boot_id="other")
    place.clock.wall = NOON - timedelta(days=400)
    place.clock.trust = "unknown"
    code = place.app.code(issued=NOON - timedelta(days=20), expires=NOON - timedelta(days=1))
    answer = order(place, code)
    assert answer.outcome is Outcome.EXPIRED
    assert f"{answer.moment:%Y/%m/%d}" == "2026/11/24"


@pytest.mark.parametrize(
    ("changes", "outcome"),
    [
        ({"destination": "homs-hamra"}, Outcome.OTHER_CENTRE),
        ({"service": "passports"}, Outcome.UNKNOWN_SERVICE),
        ({"expires": NOON - timedelta(minutes=1)}, Outcome.EXPIRED),
        ({"destination": "post"}, Outcome.ACCEPTED),
    ],
)
def test_each_outcome_says_what_it_is_about(place: Place, changes: dict[str, object], outcome: Outcome) -> None:
    answer = order(place, place.app.code(order_id=ORDER, **changes))  # type: ignore[arg-type]
    assert (answer.outcome, answer.order) == (outcome, ORDER_HEX)
    assert (answer.id is not None) == (outcome is Outcome.ACCEPTED)


@pytest.mark.parametrize("state", ["collected", "in_progress", "by_post"])
def test_what_the_feed_says_comes_first_and_records_nothing(place: Place, state: str) -> None:
    tell(place.store, ORDER_HEX, state, number="1234567890", at="2026-11-20T08:00:00Z")
    answer = order(place, place.app.code(order_id=ORDER, destination="homs-hamra"))
    assert (answer.outcome.value, answer.id) == (state, None)
    assert f"{answer.moment:%Y/%m/%d %H:%M}" == "2026/11/20 11:00"
    assert place.items("order") == 0


@pytest.mark.parametrize("at", ["soon", "9999-12-31T23:59:59Z", "253402300799", "9" * 30, "0001-01-01T00:00:00+14:00"])
def test_a_time_that_makes_no_sense_is_left_out(place: Place, at: str) -> None:
    tell(place.store, ORDER_HEX, "in_progress", at=at)
    assert order(place, place.app.code(order_id=ORDER)).moment is None


def test_a_typed_number_is_checked_against_what_is_known_here(place: Place) -> None:
    first = order(place, place.app.code(order_id=ORDER, number="5550001111"))
    again = order(place, " ٥٥٥٠ ٠٠١-١١١ ")
    assert (again.outcome, again.id, again.order) == (Outcome.REPEATED, first.id, ORDER_HEX)


def test_a_typed_number_that_nobody_knows_is_verified_at_the_counter(place: Place) -> None:
    answer = order(place, "9990001111")
    assert (answer.outcome, answer.order_number, answer.order) == (Outcome.ACCEPTED_UNVERIFIED, "9990001111", None)
    assert answer.id is not None


def test_numbers_typed_at_random_end_at_the_counter(place: Place) -> None:
    outcomes = [order(place, f"999000000{n}").outcome for n in range(5)]
    assert outcomes == [Outcome.ACCEPTED_UNVERIFIED] * 3 + [Outcome.ASK_COUNTER] * 2


def test_an_order_with_the_card_is_unpaid_sealed_and_gets_a_cashier_number(place: Place, tmp_path: Path) -> None:
    person = {"first_name": "سلمى", "national_number": "04010012345"}
    intention = new_intention()
    answers = [
        place.desk.order_with_card("civil-affairs", intention=intention, person=person, document="birth", copies=3)
        for _ in range(2)
    ]
    first = answers[0]
    assert isinstance(first, OrderRecorded)
    assert isinstance(answers[1], OrderRecorded)
    assert (first.outcome, answers[1].id) == (Outcome.ACCEPTED_UNPAID, first.id)
    assert first.order_number == answers[1].order_number == "9203280001"
    assert order(place, "9203280001").id == first.id, "what was typed from the paper is this very order"
    assert first.ticket is not None
    place.store.close()
    on_disk = b"".join(file.read_bytes() for file in (tmp_path / "data").iterdir() if file.is_file())
    assert b"04010012345" not in on_disk
    assert "سلمى".encode() not in on_disk


def test_what_the_app_cannot_order_cannot_be_ordered_with_the_card(place: Place) -> None:
    answer = place.desk.order_with_card("water-bill", intention=new_intention(), person={})
    assert isinstance(answer, Refused)
    assert answer.reason is Refusal.UNKNOWN_SERVICE


def test_without_a_sealing_key_nothing_is_recorded(place: Place) -> None:
    with place.store.write() as connection:
        connection.execute(delete(tables.central_keys))
    answer = place.desk.order(place.app.code(), intention=new_intention())
    assert isinstance(answer, Refused)
    assert answer.reason is Refusal.NO_SEALING_KEY
    assert place.items("order") == 0


def test_the_raw_code_is_nowhere_in_the_clear(place: Place, tmp_path: Path) -> None:
    code = place.app.code()
    order(place, code)
    place.store.close()
    on_disk = b"".join(file.read_bytes() for file in (tmp_path / "data").iterdir() if file.is_file())
    assert code.encode() not in on_disk


@pytest.mark.parametrize("brought", ["code", "digits", "a code of an unknown key"])
def test_who_pays_on_a_later_day_gets_a_number_of_that_day_once(place: Place, brought: str) -> None:
    app = App(kid=b"\x0b\x02") if brought == "a code of an unknown key" else place.app
    code = app.code(order_id=ORDER, paid=False)
    first = order(place, code)
    again = "1234567890" if brought == "digits" else code
    place.clock.pass_time(days=1)
    place.desk.issue("cashier", intention=new_intention())
    place.desk.issue("information", intention=new_intention())
    later, repeated = order(place, again), order(place, again)
    assert first.ticket is not None
    assert later.ticket is not None
    assert (later.outcome, later.is_copy) == (first.outcome, False)
    assert (later.ticket.number, later.ticket.business_day) == (f"{first.ticket.number[0]}2002", "2026-11-26")
    assert repeated.ticket is not None
    assert (repeated.ticket.number, repeated.is_copy, repeated.id) == (later.ticket.number, True, first.id)
    assert (place.items("order"), place.items("ticket")) == (1, 4)


def test_an_order_that_got_no_number_gets_one_once_there_are_some_again(place: Place) -> None:
    code = place.app.code(order_id=ORDER, paid=False)
    with place.store.write() as connection:
        connection.execute(update(tables.store).values(tickets_closed="machine"))
    order(place, code)
    refused = order(place, code)
    assert (refused.outcome, refused.ticket, refused.ticket_refused is None) == (Outcome.REPEATED, None, False)
    with place.store.write() as connection:
        connection.execute(update(tables.store).values(tickets_closed=None))
    ticket = order(place, code).ticket
    assert ticket is not None
    assert ticket.number == "Y2001"
