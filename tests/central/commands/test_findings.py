"""What somebody has seen to rings no more, and stays with a name."""

import asyncio
from pathlib import Path

from central.base.config import load_config
from central.base.database.engine import opened_engine
from central.base.database.transactions import reading
from central.intake.receiving import finding
from central.intake.receiving.finding import Finding
from central.server.api.metrics import conditions
from tests.central.commands.people.test_access import refused, rows


def test_a_finding_is_settled_with_a_name_and_counted_no_more(tmp_path: Path) -> None:
    config = load_config(tmp_path, None)
    assert rows(tmp_path, "findings") == []

    async def counted() -> int:
        async with opened_engine(config.database_url) as engine, reading(engine) as connection:
            return (await conditions(connection))["findings"]

    async def found() -> None:
        async with opened_engine(config.database_url) as engine, engine.begin() as connection:
            for kiosk in ("kiosk-1", "kiosk-2"):
                await finding.note(connection, kiosk, [Finding("odd")])

    asyncio.run(found())
    first, second = rows(tmp_path, "findings")
    assert asyncio.run(counted()) == 2
    said = rows(tmp_path, "findings", "--settle", str(first["id"]), "--by", "Rana", "--json")
    assert said == [{"id": first["id"], "settled_by": "Rana"}]
    assert rows(tmp_path, "findings") == [second]
    assert asyncio.run(counted()) == 1
    assert [one["settled_by"] for one in rows(tmp_path, "findings", "--all")] == ["Rana", None]
    assert "no finding" in refused(tmp_path, "findings", "--settle", str(first["id"]))
    assert "NAME" in refused(tmp_path, "findings", "--settle", str(second["id"]), "--by", " ")
    assert rows(tmp_path, "findings") == [second]
