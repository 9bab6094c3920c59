"""Days counted and kept: the same whatever came in which order, counted again only where something has changed."""

import asyncio
import random
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from sqlalchemy import select, update

from central.base import clock
from central.base.database import transactions
from central.base.tables.received import inbox
from central.base.tables.visited import counted_days, queue_events, tickets
from central.insight.reports import counted_days as counting
from central.insight.reports.counted_days import Keeper
from central.insight.reports.month import Month, count_month
from central.insight.visits import reading
from central.insight.visits.visit import read_visits
from common.protocol.envelope import Item, OrderBody, PrintBody, QueueBody, TicketBody
from tests.central.conftest import Stage
from tests.kit.sender import Sender

MONTH = "2026-11"
BOOTS = tuple(f"2b7e1516-28ae-4d2a-a6ab-f7158809cf{n:02}" for n in range(4))


def at(day: int, minute: int) -> str:
    return f"{MONTH}-{day:02}T{6 + minute // 60:02}:{minute % 60:02}:00.000000Z"


async def a_busy_month(stage: Stage, chance: random.Random) -> list[tuple[Sender, Item]]:
    """What two kiosks and the hub of a centre, and a kiosk of another, send in a month."""
    kiosks, hub = [await stage.enrolled() for _ in range(2)], await stage.enrolled_hub()
    elsewhere = await stage.enrolled("homs-new")
    sent = list[tuple[Sender, Item]]()
    for day in (3, 4, 30):
        for n in range(25):
            kiosk, minute = chance.choice((*kiosks, elsewhere)), chance.randrange(120)
            when, boot = at(day, minute), BOOTS[chance.randrange(2)]
            body = TicketBody(f"A1{n:03}", chance.choice(("clearance", "plan-copy")), f"{MONTH}-{day:02}")
            given = kiosk.item(body, "ticket", wall_time=when, boot_id=boot)
            paper = PrintBody(given.id, "ticket", chance.choice(("printed", "unknown")), copy=chance.random() < 0.2)
            sent += [(kiosk, given), (kiosk, kiosk.item(paper, "print", wall_time=when, boot_id=boot))]
            steps = chance.choice([(), ("called",), ("called", "came", "done"), ("called", "came", "done", "undone")])
            for step, name in enumerate(steps):
                later: dict[str, Any] = {"wall_time": at(day, minute + 20 + step), "boot_id": BOOTS[2 + minute // 60]}
                told = QueueBody(name, kiosk.kiosk, given.id, expected_s=(300, 1500), documents={"clearance": 1})
                sent.append((hub, hub.item(told, "queue", **later)))
        order = OrderBody("accepted", service="clearance")
        sent.append((kiosks[0], kiosks[0].item(order, "order", wall_time=at(day, 5))))
    return sent


def figures(month: Month) -> dict[str, Any]:
    """Without the order in which equal days were read."""
    plain = msgspec.to_builtins(month)
    for name in [name for name in plain if name.endswith("_s") and name != "cut_s"]:
        plain[name].sort()
    for served in plain["services"].values():
        for name in ("waits_s", "service_s"):
            served.get(name, []).sort()
    return dict(plain)


@pytest.mark.proof
@pytest.mark.parametrize("seed", [1, 2])
async def test_kept_figures_are_those_made_anew_from_the_items(stage: Stage, seed: int) -> None:
    chance = random.Random(seed)
    sent = await a_busy_month(stage, chance)
    chance.shuffle(sent)
    while sent:
        some = [sent.pop() for _ in range(min(len(sent), chance.randrange(1, 40)))]
        for sender in dict.fromkeys(sender.kiosk for sender, _ in some):
            (one, *_), items = zip(*(each for each in some if each[0].kiosk == sender), strict=True)
            await stage.deliver(one, *items)
        if chance.random() < 0.5:
            await count_month(stage.engine, "homs-main", MONTH)
    kept = [figures(await count_month(stage.engine, centre, MONTH)) for centre in ("homs-main", "homs-new")]
    assert sum(one["issued"] for one in kept) == 75
    assert kept[0]["cut_s"] > 0
    assert kept[0]["restarts"] > 0
    assert sum(kept[0]["papers"][name] for name in ("printed", "unknown")) == kept[0]["issued"]
    assert await counting.rebuild(stage.engine) >= 4
    assert [figures(await count_month(stage.engine, one, MONTH)) for one in ("homs-main", "homs-new")] == kept


async def test_a_day_is_counted_again_where_something_of_it_comes_late_and_no_other(stage: Stage) -> None:
    kiosk, hub = await stage.enrolled(), await stage.enrolled_hub()
    given = [
        kiosk.item(TicketBody("A1001", "clearance", f"{MONTH}-{day:02}"), "ticket", wall_time=at(day, 0))
        for day in (3, 4)
    ]
    await stage.deliver(kiosk, *given)
    assert (await count_month(stage.engine, "homs-main", MONTH)).ends == {"open": 2}
    marked = update(counted_days).where(counted_days.c.business_day == f"{MONTH}-03")
    async with stage.engine.begin() as connection:
        await connection.execute(marked.values(counted='{"issued":1,"ends":{"kept":1}}'))
    missed = QueueBody("missed", kiosk.kiosk, given[1].id)
    await stage.deliver(hub, hub.item(missed, "queue", wall_time=at(4, 30)))
    assert (await count_month(stage.engine, "homs-main", MONTH)).ends == {"kept": 1, "missed": 1}


async def test_central_counts_by_itself_what_is_over(stage: Stage) -> None:
    kiosk = await stage.enrolled()
    to_come = (clock.business_date(clock.now()) + timedelta(days=9)).isoformat()
    for label in ("2026-11-03", to_come):
        await stage.deliver(kiosk, kiosk.item(TicketBody("A1001", "clearance", label), "ticket", wall_time=at(3, 0)))
    await Keeper(stage.engine).act()
    found = await stage.all(select(counted_days).order_by(counted_days.c.business_day))
    assert [(one.business_day, one.counted is not None) for one in found] == [
        ("2026-11-03", True),
        (to_come, False),
    ]


async def test_a_machine_that_writes_no_time_spoils_no_report(stage: Stage) -> None:
    kiosk, hub = await stage.enrolled(), await stage.enrolled_hub()
    good = kiosk.item(TicketBody("A1000", "clearance", f"{MONTH}-03"), "ticket", wall_time=at(3, 0))
    given = kiosk.item(TicketBody("A1001", "clearance", f"{MONTH}-03"), "ticket", wall_time="yesterday")
    paper = kiosk.item(PrintBody(good.id, "ticket", "printed"), "print", wall_time="9999-12-31T23:59:59.000000Z")
    await stage.deliver(kiosk, good, given, paper)
    called = QueueBody("called", kiosk.kiosk, good.id)
    await stage.deliver(hub, hub.item(called, "queue", wall_time="2026-11-03T07:00:00"))
    month = await count_month(stage.engine, "homs-main", MONTH)
    assert (month.issued, month.waits_s, month.wrong_clocks) == (1, [], 0)
    reasons = await stage.all(select(inbox.c.reason).where(inbox.c.result == "quarantined"))
    assert [row.reason for row in reasons] == ["unreadable-time"] * 3


async def test_rows_that_were_read_twice_count_once(stage: Stage) -> None:
    kiosk, hub = await stage.enrolled(), await stage.enrolled_hub()
    given = kiosk.item(TicketBody("A1001", "clearance", f"{MONTH}-03"), "ticket", wall_time=at(3, 0))
    await stage.deliver(kiosk, given)
    await stage.deliver(hub, hub.item(QueueBody("called", kiosk.kiosk, given.id), "queue", wall_time=at(3, 30)))
    for _ in range(3):
        await counting.catch_up(stage.engine)
    async with transactions.reading(stage.engine) as connection:
        found = (await connection.execute(select(counted_days.c.changes))).scalars().all()
        events = (await connection.execute(select(queue_events.c.seq))).all()
    assert found == [3]  # the ticket, its call, and that the hub was heard
    assert len(events) == 1


async def test_a_stop_waits_for_no_more_than_some_items(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "PAGE_ITEMS", 2)
    kiosk, stopping = await stage.enrolled(), asyncio.Event()
    given = [kiosk.item(TicketBody(f"A1{n:03}", "clearance", f"{MONTH}-03"), "ticket") for n in range(1, 8)]
    await stage.deliver(kiosk, *given)
    stopping.set()
    await counting.catch_up(stage.engine, stopping)
    assert len(await stage.all(select(tickets.c.ticket))) == 2
    await counting.catch_up(stage.engine)
    assert len(await stage.all(select(tickets.c.ticket))) == 7


async def test_a_kiosk_that_moves_leaves_its_past_to_the_centre_where_it_stood(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    await stage.enrolled("homs-new")
    kiosk = await stage.enrolled("homs-main")
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 11, 4, 12, tzinfo=UTC))

    async def give(number: str, day: int) -> Item:
        body = TicketBody(number, "clearance", f"{MONTH}-{day:02}", token=f"{day:02}{number[1:]}".ljust(32, "0"))
        item = kiosk.item(body, "ticket", wall_time=at(day, 0))
        await stage.deliver(
            kiosk, item, kiosk.item(PrintBody(item.id, "ticket", "printed"), "print", wall_time=at(day, 0))
        )
        return item

    of_main = [await give("A1001", 3), await give("A1002", 3), await give("A1003", 4)]
    moved = (await stage.try_enrol(kiosk, await stage.code("homs-new"))).json()
    assert (moved["kiosk"], moved["digit"]) == (kiosk.kiosk, 2)
    of_new = [await give("A2004", 4), await give("A2005", 5)]
    late = await give("A1004", 3)  # it lay at the kiosk until then
    for centre, given in (("homs-main", [*of_main, late]), ("homs-new", of_new)):
        month = await count_month(stage.engine, centre, MONTH)
        assert (centre, month.issued) == (centre, len(given))
        async with stage.engine.connect() as connection:
            listed = [row.ticket async for row, _ in read_visits(connection, centre, f"{MONTH}-01", f"{MONTH}-30")]
        assert sorted(listed) == sorted(item.id for item in given)
    assert (await count_month(stage.engine, "homs-main", MONTH)).papers["printed"] == 5, "of the day of the move all"


async def test_a_kiosk_that_moves_leaves_its_restarts_where_it_stood(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    kiosk = await stage.enrolled("homs-main")
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 11, 4, 12, tzinfo=UTC))
    for day, boot in ((3, BOOTS[0]), (3, BOOTS[1]), (5, BOOTS[1])):
        body = TicketBody(f"A100{day}", "clearance", f"{MONTH}-{day:02}")
        await stage.deliver(kiosk, kiosk.item(body, "ticket", wall_time=at(day, 0), boot_id=boot))
        if day == 3 and boot == BOOTS[1]:
            await stage.try_enrol(kiosk, await stage.code("homs-new"))
    months = [await count_month(stage.engine, centre, MONTH) for centre in ("homs-main", "homs-new")]
    assert [one.restarts for one in months] == [1, 0]
