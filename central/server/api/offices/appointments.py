"""Appointments by telephone, and a day's half hours: forms over the acts of `offices.appointments`."""

import re
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Final

import msgspec
from litestar import Response, get, post
from litestar.enums import RequestEncodingType
from litestar.params import Body, QueryParameter
from sqlalchemy.ext.asyncio import AsyncConnection

from central.base import clock
from central.base.database.transactions import reading
from central.claims.booking import MOST_PEOPLE, Claimed
from central.claims.planned.changing import Wanted
from central.claims.refusal import ClaimRefused
from central.claims.requests import ClaimRequest
from central.offices import appointments
from central.offices.drawing import draw
from central.offices.operators import Operator
from central.offices.publishing import may_publish
from central.server.api.offices import typed
from central.server.api.offices.access import PREFIX, language_of, operator_of, page
from central.server.api.offices.acts import perform
from central.server.api.offices.fleet import centre_shown
from central.server.api.offices.typed import Mistyped
from central.server.api.server import Central, CentralDep
from common.web.request import HttpRequest, western

Form = RequestEncodingType.URL_ENCODED
_BYTES: Final = 1024
_UNREADABLE: Final = "unreadable"


@dataclass(slots=True)
class Told:
    """What the page's forms send: which centre and day is shown, and what each form has of its own."""

    centre: str = ""
    day: str = ""
    service: str = ""
    key: str = ""
    at: str = ""
    who: str = ""
    people: str = "1"
    digits: str = ""
    group: str = ""
    half_hour: str = ""
    seats: str = ""
    change: str = ""


@dataclass(frozen=True, slots=True)
class _Came:
    """What came of a form: a word of the catalogue, or `wrong`, how a field is to be filled; and what was booked."""

    told: str = ""
    fault: str = ""
    wrong: str = ""
    made: Claimed | None = None


_Told = Annotated[Told, Body(media_type=Form)]


@get(f"{PREFIX}/appointments", include_in_schema=False)
async def appointments_page(
    request: HttpRequest,
    central: CentralDep,
    centre: Annotated[str, QueryParameter(description="A centre's code")] = "",
    day: Annotated[str, QueryParameter(description="YYYY-MM-DD; today where it is empty")] = "",
    service: Annotated[str, QueryParameter(description="Whose free times are shown")] = "",
) -> Response[Any]:
    """Show a centre's day by half hour, and the times that are left of a service."""
    operator = await operator_of(request, central)
    return await _drawn(request, central, operator, Told(centre, day, service), _Came())


@post(f"{PREFIX}/appointments", include_in_schema=False, status_code=200, request_max_body_size=_BYTES)
async def book(request: HttpRequest, data: _Told, central: CentralDep) -> Response[Any]:
    """Book for who telephones."""

    async def act(connection: AsyncConnection, operator: Operator) -> _Came:
        four = western(data.who)
        if not re.fullmatch("[0-9]{4}", four):
            raise Mistyped("appointments.why.who")
        asked = msgspec.convert(
            {"centre": data.centre, "service": data.service, "at": data.at, "who": four, "people": int(data.people)},
            ClaimRequest,
        )
        if not 8 <= len(data.key) <= 64:
            raise ValueError(_UNREADABLE)
        made = await appointments.book(connection, central.ring, operator, asked, data.key)
        return _Came("booked", made=made)

    return await _done(request, central, data, act)


@post(f"{PREFIX}/appointments/ends", include_in_schema=False, status_code=200, request_max_body_size=_BYTES)
async def cancel(request: HttpRequest, data: _Told, central: CentralDep) -> Response[Any]:
    """End an appointment by its eight digits."""

    async def act(connection: AsyncConnection, operator: Operator) -> _Came:
        await appointments.cancel(connection, operator, data.centre, western(data.digits))
        return _Came("ended")

    return await _done(request, central, data, act)


@post(f"{PREFIX}/appointments/capacity", include_in_schema=False, status_code=200, request_max_body_size=_BYTES)
async def change(request: HttpRequest, data: _Told, central: CentralDep) -> Response[Any]:
    """Change how many appointments half an hour has, or each of the day."""

    async def act(connection: AsyncConnection, operator: Operator) -> _Came:
        seats = western(data.seats)
        if not re.fullmatch("[0-9]{1,2}", seats):
            raise Mistyped("appointments.why.seats")
        told = {"group": data.group, "day": data.day, "seats": int(seats), "at": data.half_hour or None}
        await appointments.change(connection, operator, data.centre, msgspec.convert(told, Wanted))
        return _Came("changed")

    return await _done(request, central, data, act)


@post(f"{PREFIX}/appointments/capacity/back", include_in_schema=False, status_code=200, request_max_body_size=_BYTES)
async def take_back(request: HttpRequest, data: _Told, central: CentralDep) -> Response[Any]:
    """Take a change back."""

    async def act(connection: AsyncConnection, operator: Operator) -> _Came:
        await appointments.take_back(connection, operator, data.centre, int(data.change[:18]))
        return _Came("back")

    return await _done(request, central, data, act)


async def _done(
    request: HttpRequest, central: Central, data: Told, act: Callable[[AsyncConnection, Operator], Awaitable[_Came]]
) -> Response[Any]:
    """Do an act and draw the page with what came of it; each no has a sentence of its own."""

    async def in_words(connection: AsyncConnection, operator: Operator) -> _Came:
        try:
            return await act(connection, operator)
        except ClaimRefused as error:
            raise ValueError(error.reason) from error
        except Mistyped:
            raise
        except (ValueError, msgspec.ValidationError) as error:  # what no form of the page sends
            raise ValueError(_UNREADABLE) from error

    done = await perform(request, central, in_words)
    came = done.value or _Came(fault="" if done.wrong else done.fault or _UNREADABLE, wrong=done.wrong or "")
    return await _drawn(request, central, done.operator, data, came)


async def _drawn(request: HttpRequest, central: Central, operator: Operator, asked: Told, came: _Came) -> Response[Any]:
    language = language_of(request)
    service = "" if came.made is not None else asked.service
    of = typed.asked(typed.day, asked.day, f"{clock.now().astimezone(clock.CENTRE_TIME):%F}")
    day = date.fromisoformat(of.value)
    async with reading(central.engine) as connection:
        mine, chosen = await centre_shown(connection, language, operator, asked.centre)
        centre, fault = chosen or next(iter(mine), ""), came.fault
        try:
            shown = await appointments.read(connection, operator, centre, day, service)
        except ClaimRefused as error:
            shown, fault = await appointments.read(connection, operator, centre, day, ""), fault or error.reason
    values: dict[str, Any] = {
        "shown": shown,
        "centres": mine,
        "centre": centre,
        "day": of,
        "service": service,
    }
    values |= {
        "told": came.told,
        "fault": fault,
        "wrong": came.wrong,
        "made": came.made,
        "key": secrets.token_hex(16),
        "most": MOST_PEOPLE,
    }
    values["sent"] = asked if fault or came.wrong else Told()
    drawn = draw("appointments", language, operator, may_act=may_publish(operator, centre), now=clock.now(), **values)
    return page(drawn, 422 if fault or came.wrong or of.wrong else 200)
