"""A line that brings little on brings it on: batches are halved and grow again, and neither direction waits."""

import contextlib
import random
from collections.abc import Callable, Iterator

import pytest

from common.protocol.envelope import Batch, BatchAnswer
from common.protocol.feed_message import OrderState
from offline_store.delivery.connection.delivery_error import DeliveryDeferred, DeliveryError
from offline_store.delivery.connection.uplink import HttpUplink
from tests.kit.delivering import Delivering
from tests.kit.fake_central import DROPPED, Fault, Reply, status
from tests.offline_store.slow_line import SlowLine


class Line:
    """An uplink over a line that loses the answer of every batch above a size."""

    def __init__(self, uplink: HttpUplink, brings: int) -> None:
        self.uplink, self.brings, self.reaches_central = uplink, brings, False
        self.on_its_way: Callable[[], object] = lambda: None
        self.tried: list[int] = []
        self.feed, self.time = uplink.feed, uplink.time

    def send(self, batch: Batch) -> BatchAnswer:
        self.tried.append(len(batch.items))
        if len(batch.items) > self.brings:
            if self.reaches_central:
                self.uplink.send(batch)
                self.on_its_way()
            raise DeliveryDeferred("too-slow", "the line is very slow")
        return self.uplink.send(batch)


def test_a_batch_that_ran_out_of_time_is_halved_and_grows_again(kiosk: Delivering) -> None:
    kiosk.tickets(600)
    line = Line(kiosk.uplink, brings=30)
    forwarder = kiosk.new_forwarder(lambda _: line)  # type: ignore[arg-type, return-value]
    forwarder.run_once()
    sizes = [size for size in line.tried if size]
    assert sizes[:3] == [100, 50, 25]
    assert kiosk.waiting() == []
    assert len([size for size in sizes if size > 30]) <= 2 + 600 / 25 / 10
    line.brings, line.tried = 100, []
    kiosk.tickets(1500)
    forwarder.run_once()  # the same one, which has learned that the line is slow
    assert line.tried.count(100) > 5


def test_what_reached_central_is_not_sent_again(kiosk: Delivering) -> None:
    kiosk.tickets(98)  # with the store's and the day's own items a whole batch
    before = kiosk.waiting()
    line = Line(kiosk.uplink, brings=30)
    line.reaches_central = True
    kiosk.new_forwarder(lambda _: line).run_once()  # type: ignore[arg-type, return-value]
    assert kiosk.waiting() == []
    assert kiosk.central.batches == [before]
    assert kiosk.central.asked == [before]


def test_batches_stay_large_where_answers_alone_are_lost(kiosk: Delivering) -> None:
    kiosk.tickets(498)
    line = Line(kiosk.uplink, brings=30)
    line.reaches_central = True
    kiosk.new_forwarder(lambda _: line).run_once()  # type: ignore[arg-type, return-value]
    assert kiosk.waiting() == []
    assert [size for size in line.tried if size] == [100] * 5


def test_an_answer_to_the_question_counts_only_for_the_very_item(kiosk: Delivering) -> None:
    ids = kiosk.tickets(3)
    line = Line(kiosk.uplink, brings=1)
    line.reaches_central = True
    line.on_its_way = lambda: kiosk.central.items.pop(ids[1])  # central has all but one of them
    kiosk.new_forwarder(lambda _: line).run_once()  # type: ignore[arg-type, return-value]
    assert kiosk.central.batches[1:] == [[ids[1]]]
    assert kiosk.waiting() == []


def test_a_line_that_brings_nothing_over_says_so_and_keeps_everything(kiosk: Delivering) -> None:
    kiosk.tickets(3)
    before = kiosk.waiting()
    line = Line(kiosk.uplink, brings=0)
    with pytest.raises(DeliveryDeferred, match="slow"):
        kiosk.new_forwarder(lambda _: line).run_once()  # type: ignore[arg-type, return-value]
    assert kiosk.waiting() == before
    assert kiosk.alarms() == {"central-slow"}


LOST_ON_THE_WAY = 0.2


@pytest.mark.parametrize("seed", range(5))
def test_a_line_that_loses_a_fifth_of_what_goes_over_it_brings_everything_once(kiosk: Delivering, seed: int) -> None:
    """Each request and each answer is lost with that chance: TCP has given up over it."""
    kiosk.tickets(400)
    chance = random.Random(seed)
    applied: list[str] = []

    class Lossy(Line):
        def send(self, batch: Batch) -> BatchAnswer:
            if chance.random() < LOST_ON_THE_WAY:
                raise DeliveryDeferred("too-slow", "the request was lost")
            answer = self.uplink.send(batch)
            applied.extend(result.id for result in answer.results if result.result == "applied")
            if chance.random() < LOST_ON_THE_WAY:
                raise DeliveryDeferred("too-slow", "the answer was lost")
            return answer

    line = Lossy(kiosk.uplink, brings=0)
    for _ in range(60):
        with contextlib.suppress(DeliveryDeferred):
            kiosk.new_forwarder(lambda _: line).run_once()  # type: ignore[arg-type, return-value]
        if not kiosk.waiting():
            break
    assert kiosk.waiting() == []
    assert len(applied) == len(set(applied)) == 402


FEED_FAILS = {
    "ill": status(500),
    "busy": status(503, "60"),
    "cut": Fault(reply=lambda reply: Reply(reply.status, reply.headers, reply.body, cut=5)),
    "dropped": Fault(instead=DROPPED),
    "refused": status(403),
}


@pytest.mark.parametrize("name", FEED_FAILS)
def test_a_feed_that_fails_keeps_no_item_waiting(kiosk: Delivering, name: str) -> None:
    kiosk.tickets(7)
    kiosk.central.every["feed"] = FEED_FAILS[name]
    with pytest.raises(DeliveryError):
        kiosk.forwarder.run_once()
    assert kiosk.waiting() == []
    assert len(kiosk.central.items) == 9


@pytest.mark.parametrize("fault", [status(500), Fault(instead=DROPPED), status(503, "60")])
def test_a_delivery_that_fails_keeps_no_news_waiting(kiosk: Delivering, fault: Fault) -> None:
    kiosk.tickets(1)
    kiosk.central.page_messages = 2
    for number in range(7):
        kiosk.central.publish("order-state", OrderState(f"{number:032x}", "ready"))
    kiosk.central.every["batches"] = fault
    with pytest.raises(DeliveryError):
        kiosk.forwarder.run_once()
    assert kiosk.central.calls.count("feed") == 4


def test_what_comes_while_a_long_snapshot_is_heard_goes_out_between_its_parts(
    kiosk: Delivering, monkeypatch: pytest.MonkeyPatch
) -> None:
    kiosk.central.page_messages = 2
    for number in range(9):
        kiosk.central.publish("order-state", OrderState(f"{number:032x}", "ready"))
    hear = kiosk.forwarder._hear_page

    def hear_and_issue() -> bool:
        more = hear()
        if kiosk.central.calls.count("feed") == 2:
            kiosk.tickets(1)
        return more

    monkeypatch.setattr(kiosk.forwarder, "_hear_page", hear_and_issue)
    kiosk.forwarder.run_once()
    calls = [call for call in kiosk.central.calls if call != "time"]
    assert calls[:5] == ["feed", "batches", "feed", "batches", "feed"]


@pytest.fixture
def slow(kiosk: Delivering) -> Iterator[Callable[[float], SlowLine]]:
    lines: list[SlowLine] = []

    def make(bytes_per_s: float) -> SlowLine:
        lines.append(SlowLine(kiosk.central.url, bytes_per_s, delay_s=0.02))
        return lines[-1]

    yield make
    for line in lines:
        line.close()


def test_a_backlog_goes_over_a_real_connection_that_is_slower_than_its_limit(
    kiosk: Delivering, slow: Callable[[float], SlowLine], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The limits are a fiftieth of the real ones and so is the line's slowness: 9,600 bit/s for a minute's silence."""
    monkeypatch.setattr("offline_store.delivery.connection.uplink.SILENCE_S", 1.2)
    kiosk.tickets(150)
    line = slow(60_000)
    kiosk.central.url = line.url  # which name it was called by is signed
    uplink = HttpUplink(line.url, kiosk="kiosk-0001", key=kiosk.key, signing_keys=lambda: kiosk.central.keys)
    kiosk.new_forwarder(lambda _: uplink).run_once()
    uplink.close()
    assert kiosk.waiting() == []
    sent = [one for batch in kiosk.central.batches for one in batch]
    assert len(sent) == len(set(sent)) == 152
