"""Who was carried over is known to every hub that may lead: by the log, by central's recall, by a counter's answer."""

from pathlib import Path

import pytest

from common.protocol.queue.call import QueuedTicket
from common.protocol.queue.claim import TicketClaim
from common.protocol.queue.recall import QueueRecall, RecalledTicket
from hub.takeover.promotion import promote
from hub.takeover.recalling import take_recall
from hub.takeover.resuming import Heard, resume
from tests.hub.engine.carrying.days import by_digits, by_id, closes, gives, goes_home, today, told
from tests.hub.engine.presses.test_giving import begun_again
from tests.hub.hall import HUB_ID, Hall, open_hall
from tests.hub.standby import open_standby, pull
from tests.hub.takeover.test_resuming import MANAGER

TOKEN = "ab" * 32


def recalled(ticket: QueuedTicket, kiosk: str = "kiosk-1", claim: TicketClaim | None = None) -> RecalledTicket:
    """What central knows of a ticket that was carried over from the day before; of one with a claim, that it waits."""
    if claim is not None:
        return RecalledTicket(
            id=ticket.id, kiosk=kiosk, number=ticket.number, service=ticket.service, state="called", claim=claim,
            business_day=ticket.business_day, issued_at=ticket.wall_time, called_at=ticket.wall_time, counter=1,
        )  # fmt: skip
    return RecalledTicket(
        id=ticket.id, kiosk=kiosk, number=ticket.number, service=ticket.service, business_day=ticket.business_day,
        issued_at=ticket.wall_time, state="ended", end="carried", first_day="2026-11-26", last_day="2026-11-28",
        token_sha256=ticket.token_sha256,
    )  # fmt: skip


@pytest.fixture
def evening(tmp_path: Path) -> tuple[Hall, list[QueuedTicket]]:
    """A hub that carried two people over, and lies in its folder."""
    hall = open_hall(tmp_path / "hub")
    hall.set_up({1: ["B"]})
    hall.works()
    old = []
    for token in (TOKEN, None):
        old.append(gives(hall.kiosks[0], "B", token_sha256=token))
        hall.passes(60)
    closes(hall)
    goes_home(hall)
    hall.hub.store.close()
    return hall, old


def test_a_hub_that_lost_its_log_hears_from_central_who_was_carried(
    evening: tuple[Hall, list[QueuedTicket]], tmp_path: Path
) -> None:
    former, (first, second) = evening
    with begun_again(tmp_path / "hub", former.clock) as hall:
        hall.works()
        newcomer = gives(hall.kiosks[1], "B")
        hall.passes(5)
        shown = hall.kiosks[2].ticket("B", business_day=today(hall), claim=by_digits(second))
        assert told(hall.kiosks[2], shown).claim is None, "nobody can tell yet"
        with hall.act() as act:
            take_recall(act, QueueRecall([recalled(first), recalled(second)]))
            act.recalled()
        assert told(hall.kiosks[2], shown).claim == "good"
        by_token = TicketClaim("carried", token_sha256=TOKEN)
        older = hall.kiosks[1].ticket("B", business_day=today(hall), claim=by_token)
        assert told(hall.kiosks[1], older).claim == "good"
        hall.press(1, "open")
        assert [hall.called(1) for _ in range(3)] == [older.number, newcomer.number, shown.number]
        given = hall.press(
            1, "give", service="clearance", earlier={"number": first.number, "day": "2026-11-25"}, expect=409
        )
        assert given["type"] == "/problems/claim-used", "its number and date are known too"


def test_a_claim_that_was_used_before_the_log_was_lost_is_used(
    evening: tuple[Hall, list[QueuedTicket]], tmp_path: Path
) -> None:
    former, (first, _) = evening
    with begun_again(tmp_path / "hub", former.clock) as hall:
        hall.works()
        used = hall.kiosks[1].ticket("B", business_day=today(hall), claim=by_id(first))
        with hall.act() as act:
            take_recall(act, QueueRecall([recalled(first), recalled(used, "kiosk-2", by_id(first))]))
            act.recalled()
        again = hall.kiosks[2].ticket("B", business_day=today(hall), claim=by_id(first))
        assert told(hall.kiosks[2], again).claim == "used"
        assert told(hall.kiosks[1], used).claim == "good", "the kiosk tells of it after central"


def test_where_a_manager_does_not_wait_for_central_places_are_ordinary(
    evening: tuple[Hall, list[QueuedTicket]], tmp_path: Path
) -> None:
    former, (first, _) = evening
    with begun_again(tmp_path / "hub", former.clock) as hall:
        shown = hall.kiosks[1].ticket("B", business_day=today(hall), claim=by_id(first))
        assert told(hall.kiosks[1], shown).claim is None
        promote(hall.hub, MANAGER)
        assert told(hall.kiosks[1], shown).claim == "unknown"


def test_a_standby_that_takes_over_knows_them_by_the_log(hall: Hall, tmp_path: Path) -> None:
    old = [gives(hall.kiosks[0]), gives(hall.kiosks[0])]
    closes(hall)
    goes_home(hall)
    used = gives(hall.kiosks[1], claim=by_id(old[0]))
    standby = open_standby(tmp_path / "hub-2", hall.clock, {1: ["A", "B"]})
    pull(standby, hall)
    promote(standby.hub, MANAGER)
    standby.kiosks = hall.kiosks
    for kiosk in hall.kiosks:
        kiosk.hall = standby
    assert told(hall.kiosks[1], used).claim == "good"
    shown = [hall.kiosks[2].ticket(business_day=today(hall), claim=by_id(one)) for one in old]
    assert [told(hall.kiosks[2], one).claim for one in shown] == ["used", "good"]
    standby.hub.store.close()


def test_a_clerk_reads_number_and_date_of_a_paper_and_gives_its_place(hall: Hall) -> None:
    (old,) = [gives(hall.kiosks[0])]
    closes(hall)
    goes_home(hall)
    hall.press(1, "open")
    newcomer = gives(hall.kiosks[1])
    paper = {"number": old.number, "day": "2026-11-25"}
    for wrong in ({"number": "A1009", "day": "2026-11-25"}, {"number": old.number, "day": "2026-11-24"}):
        refused = hall.press(1, "give", service="civil-affairs", earlier=wrong, expect=409)
        assert refused["type"] == "/problems/claim-unknown"
    given = hall.press(1, "give", service="civil-affairs", earlier=paper)["given"]
    assert (given["number"], given["claimed"]) == ("A0001", old.id)
    assert hall.press(1, "give", service="civil-affairs", earlier=paper, expect=409)["type"] == "/problems/claim-used"
    shown = hall.kiosks[2].ticket(business_day=today(hall), claim=by_id(old))
    assert told(hall.kiosks[2], shown).claim == "used"
    assert [hall.called(1) for _ in range(2)] == ["A0001", newcomer.number]


def test_a_place_given_by_a_clerk_before_a_take_over_is_given_there_too(hall: Hall, tmp_path: Path) -> None:
    old = gives(hall.kiosks[0])
    closes(hall)
    goes_home(hall)
    hall.press(1, "open")
    newcomer = gives(hall.kiosks[1])
    standby = open_standby(tmp_path / "hub-2", hall.clock, {1: ["A", "B"]})
    pull(standby, hall)
    body = {"press": "give", "service": "civil-affairs", "earlier": {"number": old.number, "day": "2026-11-25"}}
    answer = hall.raw(1, body)
    promote(standby.hub, MANAGER)
    with standby.act() as act:
        resume(act, 1, Heard(HUB_ID, answer.body))
    assert [standby.called(1) for _ in range(2)] == ["A0001", newcomer.number]
    standby.hub.store.close()
