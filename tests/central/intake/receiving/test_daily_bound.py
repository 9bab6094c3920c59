"""One machine's day: beyond what any has to say nothing is taken, others go on, and somebody hears of it."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError

from central.base import clock
from central.base.database.transactions import reading
from central.base.tables.received import findings, inbox
from central.intake.receiving import daily_bound
from central.intake.receiving import inbox as receiving
from central.intake.receiving.daily_bound import OF_A_HUB, OF_A_KIOSK, BeyondBound, DailyBound, Most
from central.offices.upkeep.needs import what_needs_somebody
from common.protocol.envelope import Item
from tests.central.conftest import Stage
from tests.kit.sender import Sender

DAY, NEXT = "2026-12-01", "2026-12-02"


async def send(stage: Stage, sender: Sender, *items: Item) -> tuple[int, str | None]:
    """Return the status, and how long to wait."""
    answer = await stage.post(sender, sender.batch(list(items)))
    return answer.status_code, answer.headers.get("retry-after")


async def test_a_machine_that_floods_is_held_and_named_and_all_others_go_on(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(daily_bound, "OF_A_KIOSK", Most(3, 10**9))
    one, other = await stage.enrolled(), await stage.enrolled()
    first = [one.audit("started") for _ in range(3)]
    assert await send(stage, one, *first) == (200, None)
    held = await stage.post(one, one.batch([one.audit("started")]))
    assert (held.status_code, held.json()["type"], held.headers["retry-after"]) == (
        429, "/problems/too-many-items", "900"
    )  # fmt: skip
    assert await send(stage, other, other.audit("started")) == (200, None)
    assert (await stage.all(select(func.count()).select_from(inbox)))[0][0] == 4
    (found,) = await stage.all(select(findings))
    assert (found.code, found.kiosk) == ("machine-floods", one.kiosk)
    async with reading(stage.engine) as connection:
        todos = [todo for todo in await what_needs_somebody(connection, stage.config) if todo.kind == "machines-flood"]
    assert [todo.count for todo in todos] == [1]
    later = clock.now() + timedelta(days=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert await send(stage, one, one.audit("started")) == (200, None), "what it held back comes"


async def test_what_was_not_stored_is_not_counted(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(daily_bound, "OF_A_KIOSK", Most(3, 10**9))
    kiosk = await stage.enrolled()
    items = [kiosk.audit("started") for _ in range(3)]

    async def away(*_: object) -> None:
        raise OperationalError("insert", {}, Exception("away"))

    with monkeypatch.context() as patch:
        patch.setattr(receiving, "receive", away)
        assert (await send(stage, kiosk, *items))[0] == 503
    assert await send(stage, kiosk, *items) == (200, None), "it comes again, and is no flood for that"
    assert (await send(stage, kiosk, kiosk.audit("started")))[0] == 429


def test_items_and_bytes_are_bounded_by_the_day_each_machine_by_itself() -> None:
    bound = DailyBound()
    bound.take("k1", "kiosk", OF_A_KIOSK, DAY)
    for more in (Most(1, 0), Most(0, 1)):
        with pytest.raises(BeyondBound):
            bound.take("k1", "kiosk", more, DAY)
    bound.take("k2", "kiosk", Most(1, 1), DAY)
    bound.take("h1", "hub", OF_A_HUB, DAY)
    with pytest.raises(BeyondBound):
        bound.take("h1", "hub", Most(1, 0), DAY)
    bound.take("k1", "kiosk", OF_A_KIOSK, NEXT)


def test_a_batch_that_goes_beyond_counts_for_nothing() -> None:
    bound = DailyBound()
    with pytest.raises(BeyondBound):
        bound.take("k1", "kiosk", Most(OF_A_KIOSK.items + 1, 0), DAY)
    bound.take("k1", "kiosk", OF_A_KIOSK, DAY)
