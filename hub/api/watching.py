"""Who may see how the hub itself stands: this machine, or a manager. The hall learns that it lives, no more."""

from typing import Any

from litestar.connection import ASGIConnection
from litestar.handlers.base import BaseRouteHandler
from litestar.types import Guard

from common.web.addresses import is_loopback
from common.web.problem import Problem
from hub.api.cookies import token_of
from hub.api.server.server import Serving
from hub.engine.act import Look
from hub.engine.refusal import Refused
from hub.sessions import sessions

type Connection = ASGIConnection[Any, Any, Any, Any]


async def may_watch(connection: Connection, serving: Serving) -> bool:
    """Return whether this machine asks, or a manager who is logged in."""
    if connection.client is not None and is_loopback(connection.client.host):
        return True
    token = token_of(connection, serving)

    def is_managers(look: Look) -> bool:
        try:
            return sessions.find(look, token).role == "manager"
        except Refused:
            return False

    return await serving.read(is_managers)


def watchers_only(serving: Serving) -> Guard:
    """Return a guard that answers 403 to everybody else."""

    async def check(connection: Connection, _handler: BaseRouteHandler) -> None:
        if not await may_watch(connection, serving):
            raise Problem(403, "watchers-only", "ask on the hub's own machine, or log in as a manager")

    return check
