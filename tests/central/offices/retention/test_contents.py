"""Contents of items: they go once nothing needs them, and nobody can tell by an answer, a report or a recount."""

import random
from collections.abc import Sequence
from itertools import batched
from typing import Any

import msgspec
import pytest
from sqlalchemy import func, select, update

from central.base.tables.kept import retention
from central.base.tables.ordered import orders
from central.base.tables.people import operations as acts
from central.base.tables.received import GONE, batches, findings, inbox
from central.base.tables.visited import projections
from central.insight.reports import counted_days
from central.insight.reports.month import count_month
from central.intake.receiving import evidence
from central.offices import operations
from central.offices.integrations import visits as others
from central.offices.retention import rules, sweep
from central.offices.retention.keeping import keep
from common.protocol.envelope import Item, decode_body
from tests.central.conftest import Stage
from tests.central.insight.reports.test_counted_days import MONTH, a_busy_month, at, figures
from tests.central.intake.orders.test_orders import CitizensApp
from tests.kit.sender import Sender

LONG_AGO = "2026-01-01T00:00:00.000000Z"
DAYS = 31


async def age(stage: Stage, kiosks: Sequence[str] = ()) -> None:
    """Have everything here come long ago, or what came from some kiosks, and be read for good."""
    old = update(batches).values(received_at=LONG_AGO)
    async with stage.engine.begin() as connection:
        await connection.execute(old.where(batches.c.kiosk.in_(kiosks)) if kiosks else old)
    await counted_days.catch_up(stage.engine)
    async with stage.engine.begin() as connection:
        end = select(func.max(inbox.c.arrival)).scalar_subquery()
        await connection.execute(update(projections).values(arrival=end))


async def prune(stage: Stage, *, really: bool = True) -> dict[str, int]:
    over = await keep(stage.engine, "items", DAYS, really=really, operator=operations.CONSOLE)
    return dict(over.counts)


async def kept(stage: Stage) -> set[str]:
    """The items whose content is here."""
    return {row.id for row in await stage.all(select(inbox.c.id).where(inbox.c.body != GONE))}


async def test_what_comes_again_is_told_by_its_row_as_before(stage: Stage) -> None:
    sender, other = await stage.enrolled(), await stage.enrolled()
    ticket, order = sender.ticket(), sender.audit()
    await stage.deliver(sender, ticket, order)
    await age(stage)
    assert await prune(stage, really=False) == {"contents": 2, "evidence": 1}
    assert await kept(stage) == {ticket.id, order.id}, "a dry run deletes nothing"
    assert await prune(stage) == {"contents": 2, "evidence": 1}
    assert (await kept(stage), await stage.all(select(batches))) == (set(), [])
    assert await prune(stage) == {"contents": 0, "evidence": 0}
    assert await stage.results(sender, ticket, order) == [("duplicate", None), ("duplicate", None)]
    assert await stage.results(sender, sender.rehashed(ticket, wall_time=at(1, 1))) == [("conflict", "id-taken")]
    second = sender.rehashed(ticket, id="0f0e0d0c-0000-4000-8000-000000000001")
    assert await stage.results(sender, second) == [("conflict", "sequence-taken")]
    assert await stage.results(other, other.item(decode_body("ticket", ticket.body), "ticket", ticket.id)) == [
        ("applied", None)
    ]
    codes = {row.code for row in await stage.all(select(findings.c.code))}
    assert codes == {"id-taken", "sequence-taken", "id-of-two-kiosks", "wrong-digit"}
    following = sender.ticket()
    assert (await stage.deliver(sender, following)).acked_through == following.seq, "its chain goes on"


@pytest.mark.parametrize("step", [7, 2000])
async def test_a_months_report_and_a_recount_are_the_same_without_the_contents(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    monkeypatch.setattr(sweep, "STEP_ROWS", step)
    sent = await a_busy_month(stage, random.Random(3))
    by_sender: dict[str, tuple[Sender, list[Item]]] = {}
    for sender, item in sent:
        by_sender.setdefault(sender.kiosk, (sender, []))[1].append(item)
    half = list(by_sender)[::2]
    for kiosk in [*half, *(one for one in by_sender if one not in half)]:  # the old ones came first
        for some in batched(by_sender[kiosk][1], 100, strict=False):
            await stage.deliver(by_sender[kiosk][0], *some)
    centres = ("homs-main", "homs-new")
    await age(stage, half)
    before = [figures(await count_month(stage.engine, one, MONTH)) for one in centres]
    assert sum(one["issued"] for one in before) == 75
    gone = await prune(stage)
    assert gone["contents"] == sum(len(by_sender[one][1]) for one in half) > 0
    assert [figures(await count_month(stage.engine, one, MONTH)) for one in centres] == before
    assert await counted_days.rebuild(stage.engine) >= 4
    assert [figures(await count_month(stage.engine, one, MONTH)) for one in centres] == before
    await age(stage)
    assert (await prune(stage))["contents"] == len(sent) - gone["contents"]
    await counted_days.rebuild(stage.engine)
    assert [figures(await count_month(stage.engine, one, MONTH)) for one in centres] == before


@pytest.mark.proof
async def test_who_keeps_visits_elsewhere_reads_them_as_before(stage: Stage) -> None:
    for sender, item in await a_busy_month(stage, random.Random(4)):
        await stage.deliver(sender, item)
    await age(stage)

    async def read() -> list[others.ChangedVisit]:
        async with stage.engine.begin() as connection:
            page, found = await others.read(connection, ""), []
            found += page.visits
            while page.more:
                page = await others.read(connection, page.cursor)
                found += page.visits
        return found

    before = await read()
    assert any(one.visit.end == "done" for one in before)
    assert (await prune(stage))["contents"] > 200
    assert await read() == before


async def test_what_is_still_needed_stays(idle_stage: Stage) -> None:
    stage, app = idle_stage, CitizensApp()
    sender, late = await stage.enrolled(), await stage.enrolled()
    code, order_id = app.code()
    waiting, unread, before_gap = sender.order(code, order_id), sender.ticket(), late.ticket()
    odd = sender.rehashed(sender.audit(), kind="unheard-of")
    sender.head = odd.hash
    lacked, behind_gap = late.ticket(), late.ticket()
    await stage.deliver(sender, waiting, odd, unread)
    await stage.deliver(late, before_gap, behind_gap)
    await age(stage)
    young = sender.ticket()
    await stage.deliver(sender, young)
    async with stage.engine.begin() as connection:
        place = select(inbox.c.arrival - 1).where(inbox.c.id == unread.id).scalar_subquery()
        await connection.execute(update(projections).where(projections.c.name == "machines").values(arrival=place))
    assert await prune(stage) == {"contents": 0, "evidence": 0}
    async with stage.engine.begin() as connection:
        await connection.execute(update(projections).values(arrival=10**6))
    assert await prune(stage) == {"contents": 2, "evidence": 0}
    assert await kept(stage) == {waiting.id, odd.id, behind_gap.id, young.id}
    await stage.unseal()
    assert await prune(stage) == {"contents": 0, "evidence": 0}, "the key of its code isn't known yet"
    await stage.publish("app-key", app.publication)
    await stage.unseal()
    await stage.deliver(late, lacked)
    assert await prune(stage) == {"contents": 2, "evidence": 1}
    assert await kept(stage) == {odd.id, young.id, lacked.id}
    (order,) = await stage.all(select(orders))
    assert (order.order_id, order.item) == (order_id, waiting.id)
    found = await evidence.verify(stage.engine)
    assert (found.gone, found.items, found.wrong) == (4, 3, [])


async def test_a_recount_that_is_under_way_keeps_what_it_has_not_read(stage: Stage) -> None:
    sender = await stage.enrolled()
    await stage.deliver(sender, sender.ticket())
    await age(stage)
    async with stage.engine.begin() as connection:
        await connection.execute(projections.delete())
    assert await prune(stage) == {"contents": 0, "evidence": 0}


async def test_contents_that_no_rule_deleted_are_named(stage: Stage) -> None:
    sender = await stage.enrolled()
    async with stage.engine.begin() as connection:
        await rules.set_days(connection, "items", DAYS, operations.CONSOLE)
    await stage.deliver(sender, sender.ticket())
    await age(stage)
    await prune(stage)
    ((gone_before,),) = await stage.all(select(retention.c.gone_before))
    assert gone_before > LONG_AGO
    assert (await evidence.verify(stage.engine)).wrong == []
    await stage.deliver(sender, sender.ticket())
    async with stage.engine.begin() as connection:
        await connection.execute(update(inbox).values(body=GONE))
    assert [one for one in (await evidence.verify(stage.engine)).wrong if "no rule deleted them" in one]
    said = [(row.act, msgspec.json.decode(row.detail)) for row in await stage.all(select(acts).order_by(acts.c.id))]
    assert [act for act, _ in said] == ["retention-set", "retention-begun", "retention-done"]
    assert said[-1][1] == {"kind": "items", "before": gone_before, "contents": "1", "evidence": "1"}


async def test_who_is_interrupted_begins_again_and_finds_what_is_left(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweep, "STEP_ROWS", 2)
    sender = await stage.enrolled()
    items = [sender.ticket() for _ in range(5)]
    await stage.deliver(sender, *items)
    await age(stage)
    async with stage.engine.begin() as connection:
        sealed = update(inbox).where(inbox.c.id == items[4].id)
        await connection.execute(sealed.values(seal_state="unsealable"))
    let_go, steps = sweep.Sweep._let_go, list[int]()

    async def cut(self: sweep.Sweep, *arguments: Any) -> int:
        steps.append(await let_go(self, *arguments))
        if len(steps) == 2:
            raise ConnectionError
        return steps[-1]

    monkeypatch.setattr(sweep.Sweep, "_let_go", cut)
    with pytest.raises(ConnectionError):
        await prune(stage)
    assert await kept(stage) == {item.id for item in items[2:]}, "a step is there whole or not at all"
    assert [row.act for row in await stage.all(select(acts))] == ["retention-begun"]
    assert await prune(stage) == {"contents": 2, "evidence": 0}
    assert await kept(stage) == {items[4].id}, "what did not open may do so with another key"
