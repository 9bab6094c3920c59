"""Logging in and out, the language, and the files that every page loads."""

import re
from dataclasses import dataclass
from typing import Annotated, Any, Final

from litestar import Response, get, post
from litestar.enums import RequestEncodingType
from litestar.params import Body, PathParameter
from litestar.response import Redirect

from central.insight.public.texts import chosen
from central.offices import operations, operators, sessions
from central.offices.drawing import assets, draw
from central.offices.operators import LockedOut, LoginRefused
from central.server.api.offices.access import (
    PREFIX,
    SAFE,
    end_session,
    language_cookie,
    language_of,
    own_origin,
    page,
    same_origin,
    session_cookie,
    who,
)
from central.server.api.server import CentralDep
from central.server.api.signing import caller
from common.web.assets import answer
from common.web.request import HttpRequest, western

_LONGEST: Final = 100
_CODE: Final = re.compile("[0-9]{6}")


@dataclass(slots=True)
class LogIn:
    """What the form sends."""

    name: str
    password: str
    code: str


@dataclass(slots=True)
class ToLanguage:
    """What the language button sends."""

    to: str


@get(PREFIX, include_in_schema=False)
async def entrance() -> Redirect:
    """Send a visitor on to the fleet."""
    return Redirect(f"{PREFIX}/fleet", status_code=303, headers=SAFE)


@get(f"{PREFIX}/login", include_in_schema=False)
async def login_page(request: HttpRequest, central: CentralDep) -> Response[bytes]:
    """Show the form."""
    own_origin(request, central)
    return page(draw("login", language_of(request), None, refused=None, typed=""))


@post(f"{PREFIX}/login", include_in_schema=False, status_code=200, request_max_body_size=4096)
async def log_in(
    request: HttpRequest, data: Annotated[LogIn, Body(media_type=RequestEncodingType.URL_ENCODED)], central: CentralDep
) -> Response[Any]:
    """Judge name, password and code, and begin a session."""
    same_origin(request, central)
    name, address = data.name.strip()[:_LONGEST], caller(request, central.config.public_url)
    password, code = data.password[:_LONGEST], western(data.code)
    if not (name and password and _CODE.fullmatch(code)):  # said here, for a browser says it in its own language
        return page(draw("login", language_of(request), None, refused="incomplete", typed=name), 422)
    try:
        async with central.engine.begin() as connection:
            await operators.count_attempt(connection, name, address)
        operator = await operators.judge(central.engine, name, address, password, code)
        async with central.engine.begin() as connection:
            await operations.note(connection, operator.name, "logged-in", {"address": address})
            token = await sessions.begin(connection, operator)
    except LoginRefused as refused:
        if not isinstance(refused, LockedOut):  # of those, each address has a few in a quarter of an hour
            async with central.engine.begin() as connection:
                typed = name if name.isprintable() and name else "?"
                await operations.note(connection, typed, operations.LOGIN_REFUSED, {"address": address})
        reason = "locked" if isinstance(refused, LockedOut) else "wrong"
        return page(draw("login", language_of(request), None, refused=reason, typed=name), 403)
    return Redirect(f"{PREFIX}/fleet", status_code=303, headers=SAFE, cookies=[session_cookie(central, token)])


@post(f"{PREFIX}/logout", include_in_schema=False, status_code=303)
async def log_out(request: HttpRequest, central: CentralDep) -> Redirect:
    """End the session."""
    same_origin(request, central)
    operator = await who(request, central)
    await end_session(request, central)
    if operator is not None:
        async with central.engine.begin() as connection:
            await operations.note(connection, operator.name, "logged-out", {})
    return Redirect(f"{PREFIX}/login", status_code=303, headers=SAFE, cookies=[session_cookie(central, "")])


@post(f"{PREFIX}/language", include_in_schema=False, status_code=303, request_max_body_size=1024)
async def choose_language(
    request: HttpRequest,
    data: Annotated[ToLanguage, Body(media_type=RequestEncodingType.URL_ENCODED)],
    central: CentralDep,
) -> Redirect:
    """Keep the language that was chosen."""
    same_origin(request, central)
    cookie = language_cookie(central, chosen(data.to))
    if await who(request, central) is None:
        return Redirect(f"{PREFIX}/login", status_code=303, headers=SAFE, cookies=[cookie])
    return Redirect(f"{PREFIX}/fleet", status_code=303, headers=SAFE, cookies=[cookie])


@get(f"{PREFIX}/-/{{name:str}}", include_in_schema=False)
async def file(
    name: Annotated[str, PathParameter(description="A file of the pages")], request: HttpRequest
) -> Response[bytes]:
    """Serve the pages' style, emblem or a font."""
    return answer(request, assets(), name, SAFE, unmarked="public, max-age=3600")


__all__ = ["choose_language", "entrance", "file", "log_in", "log_out", "login_page"]
