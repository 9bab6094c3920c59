"""What a fact makes of its ticket and of its counter: the one place where what stands in the hall is changed.

A fact says what happened; what its ticket and counter are by it follows from what they were. Only a ticket that begins,
or that somebody else tells of, stands in its fact as it is.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple

from msgspec.structs import replace

from common.queue.standing import Counter, End, Ticket

COUNTER_CLOSED: Final = "counter-closed"


class Fact(NamedTuple):
    """One fact, as far as ticket and counter follow from it; lines and work in microseconds.

    `counter`: at which it happened; `at`: by the clock on the wall.
    """

    seq: int
    kind: str
    line_us: int
    work_us: int
    at: str
    counter: int | None = None
    clerk: str | None = None
    press: str | None = None
    reason: str | None = None
    detail: Mapping[str, Any] = {}


def ticket_after(ticket: Ticket, fact: Fact) -> Ticket:
    """Return a ticket after a fact of its own.

    Raises:
        KeyError: no fact of this kind is known to change a ticket.
    """
    return replace(ticket, **_OF_TICKETS[fact.kind](ticket, fact))


def counter_after(counter: Counter, fact: Fact, ticket: Ticket | None = None) -> Counter:
    """Return a counter after a fact that happened at it; `ticket`: of that fact, as it stood before.

    Raises:
        KeyError: no fact of this kind is known to change a counter.
    """
    if fact.kind in _AFTER_A_TAKEOVER:
        return _after_a_takeover(counter, fact.kind)
    if fact.press is None and fact.kind in _CLOSED_BY_OTHERS:
        return _closed_by_others(counter)
    last_seq = counter.last_seq if fact.press == counter.last_press else fact.seq
    return replace(
        counter, version=counter.version + 1, acted_line=fact.line_us, acted_work=fact.work_us, last_press=fact.press,
        last_seq=last_seq, clerk=fact.clerk or counter.clerk, **_of_counter(fact, ticket),
    )  # fmt: skip


# --- tickets ------------------------------------------------------------------------------------------------------


def _ended(fact: Fact, end: End, state: str = "ended") -> dict[str, Any]:
    ended = {"state": state, "end": end, "ended_line": fact.line_us, "ended_work": fact.work_us}
    return ended | {"counter": None, "front_line": None}


def _called(_: Ticket, fact: Fact) -> dict[str, Any]:
    former = ("front_line", "absent_line", "absent_seq", "parked_at", "ended_line", "ended_work", "end")
    return dict.fromkeys((*former, "came_line", "came_work")) | {
        "state": "called", "counter": fact.counter, "call_seq": fact.seq, "call_counter": fact.counter,
        "called_at": fact.at, "called_line": fact.line_us, "called_work": fact.work_us,
    }  # fmt: skip


def _called_again(_: Ticket, fact: Fact) -> dict[str, Any]:
    return {"call_seq": fact.seq, "called_at": fact.at}


def _came(_: Ticket, fact: Fact) -> dict[str, Any]:
    return {"state": "serving", "came_line": fact.line_us, "came_work": fact.work_us}


def _not_here(ticket: Ticket, fact: Fact) -> dict[str, Any]:
    absent = {"absences": ticket.absences + 1, "absent_line": fact.line_us, "absent_seq": fact.seq}
    return absent | {"state": "waiting", "counter": None}


def _missed(ticket: Ticket, fact: Fact) -> dict[str, Any]:
    return _not_here(ticket, fact) | _ended(fact, "missed", "missed")


def _parked(_: Ticket, fact: Fact) -> dict[str, Any]:
    return {"state": "parked", "counter": None, "parked_at": fact.reason or ""}


def _resumed(_: Ticket, fact: Fact) -> dict[str, Any]:
    back = {"state": "waiting", "front_line": fact.line_us}
    if fact.reason == COUNTER_CLOSED:
        return back | {"counter": None, "came_line": None, "came_work": None}
    former = ("end", "ended_line", "ended_work", "absent_line", "absent_seq", "parked_at")
    return back | dict.fromkeys(former) | {"absences": 0}


def _transferred(ticket: Ticket, fact: Fact) -> dict[str, Any]:
    to = fact.reason or ""
    only = int(to) if to.isdigit() else None
    return {
        "state": "waiting", "counter": None, "queue": to if only is None else ticket.queue, "only_counter": only,
        "absences": 0, "front_line": fact.line_us if fact.detail["first"] else None, "came_line": None,
        "came_work": None,
    }  # fmt: skip


def _expired(ticket: Ticket, fact: Fact) -> dict[str, Any]:
    return _ended(fact, ticket.end or "expired")


def _carried(_: Ticket, fact: Fact) -> dict[str, Any]:
    return _ended(fact, "carried") | {"first_day": fact.detail["first"], "last_day": fact.detail["last"]}


def _moved_on(_: Ticket, fact: Fact) -> dict[str, Any]:
    return {"day": fact.detail["day"]}


def _voided(_: Ticket, fact: Fact) -> dict[str, Any]:
    return _ended(fact, "voided") | {"is_voided": True}


def _served(end: End) -> Callable[[Ticket, Fact], dict[str, Any]]:
    return lambda _, fact: _ended(fact, end)


_OF_TICKETS: Final[Mapping[str, Callable[[Ticket, Fact], dict[str, Any]]]] = {
    "called": _called,
    "called-again": _called_again,
    "came": _came,
    "not-here": _not_here,
    "missed": _missed,
    "parked": _parked,
    "resumed": _resumed,
    "transferred": _transferred,
    "done": _served("done"),
    "done-unconfirmed": _served("done-unconfirmed"),
    "left": _served("left"),
    "expired": _expired,
    "carried": _carried,
    "by-hand": _served("by-hand"),
    "voided": _voided,
    "moved-on": _moved_on,
}

# --- counters -----------------------------------------------------------------------------------------------------

_FREE: Final[Mapping[str, Any]] = {"state": "open", "ticket": None}
_OF_COUNTERS: Final[Mapping[str, Mapping[str, Any]]] = {
    "counter-opened": {"state": "open", "reason": None},
    COUNTER_CLOSED: {"state": "closed", "reason": None},
    "came": {"state": "serving"},
    **{kind: {} for kind in ("called-again", "resumed", "given", "by-hand")},
    **dict.fromkeys(("not-here", "missed", "parked", "transferred"), _FREE),
    **dict.fromkeys(("done", "done-unconfirmed", "left", "voided"), _FREE),
}
_CLOSED_BY_OTHERS: Final = frozenset({"voided", "resumed", COUNTER_CLOSED})
"""Without a press: a manager or central closed the counter, and this became of whom it had."""
_AFTER_A_TAKEOVER: Final = frozenset({"must-resume", "released", "resumed-after-takeover"})


def _of_counter(fact: Fact, ticket: Ticket | None) -> Mapping[str, Any]:
    if fact.kind == "counter-paused":
        return {"state": "paused", "reason": fact.reason}
    if fact.kind == "called" and ticket is not None:
        is_carried = ticket.place_line is not None
        return {"state": "called", "ticket": ticket.id, "reason": None, "called_carried": is_carried}
    return _OF_COUNTERS[fact.kind]


def _after_a_takeover(counter: Counter, kind: str) -> Counter:
    """Return a counter of which it is not known what it last did, or not any more."""
    if kind == "must-resume":
        return replace(counter, must_resume=True)
    return replace(counter, must_resume=False, version=counter.version + int(kind == "released"))


def _closed_by_others(counter: Counter) -> Counter:
    """Return a counter that a manager or central closed; nobody keeps it, and its next press is its first."""
    return counter if counter.state == "closed" else Counter(number=counter.number, version=counter.version + 1)
