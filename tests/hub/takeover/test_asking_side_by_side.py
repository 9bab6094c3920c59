"""All other hubs are asked at once, and one that does not answer is given up on time."""

import threading
from collections.abc import Iterator
from typing import Any, cast

import pytest

from hub.takeover.asking import Asking
from hub.takeover.peers import Peer, PeerSilent, Statement
from tests.hub.takeover.asked import B, C, states

LONG_S = 30.0


class Slow:
    """A hub that answers once it may."""

    def __init__(self, record: Any) -> None:
        self.record, self.asked, self.may = record, 0, threading.Event()

    def statement(self) -> Statement:
        self.asked += 1
        self.may.wait(LONG_S)
        return states(self.record.id, 1, leading=False)


class Together:
    """A hub that answers only while another one is being asked."""

    def __init__(self, record: Any, both: threading.Barrier) -> None:
        self.record, self.both = record, both

    def statement(self) -> Statement:
        self.both.wait(LONG_S)
        return states(self.record.id, 1, leading=True)


def peers(*found: object) -> list[Peer]:
    return cast("list[Peer]", list(found))


@pytest.fixture
def asking() -> Iterator[Asking]:
    asking = Asking()
    yield asking
    asking.close()


def test_all_are_asked_at_once(asking: Asking) -> None:
    both = threading.Barrier(2)
    found = asking.ask_all(peers(Together(B, both), Together(C, both)), LONG_S)
    assert found == [states("hub-b", 1, leading=True), states("hub-c", 1, leading=True)]


def test_one_whose_name_is_still_being_looked_up_is_silent_and_asked_no_second_time(asking: Asking) -> None:
    slow, quick = Slow(B), Slow(C)
    quick.may.set()
    for _ in range(2):
        silent, said = asking.ask_all(peers(slow, quick), 0.05 if quick.asked else 0.5)
        assert isinstance(silent, PeerSilent)
        assert said == states("hub-c", 1, leading=False)
    assert (slow.asked, quick.asked) == (1, 2)
    slow.may.set()
    for call in list(asking._under_way.values()):
        call.result(LONG_S)
    assert asking.ask_all(peers(slow), LONG_S) == [states("hub-b", 1, leading=False)]
    assert slow.asked == 2, "what it said too late is not its word of now"


def test_what_a_hub_says_wrongly_is_silence_and_a_fault_of_our_own_is_not(asking: Asking) -> None:
    class Wrong:
        record = B

        def __init__(self, error: Exception) -> None:
            self.error = error

        def statement(self) -> Statement:
            raise self.error

    (silent,) = asking.ask_all(peers(Wrong(PeerSilent("hub-b is away"))), LONG_S)
    assert str(silent) == "hub-b is away"
    with pytest.raises(RuntimeError, match="ours"):
        asking.ask_all(peers(Wrong(RuntimeError("ours"))), LONG_S)
