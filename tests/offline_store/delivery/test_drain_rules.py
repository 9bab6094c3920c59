"""Which batches a pass sends, and when their answers are written down: over a line and an outbox that are lists."""

import threading
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any, Self, cast

import pytest

from common.protocol.envelope import Batch, BatchAnswer, Item, ItemResult
from offline_store.delivery import drain
from offline_store.delivery.connection.delivery_error import DeliveryDeferred, DeliveryError, DeliveryRejected
from offline_store.delivery.dispatch import BatchToSend, Settled
from offline_store.delivery.drain import Drain
from offline_store.delivery.line import Answered
from tests.kit.clock import HandClock

REFUSED, TOO_SLOW = DeliveryRejected("bad-request", "no"), DeliveryDeferred("too-slow", "slow")


class Town:
    """What waits, by row, and what is heard of a batch, which is else taken. `did` is all that went on."""

    def __init__(self, waiting: int = 0, **of: Sequence[int]) -> None:
        self.waiting = dict.fromkeys(range(1, waiting + 1), "k1")
        self.waiting |= {row: kiosk for kiosk, rows in of.items() for row in rows}
        self.did: list[str] = []
        self.is_quick = False
        self.hears: Callable[[BatchToSend], Answered | None] = lambda _: None
        self.keys = {"k1", "k2"}
        self.has_of_asked = True
        self.drain = Drain(cast("Any", self), self.uplink_of, HandClock().now, lambda _: self.did.append("told"))

    def next(self, _store: object, *, after_row: int, max_items: int, without: set[str], without_rows: Any) -> Any:
        rows = [row for row in sorted(self.waiting) if row > after_row and row not in without_rows]
        rows = [row for row in rows if self.waiting[row] not in without]
        rows = [row for row in rows[:max_items] if self.waiting[row] == self.waiting[rows[0]]]
        items = [cast("Item", SimpleNamespace(id=str(row), hash=f"h{row}")) for row in rows]
        return BatchToSend(self.waiting[rows[0]], rows[0], rows[-1], items) if rows else None

    def settle(self, _store: object, answered: list[tuple[BatchToSend, BatchAnswer]], _now: object) -> Settled:
        self.did.append(f"settled {len(answered)}")
        taken = [result.id for _, answer in answered for result in answer.results]
        for row in taken:
            del self.waiting[int(row)]
        return Settled(len(taken), 0, sum(len(batch.items) for batch, _ in answered) - len(taken))

    def uplink_of(self, kiosk: str) -> Any:
        def send(batch: Batch) -> BatchAnswer:
            asked = batch.asked or []
            self.did.append(f"asked {asked[0].id}-{asked[-1].id}")
            assert [one.hash for one in asked] == [f"h{one.id}" for one in asked]
            return BatchAnswer([ItemResult(one.id, "applied") for one in asked if self.has_of_asked], 0)

        return SimpleNamespace(send=send) if kiosk in self.keys else None

    @contextmanager
    def write(self) -> Any:
        yield self

    def run(self, stop: threading.Event | None = None) -> DeliveryError | None:
        """One pass; return what it raised."""
        try:
            self.drain.run(stop or threading.Event())
        except DeliveryError as error:
            return error
        return None

    def done(self) -> str:
        did, self.did = self.did, []
        return ", ".join(did)


@pytest.fixture(autouse=True)
def _in_lists(monkeypatch: pytest.MonkeyPatch) -> None:
    class Line:
        def __init__(self, uplink_of: Any) -> None:
            self.town: Town = uplink_of.__self__
            self.under_way: deque[BatchToSend] = deque()

        def __enter__(self) -> Self:
            return self

        def __exit__(self, *_: object) -> None:
            assert not self.under_way

        is_empty = property(lambda self: not self.under_way)
        is_quick = property(lambda self: self.town.is_quick)
        has_room = property(lambda self: len(self.under_way) < (2 if self.town.is_quick else 1))

        def send(self, batch: BatchToSend) -> None:
            self.under_way.append(batch)
            self.town.did.append(f"{batch.first_row}-{batch.last_row}")

        def next_answer(self) -> tuple[BatchToSend, Answered]:
            batch = self.under_way.popleft()
            taken = BatchAnswer([ItemResult(item.id, "applied") for item in batch.items], 0)
            return batch, self.town.hears(batch) or taken

    monkeypatch.setattr(drain, "Line", Line)
    monkeypatch.setattr(drain, "MAX_BATCH_ITEMS", 8)
    monkeypatch.setattr(drain, "next_batch", lambda store, **asked: store.next(store, **asked))
    monkeypatch.setattr(drain, "settle", lambda store, *given: store.settle(store, *given))
    monkeypatch.setattr(drain, "raise_alarm", lambda town, code, text, _: town.did.append(f"{code}: {text}"))


def holds(*rows: int) -> Callable[[BatchToSend], Answered | None]:
    """Central looks at no batch with one of these."""
    return lambda batch: REFUSED if {int(item.id) for item in batch.items} & set(rows) else None


def test_on_a_slow_line_each_answer_is_written_down_while_the_next_batch_is_under_way() -> None:
    town = Town(20)
    assert (town.run(), town.drain.settled) == (None, 20)
    assert town.done() == "1-8, told, 9-16, settled 1, told, 17-20, settled 1, told, settled 1"


def test_on_a_quick_line_two_are_under_way_and_four_answers_are_written_down_at_once() -> None:
    town = Town(50)
    town.is_quick = True
    assert (town.run(), town.drain.settled) == (None, 50)
    assert town.done() == (
        "1-8, 9-16, told, 17-24, told, 25-32, told, 33-40, told, 41-48, settled 4, told, 49-50, told, settled 2, "
        "told, settled 1"
    )


def test_what_is_read_already_is_sent_before_it_stops() -> None:
    town, stop = Town(40), threading.Event()
    town.hears = lambda batch: stop.set() if batch.first_row == 9 else None
    assert (town.run(stop), town.drain.settled, town.drain.has_fresh()) == (None, 24, True)
    assert town.done() == "1-8, told, 9-16, settled 1, told, 17-24, settled 1, told, settled 1"


def test_an_item_that_is_refused_is_found_by_halves_held_back_and_goes_last() -> None:
    town, held = Town(12), "3-3, items-held-back: item 3 waits still: no"
    town.hears = holds(3)
    assert (town.run(), town.drain.settled, town.drain.has_fresh()) == (REFUSED, 11, False)
    assert town.done() == (
        f"1-8, 1-4, 1-2, told, 3-6, settled 1, 3-4, {held}, 4-4, told, 5-6, settled 1, told, 7-10, settled 1, told, "
        "11-12, settled 1, told, settled 1"
    )
    town.waiting |= dict.fromkeys(range(13, 15), "k1")
    assert town.drain.has_fresh()
    assert (town.run(), town.done()) == (REFUSED, f"13-14, told, settled 1, {held}")
    town.hears = lambda _: None
    assert (town.run(), town.done()) == (None, "3-3, told, settled 1")
    town.waiting[3] = "k1"
    assert town.drain.has_fresh(), "nothing is held back any more"


def test_five_refused_one_by_one_end_a_pass_and_the_next_goes_on_behind_them() -> None:
    def held(*rows: int) -> str:
        return ", ".join(f"{row}-{row}, items-held-back: item {row} waits still: no" for row in rows)

    town = Town(16)
    town.hears = holds(*range(1, 13))
    passes = []
    for _ in range(4):
        assert town.run() is REFUSED
        passes.append(town.done())
    assert passes == [
        f"1-8, 1-4, 1-2, {held(1, 2, 3, 4, 5)}",
        held(6, 7, 8, 9, 10),
        f"{held(11, 12)}, 13-13, told, 14-15, settled 1, told, 16-16, settled 1, told, settled 1",
        passes[0],
    ]
    town.hears = lambda _: None
    behind, rest = "6-6, told, 7-8, settled 1, told, 9-12, settled 1, told, settled 1", "1-5, told, settled 1"
    assert [(town.run(), town.done()) for _ in range(2)] == [(None, behind), (None, rest)]


def test_a_kiosk_that_is_no_longer_known_is_silent_for_this_pass_and_others_are_not() -> None:
    town = Town(k1=[1, 2, 5], k2=[3, 4, 6])
    unknown = DeliveryRejected("unauthorised", "k1")
    town.hears = lambda batch: unknown if batch.kiosk == "k1" else None
    assert (town.run(), town.done(), town.drain.settled) == (unknown, "1-5, 3-6, told, settled 1", 3)
    town.hears = lambda _: None
    assert (town.run(), town.done(), town.drain.settled) == (None, "1-5, told, settled 1", 6)


def test_what_a_line_does_not_bring_over_is_asked_about_and_sent_by_halves_until_ten_have_come_over() -> None:
    town = Town(8)
    town.hears = lambda batch: TOO_SLOW if len(batch.items) > 2 else None
    town.has_of_asked = False
    assert town.run() is None
    assert town.done() == (
        "1-8, asked 1-8, settled 1, 1-4, asked 1-4, settled 1, 1-2, told, 3-4, settled 1, told, 5-6, settled 1, told, "
        "7-8, settled 1, told, settled 1"
    )
    town.waiting |= dict.fromkeys(range(20, 50), "k1")
    town.hears = lambda _: None
    assert (town.run(), town.drain.settled) == (None, 38)
    sizes = [one for one in town.done().split(", ") if one[0].isdecimal()]
    assert sizes == ["20-21", "22-23", "24-25", "26-27", "28-29", "30-31", "32-33", "34-37", "38-41", "42-45", "46-49"]


def test_what_central_has_already_is_not_sent_again_and_nothing_is_smaller_than_one() -> None:
    town = Town(8)
    town.hears = lambda _: TOO_SLOW
    assert (town.run(), town.done(), town.drain.settled) == (None, "1-8, asked 1-8, settled 1", 8)
    town.waiting, town.has_of_asked = dict.fromkeys((1, 2, 3), "k1"), False
    assert (town.run(), town.done(), town.drain.settled) == (TOO_SLOW, "1-3, asked 1-3, settled 1, 1-1", 8)
    town.keys = set()
    assert (town.run(), town.done()) == (TOO_SLOW, "1-1"), "nobody can ask about the one in doubt"


def test_behind_a_failure_what_is_under_way_is_heard_to_its_end() -> None:
    gone = DeliveryDeferred("no-network", "x")
    town = Town(20)
    town.is_quick = True
    town.hears = lambda batch: gone if batch.first_row == 9 else None
    assert (town.run(), town.done()) == (gone, "1-8, 9-16, told, 17-20, told, settled 2")
    town = Town(20)
    town.is_quick = True
    town.hears = lambda batch: TOO_SLOW if batch.first_row >= 9 else None
    assert (town.run(), town.done()) == (
        None, "1-8, 9-16, told, 17-20, settled 1, asked 9-16, settled 1, asked 17-20, settled 1"
    )  # fmt: skip


def test_items_that_an_answer_does_not_name_are_told_of_at_the_end() -> None:
    town = Town(10)
    town.hears = lambda batch: BatchAnswer([ItemResult(batch.items[0].id, "applied")], 0)
    partial = town.run()
    assert isinstance(partial, DeliveryDeferred)
    assert (partial.code, str(partial)) == ("partial", "central's answer did not settle 1 of 2 items")
    assert (town.done(), town.drain.settled) == ("1-8, told, 9-10, settled 1, told, settled 1", 2)
