"""Replaced messages of the feed: who was away for long and who is new end as if all of them were still there."""

from datetime import datetime, timedelta
from typing import Any

import msgspec
import pytest
from sqlalchemy import select

from central.base import clock
from central.base.tables.told import feed, feed_epochs
from central.insight.reports.month import count_month
from central.offices import operations
from central.offices.retention.keeping import keep
from central.publishing import technician
from common.protocol.feed_page import FeedPage
from tests.central.conftest import Stage
from tests.kit.sender import Sender

ORDER = "0f" * 16
OTHER = "1e" * 16
DAYS = 40


class Past:
    """Central's clock in the hands of a test."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._moment = datetime(2026, 9, 10, 9, tzinfo=clock.CENTRE_TIME)
        monkeypatch.setattr(clock, "now", self._tick)

    def _tick(self) -> datetime:
        self._moment += timedelta(milliseconds=1)
        return self._moment

    def go_to(self, month: int, day: int) -> None:
        self._moment = datetime(2026, month, day, 9, tzinfo=clock.CENTRE_TIME)


async def prune(stage: Stage, *, really: bool = True) -> int:
    over = await keep(stage.engine, "feed", DAYS, really=really, operator=operations.CONSOLE)
    return over.counts["messages"]


async def told(stage: Stage, sender: Sender, query: str, state: dict[Any, Any] | None = None) -> dict[Any, Any]:
    """What a kiosk goes by once it has taken in all that it is told: the last word of each kind and key."""
    state = state or {}
    while True:
        page = await stage.feed(sender, query)
        if page.snapshot and page.part == 0:
            state = {}
        take_in(page, state)
        if not page.more:
            return state
        query = f"?after={page.cursor}"


def take_in(page: FeedPage, state: dict[Any, Any]) -> None:
    for message in page.messages:
        body = msgspec.json.decode(message.body)
        if message.kind == "settings":
            state["settings"] = state.get("settings", {}) | body
        else:
            state[message.kind, body.get("order", body.get("id"))] = body


async def a_year(stage: Stage, past: Past) -> list[int]:
    """Messages of all sorts, each number of which somebody may have heard last."""
    numbers = []
    for month, day, state in (
        (9, 10, "in_progress"),
        (9, 11, "in_progress"),
        (9, 12, "ready"),
        (10, 5, "ready"),
        (10, 6, "collected"),
    ):
        past.go_to(month, day)
        for order, centre in ((ORDER, "homs-main"), (OTHER, "homs-new")):
            content = {"order": order, "state": state, "centre": centre, "at": f"2026-{month:02}-{day:02}"}
            numbers.append(await stage.publish("order-state", content))
        numbers.append(await stage.publish("settings", {"screen.brightness": 10 + day}))
        numbers.append(await stage.publish("settings", {"kiosk.help_call": True}))
        numbers.append(await stage.publish("business-day", {"date": f"2026-{month:02}-{day:02}"}))
        async with stage.engine.begin() as connection:
            await technician.appoint(connection, "سامر", ["homs-main"], "technician")
    return numbers


async def test_who_was_away_and_who_is_new_end_alike_before_and_after(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    past = Past(monkeypatch)
    sender = await stage.enrolled()
    heard = [await stage.after(0), *[await stage.after(number) for number in await a_year(stage, past)]]
    states = [await _heard_until(stage, sender, query) for query in heard]
    past.go_to(12, 20)
    fresh = await told(stage, sender, "")
    assert fresh["order-state", ORDER]["state"] == "collected"
    before = [await told(stage, sender, query, dict(state)) for query, state in zip(heard, states, strict=True)]
    assert all(one == fresh for one in before)
    # Of each order 2 + 1, of the technician 2 + 1; a September's and an October's word of each stays.
    assert await prune(stage, really=False) == 9
    assert len(await stage.all(select(feed))) == 30, "a dry run deletes nothing"
    assert await prune(stage) == 9
    assert len(await stage.all(select(feed))) == 21
    assert await prune(stage) == 0
    assert await told(stage, sender, "") == fresh
    after = [await told(stage, sender, query, dict(state)) for query, state in zip(heard, states, strict=True)]
    assert all(one == fresh for one in after)
    assert len(await stage.all(select(feed_epochs))) == 1, "nobody took central for one that was set back"


async def _heard_until(stage: Stage, sender: Sender, query: str) -> dict[Any, Any]:
    """What the kiosk went by that had heard the feed up to the cursor of `query`."""
    epoch_id = int(query.split(".")[1])
    state: dict[Any, Any] = {}
    every = await stage.feed(sender, await stage.after(0))
    assert not every.more
    take_in(msgspec.structs.replace(every, messages=[one for one in every.messages if one.id <= epoch_id]), state)
    return state


async def test_a_place_at_a_deleted_message_brings_a_snapshot_and_a_forged_one_a_new_epoch(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    past = Past(monkeypatch)
    sender = await stage.enrolled()
    numbers = await a_year(stage, past)
    first, last = await stage.after(numbers[0]), await stage.after(numbers[-1] + 1)
    past.go_to(12, 20)
    await prune(stage)
    page = await stage.feed(sender, first)
    assert (page.snapshot, page.part, page.epoch) == (True, 0, first.split("=")[1].split(".")[0])
    assert not (await stage.feed(sender, f"?after={page.cursor}")).messages
    assert not (await stage.feed(sender, last)).snapshot
    beyond = last.replace(f".{numbers[-1] + 1}.", f".{numbers[-1] + 2}.")
    assert (await stage.feed(sender, beyond)).epoch != page.epoch, "what central never said, it has lost"


async def test_what_is_replaced_in_another_month_or_lately_stays_and_reports_are_the_same(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    past = Past(monkeypatch)
    await stage.enrolled()
    await a_year(stage, past)
    past.go_to(12, 19)
    for state in ("in_progress", "ready"):
        await stage.publish("order-state", {"order": "2d" * 16, "state": state, "centre": "homs-main"})
    past.go_to(12, 20)
    months = ("2026-09", "2026-10", "2026-12")
    before = [(await count_month(stage.engine, "homs-main", one)).order_states for one in months]
    assert before == [{"ready": 1}, {"collected": 1}, {"ready": 1}]
    assert await prune(stage) == 9
    assert [(await count_month(stage.engine, "homs-main", one)).order_states for one in months] == before
