"""GET /v1/kiosks/{kiosk}/feed: what central has to say to a kiosk."""

from collections.abc import Sequence
from typing import Annotated, Any

import msgspec
import structlog
from litestar import Response, get
from litestar.params import PathParameter, QueryParameter
from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from central import feed
from central.base.database.transactions import reading
from central.feed import epoch as feed_epoch
from central.feed.cursor import Cursor
from central.intake.receiving import loss
from central.keys import key_chain
from central.keys.centre_ca import AuthorityUnusable
from central.keys.key_file import KeyFileError
from central.kiosks.hub.certificates import settle_certificate
from central.server.api.server import Central, CentralDep
from central.server.api.signing import kiosk_of, revoked, signed
from common.protocol.feed_page import ChainPlace, FeedPage, Gap, read_places
from common.web.problem import Problem, answers
from common.web.request import HttpRequest

MAX_QUERY_CHARACTERS = 2000

log = structlog.get_logger()


@get(
    "/v1/kiosks/{kiosk:str}/feed",
    responses=answers(400, 401, 403, 503),
    summary="Read the feed",
    operation_id="readFeed",
    tags=["kiosks"],
)
async def read(
    request: HttpRequest,
    kiosk: Annotated[str, PathParameter(description="The kiosk's id")],
    central: CentralDep,
    after: Annotated[str | None, QueryParameter(description="The cursor of the last answer")] = None,
    acked: Annotated[
        str | None,
        QueryParameter(description="EPOCH.SEQ.HASH of the last item that central acknowledged, joined by commas"),
    ] = None,
) -> Response[FeedPage]:
    """Messages after a cursor; a snapshot where the cursor is absent, or not one that central gave out.

    Where central lacks the cursor, or an acknowledged item, it was set back to a copy: it begins a new feed epoch, and
    asks for what is missing.
    """
    places, cursor = _places(acked), Cursor.read(after)
    row = await kiosk_of(request, central, kiosk)
    if row.revoked_at is not None:
        return await revoked(request, central, row.signing_kid)  # type: ignore[no-any-return]
    try:
        await settle_certificate(central.engine, central.config, row)
    except (
        AuthorityUnusable,
        KeyFileError,
        OSError,
    ) as error:  # the hub goes on with the one it has; its feed must not wait for it
        log.warning("hub-certificate-not-signed", hub=row.id, detail=str(error)[:300])
    async with reading(central.engine) as connection:
        kid = await key_chain.confirmed_kid(connection, await _heard(connection, cursor), row.enrolment_kid)
        page = await feed.read(connection, row.id, row.centre, cursor, role=row.role)
        gaps = await loss.gaps_of(connection, row.id, places)
        epoch = await feed_epoch.newest(connection)
    if page is None or gaps:
        why = feed_epoch.ITEM_LACKED if gaps else feed_epoch.CURSOR_LACKED
        async with central.engine.begin() as connection:
            former, epoch = epoch, await feed_epoch.begin_by_itself(connection, row.id, why, epoch)
            if epoch != former:
                await key_chain.announce(connection)
            await loss.note(connection, row.id, places, gaps)
    if page is None or page.epoch != epoch:
        page = await _snapshot(central, row)
    if cursor is not None and cursor.epoch != page.epoch:
        gaps = await _all_gaps(central, row.id, places, gaps)
    if kid != row.signing_kid:
        async with central.engine.begin() as connection:
            await key_chain.confirm(connection, row.id, kid)
    return await signed(request, central, msgspec.structs.replace(page, missing=gaps), kid)  # type: ignore[no-any-return]


def _places(acked: str | None) -> list[ChainPlace]:
    try:
        return read_places((acked or "")[:MAX_QUERY_CHARACTERS])
    except (ValueError, msgspec.ValidationError) as error:
        raise Problem(400, "bad-request", f"acked: {error}") from error


async def _heard(connection: AsyncConnection, cursor: Cursor | None) -> int | None:
    """Up to which message the kiosk has surely heard the feed, by its present numbering."""
    if cursor is None or cursor.after is not None or cursor.epoch != await feed_epoch.newest(connection):
        return None
    return cursor.id


async def _snapshot(central: Central, row: Row[Any]) -> FeedPage:
    async with reading(central.engine) as connection:
        page = await feed.read(connection, row.id, row.centre, None, role=row.role)
    if page is None:
        raise AssertionError("who has no cursor has none that central could lack")
    return page


async def _all_gaps(central: Central, kiosk: str, places: Sequence[ChainPlace], gaps: Sequence[Gap]) -> list[Gap]:
    """At the first contact in a new feed epoch: also what is not whole before the last item that the kiosk names."""
    async with reading(central.engine) as connection:
        whole = {gap.epoch: gap for gap in await loss.behind_heads(connection, kiosk, places)}
    return list((whole | {gap.epoch: gap for gap in gaps}).values())
