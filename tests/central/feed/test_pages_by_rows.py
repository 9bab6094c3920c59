"""News and snapshots of the feed by rows: what is in a part, where it leads and what is left out, at each edge."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest
from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from central.base import clock
from central.base.tables.received import health
from central.base.tables.told import feed
from central.feed import epoch, pages
from central.feed.cursor import Cursor
from central.feed.pages import Reader, read
from common.protocol.feed_page import FeedPage

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)


def ago(**span: float) -> str:
    return clock.as_text(NOW - timedelta(**span))


async def put(connection: AsyncConnection, *rows: dict[str, Any]) -> None:
    """Write messages from 1 on; their mark is the number in hex digits."""
    for number, row in enumerate(rows, 1):
        known = {"id": number, "kind": "business-day", "key": str(number), "body": "{}", "at": ago()}
        await connection.execute(insert(feed).values(**(known | {"mark": f"{number:x}"} | row)))


async def page(connection: AsyncConnection, cursor: Cursor | None = None, **who: str) -> FeedPage | None:
    return await read(connection, who.get("kiosk", "k1"), "c1", cursor, role=who.get("role", "kiosk"))


async def told(connection: AsyncConnection, cursor: Cursor | None = None, **who: str) -> list[int]:
    found = await page(connection, cursor, **who)
    assert found is not None
    return [message.id for message in found.messages]


async def at(connection: AsyncConnection, number: int, mark: str | None = None, **more: Any) -> Cursor:
    """Return the place after a message, of a kiosk that is told all kinds that such an old one is."""
    kinds = Reader("k1", "c1", "kiosk", frozenset()).kinds
    known = Cursor(await epoch.newest(connection), number, mark or f"{number:x}", kinds=0)
    assert kinds > 0
    return replace(known, **more)


async def test_messages_are_for_everyone_a_centre_or_one(connection: AsyncConnection) -> None:
    await put(connection, {}, {"centre": "c1"}, {"centre": "c2"}, {"kiosk": "k1"}, {"kiosk": "k2"},
              {"centre": "c2", "kiosk": "k1"})  # fmt: skip
    assert await told(connection) == [1, 2, 4, 6]
    assert await told(connection, await at(connection, 1)) == [2, 4, 6]


@pytest.mark.parametrize(("role", "expected"), [("kiosk", [1, 3]), ("hub", [1, 2, 4])])
async def test_hubs_and_kiosks_hear_their_kinds(connection: AsyncConnection, role: str, expected: list[int]) -> None:
    kinds = ("business-day", "counters", "order-state", "hubs", "staff")
    await put(connection, *({"kind": kind} for kind in kinds))
    found = [one for one in await told(connection, role=role) if kinds[one - 1] != "hubs" or role == "hub"]
    assert found == expected


async def test_news_lead_to_the_end_also_where_nothing_is_for_this_reader(connection: AsyncConnection) -> None:
    await put(connection, {}, {}, {"centre": "c2"})
    found = await page(connection, await at(connection, 1))
    own = await epoch.newest(connection)
    assert found == FeedPage(found.messages if found else [], f"{own}.3.3", own, 3)
    assert [one.id for one in found.messages] == [2]
    again = await page(connection, Cursor.read(found.cursor))
    assert again == FeedPage([], f"{own}.3.3", own, 3)


async def test_a_snapshot_says_the_newest_of_each_key_that_is_for_this_reader(connection: AsyncConnection) -> None:
    await put(connection, {"key": "a"}, {"key": "b"}, {"key": "a"}, {"key": "b", "centre": "c2"},
              {"key": "a", "kind": "calendar"})  # fmt: skip
    found = await page(connection)
    assert found is not None
    assert ([one.id for one in found.messages], found.snapshot, found.through, found.more) == (
        [2, 3, 5],
        True,
        5,
        False,
    )


@pytest.mark.parametrize(
    ("row", "is_told"),
    [
        ({"body": '{"state":"collected"}', "at": ago(days=90)}, True),
        ({"body": '{"state":"collected"}', "at": ago(days=90, seconds=1)}, False),
        ({"body": '{"state":"ready"}', "at": ago(days=91)}, True),
        ({"body": '{"state":"ready"}', "at": ago(days=400)}, True),
        ({"body": '{"state":"ready"}', "at": ago(days=400, seconds=1)}, False),
        ({"kind": "calendar", "body": '{"state":"collected"}', "at": ago(days=999)}, True),
    ],
)
async def test_a_snapshot_leaves_out_orders_of_long_ago(
    connection: AsyncConnection, row: dict[str, Any], is_told: bool
) -> None:
    await put(connection, {"kind": "order-state"} | row)
    assert await told(connection) == ([1] if is_told else [])


async def test_a_snapshot_says_all_settings_of_a_reader_as_one(connection: AsyncConnection) -> None:
    settings = {"kind": "settings", "key": ""}
    bodies = ('{"a":1,"b":1}', '{"b":2}', '{"c":3}', '{"d":4}')
    audiences: tuple[dict[str, str], ...] = ({}, {"centre": "c1"}, {"centre": "c2"}, {"kiosk": "k1"})
    await put(connection, *(settings | who | {"body": body} for who, body in zip(audiences, bodies, strict=True)))
    found = await page(connection)
    assert found is not None
    assert [(one.id, msgspec.json.decode(one.body)) for one in found.messages] == [(4, {"a": 1, "b": 2, "d": 4})]


async def test_a_long_snapshot_comes_in_parts_and_news_follow(
    connection: AsyncConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "PAGE_MESSAGES", 2)
    await put(connection, *[{}] * 5)
    own, parts, cursor = await epoch.newest(connection), list[Any](), None
    for _ in range(3):
        found = await page(connection, cursor)
        assert found is not None
        parts.append(([one.id for one in found.messages], found.part, found.more, found.cursor, found.through))
        cursor = Cursor.read(found.cursor)
        if found.part == 0:
            await connection.execute(insert(feed).values(
                id=6, kind="business-day", key="6", body="{}", at=ago(), mark="6"))  # fmt: skip
    assert parts == [
        ([1, 2], 0, True, f"{own}.5.5.2.1", 5), ([3, 4], 1, True, f"{own}.5.5.4.2", 5),
        ([5], 2, False, f"{own}.5.5", 5),
    ]  # fmt: skip
    assert await told(connection, cursor) == [6]


@pytest.mark.parametrize(
    ("lengths", "expected"),
    [([10, 10, 10], [1, 2]), ([21, 1], [1]), ([20, 1], [1]), ([19, 1, 1], [1, 2]), ([99], [1])],
)
async def test_a_page_holds_so_many_letters_and_one_message_at_least(
    connection: AsyncConnection, monkeypatch: pytest.MonkeyPatch, lengths: list[int], expected: list[int]
) -> None:
    monkeypatch.setattr(pages, "PAGE_CHARACTERS", 20)
    await put(connection, {}, *({"body": f'"{"x" * (length - 2)}"' if length > 1 else "1"} for length in lengths))
    found = await page(connection, await at(connection, 1))
    assert found is not None
    assert ([one.id - 1 for one in found.messages], found.more) == (expected, len(expected) < len(lengths))
    assert found.through == (expected[-1] + 1)


async def test_a_place_that_central_lacks_shows_that_it_was_set_back(connection: AsyncConnection) -> None:
    await put(connection, {}, {})
    unheard = replace(await at(connection, 1), epoch="0" * 36)
    for cursor in (await at(connection, 3), await at(connection, 2, "f"), unheard, await at(connection, 0, "f")):
        assert await page(connection, cursor) is None
    assert await told(connection, await at(connection, 0, "0")) == [1, 2]


async def test_a_place_at_a_message_that_went_by_rule_or_of_a_former_epoch_brings_a_snapshot(
    connection: AsyncConnection,
) -> None:
    await put(connection, {}, {"id": 3, "mark": "3"})
    former = await at(connection, 1)
    for cursor in (await at(connection, 2),):
        found = await page(connection, cursor)
        assert found is not None
        assert (found.snapshot, [one.id for one in found.messages]) == (True, [1, 3])
    await epoch.begin(connection, "x")
    found = await page(connection, former)
    assert found is not None
    assert (found.snapshot, found.epoch) == (True, await epoch.newest(connection))


@pytest.mark.parametrize(("version", "is_told"), [("99.0", True), ("0.9", False), (None, False)])
async def test_later_kinds_are_told_once_a_reader_knows_them_by_a_whole_snapshot(
    connection: AsyncConnection, monkeypatch: pytest.MonkeyPatch, version: str | None, is_told: bool
) -> None:
    monkeypatch.setattr(pages, "OWN_VERSION", "1.2.0")
    await put(connection, {"kind": "reasons"}, {})
    cursor = await at(connection, 2)
    report = msgspec.json.encode({"version": version}).decode()
    await connection.execute(insert(health).values(kiosk="k1", report=report, at=ago()))
    found = await page(connection, cursor)
    assert found is not None
    assert (found.snapshot, [one.id for one in found.messages]) == ((True, [1, 2]) if is_told else (False, []))
    if is_told:
        assert (await page(connection, Cursor.read(found.cursor))) == FeedPage([], found.cursor, found.epoch, 2)


async def test_a_report_that_is_none_names_no_version(connection: AsyncConnection) -> None:
    await put(connection, {"kind": "reasons"}, {})
    await connection.execute(insert(health).values(kiosk="k1", report="{", at=ago()))
    assert await told(connection) == [2]


@pytest.mark.parametrize(("revoked_at", "expected"), [(None, 4), (ago(), 7)])
async def test_how_far_the_feed_goes_for_a_machine(
    connection: AsyncConnection, revoked_at: str | None, expected: int
) -> None:
    machine: Any = SimpleNamespace(id="k1", centre="c1", revoked_at=revoked_at)
    assert await pages.through(connection, machine) == (0 if revoked_at is None else 1)
    await put(connection, {}, {"centre": "c1"}, {"centre": "c2"}, {"kiosk": "k1"}, {"kiosk": "k2"}, {"centre": "c2"})
    assert await pages.through(connection, machine) == expected


@pytest.mark.parametrize(
    "cursor",
    [
        Cursor("0" * 36, 7, "ab"), Cursor("0" * 36, 7, "ab", kinds=9), Cursor("0" * 36, 7, "ab", 3, 2),
        Cursor("0" * 36, 7, "ab", 3, 2, 9),
    ],
)  # fmt: skip
def test_a_place_reads_as_it_was_written(cursor: Cursor) -> None:
    assert Cursor.read(str(cursor)) == cursor
    assert Cursor.read(f"{cursor}x") is None
