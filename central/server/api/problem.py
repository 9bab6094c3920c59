"""Errors as problem documents (RFC 9457): one edge where every failure becomes an answer without a traceback."""

import traceback
from pathlib import Path
from typing import Any

import structlog
from litestar import Request, Response
from litestar.exceptions import HTTPException, ValidationException
from litestar.openapi.datastructures import ResponseSpec
from msgspec import Struct
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolExhausted

from central.base.database import NotReplicatedError

PROBLEM_JSON = "application/problem+json"
# Where a database that is restarting is usually back.
RETRY_AFTER_S = 5

log = structlog.get_logger()


class Problem(HTTPException):
    """An answer other than 2xx. `code` is stable for programs, `detail` says what to do."""

    def __init__(self, status: int, code: str, detail: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(detail=detail, status_code=status, headers=headers)
        self.code = code


class ProblemDocument(Struct, frozen=True):
    """A problem document as the schema shows it. `type` is a relative reference whose last part is stable."""

    type: str
    title: str
    status: int
    detail: str


def answers(*statuses: int) -> dict[int, ResponseSpec]:
    """The schema's entries for the errors that an operation may give."""
    return {
        status: ResponseSpec(
            ProblemDocument, generate_examples=False, description=TITLES[status], media_type=PROBLEM_MEDIA
        )
        for status in statuses
    }


class _ProblemMediaType(str):
    """Litestar wants a `MediaType` here; RFC 9457's is none of its members."""

    value = PROBLEM_JSON


PROBLEM_MEDIA: Any = _ProblemMediaType(PROBLEM_JSON)

TITLES = {
    400: "The request cannot be read",
    401: "The signature does not verify",
    403: "It is not allowed",
    404: "There is nothing here",
    405: "Not with this method",
    409: "It cannot be done as things stand",
    413: "The request is too large",
    422: "The request cannot be followed",
    429: "Too many wrong codes",
    500: "Central failed",
    503: "Central cannot answer now",
}


def on_http_error(_request: Request[Any, Any, Any], error: HTTPException) -> Response[ProblemDocument]:
    """Answer with what a handler, or Litestar itself, refused."""
    if isinstance(error, Problem):
        return _answer(error.status_code, error.code, error.detail, error.headers)
    if error.status_code >= 500:
        return on_failure(_request, error)
    detail = error.detail
    if isinstance(error, ValidationException) and isinstance(error.extra, list):
        detail = "; ".join(f"{one.get('key', '')}: {one.get('message', '')}" for one in error.extra) or detail
    code = {404: "not-found", 405: "method-not-allowed", 413: "too-large"}.get(error.status_code, "bad-request")
    return _answer(error.status_code, code, detail, error.headers)


def on_database_error(_request: Request[Any, Any, Any], error: Exception) -> Response[ProblemDocument]:
    """Answer 503, so that a kiosk keeps its items and comes again."""
    # Neither text nor traceback: a database's error may repeat what it was given.
    log.error("database-failed", error=type(error).__name__)
    return _answer(503, "database-away", "try again later", {"Retry-After": str(RETRY_AFTER_S)})


def on_nesting(_request: Request[Any, Any, Any], _error: RecursionError) -> Response[ProblemDocument]:
    """Answer 400: only JSON nested thousands deep brings a reader that far, and nothing else here recurs."""
    return _answer(400, "bad-request", "the JSON is nested too deeply")


def on_failure(request: Request[Any, Any, Any], error: Exception) -> Response[ProblemDocument]:
    """Answer 500 and log what happened where an operator sees it, never the caller."""
    # Where it happened, without the error's text: that may repeat what was sent.
    frames = [f"{Path(one.filename).name}:{one.lineno}" for one in traceback.extract_tb(error.__traceback__)[-8:]]
    log.error("request-failed", path=request.url.path[:200], error=type(error).__name__, frames=frames)
    return _answer(500, "failed", "the failure is in central's log")


def _answer(status: int, code: str, detail: str, headers: dict[str, str] | None = None) -> Response[ProblemDocument]:
    return Response(
        ProblemDocument(f"/problems/{code}", TITLES.get(status, "It could not be done"), status, detail),
        status_code=status,
        media_type=PROBLEM_JSON,
        headers=headers,
    )


EXCEPTION_HANDLERS: dict[Any, Any] = {
    HTTPException: on_http_error,
    DBAPIError: on_database_error,
    PoolExhausted: on_database_error,
    NotReplicatedError: on_database_error,
    OSError: on_database_error,
    RecursionError: on_nesting,
    Exception: on_failure,
}
