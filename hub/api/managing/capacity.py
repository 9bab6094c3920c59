"""How many appointments a day has: seen and changed by a manager. The hub only asks; central decides, and keeps it."""

from collections.abc import Callable
from typing import Annotated, Any, Final

import msgspec
from litestar import Response, post
from litestar.params import JSONBody
from msgspec import Meta, Struct

from common.protocol.field import Count, DayLabel, Prefix, Uuid
from common.web.request import HttpRequest
from hub.api.cookies import own_token
from hub.api.desk.appointments import MOST_BYTES, NOW_NOT
from hub.api.server.server import Serving, ServingDep
from hub.engine.refusal import Refused
from hub.sessions import sessions
from offline_store.inquiries.appointments import Appointments, NotBooked

type _Question = Callable[[Appointments, str, Callable[[], bool]], dict[str, Any] | NotBooked]
_SAID_ALIKE: Final = frozenset({"late", "timed-out", "busy", "store", "unreadable", "outside-window"})
"""Words that mean of a day what they mean of an appointment."""


class DayAsked(Struct, frozen=True, forbid_unknown_fields=True):
    """Which group's day; `key` names the question, so that who lost the answer gets it by asking again."""

    key: Uuid
    day: DayLabel
    group: Prefix


class CapacityWish(Struct, frozen=True, forbid_unknown_fields=True):
    """So many seats in half an hour of a group's day; `at` null: in each half hour that the plan has."""

    key: Uuid
    day: DayLabel
    group: Prefix
    seats: Annotated[int, Meta(ge=0, le=99)]
    at: Annotated[str, Meta(pattern=r"^([01][0-9]|2[0-3]):[03]0\Z")] | None = None


class ChangeBack(Struct, frozen=True, forbid_unknown_fields=True):
    """Which change of a group's day is taken back."""

    key: Uuid
    day: DayLabel
    group: Prefix
    change: Count


class HalfHourSeats(Struct, frozen=True):
    """Half an hour: seats that are given at most, given to how many, who came, who did not."""

    at: str
    planned: int
    booked: int
    arrived: int
    missed: int


class ChangeOfDay(Struct, frozen=True):
    """What holds by somebody's hand: `at` null is each half hour of the day."""

    id: int
    at: str | None
    seats: int
    by: str
    made_at: str


class DayOfSeats(Struct, frozen=True):
    """A group's day; `change` is what was just made, null where nothing was, or the same held before."""

    day: str
    half_hours: list[HalfHourSeats]
    changes: list[ChangeOfDay]
    change: int | None = None


@post("/v1/capacity/day", status_code=200, request_max_body_size=MOST_BYTES, summary="Ask for the seats of a day")
async def see_day(request: HttpRequest, data: JSONBody[DayAsked], serving: ServingDep) -> Response[DayOfSeats]:
    """Ask central, for at most a quarter of a minute."""
    return await _asked(request, serving, data.key, lambda desk, _, is_left: desk.day(data.day, data.group, is_left))


@post("/v1/capacity", status_code=200, request_max_body_size=MOST_BYTES, summary="Change the seats of a day")
async def change_day(request: HttpRequest, data: JSONBody[CapacityWish], serving: ServingDep) -> Response[DayOfSeats]:
    """Ask central, for at most half a minute; what was changed and is not told is undone. What is promised is kept."""
    wish = {"day": data.day, "group": data.group, "at": data.at, "seats": data.seats}
    return await _asked(
        request, serving, data.key, lambda desk, clerk, is_left: desk.change_day(wish | {"by": clerk}, is_left)
    )


@post("/v1/capacity/back", status_code=200, request_max_body_size=MOST_BYTES, summary="Take a change of a day back")
async def take_back(request: HttpRequest, data: JSONBody[ChangeBack], serving: ServingDep) -> Response[DayOfSeats]:
    """Ask central to let hold again what held before."""
    wish = {"day": data.day, "group": data.group, "back": data.change}
    return await _asked(
        request, serving, data.key, lambda desk, clerk, is_left: desk.change_day(wish | {"by": clerk}, is_left)
    )


async def _asked(request: HttpRequest, serving: Serving, key: str, question: _Question) -> Response[DayOfSeats]:
    """Ask for a manager, once a key. Raises Refused."""
    token = own_token(request, serving)

    def manager() -> str:
        with serving.hub.act() as act:
            session = sessions.find_manager(act, token)
            act.clerk = session.clerk
            return session.clerk

    clerk = await serving.run(manager)
    desk = Appointments(serving.hub.store, serving.hub.clock)
    found = await serving.questions.ask(key, lambda is_left: _read(question(desk, clerk, is_left)))
    if isinstance(found, NotBooked):
        word = f"{'appointment' if found.why in _SAID_ALIKE else 'capacity'}-{found.why}"
        raise Refused(503 if found.why in NOW_NOT else 409, word, "nothing was changed")
    return Response(found, headers={"Cache-Control": "no-store"})


def _read(answer: dict[str, Any] | NotBooked) -> DayOfSeats | NotBooked:
    try:
        return answer if isinstance(answer, NotBooked) else msgspec.convert(answer, DayOfSeats)
    except msgspec.ValidationError:
        return NotBooked("unreadable")
