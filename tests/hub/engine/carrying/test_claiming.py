"""The paper of an earlier day, shown again: a place as from opening, once, on the days that it counts."""

import hashlib
import uuid

import pytest
from msgspec.structs import replace

from common.protocol.feed_message import CalendarDay
from common.protocol.queue.call import QueuedTicket
from common.protocol.queue.claim import TicketClaim
from hub.engine.days import settle_day
from hub.log.event import read_events, rebuild
from tests.hub.engine.carrying.days import HOUR, by_digits, by_id, closes, gives, goes_home, today, told
from tests.hub.hall import Hall
from tests.hub.held import check
from tests.hub.services.test_now import special

TOKEN = hashlib.sha256(b"ab" * 16).hexdigest()


def carried(hall: Hall, count: int = 1, letter: str = "A") -> list[QueuedTicket]:
    """Let so many wait until the day is closed early; return their tickets, the first one first."""
    found: list[QueuedTicket] = []
    for _ in range(count):
        found.append(gives(hall.kiosks[0], letter, token_sha256=TOKEN if not found else None))
        hall.passes(1)
    closes(hall)
    return found


@pytest.mark.parametrize("by", ["id", "digits", "token"])
def test_a_paper_of_yesterday_gives_a_place_ahead_of_all_who_came_today(hall: Hall, by: str) -> None:
    (old,) = carried(hall)
    goes_home(hall)
    hall.press(1, "open")
    newcomers = [gives(hall.kiosks[1]) for _ in range(3)]
    hall.passes(600)
    claims = {"id": by_id(old), "digits": by_digits(old), "token": TicketClaim("carried", token_sha256=TOKEN)}
    shown = hall.kiosks[2].ticket(business_day=today(hall), claim=claims[by])
    said = told(hall.kiosks[2], shown)
    assert (said.claim, said.before) == ("good", 0)
    assert [hall.before(one.id) for one in newcomers] == [1, 2, 3]
    assert hall.called(1) == shown.number
    check(hall)


def test_among_carried_ones_the_order_is_that_of_their_old_places(hall: Hall) -> None:
    old = carried(hall, 3)
    goes_home(hall)
    hall.press(1, "open")
    shown = [gives(hall.kiosks[n], claim=by_id(one)) for n, one in enumerate(reversed(old))]
    assert [hall.called(1) for _ in range(3)] == [one.number for one in reversed(shown)]


def test_carried_twice_at_two_kiosks_without_the_hub_is_one_good_place(hall: Hall) -> None:
    (old,) = carried(hall)
    goes_home(hall)
    first = hall.kiosks[0].ticket(business_day=today(hall), claim=by_digits(old))
    newcomer = hall.kiosks[2].ticket(business_day=today(hall))
    hall.passes(60)
    second = hall.kiosks[1].ticket(business_day=today(hall), claim=by_id(old))
    hall.passes(60)
    assert told(hall.kiosks[1], second).claim == "good"
    told(hall.kiosks[2], newcomer)
    said = told(hall.kiosks[0], first)
    assert said.claim == "used"
    hall.press(1, "open")
    assert [hall.called(1) for _ in range(3)] == [second.number, first.number, newcomer.number]
    with hall.hub.store.read() as connection:
        details = {
            event.ticket: event.read_body().detail for event in read_events(connection) if event.kind == "arrived"
        }
    assert details[first.id] == {"claim": "used", "claimed": None}
    assert details[second.id] == {"claim": "good", "claimed": old.id}
    assert told(hall.kiosks[0], first).claim == "used", "also once it was called"


def test_a_number_that_was_burnt_unseen_uses_nothing_up(hall: Hall) -> None:
    (old,) = carried(hall)
    goes_home(hall)
    burnt = gives(hall.kiosks[0], claim=by_id(old))
    hall.kiosks[0].tell(replace(burnt, revision=1, voided=True))
    assert told(hall.kiosks[1], hall.kiosks[1].ticket(business_day=today(hall), claim=by_id(old))).claim == "good"


def test_what_was_never_carried_gives_an_ordinary_place(hall: Hall) -> None:
    hall.press(1, "open")
    served = gives(hall.kiosks[0])
    assert hall.called(1) == served.number
    hall.press(1, "came")
    hall.press(1, "done")
    waits = gives(hall.kiosks[0])
    hall.passes(2 * HOUR)
    strange = TicketClaim("carried", id=str(uuid.uuid4()))
    for claim in (
        by_id(served),
        by_id(waits),
        strange,
        TicketClaim("carried"),
        TicketClaim("carried", digits="00000000"),
    ):
        shown = hall.kiosks[1].ticket(claim=claim)
        said = told(hall.kiosks[1], shown)
        assert (said.claim, hall.ticket(shown.id).place_line) == ("unknown", None)
    assert hall.called(1) == waits.number


def test_it_counts_on_three_days_and_no_longer(hall: Hall) -> None:
    old = carried(hall, 2)
    for _ in range(3):
        goes_home(hall)
    assert told(hall.kiosks[1], hall.kiosks[1].ticket(business_day=today(hall), claim=by_id(old[0]))).claim == "good"
    goes_home(hall)
    assert told(hall.kiosks[1], hall.kiosks[1].ticket(business_day=today(hall), claim=by_id(old[1]))).claim == "unknown"


def test_on_the_day_itself_it_does_not_count_and_is_not_used_up(hall: Hall) -> None:
    (old,) = carried(hall)
    late = hall.kiosks[1].ticket(claim=by_id(old))
    assert told(hall.kiosks[1], late).claim is None, "its day is over: nobody has a place"
    goes_home(hall)
    assert told(hall.kiosks[1], hall.kiosks[1].ticket(business_day=today(hall), claim=by_id(old))).claim == "good"


def test_who_claimed_and_was_not_served_again_is_carried_again_by_his_newer_paper(hall: Hall) -> None:
    old = carried(hall, 2)
    goes_home(hall)
    newer = [gives(hall.kiosks[n], claim=by_id(one)) for n, one in enumerate(reversed(old))]
    closes(hall)
    goes_home(hall)
    hall.press(1, "open")
    shown = [gives(hall.kiosks[0], claim=by_id(one)) for one in newer]
    assert [hall.ticket(one.id).claim for one in shown] == ["good", "good"]
    assert hall.called(1) == shown[1].number, "whose first place was the older one"


def test_a_rebuilt_hub_knows_who_claimed(hall: Hall) -> None:
    (old,) = carried(hall)
    goes_home(hall)
    shown = gives(hall.kiosks[0], claim=by_id(old))
    before = hall.ticket(shown.id)
    with hall.hub.store.write() as connection:
        rebuild(connection)
    assert hall.ticket(shown.id) == before
    assert told(hall.kiosks[1], hall.kiosks[1].ticket(business_day=today(hall), claim=by_id(old))).claim == "used"
    with hall.act() as act:
        settle_day(act)


def test_the_place_is_that_of_its_service_and_is_not_used_up_by_another(hall: Hall) -> None:
    (old,) = carried(hall)
    goes_home(hall)
    hall.press(1, "open")
    newcomer = gives(hall.kiosks[1], "B")
    other = hall.kiosks[2].ticket("B", business_day=today(hall), claim=by_id(old))
    assert (told(hall.kiosks[2], other).claim, hall.before(newcomer.id)) == ("unknown", 0)
    own = hall.kiosks[0].ticket(business_day=today(hall), claim=by_id(old))
    assert told(hall.kiosks[0], own).claim == "good"
    check(hall)


def test_days_that_are_closed_after_a_paper_was_carried_over_do_not_count(hall: Hall) -> None:
    first, second = carried(hall, 2)
    for _ in range(4):  # the third is the last that was told
        goes_home(hall)
    lost = hall.kiosks[1].ticket(business_day=today(hall), claim=by_id(first))
    assert told(hall.kiosks[1], lost).claim == "unknown"
    special(hall, CalendarDay("2026-11-27", closed=True))
    shown = hall.kiosks[1].ticket(business_day=today(hall), claim=by_id(first))
    assert told(hall.kiosks[1], shown).claim == "good"
    goes_home(hall)
    late = hall.kiosks[1].ticket(business_day=today(hall), claim=by_id(second))
    assert told(hall.kiosks[1], late).claim == "unknown"
