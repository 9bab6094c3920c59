"""A stick is nobody's friend: what is wrong on it is named, bounded, and takes no memory."""

import asyncio
from pathlib import Path

from central.base.config import CentralConfig
from central.base.database.engine import opened_engine
from central.intake.receiving.import_export import MOST_NAMED, Imported, import_file


def taken(config: CentralConfig, path: Path) -> Imported:
    async def take() -> Imported:
        async with opened_engine(config.database_url) as engine:
            return await import_file(engine, path)

    return asyncio.run(take())


def test_a_million_bad_lines_are_counted_and_the_first_named(config: CentralConfig, tmp_path: Path) -> None:
    stick = tmp_path / "stick.kiosk"
    stick.write_bytes(b"x\n" * 5_000)
    imported = taken(config, stick)
    assert len(imported.problems) == MOST_NAMED + 2
    assert imported.problems[0].startswith("line 1: ")
    assert imported.problems[-2] == f"{5_000 - MOST_NAMED} more lines can't be used"
    assert "lacks a part" in imported.problems[-1]


def test_a_line_without_an_end_is_read_in_pieces(config: CentralConfig, tmp_path: Path) -> None:
    stick = tmp_path / "stick.kiosk"
    stick.write_bytes(b"[" * 3_000_000)
    assert len(taken(config, stick).problems) < 10
