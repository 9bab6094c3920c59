"""Statements that are compiled once for all engines answer for each of them."""

from pathlib import Path
from typing import Any

from sqlalchemy import Column, Integer, MetaData, Table, create_engine, insert, select

from offline_store.disk.database import make_engine
from offline_store.disk.migration import MIGRATIONS, REVISION, revision_of, upgrade
from tests.town.compiled import _STEPS, compiled_once

TABLE = Table("things", MetaData(), Column("id", Integer, primary_key=True))


def _things(number: int) -> tuple[list[int], Any]:
    engine = create_engine("sqlite://")
    with engine.begin() as connection:
        TABLE.create(connection)
        connection.execute(insert(TABLE).values(id=number))
        found = list(connection.scalars(select(TABLE.c.id)))
    engine.dispose()
    return found, engine._compiled_cache


def test_engines_share_what_was_compiled_and_nothing_else() -> None:
    with compiled_once():
        first, cache = _things(1)
        compiled = len(cache)
        second, same = _things(2)
    assert (first, second) == ([1], [2])
    assert same is cache
    assert len(cache) == compiled
    assert _things(3)[1] is not cache


def test_each_step_of_a_migration_is_read_once_and_makes_every_store(tmp_path: Path) -> None:
    with compiled_once():
        for name in ("one", "other"):
            upgrade(tmp_path / name)
        known = {name for name in _STEPS if "offline_store" in name}
    assert len(known) == len(list((MIGRATIONS / "versions").glob("0*.py")))
    upgrade(tmp_path / "without")
    assert _made(tmp_path / "one") == _made(tmp_path / "other") == _made(tmp_path / "without")


def _made(path: Path) -> list[tuple[Any, ...]]:
    engine = make_engine(path)
    with engine.connect() as connection:
        assert revision_of(connection) == REVISION
        made = connection.exec_driver_sql("SELECT name, rootpage, sql FROM sqlite_schema ORDER BY rowid").all()
    engine.dispose()
    return [tuple(one) for one in made]
