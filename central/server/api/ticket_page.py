"""GET /t/{token}: one ticket's public page, and the files that it loads."""

import hashlib
from typing import Annotated, Any, Final

from litestar import MediaType, Request, Response, get
from litestar.di import NamedDependency
from litestar.params import PathParameter, QueryParameter, SkipValidation

from central.base.database.transactions import reading
from central.insight.public.news import NOTHING_NEW
from central.insight.public.page import assets, page
from central.insight.public.status import status_of
from central.insight.public.texts import chosen
from central.server.api.server import Central
from common.web.assets import answer

_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_SAFE: Final = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
}


@get("/t/{token:str}", media_type=MediaType.HTML, include_in_schema=False)
async def ticket_page(
    request: Request[Any, Any, Any],
    token: Annotated[str, PathParameter(description="128 random bits as 32 hex digits")],
    central: NamedDependency[SkipValidation[Central]],
    lang: Annotated[str | None, QueryParameter(description="ar or en; Arabic unless asked for")] = None,
) -> Response[bytes]:
    """Return how a ticket stands. Unknown and ended ones are told alike, so that nobody learns which there were."""
    language = chosen(lang)
    await central.visits.catch_up(central.engine)
    async with reading(central.engine) as connection:
        status = await status_of(connection, token)
        news = NOTHING_NEW if status is None else await central.news.news_of(connection, status.kiosk)
    body = page(status, language, news)
    tag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
    headers = {"Cache-Control": "no-store", "ETag": tag} | _SAFE
    if status is not None and request.headers.get("if-none-match") == tag:
        return Response(b"", status_code=304, headers=headers)
    return Response(body, status_code=404 if status is None else 200, media_type=MediaType.HTML, headers=headers)


@get("/t/-/{name:str}", include_in_schema=False)
async def ticket_file(
    name: Annotated[str, PathParameter(description="A file of the page")], request: Request[Any, Any, Any]
) -> Response[bytes]:
    """Serve the page's style, module or emblem."""
    return answer(request, assets(), name, _SAFE, unmarked="public, max-age=3600")
