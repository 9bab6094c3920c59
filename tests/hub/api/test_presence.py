"""Who is connected: streams counted while they are open, boards and kiosks heard, and counters that work."""

import contextlib

import pytest

from common.web.problem import Problem
from hub.api.server.presence import Presence, Reach


def test_streams_are_counted_by_view_while_they_are_open() -> None:
    here = Presence()
    with here.stream("counter", "one", is_known=True), here.stream("board", "10.0.0.9", is_known=False):
        with here.stream("board", "10.0.0.9", is_known=False):
            assert here.streams == {"counter": 1, "board": 2}
        assert here.streams == {"counter": 1, "board": 1}
    assert here.streams == {}


def test_one_client_has_four_streams_at_most_and_the_fifth_is_refused() -> None:
    here = Presence()
    with contextlib.ExitStack() as opened:
        for _ in range(4):
            opened.enter_context(here.stream("counter", "one", is_known=True))
        with pytest.raises(Problem) as refused, here.stream("counter", "one", is_known=True):
            pass
        opened.enter_context(here.stream("counter", "two", is_known=True))
        assert here.streams == {"counter": 5}
    error = refused.value
    assert (error.status_code, error.code, error.detail) == (
        429, "too-many-streams", "close another page of this hub first",
    )  # fmt: skip
    assert error.headers == {"Retry-After": "5"}
    with here.stream("counter", "one", is_known=True):
        assert here.streams == {"counter": 1}, "places that were left are free"


def test_forty_strangers_are_let_in_and_who_is_known_beside_them() -> None:
    here = Presence()
    with contextlib.ExitStack() as opened:
        for number in range(40):
            opened.enter_context(here.stream("board", f"10.0.0.{number}", is_known=False))
        with pytest.raises(Problem), here.stream("board", "10.0.1.1", is_known=False):
            pass
        opened.enter_context(here.stream("board", "10.0.1.2", is_known=True))
        assert here.streams == {"board": 41}
    with here.stream("board", "10.0.1.1", is_known=False):
        assert here.streams == {"board": 1}


def test_a_board_speaks_and_tells_its_reach_only_where_it_counts() -> None:
    here = Presence()
    near, far, short = Reach(5.0, 9.0), Reach(12.0, 14.0), Reach(8.0, 7.0)

    def told() -> tuple[bool, Reach | None]:
        return here.board_speaks, here.board_reach

    assert told() == (False, None)
    with here.stream("board", "a", is_known=False, speaks=True, reach=short):
        assert told() == (False, None)
        with here.stream("board", "b", is_known=True, speaks=True, reach=near):
            assert told() == (True, near)
            with here.stream("board", "c", is_known=True, reach=far):
                assert here.board_reach == far, "that falls shortest of its hall"
                with here.stream("board", "d", is_known=True, reach=short):
                    assert here.board_reach == short
            assert here.board_reach == near
        assert told() == (False, None)


def test_a_stream_that_fails_is_no_longer_there() -> None:
    here = Presence()
    with pytest.raises(ZeroDivisionError), here.stream("board", "a", is_known=True, speaks=True):
        raise ZeroDivisionError
    assert (here.streams, here.board_speaks) == ({}, False)


def test_counters_work_while_a_page_is_there_and_for_a_minute_after_a_press() -> None:
    here = Presence()
    assert not here.counters_work(0.0)
    with here.stream("counter", "one", is_known=True):
        assert here.counters_work(500.0)
    with here.stream("board", "two", is_known=True):
        assert not here.counters_work(500.0)
    here.pressed(500.0)
    assert [here.counters_work(at) for at in (500.0, 559.9, 560.0)] == [True, True, False]


def test_a_kiosk_is_silent_that_was_not_heard_for_half_a_minute_since_the_hub_looks() -> None:
    here = Presence()
    both = ("kiosk-1", "kiosk-2")
    assert here.silent_kiosks(both, 100.0) == {}
    here.kiosk_heard("kiosk-1", 110.0)
    assert here.silent_kiosks(both, 130.0) == {}
    assert here.silent_kiosks(both, 130.5) == {"kiosk-2": 30}
    assert here.silent_kiosks(both, 145.9) == {"kiosk-1": 35, "kiosk-2": 45}
    assert here.silent_kiosks(("kiosk-1",), 145.9) == {"kiosk-1": 35}
    here.kiosk_heard("kiosk-2", 145.9)
    assert here.silent_kiosks(both, 146.0) == {"kiosk-1": 36}


def test_a_day_that_is_not_believed_is_named_until_it_is() -> None:
    here = Presence()
    here.note_day("kiosk-1", "2027-01-05")
    here.note_day("kiosk-2", "2027-01-06")
    assert here.refused_days(["kiosk-1", "kiosk-3"]) == {"kiosk-1": "2027-01-05"}
    here.note_day("kiosk-1", None)
    here.note_day("kiosk-3", None)
    assert here.refused_days(["kiosk-1", "kiosk-2"]) == {"kiosk-2": "2027-01-06"}
