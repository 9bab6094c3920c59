"""How a hub takes another's log: page by page, from where both agree, and its own back from a standby."""

from typing import Any

import pytest
from sqlalchemy import update
from structlog.testing import capture_logs

from hub.engine.act import LEADING
from hub.log import tables
from hub.takeover import following
from hub.takeover.following import Follower
from hub.takeover.peers import PeerSilent, Statement
from hub.takeover.replica import UNFINISHED, LogPage, Promoted, digest_at
from tests.hub.hall import Hall
from tests.hub.takeover.asked import Peer, leads, page, recovers, states


def test_a_log_is_pulled_page_by_page_up_to_its_end(follower: Follower, taken: list[Any]) -> None:
    assert (follower.pull(), Peer.pulled) == (0, [])
    pages = {0: page(1, 2, head=5), 2: page(3, 4, head=5), 4: page(5, head=5)}
    Peer.pages = pages.__getitem__
    leads(follower)
    assert follower.pull() == 5
    assert (Peer.pulled, taken) == ([0, 2, 4], [(0, 2, None), (2, 2, None), (4, 1, None)])
    pages[0] = page(head=5)
    taken.clear()
    assert follower.pull(recovers=LEADING) == 0
    assert taken == [(0, 0, LEADING)], "a page without events ends it"


def test_of_one_second_only_so_many_pages_are_pulled(
    follower: Follower, taken: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(following, "MAX_PAGES", 3)
    Peer.pages = lambda after: page(after + 1, head=99)
    leads(follower)
    assert follower.pull() == len(taken) == 3


def test_a_leader_that_falls_silent_is_named_and_followed_no_more(follower: Follower, taken: list[Any]) -> None:
    def pages(after: int) -> LogPage:
        if after:
            raise PeerSilent("gone")
        return page(1, head=5)

    Peer.pages = pages
    leads(follower)
    with capture_logs() as logged:
        assert follower.pull() == 1
    assert (follower.leader, len(taken)) == (None, 1)
    assert logged == [{"event": "hub-silent", "log_level": "warning", "hub": "hub-b", "reason": "gone"}]


def test_a_hub_that_was_promoted_meanwhile_follows_nobody(
    follower: Follower, monkeypatch: pytest.MonkeyPatch, taken: list[Any]
) -> None:
    Peer.pages = lambda _: page(1, head=1)
    leads(follower)

    def promoted(*_: object, **__: object) -> int:
        raise Promoted

    monkeypatch.setattr(following, "take_page", promoted)
    assert (follower.pull(), follower.leader, taken) == (0, None, [])


def test_two_logs_are_compared_ever_further_back_until_both_agree(
    hall: Hall, follower: Follower, taken: list[Any]
) -> None:
    with hall.act() as act:
        for _ in range(12):
            act.record("arrived")
        end = act.seq
    with hall.hub.store.read() as connection:
        agreed = digest_at(connection, end - 3)
    Peer.pages = lambda after: page(head=end, before=agreed if after == end - 3 else "another")
    leads(follower)
    follower.pull()
    assert (Peer.pulled, taken) == ([end, end - 1, end - 3], [(end - 3, 0, None)])
    Peer.pulled.clear()
    Peer.pages = lambda _: page(head=end, before="another")
    follower.pull()
    assert Peer.pulled == [end, end - 1, end - 3, end - 7, 0]


@pytest.mark.parametrize(
    ("b", "c", "source"),
    [
        ((1, False, 9), (1, False, 8), "hub-b"),
        ((1, False, 9), (2, False, 8), "hub-b"),
        ((1, False, 9), (1, True, 99), "hub-b"),
        ((1, False, 0), None, None),
        (None, (1, True, 9), None),
        (None, None, None),
    ],
)
def test_what_is_lacked_is_taken_from_the_standby_that_has_most(
    hall: Hall, follower: Follower, taken: list[Any], monkeypatch: pytest.MonkeyPatch, b: Any, c: Any,
    source: str | None,
) -> None:  # fmt: skip
    led: list[bool] = []
    monkeypatch.setattr(following, "lead_on", lambda _, *, above, lacks: led.append(lacks))
    for hub, one in (("hub-b", b), ("hub-c", c)):
        Peer.says[hub] = None if one is None else Statement(hub, one[0], one[1], "", one[2])
    Peer.pages = lambda _: page(1, 2, head=2)
    with capture_logs() as logged:
        assert recovers(follower) == (0 if source is None else 2)
    restored = [one for one in logged if one["event"] == "restored"]
    if source is None:
        assert (taken, led, restored) == ([], [], [])
        return
    assert taken == [(0, 2, LEADING)]
    assert led == [False]
    assert restored == [{"event": "restored", "log_level": "warning", "source": source, "events": 2}]
    with hall.hub.store.write() as connection:
        connection.execute(update(tables.state).values(role="following"))
    assert recovers(follower) == 0, "only a hub that leads takes its own log back"


@pytest.mark.parametrize(("recall_due", "is_unfinished"), [(0, False), (1, False), (UNFINISHED, True)])
def test_a_log_that_came_back_in_part_is_led_on_with_though_nothing_more_comes(
    hall: Hall, follower: Follower, taken: list[Any], monkeypatch: pytest.MonkeyPatch, recall_due: int,
    is_unfinished: bool,
) -> None:  # fmt: skip
    led: list[bool] = []
    monkeypatch.setattr(following, "lead_on", lambda _, *, above, lacks: led.append(lacks))
    with hall.hub.store.write() as connection:
        connection.execute(update(tables.state).values(recall_due=recall_due))
    Peer.says["hub-b"] = states("hub-b", 1, leading=False)
    Peer.pages = lambda _: page(head=0)
    assert (follower.is_unfinished(), recovers(follower)) == (is_unfinished, 0)
    assert (led, taken) == (([False], [(0, 0, LEADING)]) if is_unfinished else ([], []))


def test_nothing_is_taken_in_the_place_of_a_press_and_a_silent_standby_has_nothing(
    hall: Hall, follower: Follower, taken: list[Any]
) -> None:
    Peer.says["hub-b"] = states("hub-b", 1, leading=False)
    Peer.pages = lambda _: page(1, 2, head=2)
    hall.press(1, "open")
    assert (recovers(follower), taken) == (0, [])

    def silent(_: int) -> LogPage:
        raise PeerSilent("gone")

    Peer.pages = silent
    with capture_logs() as logged:
        assert recovers(follower) == 0
    assert logged == [{"event": "hub-silent", "log_level": "warning", "hub": "hub-b", "reason": "gone"}]


def test_what_comes_behind_the_last_press_that_both_have_is_taken(
    hall: Hall, follower: Follower, taken: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(following, "lead_on", lambda *_, **__: None)
    hall.press(1, "open")
    with hall.hub.read() as look:
        end, agreed = look.seq, digest_at(look.connection, look.seq)
    Peer.says["hub-b"] = states("hub-b", 1, leading=False)
    Peer.pages = lambda _: page(end + 1, head=end + 1, before=agreed)
    assert recovers(follower) == 1
    assert taken == [(end, 1, LEADING)]


def test_nobody_leads_on_with_a_part_of_a_log_whose_rest_fell_silent(
    follower: Follower, taken: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    led: list[bool] = []
    monkeypatch.setattr(following, "lead_on", lambda _, *, above, lacks: led.append(lacks))

    def pages(after: int) -> LogPage:
        if after:
            raise PeerSilent("gone")
        return page(1, head=5)

    Peer.says["hub-b"] = states("hub-b", 1, leading=False)
    Peer.pages = pages
    assert (recovers(follower), led) == (1, [])
    assert taken == [(0, 1, LEADING)]
