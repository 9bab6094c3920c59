"""POST /v1/kiosks/{kiosk}/claims: what the eight digits are that somebody typed at a kiosk."""

import msgspec
from litestar import Response, post

from common.protocol.queue.claim import ClaimAsked, ClaimFound
from common.web.problem import Problem
from common.web.request import HttpRequest
from hub.api.server.server import ServingDep
from hub.api.signing import signed
from hub.api.tickets import KioskPath, kiosk_of
from hub.engine.promised.judging import found_by_digits


@post("/v1/kiosks/{kiosk:str}/claims", status_code=200, request_max_body_size=1024, summary="Find a claim by digits")
async def find(request: HttpRequest, kiosk: KioskPath, serving: ServingDep) -> Response[bytes]:
    """Return the open claim of this centre that has these digits."""
    record = await kiosk_of(request, serving, kiosk)
    if record.revoked:
        raise Problem(403, "kiosk-revoked", "this kiosk was revoked")
    try:
        asked = msgspec.json.decode(await request.body(), type=ClaimAsked)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Problem(400, "bad-request", str(error)[:200]) from error

    def read() -> ClaimFound | None:
        with serving.hub.read() as look:
            return found_by_digits(look, asked.digits)

    found = await serving.run(read)
    if found is None:
        raise Problem(404, "not-found", "no open claim of this centre has these digits")
    return signed(request, serving, found)
