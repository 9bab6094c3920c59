"""Another day: booked by an inquiry, ended by its paper; each failure has words of its own."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select

from common.city.calendar import CentreHours
from common.city.catalogue import Hours
from kiosk.desk.answers import Booked
from kiosk.desk.claims.booking import Booking
from kiosk.prompts.booking import ChooseSeat, ClaimEnded, EndClaim, NotBooked, SeatBooked, WhoBooks
from kiosk.prompts.choosing import AboutServices, Done, ServiceInfo, ShowService, Start
from kiosk.prompts.claim import ClaimResult
from kiosk.prompts.ticket import TakeTicket
from kiosk.prompts.ui import Back, Home, Text, Trouble
from offline_store.disk import tables
from tests.kit.answering_rows import AnsweringRows
from tests.kit.appointments import APPOINTMENTS, MADE, SEATS
from tests.kit.claims import claim_at, code_of, make_known
from tests.kit.clock import NOON
from tests.visits.lobby import Lobby
from tests.visits.scripted_ui import Happens


@pytest.fixture
def rows(lobby: Lobby) -> Iterator[AnsweringRows]:
    make_known(lobby.place.store)
    lobby.booking = Booking(lobby.place.store, lobby.place.clock, lobby.tray)
    answering = AnsweringRows(lobby.place.store, APPOINTMENTS)
    yield answering
    answering.close()


TO_SERVICE = ((Start, "about"), (AboutServices, ShowService("clearance")), (ServiceInfo, "another_day"))
TO_TIME = (
    *TO_SERVICE, (ChooseSeat, "1"), (ChooseSeat, "2026-11-26"), (ChooseSeat, "11"),
    (ChooseSeat, "2026-11-26T11:30:00+03:00"),
)  # fmt: skip


async def test_day_hour_time_and_four_digits_are_an_appointment_on_paper(lobby: Lobby, rows: AnsweringRows) -> None:
    ui = await lobby.run(*TO_TIME, (WhoBooks, "1234"), (SeatBooked, Done()))
    booked = ui.last(SeatBooked)
    assert (f"{booked.day:%Y-%m-%d}", booked.time, booked.digits, booked.is_printed) == (
        "2026-11-26", "11:30", "12345674", True
    )  # fmt: skip
    assert [paper[0] for paper in lobby.tray.out] == ["12345674"]
    kinds = [kind for kind, _ in rows.asked]
    assert kinds == ["seats", "claim"]
    assert rows.asked[1][1] == {
        "service": "clearance", "at": "2026-11-26T11:30:00+03:00", "kind": "booked", "who": "1234"
    }  # fmt: skip
    with lobby.place.store.read() as connection:
        kept = str(connection.execute(select(tables.inquiries)).all())
    assert "1234" not in kept.replace(MADE["claim"], "")
    choices = [prompt.choices for prompt in ui.asked if isinstance(prompt, ChooseSeat)]
    assert [len(few) for few in choices] == [4, 2, 2, 1], "a time with nothing left is none"


async def test_a_family_is_shown_times_with_seats_one_behind_the_other(lobby: Lobby, rows: AnsweringRows) -> None:
    times = {"10:00": 1, "10:15": 0, "11:00": 1, "11:15": 1, "11:30": 2, "12:00": 4}
    seats = [{"at": f"2026-11-26T{at}:00+03:00", "minutes": 15, "left": left} for at, left in times.items()]
    rows.answers["seats"] = ("answered", {"seats": seats}, {})
    to_three = (*TO_SERVICE, (ChooseSeat, "3"), (ChooseSeat, "2026-11-26"), (ChooseSeat, "11"))
    ui = await lobby.run(*to_three, (ChooseSeat, "2026-11-26T11:00:00+03:00"), (WhoBooks, "1234"), (SeatBooked, Done()))
    shown = [[answer for answer, _ in one.choices] for one in ui.asked if isinstance(one, ChooseSeat)]
    assert shown == [["1", "2", "3", "4"], ["2026-11-26"], ["11"], ["2026-11-26T11:00:00+03:00"]]
    assert rows.asked[1][1]["people"] == 3
    assert ui.last(SeatBooked).people == 3
    ui = await lobby.run(*TO_SERVICE, (ChooseSeat, "4"), (NotBooked, Done()))
    assert ui.last(NotBooked).reason == Text("not_booked.none-for-so-many")


async def test_each_step_back_asks_the_one_before(lobby: Lobby, rows: AnsweringRows) -> None:
    ui = await lobby.run(
        *TO_TIME,
        (WhoBooks, Back()),
        (ChooseSeat, Back()),
        (ChooseSeat, Back()),
        (ChooseSeat, Back()),
        (ChooseSeat, Back()),
        (ServiceInfo, Home()),
    )
    assert [one.step for one in ui.asked if isinstance(one, ChooseSeat)] == [
        "people", "day", "hour", "time", "time", "hour", "day", "people"
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("state", "reason", "said"),
    [
        ("refused", "slot-full", "slot-full"),
        ("refused", "open-claim", "open-claim"),
        ("refused", "something-new", "refused"),
        ("failed", "no-network", "no-network"),
        ("withdrawn", "", "late"),
    ],
)
async def test_each_failure_has_words_of_its_own(
    lobby: Lobby, rows: AnsweringRows, state: str, reason: str, said: str
) -> None:
    rows.answers["claim"] = (state, {"reason": reason}, {})
    ui = await lobby.run(*TO_TIME, (WhoBooks, "1234"), (NotBooked, "help_ticket"), (TakeTicket, Done()))
    assert ui.last(NotBooked).reason == Text(f"not_booked.{said}")
    assert lobby.tray.out == [("X2001", False, "ar")]


async def test_who_is_too_late_for_a_seat_chooses_among_the_others_and_says_nothing_twice(
    lobby: Lobby, rows: AnsweringRows
) -> None:
    left = {"seats": [seat for seat in SEATS["seats"] if "11:30" not in str(seat)]}
    rows.steps["seats"] = [("answered", SEATS, {}), ("answered", left, {})]
    rows.steps["claim"] = [("refused", {"reason": "slot-full"}, {}), rows.answers["claim"]]
    ui = await lobby.run(
        *TO_TIME, (WhoBooks, "1234"), (NotBooked, "again"),
        (ChooseSeat, "2026-11-26"), (ChooseSeat, "10"), (ChooseSeat, "2026-11-26T10:00:00+03:00"),
        (SeatBooked, Done()),
    )  # fmt: skip
    assert ui.last(NotBooked).way_on == Text("not_booked.other_time")
    assert [kind for kind, _ in rows.asked] == ["seats", "claim", "seats", "claim"]
    assert rows.asked[3][1]["who"] == "1234"
    assert [one.step for one in ui.asked if isinstance(one, ChooseSeat)] == [
        "people", "day", "hour", "time", "day", "hour", "time"
    ]  # fmt: skip


async def test_who_was_not_answered_in_time_tries_again(lobby: Lobby, rows: AnsweringRows) -> None:
    rows.steps["seats"] = [("withdrawn", {}, {}), ("answered", SEATS, {})]
    ui = await lobby.run(*TO_SERVICE, (NotBooked, "again"), *TO_TIME[3:], (WhoBooks, "1234"), (SeatBooked, Done()))
    assert ui.last(NotBooked).way_on == Text("not_booked.again")


async def test_too_many_for_the_seats_that_are_left_may_be_fewer(lobby: Lobby, rows: AnsweringRows) -> None:
    ui = await lobby.run(
        *TO_SERVICE, (ChooseSeat, "4"), (NotBooked, "again"), *TO_TIME[3:], (WhoBooks, "1234"), (SeatBooked, Done())
    )
    assert ui.last(NotBooked).way_on == Text("not_booked.other_number")
    assert ui.last(SeatBooked).people == 1


async def test_no_answer_at_all_ends_by_itself(lobby: Lobby, rows: AnsweringRows) -> None:
    rows.close()

    async def time_passes() -> None:
        while not lobby.place.count(tables.inquiries):
            await lobby.time.advance(0)
        lobby.place.clock.pass_time(seconds=16)

    ui = await lobby.run(*TO_SERVICE, (NotBooked, Done()), meanwhile=time_passes)
    assert ui.last(NotBooked).reason == Text("not_booked.timed-out")


async def test_one_a_visit_and_six_an_hour(lobby: Lobby, rows: AnsweringRows) -> None:
    booking = lobby.booking
    assert booking is not None
    seats = booking.seats("clearance", lambda: False)
    assert isinstance(seats, list)
    made = [booking.book("clearance", seats[0], f"{n:04}", lambda: False) for n in range(7)]
    assert str(made[-1]) == "NotBooked(why='enough-here')"
    begun_again = Booking(lobby.place.store, lobby.place.clock)
    assert begun_again.book("clearance", seats[0], "9999", lambda: False) == made[-1], "a restart frees none"
    lobby.place.clock.pass_time(minutes=61)
    ui = await lobby.run(
        *TO_TIME,
        (WhoBooks, "1234"),
        (SeatBooked, Done()),
        *TO_TIME,
        (WhoBooks, "5678"),
        (SeatBooked, Done()),
    )
    assert len([one for one in ui.asked if isinstance(one, SeatBooked)]) == 2, "another visit may book again"


@pytest.mark.parametrize(
    ("centre", "service", "opens"),
    [("08:00", "08:00", "11:00"), ("11:15", "08:00", "11:15"), ("08:00", "11:30", "11:30")],
)
def test_nobody_is_told_to_come_before_it_is_open(
    lobby: Lobby, rows: AnsweringRows, centre: str, service: str, opens: str
) -> None:
    place = lobby.place
    place.overlay({"code": "clearance", "hours": {"opens": service, "closes": "14:00"}})
    open_hours = CentreHours(Hours(centre, "14:00"))
    booking = Booking(place.store, place.clock, None, lambda: place.catalogue, lambda: open_hours)
    seats = booking.seats("clearance", lambda: False)
    assert isinstance(seats, list)
    booked = booking.book("clearance", seats[1], "1234", lambda: False)
    assert isinstance(booked, Booked)
    assert f"{booked.moment:%H:%M} {booked.opens:%H:%M}" == f"11:30 {opens}"


async def test_its_paper_ends_it(lobby: Lobby, rows: AnsweringRows) -> None:
    code = code_of(claim_at(NOON + timedelta(days=1)))
    ui = await lobby.run(
        (Start, lobby.scans(code)),
        (ClaimResult, "end_claim"),
        (EndClaim, "confirm"),
        (ClaimEnded, Done()),
    )
    assert rows.asked == [("claim-cancel", {"code": code})]
    assert ui.last(EndClaim).time == "12:00"
    rows.answers["claim-cancel"] = ("answered", {"claim": MADE["claim"], "state": "arrived"}, {})
    ui = await lobby.run(
        (Start, lobby.scans(code)), (ClaimResult, "end_claim"), (EndClaim, "confirm"), (NotBooked, Done())
    )
    assert ui.last(NotBooked).reason == Text("not_booked.not-open")


async def test_a_machine_that_booked_often_says_so_and_nothing_of_the_person(lobby: Lobby, rows: AnsweringRows) -> None:
    rows.answers["claim"] = ("refused", {"reason": "too-many", "of": "machine"}, {})
    ui = await lobby.run(*TO_TIME, (WhoBooks, "1234"), (NotBooked, Done()))
    assert ui.last(NotBooked).reason == Text("not_booked.enough-here")


@pytest.mark.parametrize(
    "said",
    [("refused", "busy", "end_title"), ("failed", "no-network", "end_unknown"), ("withdrawn", "", "end_unknown")],
)
async def test_where_the_answer_to_an_end_was_lost_nobody_is_told_that_it_was_not_ended(
    lobby: Lobby, rows: AnsweringRows, said: tuple[str, str, str]
) -> None:
    state, reason, title = said
    rows.answers["claim-cancel"] = (state, {"reason": reason}, {})
    code = code_of(claim_at(NOON + timedelta(days=1)))
    ui = await lobby.run(
        (Start, lobby.scans(code)), (ClaimResult, "end_claim"), (EndClaim, "confirm"), (NotBooked, Done())
    )
    assert ui.last(NotBooked).title == Text(f"not_booked.{title}")
    assert ui.last(NotBooked).reason == Text(f"not_booked.{reason or 'timed-out'}")


async def test_without_seats_at_this_centre_nothing_is_offered(lobby: Lobby) -> None:
    lobby.booking = Booking(lobby.place.store, lobby.place.clock)
    lobby.place.overlay({"code": "clearance", "fee": {"amount_minor": 0}})
    ui = await lobby.run((Start, "about"), (AboutServices, ShowService("clearance")), (ServiceInfo, Home()))
    assert not ui.last(ServiceInfo).has_another_day


async def test_the_card_names_the_person_and_no_other_code_does(lobby: Lobby, rows: AnsweringRows) -> None:
    card = "سلمى#الحمصي#أحمد#فاطمة#حمص 1-2-1980#04010012345#".encode("cp1256")
    held = Happens(lambda: [lobby.scans(code).act() for code in ("no card", card)])
    await lobby.run(*TO_TIME, (WhoBooks, held), (SeatBooked, Done()))
    assert rows.asked[1][1]["who"] == "2345", "who types four digits is the same person"


async def test_who_books_is_asked_for_no_card_once_the_reader_has_gone(lobby: Lobby, rows: AnsweringRows) -> None:
    await lobby.run(
        *TO_TIME,
        (WhoBooks(has_reader=True), lobby.changes(scanner=Trouble.FAULT)),
        (WhoBooks(has_reader=False), "1234"),
        (SeatBooked, Done()),
    )
    assert rows.asked[1][1]["who"] == "1234"
