"""What a claim gives: a place by its signed credit, once, by the hub's own line; and what gives none."""

import base64
import dataclasses
from datetime import datetime
from typing import Any

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from msgspec.structs import replace as changed
from sqlalchemy import insert

from common.protocol.claim_feed import ClaimKeyRecord, ClaimRules
from common.protocol.codes.claim_code import Claim
from common.protocol.feed_message import Calendar, CalendarDay
from common.protocol.queue.claim import TicketClaim
from hub.engine.carrying.claiming import judge_what_was_shown
from hub.engine.promised.judging import credit_left_us, found_by_digits
from hub.log.event import read_events, rebuild
from offline_store.disk import tables
from offline_store.issuing.business_day import ZONE
from tests.hub.engine.carrying.days import gives, goes_home, told
from tests.hub.engine.promised.promises import KID, PUBLIC, Promises, code_of, shown
from tests.hub.hall import Hall
from tests.hub.held import check
from tests.hub.services.test_now import published

MIN = 60


@pytest.fixture
def promises(hall: Hall) -> Promises:
    return Promises(hall)


def arrives(hall: Hall, claim: TicketClaim, kiosk: int = 0, letter: str = "A") -> Any:
    """Give a number for what was shown; return what the hub says of it and the ticket."""
    given = hall.kiosks[kiosk].ticket(letter, claim=claim, business_day=hall.clock.wall.date().isoformat())
    said = told(hall.kiosks[kiosk], given)
    return said, hall.ticket(given.id)


def test_the_credit_is_a_place_before_those_who_came_within_it(hall: Hall, promises: Promises) -> None:
    hall.press(1, "open")
    early = gives(hall.kiosks[1])
    hall.passes(20 * MIN)
    late = gives(hall.kiosks[1])
    hall.passes(15 * MIN)
    said, ticket = arrives(hall, shown(promises.claim(credit_min=30)))
    assert (said.claim, said.before) == ("good", 1)  # 35 minutes and 15 are before and after thirty
    assert (ticket.credit_us, ticket.ahead_us, ticket.claim_at) == (30 * MIN * 1_000_000, 0, "12:35")
    assert [hall.before(one.id) for one in (early, late)] == [0, 2]
    assert [hall.called(1) for _ in range(3)] == [early.number, ticket.number, late.number]
    check(hall)


def test_digits_that_a_kiosk_took_without_a_hub_are_an_appointment_s_all_the_same(
    hall: Hall, promises: Promises
) -> None:
    claim = promises.claim()
    promises.expect(claim)
    said, ticket = arrives(hall, TicketClaim("carried", digits=claim.digits))
    assert (said.claim, ticket.claimed) == ("good", claim.id)
    again, _ = arrives(hall, TicketClaim("carried", digits=claim.digits), kiosk=1)
    assert again.claim == "used"


def test_a_claim_that_has_expired_is_none_by_its_digits_either(hall: Hall, promises: Promises) -> None:
    claim = promises.claim()
    promises.expect(claim)
    with hall.hub.read() as look:
        assert found_by_digits(look, claim.digits) is not None
    hall.passes(4 * 86_400)
    with hall.hub.read() as look:
        assert found_by_digits(look, claim.digits) is None


def test_calling_an_appointment_takes_no_turn_from_those_carried_over(hall: Hall, promises: Promises) -> None:
    hall.press(1, "open")
    arrives(hall, shown(promises.claim()))
    hall.called(1)
    assert hall.counter(1).called_carried is False


def test_before_his_time_he_is_called_only_where_nobody_else_waits(hall: Hall, promises: Promises) -> None:
    hall.press(1, "open")
    _, ticket = arrives(hall, shown(promises.claim(20 * MIN, credit_min=60)))
    walk_ins = [gives(hall.kiosks[1], letter) for letter in "AB"]
    assert [hall.called(1) for _ in range(3)] == [*(one.number for one in walk_ins), ticket.number]
    _, ticket = arrives(hall, shown(promises.claim(20 * MIN, credit_min=60)))
    walk_in = gives(hall.kiosks[1])
    hall.passes(20 * MIN)
    assert hall.called(1) == ticket.number
    assert hall.called(1) == walk_in.number


@pytest.mark.parametrize(
    ("late_min", "left_min"),
    [(-30, 45), (0, 45), (10, 45), (11, 44), (30, 25), (54, 1), (55, 0), (59, 0), (60, 0), (999, 0)],
)
def test_who_is_late_loses_a_minute_of_credit_each_minute(late_min: int, left_min: int) -> None:
    assert credit_left_us(45, late_min * MIN * 1_000_000, ClaimRules()) == left_min * MIN * 1_000_000


def test_late_is_what_the_hub_s_own_line_says(hall: Hall, promises: Promises) -> None:
    claim = promises.claim(credit_min=45)
    hall.passes(30 * MIN)
    _, ticket = arrives(hall, shown(claim, late_s=-3600))
    assert ticket.credit_us == 25 * MIN * 1_000_000
    hall.clock.trust = "unknown"
    claim = promises.claim(credit_min=45)
    hall.passes(30 * MIN)
    _, ticket = arrives(hall, shown(claim, late_s=20 * MIN))
    assert ticket.credit_us == 35 * MIN * 1_000_000


def test_priority_does_not_multiply_a_credit(hall: Hall, promises: Promises) -> None:
    hall.press(1, "open")
    before = gives(hall.kiosks[1])
    hall.passes(40 * MIN)
    given = hall.kiosks[0].ticket(claim=shown(promises.claim(credit_min=30)), priority="elderly")
    assert told(hall.kiosks[0], given).before == 1
    assert hall.called(1) == before.number


def test_from_afar_the_minutes_since_joining_count_up_to_ten(hall: Hall, promises: Promises) -> None:
    for ago, left in ((4 * MIN, 4), (10 * MIN, 10), (50 * MIN, 10)):
        _, ticket = arrives(hall, shown(promises.afar(ago)))
        assert (ticket.credit_us, ticket.claim_at) == (left * MIN * 1_000_000, None)


def test_a_claim_counts_once_at_whichever_kiosk(hall: Hall, promises: Promises) -> None:
    claim = promises.claim()
    first, _ = arrives(hall, shown(claim), 0)
    second, ticket = arrives(hall, shown(claim), 1)
    assert (first.claim, second.claim, ticket.due_line, ticket.credit_us) == ("good", "used", None, None)
    with hall.hub.store.read() as connection:
        details = [one.read_body().detail for one in read_events(connection) if one.kind == "arrived"]
    assert details == [{"claim": "good", "claimed": claim.id}, {"claim": "used", "claimed": None}]


def test_eight_kiosks_without_the_hub_show_one_claim_and_it_is_one_credit(hall: Hall, promises: Promises) -> None:
    claim = promises.claim()
    tickets = []
    for number in range(9):
        tickets.append(hall.kiosks[number % 3].ticket(claim=shown(claim)))
        hall.passes(30)
    for kiosk in (2, 0, 1):
        hall.kiosks[kiosk].tell(*(one for n, one in enumerate(tickets) if n % 3 == kiosk))
    words = [hall.ticket(one.id).claim for one in tickets]
    assert sorted(filter(None, words)) == ["good", *["used"] * 8]


def test_a_number_that_was_burnt_unseen_uses_nothing_up(hall: Hall, promises: Promises) -> None:
    claim = promises.claim()
    burnt = hall.kiosks[0].ticket(claim=shown(claim))
    hall.kiosks[0].tell(burnt)
    hall.kiosks[0].tell(changed(burnt, revision=1, voided=True))
    assert arrives(hall, shown(claim), 1)[0].claim == "good"


def test_a_log_that_is_made_again_or_lost_gives_one_credit_still(hall: Hall, promises: Promises) -> None:
    claim = promises.claim()
    arrives(hall, shown(claim))
    with hall.hub.store.write() as connection:
        rebuild(connection)
    assert arrives(hall, shown(claim), 1)[0].claim == "used"
    check(hall)


def test_while_central_has_not_said_who_was_called_nothing_is_judged(hall: Hall, promises: Promises) -> None:
    claim = promises.claim()
    with hall.act() as act:
        act.is_recall_due = True
        act.connection.exec_driver_sql("UPDATE hub_state SET recall_due = 1")
    said, ticket = arrives(hall, shown(claim))
    assert (said.claim, ticket.due_line) == (None, None)
    with hall.act() as act:
        act.recalled()
        judge_what_was_shown(act)
    found = hall.ticket(ticket.id)
    assert (found.claim, found.claimed, found.shown) == ("good", claim.id, None)


def test_days_that_were_closed_since_it_was_signed_do_not_count(hall: Hall, promises: Promises) -> None:
    claim = promises.claim()
    claim = changed_claim(claim, expires=claim.at + 2 * 86_400)
    hall.passes(3 * 86_400)
    assert arrives(hall, shown(claim))[0].claim == "unknown"
    day = datetime.fromtimestamp(claim.at + 86_400, ZONE).date().isoformat()
    body = msgspec.json.encode(Calendar(None, int(day[:4]), [CalendarDay(day, closed=True)])).decode()
    with hall.hub.store.write() as connection:
        row = {"kind": f"calendar-{day[:4]}", "body": body, "message_id": 777, "heard": 1}
        connection.execute(insert(tables.centre_records).values(row))
    assert arrives(hall, shown(claim))[0].claim == "good"


def _forged(claim: Claim) -> TicketClaim:
    return shown(claim, code=code_of(claim, Ed25519PrivateKey.generate()))


@pytest.mark.parametrize(
    "show",
    [
        _forged,
        lambda claim: shown(claim, code=None),
        lambda claim: shown(changed_claim(claim, centre="homs-new")),
        lambda claim: shown(changed_claim(claim, service="plan-copy")),
        lambda claim: shown(changed_claim(claim, expires=claim.at - 1)),
        lambda claim: shown(changed_claim(claim, at=claim.at + 86_400)),
        lambda claim: shown(claim, code="SY1:NONSENSE"),
        lambda claim: shown(claim, code=code_of(claim, kid="00000000")),
    ],
    ids=[
        "forged",
        "digits nobody knows",
        "elsewhere",
        "for something else",
        "expired",
        "tomorrow",
        "no code",
        "no key",
    ],
)
def test_what_gives_no_place_gives_an_ordinary_one(hall: Hall, promises: Promises, show: Any) -> None:
    hall.press(1, "open")
    first = gives(hall.kiosks[1])
    hall.passes(MIN)
    said, ticket = arrives(hall, show(promises.claim()))
    assert (said.claim, said.before, ticket.claimed) == ("unknown", 1, None)
    assert hall.called(1) == first.number


def changed_claim(claim: Claim, **values: Any) -> Claim:
    return dataclasses.replace(claim, **values)


def test_a_withdrawn_claim_is_good_no_more(hall: Hall, promises: Promises) -> None:
    claim = promises.claim()
    promises.withdraw(claim)
    assert arrives(hall, shown(claim))[0].claim == "unknown"


def test_what_a_kiosk_could_not_verify_counts_as_central_said_it(hall: Hall, promises: Promises) -> None:
    typed, strange, retired = (promises.claim(credit_min=20) for _ in range(3))
    promises.expect(typed, strange, retired)
    said, ticket = arrives(hall, shown(typed, code=None))
    assert (said.claim, ticket.credit_us) == ("good", 20 * MIN * 1_000_000)
    assert arrives(hall, shown(strange, code=code_of(strange, kid="00000000")))[0].claim == "good"
    promises.say(ClaimKeyRecord(KID, base64.b64encode(PUBLIC).decode(), retired=True))
    assert arrives(hall, shown(retired))[0].claim == "good"
    assert arrives(hall, shown(promises.claim()))[0].claim == "unknown"  # by a stolen key, and central knows it not


def test_typed_digits_are_found_while_they_are_open(hall: Hall, promises: Promises) -> None:
    claim, other = promises.claim(), promises.claim()
    promises.expect(claim, other)
    with hall.hub.read() as look:
        found = found_by_digits(look, claim.digits)
        assert found is not None
        assert (found.id, found.kind, found.at, found.used) == (claim.id, "booked", claim.at, False)
        assert found_by_digits(look, "00000015") is None
    arrives(hall, shown(claim))
    promises.withdraw(other)
    with hall.hub.read() as look:
        again = found_by_digits(look, claim.digits)
        assert again is not None
        assert again.used
        assert found_by_digits(look, other.digits) is None


def test_on_a_later_day_only_who_was_kept_by_a_standstill_has_a_credit(hall: Hall, promises: Promises) -> None:
    worked, stood = promises.claim(credit_min=40), promises.claim(2 * 3600, credit_min=40)
    hall.passes(3600 + 30 * MIN)
    hall.works(False)  # a cut from half an hour before his time on
    hall.passes(40 * MIN)
    hall.works()
    hall.passes(3600)
    assert arrives(hall, shown(stood))[1].credit_us == 40 * MIN * 1_000_000  # and for the rest of the day
    stood = changed_claim(stood, id="0" * 32)
    goes_home(hall)
    _, ticket = arrives(hall, shown(worked), 1)
    assert (ticket.claim, ticket.credit_us, ticket.ahead_us) == ("good", 0, 0)
    _, ticket = arrives(hall, shown(stood), 1)
    assert (ticket.claim, ticket.credit_us) == ("good", 40 * MIN * 1_000_000)


def test_before_opening_and_after_closing_nothing_stands_still(hall: Hall, promises: Promises) -> None:
    goes_home(hall)
    published(hall, opens="08:00", closes="14:00")
    first, last = promises.claim(credit_min=40), promises.claim(5.5 * 3600, credit_min=40)
    hall.works(False)
    hall.passes(2 * MIN)  # the first counter opens a little late
    hall.works()
    hall.passes(50 * MIN)
    assert arrives(hall, shown(first))[1].credit_us == 0
    hall.passes(5 * 3600)  # counters end a little early
    goes_home(hall)
    assert arrives(hall, shown(last))[1].credit_us == 0


def test_a_centre_that_opens_half_an_hour_late_has_stood_still(hall: Hall, promises: Promises) -> None:
    goes_home(hall)
    published(hall, opens="08:00", closes="14:00")
    first = promises.claim(credit_min=40)
    hall.works(False)
    hall.passes(31 * MIN)
    hall.works()
    hall.passes(20 * MIN)
    assert arrives(hall, shown(first))[1].credit_us == 40 * MIN * 1_000_000
