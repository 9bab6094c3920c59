"""GET /v1/events for followers, POST /v1/counters/{n}/resume after a promotion, POST /v1/promotion by a PIN."""

from typing import Annotated, Any

from litestar import Response, get, post
from litestar.params import JSONBody, QueryParameter
from msgspec import Meta, Struct

from common.protocol.field import Uuid
from common.web.request import HttpRequest
from common.web.signing import unauthorized, verify
from hub.api.commits import SignedAnswer, believed
from hub.api.cookies import own_token, pc_of, same_origin
from hub.api.presses import CounterPath, at_counter
from hub.api.server.server import Serving, ServingDep
from hub.api.signing import signed
from hub.engine.presses.pressing import NotYet
from hub.engine.views import counter_view
from hub.messages.told import with_told
from hub.takeover.holders import is_noted, note_pull
from hub.takeover.promotion import promote
from hub.takeover.replica import LogPage, log_page
from hub.takeover.resuming import resume


class ResumeWish(Struct, frozen=True, forbid_unknown_fields=True):
    """An answered press of a counter; nulls where its page has none. `more`: a later one comes, and is waited for."""

    key: Uuid | None = None
    answer: SignedAnswer | None = None
    more: bool = False


class PromotionWish(Struct, frozen=True, forbid_unknown_fields=True):
    """A manager's PIN; `with_this`: also where the hub knows that it lacks something."""

    pin: Annotated[str, Meta(max_length=40)]
    with_this: bool = False


@get("/v1/events", summary="The log, for a hub that follows")
async def events(
    request: HttpRequest,
    serving: ServingDep,
    after: Annotated[int, QueryParameter(description="Events after this seq", ge=0)] = 0,
) -> Response[bytes]:
    """Return the log after a seq to a hub of this centre that signs its request."""
    follower = await _hub_of(request, serving)

    def work() -> LogPage:
        if serving.hub.asks_first:
            raise NotYet("this hub has just begun, and asks first who leads", 1)
        with serving.hub.read() as look:
            page = with_told(log_page(look, after), look, serving.key, look.centre.hubs[follower])
            serving.pulls.note(look.term, follower, after)
            is_known = is_noted(look, follower)
        if page.leading and not is_known:
            with serving.hub.any_act() as act:
                note_pull(act, follower, min(after, page.head))
        return page

    return signed(request, serving, await serving.run(work))


@post("/v1/counters/{number:int}/resume", status_code=200, request_max_body_size=128 * 1024, summary="Go on here")
async def resume_counter(
    request: HttpRequest, number: CounterPath, data: JSONBody[ResumeWish], serving: ServingDep
) -> Response[dict[str, Any]]:
    """Take what this counter heard from the former hub, in its order; after the last it is waited for no longer."""
    token = own_token(request, serving)

    def work() -> dict[str, Any]:
        with serving.hub.act() as act:
            act.clerk = at_counter(act, token, number).clerk
            heard = None if data.answer is None else believed(act, number, data.key, data.answer)
            counter = resume(act, number, heard, more=data.more)
            return {"counter": counter_view(act, counter), "term": act.term, "seq": act.seq}

    said = await serving.run(work)
    serving.changes.note()
    return Response(said, headers={"Cache-Control": "no-store"})


@post("/v1/promotion", status_code=200, request_max_body_size=4096, summary="Let this hub lead")
async def promote_here(
    request: HttpRequest, data: JSONBody[PromotionWish], serving: ServingDep
) -> Response[dict[str, Any]]:
    """Promote this hub on a manager's PIN."""
    same_origin(request, serving)
    address = request.client.host if request.client else "unknown"

    manager, _ = await serving.judge(data.pin, pc_of(request, serving), address)
    term = await serving.run(lambda: promote(serving.hub, manager, with_this=data.with_this))
    serving.changes.note()
    return Response({"hub": serving.hub_id, "term": term}, headers={"Cache-Control": "no-store"})


async def _hub_of(request: HttpRequest, serving: Serving) -> str:
    """Return the hub that signed this request. Raises Problem 401."""
    keyid = request.headers.get("signature-input", "").partition('keyid="')[2].partition('"')[0]
    record = await serving.read(lambda look: look.centre.hubs.get(keyid))
    if record is None or record.revoked:
        raise unauthorized("no hub of this centre signed this request")
    await verify(request, serving.config.address, record.public_key)
    serving.keep_places(request.client)
    return record.id
