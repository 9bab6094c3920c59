import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from common.city.catalogue import Hours
from common.protocol.feed_message import CalendarDay
from common.protocol.queue.claim import TicketClaim
from kiosk.desk.desk import Desk, Issued, Refusal, Refused, new_intention
from kiosk.desk.hours import Giving
from kiosk.prompts.ticket import Ahead
from kiosk.prompts.ui import Priority
from offline_store.disk import tables
from offline_store.issuing.ticket import recorded_body
from tests.kit.clock import NOON, HandClock
from tests.kit.desk import App, Place, open_store


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    clock = HandClock()
    with open_store(tmp_path / "data", clock) as store:
        yield Place(store, clock, App())


def issued(answer: Issued | Refused) -> Issued:
    assert isinstance(answer, Issued), answer
    return answer


def refused(answer: object) -> Refused:
    assert isinstance(answer, Refused), answer
    return answer


def test_a_service_gives_the_numbers_of_its_group_in_turn(place: Place) -> None:
    numbers = [
        issued(place.desk.issue(code, intention=new_intention())).number
        for code in ("water-bill", "electricity-bill", "civil-affairs", "water-bill")
    ]
    assert numbers == ["C2001", "C2002", "A2001", "C2003"]


def test_a_ticket_tells_day_service_and_moment(place: Place) -> None:
    ticket = issued(place.desk.issue("clearance", intention=new_intention(), priority=Priority.ELDERLY))
    assert ticket.business_day == "2026-11-25"
    assert ticket.service == "clearance"
    assert f"{ticket.issued_at:%H:%M}" == "12:00"
    assert ticket.priority is Priority.ELDERLY


def test_without_a_trusted_clock_a_ticket_bears_no_time_of_ours(place: Place) -> None:
    issued(place.desk.issue("clearance", intention=new_intention()))
    place.clock.trust = "unknown"
    ticket = issued(place.desk.issue("clearance", intention=new_intention()))
    assert ticket.issued_at is None
    assert ticket.business_day == "2026-11-25"


def test_ten_taps_at_once_are_one_ticket(place: Place) -> None:
    intention = new_intention()
    barrier = threading.Barrier(10)

    def tap(_: int) -> Issued:
        barrier.wait()
        return issued(place.desk.issue("water-bill", intention=intention))

    with ThreadPoolExecutor(10) as pool:
        tickets = list(pool.map(tap, range(10)))
    assert {ticket.number for ticket in tickets} == {"C2001"}
    assert len({ticket.id for ticket in tickets}) == 1
    assert sum(not ticket.is_repeated for ticket in tickets) == 1
    assert place.items("ticket") == 1


def test_an_unknown_service_is_refused_by_name(place: Place) -> None:
    answer = refused(place.desk.issue("passports", intention=new_intention()))
    assert answer.reason is Refusal.UNKNOWN_SERVICE
    assert "passports" in answer.sentence
    assert place.items("ticket") == 0


def test_a_bad_entry_disables_its_service_only(place: Place) -> None:
    place.overlay({"code": "water-bill", "prefix": "lower"})
    assert refused(place.desk.issue("water-bill", intention=new_intention())).reason is Refusal.UNKNOWN_SERVICE
    issued(place.desk.issue("electricity-bill", intention=new_intention()))


def test_outside_its_hours_a_service_says_when_it_opens(place: Place) -> None:
    place.overlay({"code": "water-bill", "hours": {"opens": "08:00", "closes": "12:00", "days": ["wed", "sun"]}})
    answer = refused(place.desk.issue("water-bill", intention=new_intention()))  # it is Wednesday, 12:00
    assert answer.reason is Refusal.CLOSED
    assert (f"{answer.opens_on:%Y/%m/%d}", answer.opens_at) == ("2026/11/29", "08:00")
    place.clock.pass_time(minutes=-1)
    issued(place.desk.issue("water-bill", intention=new_intention()))


def test_a_clock_that_may_be_wrong_closes_nothing(place: Place) -> None:
    issued(place.desk.issue("clearance", intention=new_intention()))
    place.overlay({"code": "water-bill", "hours": {"opens": "08:00", "closes": "09:00"}})
    place.clock.trust = "unknown"
    issued(place.desk.issue("water-bill", intention=new_intention()))


def test_the_centres_hours_close_every_service(place: Place) -> None:
    place.hours = lambda: Hours(opens="08:00", closes="11:00")
    assert refused(place.desk.issue("water-bill", intention=new_intention())).reason is Refusal.CLOSED


def test_a_day_of_the_calendar_goes_before_the_usual_hours_and_names_when_both_are_open(place: Place) -> None:
    place.hours = lambda: Hours(opens="08:00", closes="14:00")
    place.overlay({"code": "water-bill", "hours": {"opens": "09:00", "closes": "12:00", "days": ["wed", "sat"]}})
    place.days["2026-11-25"] = CalendarDay("2026-11-25", closed=True)  # a Wednesday
    answer = refused(place.desk.issue("water-bill", intention=new_intention()))
    assert (answer.reason, answer.opens_on, answer.opens_at) == (Refusal.CLOSED, date(2026, 11, 28), "09:00")
    answer = refused(place.desk.issue("clearance", intention=new_intention()))
    assert (answer.opens_on, answer.opens_at, answer.opens_today) == (date(2026, 11, 26), "08:00", False)
    place.days["2026-11-25"] = CalendarDay("2026-11-25", opens="11:00", closes="20:00")
    issued(place.desk.issue("clearance", intention=new_intention()))
    place.days["2026-11-25"] = CalendarDay("2026-11-25", opens="15:00", closes="20:00")
    answer = refused(place.desk.issue("clearance", intention=new_intention()))
    assert (answer.opens_on, answer.opens_at, answer.opens_today) == (date(2026, 11, 25), "15:00", True)


def test_a_quota_counts_this_service_and_this_day(place: Place) -> None:
    place.overlay({"code": "water-bill", "daily_quota": 2})
    for _ in range(2):
        issued(place.desk.issue("water-bill", intention=new_intention()))
    answer = refused(place.desk.issue("water-bill", intention=new_intention()))
    assert answer.reason is Refusal.QUOTA_FULL
    assert refused(place.desk.availability(place.catalogue.services[9])).reason is Refusal.QUOTA_FULL
    issued(place.desk.issue("electricity-bill", intention=new_intention()))
    place.clock.pass_time(days=1)
    issued(place.desk.issue("electricity-bill", intention=new_intention()))  # opens the day
    issued(place.desk.issue("water-bill", intention=new_intention()))


def test_the_last_number_of_a_quota_goes_to_one_of_many(place: Place) -> None:
    place.overlay({"code": "water-bill", "daily_quota": 1})
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: place.desk.issue("water-bill", intention=new_intention()), range(8)))
    assert sum(isinstance(answer, Issued) for answer in answers) == 1


def test_a_store_of_another_machine_gives_no_numbers(place: Place) -> None:
    with place.store.write() as connection:
        connection.execute(update(tables.store).values(tickets_closed="machine"))
    assert refused(place.desk.issue("water-bill", intention=new_intention())).reason is Refusal.TICKETS_CLOSED


def test_no_day_and_no_trust_is_said_so(place: Place) -> None:
    place.clock.trust = "unknown"
    assert refused(place.desk.issue("water-bill", intention=new_intention())).reason is Refusal.NO_BUSINESS_DAY
    assert place.items("ticket") == 0


def test_a_store_that_takes_nothing_refuses_and_recovers(place: Place, tmp_path: Path) -> None:
    mark = tmp_path / "data" / "store.damaged"
    mark.write_text("test", encoding="utf-8")
    assert refused(place.desk.issue("water-bill", intention=new_intention())).reason is Refusal.STORE
    mark.unlink()
    assert issued(place.desk.issue("water-bill", intention=new_intention())).number == "C2001"


def test_the_information_desk_gives_numbers_without_a_letter(place: Place) -> None:
    assert issued(place.desk.issue("information", intention=new_intention())).number == "X2001"


def test_without_a_printer_printing_is_skipped(place: Place) -> None:
    ticket = issued(place.desk.issue("water-bill", intention=new_intention()))
    assert place.desk.print_ticket(ticket).state == "skipped"


def test_a_call_for_help_is_recorded_under_the_id_it_is_passed_on_by(place: Place) -> None:
    call = place.desk.call_help()
    assert isinstance(call, str)
    assert place.items("audit") == 2  # the store was opened, and the call


def test_a_ticket_survives_closing_and_opening(tmp_path: Path) -> None:
    clock = HandClock()
    intention = new_intention()
    with open_store(tmp_path / "data", clock) as store:
        first = issued(Place(store, clock, App()).desk.issue("water-bill", intention=intention))
    clock.wall = NOON + timedelta(minutes=5)
    with open_store(tmp_path / "data", clock) as store:
        again = issued(Place(store, clock, App()).desk.issue("water-bill", intention=intention))
    assert (again.id, again.number, again.is_repeated) == (first.id, first.number, True)


def test_a_priority_that_is_said_after_the_number_counts_who_comes_before_it_then(place: Place) -> None:
    few, many = Ahead(2, "12:00"), Ahead(12, "12:00", is_doubtful=True)
    place.desk = Desk(
        place.store, place.clock, catalogue=lambda: place.catalogue, centre="homs-main",
        giving=Giving(ahead=lambda _, *, preferred, closes: few if preferred else many),
    )  # fmt: skip
    plain = issued(place.desk.issue("clearance", intention=new_intention()))
    noted = place.desk.say_priority(plain, Priority.ELDERLY)
    assert isinstance(noted, Issued)
    assert noted.ahead == few


def test_a_number_for_an_earlier_paper_bears_its_claim_and_counts_nobody_before_it_is_judged(place: Place) -> None:
    place.desk = Desk(
        place.store, place.clock, catalogue=lambda: place.catalogue, centre="homs-main",
        giving=Giving(ahead=lambda *_, **__: Ahead(12, "12:00")),
    )  # fmt: skip
    claim = TicketClaim("carried", digits="07945635")
    plain = issued(place.desk.issue("clearance", intention=new_intention()))
    claimed = issued(place.desk.issue("clearance", intention=new_intention(), claim=claim))
    assert (plain.claim, plain.ahead) == (None, Ahead(12, "12:00"))
    assert (claimed.claim, claimed.ahead) == (claim, None)
    with place.store.read() as connection:
        items = tables.items.c
        bodies = connection.execute(select(items.body).where(items.kind == "ticket").order_by(items.row)).scalars()
        assert [recorded_body(body).claim for body in bodies] == [None, claim]


def test_a_quota_that_was_full_yesterday_refuses_nobody_this_morning(place: Place) -> None:
    place.overlay({"code": "water-bill", "daily_quota": 1})
    water = next(one for one in place.catalogue.services if one.code == "water-bill")
    issued(place.desk.issue("water-bill", intention=new_intention()))
    assert refused(place.desk.availability(water)).reason is Refusal.QUOTA_FULL
    place.clock.pass_time(days=1)
    assert place.desk.availability(water) is None, "the tile, before anybody has taken a number today"
    assert issued(place.desk.issue("water-bill", intention=new_intention())).business_day == "2026-11-26"
    assert refused(place.desk.issue("water-bill", intention=new_intention())).reason is Refusal.QUOTA_FULL
