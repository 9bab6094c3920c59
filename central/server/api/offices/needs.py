"""The page of what needs somebody."""

from typing import Any

from litestar import Response, get

from central.base import clock
from central.base.database.transactions import reading
from central.offices.drawing import draw
from central.offices.upkeep.needs import seen_by, what_needs_somebody
from central.offices.upkeep.standing import standing
from central.server.api.offices.access import PREFIX, language_of, operator_of, page
from central.server.api.server import CentralDep
from common.web.request import HttpRequest


@get(f"{PREFIX}/needs", include_in_schema=False)
async def needs(request: HttpRequest, central: CentralDep) -> Response[Any]:
    """Show what needs somebody, the most urgent first."""
    operator = await operator_of(request, central)
    language = language_of(request)
    async with reading(central.engine) as connection:
        todos = seen_by(await what_needs_somebody(connection, central.config), operator)
        stands = await standing(connection) if operator.centres is None else None
    rows = [(one.link, one.row(language)) for one in todos]
    return page(draw("needs", language, operator, rows=rows, stands=stands, now=clock.now()))
