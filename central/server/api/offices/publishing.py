"""Hours and catalogue: what kiosks go by, and forms that change it."""

from dataclasses import dataclass, field
from functools import partial
from typing import Annotated, Any

from litestar import Response, get, post
from litestar.datastructures import UploadFile
from litestar.enums import RequestEncodingType
from litestar.params import Body, QueryParameter
from sqlalchemy.ext.asyncio import AsyncConnection

from central.base.database.transactions import reading
from central.offices import publishing
from central.offices.drawing import draw
from central.offices.operators import Operator
from central.offices.people import NotAllowed
from central.publishing import spreadsheet
from central.publishing.spreadsheet import SpreadsheetRefused
from central.publishing.start_screen import Tile
from central.server.api.offices import typed
from central.server.api.offices.access import PREFIX, download, language_of, operator_of, page
from central.server.api.offices.acts import Done, asks, perform
from central.server.api.offices.fleet import centre_shown
from central.server.api.server import Central, CentralDep
from central.server.office_files.process import JobFailed
from common.web.problem import Problem
from common.web.request import HttpRequest

Centre = Annotated[str, QueryParameter(description="A centre's code; all where it is empty")]


@dataclass(slots=True)
class HoursTold:
    """What the form of the hours sends."""

    centre: str = ""
    opens: str = ""
    closes: str = ""


@dataclass(slots=True)
class CatalogueTold:
    """What the form of the catalogue sends."""

    centre: str = ""
    look: str = ""
    file: UploadFile | None = field(default=None)


@get(f"{PREFIX}/publish", include_in_schema=False)
async def publish_page(request: HttpRequest, central: CentralDep, centre: Centre = "") -> Response[Any]:
    """Show what a centre's kiosks go by."""
    return await _drawn(request, central, Done(await operator_of(request, central)), centre)


@get(f"{PREFIX}/publish/form", include_in_schema=False)
async def catalogue_form(request: HttpRequest, central: CentralDep, centre: Centre = "") -> Response[Any]:
    """Give the spreadsheet to be filled, with what is in force."""
    operator = await operator_of(request, central)
    if not publishing.may_publish(operator, centre):
        raise NotAllowed
    async with reading(central.engine) as connection:
        try:
            standing = await publishing.read(connection, centre)
        except ValueError as error:
            raise Problem(404, "not-found", "there is no such centre") from error
    return download(await central.office_files.write_form(standing.services), f"catalogue-{centre or 'all'}.xlsx")


@post(f"{PREFIX}/publish/hours", include_in_schema=False, status_code=200, request_max_body_size=4096)
async def publish_hours(
    request: HttpRequest,
    data: Annotated[HoursTold, Body(media_type=RequestEncodingType.URL_ENCODED)],
    central: CentralDep,
) -> Response[Any]:
    """Tell kiosks when they serve."""

    async def act(connection: AsyncConnection, operator: Operator) -> str:
        hours = typed.time_of_day(data.opens), typed.time_of_day(data.closes)
        await publishing.set_hours(connection, central.ring, operator, data.centre, *hours)
        return "hours"

    done = await perform(request, central, act)
    return await _drawn(
        request, central, done, data.centre, told=done.value or "", hours=None if done.is_done else data
    )


@post(
    f"{PREFIX}/publish/catalogue",
    include_in_schema=False,
    status_code=200,
    request_max_body_size=spreadsheet.MAX_BYTES + 10_000,
)
async def publish_catalogue(
    request: HttpRequest,
    data: Annotated[CatalogueTold, Body(media_type=RequestEncodingType.MULTI_PART)],
    central: CentralDep,
) -> Response[Any]:
    """Publish a filled spreadsheet, or show what the first screen would be by it."""
    operator = await asks(request, central)
    if not publishing.may_publish(operator, data.centre):
        raise NotAllowed
    if data.file is None or not data.file.filename:  # what a browser sends where none was chosen
        return await _drawn(request, central, Done(operator, wrong="publish.no_file"), data.centre)
    try:  # before any transaction begins: it may take seconds
        body = await central.office_files.read_catalogue(data.file.filename, await data.file.read())
    except (SpreadsheetRefused, JobFailed) as refused:
        return await _drawn(request, central, Done(operator, fault=str(refused)), data.centre)

    async def act(connection: AsyncConnection, operator: Operator) -> str:
        await publishing.publish_catalogue(connection, central.ring, operator, data.centre, body)
        return "catalogue"

    if data.look:
        looked = await perform(request, central, partial(publishing.look_at, centre=data.centre, body=body))
        return await _drawn(request, central, looked, data.centre, tiles=looked.value)
    done = await perform(request, central, act)
    return await _drawn(request, central, done, data.centre, told=done.value or "")


async def _drawn(
    request: HttpRequest,
    central: Central,
    done: Done[Any],
    centre: str,
    *,
    told: str = "",
    tiles: tuple[Tile, ...] | None = None,
    hours: HoursTold | None = None,
) -> Response[Any]:
    """Draw the page; `hours` are those that were typed and not published."""
    language, operator = language_of(request), done.operator
    async with reading(central.engine) as connection:
        mine, centre = await centre_shown(connection, language, operator, centre)
        standing = await publishing.read(connection, centre)
    values: dict[str, Any] = {"standing": standing, "centres": mine, "centre": centre, "hours": hours or standing}
    values |= {"told": told, "faults": done.faults, "wrong": done.wrong}
    values |= {"tiles": standing.tiles if tiles is None else tiles, "looked": tiles is not None}
    may = publishing.may_publish(operator, centre)
    drawn = draw("publish", language, operator, may_publish=may, sees_all=operator.centres is None, **values)
    return page(drawn, 200 if done.is_done else 422)
