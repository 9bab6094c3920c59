"""What a hub that begins hears: who was called, what hubs gave, who led last; never a kiosk's own waiting tickets."""

from datetime import date
from typing import Any

import httpx2
import msgspec
import pytest

from central.base import clock
from common.protocol.envelope import Item, QueueBody, TicketBody
from common.protocol.queue.call import WaitingList
from common.protocol.queue.claim import TicketClaim, digits_of, token_digest
from common.protocol.queue.recall import QueueRecall, RecalledStop, RecalledTicket
from tests.central.conftest import Stage, check_signed
from tests.central.insight.visits.test_visits import DAY, event, ticket
from tests.kit.sender import Sender

TOKEN = "0123456789abcdef" * 2


async def ask(stage: Stage, sender: Sender) -> httpx2.Response:
    path = f"/v1/kiosks/{sender.kiosk}/queue"
    headers = sender.signature("GET", path, b"")
    response = await stage.client.get(path, headers=headers)
    if response.is_success:
        check_signed(sender, response, headers)
    return response


def given(item: Item, number: str, **more: Any) -> RecalledTicket:
    """Return what is heard of a ticket of that day."""
    usual = {"id": item.id, "number": number, "service": "civil-affairs", "business_day": DAY}
    return RecalledTicket(**(usual | {"issued_at": item.wall_time} | more))


async def test_only_a_hub_hears_who_was_called(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    kiosk, hub, fresh = await stage.enrolled(), await stage.enrolled_hub(), await stage.enrolled_hub()
    far = await stage.enrolled_hub("homs-new")
    urgent = ticket(kiosk, "A1001", priority="elderly")
    done = ticket(kiosk, "A1002", order_id="0f" * 16, claim=TicketClaim("carried", digits="12345678"))
    waiting, own = ticket(kiosk, "A1003"), ticket(hub, "A0001")
    await stage.deliver(kiosk, urgent, done, waiting)
    told = [event(hub, kiosk, one, "called", 1, counter=2) for one in (urgent, done)]
    await stage.deliver(hub, own, *told, event(hub, kiosk, done, "came", 2), event(hub, kiosk, done, "done", 3))
    monkeypatch.setattr(clock, "business_date", lambda _: date.fromisoformat(DAY))
    heard = msgspec.json.decode((await ask(stage, fresh)).content, type=QueueRecall)
    called = {"kiosk": kiosk.kiosk, "counter": 2, "called_at": told[0].wall_time}
    assert {one.number: one for one in heard.tickets} == {
        one.number: one
        for one in (
            given(urgent, "A1001", state="called", priority="elderly", **called),
            given(done, "A1002", state="ended", end="done", claim=TicketClaim("carried", digits="12345678"), **called),
            given(own, "A0001", kiosk=hub.kiosk, state="waiting"),
        )
    }
    assert msgspec.json.decode((await ask(stage, far)).content, type=QueueRecall).tickets == []
    refused = await ask(stage, kiosk)
    assert (refused.status_code, refused.json()["type"]) == (403, "/problems/hubs-only")


async def test_a_hub_hears_which_services_stand_still_in_its_centre(stage: Stage) -> None:
    hub, other, far = await stage.enrolled_hub(), await stage.enrolled_hub(), await stage.enrolled_hub("homs-new")

    def said(sender: Sender, what: str, service: str, **more: Any) -> Item:
        return sender.item(QueueBody(f"service-{what}", service=service, **more), "queue")

    stopped = said(hub, "interrupted", "water-bill", reason="power", clerk="clerk-1")
    by_central = said(hub, "interrupted", "lease", reason="no-such")
    ended = said(hub, "interrupted", "clearance", reason="power"), said(hub, "resumed", "clearance")
    elsewhere = said(far, "interrupted", "civil-affairs", reason="power")
    await stage.deliver(hub, stopped, by_central, *ended)
    await stage.deliver(far, elsewhere)
    heard = msgspec.json.decode((await ask(stage, other)).content, type=QueueRecall)
    assert sorted(heard.stops, key=lambda one: one.service) == [
        RecalledStop("lease", "no-such", by_central.wall_time),
        RecalledStop("water-bill", "power", stopped.wall_time, "clerk-1"),
    ]
    await stage.deliver(hub, said(hub, "resumed", "water-bill"), said(hub, "resumed", "lease"))
    assert msgspec.json.decode((await ask(stage, other)).content, type=QueueRecall).stops == []


async def test_a_hub_hears_which_day_its_centre_closed_early_until_it_goes_on(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "business_date", lambda _: date.fromisoformat(DAY))
    hub, other, far = await stage.enrolled_hub(), await stage.enrolled_hub(), await stage.enrolled_hub("homs-new")

    async def heard(after: str, sender: Sender = hub, day: str = DAY) -> str | None:
        await stage.deliver(sender, sender.item(QueueBody(after, day=day), "queue"))
        return msgspec.json.decode((await ask(stage, other)).content, type=QueueRecall).closed_early

    assert await heard("day-closed", far) is None
    assert await heard("day-closed") == DAY
    assert await heard("day-reopened") is None
    assert await heard("day-closed", day="2026-11-30") == "2026-11-30"


async def test_a_hub_hears_who_was_carried_over_and_has_not_come_yet(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    kiosk, hub, fresh = await stage.enrolled(), await stage.enrolled_hub(), await stage.enrolled_hub()
    far = await stage.enrolled("homs-new")
    days = {"first_day": "2026-11-29", "last_day": "2026-12-01"}
    waits, came, comes = ticket(kiosk, "A1001", token=TOKEN), ticket(kiosk, "A1002"), ticket(kiosk, "A1003")
    expired, other = ticket(kiosk, "A1004"), ticket(kiosk, "A1005")
    await stage.deliver(kiosk, waits, came, comes, expired, other)
    carried = [event(hub, kiosk, one, "carried", n, **days) for n, one in enumerate((waits, came, comes, other))]
    await stage.deliver(hub, *carried, event(hub, kiosk, expired, "expired", 9))

    def again(sender: Sender, number: str, day: str, service: str = "civil-affairs", **claim: Any) -> Item:
        return sender.item(TicketBody(number, service, day, claim=TicketClaim("carried", **claim)), "ticket")

    first = again(kiosk, "A1006", "2026-11-29", id=came.id)
    elsewhere = again(far, "A2001", "2026-11-29", id=waits.id)
    for_another = again(kiosk, "A1007", "2026-11-29", "judicial-record", digits=digits_of(other.id))
    today = again(kiosk, "A1008", "2026-11-30", id=comes.id)
    await stage.deliver(kiosk, first, for_another, today)
    await stage.deliver(far, elsewhere)
    await stage.deliver(hub, event(hub, kiosk, today, "called", 30, counter=1))
    monkeypatch.setattr(clock, "business_date", lambda _: date(2026, 11, 30))
    heard = msgspec.json.decode((await ask(stage, fresh)).content, type=QueueRecall).tickets
    found = {one.id: (one.state, one.end, one.first_day, one.last_day, one.token_sha256) for one in heard}
    lasts = "ended", "carried", "2026-11-29", "2026-12-01"
    assert found == {
        waits.id: (*lasts, token_digest(TOKEN)),
        comes.id: (*lasts, None),
        other.id: (*lasts, None),
        today.id: ("called", None, None, None, None),
    }
    assert heard[-1].claim == TicketClaim("carried", id=comes.id)
    monkeypatch.setattr(clock, "business_date", lambda _: date(2026, 12, 2))
    assert msgspec.json.decode((await ask(stage, fresh)).content, type=QueueRecall).tickets == []


async def test_a_paper_counts_once_also_where_its_owner_came_to_a_kiosk_that_stands_elsewhere_now(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    kiosk, other, hub = await stage.enrolled(), await stage.enrolled(), await stage.enrolled_hub()
    came = ticket(kiosk, "A1001")
    await stage.deliver(kiosk, came)
    days = {"first_day": "2026-11-29", "last_day": "2026-12-01"}
    await stage.deliver(hub, event(hub, kiosk, came, "carried", 0, **days))
    again = TicketBody("A2001", "civil-affairs", "2026-11-29", claim=TicketClaim("carried", id=came.id))
    await stage.deliver(other, other.item(again, "ticket"))
    monkeypatch.setattr(clock, "business_date", lambda _: date(2026, 11, 30))
    await stage.try_enrol(other, await stage.code("homs-new"))
    assert msgspec.json.decode((await ask(stage, hub)).content, type=QueueRecall).tickets == []


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
