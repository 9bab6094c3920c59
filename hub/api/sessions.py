"""POST /v1/sessions and DELETE /v1/sessions/current: a PIN against a place at a counter."""

from typing import Annotated

from litestar import MediaType, Response, delete, post
from litestar.params import JSONBody
from msgspec import Meta, Struct

from common.web.request import HttpRequest
from hub.api.cookies import own_token, pc_cookie, pc_of, same_origin, session_cookie
from hub.api.server.server import ServingDep
from hub.sessions import sessions
from hub.sessions.locks import may_make_known
from hub.sessions.offices import note_office


class LogIn(Struct, frozen=True, forbid_unknown_fields=True):
    """A PIN and the counter it is for; a manager may come without a counter."""

    pin: Annotated[str, Meta(max_length=40)]
    counter: Annotated[int, Meta(ge=0, le=2**31 - 1)] | None = None  # which of them there are, the centre says
    take_over: bool = False


class LoggedIn(Struct, frozen=True):
    """Who is in, where, and which queues the counter calls."""

    clerk: str
    counter: int | None
    groups: list[str]
    name: str
    role: str


@post("/v1/sessions", status_code=201, request_max_body_size=4096, summary="Log in at a counter")
async def log_in(request: HttpRequest, data: JSONBody[LogIn], serving: ServingDep) -> Response[LoggedIn]:
    """Judge the PIN and begin a session; its token goes into the cookie alone."""
    same_origin(request, serving)
    address = request.client.host if request.client else "unknown"

    clerk, is_known = await serving.judge(data.pin, pc_of(request, serving), address)

    def begin() -> tuple[str, LoggedIn, bool]:
        with serving.hub.any_act() as act:
            token, session = sessions.begin(act, clerk, data.counter, take_over=data.take_over)
            defined = act.centre.counters.get(data.counter or 0)
            # A PC that stays a stranger makes its address no office's: anyone with one PIN could name any.
            becomes_known = not is_known and may_make_known(act.connection, clerk.sign, act.line_us)
            if is_known or becomes_known:
                note_office(act.connection, address, act.line_us)
        groups = list(defined.groups) if defined is not None else []
        return token, LoggedIn(session.clerk, session.counter, groups, clerk.name, clerk.role), becomes_known

    token, said, becomes_known = await serving.run(begin)
    serving.keep_places(request.client)
    serving.changes.note()
    return Response(
        said,
        status_code=201,
        media_type=MediaType.JSON,
        cookies=[session_cookie(serving, token), *([pc_cookie(serving)] if becomes_known else [])],
        headers={"Cache-Control": "no-store"},
    )


@delete("/v1/sessions/current", status_code=204, summary="Log out")
async def log_out(request: HttpRequest, serving: ServingDep) -> Response[None]:
    """End the session of the cookie. The counter stays as it is: a shift ends with `close`."""
    token = own_token(request, serving)

    def end() -> None:
        with serving.hub.any_act() as act:
            sessions.end(act, sessions.find(act, token))

    await serving.run(end)
    serving.changes.note()
    return Response(None, status_code=204, cookies=[session_cookie(serving, "")])
