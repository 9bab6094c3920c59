"""GET /centres and its kin: what works now, for anybody. No visitor costs a query; what is given bears its age."""

from collections.abc import Mapping
from typing import Annotated, Final

import msgspec
from litestar import Response, get
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import PathParameter, QueryParameter

from central.insight.centres.copies import Copy, Make
from central.insight.centres.news import news
from central.insight.centres.now import Centres
from central.insight.centres.page import assets, centre_page, list_page
from central.insight.centres.reading import Centre
from central.insight.centres.usual import Usual
from central.insight.public.texts import Language, chosen
from central.server.api.server import Central, CentralDep
from common.web.assets import answer
from common.web.problem import Problem, answers
from common.web.request import HttpRequest

DATA_LIVES_S: Final = 5
PAGE_LIVES_S: Final = 10
RENEWED_EVERY_S: Final = 30
_DATA: Final = {"Content-Type": "application/json", "Access-Control-Allow-Origin": "*"}
Lang = Annotated[str | None, QueryParameter(description="ar or en; Arabic unless asked for")]
_SAFE: Final = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}
# By a header, not in the page: a reader that is told of a change in the page itself loses its place.
_RENEWED: Final = {"Refresh": str(RENEWED_EVERY_S), "Content-Type": "text/html; charset=utf-8"} | _SAFE


@get(
    "/v1/centres",
    summary="What works now, in every centre",
    operation_id="readCentres",
    tags=["centres"],
    responses={200: ResponseSpec(Centres, generate_examples=False)},
)
async def data(request: HttpRequest, central: CentralDep) -> Response[bytes]:
    """Return every centre: open or not, who waits, what stands still; at most five seconds old, and as of when."""
    copy = await central.copies.give("data", DATA_LIVES_S, lambda now, _: msgspec.json.encode(now))
    return _given(request, copy, DATA_LIVES_S, _DATA)


@get(
    "/v1/centres/{centre:str}/usual",
    summary="What a centre usually is like",
    operation_id="readUsualWeeks",
    tags=["centres"],
    responses={200: ResponseSpec(Usual, generate_examples=False)} | answers(400, 404, 503),
)
async def usual(
    request: HttpRequest, centre: Annotated[str, PathParameter(description="A centre's code")], central: CentralDep
) -> Response[bytes]:
    """Return what a centre's last eight weeks were like by weekday and half hour; worked out once an hour."""

    def make(_: Centres, known: Mapping[str, Centre]) -> bytes | None:
        return msgspec.json.encode(known[centre].usual) if centre in known else None

    copy = await central.copies.give(f"usual/{centre}", PAGE_LIVES_S, make)
    return _given(request, copy, PAGE_LIVES_S, _DATA)


@get("/centres", include_in_schema=False)
async def page(request: HttpRequest, central: CentralDep, lang: Lang = None) -> Response[bytes]:
    """Return the page of all centres."""
    language = _language(lang)
    return await _page(request, central, f"list/{language}", lambda now, known: list_page(now, known, language))


@get("/centres/{code:str}", include_in_schema=False)
async def page_of_centre(
    request: HttpRequest,
    code: Annotated[str, PathParameter(description="A centre's code")],
    central: CentralDep,
    lang: Lang = None,
) -> Response[bytes]:
    """Return one centre's page, with all that is known of its services."""
    language = _language(lang)
    return await _page(
        request, central, f"{code}/{language}", lambda now, known: centre_page(now, known, code, language)
    )


@get("/centres.atom", include_in_schema=False)
async def atom(request: HttpRequest, central: CentralDep, lang: Lang = None) -> Response[bytes]:
    """Return interruptions and closings as a news feed."""
    language = _language(lang)
    copy = await central.copies.give(f"atom/{language}", PAGE_LIVES_S, lambda now, known: news(now, known, language))
    return _given(request, copy, PAGE_LIVES_S, {"Content-Type": "application/atom+xml; charset=utf-8"} | _SAFE)


@get("/centres/-/{name:str}", include_in_schema=False)
async def page_file(
    name: Annotated[str, PathParameter(description="A file of the pages")], request: HttpRequest
) -> Response[bytes]:
    """Serve the pages' style or emblem."""
    return answer(request, assets(), name, _SAFE, unmarked="public, max-age=3600")


async def _page(request: HttpRequest, central: Central, what: str, make: Make) -> Response[bytes]:
    return _given(request, await central.copies.give(what, PAGE_LIVES_S, make), PAGE_LIVES_S, _RENEWED)


def _given(request: HttpRequest, copy: Copy | None, lives_s: int, headers: dict[str, str]) -> Response[bytes]:
    """Answer with a copy, and say how much longer it may be kept. Raises Problem 404."""
    if copy is None:
        raise Problem(404, "not-found", "there is no such centre")
    kept = f"public, max-age={lives_s}, stale-while-revalidate=1"
    of_copy = {"ETag": copy.tag, "Age": str(copy.age_s), "Cache-Control": kept}
    of_copy["X-Accel-Expires"] = str(lives_s - copy.age_s)  # no proxy of ours keeps it longer than it lives here
    if request.headers.get("if-none-match") == copy.tag:
        return Response(b"", status_code=304, headers=headers | of_copy)
    return Response(copy.body, headers=headers | of_copy)


def _language(lang: str | None) -> Language:
    return chosen(lang)
