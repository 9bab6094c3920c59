"""Which second brings what, while a hub leads, follows, and is promoted."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any, cast
from unittest import mock

import pytest
from sqlalchemy import insert, select, update
from structlog.testing import capture_logs

from hub.api.live import ticking
from hub.api.live.ticking import _Mark
from hub.api.server.presence import Reach
from hub.api.server.server import Serving
from hub.engine.act import FOLLOWING, LEADING
from hub.log import tables
from hub.settings import CentralSection, HubConfig, HubSection
from tests.hub.api.conftest import HUB_KEY
from tests.hub.hall import CENTRE, Hall


class Over(BaseException):
    """The seconds of a test are over."""


def mark(role: str = LEADING, *, feed: str | None = "1", term: int = 1, seq: int = 1) -> _Mark:
    return _Mark(feed, term, role, seq, 1, "day")


@pytest.fixture
def serving(hall: Hall) -> Serving:
    hall.hub.asks_first = False
    config = HubConfig(hub=HubSection(centre=CENTRE), central=CentralSection(url="http://127.0.0.1:1"))
    return Serving(hall.hub, config, HUB_KEY)


@pytest.fixture
def seconds(monkeypatch: pytest.MonkeyPatch, serving: Serving) -> Callable[..., Any]:
    """Let seconds pass, of which each finds a mark; tell what each of them did."""

    async def played(*marks: _Mark, failing: str = "") -> list[set[str]]:
        found, done = iter(marks), cast("list[set[str]]", [])

        def read(_: Serving) -> _Mark:
            said = next(found, None)
            if said is None:
                raise Over
            done.append(set())
            return said

        def notes(name: str) -> Callable[..., None]:
            return lambda *_, **__: done[-1].add(name)

        monkeypatch.setattr(ticking, "TICK_S", 0)
        monkeypatch.setattr(ticking, "_read_mark", read)
        own = (
            "_work",
            "_settle",
            "_follow_orders",
            "_follow",
            "_look_around",
            "_beat",
            "_renew_certificate",
            "keep_foretold",
            "forget_old",
        )
        for name in own:
            monkeypatch.setattr(ticking, name, notes(name.removeprefix("_")))
        if failing:
            monkeypatch.setattr(ticking, failing, mock.Mock(side_effect=ValueError))
        monkeypatch.setattr("hub.api.live.ticking.Recalling.ask", notes("recall"))
        monkeypatch.setattr(serving.changes, "note", notes("change"))
        with pytest.raises(Over):
            await ticking.tick(serving)
        return done

    return played


LEADS = {"work", "settle", "follow_orders"}
FIFTH = {"look_around", "keep_foretold", "beat"}
NEWS = {"renew_certificate", "change"}


async def test_a_hub_that_leads_looks_around_each_five_seconds_and_asks_central_each_minute(
    seconds: Callable[..., Any],
) -> None:
    done = await seconds(*[mark()] * 121)
    assert done[0] == {*LEADS, *FIFTH, *NEWS, "forget_old"}
    for number, what in enumerate(done[1:], 1):
        assert what == LEADS | (FIFTH if number % 5 == 0 else set()) | ({"recall"} if number in (59, 119) else set())


@pytest.mark.parametrize(
    "failing",
    [
        "_work",
        "_settle",
        "_follow_orders",
        "_look_around",
        "keep_foretold",
        "_beat",
        "forget_old",
        "_renew_certificate",
    ],
)
async def test_what_fails_in_a_second_keeps_nothing_else_from_being_done(
    seconds: Callable[..., Any], failing: str
) -> None:
    with capture_logs() as logged:
        done = await seconds(*[mark()] * 6, failing=failing)
    assert done[0] == {*LEADS, *FIFTH, *NEWS, "forget_old"} - {failing.removeprefix("_")}
    assert done[5] == (LEADS | FIFTH) - {failing.removeprefix("_")}
    assert [(one["event"], one["error"]) for one in logged] == [("second-interrupted", "ValueError")], "told once"


async def test_a_hub_that_could_not_ask_who_leads_records_nothing_and_goes_on_beating(
    monkeypatch: pytest.MonkeyPatch, serving: Serving, seconds: Callable[..., Any]
) -> None:
    async def ask_first(_: object) -> None:
        raise ValueError

    serving.hub.asks_first = True
    monkeypatch.setattr("hub.api.live.ticking.Recalling.ask_first", ask_first)
    assert await seconds(mark(), mark()) == [{"beat", *NEWS}, set()]


async def test_a_hub_that_follows_pulls_each_second_and_only_beats(seconds: Callable[..., Any]) -> None:
    done = await seconds(*[mark(FOLLOWING)] * 61)
    assert done[0] == {"follow", "beat", *NEWS}
    for number, what in enumerate(done[1:], 1):
        assert what == {"follow"} | ({"beat"} if number % 5 == 0 else set())


async def test_what_is_old_is_forgotten_at_the_beginning_and_each_hour_after_it(
    monkeypatch: pytest.MonkeyPatch, seconds: Callable[..., Any]
) -> None:
    monkeypatch.setattr(ticking, "RETENTION_TICKS", 7)
    done = await seconds(*[mark()] * 15)
    assert [number for number, what in enumerate(done) if "forget_old" in what] == [0, 7, 14]


async def test_a_hub_that_is_promoted_asks_central_at_once(
    seconds: Callable[..., Any],
) -> None:
    done = await seconds(mark(FOLLOWING), mark(LEADING, term=2), mark(LEADING, term=2), mark(FOLLOWING, term=3))
    assert done == [
        {"follow", "beat", *NEWS},
        {"work", "settle", "follow_orders", "recall", *NEWS},
        LEADS,
        {"follow", *NEWS},
    ]


async def test_central_is_asked_once_the_feed_moves_and_other_news_is_told_to_pages(
    seconds: Callable[..., Any],
) -> None:
    done = await seconds(mark(), mark(seq=2), mark(feed="2", seq=2), mark(feed="2", seq=2))
    assert done[1:] == [{*LEADS, *NEWS}, {*LEADS, *NEWS, "recall"}, LEADS]


def test_a_beat_writes_down_what_the_board_said_of_itself(hall: Hall, serving: Serving) -> None:
    columns = tables.state.c
    told = select(columns.board_heard_at, columns.board_speaks, columns.board_wanted_m, columns.board_serves_m)

    def beat() -> tuple[Any, ...]:
        ticking._beat(serving)
        with hall.hub.store.read() as connection:
            return tuple(connection.execute(told).one())

    with hall.hub.store.write() as connection:
        connection.execute(update(tables.state).values(board_heard_at="09:00", board_speaks=1, board_wanted_m=4.0))
    assert beat() == ("09:00", 0, 4.0, None), "what was heard before stays"
    serving.presence.board_heard_at = "09:05"
    with serving.presence.stream("board", "board-1", is_known=True, speaks=True, reach=Reach(7.5, 9.0)):
        assert beat() == ("09:05", 1, 7.5, 9.0)
    assert beat()[:2] == ("09:05", 0)


def test_all_other_hubs_heard_confirm_that_this_one_leads(monkeypatch: pytest.MonkeyPatch, serving: Serving) -> None:
    with serving.hub.any_act() as act:
        act.leads_alone(alone=True)
    for are_heard in (False, True):
        monkeypatch.setattr(serving.follower, "look_around", lambda heard=are_heard: heard)
        ticking._look_around(serving)
        with serving.hub.read() as look:
            assert (look.alone_since is None) is are_heard


def test_a_follower_looks_around_before_it_pulls(monkeypatch: pytest.MonkeyPatch, serving: Serving) -> None:
    done: list[str] = []
    for name in ("look_around", "pull"):
        monkeypatch.setattr(serving.follower, name, lambda name=name: done.append(name))
    ticking._follow(serving)
    assert done == ["look_around", "pull"]


@pytest.mark.parametrize("is_signed", [True, False])
@pytest.mark.parametrize("is_secure", [True, False])
def test_a_certificate_that_the_feed_brought_is_shown_from_then_on(
    monkeypatch: pytest.MonkeyPatch, serving: Serving, is_signed: bool, is_secure: bool
) -> None:
    shown: list[tuple[str, str]] = []
    asked: list[object] = []

    def take_signed(*given: object) -> bool:
        asked.append(given)
        return is_signed

    monkeypatch.setattr(ticking, "take_signed", take_signed)
    monkeypatch.setattr(ticking, "own_certificate", lambda _: SimpleNamespace(certificate="c", key="k"))
    tls = SimpleNamespace(load_cert_chain=lambda *given: shown.append(given))
    serving.tls = cast("Any", tls) if is_secure else None
    ticking._renew_certificate(serving)
    assert asked == [(serving.config, serving.own_record())]
    assert shown == ([("c", "k")] if is_signed and is_secure else [])


@pytest.mark.parametrize(
    ("is_waited_for", "works", "runs"), [(0, False, False), (1, False, True), (0, True, True), (1, True, True)]
)
@pytest.mark.parametrize("is_news", [True, False])
def test_each_second_working_time_runs_or_stands_and_the_day_that_is_due_is_opened(
    hall: Hall, monkeypatch: pytest.MonkeyPatch, serving: Serving, *, is_waited_for: int, works: bool, runs: bool,
    is_news: bool,
) -> None:  # fmt: skip
    done: list[object] = []
    monkeypatch.setattr(ticking, "work_goes_on", lambda hub, *, running: done.append((hub is hall.hub, running)))
    for name in ("settle_day", "follow_orders"):
        monkeypatch.setattr(ticking, name, lambda _act, name=name: done.append(name))
    monkeypatch.setattr(ticking, "has_news", lambda _: is_news)
    monkeypatch.setattr(serving.presence, "counters_work", lambda now_s: works and now_s == hall.clock.boottime())
    with hall.act() as act:
        row = {"number": 1, "state": "open", "version": 1, "must_resume": is_waited_for}
        act.connection.execute(insert(tables.counters).values(row))
    ticking._work(serving)
    ticking._settle(serving)
    ticking._follow_orders(serving)
    assert done == [(True, runs), "settle_day", *(["follow_orders"] if is_news else [])]


def test_a_beat_notes_where_the_clocks_and_working_time_stand(
    hall: Hall, monkeypatch: pytest.MonkeyPatch, serving: Serving
) -> None:
    noted: list[tuple[Any, ...]] = []
    monkeypatch.setattr("hub.api.live.ticking.timeline.beat", lambda _, *given: noted.append(given))
    hall.works()
    hall.passes(30)
    ticking._beat(serving)
    stamp = hall.clock.now()
    line_us = hall.hub.timeline.at(stamp)
    assert noted == [(hall.hub.timeline, hall.hub.work.at(line_us), stamp)]
