"""What managers do: open and close days, change queues and rule until central says otherwise, free a dead counter."""

import ipaddress
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Final

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from common.protocol.feed_message import Counters
from common.queue.standing import CounterState
from hub.engine import days
from hub.engine.act import Act, Look
from hub.engine.carrying import left_open
from hub.engine.carrying.in_doubt import in_doubt
from hub.engine.carrying.undoing import undo_opening
from hub.engine.centre import BOARDS, GROUPS, RULES
from hub.engine.refusal import Refused
from hub.log.reading import find_counter, find_day
from offline_store.feed.centre import said_of_centre
from offline_store.issuing.business_day import business_date, current_day
from offline_store.issuing.business_day import open_day as open_store_day

TYPED_AHEAD: Final = timedelta(days=31)
"""The farthest day after the one that is known which is opened where no clock is sure: holidays are shorter."""
_BY_PEOPLE: Final = ("manager", days.BY_CLERK)
# Of an override that no word of central's replaces.
_FOR_GOOD: Final = 2**62


class DayStanding(Struct, frozen=True):
    """The day that is served, as a manager's wish left it."""

    business_day: str
    closed: bool


class CounterStanding(Struct, frozen=True):
    """A counter, as a manager's wish left it."""

    number: int
    state: CounterState
    must_resume: bool


class ChoiceRules(Struct, frozen=True):
    """What a manager sets of the rule of choice; the rest of the rules is the city's."""

    priority_weight: float
    help_after_s: int


def open_day(act: Act, label: str, again: str | None = None) -> DayStanding:
    """Open a later day; where the one before has not reached its end, it is closed early.

    Where no clock was right as people came who are here, the date is that of the day that is served. Raises Refused.

    Args:
        act: the write transaction.
        label: the date.
        again: the same, typed a second time; asked for beyond tomorrow where no clock is sure.
    """
    days.settle_day(act)
    current = current_day(act.connection)
    served = find_day(act.connection, act.day)
    latest = max((one for one in (served and served.label, current and current.date) if one), default=None)
    if latest is not None and label <= latest:
        raise Refused(409, "day-passed", f"the day {latest} is open already: only a later one can be opened")
    _check_typing(act, label, again, latest)
    doubt = in_doubt(act)
    if doubt is None and served is not None and not served.is_closed and not days.is_held(act):
        days.close_day(act)
    day, act.head = open_store_day(act.connection, act.head, label, "manager", act.stamp)
    if doubt is None:
        days.serve(act, day.id, day.date)
    else:  # a manager who opens a day has said that the one before is over
        days.begin(act, day.id, day.date, doubt)
    return DayStanding(label, closed=False)


def _check_typing(act: Act, label: str, again: str | None, latest: str | None) -> None:
    """Refuse a date beyond tomorrow that may be a slip: it would close the centre until it comes. Raises Refused."""
    by_clock = business_date(act.stamp.wall_time) if act.stamp.tells_time else None
    by_day = None if latest is None else date.fromisoformat(latest)
    known = by_clock if act.stamp.is_sure else max(filter(None, (by_clock, by_day)), default=None)
    typed = date.fromisoformat(label)
    if known is not None and typed <= known + timedelta(days=1):
        return
    ahead = timedelta(days=1) if act.stamp.is_sure else TYPED_AHEAD
    if known is not None and typed > known + ahead:
        why = "this clock is right: " if act.stamp.is_sure else ""
        raise Refused(409, "too-far", f"{why}no day after {known + ahead} can be opened yet")
    if again != label:
        raise Refused(409, "type-again", f"no clock here is sure of {label}: type it twice, as open and again")


def undo_day(act: Act, label: str) -> DayStanding:
    """Take back that somebody opened a day, while nobody was called on it. Raises Refused."""
    served, opened = find_day(act.connection, act.day), current_day(act.connection)
    is_by_people = opened is not None and opened.opened_by in _BY_PEOPLE and opened.id == act.store_day
    if served is None or served.label != label or not is_by_people:
        raise Refused(409, "nothing-to-undo", f"nobody has opened the day {label}, or another one is served since")
    undo_opening(act)
    standing = find_day(act.connection, act.day)
    assert standing is not None  # noqa: S101 - it has got its former label
    return DayStanding(standing.label, closed=standing.is_closed)


def close_day(act: Act) -> DayStanding:
    """Close the day that is served: before its time all who wait are carried over. Raises Refused."""
    served = find_day(act.connection, act.day)
    if served is None:
        raise Refused(409, "no-day", "no business day is open")
    if not served.is_closed:
        days.close_day(act)
    return DayStanding(served.label, closed=True)


def set_groups(act: Act, number: int, groups: Sequence[str]) -> None:
    """Change which queues a counter calls. Raises Refused."""
    _defined(act, number)
    unknown = sorted(set(groups) - act.centre.queues())
    if unknown:
        raise Refused(422, "unknown-group", f"groups: there is no group {unknown[0]}")
    detail = {"name": f"{GROUPS}{number}", "value": list(groups), "message_id": _message_id(act)}
    act.record("groups-set", detail=detail)


def set_rules(act: Act, wishes: Mapping[str, float]) -> ChoiceRules:
    """Change the rule of choice; return it as it is now."""
    now = replace(choice_rules(act), **wishes)
    if wishes:
        detail = {"name": RULES, "value": msgspec.to_builtins(now), "message_id": _message_id(act)}
        act.record("rules-set", detail=detail)
    return now


def choice_rules(look: Act | Look) -> ChoiceRules:
    """Return the rule of choice as it is now."""
    return ChoiceRules(look.centre.rules.priority_weight, look.centre.rules.help_after_s)


def name_board(act: Act, address: str, *, counts: bool) -> list[str]:
    """Return whether a board at this address counts as the hall's board; return all that do.

    Raises:
        Refused: it is no IP address.
    """
    try:
        named = str(ipaddress.ip_address(address))
    except ValueError as error:
        raise Refused(422, "no-address", f"{address[:60]!r}: expected an IP address such as 192.168.1.20") from error
    boards = (act.centre.boards | {named}) if counts else (act.centre.boards - {named})
    if boards != act.centre.boards:
        detail = {"name": BOARDS, "value": sorted(boards), "message_id": _FOR_GOOD}
        act.record("boards-set", detail=detail)
    return sorted(boards)


def close_counter(act: Act, number: int) -> None:
    """Close a counter whose page is dead, or that central took out; a ticket that it had goes back, in front."""
    counter = find_counter(act.connection, number)
    if not counter.version:
        _defined(act, number)
    if counter.state == "closed":
        return
    if counter.must_resume:
        act.gifts_are_lost_since(max(1, act.line_us))
    left_open.close(act, counter)


def release(act: Act, number: int) -> None:
    """Wait no longer for what a counter last did before another hub took over; it may have given numbers by hand."""
    counter = find_counter(act.connection, number)
    if counter.must_resume:
        act.gifts_are_lost_since(max(1, act.line_us))
        act.record_at(counter, "released")


def counter_as_it_is(act: Act, number: int) -> CounterStanding:
    """Return a counter after what was done to it."""
    counter = find_counter(act.connection, number)
    return CounterStanding(number, counter.state, counter.must_resume)


def _defined(act: Act, number: int) -> None:
    if number not in act.centre.counters:
        raise Refused(404, "no-such-counter", f"there is no counter {number} in this centre")


def _message_id(act: Act) -> int:
    said = said_of_centre(act.connection, Counters)
    return said[1] if said is not None else 0
