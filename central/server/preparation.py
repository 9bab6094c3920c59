"""What every command and the server do first: see that schema and keys are there, or make them.

SQLite is one machine's own file, and any command brings it to this version. A PostgreSQL may serve other machines, with
processes of the version before: there `central migrate` alone changes the schema, when an operator says so.
"""

from central.base import sandbox
from central.base.config import CentralConfig
from central.base.database import migration
from central.base.database.engine import opened_engine
from central.base.database.migration import check_revision
from central.base.database.transactions import reading
from central.keys import key_chain, loopback, sharing
from central.keys.keys import KeyRing
from common.machine.errors import CannotBeDone


async def prepare(config: CentralConfig) -> None:
    """Find the database as this version needs it, or bring it there where it is SQLite.

    Raises:
        SchemaTooOldError: a PostgreSQL on which `central migrate` has to be run first; besides what `migrate` raises.
    """
    if not config.is_postgres:
        await migrate(config)
    async with opened_engine(config.database_url) as engine, reading(engine) as connection:
        if config.is_postgres:
            await check_revision(connection)
            if not await key_chain.has_keys(connection):
                raise CannotBeDone("the database knows no key of central's yet: run `central migrate` once more")
            await sharing.fetch(connection, KeyRing(config.keys_dir))
        await sandbox.open_here(connection)


async def migrate(config: CentralConfig) -> None:
    """Bring the schema to this version and make the first keys.

    A database that knows no key is a new one: never for a data folder from which a central has served. There it was
    lost, or is another one, and a central that began again would give the kiosks' digits a second time.

    Raises:
        CannotBeDone, SchemaTooNewError, TableBusyError, KeyMissingError, SQLAlchemyError or OSError, each with a text
        for the operator.
    """
    async with opened_engine(config.database_url) as engine:
        await migration.migrate(engine)
        async with engine.begin() as connection:
            if loopback.has_served(config) and not await key_chain.has_keys(connection):
                raise CannotBeDone(
                    f"the database is empty, but a central has served from {config.data_dir}: give the right "
                    "--database, or restore the backup; a new central needs a data folder of its own"
                )
            await loopback.take_over(connection, config)
            await key_chain.ensure_keys(connection, KeyRing(config.keys_dir))
