"""What a form of the offices' pages has done: by somebody logged in, in one transaction, from our own page only."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from litestar import Response
from sqlalchemy.ext.asyncio import AsyncConnection

from central.offices.operators import Operator
from central.offices.people import NotAllowed
from central.server.api.offices.access import same_origin, to_login, who
from central.server.api.server import Central
from common.web.problem import Problem
from common.web.request import HttpRequest

type Act[T] = Callable[[AsyncConnection, Operator], Awaitable[T]]


@dataclass(frozen=True, slots=True)
class Done[T]:
    """Who did it and what came of it; or `fault`, why it could not be, and nothing was changed."""

    operator: Operator
    value: T | None = None
    fault: str | None = None

    @property
    def faults(self) -> list[str]:
        """Every fault that the page shows, one a line."""
        return fault_lines(self.fault or "")


def fault_lines(faults: str) -> list[str]:
    """Return the lines of a text with a fault in each, bounded for a page."""
    return [fault[:300] for fault in faults.splitlines()[:50]]


async def asks(request: HttpRequest, central: Central) -> Operator | Response[Any]:
    """Return who sends a form of our own pages; the page to log in on where nobody is."""
    same_origin(request, central)
    return await who(request, central) or to_login()


async def perform[T](request: HttpRequest, central: Central, act: Act[T]) -> Done[T] | Response[Any]:
    """Do an act; the page to log in on where nobody is. Raises Problem 403 where it is not theirs to do."""
    operator = await asks(request, central)
    if not isinstance(operator, Operator):
        return operator
    try:
        async with central.engine.begin() as connection:
            return Done(operator, await act(connection, operator))
    except NotAllowed as error:
        raise not_allowed() from error
    except ValueError as error:
        return Done(operator, fault=str(error))


def not_allowed() -> Problem:
    """Say that this is for somebody else to do."""
    return Problem(403, "not-yours", "this name may not do that there; ask an administrator")
