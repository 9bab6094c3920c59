"""One thing that cannot be gone on with is set apart by name, and all others go on: items, days, centres, systems."""

import base64
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from central.base import clock
from central.base.config import CentralConfig
from central.base.database.engine import open_engine
from central.base.database.replication import NotReplicatedError
from central.base.tables.ordered import opened
from central.base.tables.received import findings, inbox
from central.base.tables.visited import counted_days, queue_events, tickets
from central.insight.reports.counted_days import Keeper
from central.insight.reports.month import count_month
from central.insight.taken_back import take_back
from central.insight.visits import projection
from central.intake.receiving import apart, finding, quarantine
from central.intake.receiving.quarantine import StaysPut
from central.offices.integrations import systems, webhooks
from central.offices.integrations.webhooks import WebhookDispatcher
from central.offices.upkeep import needs
from common.protocol.envelope import Item, QueueBody, TicketBody
from tests.central.conftest import Stage
from tests.central.intake.unsealing.test_unsealing import ticket_of
from tests.kit.sender import Sender

TOKEN = "0123456789abcdef0123456789abcdef"
NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)
DAY = "2026-11-25"
ODD = "2026-11-00"


@pytest.fixture(autouse=True)
def _time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)


def ticket(kiosk: Sender, number: str, **more: Any) -> Item:
    return kiosk.item(TicketBody(number, "civil-affairs", DAY, **more), "ticket", wall_time=f"{DAY}T08:00:00.000000Z")


async def named(stage: Stage) -> list[tuple[str, str, str]]:
    of_these = findings.c.code.in_(apart.CODES)
    return [(row.code, row.kiosk, row.item) for row in await stage.all(select(findings).where(of_these))]


async def made_odd(stage: Stage, item: Item, body: dict[str, Any]) -> None:
    """Change an applied item to what an earlier central has taken, and this one would not."""
    content = base64.b64encode(msgspec.json.encode(body)).decode()
    async with stage.engine.begin() as connection:
        await connection.execute(update(inbox).where(inbox.c.id == item.id).values(body=content))


async def test_an_item_that_a_reader_cannot_take_costs_no_other(stage: Stage, config: CentralConfig) -> None:
    kiosk = await stage.enrolled()
    good = [ticket(kiosk, f"A100{n}", token=TOKEN if n == 4 else None) for n in range(5)]
    await stage.deliver(kiosk, *good)
    await made_odd(stage, good[1], {"number": "A1001", "service": "civil-affairs", "business_day": ODD})
    await made_odd(stage, good[3], {"number": 3})
    for _ in range(2):
        await stage.all_read()
    kept = await stage.all(select(tickets.c.number).order_by(tickets.c.number))
    assert [row.number for row in kept] == ["A1000", "A1002", "A1004"]
    assert await named(stage) == [("item-unread", kiosk.kiosk, f"{good[n].id} visits") for n in (1, 3)]
    assert (await stage.client.get(f"/t/{TOKEN}")).status_code == 200
    assert (await count_month(stage.engine, "homs-main", "2026-11")).issued == 3
    async with stage.engine.begin() as connection:
        (todo,) = [one for one in await needs.what_needs_somebody(connection, config) if one.kind == "set-apart"]
    assert todo.count == 2


async def test_a_database_that_is_away_sets_nothing_apart(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    kiosk = await stage.enrolled()
    await stage.deliver(kiosk, ticket(kiosk, "A1001"))

    async def away(*_: object) -> None:
        raise OperationalError("select", {}, Exception("away"))

    monkeypatch.setattr(projection, "insert_new", away)
    with pytest.raises(OperationalError):
        await stage.all_read()
    monkeypatch.undo()
    await stage.all_read()
    assert await named(stage) == []
    assert len(await stage.all(select(tickets))) == 1


@pytest.mark.parametrize(
    ("state", "is_passing"),
    [
        ("40P01", True), ("40001", True), ("53100", True), ("53300", True), ("55P03", True), ("57014", True),
        ("57P01", True), ("25006", True), ("22021", False), ("23505", False), ("54000", False),
    ],
)  # fmt: skip
async def test_what_postgresql_says_of_itself_is_no_fault_of_an_item(
    postgres_url: str, state: str, is_passing: bool
) -> None:
    engine = open_engine(postgres_url)
    async with engine.connect() as connection:
        with pytest.raises(DBAPIError) as caught:
            await connection.exec_driver_sql(f"DO $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = '{state}'; END $$")
    await engine.dispose()
    assert apart.is_passing(caught.value) is is_passing


@pytest.mark.parametrize("error", [PoolTimeout(), NotReplicatedError(), TimeoutError(), ConnectionResetError()])
def test_what_is_short_or_away_is_no_fault_of_an_item(error: Exception) -> None:
    assert apart.is_passing(error)


async def test_what_somebody_has_seen_to_and_fails_again_is_named_again(stage: Stage) -> None:
    async def fails() -> None:
        raise ValueError

    async def still_open() -> list[str]:
        return [row.item for row in await stage.all(select(findings).where(finding.is_open))]

    for _ in range(2):
        assert not await apart.tried(stage.engine, fails(), apart.CENTRE, "homs-main", "seats")
        (found,) = await stage.all(select(findings))
        assert await still_open() == ["seats"]
        async with stage.engine.begin() as connection:
            await finding.settle(connection, found.id, "Rana")
        assert await still_open() == []
    hub = await stage.enrolled_hub()
    odd = {"at": "2026-11-01T08:00:00.000000Z", "business_day": DAY, "term": 1, "waiting": {}}
    for _ in range(2):
        assert (await stage.post(hub, msgspec.json.encode({"items": [], "waiting": odd}))).status_code == 200
        (found,) = await stage.all(select(findings).where(finding.is_open))
        assert (found.code, found.kiosk) == ("waiting-list-odd", hub.kiosk)
        async with stage.engine.begin() as connection:
            await finding.settle(connection, found.id, "Rana")


async def test_a_day_that_cannot_be_counted_costs_no_other_day(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    kiosk = await stage.enrolled()
    await stage.deliver(kiosk, ticket(kiosk, "A1001"))
    await stage.all_read()
    async with stage.engine.begin() as connection:
        row = {"business_day": ODD, "changes": 1, "counted_changes": 0, "counted": None}
        for centre in ("homs-main", "homs-new"):
            await connection.execute(counted_days.insert().values(centre=centre, **row))
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(days=1))
    await Keeper(stage.engine).act()
    assert sorted(await named(stage)) == [("day-uncounted", centre, ODD) for centre in ("homs-main", "homs-new")]
    counted = await stage.all(select(counted_days.c.business_day).where(counted_days.c.counted.is_not(None)))
    assert [row.business_day for row in counted] == [DAY]


@pytest.mark.usefixtures("no_dispatcher")
async def test_a_system_that_cannot_be_told_keeps_no_other_from_its_news(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with stage.engine.begin() as connection:
        await systems.give(connection, "app", "order-states", "https://app.example/")
        await systems.give(connection, "bookings", "claims", "https://bookings.example/")
    newest = webhooks._newest

    async def of_some(connection: Any, may: str) -> int:
        if may == "order-states":
            raise ValueError(may)
        return 1 + await newest(connection, may)

    monkeypatch.setattr(webhooks, "_newest", of_some)
    told: list[str] = []

    def post(url: str, body: bytes, headers: dict[str, str]) -> int:
        told.append(url)
        return 204

    await WebhookDispatcher(stage.engine, stage.ring, post).act()
    assert told == ["https://bookings.example/"]
    assert await named(stage) == [("system-untold", "", "system app")]


async def test_an_applied_item_is_taken_out_of_every_reader_s_way_and_put_back(stage: Stage) -> None:
    kiosk, hub = await stage.enrolled(), await stage.enrolled_hub()
    given, other = ticket(kiosk, "A1001", token=TOKEN), ticket(kiosk, "A1002")
    await stage.deliver(kiosk, given, other)
    taken_back = hub.item(QueueBody("voided", kiosk.kiosk, given.id), "queue")
    await stage.deliver(hub, taken_back)
    await stage.all_read()

    async def apart_now(item: Item) -> None:
        async with stage.engine.begin() as connection:
            await take_back(connection, await quarantine.set_apart(connection, item.id, None, "a test"))
        await stage.all_read()

    assert [row.is_voided for row in await stage.all(select(tickets.c.is_voided).order_by(tickets.c.number))] == [1, 0]
    await apart_now(taken_back)
    assert await stage.all(select(queue_events).where(queue_events.c.ticket == given.id)) == []
    assert [row.is_voided for row in await stage.all(select(tickets.c.is_voided))] == [0, 0]
    await apart_now(given)
    assert [row.number for row in await stage.all(select(tickets.c.number))] == ["A1002"]
    assert (await stage.client.get(f"/t/{TOKEN}")).status_code == 404
    kept = await stage.all(quarantine.listing)
    assert sorted((row.id, row.reason) for row in kept) == sorted(
        (one.id, "set-apart: a test") for one in (given, taken_back)
    )
    with pytest.raises(StaysPut, match="kept apart already"):
        await apart_now(given)
    with pytest.raises(StaysPut, match="no item"):
        async with stage.engine.begin() as connection:
            await quarantine.set_apart(connection, "none", None, "a test")
    assert [(one.result, one.reason) for one in (await stage.deliver(kiosk, given)).results] == [
        ("duplicate", "set-apart: a test")
    ]
    async with stage.engine.begin() as connection:
        for item in (given, taken_back):
            await quarantine.release(connection, item.id)
    await stage.all_read()
    assert [row.is_voided for row in await stage.all(select(tickets.c.is_voided).order_by(tickets.c.number))] == [1, 0]


async def test_a_number_that_was_burnt_unseen_stays_so_whatever_else_told_it(stage: Stage) -> None:
    kiosk, hub = await stage.enrolled(), await stage.enrolled_hub()
    burnt = ticket(kiosk, "A1001", voided=True)
    told = hub.item(QueueBody("voided", kiosk.kiosk, burnt.id), "queue")
    await stage.deliver(kiosk, burnt)
    await stage.deliver(hub, told)
    await stage.all_read()
    async with stage.engine.begin() as connection:
        await take_back(connection, await quarantine.set_apart(connection, told.id, None, "a test"))
    assert [row.is_voided for row in await stage.all(select(tickets.c.is_voided))] == [1]


async def test_what_was_opened_of_an_item_goes_with_it_and_is_opened_again(stage: Stage) -> None:
    kiosk = await stage.enrolled()
    sealed = ticket_of(kiosk)
    await stage.deliver(kiosk, sealed)
    await stage.unseal()
    assert len(await stage.all(select(opened))) == 1
    async with stage.engine.begin() as connection:
        await take_back(connection, await quarantine.set_apart(connection, sealed.id, None, "a test"))
    assert await stage.all(select(opened)) == []
    async with stage.engine.begin() as connection:
        await quarantine.release(connection, sealed.id)
    await stage.unseal()
    assert len(await stage.all(select(opened))) == 1


async def test_a_day_that_no_calendar_has_goes_with_its_item(stage: Stage) -> None:
    kiosk = await stage.enrolled()
    given = ticket(kiosk, "A1001")
    await stage.deliver(kiosk, given)
    await stage.all_read()
    async with stage.engine.begin() as connection:
        await connection.execute(update(tickets).values(business_day=ODD))
        await connection.execute(update(counted_days).values(business_day=ODD))
        await take_back(connection, await quarantine.set_apart(connection, given.id, None, "a test"))
    assert await stage.all(select(counted_days)) == []


async def test_an_item_of_no_time_is_a_finding_as_it_comes(stage: Stage) -> None:
    kiosk = await stage.enrolled()
    far = (clock.business_date(NOW) + timedelta(days=46)).isoformat()
    odd = kiosk.item(TicketBody("A1001", "civil-affairs", far), "ticket")
    assert await stage.results(kiosk, odd) == [("quarantined", "unlikely-day")]
    assert await named(stage) == [("unlikely-day", kiosk.kiosk, odd.id)]


async def test_a_person_may_hold_for_so_what_central_held_for_unlikely(stage: Stage) -> None:
    kiosk = await stage.enrolled()
    far = (clock.business_date(NOW) + timedelta(days=60)).isoformat()
    ahead = kiosk.item(TicketBody("A1001", "civil-affairs", far), "ticket", wall_time=f"{far}T08:00:00.000000Z")
    none = kiosk.item(TicketBody("A1002", "civil-affairs", DAY), "ticket", wall_time="!")
    assert await stage.results(kiosk, ahead, none) == [
        ("quarantined", "unlikely-time"), ("quarantined", "unreadable-time"),
    ]  # fmt: skip
    async with stage.engine.begin() as connection:
        await quarantine.release(connection, ahead.id)
    with pytest.raises(StaysPut, match="unreadable-time"):
        async with stage.engine.begin() as connection:
            await quarantine.release(connection, none.id)
    await stage.all_read()
    assert [row.number for row in await stage.all(select(tickets.c.number))] == ["A1001"]
