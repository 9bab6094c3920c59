"""GET /v1/kiosks/{hub}/queue: what central knows of a centre's queue, for its hub that begins."""

from typing import Annotated, Final

from litestar import Response, get
from litestar.params import PathParameter, QueryParameter

from central.insight.visits.recall import recall
from central.server.api.server import CentralDep
from central.server.api.signing import kiosk_of, revoked, signed
from common.protocol.queue.recall import MAX_LIVES, QueueRecall
from common.web.problem import Problem, answers
from common.web.request import HttpRequest

MAX_QUERY_CHARACTERS: Final = 2000


@get(
    "/v1/kiosks/{kiosk:str}/queue",
    responses=answers(400, 401, 403, 503),
    summary="Recall a centre's queue",
    operation_id="recallQueue",
    tags=["kiosks"],
)
async def queue(
    request: HttpRequest,
    kiosk: Annotated[str, PathParameter(description="The hub's id")],
    central: CentralDep,
    lives: Annotated[
        str | None, QueryParameter(description="Lives of the centre's hubs, joined by commas: how far is each held?")
    ] = None,
) -> Response[QueueRecall]:
    """Tickets that were called or have ended, those that a hub gave, and which hub led last. For hubs alone."""
    asked = lives.split(",") if lives else []
    if len(asked) > MAX_LIVES or len(lives or "") > MAX_QUERY_CHARACTERS:
        raise Problem(400, "too-many-lives", f"lives: at most {MAX_LIVES} in {MAX_QUERY_CHARACTERS} characters")
    row = await kiosk_of(request, central, kiosk)
    if row.revoked_at is not None:
        return await revoked(request, central, row.signing_kid)  # type: ignore[no-any-return]
    if row.role != "hub":
        raise Problem(403, "hubs-only", "only a hub of the centre may ask who was called")
    said = await recall(central.engine, row.centre, asked)
    return await signed(request, central, said, row.signing_kid)  # type: ignore[no-any-return]
