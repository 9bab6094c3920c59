"""A finding is written down once, listed until somebody has seen to it, and settled once."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from central.base import clock
from central.intake.receiving import finding
from central.intake.receiving.finding import Finding

NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)


async def listed(connection: AsyncConnection, *, also_settled: bool = True) -> list[dict[str, Any]]:
    rows = await connection.execute(finding.listing(also_settled=also_settled))
    return [{name: value for name, value in row.items() if name != "id"} for row in rows.mappings()]


async def ids(connection: AsyncConnection) -> list[int]:
    return [row["id"] for row in (await connection.execute(finding.listing(also_settled=True))).mappings()]


async def test_each_is_written_down_once_with_its_place(
    connection: AsyncConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    item: Any = SimpleNamespace(kiosk="k1", id="i1", epoch="e1", seq=7)
    await finding.note(connection, "k1", [Finding("kiosk-unknown"), Finding("broken-link", "i1", "e1", 7)])
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(hours=1))
    await finding.note(connection, "k1", [Finding("broken-link", "i1", "e1", 7)])
    await finding.note(connection, "k1", [])
    await finding.note_item(connection, item, "wrong-digit")
    open_one = {"kiosk": "k1", "at": clock.as_text(NOW), "settled_at": None, "settled_by": None}
    of_item = open_one | {"item": "i1", "epoch": "e1", "seq": 7}
    assert await listed(connection) == [
        open_one | {"code": "kiosk-unknown", "item": "", "epoch": "", "seq": 0},
        of_item | {"code": "broken-link"},
        of_item | {"code": "wrong-digit", "at": clock.as_text(NOW + timedelta(hours=1))},
    ]


async def test_one_that_is_settled_says_by_whom_and_is_settled_once(connection: AsyncConnection) -> None:
    await finding.note(connection, "k1", [Finding("broken-link"), Finding("wrong-digit")])
    first, second = await ids(connection)
    await finding.settle(connection, first, "Rana")
    assert [(one["code"], one["settled_at"], one["settled_by"]) for one in await listed(connection)] == [
        ("broken-link", clock.as_text(NOW), "Rana"), ("wrong-digit", None, None),
    ]  # fmt: skip
    assert [one["code"] for one in await listed(connection, also_settled=False)] == ["wrong-digit"]
    for number in (first, second + 1):
        with pytest.raises(ValueError, match=f"^no finding {number} is open; `central findings` lists them$"):
            await finding.settle(connection, number, "Samer")
    assert (await listed(connection))[0]["settled_by"] == "Rana"
