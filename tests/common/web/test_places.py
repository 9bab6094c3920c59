"""Who gives a place up for whom, when all are taken."""

import asyncio
import socket
from collections.abc import Iterator
from contextlib import ExitStack
from itertools import count
from typing import ClassVar

import pytest

from common.web import places
from common.web.places import Listener, Place, Places

MOST = 16
KEPT = MOST // 4


class Line:
    """A connection's socket that notes whether it was ended."""

    numbers = count(10)
    unread: ClassVar[set[int]] = set()

    def __init__(self, number: int | None = None) -> None:
        self.number = next(self.numbers) if number is None else number
        self.is_ended = False

    def fileno(self) -> int:
        return self.number

    def shutdown(self, _how: int, /) -> None:
        self.is_ended = True

    def close(self) -> None:
        self.number = -1


@pytest.fixture
def hall(monkeypatch: pytest.MonkeyPatch) -> Places:
    monkeypatch.setattr(places, "most_connections", lambda: MOST)
    monkeypatch.setattr(places, "has_unread", lambda descriptor: descriptor in Line.unread)
    return Places()


def come(hall: Places, many: int, network: str = "10.0.0", *, spoken: bool = False) -> list[tuple[Place, Line]]:
    """Open as many connections, each from an address of its own."""
    found = []
    for n in range(many):
        line = Line()
        place = hall.take(line, f"{network}.{n + 1}")
        assert place is not None
        if spoken:
            place.has_spoken()
        found.append((place, line))
    return found


def ended(lines: list[tuple[Place, Line]]) -> list[int]:
    return [n for n, (_, line) in enumerate(lines) if line.is_ended]


def test_the_oldest_that_has_not_said_a_whole_head_gives_its_place_to_a_newcomer(hall: Places) -> None:
    lines = come(hall, MOST - KEPT)
    lines[0][0].has_spoken()
    come(hall, 2, "10.0.1")
    assert ended(lines) == [1, 2]


def test_who_has_said_something_that_nobody_had_time_to_read_stays(
    hall: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = come(hall, MOST - KEPT)
    monkeypatch.setattr(Line, "unread", {lines[0][1].number, lines[1][1].number})
    come(hall, 2, "10.0.1")
    assert ended(lines) == [2, 3]
    monkeypatch.setattr(Line, "unread", {line.number for _, line in lines} | set(range(10_000)))
    come(hall, 1, "10.0.2")
    assert ended(lines) == [0, 2, 3], "where all have, it is the oldest as ever"


def test_what_is_unread_is_seen_by_its_descriptor() -> None:
    one, other = socket.socketpair()
    with one, other:
        assert not places.has_unread(one.fileno())
        other.send(b"x")
        assert places.has_unread(one.fileno())
        one.recv(1)
        assert not places.has_unread(one.fileno())
        other.send(b"x")
        other.shutdown(socket.SHUT_WR)
        assert not places.has_unread(one.fileno()), "who has left waits for nothing"


def test_who_was_answered_and_waits_for_nothing_gives_way_after_those_who_are_silent(hall: Places) -> None:
    lines = come(hall, MOST - KEPT, spoken=True)
    for place, _ in lines[2:4]:
        place.is_answered()
    silent = come(hall, 1, "10.0.1")  # nobody is silent yet
    assert ended(lines) == [2]
    come(hall, 1, "10.0.2")
    assert (ended(silent), ended(lines)) == ([0], [2])


def test_who_is_being_answered_is_never_ended_and_a_stranger_finds_no_place_then(hall: Places) -> None:
    lines = come(hall, MOST - KEPT, spoken=True)
    assert hall.take(Line(), "10.0.1.1") is None
    assert ended(lines) == []


def test_places_are_kept_for_addresses_of_those_who_are_known(hall: Places) -> None:
    come(hall, MOST - KEPT, spoken=True)
    hall.know("10.0.1.1")
    for _ in range(KEPT):
        place = hall.take(Line(), "10.0.1.1")
        assert place is not None
        place.has_spoken()
    assert hall.take(Line(), "10.0.1.1") is None, "all are being answered"


def test_a_stranger_takes_no_place_of_one_who_is_known(hall: Places) -> None:
    hall.know("10.0.1.1")
    line = Line()
    place = hall.take(line, "10.0.1.1")
    assert place is not None
    place.has_spoken()
    place.is_answered()
    come(hall, MOST - KEPT - 1, spoken=True)
    assert hall.take(Line(), "10.0.2.1") is None
    assert not line.is_ended


def test_of_one_address_the_oldest_that_is_silent_gives_way_and_no_other_does(
    hall: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(places, "MOST_OF_ONE", 3)
    others = come(hall, 2)
    own = [Line() for _ in range(4)]
    taken = [hall.take(line, "10.0.1.1") for line in own]
    assert None not in taken
    assert [line.is_ended for line in own] == [True, False, False, False]
    for place in taken:
        assert place is not None
        place.has_spoken()
    assert hall.take(Line(), "10.0.1.1") is None
    assert ended(others) == []


def test_a_connection_that_was_closed_without_a_word_holds_no_place(hall: Places) -> None:
    """Such as one whose TLS never began: nobody hears of its end but by its descriptor."""
    lines = come(hall, MOST - KEPT, spoken=True)
    lines[3][1].close()
    assert hall.take(Line(), "10.0.1.1") is not None
    reused = Line(lines[4][1].number)
    lines[4][1].close()
    place = hall.take(reused, "10.0.1.2")
    assert place is not None
    assert hall.of(reused) is place
    hall.leave(lines[4][0])
    assert hall.of(reused) is place, "who is gone takes nobody's place along"


def test_only_so_many_addresses_are_known_and_not_for_ever(hall: Places, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(places, "MOST_KNOWN", 2)
    come(hall, MOST - KEPT, spoken=True)
    for n in (1, 2, 3):
        hall.know(f"10.0.1.{n}")
    assert hall.take(Line(), "10.0.1.1") is None
    known = hall.take(Line(), "10.0.1.3")
    assert known is not None
    known.has_spoken()
    monkeypatch.setattr(places, "KNOWN_FOR_S", 0.0)
    assert hall.take(Line(), "10.0.1.2") is None


@pytest.fixture
def listener() -> Iterator[Listener]:
    with Listener(socket.AF_INET, socket.SOCK_STREAM) as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen(MOST)
        listening.setblocking(False)
        yield listening


async def test_a_connection_that_says_no_whole_head_ends_in_time(listener: Listener) -> None:
    listener.head_within_s = 0.05
    with ExitStack() as held:
        callers = [held.enter_context(socket.create_connection(listener.getsockname())) for _ in range(2)]
        taken = [held.enter_context(listener.accept()[0]) for _ in callers]
        spoken = places.PLACES.of(taken[1])
        assert spoken is not None
        spoken.has_spoken()
        loop = asyncio.get_running_loop()
        callers[0].setblocking(False)
        assert await asyncio.wait_for(loop.sock_recv(callers[0], 1), 20) == b""
        callers[1].setblocking(False)
        with pytest.raises(BlockingIOError):
            callers[1].recv(1)


async def test_a_newcomer_for_whom_there_is_no_place_is_closed_and_the_next_is_taken(
    listener: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = iter([None, Place(Line(), "127.0.0.1")])
    monkeypatch.setattr(places.PLACES, "take", lambda *_: next(answers))
    with (
        socket.create_connection(listener.getsockname(), timeout=20) as refused,
        socket.create_connection(listener.getsockname(), timeout=20) as welcome,
        listener.accept()[0] as taken,
    ):
        assert taken.getpeername() == welcome.getsockname()
        assert refused.recv(1) == b""
        with pytest.raises(BlockingIOError):
            listener.accept()
