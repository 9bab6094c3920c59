"""What a hub that begins hears: who was called, what hubs gave, who led last; never a kiosk's own waiting tickets."""

from datetime import UTC, date, datetime
from typing import Any

import httpx
import msgspec
import pytest

from central.base import clock
from common.protocol.envelope import Item, TicketBody
from common.protocol.queue.call import WaitingList
from common.protocol.queue.claim import TicketClaim, digits_of, token_digest
from common.protocol.queue.recall import QueueRecall
from tests.central.conftest import Stage, check_signed
from tests.central.insight.visits.test_visits import DAY, event, ticket
from tests.kit.sender import Sender


async def ask(stage: Stage, sender: Sender) -> httpx.Response:
    path = f"/v1/kiosks/{sender.kiosk}/queue"
    headers = sender.signature("GET", path, b"")
    response = await stage.client.get(path, headers=headers)
    if response.is_success:
        check_signed(sender, response, headers)
    return response


async def test_only_a_hub_hears_who_was_called(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    kiosk, hub, fresh = await stage.enrolled(), await stage.enrolled_hub(), await stage.enrolled_hub()
    far = await stage.enrolled_hub("homs-new")
    called, done, waiting = (ticket(kiosk, f"A100{n}") for n in (1, 2, 3))
    own = ticket(hub, "A0001")
    await stage.deliver(kiosk, called, done, waiting)
    told = [event(hub, kiosk, one, "called", 1, counter=2) for one in (called, done)]
    await stage.deliver(hub, own, *told, event(hub, kiosk, done, "came", 2), event(hub, kiosk, done, "done", 3))
    monkeypatch.setattr(clock, "business_date", lambda _: date.fromisoformat(DAY))
    heard = msgspec.json.decode((await ask(stage, fresh)).content, type=QueueRecall)
    assert {one.number: (one.state, one.end, one.counter) for one in heard.tickets} == {
        "A1001": ("called", None, 2),
        "A1002": ("ended", "done", 2),
        "A0001": ("waiting", None, None),
    }
    assert msgspec.json.decode((await ask(stage, far)).content, type=QueueRecall).tickets == []
    refused = await ask(stage, kiosk)
    assert (refused.status_code, refused.json()["type"]) == (403, "/problems/hubs-only")


async def test_a_hub_hears_who_was_carried_over_and_still_counts_and_by_whom_that_was_claimed(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    kiosk, hub = await stage.enrolled(), await stage.enrolled_hub()

    def given(number: str, day: str, **more: Any) -> Item:
        return kiosk.item(TicketBody(number, "clearance", day, **more), "ticket")

    token = "ab" * 16
    open_, claimed, used, over = (given(f"B100{n}", "2026-11-20", token=token if n == 1 else None) for n in range(1, 5))
    early = given("B1010", "2026-11-23", claim=TicketClaim("carried", id=used.id))
    shown = given("B1020", DAY, claim=TicketClaim("carried", digits=digits_of(claimed.id)))
    plain = given("B1021", DAY)
    await stage.deliver(kiosk, open_, claimed, used, over, early, shown, plain)
    told = [
        event(hub, kiosk, one, "carried", first_day="2026-11-22", last_day=last)
        for one, last in ((open_, DAY), (claimed, DAY), (used, DAY), (over, "2026-11-24"))
    ]
    await stage.deliver(hub, *told, *(event(hub, kiosk, one, "called", 5, counter=1) for one in (early, shown, plain)))
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 11, 25, 9, tzinfo=UTC))
    heard = msgspec.json.decode((await ask(stage, hub)).content, type=QueueRecall)
    days = {one.number: (one.end, one.first_day, one.last_day, one.token_sha256) for one in heard.tickets}
    assert days == {
        "B1001": ("carried", "2026-11-22", DAY, token_digest(token)),
        "B1002": ("carried", "2026-11-22", DAY, None),
        "B1020": (None, None, None, None),
        "B1021": (None, None, None, None),
    }
    claims = {one.number: one.claim for one in heard.tickets}
    assert claims["B1020"] == TicketClaim("carried", id=claimed.id)
    assert {claims["B1001"], claims["B1002"], claims["B1021"]} == {None}


async def test_a_hub_hears_the_greatest_term_of_its_centre_and_how_long_that_log_was(stage: Stage) -> None:
    asking, first, second, revoked = [await stage.enrolled_hub() for _ in range(4)]
    far = await stage.enrolled_hub("homs-new")
    said = [(first, 7, 900), (second, 8, 40), (revoked, 12, 5), (far, 20, 7)]
    before = msgspec.json.decode((await ask(stage, asking)).content, type=QueueRecall)
    assert (before.term, before.hub, before.seq) == (0, None, 0)
    for hub, term, seq in said:
        await stage.deliver(hub, waiting=WaitingList(f"{DAY}T09:00:00Z", DAY, term, {"A": 3}, seq=seq))
    await stage.revoke(revoked)
    heard = msgspec.json.decode((await ask(stage, asking)).content, type=QueueRecall)
    assert (heard.term, heard.hub, heard.seq) == (8, second.kiosk, 40)
