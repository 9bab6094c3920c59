"""Appointments at the desk, for people without the app: which times are left, one of them, and its end."""

from typing import Annotated, Final

from litestar import Response, post
from litestar.params import JSONBody
from msgspec import Meta, Struct

from common.protocol.field import Moment, ServiceCode, Uuid
from common.protocol.queue.claim import ClaimDigits
from common.web.request import HttpRequest
from hub.api.cookies import own_token
from hub.api.server.server import Serving, ServingDep
from hub.engine.refusal import Refused
from hub.sessions import sessions
from offline_store.inquiries.appointments import Appointments, NotBooked

MOST_BYTES: Final = 1024
_NO_STORE: Final = {"Cache-Control": "no-store"}
NOW_NOT: Final = frozenset({"no-network", "timed-out", "late", "store", "left", "busy"})
"""Nothing was booked, and the same may be asked again; all else is central's own word."""


class SeatsAsked(Struct, frozen=True, forbid_unknown_fields=True):
    """For which service; `key` names the question, so that who lost the answer gets it by asking again."""

    key: Uuid
    service: ServiceCode


class SeatsLeft(Struct, frozen=True):
    """The times that are left, RFC 3339, the earliest first."""

    seats: list[str]


class Wish(Struct, frozen=True, forbid_unknown_fields=True):
    """Which time, for how many people of one errand; `who`: the last four digits of the national number."""

    key: Uuid
    service: ServiceCode
    at: Moment
    who: Annotated[str, Meta(pattern=r"^[0-9]{4}\Z")]
    people: Annotated[int, Meta(ge=1, le=4)] = 1


class Booked(Struct, frozen=True):
    """What is told to the citizen: the time, and the eight digits that a kiosk takes."""

    at: str
    digits: str


class End(Struct, frozen=True, forbid_unknown_fields=True):
    """Which appointment is to end, by its eight digits."""

    key: Uuid
    digits: ClaimDigits


class Ended(Struct, frozen=True):
    """That it is ended."""

    state: str = "cancelled"


@post("/v1/appointments/seats", status_code=200, request_max_body_size=MOST_BYTES, summary="Ask which times are left")
async def ask_seats(request: HttpRequest, data: JSONBody[SeatsAsked], serving: ServingDep) -> Response[SeatsLeft]:
    """Ask central, for at most a quarter of a minute."""
    desk = await _desk(request, serving)
    found = await serving.questions.ask(data.key, lambda is_left: desk.seats(data.service, is_left))
    if isinstance(found, NotBooked):
        raise _refused(found)
    return Response(SeatsLeft([one.at for one in found]), headers=_NO_STORE)


@post("/v1/appointments", status_code=201, request_max_body_size=MOST_BYTES, summary="Book an appointment")
async def book(request: HttpRequest, data: JSONBody[Wish], serving: ServingDep) -> Response[Booked]:
    """Ask central, for at most half a minute; what was booked and is not told is undone."""
    desk = await _desk(request, serving)
    found = await serving.questions.ask(
        data.key, lambda is_left: desk.book(data.service, data.at, data.who, is_left, people=data.people)
    )
    if isinstance(found, NotBooked):
        raise _refused(found)
    return Response(Booked(found.moment.isoformat(), found.digits), headers=_NO_STORE)


@post("/v1/appointments/ends", status_code=200, request_max_body_size=MOST_BYTES, summary="End an appointment")
async def end(request: HttpRequest, data: JSONBody[End], serving: ServingDep) -> Response[Ended]:
    """Ask central to end it."""
    desk = await _desk(request, serving)
    found = await serving.questions.ask(data.key, lambda is_left: desk.cancel({"digits": data.digits}, is_left))
    if isinstance(found, NotBooked):
        raise _refused(found)
    return Response(Ended(), headers=_NO_STORE)


async def _desk(request: HttpRequest, serving: Serving) -> Appointments:
    """Return what asks, for a session of a counter or a manager. Raises Refused where nobody is logged in."""
    token = own_token(request, serving)

    def work() -> Appointments:
        with serving.hub.act() as act:
            act.clerk = sessions.find(act, token).clerk
        return Appointments(serving.hub.store, serving.hub.clock)

    return await serving.run(work)


def _refused(found: NotBooked) -> Refused:
    """Return the refusal that has the same word; the page has a sentence for each."""
    return Refused(503 if found.why in NOW_NOT else 409, f"appointment-{found.why}", "nothing was booked or ended")
