"""Polls: at once when an answer says that there is news, seldom when nobody has anything to say."""

from msgspec import UNSET

from offline_store.delivery.feed_pace import FeedPace
from tests.kit.delivering import Delivering


def test_without_marks_it_is_always_due_as_before() -> None:
    pace = FeedPace()
    pace.heard(0.0, 5, is_news=False)
    pace.told(UNSET)
    assert pace.is_due(0.0)
    assert pace.wait_s(0.0) == 20.0


def test_an_idle_kiosk_asks_ever_more_seldom_and_soon_again_after_news() -> None:
    pace, now, waits = FeedPace(), 0.0, []
    pace.told(5)
    for _ in range(10):
        assert pace.is_due(now)
        pace.heard(now, 5, is_news=False)
        assert not pace.is_due(now + 1)
        waits.append(pace.wait_s(now))
        now += waits[-1]
    assert waits == sorted(waits)
    assert (waits[0] > 20.0, waits[-1]) == (True, 180.0)
    pace.heard(now, 6, is_news=True)
    assert pace.wait_s(now) == 20.0


def test_a_mark_above_what_was_heard_makes_it_due_at_once() -> None:
    pace = FeedPace()
    pace.told(5)
    pace.heard(0.0, 5, is_news=False)
    pace.told(5)
    assert not pace.is_due(1.0)
    pace.told(6)
    assert pace.is_due(1.0)


def test_who_delivers_hears_of_news_with_it_and_does_not_ask_else(kiosk: Delivering) -> None:
    kiosk.central.marks = True
    kiosk.tickets(1)
    kiosk.forwarder._round()
    kiosk.central.calls.clear()
    kiosk.tickets(1)
    kiosk.forwarder._round()
    assert "feed" not in kiosk.central.calls, "nothing is due: the answer has said so"
    kiosk.central.publish("settings", {"volume": 3})
    kiosk.tickets(1)
    kiosk.forwarder._round()
    assert kiosk.central.calls.count("feed") == 1
    kiosk.central.calls.clear()
    kiosk.forwarder._round()
    assert kiosk.central.calls == ["feed"], "a round with nothing to deliver still meets central"


def test_each_pause_is_half_as_long_again_up_to_three_minutes() -> None:
    pace, waits = FeedPace(), []
    pace.told(0)
    assert pace.is_due(-1e9)
    assert pace.wait_s(0.0) == 1.0, "it is due"
    for _ in range(7):
        pace.heard(0.0, 5, is_news=False)
        waits.append(pace.wait_s(0.0))
    assert waits == [30, 45, 67.5, 101.25, 151.875, 180, 180]
    assert [pace.is_due(at) for at in (179.9, 180.0)] == [False, True]
    assert [pace.wait_s(at) for at in (100.0, 179.5, 200.0, -50.0)] == [80.0, 1.0, 1.0, 180.0]
    pace.heard(500.0, 6, is_news=True)
    assert (pace.wait_s(500.0), pace.is_due(519.9), pace.is_due(520.0)) == (20.0, False, True)
