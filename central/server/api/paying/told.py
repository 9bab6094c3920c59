"""POST /v1/payments/{payer}/{address}: what a payer tells of a number, answered 200 once it is written down."""

from typing import Annotated, Final

from litestar import Response, post
from litestar.params import PathParameter

from central.payments import hearing
from central.payments.ports.errors import Forged
from central.server.api.server import CentralDep
from central.server.api.signing import caller
from common.web.problem import Problem
from common.web.request import HttpRequest

MOST_BYTES: Final = 4096


@post(
    "/v1/payments/{payer:str}/{address:str}",
    status_code=200,
    request_max_body_size=MOST_BYTES,
    include_in_schema=False,
)
async def told(
    request: HttpRequest,
    payer: Annotated[str, PathParameter(description="The payer, as the settings name it", max_length=64)],
    address: Annotated[str, PathParameter(description="128 random bits as 32 hex digits", max_length=64)],
    central: CentralDep,
) -> Response[dict[str, str]]:
    """Take what became of a number. What is not the payer's, or too old, changes nothing and asks no database."""
    try:
        central.gate.pass_one(caller(request, central.config.public_url))
        found = hearing.payer_at(central.payments, payer, address)
        said = hearing.opened(found, await request.body())
    except hearing.TooFast as error:
        raise Problem(429, "too-many", "too many at once; wait a second", {"Retry-After": "1"}) from error
    except hearing.Unknown as error:
        raise Problem(404, "not-found", "there is nothing here") from error
    except Forged as error:
        raise Problem(400, "unreadable", "this was not sealed by the payer, or is not of this time") from error
    async with central.engine.begin() as connection:
        await hearing.take(connection, central.ring, payer, said)
    central.payments.wake.set()
    return Response({}, headers={"Cache-Control": "no-store"})
