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
from central.base.tables.messages import messages, watches
from central.base.tables.received import waiting_lists
from central.base.tables.visited import tickets
from central.messages import watching
from central.messages.still_so import is_still_so
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
        self, before: int | None, state: Any = "working", *, hub: str = "h1", term: int = 1, at: str = moment()
    ) -> None:
        """Let a hub say how many are before the ticket, None where it is not in its list."""
        now = CentreNow(state="open", services=[] if state is None else [ServiceNow(service="card", state=state)],
                        groups={})  # fmt: skip
        own = [] if before is None else [WaitingTicket(TICKET, before)]
        said = WaitingList(at, "2026-11-25", term, {}, [WaitingTicket(OTHER, 0), *own], now=now)
        async with self.engine.begin() as connection:
            await connection.execute(waiting_lists.delete().where(waiting_lists.c.hub == hub))
            text = msgspec.json.encode(said).decode()
            await connection.execute(insert(waiting_lists).values(hub=hub, list=text, at=at))

    async def look(self, **later: float) -> None:
        async with self.engine.begin() as connection:
            await watching.look(connection, NOW + timedelta(**later))

    async def rows(self, table: Table) -> list[Row[Any]]:
        async with self.engine.connect() as connection:
            return list(await connection.execute(select(table)))

    async def told(self) -> list[tuple[str, str, str | None, str]]:
        return [(row.kind, row.event, row.centre, row.said) for row in await self.rows(messages)]

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
WAITS, ENDED = (None, None), (moment(), None)


@pytest.mark.parametrize(
    ("before", "state", "told", "watch"),
    [
        (6, "working", [], WAITS), (5, "working", [NEAR], ENDED), (0, "working", [NEAR], ENDED),
        (5, "unknown", [NEAR], ENDED), (5, None, [NEAR], ENDED), (None, "working", [], WAITS),
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
        (6, "working", [AGAIN], (None, None)), (5, "working", [AGAIN, NEAR], ENDED),
        (6, "unknown", [], (None, SINCE)), (6, "interrupted", [], (None, SINCE)), (6, "closed", [], (None, SINCE)),
        (5, "unknown", [NEAR], (moment(), SINCE)),
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


@pytest.mark.parametrize(("state", "is_dropped"), [("interrupted", True), ("working", False), ("unknown", False)])
async def test_a_word_that_a_turn_is_near_is_taken_back_while_it_stands_still_and_said_later(
    hall: Hall, state: Any, is_dropped: bool
) -> None:
    await hall.begin()
    await hall.says(0)
    await hall.look()
    (word,) = await hall.rows(messages)
    await hall.says(0, state)
    async with hall.engine.begin() as connection:
        assert await watching.take_back(connection, word, NOW) is is_dropped
    (word,) = await hall.rows(messages)
    assert (word.state, word.event) == (("dropped", word.id) if is_dropped else ("waiting", ""))
    assert await hall.watch() == ((None, moment()) if is_dropped else ENDED)


async def test_a_word_that_somebody_has_claimed_is_not_taken_back(hall: Hall) -> None:
    await hall.begin()
    await hall.says(0)
    await hall.look()
    await hall.says(0, "interrupted")
    async with hall.engine.begin() as connection:
        await connection.execute(update(messages).values(until=moment(minutes=1)))
    (word,) = await hall.rows(messages)
    async with hall.engine.begin() as connection:
        assert await watching.take_back(connection, word, NOW) is False
    assert await hall.watch() == ENDED


async def test_one_asks_once_and_stops_once(hall: Hall) -> None:
    await hall.begin()
    (ticket,) = await hall.rows(tickets)
    async with hall.engine.begin() as connection:
        assert [await watching.ask(connection, ticket) for _ in range(2)] == ["w1", "w1"]
        assert [await watching.stop(connection, ticket) for _ in range(2)] == [True, False]
        assert (await watching.ask(connection, ticket), await watching.is_on(connection, ticket)) == (None, None)
    assert await hall.watch() == (moment(), None)


async def test_a_stop_drops_what_waits_still_and_nothing_else(hall: Hall) -> None:
    await hall.begin(ended_at=moment())
    known = {
        "kind": "near", "subject": "watch", "about": "w1", "made_at": moment(), "dies_at": moment(minutes=5),
        "state": "waiting", "tries": 0, "sends": 0, "said": "{}",
    }  # fmt: skip
    others: list[dict[str, Any]] = [{"state": "handed"}, {"about": "w2"}, {"subject": "order"}]
    for n, other in enumerate([{}, *others]):
        await hall.put(messages, **(known | {"id": f"m{n}", "event": str(n)} | other))
    (ticket,) = await hall.rows(tickets)
    async with hall.engine.begin() as connection:
        assert await watching.stop(connection, ticket)
    assert {row.id: row.state for row in await hall.rows(messages)} == {
        "m0": "dropped", "m1": "handed", "m2": "waiting", "m3": "waiting",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("interrupted_at", "event", "expected"),
    [(None, "", True), (moment(), "", False), (moment(), "by-hand/1", True)],
)
async def test_that_it_works_again_is_so_while_it_does(
    hall: Hall, interrupted_at: str | None, event: str, expected: bool
) -> None:
    await hall.begin(interrupted_at=interrupted_at)
    row: Any = type("Row", (), {"kind": "works-again", "subject": "watch", "about": "w1", "event": event})()
    async with hall.engine.begin() as connection:
        assert await is_still_so(connection, row) is expected
