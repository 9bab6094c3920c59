"""A database of an earlier revision opens with all its rows, on SQLite and on PostgreSQL.

For each revision `stores/NNNN.json` holds a row of each table, all columns filled, as that revision knew them. `python
-m tests.central.base.database.test_migrations` writes the file of the newest one: once, when the revision is made.
"""

import asyncio
import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import BigInteger, Boolean, Column, Connection, Integer, column, insert, select, table, text

from central.base.config import CentralConfig, load_config
from central.base.database import migration
from central.base.database.engine import opened_engine
from central.base.database.migration import REVISION, SchemaTooNewError, SchemaTooOldError, TableBusyError, migrate
from central.base.database.transactions import reading
from central.base.database.whole import of_no_use, whole
from central.base.tables.paid import payments
from central.server import preparation
from tests.kit.kept_stores import checks_declared, checks_held
from tests.kit.postgres import fresh_database
from tools.scaffolds.revision import is_known

STORES = Path(__file__).parent / "stores"
KEPT = sorted(STORES.glob("*.json"))
LATER = '''"""A revision of tomorrow."""

import sqlalchemy as sa
from alembic import op

revision = "9998"
down_revision = "{newest}"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("kiosks", sa.Column("tomorrow", sa.Text(), nullable=True))
'''


def test_there_is_a_store_of_every_revision() -> None:
    script = ScriptDirectory(str(migration.MIGRATIONS))
    assert script.get_heads() == [migration.REVISION]
    assert {path.stem for path in KEPT} == {one.revision for one in script.walk_revisions()}


async def test_the_migrations_make_exactly_the_tables_that_the_code_uses(config: CentralConfig) -> None:
    async with opened_engine(config.database_url) as engine, engine.connect() as connection:
        metadata, known = whole(), {"include_object": is_known}
        assert (
            await connection.run_sync(
                lambda sync: compare_metadata(MigrationContext.configure(sync, opts=known), metadata)
            )
            == []
        )
        assert await connection.run_sync(lambda sync: checks_held(sync, metadata)) == checks_declared(metadata)
        left = await connection.run_sync(of_no_use)
    # A table that the core uses no more must not pass for one of a feature that was taken out.
    page = (Path(__file__).parents[4] / "docs/features.md").read_text(encoding="utf-8")
    assert [name for name in left if f"`{name}`" not in page] == []


@pytest.mark.parametrize("kept", KEPT, ids=lambda path: path.stem)
@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_database_of_each_earlier_revision_opens_with_all_its_rows(
    kind: str, kept: Path, tmp_path: Path, postgres_server: str
) -> None:
    config = load_config(tmp_path, fresh_database(postgres_server) if kind == "postgresql" else None)
    rows: dict[str, dict[str, Any]] = json.loads(kept.read_text(encoding="utf-8"))

    def write(connection: Connection) -> None:
        script = Config()
        script.set_main_option("script_location", str(migration.MIGRATIONS))
        script.set_main_option("path_separator", "os")
        script.attributes["connection"] = connection
        command.upgrade(script, kept.stem)
        for name, row in rows.items():
            # Named by hand: later code may know columns that this revision does not have.
            connection.execute(insert(table(name, *(column(one) for one in row))), row)

    async def go() -> None:
        async with opened_engine(config.database_url) as engine:
            async with engine.begin() as connection:
                await connection.run_sync(write)
            await migrate(engine)
            await migrate(engine)
            async with reading(engine) as connection:
                for former, kept_row in rows.items():
                    name, row = _now(former, kept_row)
                    every = select(text("*")).select_from(table(name)) if name != "payments" else payments.whole()
                    rows_now = await connection.execute(every)
                    found = [dict(one) for one in rows_now.mappings()]
                    assert row in [{key: one[key] for key in row} for one in found], name

    asyncio.run(go())


def _now(table_name: str, row: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """Return in which table a row lies by now, and how."""
    if table_name == "payment_decisions":
        return "payment_marks", {{"decision": "mark"}.get(name, name): row[name] for name in row if name != "id"}
    if table_name != "messages":
        return table_name, {name: value for name, value in row.items() if (table_name, name) != ("systems", "told")}
    return "told", {{"event": "what"}.get(name, name): value for name, value in row.items()}


async def test_several_servers_may_migrate_at_once(tmp_path: Path, postgres_url: str) -> None:
    config = load_config(tmp_path, postgres_url)
    async with opened_engine(config.database_url) as one, opened_engine(config.database_url) as other:
        await asyncio.gather(*(migrate(engine) for engine in (one, other, one, other)))
        async with one.connect() as connection:
            revision = await connection.run_sync(lambda sync: MigrationContext.configure(sync).get_current_revision())
    assert revision == REVISION


async def test_on_postgresql_only_central_migrate_changes_the_schema(tmp_path: Path, postgres_url: str) -> None:
    config = load_config(tmp_path, postgres_url)
    with pytest.raises(SchemaTooOldError, match=r"no tables.*run `central migrate`"):
        await preparation.prepare(config)
    await preparation.migrate(config)
    await preparation.prepare(config)
    async with opened_engine(config.database_url) as engine, engine.begin() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = '0000'"))
    with pytest.raises(SchemaTooOldError, match="revision 0000"):
        await preparation.prepare(config)
    async with opened_engine(config.database_url) as engine, engine.begin() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(SchemaTooNewError):
        await preparation.prepare(config)


async def test_a_change_gives_way_to_who_uses_a_table_and_is_made_once_it_is_free(
    tmp_path: Path, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(migration, "WAITS_FOR_A_TABLE_S", 1)
    monkeypatch.setattr(migration, "ATTEMPTS", 1)
    config = load_config(tmp_path, postgres_url)
    later = tmp_path / "migrations"
    shutil.copytree(migration.MIGRATIONS, later, ignore=shutil.ignore_patterns("__pycache__"))
    (later / "versions" / "later.py").write_text(LATER.format(newest=migration.REVISION), encoding="utf-8")
    async with opened_engine(config.database_url) as engine:
        await migrate(engine)
        monkeypatch.setattr(migration, "MIGRATIONS", later)
        monkeypatch.setattr(migration, "REVISION", "9998")
        async with engine.connect() as user:
            await user.execute(text("SELECT * FROM kiosks"))  # the later revision changes that table
            with pytest.raises(TableBusyError):
                await migrate(engine)
        await migrate(engine)
        async with engine.connect() as user:
            assert (await user.execute(text("SELECT tomorrow FROM kiosks"))).all() == []


def a_row_of_each_table() -> dict[str, dict[str, Any]]:
    """Return a row of each table; what is JSON or a time in it is that here too."""
    return {one.name: {made.name: _sample(made) for made in one.columns} for one in whole().sorted_tables}


def _sample(made: "Column[Any]") -> Any:
    if isinstance(made.type, Boolean):
        return True
    if isinstance(made.type, Integer | BigInteger):
        return 77
    if made.name in ("at", "until", "expires_at", "received_at") or made.name.endswith("_at"):
        return "2026-11-25T09:10:00.000000Z"
    known = {"body": "e30=", "business_day": "2026-11-25", "hash": "ab" * 32, "result": "applied", "kind": "ticket"}
    return known.get(made.name, "{}" if made.name in ("report", "list", "counted", "content") else f"{made.name}-1")


if __name__ == "__main__":
    STORES.mkdir(exist_ok=True)
    text_of_rows = json.dumps(a_row_of_each_table(), indent=1, ensure_ascii=False) + "\n"
    (STORES / f"{migration.REVISION}.json").write_text(text_of_rows, encoding="utf-8")
