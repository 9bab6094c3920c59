"""Visits: built from tickets and queue events, whatever comes first, and the same when built again."""

import random
from typing import Any

import pytest

from central.insight.visits import projection
from central.insight.visits.visit import Visit, visits_of
from common.protocol.envelope import AuditBody, Item, QueueBody, TicketBody
from common.protocol.queue.progress import Progress, progress_by
from tests.central.conftest import Stage
from tests.kit.sender import Sender

DAY = "2026-11-25"


def ticket(sender: Sender, number: str, **more: Any) -> Item:
    return sender.item(TicketBody(number, "civil-affairs", DAY, **more), "ticket")


def event(hub: Sender, kiosk: Sender, of: Item, name: str, minute: int = 0, **more: Any) -> Item:
    at = f"2026-11-25T09:{minute:02}:00.000000Z"
    return hub.item(QueueBody(name, kiosk.kiosk, of.id, **more), "queue", wall_time=at)


async def all_visits(stage: Stage, centre: str = "homs-main", day: str = DAY) -> list[Visit]:
    return [visit async for visit in visits_of(stage.engine, centre, day)]


async def test_a_visit_tells_what_became_of_a_ticket(stage: Stage) -> None:
    kiosk, hub = await stage.enrolled(), await stage.enrolled_hub()
    given = ticket(kiosk, "A1001")
    told = [
        event(hub, kiosk, given, "called", 1, counter=3, expected_s=(300, 900), today="yes"),
        event(hub, kiosk, given, "came", 2, counter=3),
        event(hub, kiosk, given, "done", 3, counter=3, documents={"civil-affairs": 2}),
    ]
    await stage.deliver(kiosk, given)
    await stage.deliver(hub, *told)
    (visit,) = await all_visits(stage)
    assert visit == Visit(
        ticket=given.id,
        kiosk=kiosk.kiosk,
        number="A1001",
        service="civil-affairs",
        issued_at=given.wall_time,
        called_at=told[0].wall_time,
        came_at=told[1].wall_time,
        ended_at=told[2].wall_time,
        end="done",
        counter=3,
        documents={"civil-affairs": 2},
        expected_s=(300, 900),
        today="yes",
    )


async def test_a_number_that_its_kiosk_took_back_has_ended_where_no_hub_is(stage: Stage) -> None:
    kiosk = await stage.enrolled()
    given, kept = ticket(kiosk, "A1001"), ticket(kiosk, "A1002")
    back = kiosk.item(AuditBody("ticket-voided", {"ticket": given.id, "number": "A1001", "reason": "undone"}), "audit")
    odd = kiosk.item(AuditBody("ticket-voided", {"ticket": "A1001"}), "audit")
    await stage.deliver(kiosk, back, odd, kiosk.audit())
    await stage.deliver(kiosk, given, kept)
    for _ in range(2):
        ends = {visit.number: (visit.end, visit.ended_at) for visit in await all_visits(stage)}
        assert ends == {"A1001": ("voided", back.wall_time), "A1002": (None, None)}
        await projection.rebuild(stage.engine)


async def test_whatever_comes_first_the_visits_are_the_same(stage: Stage) -> None:
    kiosk, hub = await stage.enrolled(), await stage.enrolled_hub()
    given = [ticket(kiosk, f"A1{n:03}") for n in range(1, 9)]
    told = [
        event(hub, kiosk, one, name, counter=1 + index % 3)
        for index, one in enumerate(given)
        for name in ("called", "came", "done")[: 1 + index % 3]
    ]
    sent = [(kiosk, one) for one in given] + [(hub, one) for one in told]
    shuffled = random.Random(7)
    shuffled.shuffle(sent)
    for sender, item in sent:
        await stage.deliver(sender, item)
        if shuffled.random() < 0.3:
            await projection.catch_up(stage.engine)
    seen = sorted(await all_visits(stage), key=lambda visit: visit.number)
    assert [visit.end for visit in seen] == [None, None, "done", None, None, "done", None, None]
    assert [visit.counter for visit in seen] == [1, 2, 3, 1, 2, 3, 1, 2]
    await projection.rebuild(stage.engine)
    assert sorted(await all_visits(stage), key=lambda visit: visit.number) == seen


async def test_another_centre_and_another_day_have_their_own(stage: Stage) -> None:
    here, there = await stage.enrolled(), await stage.enrolled("homs-new")
    await stage.deliver(here, ticket(here, "A1001"))
    await stage.deliver(there, ticket(there, "A1001"))
    assert [visit.kiosk for visit in await all_visits(stage)] == [here.kiosk]
    assert [visit.kiosk for visit in await all_visits(stage, "homs-new")] == [there.kiosk]
    assert await all_visits(stage, day="2026-11-26") == []


async def test_a_voided_number_is_an_ended_visit(stage: Stage) -> None:
    kiosk = await stage.enrolled()
    await stage.deliver(kiosk, ticket(kiosk, "A1001", voided=True))
    assert [visit.end for visit in await all_visits(stage)] == ["voided"]


async def test_what_a_revoked_kiosk_sends_late_is_no_visit(stage: Stage) -> None:
    kiosk = await stage.enrolled()
    await stage.revoke(kiosk)
    await stage.deliver(kiosk, ticket(kiosk, "A1001"))
    assert await all_visits(stage) == []


async def test_a_hubs_clock_that_jumps_back_reverses_no_visit(stage: Stage) -> None:
    kiosk, hub = await stage.enrolled(), await stage.enrolled_hub()
    given = ticket(kiosk, "A1001")
    told = [event(hub, kiosk, given, name, minute) for name, minute in (("called", 40), ("came", 5), ("done", 50))]
    told.append(event(hub, kiosk, given, "undone", 1))
    await stage.deliver(kiosk, given)
    await stage.deliver(hub, *told)
    (visit,) = await all_visits(stage)
    assert (visit.end, visit.called_at, visit.came_at) == (None, told[0].wall_time, told[1].wall_time)


def after(*names: str) -> Progress:
    return progress_by((f"2026-11-25T09:{index:02}:00Z", QueueBody(name)) for index, name in enumerate(names))


@pytest.mark.parametrize(
    ("names", "end", "called", "came"),
    [
        (["called", "undone"], None, None, None),
        (["called", "came", "done", "undone"], None, 0, 1),
        (["called", "not-here", "called", "came", "done"], "done", 2, 3),
        (["called", "called-again", "came"], None, 0, 2),
        (["called", "not-here", "called", "missed"], "missed", 2, None),
        (["called", "not-here", "called", "missed", "resumed", "called", "came", "done"], "done", 5, 6),
        (["called", "done-unconfirmed"], "done-unconfirmed", 0, None),
        (["called", "came", "transferred", "called", "came", "done"], "done", 3, 4),
        (["called", "came", "parked", "resumed", "called", "came", "done"], "done", 4, 5),
        (["expired"], "expired", None, None),
        (["by-hand"], "by-hand", None, None),
        (["undone"], None, None, None),
    ],
)
def test_events_lead_to_where_the_ticket_stands(
    names: list[str], end: str | None, called: int | None, came: int | None
) -> None:
    progress = after(*names)
    assert progress.end == end
    at = [None if index is None else f"2026-11-25T09:{index:02}:00Z" for index in (called, came)]
    assert [progress.called_at, progress.came_at] == at
