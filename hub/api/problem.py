"""What the hub refuses and why, beside what any server of ours answers."""

from typing import Any, Final

import structlog
from litestar import Response

from common.machine.errors import StoreError
from common.web import problem as web
from common.web.problem import problem
from common.web.request import HttpRequest
from hub.engine.act import Following
from hub.engine.presses.pressing import NotYet
from hub.engine.refusal import Refused
from hub.sessions.sessions import TooManyWrongPins

RETRY_AFTER_S: Final = 2

log = structlog.get_logger()


def _on_refused(_request: HttpRequest, error: Refused) -> Response[bytes]:
    headers = {"WWW-Authenticate": "Session"} if error.status == 401 else None
    return problem(error.status, error.code, error.detail, more=error.standing, headers=headers)


def _on_not_yet(_request: HttpRequest, error: NotYet) -> Response[bytes]:
    return problem(503, "not-yet", str(error), headers={"Retry-After": str(error.retry_after_s)})


def _on_following(_request: HttpRequest, error: Following) -> Response[bytes]:
    return problem(503, "following", str(error), headers={"Retry-After": "5"})


def _on_guessing(_request: HttpRequest, error: TooManyWrongPins) -> Response[bytes]:
    return problem(429, "too-many-wrong-pins", str(error), headers={"Retry-After": str(error.retry_after_s)})


def _on_store(_request: HttpRequest, error: StoreError) -> Response[bytes]:
    log.error("store-failed", error=type(error).__name__, detail=str(error)[:300])
    detail = "the hub's disk does not take it now: the same press is tried again"
    return problem(503, "store-away", detail, headers={"Retry-After": str(RETRY_AFTER_S)})


EXCEPTION_HANDLERS: Final[dict[Any, Any]] = web.EXCEPTION_HANDLERS | {
    Refused: _on_refused,
    NotYet: _on_not_yet,
    Following: _on_following,
    TooManyWrongPins: _on_guessing,
    StoreError: _on_store,
}
