"""What a form of the offices' pages has done: by somebody logged in, in one transaction, from our own page only."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Final

from litestar import Response
from sqlalchemy.ext.asyncio import AsyncConnection

from central.offices.operators import Operator
from central.offices.people import NotAllowed
from central.server.api.offices.access import NotLoggedIn, operator_of, same_origin, to_login
from central.server.api.offices.typed import Mistyped
from central.server.api.server import Central
from central.server.office_files.process import JobFailed
from common.web.problem import problem
from common.web.request import HttpRequest

type Act[T] = Callable[[AsyncConnection, Operator], Awaitable[T]]


@dataclass(frozen=True, slots=True)
class Done[T]:
    """Who did it and what came of it; or why it could not be, and nothing was changed.

    `fault` is what central's checks said, in English; `wrong` a text that says how a field is to be filled.
    """

    operator: Operator
    value: T | None = None
    fault: str | None = None
    wrong: str | None = None

    @property
    def is_done(self) -> bool:
        """Return whether it was done."""
        return self.fault is None and self.wrong is None

    @property
    def faults(self) -> list[str]:
        """Every fault that the page shows, one a line."""
        return fault_lines(self.fault or "")


def fault_lines(faults: str) -> list[str]:
    """Return the lines of a text with a fault in each, bounded for a page."""
    return [fault[:300] for fault in faults.splitlines()[:50]]


async def asks(request: HttpRequest, central: Central) -> Operator:
    """Return who sends a form of our own pages. Raises NotLoggedIn, and Problem 403 where it is another's page."""
    same_origin(request, central)
    return await operator_of(request, central)


async def perform[T](request: HttpRequest, central: Central, act: Act[T]) -> Done[T]:
    """Do an act. Raises as `asks`, and NotAllowed where it is not theirs to do."""
    operator = await asks(request, central)
    try:
        async with central.engine.begin() as connection:
            return Done(operator, await act(connection, operator))
    except Mistyped as error:
        return Done(operator, wrong=error.text_id)
    except ValueError as error:
        return Done(operator, fault=str(error))


def _to_login(_request: HttpRequest, _error: NotLoggedIn) -> Response[Any]:
    return to_login()


def _not_allowed(_request: HttpRequest, _error: NotAllowed) -> Response[bytes]:
    return problem(403, "not-yours", "this name may not do that there; ask an administrator")


def _not_made(_request: HttpRequest, error: JobFailed) -> Response[bytes]:
    return problem(503, "file-not-made", str(error), headers={"Retry-After": "60"})


EXCEPTION_HANDLERS: Final[dict[Any, Any]] = {NotLoggedIn: _to_login, NotAllowed: _not_allowed, JobFailed: _not_made}
