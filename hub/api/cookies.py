"""Cookies of a session and of a known PC, and the check that a page of this hub itself asks."""

from typing import Any, Final

from litestar.connection import ASGIConnection
from litestar.datastructures import Cookie

from common.web.own_pages import cookie, refuse_others, site_of
from common.web.request import HttpRequest
from hub.api.server.server import Serving
from hub.sessions import known_pc
from hub.sessions.sessions import LASTS_US

_SESSION: Final = "hub-session"
_PC: Final = "hub-pc"
_BEGUN_AGAIN_S: Final = LASTS_US // 1_000_000


def _name(name: str, serving: Serving) -> str:
    """Return a cookie's name: over TLS with a prefix by which browsers let no other host set it (RFC 6265bis)."""
    return f"__Host-{name}" if serving.config.is_secure else name


def _cookie(serving: Serving, name: str, value: str, max_age_s: int) -> Cookie:
    is_secure = serving.config.is_secure
    return cookie(_name(name, serving), value, path="/", lasts_s=max_age_s, is_secure=is_secure)


def token_of(request: ASGIConnection[Any, Any, Any, Any], serving: Serving) -> str | None:
    """Return the session's token, as the browser sent it."""
    token = request.cookies.get(_name(_SESSION, serving))
    return token[:200] if token else None


def session_cookie(serving: Serving, token: str) -> Cookie:
    """Make the cookie of a new session; an empty token takes it away."""
    return _cookie(serving, _SESSION, token, _BEGUN_AGAIN_S if token else 0)


def pc_of(request: HttpRequest, serving: Serving) -> str | None:
    """Return the cookie by which this PC may be known, as the browser sent it."""
    return request.cookies.get(_name(_PC, serving))


def pc_cookie(serving: Serving) -> Cookie:
    """Make the cookie of a PC that somebody has just logged in on."""
    value = known_pc.make(serving.hub_id, serving.key)
    return _cookie(serving, _PC, value, known_pc.LASTS_S)


def own_token(request: HttpRequest, serving: Serving) -> str | None:
    """Return the session's token of a page of this hub. Raises Problem 403 where another page asks."""
    same_origin(request, serving)
    return token_of(request, serving)


def same_origin(request: HttpRequest, serving: Serving) -> None:
    """Refuse what a page of another origin makes a browser send. Raises Problem 403."""
    refuse_others(request, site_of(serving.config.address), "this hub's", unnamed_too=False)
