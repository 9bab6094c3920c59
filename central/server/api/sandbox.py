"""A sandbox's own page and call: what it is, what time it is there, and moving that ahead."""

import re
from datetime import timedelta
from typing import Any, Final

import msgspec
from litestar import MediaType, Response, get, put
from msgspec import Struct

from central.base import clock, sandbox
from central.claims.wanted import read_time
from central.kiosks import signed_time
from central.server.api.server import CentralDep
from common.web.problem import Problem
from common.web.request import HttpRequest

_MOST_BYTES: Final = 512
_BODY: Final = re.compile(r"<body[^>]*>")
NOTE: Final = (
    '<p role="note" dir="auto">هذا خادم للتجربة: لا يقبل أي جهاز في الخدمة ما يصدر عنه. '
    '<span lang="en" dir="ltr">A sandbox: no kiosk in service believes what it issues.</span></p>'
)
"""What stands at the head of each of its pages, also of those drawn elsewhere."""


class TimeWish(Struct, frozen=True, forbid_unknown_fields=True):
    """Where the clock is to go: to a moment, or so many seconds ahead."""

    to: str | None = None
    ahead_s: int | None = None

    def __post_init__(self) -> None:
        """Raise ValueError unless it says one of them."""
        if (self.to is None) == (self.ahead_s is None):
            raise ValueError("expected either `to`, a time such as 2026-12-01T10:30, or `ahead_s`, in seconds")


@put("/sandbox/time", include_in_schema=False, request_max_body_size=_MOST_BYTES)
async def move_time(request: HttpRequest, central: CentralDep) -> dict[str, str]:
    """Move the clock ahead; kiosks hear the new time as they hear any."""
    try:
        wish = msgspec.json.decode(await request.body(), type=TimeWish)
        moment = read_time(wish.to) if wish.to is not None else clock.now() + timedelta(seconds=wish.ahead_s or 0)
        async with central.engine.begin() as connection:
            await sandbox.move_to(connection, moment)
            await signed_time.keep(connection)
    except (ValueError, OverflowError, UnicodeDecodeError, RecursionError) as error:
        raise Problem(422, "time-not-moved", str(error)[:300]) from error
    return {"time": clock.as_text(clock.now())}


@get("/sandbox/time", include_in_schema=False)
async def tell_time() -> dict[str, str]:
    """Return what time it is here."""
    return {"time": clock.as_text(clock.now())}


def say_so(response: Response[Any]) -> Response[Any]:
    """Put the note at the head of a page; what is no page stays as it is."""
    named = {name.lower(): value for name, value in response.headers.items()}
    kind = named.get("content-type") or response.media_type or ""
    if kind.startswith(MediaType.HTML.value) and isinstance(response.content, bytes | str):
        text = response.content.decode() if isinstance(response.content, bytes) else response.content
        said = _BODY.sub(lambda body: f"{body[0]}\n{NOTE}", text, count=1)
        response.content = said.encode() if isinstance(response.content, bytes) else said
    return response


HANDLERS: Final = (move_time, tell_time)
