"""A commit counts when a replica has it: the driver that says so where PostgreSQL itself only warns.

With synchronous replication a COMMIT waits for a replica. Somebody who cancels that wait (`pg_cancel_backend`, a lost
patience with "hanging" sessions) makes PostgreSQL answer COMMIT all the same, with a warning beside it: the row is on
one machine, and lost with it. Central must not sign `applied` for such a row. Asked again, it is found there, and that
answer's commit waits for the former one too.
"""

from typing import Any, Final

from sqlalchemy import URL, event
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.postgresql.asyncpg import PGDialect_asyncpg
from sqlalchemy.ext.asyncio import AsyncEngine

DRIVER: Final = "postgresql+replicated"
# Where in the server the wait is: its warnings come in the server's language, and their code is the one of any warning.
WAITING: Final = "SyncRepWaitForLSN"
_MARK: Final = "cancelled_wait"


class NotReplicatedError(Exception):
    """It is committed on one machine of the database, and no replica has confirmed it: it counts as not done."""

    def __init__(self) -> None:
        super().__init__(
            "the wait for a replica was cancelled: what was written is on one machine only, and lost with it. "
            "Let waiting commits wait, see that two machines of the database run, then give the command again"
        )


class ReplicatedDialect(PGDialect_asyncpg):
    """asyncpg's dialect, whose commits raise NotReplicatedError where the wait for a replica was cancelled."""

    supports_statement_cache = True

    def create_connect_args(self, url: URL) -> tuple[Any, dict[str, Any]]:
        """Read the numbers of the URL's options, and see that no setting of a role's keeps the warning back."""
        arguments, options = super().create_connect_args(url)  # type: ignore[no-untyped-call]
        if "timeout" in options:
            options["timeout"] = float(options["timeout"])
        return arguments, {**options, "server_settings": {"client_min_messages": "warning"}}

    def do_begin(self, dbapi_connection: Any) -> None:
        """Forget what was heard of a former transaction."""
        dbapi_connection.info.pop(_MARK, None)
        super().do_begin(dbapi_connection)  # type: ignore[no-untyped-call]

    def do_commit(self, dbapi_connection: Any) -> None:
        """Commit, and know that it is kept."""
        super().do_commit(dbapi_connection)  # type: ignore[no-untyped-call]
        if dbapi_connection.info.pop(_MARK, False):
            raise NotReplicatedError


def listen(engine: AsyncEngine) -> None:
    """Hear what the server says beside its answers, on every connection of the engine."""
    event.listen(engine.sync_engine, "connect", _listen)


def _listen(connection: Any, record: Any) -> None:
    def hear(_connection: object, message: Any) -> None:
        if message.server_source_function == WAITING:
            record.info[_MARK] = True

    connection.driver_connection.add_log_listener(hear)


registry.register("postgresql.replicated", __name__, "ReplicatedDialect")
