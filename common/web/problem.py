"""Errors as problem documents (RFC 9457): one edge where every failure becomes an answer without a traceback."""

from collections.abc import Mapping
from typing import Any, Final

import msgspec
import structlog
from litestar import Response
from litestar.exceptions import HTTPException, ValidationException
from litestar.openapi.datastructures import ResponseSpec
from msgspec import Struct

from common.machine.errors import places_of
from common.web.request import HttpRequest

PROBLEM_JSON: Final = "application/problem+json"
TITLES: Final = {
    400: "The request cannot be read",
    401: "The request is not authenticated",
    403: "It is not allowed",
    404: "There is nothing here",
    405: "Not with this method",
    409: "It cannot be done as things stand",
    413: "The request is too large",
    422: "The request cannot be followed",
    429: "Too many requests",
    500: "The server failed",
    503: "The server cannot answer now",
}
_CODES: Final = {404: "not-found", 405: "method-not-allowed", 413: "too-large"}

log = structlog.get_logger()


class Problem(HTTPException):
    """An answer other than 2xx. `code` is stable for programs, `detail` says what to do."""

    def __init__(self, status: int, code: str, detail: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(detail=detail, status_code=status, headers=headers)
        self.code = code


class ProblemDocument(Struct, frozen=True):
    """A problem document. `type` is a relative reference whose last part is stable."""

    type: str
    title: str
    status: int
    detail: str


def document(status: int, code: str, detail: str) -> ProblemDocument:
    """Compose a problem document."""
    return ProblemDocument(f"/problems/{code}", TITLES.get(status, "It could not be done"), status, detail)


def problem(
    status: int, code: str, detail: str, *, more: dict[str, Any] | None = None, headers: dict[str, str] | None = None
) -> Response[bytes]:
    """Answer with a problem document; `more` are its extension members."""
    return Response(
        msgspec.json.encode(msgspec.to_builtins(document(status, code, detail)) | (more or {})),
        status_code=status,
        media_type=PROBLEM_JSON,
        headers={"Cache-Control": "no-store"} | (headers or {}),
    )


class _ProblemMediaType(str):
    """Litestar wants a `MediaType` here; RFC 9457's is none of its members."""

    value = PROBLEM_JSON


_PROBLEM_MEDIA: Any = _ProblemMediaType(PROBLEM_JSON)


def answers(*statuses: int) -> dict[int, ResponseSpec]:
    """Return the schema's entries for the errors that an operation may give."""
    return {
        status: ResponseSpec(
            ProblemDocument, generate_examples=False, description=TITLES[status], media_type=_PROBLEM_MEDIA
        )
        for status in statuses
    }


def on_http_error(request: HttpRequest, error: HTTPException) -> Response[bytes]:
    """Answer with what a handler, or Litestar itself, refused."""
    if isinstance(error, Problem):
        return problem(error.status_code, error.code, error.detail, headers=error.headers)
    if error.status_code >= 500:
        return on_failure(request, error)
    detail = error.detail
    if isinstance(error, ValidationException) and isinstance(error.extra, list):
        detail = "; ".join(f"{one.get('key', '')}: {one.get('message', '')}" for one in error.extra) or detail
    return problem(error.status_code, _CODES.get(error.status_code, "bad-request"), detail[:500], headers=error.headers)


def on_nesting(_request: HttpRequest, _error: RecursionError) -> Response[bytes]:
    """Answer 400: only JSON nested thousands deep brings a reader that far, and nothing else here recurs."""
    return problem(400, "bad-request", "the JSON is nested too deeply")


def on_failure(request: HttpRequest, error: Exception) -> Response[bytes]:
    """Answer 500 and log where it happened, for an operator and never for the caller."""
    log.error("request-failed", **route_of(request.scope), error=type(error).__name__, at=places_of(error))
    return problem(500, "failed", "the failure is in the server's log")


def route_of(scope: Mapping[str, Any]) -> dict[str, str]:
    """Return what a log may say of a path: the route, and which kiosk; a ticket's page bears its owner's secret."""
    told = {"route": str(scope.get("path_template") or "none")}
    kiosk = (scope.get("path_params") or {}).get("kiosk")
    return told | ({"kiosk": str(kiosk)[:80]} if kiosk is not None else {})


EXCEPTION_HANDLERS: Final[dict[Any, Any]] = {
    HTTPException: on_http_error,
    RecursionError: on_nesting,
    Exception: on_failure,
}
"""What any server of ours answers; each adds its own errors."""
