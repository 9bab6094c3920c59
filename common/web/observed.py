"""Middleware that counts and logs each answer, and names a request that was cut short."""

import time
from collections.abc import Callable
from typing import Any

import structlog
from litestar.enums import ScopeType
from litestar.types import ASGIApp, Message, Receive, Scope, Send
from prometheus_client import Counter

from common.web.problem import Problem, route_of

log = structlog.get_logger()


def observed(requests: Counter, logged_from: int = 0) -> Callable[[ASGIApp], ASGIApp]:
    """Return middleware that logs method, route, status and duration, nothing that was sent.

    Args:
        requests: counts answers by status.
        logged_from: the least status that is logged; all are counted.
    """

    def wrap(app: ASGIApp) -> ASGIApp:
        async def call(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] != ScopeType.HTTP:
                await app(scope, receive, send)
                return
            began, is_answered = time.perf_counter(), False

            async def observed_send(message: Message) -> None:
                nonlocal is_answered
                if message["type"] == "http.response.start":
                    is_answered = True
                    status = message["status"]
                    requests.labels(str(status)).inc()
                    if status >= logged_from:
                        took_ms = round((time.perf_counter() - began) * 1000, 1)
                        log.info("request", method=scope["method"], **route_of(scope), status=status, ms=took_ms)
                await send(message)

            async def whole() -> Any:
                message = await receive()
                # A client without power or network is no failure of the server's. A stream that is being answered
                # ends this way as a matter of course.
                if message["type"] == "http.disconnect" and not is_answered:
                    raise Problem(400, "cut-short", "the request ended before its body did")
                return message

            await app(scope, whole, observed_send)

        return call

    return wrap
