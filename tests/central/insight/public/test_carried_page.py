"""The page of a ticket that was carried over: from when and until when it is good, and that it was used."""

from datetime import UTC, datetime, timedelta

import pytest

from central.base import clock
from common.protocol.envelope import QueueBody, TicketBody
from common.protocol.queue.claim import TicketClaim, digits_of
from tests.central.conftest import Stage
from tests.central.insight.public.ended_visit import ENDED, Hand, given, hand, look

__all__ = ["hand"]


async def test_a_carried_ticket_is_told_from_when_and_until_when_it_is_good_as_its_hub_said(
    stage: Stage, hand: Hand
) -> None:
    _, _, ticket = await given(stage, "carried")
    page = (await look(stage)).text
    assert "Come on Sunday 29 November, or on a day after it" in page
    assert "until Tuesday 1 December, once" in page
    digits = digits_of(ticket.id)
    assert f"{digits[:4]} {digits[4:]}" in page
    assert "Nothing has been heard" not in page
    hand.now = datetime(2026, 12, 2, 0, 59, tzinfo=UTC)
    assert (await look(stage)).status_code == 200
    hand.now = datetime(2026, 12, 2, 1, 0, tzinfo=UTC)
    assert (await look(stage)).status_code == 404


async def test_nobody_is_told_to_come_again_on_a_day_that_is_closed_by_now(stage: Stage, hand: Hand) -> None:
    await given(stage, "carried")
    week_end = ["2026-11-27", "2026-11-28", "2026-12-04", "2026-12-05"]

    async def close(*days: str) -> str:
        names = {"ar": "عطلة", "en": "Holiday"}
        closed = [{"date": day, "closed": True, "names": names} for day in sorted({*week_end, *days})]
        await stage.publish("calendar", {"centre": "homs-main", "days": closed})
        return (await look(stage)).text

    page = await close("2026-11-26")
    assert "Come on Sunday 29 November, or on a day after it" in page
    assert "until Tuesday 1 December, once" in page
    page = await close("2026-11-26", "2026-11-29", "2026-11-30")
    assert "Come on Tuesday 1 December, or on a day after it" in page
    assert "until Thursday 3 December, once" in page
    hand.now = datetime(2026, 12, 4, 0, 59, tzinfo=UTC)
    assert (await look(stage)).status_code == 200
    hand.now = datetime(2026, 12, 4, 1, 0, tzinfo=UTC)
    assert (await look(stage)).status_code == 404


@pytest.mark.parametrize("first", [None, "2026-02-30"])
async def test_without_days_that_a_calendar_has_nothing_is_promised(
    stage: Stage, hand: Hand, first: str | None
) -> None:
    kiosk, hub, ticket = await given(stage)
    told = QueueBody("carried", kiosk.kiosk, ticket.id, "A1014", first_day=first, last_day="2026-12-01")
    await stage.deliver(hub, hub.item(told, "queue", wall_time=clock.as_text(ENDED)))
    await stage.all_read()
    page = (await look(stage)).text
    assert "among the first" not in page
    assert "your turn is kept" not in page


async def test_a_carried_ticket_that_somebody_came_with_promises_no_more(stage: Stage, hand: Hand) -> None:
    kiosk, _, ticket = await given(stage, "carried")
    elsewhere = await stage.enrolled("homs-new")
    claim = TicketClaim("carried", digits=digits_of(ticket.id))
    hand.now = ENDED + timedelta(days=4)
    for sender in (elsewhere, kiosk):
        assert "among the first" in (await look(stage)).text
        body = TicketBody("A1001", "judicial-record", "2026-11-29", claim=claim)
        await stage.deliver(sender, sender.item(body, "ticket"))
        await stage.all_read()
    page = (await look(stage)).text
    assert "A new number was taken with this paper" in page
    assert "among the first" not in page
    assert digits_of(ticket.id)[:4] not in page.partition("<main")[2]


@pytest.mark.parametrize(("service", "day"), [("clearance", "2026-11-29"), ("judicial-record", "2026-11-26")])
async def test_a_number_to_which_the_hub_gives_no_place_takes_nothing_from_a_carried_ticket(
    stage: Stage, hand: Hand, service: str, day: str
) -> None:
    kiosk, _, ticket = await given(stage, "carried")
    body = TicketBody("B1001", service, day, claim=TicketClaim("carried", digits=digits_of(ticket.id)))
    await stage.deliver(kiosk, kiosk.item(body, "ticket"))
    await stage.all_read()
    assert "among the first" in (await look(stage)).text
