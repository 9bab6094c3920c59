"""GET /v1/state, GET /v1/hub and GET /v1/stream: how things stand, once or as long as a page looks."""

import time
from collections.abc import AsyncIterator
from importlib.metadata import version
from typing import Annotated, Any, Final, Literal

import msgspec
from litestar import Response, get
from litestar.params import QueryParameter
from litestar.response import ServerSentEvent, ServerSentEventMessage

from common.web.addresses import is_loopback, origin_of
from common.web.request import HttpRequest
from hub.api.cookies import token_of
from hub.api.live.alike import alike
from hub.api.live.views import BoardView, board_view, counter_page_view, manager_view
from hub.api.server.presence import Reach
from hub.api.server.server import Serving, ServingDep
from hub.api.signing import own_statement, signed
from hub.engine.act import LEADING, Look
from hub.engine.refusal import Refused
from hub.log.authors import newest_led
from hub.sessions import sessions

BEAT_S: Final = 5.0
_VERSION: Final = version("homs-kiosk")  # it lies in a file, and is asked for all the time
View = Literal["board", "counter", "manager"]
Metres = Annotated[float, msgspec.Meta(ge=0, le=100)]


@get("/v1/state", summary="What the board may show")
async def state(serving: ServingDep) -> Response[BoardView]:
    """Return the board's view."""
    return Response(await serving.read(board_view), headers={"Cache-Control": "no-store"})


@get("/v1/hub", summary="Which hub this is and whether it leads")
async def statement(request: HttpRequest, serving: ServingDep) -> Response[bytes]:
    """Return a signed statement: kiosks, pages and other hubs follow the greatest (term, hub) that leads."""

    def work(look: Look) -> dict[str, Any]:
        return {
            "hub": look.hub_id,
            "term": look.term,
            # A standby must not follow the empty log of a hub that is about to ask for that standby's.
            "leading": look.role == LEADING and not serving.hub.asks_first,
            "address": serving.config.address,
            "seq": look.seq,
            "led": newest_led(look.connection),
            "version": _VERSION,
            "statement": own_statement(serving, look),
        }

    said = signed(request, serving, await serving.read(work))
    said.headers["Access-Control-Allow-Origin"] = "*"  # pages of another hub of the centre ask who leads
    return said


@get("/v1/stream", summary="Follow a view")
async def stream(
    request: HttpRequest,
    serving: ServingDep,
    view: Annotated[View, QueryParameter(description="board, counter or manager")],
    speaks: Annotated[bool, QueryParameter(description="a board that says the calls")] = False,
    distance: Annotated[Metres | None, QueryParameter(description="metres from a board to its last bench")] = None,
    serves: Annotated[Metres | None, QueryParameter(description="metres from which the board's screen is read")] = None,
) -> ServerSentEvent:
    """Send the whole view at once and at each change, and a beat each five seconds."""
    token = token_of(request, serving)
    viewer = await serving.run(lambda: _Viewer(serving, view, token))
    address = request.client.host if request.client else ""
    viewer.note_address(address)
    if viewer.is_known:
        serving.keep_places(request.client)
    is_board = view == "board"
    reach = Reach(distance, serves) if is_board and distance is not None and serves is not None else None
    follower = _follow(serving, viewer, speaks=speaks and is_board, reach=reach)
    first = await anext(follower)  # what forbids the stream is an answer, not an event
    return ServerSentEvent(_from(first, follower), headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"})


class _Viewer:
    """Somebody who looks at a view, and may; the right is looked at again with every view."""

    def __init__(self, serving: Serving, view: View, token: str | None) -> None:
        self._serving = serving
        self.view: View = view
        self._token = token
        self.client = ""
        self.is_known = False
        with serving.hub.read() as look:
            self._boards = look.centre.boards
            if view != "board":
                self.client, self.is_known = self._session(look).token_sha256, True

    def note_address(self, address: str) -> None:
        """Know somebody without a session by where the connection comes from: a board that counts was named by that."""
        if self.view == "board":
            self.client = origin_of(address)
            self.is_known = is_loopback(address) or address in self._boards

    def _session(self, look: Any) -> sessions.Session:
        session = sessions.find(look, self._token)
        if self.view == "manager" and session.role != "manager":
            raise Refused(403, "managers-only", "this page is for managers: log in with a manager's PIN")
        if self.view == "counter" and session.counter is None:
            raise Refused(403, "no-counter", "this session has no counter: log in at one")
        return session

    def see(self) -> BoardView:
        """Return the view. Raises Refused where the right has ended."""
        changes = self._serving.changes.count
        with self._serving.hub.read() as look:
            if self.view == "board":
                return alike(look, changes).board
            session = self._session(look)
            if self.view == "counter":
                return counter_page_view(look, session, alike(look, changes))
            kiosks = [one.id for one in look.centre.kiosks.values() if not one.revoked]
            presence, now_s = self._serving.presence, self._serving.hub.clock.boottime()
            return manager_view(look, presence.silent_kiosks(kiosks, now_s), presence.refused_days(kiosks))


async def _follow(
    serving: Serving, viewer: _Viewer, *, speaks: bool, reach: Reach | None
) -> AsyncIterator[ServerSentEventMessage]:
    with serving.presence.stream(viewer.view, viewer.client, is_known=viewer.is_known, speaks=speaks, reach=reach):
        is_board = viewer.view == "board" and viewer.is_known
        sent: BoardView | None = None
        said_s = 0.0
        while True:
            seen = serving.changes.count
            if is_board:  # also in a busy hall, where something changes before any beat is due
                serving.presence.board_heard_at = serving.hub.clock.now().text
            try:
                said = await serving.run(viewer.see)
            except Refused as refused:
                if sent is None:
                    raise
                gone = msgspec.json.encode({"code": refused.code, "detail": refused.detail}).decode()
                yield ServerSentEventMessage(data=gone, event="gone")
                return
            if not _is_the_same(said, sent):
                newest = said.calls[0].seq if said.calls else 0
                yield ServerSentEventMessage(data=msgspec.json.encode(said).decode(), id=newest)
                sent, said_s = said, time.monotonic()
            # Changes that this view does not show put no beat off: a page that hears nothing takes the hub for dead.
            while (left_s := said_s + BEAT_S - time.monotonic()) <= 0 or not await serving.changes.after(seen, left_s):
                now, said_s = serving.hub.clock.now().text, time.monotonic()
                if is_board:
                    serving.presence.board_heard_at = now
                yield ServerSentEventMessage(data=msgspec.json.encode({"at": now}).decode(), event="beat")
                if viewer.view != "board":
                    break  # what time alone changes is said too: who has fallen silent, how long somebody waits


def _is_the_same(said: BoardView, sent: BoardView | None) -> bool:
    """Whether nothing has changed but the time."""
    return sent is not None and said == msgspec.structs.replace(sent, as_of=said.as_of)


async def _from(
    first: ServerSentEventMessage, rest: AsyncIterator[ServerSentEventMessage]
) -> AsyncIterator[ServerSentEventMessage]:
    try:
        yield first
        async for message in rest:
            yield message
    finally:
        await rest.aclose()  # type: ignore[attr-defined]
