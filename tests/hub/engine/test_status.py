"""How the hub itself stands."""

from msgspec.structs import replace

from common.protocol.feed_message import ClerkRecord, HubRecord, Hubs
from common.protocol.queue.call import QueuedTicket
from hub.engine.status import OverIssuing, over_issuing
from hub.takeover.holders import Holder, follower_silent_s, holders, note_pull, silent_hubs
from hub.takeover.promotion import promote, yield_to
from tests.hub.hall import CENTRE, HUB_ID, Hall, said


def silent_s(hall: Hall) -> float | None:
    with hall.hub.read() as look:
        return follower_silent_s(look)


def test_a_standby_is_silent_since_it_last_pulled(hall: Hall) -> None:
    assert silent_s(hall) is None, "there never was one"
    hall.passes(100)
    with hall.act() as act:
        note_pull(act, "hub-0002", 5)
    assert silent_s(hall) == 0
    hall.passes(25)
    assert silent_s(hall) == 25


def test_each_standby_is_known_by_itself(hall: Hall) -> None:
    """One that pulls says nothing for another that is dead."""
    hubs = [
        HubRecord(name, f"http://127.0.0.1:{n}", "a" * 43 + "=")
        for n, name in enumerate((HUB_ID, "hub-2", "hub-3", "hub-4"))
    ]
    said(hall.hub, Hubs(CENTRE, hubs), 2)
    for name, through in (("hub-2", 3), ("hub-3", 4)):
        with hall.act() as act:
            note_pull(act, name, through)
    died_at = hall.clock.now().text
    hall.passes(600)
    with hall.act() as act:
        note_pull(act, "hub-3", 9)
    with hall.hub.read() as look:
        now, seq = look.stamp.text, look.seq
        assert silent_hubs(look) == {"hub-2": 600.0}
        assert follower_silent_s(look) == 600.0
        assert holders(look) == [
            Holder(HUB_ID, "leading", seq, now),
            Holder("hub-2", "following", 3, died_at),
            Holder("hub-3", "following", 9, now),
            Holder("hub-4", "following", None, None),
        ]
    yield_to(hall.hub, "hub-3", 9)
    with hall.hub.read() as look:
        assert holders(look) == [Holder(HUB_ID, "following", look.seq, look.stamp.text)]
    promote(hall.hub, ClerkRecord("manager-1", "هدى", "manager", "99", ""))
    assert silent_s(hall) is None, "they had followed another one"


def test_a_standby_that_was_stolen_is_missed_no_more_once_it_is_revoked(hall: Hall) -> None:
    hubs = [HubRecord(HUB_ID, "http://127.0.0.1:1", "a" * 43 + "="), HubRecord("hub-0002", "", "b" * 43 + "=")]
    with hall.act() as act:
        note_pull(act, "hub-0002", 5)
    hall.passes(25)
    said(hall.hub, Hubs(CENTRE, hubs), 2)
    assert silent_s(hall) == 25
    said(hall.hub, Hubs(CENTRE, [hubs[0], replace(hubs[1], revoked=True)]), 3)
    assert silent_s(hall) is None


def test_a_kiosk_that_gave_too_many_numbers_while_the_hub_was_off_is_named_too(hall: Hall) -> None:
    hasty, steady, _ = hall.kiosks
    told: dict[int, list[QueuedTicket]] = {0: [], 1: []}
    for _ in range(301):
        hall.passes(1.9)
        told[0].append(hasty.ticket())
        hall.passes(0.1)
        told[1] += [steady.ticket()] if len(told[1]) < 300 else []
    hall.passes(3600)
    for kiosk, tickets in ((hasty, told[0]), (steady, told[1])):
        assert kiosk.tell(*tickets[:200]).refused == kiosk.tell(*tickets[200:]).refused == []
    with hall.hub.read() as look:
        assert over_issuing(look) == [OverIssuing(hasty.record.id, 301)]
