"""Calls for systems that may make claims, such as the citizen's app: seats, holds, claims and what became of them."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Annotated, Any, Final

import msgspec
from litestar import delete, get, post
from litestar.params import HeaderParameter, PathParameter, QueryParameter
from msgspec import Struct
from sqlalchemy.ext.asyncio import AsyncConnection

from central.base import clock
from central.base.database.transactions import reading
from central.claims import booking, changes, inquiries, requests
from central.claims.booking import Claimed, Held
from central.claims.changes import ChangedClaim
from central.claims.inquiries import SeatsAnswer
from central.claims.refusal import LIMITS, ClaimRefused
from central.claims.requests import ClaimRequest, HoldRequest, Key, KeyReused
from central.claims.wanted import Door, of_system, read_time
from central.messages import contacts
from central.offices.integrations import place
from central.server.api.integrations import SECURITY, After, system_of
from central.server.api.schema import decoded, taking
from central.server.api.server import Central, CentralDep
from common.web.problem import Problem, answers
from common.web.request import HttpRequest

MOST_BYTES: Final = 4096
_UNFOLLOWABLE: Final = frozenset({"not-offered", "outside-window"})


class ClaimsPage(Struct, frozen=True):
    """Claims that changed after a place, as they are now, and the next place; `more`: ask again at once."""

    claims: list[ChangedClaim]
    cursor: str
    more: bool


@get(
    "/v1/seats",
    responses=answers(400, 401, 403, 422, 503),
    security=SECURITY,
    summary="Read which seats are left",
    operation_id="readSeats",
    tags=["claims"],
)
async def read_seats(
    request: HttpRequest,
    central: CentralDep,
    centre: Annotated[str, QueryParameter(description="A centre's code", max_length=64)],
    service: Annotated[str, QueryParameter(description="A service's code", max_length=64)],
    since: Annotated[str, QueryParameter(name="from", description="A time; empty: now", max_length=40)] = "",
) -> SeatsAnswer:
    """Return the times from a moment on at which seats are left for this system."""
    door = await _door(request, central)
    with _refusals():
        first = clock.now() if not since else read_time(since)
        async with reading(central.engine) as connection:
            return await inquiries.free_seats(connection, centre, service, first, door, clock.now())


@post(
    "/v1/holds",
    status_code=201,
    request_max_body_size=MOST_BYTES,
    operation_class=taking(HoldRequest),
    responses=answers(400, 401, 403, 409, 413, 422, 429, 503),
    security=SECURITY,
    summary="Keep a seat for ten minutes",
    operation_id="holdSeat",
    tags=["claims"],
)
async def hold(request: HttpRequest, central: CentralDep) -> Held:
    """Keep a seat while its claim is made ready."""
    door = await _door(request, central)
    asked = await decoded(request, HoldRequest)
    async with _transaction(central) as connection:
        return await requests.hold(connection, central.ring, asked, door, clock.now())


@post(
    "/v1/claims",
    status_code=201,
    request_max_body_size=MOST_BYTES,
    operation_class=taking(ClaimRequest),
    responses=answers(400, 401, 403, 409, 413, 422, 429, 503),
    security=SECURITY,
    summary="Make a claim",
    operation_id="makeClaim",
    tags=["claims"],
)
async def claim(
    request: HttpRequest,
    central: CentralDep,
    key: Annotated[
        str | None, HeaderParameter(name="Idempotency-Key", description="One key makes one claim; kept for 48 h")
    ] = None,
) -> Claimed:
    """Make a claim of a hold, or at once; the same request under the same key is given the same answer."""
    door = await _door(request, central)
    asked = await decoded(request, ClaimRequest)
    if key is not None:
        _convert(key, Key, "Idempotency-Key")
    async with _transaction(central) as connection:
        made = await requests.claim(connection, central.ring, asked, door, key, clock.now())
        if asked.phone is not None and not made.is_repeat:
            await contacts.keep(connection, central.ring.vault(), "claim", made.claim.claim, asked.phone)
        return made.claim


@delete(
    "/v1/claims/{claim_id:str}",
    status_code=204,
    responses=answers(401, 403, 404, 409, 503),
    security=SECURITY,
    summary="Cancel a claim",
    operation_id="cancelClaim",
    tags=["claims"],
)
async def cancel(
    request: HttpRequest,
    central: CentralDep,
    claim_id: Annotated[str, PathParameter(description="The claim", max_length=64)],
) -> None:
    """Cancel a claim of one's own; its seat comes back after a while."""
    door = await _door(request, central)
    async with central.engine.begin() as connection:
        if await booking.cancel(connection, claim_id, door, clock.now()):
            return
        row = await booking.find(connection, claim_id, door)
    if row is None:
        raise Problem(404, "not-found", "this system has no such claim")
    raise Problem(409, "not-open", f"the claim is {row.state}")


@get(
    "/v1/claims",
    responses=answers(400, 401, 403, 503),
    security=SECURITY,
    summary="Read claims that changed",
    operation_id="readClaims",
    tags=["claims"],
)
async def read_claims(request: HttpRequest, central: CentralDep, after: After = "") -> ClaimsPage:
    """Return this system's own claims that changed after a place, each as it is now."""
    door = await _door(request, central)
    async with reading(central.engine) as connection:
        found = await changes.read(connection, door, await place.number_of(connection, after))
        return ClaimsPage(found.claims, await place.of_number(connection, found.reached), found.more)


async def _door(request: HttpRequest, central: Central) -> Door:
    return of_system((await system_of(request, central, "claims")).name)


def _convert(value: str, kind: Any, name: str) -> None:
    try:
        msgspec.convert(value, kind)
    except msgspec.ValidationError as error:
        raise Problem(400, "bad-request", f"{name}: {error}"[:300]) from error


@contextmanager
def _refusals() -> Iterator[None]:
    """Turn what is refused into the answer that says why."""
    try:
        yield
    except ClaimRefused as refused:
        status = 429 if refused.reason in LIMITS else 422 if refused.reason in _UNFOLLOWABLE else 409
        raise Problem(status, refused.reason, refused.detail) from refused
    except KeyReused as error:
        raise Problem(422, "key-reused", str(error)) from error
    except ValueError as error:
        raise Problem(422, "claim-refused", str(error)[:300]) from error


@asynccontextmanager
async def _transaction(central: Central) -> AsyncIterator[AsyncConnection]:
    with _refusals():
        async with central.engine.begin() as connection:
            yield connection
