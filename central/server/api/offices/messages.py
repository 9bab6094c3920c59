"""The page of messages to citizens: what became of them in a month, and what they cost. It names no number."""

from typing import Annotated, Any

from litestar import Response, get
from litestar.params import QueryParameter

from central.base import clock
from central.base.database.transactions import reading
from central.insight import written
from central.insight.receipts.parts import amount_of
from central.insight.reports.month import days_of
from central.insight.reports.sheet import Words
from central.insight.written import Written
from central.messages import app
from central.offices.drawing import draw
from central.server.api.offices import typed
from central.server.api.offices.access import PREFIX, language_of, operator_of, page
from central.server.api.offices.fleet import centre_shown
from central.server.api.server import CentralDep
from common.city.brand.brand import brand
from common.messages.outbox import APP
from common.web.request import HttpRequest


@get(f"{PREFIX}/messages", include_in_schema=False)
async def messages_page(
    request: HttpRequest,
    central: CentralDep,
    centre: Annotated[str, QueryParameter(description="A centre's code; empty: all")] = "",
    month: Annotated[str, QueryParameter(description="YYYY-MM")] = "",
) -> Response[Any]:
    """Show a month of messages, by kind and by day, and what waits now."""
    operator = await operator_of(request, central)
    language = language_of(request)
    of = typed.asked(typed.month, month, f"{clock.business_date(clock.now()):%Y-%m}")
    first, last = days_of(of.value)
    async with reading(central.engine) as connection:
        names, centre = await centre_shown(connection, language, operator, centre)
        # All is for who may see all: there are also messages of no centre.
        mine = None if operator.centres is None and not centre else [centre]
        found = await written.by_day(connection, first, last, mine)
        waiting, oldest = await written.waiting(connection, mine)
        by_app = [APP] if await app.listeners(connection) else []
    kinds = written.by_kind(found)
    whole = Written()
    for one in kinds.values():
        whole.add(one)
    words = Words(language, {})
    drawn = draw(
        "messages",
        language,
        operator,
        names=names,
        centre=centre,
        month=of,
        may_see_all=operator.centres is None,
        whole=whole,
        kinds=kinds,
        days=sorted(found.items(), key=lambda pair: (-pair[0][0].toordinal(), pair[0][1])),
        waiting=waiting,
        oldest=oldest,
        channels=by_app + central.config.messages.names,
        reported=words.say,
        money=lambda cost: amount_of(cost, brand().currency.code, None, language),
        now=clock.now(),
    )
    return page(drawn, 422 if of.wrong else 200)
