"""Errors as problem documents (RFC 9457): one edge where every failure becomes an answer without a traceback."""

import traceback
from pathlib import Path
from typing import Any, Final

import msgspec
import structlog
from litestar import Request, Response
from litestar.exceptions import HTTPException, ValidationException

from common.machine.errors import StoreError
from hub.engine.act import Following
from hub.engine.presses.pressing import NotYet
from hub.engine.refusal import Refused
from hub.sessions.sessions import TooManyWrongPins

PROBLEM_JSON: Final = "application/problem+json"
RETRY_AFTER_S: Final = 2
TITLES: Final = {
    400: "The request cannot be read",
    401: "Nobody known asks",
    403: "Not for you",
    404: "There is nothing here",
    405: "Not with this method",
    409: "It cannot be done as things stand",
    413: "The request is too large",
    422: "The request cannot be followed",
    429: "Too many",
    500: "The hub failed",
    503: "Not now",
}

log = structlog.get_logger()


class Problem(HTTPException):
    """An answer other than 2xx. `code` is stable for programs, `detail` says what to do."""

    def __init__(self, status: int, code: str, detail: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(detail=detail, status_code=status, headers=headers)
        self.code = code


def problem(
    status: int, code: str, detail: str, *, more: dict[str, Any] | None = None, headers: dict[str, str] | None = None
) -> Response[bytes]:
    """Compose a problem document; `more` are its extension members."""
    title = TITLES.get(status, "It could not be done")
    said = {"type": f"/problems/{code}", "title": title, "status": status, "detail": detail} | (more or {})
    return Response(
        msgspec.json.encode(said),
        status_code=status,
        media_type=PROBLEM_JSON,
        headers={"Cache-Control": "no-store"} | (headers or {}),
    )


def _on_http(request: Request[Any, Any, Any], error: HTTPException) -> Response[bytes]:
    if isinstance(error, Problem):
        return problem(error.status_code, error.code, error.detail, headers=error.headers)
    if error.status_code >= 500:
        return _on_failure(request, error)
    detail = error.detail
    if isinstance(error, ValidationException) and isinstance(error.extra, list):
        detail = "; ".join(f"{one.get('key', '')}: {one.get('message', '')}" for one in error.extra) or detail
    code = {404: "not-found", 405: "method-not-allowed", 413: "too-large"}.get(error.status_code, "bad-request")
    return problem(error.status_code, code, detail[:500], headers=error.headers)


def _on_refused(_request: Request[Any, Any, Any], error: Refused) -> Response[bytes]:
    headers = {"WWW-Authenticate": "Session"} if error.status == 401 else None
    return problem(error.status, error.code, error.detail, more=error.standing, headers=headers)


def _on_not_yet(_request: Request[Any, Any, Any], error: NotYet) -> Response[bytes]:
    return problem(503, "not-yet", str(error), headers={"Retry-After": str(error.retry_after_s)})


def _on_following(_request: Request[Any, Any, Any], error: Following) -> Response[bytes]:
    return problem(503, "following", str(error), headers={"Retry-After": "5"})


def _on_guessing(_request: Request[Any, Any, Any], error: TooManyWrongPins) -> Response[bytes]:
    return problem(429, "too-many-wrong-pins", str(error), headers={"Retry-After": str(error.retry_after_s)})


def _on_store(_request: Request[Any, Any, Any], error: StoreError) -> Response[bytes]:
    log.error("store-failed", error=type(error).__name__, detail=str(error)[:300])
    detail = "the hub's disk does not take it now: the same press is tried again"
    return problem(503, "store-away", detail, headers={"Retry-After": str(RETRY_AFTER_S)})


def _on_nesting(_request: Request[Any, Any, Any], _error: RecursionError) -> Response[bytes]:
    return problem(400, "bad-request", "the JSON is nested too deeply")


def _on_failure(request: Request[Any, Any, Any], error: Exception) -> Response[bytes]:
    # Where it happened, without the error's text: that may repeat what was sent.
    frames = [f"{Path(one.filename).name}:{one.lineno}" for one in traceback.extract_tb(error.__traceback__)[-8:]]
    log.error("request-failed", path=request.url.path[:200], error=type(error).__name__, frames=frames)
    return problem(500, "failed", "the failure is in the hub's log")


EXCEPTION_HANDLERS: dict[Any, Any] = {
    HTTPException: _on_http,
    Refused: _on_refused,
    NotYet: _on_not_yet,
    Following: _on_following,
    TooManyWrongPins: _on_guessing,
    StoreError: _on_store,
    RecursionError: _on_nesting,
    Exception: _on_failure,
}
