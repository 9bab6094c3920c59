"""What every command and the server do first: the schema of this version, and keys where there are none."""

from central import database, key_chain
from central.config import CentralConfig
from central.keys import KeyRing


async def prepare(config: CentralConfig) -> None:
    """Bring the schema to this version and make the first keys.

    Raises:
        SchemaTooNewError, KeyMissingError, SQLAlchemyError or OSError, each with a text for the operator.
    """
    async with database.opened(config.database_url) as engine:
        await database.migrate(engine)
        async with engine.begin() as connection:
            await key_chain.ensure_keys(connection, KeyRing(config.keys_dir))
