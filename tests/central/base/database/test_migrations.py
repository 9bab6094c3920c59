import asyncio
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, column, insert, select, table, text

import central.base.migrations
from central.base import database
from central.base.config import CentralConfig, load_config
from central.base.database import migration
from central.base.tables import inbox, metadata
from central.server import preparation
from tests.kit.postgres import fresh_database

SCRIPTS = str(Path(central.base.migrations.__file__).parent)


def _script_config() -> Config:
    config = Config()
    config.set_main_option("script_location", SCRIPTS)
    config.set_main_option("path_separator", "os")
    return config


REVISIONS = [script.revision for script in ScriptDirectory.from_config(_script_config()).walk_revisions()][::-1]


async def test_the_migrations_make_exactly_the_tables_that_the_code_uses(config: CentralConfig) -> None:
    async with database.opened(config.database_url) as engine, engine.connect() as connection:
        assert (
            await connection.run_sync(lambda sync: compare_metadata(MigrationContext.configure(sync), metadata)) == []
        )


@pytest.mark.parametrize("revision", REVISIONS)
@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_database_of_each_earlier_revision_opens_with_all_its_rows(
    kind: str, revision: str, tmp_path: Path, postgres_server: str
) -> None:
    config = load_config(tmp_path, fresh_database(postgres_server) if kind == "postgresql" else None)
    item = {
        "id": "0f0e0d0c-0000-4000-8000-000000000001",
        "kiosk": "kiosk-1",
        "body": "e30=",
        "hash": "a" * 64,
        "result": "applied",
        "batch": 1,
    }

    def write(connection: Connection) -> None:
        script = _script_config()
        script.attributes["connection"] = connection
        command.upgrade(script, revision)
        # Named by hand: later code may know columns that this revision does not have.
        connection.execute(insert(table("inbox", *(column(name) for name in item))), item)

    async def go() -> None:
        async with database.opened(config.database_url) as engine:
            async with engine.begin() as connection:
                await connection.run_sync(write)
            await database.migrate(engine)
            await database.migrate(engine)
            async with database.reading(engine) as connection:
                (row,) = await connection.execute(select(inbox))
                assert {name: getattr(row, name) for name in item} == item

    asyncio.run(go())


async def test_several_servers_may_migrate_at_once(tmp_path: Path, postgres_url: str) -> None:
    config = load_config(tmp_path, postgres_url)
    async with database.opened(config.database_url) as one, database.opened(config.database_url) as other:
        await asyncio.gather(*(database.migrate(engine) for engine in (one, other, one, other)))
        async with one.connect() as connection:
            revision = await connection.run_sync(lambda sync: MigrationContext.configure(sync).get_current_revision())
    assert revision == database.REVISION == REVISIONS[-1]


async def test_on_postgresql_only_central_migrate_changes_the_schema(tmp_path: Path, postgres_url: str) -> None:
    config = load_config(tmp_path, postgres_url)
    with pytest.raises(database.SchemaTooOldError, match=r"no tables.*run `central migrate`"):
        await preparation.prepare(config)
    await preparation.migrate(config)
    await preparation.prepare(config)
    async with database.opened(config.database_url) as engine, engine.begin() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = '0007'"))
    with pytest.raises(database.SchemaTooOldError, match="revision 0007"):
        await preparation.prepare(config)
    async with database.opened(config.database_url) as engine, engine.begin() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(database.SchemaTooNewError):
        await preparation.prepare(config)


async def test_a_change_gives_way_to_who_uses_a_table_and_is_made_once_it_is_free(
    tmp_path: Path, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(migration, "WAITS_FOR_A_TABLE_S", 1)
    monkeypatch.setattr(migration, "ATTEMPTS", 1)
    config = load_config(tmp_path, postgres_url)

    def upgrade_to_6(connection: Connection) -> None:
        script = _script_config()
        script.attributes["connection"] = connection
        command.upgrade(script, "0006")

    async with database.opened(config.database_url) as engine:
        async with engine.begin() as connection:
            await connection.run_sync(upgrade_to_6)
        async with engine.connect() as user:
            await user.execute(text("SELECT * FROM kiosks"))  # revision 0007 changes that table
            with pytest.raises(database.TableBusyError):
                await database.migrate(engine)
        await database.migrate(engine)
