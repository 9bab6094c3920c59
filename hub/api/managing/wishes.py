"""What managers set: the day, counters, the rule; and what any clerk may say of a call for staff."""

from collections.abc import Callable
from typing import Annotated, Any

from litestar import Response, get, post, put
from litestar.params import JSONBody, PathParameter
from msgspec import Meta, Struct

from common.protocol.field import CounterNumber, Prefix
from common.web.request import HttpRequest
from hub.api.commits import Committed, committed, signed_commit
from hub.api.cookies import own_token
from hub.api.managing.typed_day import TypedDay, day_of
from hub.api.server.server import Serving, ServingDep
from hub.engine import managing
from hub.engine.act import Act
from hub.engine.presses.by_hand import Entered, enter_by_hand
from hub.engine.presses.press import MAX_RANGES, NumberRange
from hub.engine.refusal import Refused
from hub.engine.status import Waiting, waiting_list
from hub.log.reading import find_help
from hub.sessions import sessions


class DayWish(Struct, frozen=True, forbid_unknown_fields=True):
    """Open the day of a date, beyond tomorrow typed `again`; take that back; or close the one that is served."""

    open: TypedDay | None = None
    again: TypedDay | None = None
    undo: TypedDay | None = None
    close: bool = False


class CounterWish(Struct, frozen=True, forbid_unknown_fields=True):
    """What a manager does to one counter: its queues in order; free its ticket and close it; wait for it no longer."""

    number: CounterNumber
    groups: Annotated[list[Prefix], Meta(min_length=1, max_length=26)] | None = None
    close: bool = False
    release: bool = False


class RulesWish(Struct, frozen=True, forbid_unknown_fields=True):
    """The rule of choice; what is left out stays."""

    priority_weight: Annotated[float, Meta(ge=1, le=100)] | None = None
    help_after_s: Annotated[int, Meta(ge=0, le=86_400)] | None = None


class HelpTaken(Struct, frozen=True):
    """Who goes to a citizen that asked for somebody."""

    id: str
    seen_by: str


class WaitingList(Struct, frozen=True):
    """The numbers that wait, to be printed."""

    as_of: str
    waiting: list[Waiting]


async def managed(request: HttpRequest, serving: Serving, work: Callable[[Act], object]) -> Response[Any]:
    """Do a manager's wish in one transaction; the answer bears what it made true."""
    token = own_token(request, serving)

    def do() -> Committed:
        with serving.hub.act() as act:
            act.clerk = sessions.find_manager(act, token).clerk
            return committed(act, work(act))

    said = await serving.run(do)
    serving.changes.note()
    return signed_commit(serving, said)


@put("/v1/day", request_max_body_size=4096, summary="Open or close the day")
async def set_day(request: HttpRequest, data: JSONBody[DayWish], serving: ServingDep) -> Response[managing.DayStanding]:
    """Open a later day, which ends the one before, take that back, or close the day that is served."""

    def work(act: Act) -> managing.DayStanding:
        if data.open is not None:
            return managing.open_day(act, day_of("open", data.open).isoformat(), data.again)
        if data.undo is not None:
            return managing.undo_day(act, day_of("undo", data.undo).isoformat())
        if data.close:
            return managing.close_day(act)
        raise Refused(422, "no-wish", "open, undo or close: one of them must be asked for")

    return await managed(request, serving, work)


@put("/v1/counters", request_max_body_size=4096, summary="Set up, close or release a counter")
async def set_counter(
    request: HttpRequest, data: JSONBody[CounterWish], serving: ServingDep
) -> Response[managing.CounterStanding]:
    """Change a counter's queues until central publishes newer ones; close one whose page is dead; release one."""

    def work(act: Act) -> managing.CounterStanding:
        if data.groups is not None:
            managing.set_groups(act, data.number, data.groups)
        if data.release:
            managing.release(act, data.number)
        if data.close:
            managing.close_counter(act, data.number)
            sessions.end_at_counter(act, data.number)
        return managing.counter_as_it_is(act, data.number)

    return await managed(request, serving, work)


@put("/v1/rules", request_max_body_size=4096, summary="Set the rule of choice")
async def set_rules(
    request: HttpRequest, data: JSONBody[RulesWish], serving: ServingDep
) -> Response[managing.ChoiceRules]:
    """Set the weight of priority and when others help; it holds until central publishes a newer rule."""

    def work(act: Act) -> managing.ChoiceRules:
        wishes = {"priority_weight": data.priority_weight, "help_after_s": data.help_after_s}
        return managing.set_rules(act, {name: value for name, value in wishes.items() if value is not None})

    return await managed(request, serving, work)


class ByHandWish(Struct, frozen=True, forbid_unknown_fields=True):
    """Numbers that were called by voice while there was no hub."""

    ranges: Annotated[list[NumberRange], Meta(min_length=1, max_length=MAX_RANGES)]


@post("/v1/by-hand", status_code=200, request_max_body_size=64 * 1024, summary="Enter what was called by voice")
async def enter_numbers(request: HttpRequest, data: JSONBody[ByHandWish], serving: ServingDep) -> Response[Entered]:
    """End today's tickets of these numbers; said twice, the second time ends nobody."""
    return await managed(request, serving, lambda act: enter_by_hand(act, None, data.ranges))


@get("/v1/waiting", summary="The waiting list, to be printed")
async def waiting(request: HttpRequest, serving: ServingDep) -> Response[WaitingList]:
    """Return the numbers that wait, in the order of arrival; that a manager looked is in the log."""

    def work(act: Act) -> WaitingList:
        act.record("list-seen", detail={"counter": None})
        return WaitingList(act.stamp.text, waiting_list(act))

    return await managed(request, serving, work)


@post("/v1/help/{help_id:str}/acknowledged", status_code=200, summary="Say that somebody goes")
async def acknowledge_help(
    request: HttpRequest, help_id: Annotated[str, PathParameter(description="The call's id")], serving: ServingDep
) -> Response[HelpTaken]:
    """Note who goes to a citizen that asked for somebody; who said so first stays."""
    token = own_token(request, serving)

    def work() -> str:
        with serving.hub.act() as act:
            session = sessions.find(act, token)
            call = find_help(act.connection, help_id)
            if call is None:
                raise Refused(404, "no-such-call", "there is no such call for staff")
            if call.seen_by is not None:
                return call.seen_by
            act.clerk = session.clerk
            act.record("help-seen", detail={"id": help_id})
            return session.clerk

    seen_by = await serving.run(work)
    serving.changes.note()
    return Response(HelpTaken(help_id, seen_by), headers={"Cache-Control": "no-store"})
