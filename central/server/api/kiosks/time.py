"""GET /v1/time: central's time, signed together with the caller's nonce."""

from typing import Annotated

import structlog
from litestar import Response, get
from litestar.params import QueryParameter
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from central.base import clock
from central.base.database.transactions import is_postgres, reading
from central.keys import key_chain
from central.kiosks import signed_time
from central.server.api.server import CentralDep
from central.server.api.signing import signed
from common.protocol.envelope import TimeAnswer
from common.web.problem import Problem, answers
from common.web.request import HttpRequest

log = structlog.get_logger()


@get("/v1/time", responses=answers(400, 503), summary="Ask for the time", operation_id="readTime", tags=["kiosks"])
async def tell(
    request: HttpRequest,
    central: CentralDep,
    nonce: Annotated[str, QueryParameter(pattern=r"^[!-~]{1,128}\Z", description="Comes back under the signature")],
    known: Annotated[
        str, QueryParameter(pattern=r"^[0-9a-f,]{0,150}\Z", description="Ids of the signing keys that the caller knows")
    ] = "",
) -> Response[TimeAnswer]:
    """The time, RFC 3339 in UTC with microseconds. The request needs no signature; the answer always bears one."""
    async with reading(central.engine) as connection:
        kid = await key_chain.kid_for(connection, known.split(","))
        why_not = await signed_time.why_not(connection, await _seconds_from_the_databases(connection))
        is_old = await signed_time.is_old(connection)
    if why_not is not None:
        log.error("time-not-signed", why=why_not)
        raise Problem(503, "clock-refused", f"central signs no time: {why_not}")
    if is_old:
        async with central.engine.begin() as connection:
            await signed_time.keep(connection)
    return await signed(request, central, TimeAnswer(nonce, clock.as_text(clock.now())), kid)  # type: ignore[no-any-return]


async def _seconds_from_the_databases(connection: AsyncConnection) -> float:
    """How far this machine's clock is surely from that of the database's; 0 on SQLite, which has none of its own."""
    if not is_postgres(connection):
        return 0.0
    before = clock.now()
    there = await connection.scalar(select(func.clock_timestamp()))
    return 0.0 if there is None else clock.seconds_outside(there, before, clock.now())
