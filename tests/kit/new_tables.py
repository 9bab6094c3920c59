"""New tables without the time that Alembic takes to make them: each process has them made once, and copies them.

Nearly every test of the kiosk and of the hub opens a new store, and migrating was two thirds of that. What is there
already is upgraded as in service; in `tests/offline_store/disk`, where making a store is what is tried, so is what is
new. Commands that tests start as processes know nothing of this.
"""

import contextlib
import tempfile
from contextlib import AbstractContextManager
from functools import cache
from pathlib import Path
from unittest.mock import patch

from sqlalchemy import Connection, create_engine

from hub.log import schema
from offline_store.disk import migration

migrate_store = migration.upgrade
migrate_hub = schema.upgrade


def store_tables(path: Path, migrations: Path = migration.MIGRATIONS) -> None:
    """As `offline_store.disk.migration.upgrade`."""
    if path.exists() or migrations != migration.MIGRATIONS:
        migrate_store(path, migrations)
    else:
        path.write_bytes(_store())


def hub_tables(connection: Connection) -> None:
    """As `hub.log.schema.upgrade`."""
    if schema.revision_of(connection) is not None:
        migrate_hub(connection)
        return
    for statement in _hub():
        connection.exec_driver_sql(statement)


def copied_stores() -> AbstractContextManager[object]:
    """Have this process make new stores so until the block ends."""
    return patch.object(migration, "upgrade", store_tables)


def copied_hubs() -> AbstractContextManager[object]:
    """The same for new hubs."""
    from hub.engine import opening  # all of the hub, which who only needs stores need not load

    return patch.object(opening, "upgrade", hub_tables)


@cache
def _store() -> bytes:
    with tempfile.TemporaryDirectory(prefix="store-") as folder:
        path = Path(folder) / "store.db"
        migrate_store(path)
        return path.read_bytes()


@cache
def _hub() -> tuple[str, ...]:
    engine = create_engine("sqlite://")
    with engine.begin() as connection:
        migrate_hub(connection)
    with contextlib.closing(engine.raw_connection()) as connection:
        dumped = list(connection.driver_connection.iterdump())  # type: ignore[union-attr]
    engine.dispose()
    return tuple(line for line in dumped if line not in ("BEGIN TRANSACTION;", "COMMIT;"))
