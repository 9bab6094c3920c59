"""What the pages' programs read stands in each view under its name."""

from typing import Any, Final

import msgspec

from common.protocol.notice import Notice, Notices
from hub.api.live.views import board_view, counter_page_view, manager_view
from hub.sessions.sessions import Session
from tests.hub.hall import Hall
from tests.hub.hall import said as tell

BOARD: Final = [
    "hub", "term", "mark", "leading", "pages", "as_of", "business_day", "day_closed", "centre", "waiting",
    "group_names", "last_waits", "calls", "counters", "services", "stopped", "doubtful", "carried", "hubs", "notices",
]  # fmt: skip
AT_WORK: Final = ["recall_due", "alone_since", "follower_silent_s", "in_doubt"]
AWAY: Final = ["waiting_for", "parked", "missed", "help", "kiosks", "places", "defined"]
OF_SERVICES: Final = ["offered", "reasons", "books", "asks"]


def said(view: object) -> dict[str, Any]:
    read: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(view))
    return read


def test_every_page_is_sent_the_names_that_it_reads(hall: Hall) -> None:
    kiosk = hall.kiosks[0]
    kiosk.give("A")
    hall.press(1, "open")
    number = hall.called(1)
    with hall.hub.read() as look:
        board = said(board_view(look))
        counter = said(counter_page_view(look, Session("clerk-1", "clerk", 1, "0" * 64)))
        manager = said(manager_view(look, {"kiosk-2": 70}, {"kiosk-3": "2026-11-30"}))
    assert list(board) == BOARD
    assert board["group_names"]["A"] == {"ar": "الوثائق", "en": "Documents"}
    assert list(counter) == [
        *BOARD, "counter", "names", "groups", "clerk", "last_press", "must_resume", *AWAY, *OF_SERVICES,
        "carried_days", "passed_over", *AT_WORK,
    ]  # fmt: skip
    assert list(manager) == [
        *BOARD, "status", "rules", *AWAY, *OF_SERVICES, "over_issuing", "guessed", "ranges", "words", "today", *AT_WORK,
        "silent_kiosks", "holders", "held", "silent_hubs", "refused_days", "closes_early", "alarms",
    ]  # fmt: skip
    assert counter["kiosks"] == manager["kiosks"] == {"kiosk-1": 1, "kiosk-2": 2, "kiosk-3": 3}
    assert counter["places"] == manager["places"] == {"1": {"ar": "عند المدخل", "en": "at the entrance"}}
    assert list(counter["counter"]) == ["number", "state", "version", "ticket", "reason"]
    assert list(counter["counter"]["ticket"]) == [
        "id", "kiosk", "number", "service", "names", "waited_s", "priority", "ready_order", "called_at", "voided",
        "expected_at",
    ]  # fmt: skip
    assert counter["counter"]["ticket"]["number"] == board["calls"][0]["number"] == number
    assert manager["status"]["counters"][0] == {
        "number": 1, "state": "called", "clerk": "clerk-1", "ticket": number, "called": board["calls"][0]["at"],
    }  # fmt: skip
    assert manager["today"]["now"] == {"came": 1, "called": 1, "missed": 0, "wait_s": 0}


def test_the_board_is_sent_its_own_notices_while_the_clock_is_trusted(hall: Hall) -> None:
    def notice(name: str, place: str) -> Notice:
        return Notice(name, "2026-11-25T00:00:00+03:00", "2026-11-26T00:00:00+03:00", {"ar": "أ", "en": "a"}, [place])

    tell(hall.hub, Notices(None, [notice("card", "board"), notice("lift", "kiosk")]), 9)
    with hall.hub.read() as look:
        assert [(one["id"], one["from"]) for one in said(board_view(look))["notices"]] == [
            ("card", "2026-11-25T00:00:00+03:00")
        ]
    hall.clock.trust = "unknown"
    with hall.hub.read() as look:
        assert board_view(look).notices == []
