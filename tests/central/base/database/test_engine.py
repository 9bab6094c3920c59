"""How long central waits for its database."""

import asyncio
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from central.base.database import engine as engines


async def test_sqlites_next_writer_waits_as_long_as_for_any_connection(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engines, "CONNECT_WITHIN_S", 0.0)
    async with engines.opened_engine(f"sqlite+aiosqlite:///{tmp_path}/central.db") as engine, engine.begin():
        async with asyncio.timeout(3):
            with pytest.raises(OperationalError, match="locked"):
                async with engine.begin():
                    raise AssertionError("two wrote at once")
