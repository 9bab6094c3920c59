"""Of a ticket only the hubs of its own centre tell, and its own kiosk that the number was taken back."""

import pytest
from sqlalchemy import select

from central.base import clock
from central.base.database.transactions import reading
from central.base.tables.visited import tickets
from central.insight.public.status import status_of, ticket_of
from central.insight.reports.month import count_month
from central.insight.visits.recall import recall
from central.insight.visits.visit import visits_of
from common.protocol.envelope import AuditBody, QueueBody, TicketBody
from tests.central.conftest import Stage

TOKEN = "0123456789abcdef" * 2


@pytest.mark.parametrize("event", ["called", "done", "voided", "carried", "undone"])
async def test_a_machine_of_another_centre_says_nothing_of_a_ticket(stage: Stage, event: str) -> None:
    day = clock.business_date(clock.now()).isoformat()
    kiosk, own = await stage.enrolled(), await stage.enrolled_hub()
    far, far_hub = await stage.enrolled("homs-new"), await stage.enrolled_hub("homs-new")
    at = clock.as_text(clock.now())
    given = kiosk.item(TicketBody("A1001", "civil-affairs", day, token=TOKEN), "ticket", wall_time=at)
    await stage.deliver(kiosk, given)
    waits = QueueBody("came", kiosk.kiosk, given.id, counter=2)
    called = QueueBody("called", kiosk.kiosk, given.id, counter=2)
    await stage.deliver(own, own.item(called, "queue", wall_time=at), own.item(waits, "queue", wall_time=at))
    said = QueueBody(event, kiosk.kiosk, given.id, counter=7)
    for sender in (far, far_hub):
        await stage.deliver(sender, sender.item(said, "queue", wall_time=at))
    voided = AuditBody("ticket-voided", {"ticket": given.id})
    await stage.deliver(far, far.item(voided, "audit", wall_time=at))
    await stage.all_read()
    async with reading(stage.engine) as connection:
        found = await ticket_of(connection, TOKEN)
        assert found is not None
        status = await status_of(connection, found)
    assert status is not None
    assert (status.state, status.counter) == ("serving", 2)
    (visit,) = [one async for one in visits_of(stage.engine, "homs-main", day)]
    assert (visit.counter, visit.called_at is not None, visit.end) == (2, True, None)
    (recalled,) = (await recall(stage.engine, "homs-main")).tickets
    assert (recalled.state, recalled.counter, recalled.end) == ("called", 2, None)
    assert (await count_month(stage.engine, "homs-main", day[:7])).ends == {"open": 1}
    assert [row.is_voided for row in await stage.all(select(tickets.c.is_voided))] == [0]


async def test_a_kiosk_takes_its_own_number_back_without_a_hub(stage: Stage) -> None:
    day = clock.business_date(clock.now()).isoformat()
    kiosk, at = await stage.enrolled(), clock.as_text(clock.now())
    given = kiosk.item(TicketBody("A1001", "civil-affairs", day), "ticket", wall_time=at)
    voided = kiosk.item(AuditBody("ticket-voided", {"ticket": given.id}), "audit", wall_time=at)
    await stage.deliver(kiosk, given, voided)
    await stage.all_read()
    assert [row.is_voided for row in await stage.all(select(tickets.c.is_voided))] == [1]
