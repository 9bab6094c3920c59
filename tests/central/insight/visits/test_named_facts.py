"""Facts of a hub's log count once, whichever hub of its centre tells them, whatever comes first."""

from collections.abc import Sequence
from itertools import batched, combinations
from typing import Any

import msgspec
import pytest
from sqlalchemy import func, select

from central.base.tables.visited import queue_events
from central.insight.visits import projection
from central.insight.visits.visit import Visit
from common.protocol.envelope import MAX_BATCH_ITEMS, Item, QueueBody, TicketBody
from common.protocol.queue.event import FactName
from common.protocol.queue.recall import MAX_LIVES, QueueRecall
from tests.central.conftest import Stage, check_signed
from tests.central.insight.visits.test_visits import DAY, all_visits, event, ticket
from tests.kit.sender import Sender

DONE = ("called", "came", "undone", "came", "done")
LIFE = "3f6c0a1b2d4e5f60"


def named(sender: Sender, author: Sender, seq: int, name: str, life: str = LIFE, **more: Any) -> Item:
    """Return an item by which a hub tells a fact of its own or of another, of the minute of its seq."""
    at = f"{DAY}T09:{seq:02}:00.000000Z"
    if sender is author:
        return sender.item(QueueBody(name, fact=FactName(author.kiosk, life, seq), **more), "queue", wall_time=at)
    body = QueueBody(name, fact=FactName(author.kiosk, life, seq, at), **more)
    return sender.item(body, "queue", wall_time=f"{DAY}T11:00:00.000000Z")


async def rows(stage: Stage) -> int:
    await projection.catch_up(stage.engine)
    async with stage.engine.connect() as connection:
        return int(await connection.scalar(select(func.count()).select_from(queue_events)) or 0)


async def held(stage: Stage, hub: Sender, *lives: str) -> dict[str, int]:
    path = f"/v1/kiosks/{hub.kiosk}/queue?lives={','.join(lives)}"
    headers = hub.signature("GET", path, b"")
    response = await stage.client.get(path, headers=headers)
    assert response.is_success, response.text
    check_signed(hub, response, headers)
    return msgspec.json.decode(response.content, type=QueueRecall).held


def became(visit: Visit) -> tuple[Any, ...]:
    return (*(at and at[11:16] for at in (visit.called_at, visit.came_at, visit.ended_at)), visit.end)


def interleaved(own: Sequence[int], handed_on: Sequence[int]) -> list[list[tuple[str, int]]]:
    """Return every order in which the author's items and another hub's can come, each hub's in its own."""
    found = []
    for taken in combinations(range(len(own) + len(handed_on)), len(own)):
        of_author, of_other = iter(own), iter(handed_on)
        places = range(len(own) + len(handed_on))
        found.append([("own", next(of_author)) if one in taken else ("other", next(of_other)) for one in places])
    return found


@pytest.mark.parametrize("told_before", [1, 3], ids=lambda one: f"{one} told before")
async def test_what_two_hubs_tell_counts_once_in_every_order(stage: Stage, told_before: int) -> None:
    """The author comes back while another hub hands on the rest, from where central had it."""
    kiosk, author, other = await stage.enrolled(), await stage.enrolled_hub(), await stage.enrolled_hub()
    orders = interleaved(range(len(DONE)), range(told_before, len(DONE)))
    given = [ticket(kiosk, f"A1{number:03}") for number in range(len(orders))]
    for some in batched(given, MAX_BATCH_ITEMS, strict=False):
        await stage.deliver(kiosk, *some)
    for step in range(len(orders[0])):
        for hub, whose in ((author, "own"), (other, "other")):
            facts = [(number, order[step][1]) for number, order in enumerate(orders) if order[step][0] == whose]
            items = [
                named(hub, author, 1 + fact, DONE[fact], f"life-{n}", kiosk=kiosk.kiosk, ticket=given[n].id, counter=1)
                for n, fact in facts
            ]
            for some in batched(items, MAX_BATCH_ITEMS, strict=False):
                await stage.deliver(hub, *some)
            await projection.catch_up(stage.engine)
    assert await rows(stage) == len(DONE) * len(orders)
    visits = await all_visits(stage)
    assert [became(one) for one in visits] == [("09:01", "09:04", "09:05", "done")] * len(orders)
    await projection.rebuild(stage.engine)
    assert await all_visits(stage) == visits
    assert await held(stage, other, "life-0", "life-x") == {"life-0": len(DONE), "life-x": 0}


async def test_what_is_handed_on_late_stands_where_its_author_put_it(stage: Stage) -> None:
    """A new leader has gone on with the same people before there was a line: what it hands on is older than that."""
    kiosk, dead, leads = await stage.enrolled(), await stage.enrolled_hub(), await stage.enrolled_hub()
    given = ticket(kiosk, "A1001")
    await stage.deliver(kiosk, given)
    about: dict[str, Any] = {"kiosk": kiosk.kiosk, "ticket": given.id, "counter": 2}
    later = [named(leads, leads, 30 + place, name, "life-2", **about) for place, name in enumerate(("called", "done"))]
    before = [named(leads, dead, 1 + place, name, **about) for place, name in enumerate(("called", "not-here"))]
    await stage.deliver(leads, *later, *before)
    (visit,) = await all_visits(stage)
    assert became(visit) == ("09:30", None, "09:31", "done")


async def test_a_number_by_hand_that_is_handed_on_is_its_authors(stage: Stage) -> None:
    author, other = await stage.enrolled_hub(), await stage.enrolled_hub()
    own = ticket(author, "A0001")
    body = TicketBody("A0001", "civil-affairs", DAY)
    told = named(other, author, 1, "given", kiosk=author.kiosk, ticket=own.id, given=body)
    called = named(other, author, 2, "called", kiosk=author.kiosk, ticket=own.id, counter=3)
    await stage.deliver(other, told, called)
    (visit,) = before = await all_visits(stage)
    assert (visit.kiosk, visit.number, visit.issued_at, visit.counter) == (
        author.kiosk, "A0001", f"{DAY}T09:01:00.000000Z", 3,
    )  # fmt: skip
    await projection.rebuild(stage.engine)
    assert await all_visits(stage) == before
    await stage.deliver(author, own)
    assert [one.ticket for one in await all_visits(stage)] == [own.id]


async def test_a_hub_of_another_centre_takes_no_facts_place(stage: Stage) -> None:
    """Nor is a number known that it says another gave; what it tells under such a name is its own word."""
    kiosk, hub, far = await stage.enrolled(), await stage.enrolled_hub(), await stage.enrolled_hub("homs-new")
    given = ticket(kiosk, "A1001")
    await stage.deliver(kiosk, given)
    about: dict[str, Any] = {"kiosk": kiosk.kiosk, "ticket": given.id, "counter": 1}
    gift = named(far, hub, 2, "given", kiosk=hub.kiosk, ticket=given.id, given=TicketBody("A0001", "lease", DAY))
    await stage.deliver(far, named(far, hub, 1, "left", **about), gift)
    await projection.catch_up(stage.engine)
    await stage.deliver(hub, named(hub, hub, 1, "called", **about))
    (visit,) = await all_visits(stage)
    assert became(visit) == ("09:01", None, None, None)
    assert await held(stage, hub, LIFE) == {LIFE: 1}
    assert await held(stage, far, LIFE) == {LIFE: 0}


async def test_items_of_hubs_of_1_0_count_each_by_itself(stage: Stage) -> None:
    kiosk, hub, other = await stage.enrolled(), await stage.enrolled_hub(), await stage.enrolled_hub()
    given = ticket(kiosk, "A1001")
    await stage.deliver(kiosk, given)
    await stage.deliver(hub, event(hub, kiosk, given, "called", 1), event(hub, kiosk, given, "came", 2))
    await stage.deliver(other, event(other, kiosk, given, "undone", 3), event(other, kiosk, given, "came", 4))
    assert await rows(stage) == 4
    assert [became(one) for one in await all_visits(stage)] == [("09:01", "09:04", None, None)]


async def test_lives_are_asked_for_so_many_at_a_time(stage: Stage) -> None:
    hub = await stage.enrolled_hub()
    most = [f"life-{number}" for number in range(MAX_LIVES)]
    assert await held(stage, hub, *most) == dict.fromkeys(most, 0)
    path = f"/v1/kiosks/{hub.kiosk}/queue?lives={','.join([*most, 'more'])}"
    refused = await stage.client.get(path, headers=hub.signature("GET", path, b""))
    assert (refused.status_code, refused.json()["type"]) == (400, "/problems/too-many-lives")
