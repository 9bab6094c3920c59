"""Plays the rule of the queue forward: who is called when, if nobody else comes. Pure: no database, no clock."""

import heapq
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from hub.engine.order import Line, Moment, Seat, Waiting


class Turn(NamedTuple):
    """When somebody is called: after how many others, and after how many microseconds of working time."""

    before: int
    wait_us: int


class Busy(NamedTuple):
    """A counter that calls, and in how many microseconds it calls next."""

    seat: Seat
    free_in_us: int


def play(
    line: Line, counters: Sequence[Busy], now: Moment, took_us: Callable[[str], int], newcomers: Iterable[Waiting] = ()
) -> dict[str, Turn]:
    """Return who is called when, by id; those whom no counter calls are missing.

    `before` counts all calls: a counter helps other groups where its own are empty, so each that acts may call anybody.

    Args:
        line: those who wait; it is empty afterwards but for those whom nobody calls.
        counters: the counters that call.
        now: the moment in which the queue stands so.
        took_us: how long a service, named by its code, keeps a counter, in microseconds.
        newcomers: people who have no ticket yet; they are told their turn, and keep nobody waiting.
    """
    told: dict[str, Turn] = {}
    pending = list(newcomers)
    calls = 0
    seats = {one.seat.number: one.seat for one in counters}
    free = [(one.free_in_us, one.seat.number) for one in counters]
    heapq.heapify(free)

    while free and (len(line) or pending):
        at_us, number = heapq.heappop(free)
        seat, moment = seats[number], now.after(at_us, calls)
        one = line.next_for(seat, moment)
        called = None if one is None else line.turn(one, seat, moment)
        first = [new for new in pending if called is None or line.turn(new, seat, moment) < called]
        for new in first:
            told[new.id] = Turn(calls, at_us)
            pending.remove(new)
        if one is None:
            if (pause_us := line.next_callable_us(moment)) is not None:  # one who was absent may be called again later
                heapq.heappush(free, (at_us + pause_us, number))
            continue
        line.take(one, seat)
        told[one.id] = Turn(calls, at_us)
        calls += 1
        heapq.heappush(free, (at_us + took_us(one.service), number))
    return told
