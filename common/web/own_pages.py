"""What a server's own pages bring: cookies that no script reads, and where the browser says that they come from."""

from typing import Literal
from urllib.parse import urlsplit

from litestar.datastructures import Cookie

from common.web.problem import Problem
from common.web.request import HttpRequest


def cookie(
    name: str, value: str, *, path: str, lasts_s: int, is_secure: bool, samesite: Literal["strict", "lax"] = "strict"
) -> Cookie:
    """Make a cookie that no script reads and only this host gets."""
    return Cookie(name, path, value, max_age=lasts_s, secure=is_secure, httponly=True, samesite=samesite)


def site_of(url: str) -> str:
    """Return scheme, host and port of an address, as a browser names where a page comes from."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def refuse_others(request: HttpRequest, own: str, whose: str, *, unnamed_too: bool) -> None:
    """Refuse what a page of another site makes a browser send; `unnamed_too`: also where the browser names none.

    Raises:
        Problem: 403.
    """
    said = request.headers.get("origin")
    if said == own or (said is None and not unnamed_too):
        return
    raise Problem(403, "other-origin", f"only {whose} own pages may ask for this: open the page at {whose} address")
