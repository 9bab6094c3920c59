"""How the hub says that things stand: each answer whole, and lists up to their bounds."""

from typing import Any

import pytest
from sqlalchemy import insert, update

from hub.engine.act import FOLLOWING
from hub.engine.status import (
    Away,
    BoardHeard,
    CounterStatus,
    HelpCall,
    OverIssuing,
    Status,
    Waiting,
    away,
    board_reach_m,
    board_silent_s,
    centre_names,
    last_waits_s,
    names_of,
    oldest_wait_s,
    open_help,
    over_issuing,
    status,
    waiting_list,
    waiting_of_all,
)
from hub.log import tables
from hub.log.authors import Led
from tests.hub.hall import DAY, HUB_ID, Hall
from tests.hub.kept_tickets import keep

S = 1_000_000


def test_a_hub_that_leads_unheard_says_since_when_and_one_that_follows_never_does(hall: Hall) -> None:
    since = hall.clock.now().text
    for _ in range(2):
        with hall.hub.any_act() as act:
            act.leads_alone(alone=True)
        hall.passes(60)
        with hall.hub.read() as look:
            assert status(look).alone_since == since
    with hall.act() as act:
        act.connection.execute(update(tables.state).values(role=FOLLOWING))
    with hall.hub.read() as look:
        assert status(look).alone_since is None
    with hall.hub.any_act() as act:
        act.leads_alone(alone=True)
        assert act.alone_since is None


def test_a_hub_says_how_its_queue_stands_whole(hall: Hall) -> None:
    led = Led(1, HUB_ID, None, hall.clock.now().text)
    with hall.hub.read() as look:
        assert status(look) == Status(
            term=1, role="leading", life=hall.hub.life, led=led, alone_since=None, business_day=None,
            waiting={}, oldest_s=0, board=None,
            counters=[CounterStatus(number, "closed", None, None, None) for number in (1, 2, 3)],
        )  # fmt: skip
    hall.press(1, "open")
    hall.press(2, "open")
    hall.press(2, "close")
    hall.passes(10)
    first = hall.kiosks[0].give("A")
    hall.passes(20)
    hall.kiosks[0].give("C")
    hall.passes(40)
    called_at = hall.clock.now().text
    assert hall.called(1) == first.number
    hall.passes(30.9)
    with hall.hub.store.write() as connection:
        connection.execute(update(tables.state).values(board_heard_at="2026-11-25T09:00:10Z", board_speaks=1))
    with hall.hub.read() as look:
        assert status(look) == Status(
            term=1, role="leading", life=hall.hub.life, led=led, alone_since=None, business_day=DAY,
            waiting={"C": 1}, oldest_s=70,
            counters=[
                CounterStatus(1, "called", "clerk-1", "A1001", called_at),
                CounterStatus(2, "closed", None, None, None),
                CounterStatus(3, "closed", None, None, None),
            ],
            board=BoardHeard("2026-11-25T09:00:10Z", True),
        )  # fmt: skip
        assert board_silent_s(look) == 90
        assert waiting_of_all(look) == {"A": 0, "B": 0, "C": 1}
        assert last_waits_s(look) == {"A": 60}
        assert oldest_wait_s(look) == 70
        assert waiting_list(look) == [
            Waiting(number="C1001", service="water-bill", names=names_of(look, "water-bill"), group="C", waited_s=70)
        ]
        assert names_of(look, "of-nobody") == {"ar": "of-nobody", "en": "of-nobody"}
        assert names_of(look, "water-bill")["en"] == "Pay a water bill"
        assert centre_names(look).keys() == {"ar", "en"}


def test_a_board_is_silent_since_it_was_heard_and_says_how_far_it_can_be_read(hall: Hall) -> None:
    def told(**values: Any) -> tuple[int | None, tuple[float, float] | None]:
        with hall.hub.store.write() as connection:
            connection.execute(update(tables.state).values(**values))
        with hall.hub.read() as look:
            return board_silent_s(look), board_reach_m(look)

    assert told(board_speaks=0) == (None, None)
    assert told(board_heard_at="2026-11-25T08:58:59.5Z", board_wanted_m=7.5, board_serves_m=9.0) == (60, (7.5, 9.0))
    assert told(board_heard_at="2026-11-25T09:00:10Z")[0] == 0, "by a clock that was set back"


def test_who_is_away_is_listed_the_latest_first(hall: Hall) -> None:
    hall.press(1, "open")
    given = [hall.kiosks[0].give("A") for _ in range(3)]
    for where in ("upstairs", None, "cashier"):
        hall.called(1)
        hall.press(1, "park", where=where)
        hall.passes(1)
    first, second, third = given
    with hall.hub.read() as look:
        parked = [
            Away(third.id, "A1003", "cashier"),
            Away(second.id, "A1002", None),
            Away(first.id, "A1001", "upstairs"),
        ]
        assert away(look, "parked") == parked
        assert away(look, "missed") == []


def test_those_who_wait_and_those_who_are_away_are_listed_up_to_a_bound(hall: Hall) -> None:
    hall.kiosks[0].give("A")
    with hall.hub.read() as look:
        day = look.day
    keep(hall, *({"day": day, "state": "parked", "called_line": n} for n in range(101)))
    keep(hall, *({"day": day, "state": "waiting", "number": f"A1{n:03}", "kiosk_seq": n} for n in range(2, 502)))
    with hall.hub.read() as look:
        assert len(away(look, "parked")) == 100
        assert len(waiting_list(look)) == 500


@pytest.mark.parametrize(("within_s", "is_named"), [(600, True), (601, False)])
def test_more_than_three_hundred_numbers_in_ten_minutes_are_too_many(hall: Hall, within_s: int, is_named: bool) -> None:
    hall.kiosks[0].give("C")
    with hall.hub.read() as look:
        day = look.day
    keep(hall, *[{"day": day, "kiosk": "kiosk-2", "arrived_line": within_s * S}] * 300)
    keep(hall, *[{"day": day, "kiosk": "kiosk-3", "arrived_line": 0}] * 300)
    with hall.hub.read() as look:
        assert over_issuing(look) == []
    keep(hall, {"day": day, "kiosk": "kiosk-2", "arrived_line": 0})
    with hall.hub.read() as look:
        assert over_issuing(look) == ([OverIssuing("kiosk-2", 301)] if is_named else [])


def test_calls_for_staff_are_open_for_an_hour_until_somebody_has_seen_them(hall: Hall) -> None:
    hall.passes(3601)
    with hall.hub.read() as look:
        now_us = look.line_us
    rows: list[dict[str, Any]] = [
        {"id": "new", "asked_line": now_us}, {"id": "seen", "asked_line": now_us, "seen_by": "clerk-1"},
        {"id": "just", "asked_line": now_us - 3600 * S + 1}, {"id": "old", "asked_line": now_us - 3600 * S},
    ]  # fmt: skip
    with hall.hub.store.write() as connection:
        for row in rows:
            plain = {"kiosk": "kiosk-1", "asked_at": "12:00", "seen_by": None}
            connection.execute(insert(tables.help_calls).values(plain | row))
        more = [plain | {"id": f"more-{n:02}", "asked_line": now_us + n} for n in range(1, 20)]
    with hall.hub.read() as look:
        assert open_help(look) == [HelpCall("just", "kiosk-1", "12:00"), HelpCall("new", "kiosk-1", "12:00")]
    with hall.hub.store.write() as connection:
        connection.execute(insert(tables.help_calls), more)
    with hall.hub.read() as look:
        assert [one.id for one in open_help(look)] == ["just", "new", *(f"more-{n:02}" for n in range(1, 19))]
