"""A kiosk that a restored central lacks is named; nobody can fill the findings with invented ones, or hide it."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, select

from central.base import clock
from central.base.tables.enrolled import digits, kiosks
from central.base.tables.received import findings
from central.feed import epoch as feed_epoch
from central.intake.receiving import finding
from central.intake.receiving.unknown_kiosks import (
    AFTER_RESTORE,
    AGAIN_AFTER,
    MOST_NAMED,
    MOST_OF_ADDRESS,
    UnknownKiosks,
)
from tests.central.conftest import Stage

LOST = "kiosk-000105ed"


async def named(stage: Stage) -> list[tuple[str, str]]:
    return [(row.kiosk, row.code) for row in await stage.all(select(findings).where(finding.is_open))]


async def restored(stage: Stage) -> None:
    async with stage.engine.begin() as connection:
        await feed_epoch.begin(connection, feed_epoch.BY_COMMAND)


async def test_a_kiosk_that_the_copy_lacks_is_named_once_for_all_processes(stage: Stage) -> None:
    lost = await stage.enrolled()
    async with stage.engine.begin() as connection:
        await connection.execute(delete(digits).where(digits.c.kiosk == lost.kiosk))
        await connection.execute(delete(kiosks).where(kiosks.c.id == lost.kiosk))
    await restored(stage)
    for _ in range(2):
        assert (await stage.get_feed(lost)).status_code == 401
    await UnknownKiosks().note(stage.engine, lost.kiosk, "10.0.0.1")
    assert await named(stage) == [(lost.kiosk, "kiosk-unknown")]


async def test_a_name_that_central_never_gave_is_not_named(stage: Stage) -> None:
    unknown_kiosks = UnknownKiosks()
    await restored(stage)
    for name in ("kiosk-1", "kiosk-0000000g", "kiosk-00000000\n", "x" * 5000, "kiosk-00000000'"):
        await unknown_kiosks.note(stage.engine, name, "10.0.0.1")
    assert await named(stage) == []


async def test_only_in_the_week_after_a_restore_anybody_is_named(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    await UnknownKiosks().note(stage.engine, LOST, "10.0.0.1")
    assert await named(stage) == []
    await restored(stage)
    later = clock.now() + AFTER_RESTORE + timedelta(minutes=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    await UnknownKiosks().note(stage.engine, LOST, "10.0.0.1")
    assert await named(stage) == []


async def test_one_address_names_a_few_and_the_lost_kiosk_is_named_behind_a_hundred_invented(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    unknown_kiosks = UnknownKiosks()
    await restored(stage)
    for number in range(50):
        await unknown_kiosks.note(stage.engine, f"kiosk-a{number:07x}", "192.0.2.1")
    assert len(await named(stage)) == MOST_OF_ADDRESS
    for number in range(MOST_NAMED):
        await unknown_kiosks.note(stage.engine, f"kiosk-b{number:07x}", f"192.0.2.{number}")
    await unknown_kiosks.note(stage.engine, LOST, "10.0.0.1")
    found = await named(stage)
    assert (len(found), found[-1][0]) == (MOST_NAMED, LOST)
    for number in range(MOST_NAMED):
        await unknown_kiosks.note(stage.engine, f"kiosk-c{number:07x}", f"198.51.100.{number}")
    assert LOST not in dict(await named(stage))
    later = clock.now() + AGAIN_AFTER
    monkeypatch.setattr(clock, "now", lambda: later)
    await unknown_kiosks.note(stage.engine, LOST, "10.0.0.1")
    assert LOST in dict(await named(stage)), "it asks on, and is named again"


def test_an_address_names_a_kiosk_once_in_an_hour_and_the_longest_silent_address_is_forgotten(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    unknown_kiosks, now = UnknownKiosks(), clock.now()
    monkeypatch.setattr(clock, "now", lambda: now)
    named = [unknown_kiosks._may_name(f"k{number}", "10.0.0.1") for number in (*range(MOST_OF_ADDRESS - 1), 0, 98, 99)]
    assert named == [True] * (MOST_OF_ADDRESS - 1) + [False, True, False]
    assert unknown_kiosks._may_name("k99", "10.0.0.2")
    now += AGAIN_AFTER - timedelta(seconds=1)
    assert not unknown_kiosks._may_name("k0", "10.0.0.1")
    now += timedelta(seconds=1)
    assert [unknown_kiosks._may_name("k0", "10.0.0.1") for _ in range(2)] == [True, False]
    for number in range(999):
        unknown_kiosks._may_name("k0", f"192.0.{number // 256}.{number % 256}")
    assert (len(unknown_kiosks._by_address), "10.0.0.2" in unknown_kiosks._by_address) == (1000, False)
    assert not unknown_kiosks._may_name("k0", "10.0.0.1"), "it asked after that one"
    unknown_kiosks._may_name("k0", "203.0.113.1")
    assert "10.0.0.1" in unknown_kiosks._by_address


async def test_a_kiosk_that_was_moved_after_the_copy_is_named_until_it_is_enrolled_again(stage: Stage) -> None:
    moved = await stage.enrolled()
    await stage.deliver(moved, health={"version": "1", "centre": "homs-new"})
    assert await named(stage) == [], "it may say so for a moment after each move"
    await restored(stage)
    for centre in ("homs-main", "", 7, "homs-new", "homs-new"):
        await stage.deliver(moved, health={"version": "1", "centre": centre})
    assert await named(stage) == [(moved.kiosk, "kiosk-elsewhere")]
    assert (await stage.try_enrol(moved, await stage.code("homs-new"))).status_code == 200
    await stage.deliver(moved, health={"version": "1", "centre": "homs-new"})
    assert await named(stage) == []


async def test_a_kiosk_that_stands_elsewhere_a_second_time_is_named_again_unless_somebody_has_seen_to_it(
    stage: Stage,
) -> None:
    moved = await stage.enrolled()
    await restored(stage)
    for centre in ("homs-new", "homs-main"):  # it is named, and enrolled again where it is
        await stage.deliver(moved, health={"version": "1", "centre": centre})
    assert await named(stage) == []
    await restored(stage)
    await stage.deliver(moved, health={"version": "1", "centre": "homs-new"})
    assert await named(stage) == [(moved.kiosk, "kiosk-elsewhere")]
    (found,) = await stage.all(select(findings))
    async with stage.engine.begin() as connection:
        await finding.settle(connection, found.id, "Samir")
    await stage.deliver(moved, health={"version": "2", "centre": "homs-new"})
    assert await named(stage) == []
