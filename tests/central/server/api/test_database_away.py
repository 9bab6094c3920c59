"""What a caller hears, and what the log keeps, while the database is away: nothing of what it was given."""

import json
from typing import Any, cast

import pytest
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolExhausted
from structlog.testing import capture_logs

from central.base.database.replication import NotReplicatedError
from central.server.api import problem


@pytest.mark.parametrize("kind", [DBAPIError, PoolExhausted, NotReplicatedError, OSError])
def test_each_way_in_which_a_database_is_away_has_the_same_answer(kind: type[Exception]) -> None:
    assert problem.EXCEPTION_HANDLERS[kind] is problem.on_database_error


def test_a_database_that_is_away_is_logged_by_its_kind_and_answered_with_when_to_come_again() -> None:
    error = OperationalError("INSERT INTO items VALUES ('secret')", None, Exception("secret"))
    with capture_logs() as logs:
        answer = problem.on_database_error(cast("Any", None), error)
    assert logs == [{"event": "database-failed", "error": "OperationalError", "log_level": "error"}]
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    content: Any = answer.content
    told = json.loads(content) if isinstance(content, bytes) else content
    assert "secret" not in str(told)
    assert told["status"] == 503
