"""Holidays and notices: what is published for some days, and forms that add to it and take it back."""

from dataclasses import dataclass
from functools import partial
from typing import Annotated, Any

from litestar import Response, get, post
from litestar.enums import RequestEncodingType
from litestar.params import Body, QueryParameter
from sqlalchemy.ext.asyncio import AsyncConnection

from central.base import clock
from central.base.database.transactions import reading
from central.offices import announcing
from central.offices.drawing import draw
from central.offices.operators import Operator
from central.offices.publishing import may_publish
from central.server.api.offices import typed
from central.server.api.offices.access import PREFIX, language_of, operator_of, page
from central.server.api.offices.acts import Act, Done, perform
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


type Sent = DayTold | NoticeTold | TakenBack


@get(f"{PREFIX}/announcing", include_in_schema=False)
async def announcing_page(
    request: HttpRequest,
    central: CentralDep,
    centre: Annotated[str, QueryParameter(description="A centre's code; all where it is empty")] = "",
) -> Response[Any]:
    """Show the days and notices of a centre, or those of all."""
    return await _drawn(request, central, Done(await operator_of(request, central)), TakenBack(centre))


@post(f"{PREFIX}/announcing/days", include_in_schema=False, status_code=200, request_max_body_size=_FORM_BYTES)
async def publish_day(
    request: HttpRequest, data: Annotated[DayTold, Body(media_type=Form)], central: CentralDep
) -> Response[Any]:
    """Publish a day: closed where no time is given."""

    async def act(connection: AsyncConnection, operator: Operator) -> None:
        names = {"ar": data.name_ar.strip(), "en": data.name_en.strip()}
        opens, closes = typed.time_of_day(data.opens) or None, typed.time_of_day(data.closes) or None
        day = CalendarDay(typed.day(data.date), opens is None and closes is None, opens, closes, names)
        await announcing.set_day(connection, operator, data.centre, day)

    return await _done(request, central, data, act, "day")


@post(f"{PREFIX}/announcing/days/back", include_in_schema=False, status_code=200, request_max_body_size=_FORM_BYTES)
async def take_day_back(
    request: HttpRequest, data: Annotated[TakenBack, Body(media_type=Form)], central: CentralDep
) -> Response[Any]:
    """Have a day be as usual again."""
    act = partial(announcing.take_day_back, centre=data.centre, date=data.name)
    return await _done(request, central, data, act, "day_back")


@post(f"{PREFIX}/announcing/notices", include_in_schema=False, status_code=200, request_max_body_size=_FORM_BYTES)
async def publish_notice(
    request: HttpRequest, data: Annotated[NoticeTold, Body(media_type=Form)], central: CentralDep
) -> Response[Any]:
    """Publish a notice beside those that stand."""

    async def act(connection: AsyncConnection, operator: Operator) -> None:
        texts = {"ar": data.text_ar.strip(), "en": data.text_en.strip()}
        where = [place for place in PLACES if getattr(data, place)]
        told = {"from": typed.day(data.begins), "until": typed.day(data.until), "texts": texts, "where": where}
        await announcing.add_notice(connection, operator, data.centre, told)

    return await _done(request, central, data, act, "notice")


@post(f"{PREFIX}/announcing/notices/back", include_in_schema=False, status_code=200, request_max_body_size=_FORM_BYTES)
async def take_notice_back(
    request: HttpRequest, data: Annotated[TakenBack, Body(media_type=Form)], central: CentralDep
) -> Response[Any]:
    """Take a notice back."""
    act = partial(announcing.take_notice_back, centre=data.centre, name=data.name)
    return await _done(request, central, data, act, "notice_back")


async def _done(request: HttpRequest, central: Central, sent: Sent, act: Act[None], word: str) -> Response[Any]:
    """Do an act and draw the page with the word for it; or with what was wrong, and what was typed."""
    done = await perform(request, central, act)
    return await _drawn(request, central, done, sent, word if done.is_done else "")


async def _drawn(request: HttpRequest, central: Central, done: Done[None], sent: Sent, told: str = "") -> Response[Any]:
    language, operator = language_of(request), done.operator
    async with reading(central.engine) as connection:
        mine, centre = await centre_shown(connection, language, operator, sent.centre)
        announced = await announcing.read(connection, centre)
    values: dict[str, Any] = {"announced": announced, "centres": mine, "centre": centre}
    values |= {"told": told, "faults": done.faults, "wrong": done.wrong, "places": PLACES, "longest": LONGEST_NOTICE}
    today = f"{clock.now().astimezone(clock.CENTRE_TIME):%F}"
    usual = {place: "1" for place in PLACES if place != "paper"}
    values |= {
        "day": sent if isinstance(sent, DayTold) and not done.is_done else DayTold(),
        "notice": sent if isinstance(sent, NoticeTold) and not done.is_done else NoticeTold(begins=today, **usual),
    }
    may = may_publish(operator, centre)
    drawn = draw("announcing", language, operator, may_publish=may, sees_all=operator.centres is None, **values)
    return page(drawn, 200 if done.is_done else 422)
