"""POST /v1/counters/{n}/presses: one press, done once however often it comes."""

import re
from typing import Annotated, Any, Final

import msgspec
from litestar import MediaType, Response, post
from litestar.params import JSONBody, PathParameter
from msgspec import Struct

from common.protocol.queue.hub_statement import HubStatement
from common.web.problem import PROBLEM_JSON, Problem
from common.web.request import HttpRequest
from hub.api.cookies import own_token
from hub.api.server.server import ServingDep
from hub.api.signing import PRESS_SIGNATURE, own_statement, press_signature
from hub.engine.act import Act
from hub.engine.presses import pressing
from hub.engine.presses.press import Text, is_free_text
from hub.engine.refusal import Refused
from hub.engine.status import waiting_list
from hub.sessions import sessions
from hub.takeover.heeding import heed

MAX_PRESS_BYTES: Final = 16 * 1024
_KEY: Final = re.compile(r"[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}")

CounterPath = Annotated[int, PathParameter(description="The counter's number")]


@post(
    "/v1/counters/{number:int}/presses",
    status_code=200,
    request_max_body_size=MAX_PRESS_BYTES,
    summary="Press a key of a counter",
)
async def press(request: HttpRequest, number: CounterPath, serving: ServingDep) -> Response[bytes]:
    """Do what the press says, or give the answer that it had the first time. The session is looked at before all."""
    token = own_token(request, serving)
    followed = _followed(request.headers.get("hub-followed"))
    raw_key = request.headers.get("idempotency-key", "").strip('"')
    body = await request.body()

    def work() -> tuple[pressing.PressAnswer, dict[str, str]]:
        if not _KEY.fullmatch(raw_key):
            with serving.hub.read() as look:
                sessions.find(look, token)
            raise Problem(400, "bad-key", "Idempotency-Key: a UUID made before the first try is needed")
        heed(serving.hub, followed)
        answer = pressing.press(serving.hub, number, raw_key.lower(), body, admitted)
        with serving.hub.read() as look:
            others = [one.id for one in look.centre.hubs.values() if not one.revoked]
            said = own_statement(serving, look)
        pulled = str(serving.pulls.held_by_all(answer.term, others))
        return answer, {"Hub-Pulled": pulled} | ({} if said is None else {"Hub-Statement": _as_text(said)})

    def admitted(act: Act) -> pressing.Admission:
        session = at_counter(act, token, number, also_closed=True)
        return pressing.Admission(session.clerk, session.is_over, lambda closed: sessions.end(closed, session))

    with serving.metrics.press_seconds.time():
        answer, of_hub = await serving.run(work)
    serving.metrics.presses.labels(str(answer.status)).inc()
    serving.presence.pressed(serving.hub.clock.boottime())
    serving.keep_places(request.client)
    serving.changes.note()
    signature = press_signature(serving, answer.term, number, raw_key.lower(), answer.status, answer.body)
    return Response(
        answer.body,
        status_code=answer.status,
        media_type=MediaType.JSON if answer.status == 200 else PROBLEM_JSON,
        headers={
            "Cache-Control": "no-store",
            PRESS_SIGNATURE: signature,
            "Hub-Seq": str(answer.seq),
        }
        | of_hub,
    )


def _as_text(said: HubStatement) -> str:
    return msgspec.json.encode(said).decode("ascii")


def _followed(header: str | None) -> HubStatement | None:
    """Read the greatest statement of a hub that the page knows. Raises Problem 400."""
    try:
        return None if header is None else msgspec.json.decode(header, type=HubStatement)
    except msgspec.DecodeError as error:
        raise Problem(
            400, "bad-request", "Hub-Followed: a hub's statement was expected, as GET /v1/hub has it"
        ) from error


class ListWish(Struct, frozen=True, forbid_unknown_fields=True):
    """Why a clerk looks at the list of those who wait."""

    reason: Text


@post(
    "/v1/counters/{number:int}/waiting",
    status_code=200,
    request_max_body_size=4096,
    summary="See who waits, to call one out of turn",
)
async def see_waiting(
    request: HttpRequest, number: CounterPath, data: JSONBody[ListWish], serving: ServingDep
) -> Response[dict[str, Any]]:
    """Return the numbers that wait, in the order of arrival; who looked, and why, is in the log."""
    token = own_token(request, serving)

    def work() -> dict[str, Any]:
        if not is_free_text(data.reason):
            raise Problem(422, "unreadable-reason", "reason: a long number may be somebody's own; leave it out")
        with serving.hub.act() as act:
            act.clerk = at_counter(act, token, number).clerk
            act.record("list-seen", reason=data.reason, detail={"counter": number})
            return {"waiting": waiting_list(act)}

    return Response(await serving.run(work), headers={"Cache-Control": "no-store"})


def at_counter(act: Act, token: str | None, number: int, *, also_closed: bool = False) -> sessions.Session:
    """Return the session of this very counter. Raises Refused 401 without one, 403 for another counter's.

    `also_closed`: as for `sessions.find`, for who may only hear his last answer again.
    """
    session = sessions.find(act, token, also_closed=also_closed)
    if session.counter != number:
        detail = f"this session is for counter {session.counter}: log in at counter {number}"
        raise Refused(403, "another-counter", detail)
    return session
