"""Who asks: the session's cookie, the page's language, and the check that a page of central itself asks."""

from typing import Final

from litestar import MediaType, Response
from litestar.datastructures import Cookie
from litestar.response import Redirect

from central.insight.public.texts import Language, chosen
from central.keys.loopback import host_of, is_loopback
from central.offices import sessions
from central.offices.operators import Operator
from central.server.api.server import Central
from common.web.own_pages import cookie, refuse_others, site_of
from common.web.problem import Problem
from common.web.request import HttpRequest

PREFIX: Final = "/offices"
SAFE: Final = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; base-uri 'none'; form-action 'self'; "
        "frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "X-Robots-Tag": "noindex, nofollow",
    "Cache-Control": "no-store",
}
_MEDIA_TYPES: Final = {
    "json": "application/json",
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
}
_SESSION: Final = "offices-session"
_LANGUAGE: Final = "offices-language"
_YEAR_S: Final = 365 * 86_400


class NotLoggedIn(Exception):
    """Nobody is logged in: the browser is sent to the page to log in on."""


def language_of(request: HttpRequest) -> Language:
    """Return the language that this browser chose; Arabic before it did."""
    return chosen(request.cookies.get(_LANGUAGE))


def language_cookie(central: Central, language: Language) -> Cookie:
    """Make the cookie that keeps the language."""
    is_secure = _is_secure(central)
    return cookie(_LANGUAGE, language, path=PREFIX, lasts_s=_YEAR_S, is_secure=is_secure, samesite="lax")


def session_cookie(central: Central, token: str) -> Cookie:
    """Make the cookie of a session; an empty token takes it away."""
    lasts_s = int(sessions.LASTS.total_seconds()) if token else 0
    return cookie(_SESSION, token, path=PREFIX, lasts_s=lasts_s, is_secure=_is_secure(central))


async def who(request: HttpRequest, central: Central) -> Operator | None:
    """Return who asks, None for nobody."""
    own_origin(request, central)
    token = request.cookies.get(_SESSION)
    if not token:
        return None
    async with central.engine.begin() as connection:
        return await sessions.find(connection, token[:200])


async def operator_of(request: HttpRequest, central: Central) -> Operator:
    """Return who asks. Raises NotLoggedIn."""
    operator = await who(request, central)
    if operator is None:
        raise NotLoggedIn
    return operator


async def end_session(request: HttpRequest, central: Central) -> None:
    """End the session of the cookie, if there is one."""
    if token := request.cookies.get(_SESSION):
        async with central.engine.begin() as connection:
            await sessions.end(connection, token[:200])


def own_origin(request: HttpRequest, central: Central) -> str:
    """Return the origin of central's pages: what --public-url says, or the loopback address that was asked.

    The Host header is the asker's word: a name of somebody else's that leads here would make his pages ours.

    Raises:
        Problem: 403, central does not know its own address.
    """
    own = central.config.public_url or f"http://{request.headers.get('host', '')}"
    if central.config.public_url is None and not is_loopback(host_of(own)):
        raise Problem(403, "no-public-url", "these pages are shown off this machine only where --public-url is given")
    return site_of(own)


def same_origin(request: HttpRequest, central: Central) -> None:
    """Refuse what a page of another origin makes a browser send. Raises Problem 403."""
    refuse_others(request, own_origin(request, central), "central's", unnamed_too=True)


def to_login() -> Redirect:
    """Send a browser to the login page."""
    return Redirect(f"{PREFIX}/login", status_code=303, headers=SAFE)


def download(content: bytes, name: str) -> Response[bytes]:
    """Answer with a file, which the browser keeps under a name whose ending says what it is."""
    headers = SAFE | {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type=_MEDIA_TYPES[name.rpartition(".")[2]], headers=headers)


def page(content: bytes, status_code: int = 200, cookies: list[Cookie] | None = None) -> Response[bytes]:
    """Answer with a page."""
    return Response(content, status_code=status_code, media_type=MediaType.HTML, headers=SAFE, cookies=cookies or [])


def _is_secure(central: Central) -> bool:
    return (central.config.public_url or "").startswith("https://")
