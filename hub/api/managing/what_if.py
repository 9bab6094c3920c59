"""POST /v1/what-if: how a coming day will go with so many counters, as a manager asks."""

from datetime import date, datetime, timedelta
from typing import Annotated, Final

from litestar import Response, post
from litestar.params import JSONBody
from msgspec import Meta, Struct

from common.protocol.field import TimeOfDay
from common.web.request import HttpRequest
from hub.api.cookies import own_token
from hub.api.managing.typed_day import TypedDay, day_of
from hub.api.server.server import ServingDep
from hub.engine.act import Look
from hub.engine.refusal import Refused
from hub.engine.status import business_day
from hub.foresight.kept import Right, right
from hub.foresight.what_if import Foretold, Known, foretell, known_of
from hub.sessions import sessions
from offline_store.issuing.business_day import ZONE

FARTHEST: Final = timedelta(days=60)
SLOTS_A_DAY: Final = 48


class Question(Struct, frozen=True, forbid_unknown_fields=True):
    """Which day, the next one that the centre is open where none is named; how many counters call in half hours."""

    day: TypedDay | None = None
    counters: Annotated[dict[TimeOfDay, Annotated[int, Meta(ge=0, le=99)]], Meta(max_length=SLOTS_A_DAY)] = {}


class Reply(Struct, frozen=True):
    """What is foretold, and how right that was on the days before; null before there was one."""

    foretold: Foretold
    right: Right | None


@post("/v1/what-if", status_code=200, request_max_body_size=4096, summary="How a coming day will go")
async def ask(request: HttpRequest, data: JSONBody[Question], serving: ServingDep) -> Response[Reply]:
    """Return what this centre's own past foretells of a day, with the counters asked about and with the usual ones."""
    token = own_token(request, serving)

    def read(look: Look) -> tuple[Known, Right | None]:
        sessions.find_manager(look, token)
        return known_of(look, _day_of(look, data.day)), right(look)

    known, was_right = await serving.read(read)
    async with serving.playing:
        said = await serving.run(lambda: foretell(known, data.counters))
    return Response(Reply(said, was_right), headers={"Cache-Control": "no-store"})


def _day_of(look: Look, wanted: str | None) -> date:
    """Return the day that is asked about. Raises Refused for one that is closed, over, or too far."""
    today = _today(look)
    if wanted is None:
        opening = look.centre.hours.next_opening(datetime.combine(today, datetime.max.time()))
        if opening is None:
            raise Refused(409, "never-open", "the calendar names no day on which this centre opens again")
        return opening.day
    day = day_of("day", wanted)
    if not today <= day <= today + FARTHEST:
        raise Refused(422, "day-out-of-reach", f"day: between today and {today + FARTHEST}")
    hours = look.centre.hours.on(day)
    if hours is None or not hours.opens_on(day):
        raise Refused(409, "day-closed-by-calendar", f"the centre is closed on {day}")
    return day


def _today(look: Look) -> date:
    """Return the day that is served, or the one of the clock where that can be trusted and is later."""
    label = business_day(look)
    served = None if label is None else date.fromisoformat(label)
    now = look.stamp.wall_time.astimezone(ZONE).date() if look.stamp.tells_time else None
    known = [one for one in (served, now) if one is not None]
    if not known:
        raise Refused(409, "no-day", "no day was opened, and the clock is not set: open the day first")
    return max(known)
