"""Calls for other systems of the city: where orders stand, and visits that changed. Each call bears a token."""

from typing import Annotated, Final

from litestar import get, post
from litestar.params import QueryParameter

from central.base.database.transactions import reading
from central.offices import operations
from central.offices.integrations import order_states, place, systems, visits
from central.offices.integrations.systems import May, System
from central.server.api.schema import decoded, taking
from central.server.api.server import Central, CentralDep
from common.web.problem import Problem, answers
from common.web.request import HttpRequest

MOST_BYTES: Final = 256 * 1024
SECURITY: Final = [{"token": list[str]()}]
_BEARER: Final = {"WWW-Authenticate": "Bearer"}
After = Annotated[
    str, QueryParameter(description="The `cursor` of the last answer; empty: all", max_length=place.MAX_CHARACTERS)
]


@post(
    "/v1/order-states",
    status_code=200,
    request_max_body_size=MOST_BYTES,
    operation_class=taking(order_states.StatesRequest),
    responses=answers(400, 401, 403, 413, 422, 503),
    security=SECURITY,
    summary="Tell where orders stand",
    operation_id="tellOrderStates",
    tags=["orders"],
)
async def tell_states(request: HttpRequest, central: CentralDep) -> order_states.StatesAnswer:
    """Tell the kiosks concerned, all of it or nothing; what stands there already is told to nobody again."""
    system = await system_of(request, central, "order-states")
    told = await decoded(request, order_states.StatesRequest)
    try:
        async with central.engine.begin() as connection:
            taken = await order_states.take(connection, central.ring, told)
            if taken.published:
                detail = {"published": str(taken.published)}
                await operations.note(connection, f"system:{system.name}", "order-states-told", detail)
    except ValueError as error:
        raise Problem(422, "state-refused", str(error)[:300]) from error
    return taken


@get(
    "/v1/order-states",
    responses=answers(400, 401, 403, 503),
    security=SECURITY,
    summary="Read where orders stand",
    operation_id="readOrderStates",
    tags=["orders"],
)
async def read_states(request: HttpRequest, central: CentralDep, after: After = "") -> order_states.StatesPage:
    """States that kiosks were told after a place, by the app's side or an operator."""
    await system_of(request, central, "order-states")
    async with reading(central.engine) as connection:
        return await order_states.read(connection, after)


@get(
    "/v1/visits",
    responses=answers(400, 401, 403, 503),
    security=SECURITY,
    summary="Read visits that changed",
    operation_id="readVisits",
    tags=["visits"],
)
async def read_visits(request: HttpRequest, central: CentralDep, after: After = "") -> visits.VisitsPage:
    """Visits of which something came after a place, each as a whole; what came in the last minutes comes later."""
    await system_of(request, central, "visits")
    await central.visits.catch_up(central.engine)
    async with reading(central.engine, streams=True) as connection:
        return await visits.read(connection, after)


async def system_of(request: HttpRequest, central: Central, *may: May) -> System:
    """Return whose token this is. Raises Problem 401, or 403 where it is for something else."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    system = None
    if scheme.lower() == "bearer" and 0 < len(token) <= 100:
        async with reading(central.engine) as connection:
            system = await systems.find(connection, token)
    if system is None:
        raise Problem(
            401, "token-unknown", "send `Authorization: Bearer TOKEN`, as `central system give` said", _BEARER
        )
    if system.may not in may:
        raise Problem(403, "not-for-this", f"this token is for {system.may}")
    return system
