"""The session's cookie, and the check that a page of this hub itself asks."""

from typing import Any, Final
from urllib.parse import urlsplit

from litestar import Request
from litestar.datastructures import Cookie

from common.web.problem import Problem
from hub.api.server.server import Serving
from hub.sessions.sessions import LASTS_US

_NAME: Final = "hub-session"
_BEGUN_AGAIN_S: Final = LASTS_US // 1_000_000


def cookie_name(serving: Serving) -> str:
    """Name the cookie: over TLS with the prefix by which browsers let no other host or path set it (RFC 6265bis)."""
    return f"__Host-{_NAME}" if serving.config.is_secure else _NAME


def token_of(request: Request[Any, Any, Any], serving: Serving) -> str | None:
    """Give the session's token, as the browser sent it."""
    token = request.cookies.get(cookie_name(serving))
    return token[:200] if token else None


def session_cookie(serving: Serving, token: str) -> Cookie:
    """Make the cookie of a new session; an empty token takes it away."""
    return Cookie(
        key=cookie_name(serving),
        value=token,
        path="/",
        httponly=True,
        samesite="strict",
        secure=serving.config.is_secure,
        max_age=_BEGUN_AGAIN_S if token else 0,
    )


def same_origin(request: Request[Any, Any, Any], serving: Serving) -> None:
    """Refuse what a page of another origin makes a browser send. Raises Problem 403."""
    origin = request.headers.get("origin")
    if origin is None:
        return
    own = urlsplit(serving.config.address)
    if origin != f"{own.scheme}://{own.netloc}":
        raise Problem(403, "other-origin", "only this hub's own pages may press: open the page at the hub's address")
