"""GET /v1/time: central's time, signed together with the caller's nonce."""

from typing import Annotated, Any

from litestar import Request, Response, get
from litestar.di import NamedDependency
from litestar.params import QueryParameter, SkipValidation

from central import clock, database
from central.api.problem import answers
from central.api.server import Central
from central.api.signing import signed
from central.keys import key_chain
from offline_store.wire.envelope import TimeAnswer


@get("/v1/time", responses=answers(400, 503), summary="Ask for the time")
async def tell(
    request: Request[Any, Any, Any],
    central: NamedDependency[SkipValidation[Central]],
    nonce: Annotated[str, QueryParameter(pattern=r"^[!-~]{1,128}\Z", description="Comes back under the signature")],
) -> Response[TimeAnswer]:
    """The time, RFC 3339 in UTC with microseconds. The request needs no signature; the answer always bears one."""
    async with database.reading(central.engine) as connection:
        kid = await key_chain.first_signing_kid(connection)
    return signed(request, central, TimeAnswer(nonce, clock.as_text(clock.now())), kid)  # type: ignore[no-any-return]
