"""Whatever changes, is handed over, fails or is brought back from a copy, in any order: told is what should be known.

What may be said once is said once at most, also by who has forgotten that he did; what must be heard is said in the end
while it is of use; and nothing is handed over that is not so at that moment.
"""

import random
from collections import Counter
from collections.abc import AsyncIterator, Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Row, delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from central.base import clock
from central.base.config import CentralConfig
from central.base.database.engine import open_engine
from central.base.tables.messages import told
from central.base.tables.received import findings
from central.feed import epoch
from central.intake.receiving import apart
from central.levels import reconciling
from central.levels.level import Level
from central.messages.texts import Said
from common.messages import outbox
from common.messages.kind import RULES, Kind
from tests.central.messages.conftest import NOON

ABOUT = ("a", "b", "c")
ENDED = ("handed", "delivered", "failed", "unknown")


class AKind:
    """A kind whose levels a test sets; of those in `unknown` nobody knows."""

    subject = "order"
    stuck = apart.MESSAGE
    newest_alone = False

    def __init__(self, name: Kind) -> None:
        self.name: Kind = name
        self.now: dict[str, Level | None] = dict.fromkeys(ABOUT)
        self.unknown: set[str] = set()
        self.broken: set[str] = set()

    async def changed(self, _connection: AsyncConnection, _now: datetime, _waiting: Collection[str]) -> Collection[str]:
        return ABOUT

    async def levels(
        self, _connection: AsyncConnection, _now: datetime, about: Collection[str]
    ) -> Mapping[str, Level | None]:
        if self.broken & set(about):
            raise KeyError
        return {one: self.now[one] for one in about if one not in self.unknown}


class World:
    """Central's rows, an end that hears, a clock, and a copy of the rows."""

    def __init__(self, engine: AsyncEngine, kind: AKind) -> None:
        self.engine, self.kind, self.now = engine, kind, NOON
        self.heard = Counter[tuple[str, str, int]]()
        self.restores = 0
        self.era = dict.fromkeys(ABOUT, 0)  # what became so after a restore is another matter than what was so before
        self.untrue: list[str] = []
        self.copy: list[dict[str, Any]] = []
        self.changes = 0

    def change(self, about: str, what: str | None) -> None:
        since, ends = self.now, self.now + timedelta(hours=2)
        former = self.kind.now[about]
        if what is None or former is None or former.what != what:
            level = Level(about=about, what=what or "", since=since, ends=ends, centre=None, said=Said())
            self.kind.now[about] = None if what is None else level
            self.era[about] = self.restores

    async def look(self) -> None:
        async with self.engine.begin() as connection:
            await connection.execute(outbox.close_open(told, self.now))
            await connection.execute(outbox.drop_old(told, self.now))
            if (restored := await epoch.restored_at(connection)) is not None:
                await connection.execute(outbox.close_before(told, restored))
            await reconciling.reconcile(connection, self.kind, self.now)

    async def hand(self, outcome: str) -> None:
        """Hand over what is due; `outcome` also `away`: nothing was begun, or `killed`: nobody notes what became."""
        async with self.engine.begin() as connection:
            due = (await connection.execute(outbox.due(told, self.now, 9))).all()
        for row in due:
            await self._hand(row, outcome)

    async def _hand(self, row: Row[Any], outcome: Any) -> None:
        async with self.engine.begin() as connection:
            if not await reconciling.is_so(connection, [self.kind], row, self.now):
                await reconciling.drop(connection, row, self.now)
                return
            if (await connection.execute(outbox.claim(told, row.id, row.kind, self.now))).rowcount == 0:
                return
        level = self.kind.now[row.about]
        if outcome != "away":
            self.heard[row.about, row.what, self.era[row.about]] += 1
            if row.about not in self.kind.unknown and (level is None or row.what != level.what):
                self.untrue.append(row.what)
        async with self.engine.begin() as connection:
            if outcome == "away":
                await connection.execute(outbox.not_sent(told, row.id, self.now))
            elif outcome != "killed":
                noted = outbox.answered(told, row.id, row.kind, outcome, self.now, channel="http", reference=None)
                await connection.execute(noted)

    async def keep(self) -> None:
        self.copy = [dict(row._mapping) for row in await self.rows()]

    async def bring_back(self) -> None:
        self.restores += 1
        async with self.engine.begin() as connection:
            await connection.execute(delete(told))
            if self.copy:
                await connection.execute(insert(told), self.copy)
            await epoch.begin(connection, epoch.BY_COMMAND)

    async def rows(self) -> list[Row[Any]]:
        async with self.engine.connect() as connection:
            return list(await connection.execute(select(told)))

    async def settle(self) -> None:
        """Let all that is open come to its end, while what should be known is of use still."""
        self.kind.unknown.clear()
        for about, level in self.kind.now.items():
            if level is not None:
                await self.look()
                self.change(about, level.what)
        for _ in range(4):
            self.now += timedelta(minutes=20)
            await self.look()
            await self.hand("handed")


@pytest.fixture
async def engine(config: CentralConfig) -> AsyncIterator[AsyncEngine]:
    opened = open_engine(config.database_url)
    yield opened
    await opened.dispose()


async def one_step(world: World, rng: random.Random) -> None:
    world.now += timedelta(seconds=rng.choice((1, 7, 40)))
    act = rng.choice(("change", "change", "look", "look", "hand", "hand", "unknown", "keep", "back"))
    about = rng.choice(ABOUT)
    match act:
        case "change":
            world.changes += 1
            # The first thing of all may come again, as a turn that is near does; others are new each time.
            world.change(about, rng.choice((None, "first", f"e{world.changes}")))
        case "look":
            await world.look()
        case "hand":
            await world.hand(rng.choice(("handed", "handed", "away", "unknown", "killed", "failed")))
        case "unknown":
            world.kind.unknown ^= {about}
        case "keep":
            await world.keep()
        case _ if rng.random() < 0.3:
            await world.bring_back()


@pytest.mark.parametrize("name", ["near", "order-ready"])
@pytest.mark.parametrize("seed", range(12))
async def test_in_every_order_told_ends_as_what_should_be_known(
    engine: AsyncEngine, monkeypatch: pytest.MonkeyPatch, name: Kind, seed: int
) -> None:
    rng, world = random.Random(f"{name}{seed}"), World(engine, AKind(name))
    monkeypatch.setattr(clock, "now", lambda: world.now)
    for _ in range(40):
        await one_step(world, rng)
    await world.settle()
    assert world.untrue == []
    rows = await world.rows()
    assert not [row for row in rows if row.state == "waiting"], "told or dropped, and nothing between"
    for about, level in world.kind.now.items():
        if level is None or level.ends <= world.now:
            continue
        (row,) = [row for row in rows if (row.about, row.what) == (about, level.what)]
        assert row.state in ENDED
        if not RULES[name].at_most_once:
            assert sum(times for one, times in world.heard.items() if one[:2] == (about, level.what))
    if RULES[name].at_most_once:
        assert not [one for one, times in world.heard.items() if times > 1]


async def test_what_is_so_again_before_it_was_said_is_said_and_what_was_said_is_not_again(
    engine: AsyncEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = World(engine, AKind("near"))
    monkeypatch.setattr(clock, "now", lambda: world.now)
    for what in ("first", None, "first"):
        world.change("a", what)
        await world.look()
    assert sorted(row.state for row in await world.rows()) == ["dropped", "waiting"]
    for what in ("first", None, "first"):
        await world.hand("handed")
        world.change("a", what)
        await world.look()
    assert world.heard == {("a", "first", 0): 1}


async def test_what_may_have_been_said_in_the_lost_time_is_said_again_only_where_it_may_be_said_twice(
    engine: AsyncEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, states in (("near", ["unknown"]), ("order-ready", ["waiting"])):
        world = World(engine, AKind(name))  # type: ignore[arg-type]
        monkeypatch.setattr(clock, "now", lambda world=world: world.now)
        world.change("a", "first")
        world.now += timedelta(minutes=1)
        await world.bring_back()  # of before: nothing was told
        await world.look()
        assert [row.state for row in await world.rows()] == states
        world.now += timedelta(minutes=1)
        world.change("a", "after")
        await world.look()
        assert "waiting" in [row.state for row in await world.rows() if row.what == "after"]


async def test_one_that_cannot_be_judged_keeps_no_other_from_its_word(
    engine: AsyncEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = World(engine, AKind("near"))
    monkeypatch.setattr(clock, "now", lambda: world.now)
    for about in ABOUT:
        world.change(about, "first")
    world.kind.broken = {"b"}
    await world.look()
    assert sorted(row.about for row in await world.rows()) == ["a", "c"]
    async with engine.connect() as connection:
        rows = (await connection.execute(select(findings.c.code, findings.c.item))).all()
        assert [tuple(row) for row in rows] == [("message-stuck", "order b")]
