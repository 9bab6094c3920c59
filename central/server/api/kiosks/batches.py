"""POST /v1/kiosks/{kiosk}/batches: items in, a word on each out."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Annotated, Any, Final

import msgspec
import structlog
from litestar import Response, post
from litestar.params import PathParameter
from msgspec import UNSET
from sqlalchemy import Row

from central import feed
from central.base import clock
from central.base.database.transactions import reading
from central.intake.orders import order_states, orders
from central.intake.receiving import finding, inbox, quarantine
from central.intake.receiving.daily_bound import FLOODS, BeyondBound, Most
from central.intake.receiving.delivery import Arrival, Delivery, Evidence, Reports, UnreadableBatch, read_batch
from central.intake.receiving.finding import Finding
from central.server.api.schema import taking
from central.server.api.server import Central, CentralDep
from central.server.api.signing import kiosk_of, revoked, signed
from common.protocol.envelope import MAX_BATCH_BYTES, MAX_BATCH_ITEMS, Batch, BatchAnswer, ItemResult
from common.web.problem import Problem, answers
from common.web.request import HttpRequest
from common.web.signing import fields, target_uri

# More than a kiosk gives in a month without a network: a stolen key must not fill the disk.
MOST_LATE_ITEMS: Final = 20_000
HELD_S: Final = 900

log = structlog.get_logger()


@post(
    "/v1/kiosks/{kiosk:str}/batches",
    status_code=200,
    request_max_body_size=MAX_BATCH_BYTES,
    # The body is read item by item, so that one odd item does not cost its batch; the schema says what it should be.
    operation_class=taking(Batch),
    responses=answers(400, 401, 403, 413, 429, 503),
    summary="Deliver items",
    operation_id="deliverItems",
    tags=["kiosks"],
)
async def deliver(
    request: HttpRequest, kiosk: Annotated[str, PathParameter(description="The kiosk's id")], central: CentralDep
) -> Response[BatchAnswer]:
    """Store a signed batch; the answer names each item. A revoked kiosk's late items are kept in quarantine."""
    row = await kiosk_of(request, central, kiosk)
    content = await request.body()
    try:
        arrivals, reports = read_batch(kiosk, content, clock.now())
    except UnreadableBatch as error:
        if _has_too_many(content):
            raise Problem(413, "too-large", f"at most {MAX_BATCH_ITEMS} items a batch") from error
        raise Problem(400, "unreadable-batch", str(error)) from error
    headers, target = fields(request), target_uri(request, central.config.public_url)
    evidence = Evidence(headers["content-digest"], headers["signature-input"], headers["signature"], target)
    if row.revoked_at is not None:
        async with reading(central.engine) as connection:
            if await quarantine.late_items(connection, kiosk) + len(arrivals) > MOST_LATE_ITEMS:
                return await revoked(request, central, row.signing_kid)  # type: ignore[no-any-return]
        reports = Reports(asked=reports.asked)  # what a thief says of the kiosk's health is not believed
    elif row.role != "hub":
        reports = msgspec.structs.replace(reports, waiting=UNSET, is_odd=False)
    delivery = Delivery(kiosk, arrivals, evidence, is_revoked=row.revoked_at is not None, reports=reports)
    async with _bounded(central, row, Most(len(arrivals), len(content))):
        with central.metrics.batch_seconds.time():
            answer = await inbox.receive(central.engine, delivery)
    answer = await _with_known_orders(central, kiosk, arrivals, answer)
    _count(central, kiosk, answer)
    async with reading(central.engine) as connection:
        feed_through = await feed.through(connection, row)
    if reports.orders_asked and row.role != "hub":
        feed_through = max(feed_through, await _told_of_orders(central, kiosk, reports.orders_asked))
    answer = msgspec.structs.replace(answer, feed_through=feed_through)
    return await signed(request, central, answer, row.signing_kid)  # type: ignore[no-any-return]


@asynccontextmanager
async def _bounded(central: Central, row: Row[Any], batch: Most) -> AsyncIterator[None]:
    """Hold what a machine sends beyond its day, and have somebody look at it. Raises Problem.

    What is not stored counts for nothing; what a revoked one sends is bounded by itself.
    """
    if row.revoked_at is not None:
        yield
        return
    day = clock.business_date(clock.now()).isoformat()
    try:
        central.daily_bound.take(row.id, row.role, batch, day)
    except BeyondBound as error:
        log.warning("machine-floods", kiosk=row.id)
        async with central.engine.begin() as connection:
            await finding.note(connection, row.id, [Finding(FLOODS, day)])
        wait = {"Retry-After": str(HELD_S)}
        raise Problem(429, "too-many-items", "more than any machine sends in a day; the rest tomorrow", wait) from error
    try:
        yield
    except BaseException:
        central.daily_bound.give_back(row.id, batch, day)
        raise


async def _with_known_orders(
    central: Central, kiosk: str, arrivals: Sequence[Arrival], answer: BatchAnswer
) -> BatchAnswer:
    """Say `order-known` in the answer where that is certain by now."""
    if any(one.is_sealed for one in arrivals):
        central.unsealer.wake()
    applied = {result.id for result in answer.results if result.result == "applied"}
    claims = {one.id: one.order_id for one in arrivals if one.order_id is not None and one.id in applied}
    if not claims:
        return answer
    later = await orders.known_elsewhere(central.engine, kiosk, claims)
    results = [
        ItemResult(one.id, one.result, orders.ORDER_KNOWN) if one.id in later and one.result == "applied" else one
        for one in answer.results
    ]
    return BatchAnswer(results, answer.acked_through)


async def _told_of_orders(central: Central, kiosk: str, asked: Sequence[str]) -> int:
    """Tell the kiosk where the orders stand that it asks for; returns the last message for it, 0 where none came."""
    async with central.engine.begin() as connection:
        return await order_states.tell_newest(connection, asked, kiosk) or 0


def _has_too_many(content: bytes) -> bool:
    try:
        return len(msgspec.json.decode(content, type=dict[str, Any])["items"]) > MAX_BATCH_ITEMS
    except (msgspec.DecodeError, UnicodeDecodeError, KeyError, TypeError):
        return False


def _count(central: Central, kiosk: str, answer: BatchAnswer) -> None:
    counts: dict[str, int] = {}
    for result in answer.results:
        counts[result.result] = counts.get(result.result, 0) + 1
    for name, count in counts.items():
        central.metrics.items.labels(name).inc(count)
    log.info("batch", kiosk=kiosk, **counts)
