"""A database with two kiosks and a hub, for tests of what is counted of a day."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncEngine

from central.base.config import CentralConfig
from central.base.database.engine import open_engine
from central.base.tables.enrolled import kiosks
from tests.central.insight.reports.hall import CENTRE


@pytest.fixture
async def day_engine(config: CentralConfig) -> AsyncIterator[AsyncEngine]:
    made = open_engine(config.database_url)
    rows: list[dict[str, Any]] = [
        {"id": name, "centre": centre, "role": role, "digit": 1, "public_key": name, "enrolled_at": "",
         "signing_kid": "", "enrolment_kid": ""}
        for name, centre, role in (("k1", CENTRE, "kiosk"), ("h1", CENTRE, "hub"), ("k2", "homs-new", "kiosk"))
    ]  # fmt: skip
    async with made.begin() as connection:
        await connection.execute(insert(kiosks), rows)
    yield made
    await made.dispose()
