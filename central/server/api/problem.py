"""What central answers when its database is away, beside what any server of ours does."""

from typing import Any, Final

import structlog
from litestar import Response
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolExhausted

from central.base.database.replication import NotReplicatedError
from common.web import problem
from common.web.request import HttpRequest

# Where a database that is restarting is usually back.
RETRY_AFTER_S: Final = 5

log = structlog.get_logger()


def on_database_error(_request: HttpRequest, error: Exception) -> Response[bytes]:
    """Answer 503, so that a kiosk keeps its items and comes again."""
    # Neither text nor traceback: a database's error may repeat what it was given.
    log.error("database-failed", error=type(error).__name__)
    return problem.problem(503, "database-away", "try again later", headers={"Retry-After": str(RETRY_AFTER_S)})


EXCEPTION_HANDLERS: Final[dict[Any, Any]] = problem.EXCEPTION_HANDLERS | {
    DBAPIError: on_database_error,
    PoolExhausted: on_database_error,
    NotReplicatedError: on_database_error,
    OSError: on_database_error,
}
