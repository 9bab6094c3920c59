"""GET /t/{token}: one ticket's public page, and the files that it loads; POST: what is answered there."""

import hashlib
from typing import Annotated, Any, Final
from urllib.parse import parse_qsl

import msgspec
from litestar import MediaType, Response, get, post
from litestar.params import PathParameter, QueryParameter
from litestar.response import Redirect
from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from central.base.database.transactions import reading
from central.insight.public.asking import Answer, asking
from central.insight.public.news import NOTHING_NEW
from central.insight.public.page import assets, page
from central.insight.public.status import TicketStatus, status_of, ticket_of
from central.insight.public.texts import chosen
from central.messages import watching
from central.server.api.offices.access import same_origin
from central.server.api.server import CentralDep
from common.web.assets import answer
from common.web.problem import Problem
from common.web.request import HttpRequest

_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
_SAFE: Final = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",  # to nobody else; without any, a browser does not name the page's own origin
    "X-Robots-Tag": "noindex, nofollow",
}
_FORM: Final = "application/x-www-form-urlencoded"
_MOST_BYTES: Final = 1024
_STOP: Final = '{"stop": true}'
Token = Annotated[str, PathParameter(description="128 random bits as 32 hex digits")]
Lang = Annotated[str | None, QueryParameter(description="ar or en; Arabic unless asked for")]


@get("/t/{token:str}", media_type=MediaType.HTML, include_in_schema=False)
async def ticket_page(request: HttpRequest, token: Token, central: CentralDep, lang: Lang = None) -> Response[bytes]:
    """Return how a ticket stands. Unknown and ended ones are told alike, so that nobody learns which there were."""
    language = chosen(lang)
    await central.visits.catch_up(central.engine)
    async with reading(central.engine) as connection:
        ticket, status = await _found(connection, token)
        is_watched = ticket is not None and await watching.is_on(connection, ticket) is not None
        news = NOTHING_NEW if ticket is None or status is None else await central.news.news_of(connection, ticket)
    body = page(status, language, news, is_watched=is_watched)
    tag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
    headers = {"Cache-Control": "no-store", "ETag": tag} | _SAFE
    if status is not None and request.headers.get("if-none-match") == tag:
        return Response(b"", status_code=304, headers=headers)
    return Response(body, status_code=404 if status is None else 200, media_type=MediaType.HTML, headers=headers)


@post("/t/{token:str}", include_in_schema=False, status_code=200, request_max_body_size=_MOST_BYTES)
async def answer_page(request: HttpRequest, token: Token, central: CentralDep, lang: Lang = None) -> Response[Any]:
    """Take how a visit went, once, or that nobody is to be told of a turn; a form is sent back to the page."""
    same_origin(request, central)
    is_form = request.headers.get("content-type", "").partition(";")[0].strip().lower() == _FORM
    wanted = _read(await request.body(), is_form=is_form)
    await central.visits.catch_up(central.engine)
    async with central.engine.begin() as connection:
        ticket, status = await _found(connection, token)
        refused: Problem | None = None
        if ticket is None or status is None:
            refused = Problem(404, "not-found", "there is no page for this number")
        elif status.asked is None and not wanted.stop:
            refused = Problem(409, "not-over", "this visit is not over, or is not asked about")
        elif not await _taken(connection, ticket, status, wanted):
            refused = Problem(409, "answered", "somebody has answered or stopped this, and the first word counts")
    if is_form:  # without a script: the page says how it stands
        path = f"/t/{token}" if lang is None else f"/t/{token}?lang={chosen(lang)}"
        return Redirect(path, status_code=303, headers={"Cache-Control": "no-store"} | _SAFE)
    if refused is not None:
        raise refused
    return Response(b"", status_code=204, headers={"Cache-Control": "no-store"} | _SAFE)


@get("/t/-/{name:str}", include_in_schema=False)
async def ticket_file(
    name: Annotated[str, PathParameter(description="A file of the page")], request: HttpRequest
) -> Response[bytes]:
    """Serve the page's style, module or emblem."""
    return answer(request, assets(), name, _SAFE, unmarked="public, max-age=3600")


async def _found(connection: AsyncConnection, token: str) -> tuple[Row[Any] | None, TicketStatus | None]:
    ticket = await ticket_of(connection, token)
    return ticket, None if ticket is None else await status_of(connection, ticket)


async def _taken(connection: AsyncConnection, ticket: Row[Any], status: TicketStatus, wanted: Answer) -> bool:
    """Take what is wanted; False where somebody was faster."""
    if status.asked is None:
        return await watching.stop(connection, ticket)
    question = asking()
    return question is not None and await question.take(connection, ticket, wanted)


def _read(body: bytes, *, is_form: bool) -> Answer:
    """Return what was sent: what a feature asks for, else that nothing more is to be told. Raises Problem 400."""
    question = asking()
    kind = Answer if question is None else question.answer
    try:
        if is_form:
            found = msgspec.convert(dict(parse_qsl(body.decode(), strict_parsing=True)), kind, strict=False)
        else:
            found = msgspec.json.decode(body, type=kind)
    except (ValueError, msgspec.DecodeError) as error:
        raise _unreadable() from error
    if question is None and not found.stop:
        raise _unreadable()
    return found


def _unreadable() -> Problem:
    question = asking()
    return Problem(400, "unreadable", f"expected {_STOP if question is None else question.expected}")
