"""Who is told that his turn is near or that it works again: by one list after another, each rule at its edges."""

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from sqlalchemy import Row, Table, insert, select, update
from sqlalchemy.ext.asyncio import AsyncEngine

from central.base import clock
from central.base.config import CentralConfig
from central.base.database.engine import open_engine
from central.base.tables.enrolled import kiosks
from central.base.tables.messages import told as messages
from central.base.tables.messages import watches
from central.base.tables.received import waiting_lists
from central.base.tables.visited import tickets
from central.levels.reconciling import is_so, reconcile
from central.messages import watching
from central.messages.kinds import KINDS
from common.protocol.queue.call import WaitingList, WaitingTicket
from common.protocol.queue.service_now import CentreNow, ServiceNow

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
TICKET, OTHER = "5b0e21a4-56dd-4e51-8f66-3e3b0a3f6c11", "5b0e21a4-56dd-4e51-8f66-3e3b0a3f6c12"


def moment(**later: float) -> str:
    return clock.as_text(NOW + timedelta(**later))


class Hall:
    """A centre of a kiosk and two hubs, one ticket, and who watches it."""

    def __init__(self, engine: AsyncEngine) -> None:
        self.engine = engine

    async def put(self, table: Table, **row: Any) -> None:
        async with self.engine.begin() as connection:
            await connection.execute(insert(table).values(**row))

    async def begin(self, **watch: Any) -> None:
        for name, role in (("k1", "kiosk"), ("h1", "hub"), ("h2", "hub")):
            known = {"digit": 1, "enrolled_at": "", "signing_kid": "", "enrolment_kid": "", "public_key": name}
            await self.put(kiosks, id=name, centre="homs-main", role=role, **known)
        await self.put(
            tickets, kiosk="k1", ticket=TICKET, number="A1014", service="card", business_day="2026-11-25",
            priority="none", is_voided=False, issued_at=moment(),
        )  # fmt: skip
        known = {"id": "w1", "kiosk": "k1", "ticket": TICKET, "asked_at": moment(hours=-1)}
        await self.put(watches, **(known | watch))

    async def says(
        self,
        before: int | None,
        state: Any = "working",
        *,
        hub: str = "h1",
        term: int = 1,
        at: str = moment(),
        since: str | None = None,
    ) -> None:
        """Let a hub say how many are before the ticket, None where it is not in its list."""
        one = ServiceNow(service="card", state=state or "unknown", since=since)
        now = CentreNow(state="open", services=[] if state is None else [one],
                        groups={})  # fmt: skip
        own = [] if before is None else [WaitingTicket(TICKET, before)]
        said = WaitingList(at, "2026-11-25", term, {}, [WaitingTicket(OTHER, 0), *own], now=now)
        async with self.engine.begin() as connection:
            await connection.execute(waiting_lists.delete().where(waiting_lists.c.hub == hub))
            text = msgspec.json.encode(said).decode()
            await connection.execute(insert(waiting_lists).values(hub=hub, list=text, at=at))

    async def look(self, **later: float) -> None:
        async with self.engine.begin() as connection:
            for kind in KINDS:
                await reconcile(connection, kind, NOW + timedelta(**later))

    async def rows(self, table: Table) -> list[Row[Any]]:
        async with self.engine.connect() as connection:
            return list(await connection.execute(select(table)))

    async def told(self) -> list[tuple[str, str, str | None, str]]:
        return [(row.kind, row.what, row.centre, row.said) for row in await self.rows(messages)]

    async def watch(self) -> tuple[str | None, str | None]:
        (row,) = await self.rows(watches)
        return row.ended_at, row.interrupted_at


@pytest.fixture
async def hall(config: CentralConfig, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    engine = open_engine(config.database_url)
    yield Hall(engine)
    await engine.dispose()


NEAR = ("near", "", "homs-main", '{"ends":"014"}')
WAITS = (None, None)


@pytest.mark.parametrize(
    ("before", "state", "told", "watch"),
    [
        (6, "working", [], WAITS), (5, "working", [NEAR], WAITS), (0, "working", [NEAR], WAITS),
        (5, "unknown", [NEAR], WAITS), (5, None, [NEAR], WAITS), (None, "working", [], WAITS),
        (0, "interrupted", [], (None, moment())),
    ],
)  # fmt: skip
async def test_he_is_told_once_when_five_are_before_him_and_it_does_not_stand_still(
    hall: Hall, before: int | None, state: Any, told: list[Any], watch: Any
) -> None:
    await hall.begin()
    await hall.says(before, state)
    for _ in range(2):
        await hall.look()
        assert (await hall.told(), await hall.watch()) == (told, watch)


SINCE = moment(minutes=-20)
AGAIN = ("works-again", SINCE, "homs-main", '{"ends":"014"}')


@pytest.mark.parametrize(
    ("before", "state", "told", "watch"),
    [
        (6, "working", [AGAIN], (None, SINCE)), (5, "working", [AGAIN, NEAR], (None, SINCE)),
        (6, "unknown", [], (None, SINCE)), (6, "interrupted", [], (None, SINCE)), (6, "closed", [], (None, SINCE)),
        (5, "unknown", [NEAR], (None, SINCE)),
    ],
)  # fmt: skip
async def test_that_it_works_again_is_said_where_it_does(
    hall: Hall, before: int, state: Any, told: list[Any], watch: Any
) -> None:
    await hall.begin(interrupted_at=SINCE)
    await hall.says(before, state)
    await hall.look()
    assert (sorted(await hall.told()), await hall.watch()) == (sorted(told), watch)


@pytest.mark.parametrize(
    ("watch", "told"),
    [
        ({"asked_at": moment(hours=-24, seconds=1)}, [NEAR]), ({"asked_at": moment(hours=-24)}, []),
        ({"ended_at": moment(hours=-1)}, []),
    ],
)  # fmt: skip
async def test_a_watch_is_for_a_day_and_ends_with_its_word(hall: Hall, watch: dict[str, str], told: list[Any]) -> None:
    await hall.begin(**watch)
    await hall.says(0)
    await hall.look()
    assert await hall.told() == told


@pytest.mark.parametrize(("at", "told"), [(moment(seconds=-59), [NEAR]), (moment(seconds=-60), [])])
async def test_a_word_is_of_now_for_a_minute(hall: Hall, at: str, told: list[Any]) -> None:
    await hall.begin()
    await hall.says(0, at=at)
    await hall.look()
    assert await hall.told() == told


@pytest.mark.parametrize(
    ("first", "second", "told"),
    [
        ({"term": 1}, {"term": 2}, []), ({"term": 2}, {"term": 1}, [NEAR]),
        ({"at": moment(seconds=-1)}, {}, []), ({}, {"at": moment(seconds=-1)}, [NEAR]),
    ],
)  # fmt: skip
async def test_of_two_hubs_the_one_with_the_greater_term_or_the_newer_word_is_believed(
    hall: Hall, first: dict[str, Any], second: dict[str, Any], told: list[Any]
) -> None:
    await hall.begin()
    await hall.says(0, **first)
    await hall.says(9, hub="h2", **second)
    await hall.look()
    assert await hall.told() == told


async def test_a_hub_that_was_revoked_is_not_believed(hall: Hall) -> None:
    await hall.begin()
    await hall.says(0)
    async with hall.engine.begin() as connection:
        await connection.execute(update(kiosks).where(kiosks.c.id == "h1").values(revoked_at=moment()))
    await hall.look()
    assert await hall.told() == []


@pytest.mark.parametrize(
    ("before", "state", "states"),
    [
        (0, "interrupted", ["dropped"]), (6, "working", ["dropped"]), (None, "working", ["dropped"]),
        (0, "working", ["waiting"]), (0, "unknown", ["waiting"]),
    ],
)  # fmt: skip
async def test_a_word_that_a_turn_is_near_waits_while_it_is_so_and_is_said_when_it_is_again(
    hall: Hall, before: int | None, state: Any, states: list[str]
) -> None:
    await hall.begin()
    await hall.says(0)
    await hall.look()
    await hall.says(before, state)
    await hall.look()
    assert [row.state for row in await hall.rows(messages)] == states
    await hall.says(5)
    await hall.look()
    assert sorted(row.state for row in await hall.rows(messages) if row.kind == "near") == sorted(
        {*states, "waiting"} if states == ["dropped"] else states
    )


async def test_without_a_present_list_nobody_knows_and_what_waits_stays(hall: Hall) -> None:
    await hall.begin()
    await hall.says(0)
    await hall.look()
    await hall.look(minutes=2)
    (row,) = await hall.rows(messages)
    async with hall.engine.begin() as connection:
        assert (row.state, await is_so(connection, KINDS, row, NOW + timedelta(minutes=2))) == ("waiting", True)


async def hand_all(hall: Hall) -> None:
    async with hall.engine.begin() as connection:
        await connection.execute(update(messages).values(state="handed", handed_at=moment()))


async def test_that_it_works_again_is_said_of_each_standstill_once(hall: Hall) -> None:
    await hall.begin()
    for state, since in (
        ("interrupted", moment(minutes=-9)), ("working", None), ("working", None), ("interrupted", moment(minutes=-1)),
        ("interrupted", moment(minutes=-1)), ("working", None), ("working", None),
    ):  # fmt: skip
        await hall.says(8, state, since=since)
        await hall.look()
        await hand_all(hall)
    assert [(row.kind, row.what) for row in await hall.rows(messages)] == [
        ("works-again", moment(minutes=-9)), ("works-again", moment(minutes=-1)),
    ]  # fmt: skip


async def test_who_was_told_that_he_is_near_hears_no_more_of_what_stands_still_after_that(hall: Hall) -> None:
    await hall.begin()
    for state in ("working", "interrupted", "working"):
        await hall.says(3, state, since=moment())
        await hall.look()
        await hand_all(hall)
    assert [row.kind for row in await hall.rows(messages)] == ["near"]


async def test_one_asks_once_and_stops_once(hall: Hall) -> None:
    await hall.begin()
    (ticket,) = await hall.rows(tickets)
    async with hall.engine.begin() as connection:
        assert [await watching.ask(connection, ticket) for _ in range(2)] == ["w1", "w1"]
        assert [await watching.stop(connection, ticket) for _ in range(2)] == [True, False]
        assert (await watching.ask(connection, ticket), await watching.is_on(connection, ticket)) == (None, None)
    assert await hall.watch() == (moment(), None)


@pytest.mark.parametrize(
    ("state", "is_on"),
    [("waiting", True), ("dropped", True), ("handed", False), ("delivered", False), ("unknown", False)],
)
async def test_a_watch_is_on_until_he_was_told_that_he_is_near(hall: Hall, state: str, is_on: bool) -> None:
    await hall.begin()
    await hall.says(0)
    await hall.look()
    (ticket,) = await hall.rows(tickets)
    async with hall.engine.begin() as connection:
        await connection.execute(update(messages).values(state=state))
        assert await watching.is_on(connection, ticket) == ("w1" if is_on else None)


async def test_a_stop_drops_what_waits_still(hall: Hall) -> None:
    await hall.begin(interrupted_at=SINCE)
    await hall.says(0)
    await hall.look()
    (ticket,) = await hall.rows(tickets)
    async with hall.engine.begin() as connection:
        assert await watching.stop(connection, ticket)
    await hall.look()
    assert [row.state for row in await hall.rows(messages)] == ["dropped", "dropped"]
