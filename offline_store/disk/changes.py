"""Whether anybody else has changed the store: what a wait for new rows costs a PRAGMA a step.

data_version (SQLite's pragma documentation) moves when any other connection, in any process, has changed the file.
"""

import sqlite3

from sqlalchemy import PoolProxiedConnection, exc

from common.machine.errors import StoreUnavailable
from offline_store.disk.database import Store, translated


class Changes:
    """Watches one store with a connection of its own. Used from one thread at a time."""

    def __init__(self, store: Store) -> None:
        """Begin to watch: the first look says that there is something."""
        self._store = store
        self._connection: PoolProxiedConnection | None = None
        self._version: int | None = None

    def begin(self) -> None:
        """Take whatever there is by now as new."""
        self._version = None

    def have_come(self) -> bool:
        """Return whether the store was changed since the last look. Raises StoreUnavailable or StoreDamaged."""
        try:
            if self._connection is None:
                self._connection = self._store.engine.raw_connection()
            version = int(self._connection.cursor().execute("PRAGMA data_version").fetchone()[0])
        except (sqlite3.Error, exc.DBAPIError, exc.TimeoutError) as error:
            raise translated(error) or StoreUnavailable(str(error)) from error
        before, self._version = self._version, version
        return version != before

    def close(self) -> None:
        """Give the connection back."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None
