"""POST /v1/kiosks/{kiosk}/claims: what the eight digits are that somebody typed at a kiosk."""

from litestar import Response, post

from common.protocol.queue.claim import ClaimAsked
from common.web.problem import Problem
from common.web.request import HttpRequest
from hub.api.server.server import ServingDep
from hub.api.signing import signed
from hub.api.tickets import KioskPath, asked_by
from hub.engine.promised.judging import found_by_digits


@post("/v1/kiosks/{kiosk:str}/claims", status_code=200, request_max_body_size=1024, summary="Find a claim by digits")
async def find(request: HttpRequest, kiosk: KioskPath, serving: ServingDep) -> Response[bytes]:
    """Return the open claim of this centre that has these digits."""
    asked = await asked_by(request, serving, kiosk, ClaimAsked)
    found = await serving.read(lambda look: found_by_digits(look, asked.digits))
    if found is None:
        raise Problem(404, "not-found", "no open claim of this centre has these digits")
    return signed(request, serving, found)
