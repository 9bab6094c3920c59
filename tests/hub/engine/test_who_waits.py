"""Those who wait are kept between transactions, and are at each moment what the disk says."""

import random

import pytest

from common.protocol.feed_message import QueueRules
from hub.engine import choice
from hub.engine.choice import One, who_waits
from hub.engine.days import close_day
from hub.takeover.replica import _set_aside_from
from tests.hub.hall import Hall

COUNTERS = {1: ["A", "B"], 2: ["A"], 3: ["C"]}
KINDS = {
    "open": ("next",),
    "called": ("came", "not-here", "again", "undo"),
    "serving": ("done", "park", "left", "transfer"),
}


def kept(hall: Hall) -> dict[str, One]:
    with hall.hub.read() as look:
        return {one.waiting.id: one for one in who_waits(look)}


def on_the_disk(hall: Hall) -> dict[str, One]:
    with hall.hub.read() as look:
        look.learned = {}
        return {one.waiting.id: one for one in who_waits(look)}


@pytest.mark.parametrize("seed", range(4))
def test_whatever_is_done_at_the_counters_they_are_as_on_the_disk(hall: Hall, seed: int) -> None:
    chance, done = random.Random(seed), set[str]()
    for number in (1, 2):
        hall.press(number, "open")
    for _ in range(120):
        hall.passes(61)
        if chance.random() < 0.5:
            kiosk = chance.choice(hall.kiosks)
            kiosk.give(chance.choice("AB"), priority=chance.choice(("none", "none", "elderly")))
        number = chance.choice((1, 2))
        kind = chance.choice(KINDS[hall.counter(number).state])
        more = {"to": 3 - number, "first": False} if kind == "transfer" else {}
        at = hall.counter(number)
        named = {} if kind == "next" else {"ticket": at.ticket, "version": at.version}
        if hall.raw(number, {"press": kind, **named, **more}).status == 200:  # nobody takes back what was taken back
            done.add(kind)
        assert kept(hall) == on_the_disk(hall), kind
    assert done == {kind for kinds in KINDS.values() for kind in kinds}


def test_read_again_is_only_whom_the_log_has_named(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    hall.press(1, "open")
    first, second, third = (hall.kiosks[0].give("A") for _ in range(3))
    assert kept(hall).keys() == {first.id, second.id, third.id}
    monkeypatch.setattr(choice, "_ALL", "no statement")
    assert hall.called(1) == first.number
    fourth = hall.kiosks[1].give("B")
    assert kept(hall).keys() == {second.id, third.id, fourth.id}


def test_what_was_taken_back_with_its_transaction_is_read_again(hall: Hall) -> None:
    hall.press(1, "open")
    first, second = (hall.ticket(hall.kiosks[0].give("A").id) for _ in range(2))

    def falls() -> None:
        with hall.act() as act:
            act.record("expired", second)
            assert {one.waiting.id for one in who_waits(act)} == {first.id}
            raise LookupError

    with pytest.raises(LookupError):
        falls()
    assert hall.called(1) == first.number  # by an event at the very seq
    assert kept(hall).keys() == {second.id}


def test_a_log_of_which_the_end_was_set_aside_is_read_whole(hall: Hall) -> None:
    first = hall.kiosks[0].give("A")
    with hall.hub.read() as look:
        held = look.seq
    second = hall.kiosks[0].give("A")
    assert kept(hall).keys() == {first.id, second.id}
    with hall.hub.store.write() as connection:
        _set_aside_from(connection, held + 1)
    assert kept(hall).keys() == {first.id}


def test_a_new_day_and_another_rule_are_read_whole(hall: Hall) -> None:
    old = hall.kiosks[0].give("A", priority="elderly")
    before = kept(hall)
    hall.set_up(COUNTERS, QueueRules(priority_weight=3.0), message_id=2)
    assert kept(hall) == on_the_disk(hall)
    assert kept(hall).keys() == before.keys() == {old.id}
    with hall.act() as act:
        close_day(act)
    assert kept(hall) == on_the_disk(hall) == {}
