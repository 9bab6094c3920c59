"""PUT /v1/boards/updates: a board's machine says whether updates come to it."""

from litestar import put
from litestar.params import JSONBody
from msgspec import Struct

from common.web.addresses import is_loopback
from common.web.problem import Problem
from common.web.request import HttpRequest
from hub.api.server.server import ServingDep
from hub.place.boards import BoardLack, note


class BoardUpdates(Struct, frozen=True, forbid_unknown_fields=True):
    """What keeps updates away from a board's machine; null where they come."""

    lacks: BoardLack | None


@put("/v1/boards/updates", status_code=204, request_max_body_size=1024, summary="Say whether updates come to a board")
async def tell_updates(request: HttpRequest, data: JSONBody[BoardUpdates], serving: ServingDep) -> None:
    """Keep it for what this hub says of itself, of a board that counts alone: it is known by its address."""
    address = request.client.host if request.client else ""

    def work() -> None:
        with serving.hub.read() as look:
            is_known = is_loopback(address) or address in look.centre.boards
        if not is_known:
            raise Problem(403, "unknown-board", f"hub board {address} names it as a board of this hall")
        note(serving.config.data_dir, address, data.lacks, serving.hub.clock.now())

    await serving.run(work)
