"""Holidays and notices: what is published for some days, and forms that add to it and take it back."""

from dataclasses import dataclass
from functools import partial
from typing import Annotated, Any

from litestar import Response, get, post
from litestar.enums import RequestEncodingType
from litestar.params import Body, QueryParameter

from central.base import clock
from central.base.database.transactions import reading
from central.offices import announcing
from central.offices.drawing import draw
from central.offices.operators import Operator
from central.offices.publishing import may_publish
from central.server.api.offices.access import PREFIX, language_of, operator_of, page
from central.server.api.offices.acts import Act, perform
from central.server.api.offices.fleet import centre_shown
from central.server.api.server import Central, CentralDep
from common.protocol.feed_message import CalendarDay
from common.protocol.notice import LONGEST_NOTICE, PLACES
from common.web.request import HttpRequest

Form = RequestEncodingType.URL_ENCODED
_FORM_BYTES = 8192


@dataclass(slots=True)
class DayTold:
    """What the form of a day sends."""

    centre: str = ""
    date: str = ""
    opens: str = ""
    closes: str = ""
    name_ar: str = ""
    name_en: str = ""


@dataclass(slots=True)
class NoticeTold:
    """What the form of a notice sends; each place is a box that may be ticked."""

    centre: str = ""
    begins: str = ""
    until: str = ""
    text_ar: str = ""
    text_en: str = ""
    kiosk: str = ""
    board: str = ""
    page: str = ""
    paper: str = ""


@dataclass(slots=True)
class TakenBack:
    """What the button beside a day or a notice sends."""

    centre: str = ""
    name: str = ""


@get(f"{PREFIX}/announcing", include_in_schema=False)
async def announcing_page(
    request: HttpRequest,
    central: CentralDep,
    centre: Annotated[str, QueryParameter(description="A centre's code; all where it is empty")] = "",
) -> Response[Any]:
    """Show the days and notices of a centre, or those of all."""
    return await _drawn(request, central, await operator_of(request, central), centre)


@post(f"{PREFIX}/announcing/days", include_in_schema=False, status_code=200, request_max_body_size=_FORM_BYTES)
async def publish_day(
    request: HttpRequest, data: Annotated[DayTold, Body(media_type=Form)], central: CentralDep
) -> Response[Any]:
    """Publish a day: closed where no time is given."""
    names = {"ar": data.name_ar.strip(), "en": data.name_en.strip()}
    opens, closes = data.opens or None, data.closes or None
    day = CalendarDay(data.date, opens is None and closes is None, opens, closes, names)
    act = partial(announcing.set_day, centre=data.centre, day=day)
    return await _done(request, central, data.centre, act, "day")


@post(f"{PREFIX}/announcing/days/back", include_in_schema=False, status_code=200, request_max_body_size=_FORM_BYTES)
async def take_day_back(
    request: HttpRequest, data: Annotated[TakenBack, Body(media_type=Form)], central: CentralDep
) -> Response[Any]:
    """Have a day be as usual again."""
    act = partial(announcing.take_day_back, centre=data.centre, date=data.name)
    return await _done(request, central, data.centre, act, "day_back")


@post(f"{PREFIX}/announcing/notices", include_in_schema=False, status_code=200, request_max_body_size=_FORM_BYTES)
async def publish_notice(
    request: HttpRequest, data: Annotated[NoticeTold, Body(media_type=Form)], central: CentralDep
) -> Response[Any]:
    """Publish a notice beside those that stand."""
    texts = {"ar": data.text_ar.strip(), "en": data.text_en.strip()}
    where = [place for place in PLACES if getattr(data, place)]
    told = {"from": data.begins, "until": data.until, "texts": texts, "where": where}
    act = partial(announcing.add_notice, centre=data.centre, told=told)
    return await _done(request, central, data.centre, act, "notice")


@post(f"{PREFIX}/announcing/notices/back", include_in_schema=False, status_code=200, request_max_body_size=_FORM_BYTES)
async def take_notice_back(
    request: HttpRequest, data: Annotated[TakenBack, Body(media_type=Form)], central: CentralDep
) -> Response[Any]:
    """Take a notice back."""
    act = partial(announcing.take_notice_back, centre=data.centre, name=data.name)
    return await _done(request, central, data.centre, act, "notice_back")


async def _done(request: HttpRequest, central: Central, centre: str, act: Act[None], word: str) -> Response[Any]:
    """Do an act and draw the page with the word for it, or with what was wrong."""
    done = await perform(request, central, act)
    told = word if done.fault is None else ""
    return await _drawn(request, central, done.operator, centre, told=told, faults=done.faults)


async def _drawn(
    request: HttpRequest,
    central: Central,
    operator: Operator,
    centre: str,
    *,
    told: str = "",
    faults: list[str] | None = None,
) -> Response[Any]:
    language = language_of(request)
    async with reading(central.engine) as connection:
        mine, centre = await centre_shown(connection, language, operator, centre)
        announced = await announcing.read(connection, centre)
    values = {"announced": announced, "centres": mine, "centre": centre, "told": told, "faults": faults or []}
    values |= {"places": PLACES, "longest": LONGEST_NOTICE, "today": f"{clock.now().astimezone(clock.CENTRE_TIME):%F}"}
    may = may_publish(operator, centre)
    drawn = draw("announcing", language, operator, may_publish=may, sees_all=operator.centres is None, **values)
    return page(drawn, 422 if faults else 200)
