"""What clerks, managers and kiosks see of claims: a time and counts, never a name; and one hub's answer to digits."""

from msgspec import to_builtins

from common.protocol.claim_feed import ClaimOfDay, ClaimsToday, SeatsOfDay
from common.protocol.queue.claim import TicketClaim
from common.protocol.queue.recall import QueueRecall, RecalledTicket
from hub.engine.glance.expected import Expected, expected
from hub.engine.views import counter_view
from hub.log.reading import find_counter
from hub.takeover.recalling import take_recall
from tests.hub.engine.carrying.days import told
from tests.hub.engine.promised.promises import Promises, shown
from tests.hub.hall import CENTRE, DAY, SERVICES, Hall


def test_a_counter_sees_the_time_of_an_appointment_and_nothing_else_of_it(hall: Hall) -> None:
    promises = Promises(hall)
    hall.press(1, "open")
    for claim, at in ((promises.claim(), "12:00"), (promises.afar(300), None)):
        hall.kiosks[0].give(claim=shown(claim))
        hall.called(1)
        with hall.hub.read() as look:
            view = counter_view(look, find_counter(look.connection, 1))
        assert view.ticket is not None
        assert view.ticket.expected_at == at
        assert claim.id not in str(to_builtins(view))
        hall.press(1, "came")
        hall.press(1, "done")


def test_a_manager_sees_planned_booked_arrived_and_missed_by_half_hour(hall: Hall) -> None:
    promises = Promises(hall)
    came, missed, later, gone = (promises.claim(in_s) for in_s in (0, 60, 3600 + 900, 120))
    open_ = [
        ClaimOfDay(one.id, "0" * 16, one.service, "A", "booked", one.at, 15, 30, one.expires)
        for one in (missed, later, gone)
    ]
    seats = [SeatsOfDay("A", came.at, 3), SeatsOfDay("B", came.at + 900, 2), SeatsOfDay("A", later.at, 4)]
    promises.say(ClaimsToday(CENTRE, DAY, "ab" * 16, open_, seats))
    hall.kiosks[0].give(claim=shown(came))  # central has heard of it already
    hall.kiosks[0].give(claim=shown(gone))  # and of this one not yet
    with hall.hub.read() as look:
        assert expected(look) == [Expected("12:00", 5, 3, 2, 0), Expected("13:00", 4, 1, 0, 0)]
    hall.passes(3600 + 61)
    with hall.hub.read() as look:
        assert expected(look)[0] == Expected("12:00", 5, 3, 2, 1)


def test_a_hub_that_lost_its_log_gives_nobody_the_place_of_who_was_called(hall: Hall) -> None:
    promises = Promises(hall)
    claim = promises.claim()
    first = hall.kiosks[0].ticket(claim=shown(claim))
    second = hall.kiosks[1].ticket(claim=shown(claim))
    with hall.act() as act:
        act.connection.exec_driver_sql("UPDATE hub_state SET recall_due = 1")
    hall.kiosks[1].tell(second)  # a copy that was shown later is told of first
    recalled = RecalledTicket(
        id=first.id, kiosk="kiosk-1", number=first.number, service=SERVICES["A"], business_day=DAY,
        issued_at=first.wall_time, state="called", counter=1, called_at=first.wall_time,
        claim=TicketClaim("booked", id=claim.id),
    )  # fmt: skip
    with hall.act() as act:
        act.recalled()
        take_recall(act, QueueRecall([recalled]))
    assert (hall.ticket(first.id).claim, hall.ticket(second.id).claim) == ("good", "used")
    assert told(hall.kiosks[0], first).claim == "good"


def test_a_hub_that_lost_its_log_gives_a_place_again_whose_first_number_was_taken_back(hall: Hall) -> None:
    claim = Promises(hall).claim()
    first = hall.kiosks[0].ticket(claim=shown(claim))
    recalled = RecalledTicket(
        id=first.id, kiosk="kiosk-1", number=first.number, service=SERVICES["A"], business_day=DAY,
        issued_at=first.wall_time, state="ended", end="voided", claim=TicketClaim("booked", id=claim.id),
    )  # fmt: skip
    with hall.act() as act:
        take_recall(act, QueueRecall([recalled]))
    assert told(hall.kiosks[1], hall.kiosks[1].ticket(claim=shown(claim))).claim == "good"
