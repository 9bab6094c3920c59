"""GET /v1/kiosks/{kiosk}/feed: what central has to say to a kiosk."""

from typing import Annotated, Any

from litestar import Request, Response, get
from litestar.di import NamedDependency
from litestar.params import PathParameter, QueryParameter, SkipValidation

from central import database, feed
from central.api.problem import Problem, answers
from central.api.server import Central
from central.api.signing import kiosk_of, signed
from central.keys import key_chain
from offline_store.wire.envelope import FeedPage

# No feed reaches it; a longer number is no cursor of ours, and no integer of the database.
MAX_CURSOR_DIGITS = 18


@get("/v1/kiosks/{kiosk:str}/feed", responses=answers(400, 401, 403, 503), summary="Read the feed")
async def read(
    request: Request[Any, Any, Any],
    kiosk: Annotated[str, PathParameter(description="The kiosk's id")],
    central: NamedDependency[SkipValidation[Central]],
    after: Annotated[str | None, QueryParameter(description="The cursor of the last answer")] = None,
) -> Response[FeedPage]:
    """Messages after a cursor; a whole snapshot where the cursor is absent or not one that central gave out."""
    row = await kiosk_of(request, central, kiosk)
    if row.revoked_at is not None:
        raise Problem(403, "kiosk-revoked", "this kiosk was revoked; enrol it again with new keys")
    cursor = int(after) if after and after.isascii() and after.isdigit() and len(after) <= MAX_CURSOR_DIGITS else None
    async with database.reading(central.engine) as connection:
        kid = await key_chain.confirmed_kid(connection, cursor)
        page = await feed.read(connection, row.id, row.centre, cursor, role=row.role)
    if kid != row.signing_kid:
        async with central.engine.begin() as connection:
            await key_chain.confirm(connection, row.id, kid)
    return signed(request, central, page, kid)  # type: ignore[no-any-return]
