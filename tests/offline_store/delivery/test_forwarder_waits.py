"""How long a forwarder waits after each failure, what ends a wait, and what it logs of it."""

import threading
from collections.abc import Callable
from typing import Any, cast

import pytest
from structlog.testing import capture_logs

from common.machine.errors import StoreDamaged, StoreError
from offline_store.delivery import forwarder as module
from offline_store.delivery.connection.delivery_error import REVOKED, DeliveryDeferred, DeliveryError, DeliveryRejected
from offline_store.delivery.forwarder import Forwarder
from offline_store.disk.database import Store
from tests.kit.clock import HandClock


class Backoff:
    """Delays by name, and what was asked for."""

    def __init__(self) -> None:
        self.asked: list[Any] = []

    def after_failure(self, retry_after_s: float | None = None) -> float:
        self.asked.append(("failure", retry_after_s))
        return 1.0

    def after_refusal(self) -> float:
        self.asked.append("refusal")
        return 500.0

    def at_boot(self, boottime_s: float) -> float:
        self.asked.append(("boot", boottime_s))
        return 12.34

    def reset(self) -> None:
        self.asked.append("reset")


class Watch:
    """Nothing that ends a wait, unless a test says so."""

    def __init__(self) -> None:
        self.started: list[tuple[bool, bool]] = []
        self.tries = False

    def start(self, *, for_links: bool, for_work: bool) -> None:
        self.started.append((for_links, for_work))

    def should_try(self) -> bool:
        return self.tries


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def one(store: Store, clock: HandClock) -> Forwarder:
    return Forwarder(store, lambda _: None, clock, watch=cast("Any", Watch()), backoff=cast("Any", Backoff()))


def asked(one: Forwarder) -> list[Any]:
    return cast("Backoff", one._backoff).asked


def falls(error: Exception) -> Callable[..., Any]:
    def step(*_: object, **__: object) -> Any:
        raise error

    return step


@pytest.mark.parametrize(
    ("error", "delay", "wanted"),
    [
        (DeliveryDeferred("timeout", "x"), 1.0, ("failure", None)),
        (DeliveryDeferred("status-503", "x", 30.0), 1.0, ("failure", 30.0)),
        (DeliveryRejected("unauthorised", "x"), 500.0, "refusal"),
        (DeliveryRejected(REVOKED, "x"), 500.0, "refusal"),
        (DeliveryRejected("refused", "x"), 1.0, ("failure", None)),
    ],
)
def test_a_failure_is_tried_again_soon_and_a_refusal_slowly(
    one: Forwarder, monkeypatch: pytest.MonkeyPatch, error: DeliveryError, delay: float, wanted: object
) -> None:
    noted: list[tuple[Any, ...]] = []
    monkeypatch.setattr(module, "record_failure", lambda _, __, *given: noted.append(given))
    monkeypatch.setattr(one, "_round", falls(error))
    with capture_logs() as logged:
        assert [one._attempt() for _ in range(2)] == [delay, delay]
    assert asked(one) == [wanted, wanted]
    assert noted == [(error.code, "x", delay)] * 2
    assert logged == [{"event": "delivery-failing", "log_level": "warning", "code": error.code, "detail": "x"}]
    monkeypatch.setattr(one, "_round", lambda: None)
    with capture_logs() as logged:
        for _ in range(2):
            one._attempt()
    assert logged == [{"event": "delivery-resumed", "log_level": "info", "after": error.code}]
    assert asked(one)[2:] == ["reset", "reset"]


def test_where_something_was_settled_before_a_failure_the_delay_begins_again(
    one: Forwarder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def settles() -> None:
        one._drain.settled += 1
        raise DeliveryDeferred("timeout", "x")

    monkeypatch.setattr(one, "_round", settles)
    one._attempt()
    assert asked(one) == ["reset", ("failure", None)]


def test_a_disk_that_refuses_is_logged_once_and_a_damaged_store_ends_it(
    one: Forwarder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(one, "_round", falls(StoreError("the disk is full")))
    with capture_logs() as logged:
        assert [one._attempt() for _ in range(2)] == [1.0, 1.0]
    assert logged == [
        {"event": "delivery-store-unavailable", "log_level": "warning", "detail": "the disk is full"},
    ]
    assert asked(one) == [("failure", None)] * 2
    monkeypatch.setattr(one, "_round", falls(StoreDamaged("torn")))
    with pytest.raises(StoreDamaged):
        one._attempt()


def test_a_hub_tells_who_waits_each_ten_seconds_and_a_kiosk_waits_as_the_feed_is_paced(
    store: Store, clock: HandClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    for waiting in (None, cast("Any", object())):
        made = Forwarder(store, lambda _: None, clock, waiting=waiting)
        monkeypatch.setattr(made, "_round", lambda: None)
        monkeypatch.setattr(made._pace, "wait_s", lambda now_s: 77.0 + now_s)
        assert made._attempt() == (1077.0 if waiting is None else 10.0)


def test_a_wait_ends_when_it_is_over_when_it_is_stopped_and_when_something_is_worth_a_try(
    one: Forwarder, clock: HandClock
) -> None:
    stop = threading.Event()
    assert not one._wait(3.5, stop)
    assert (sum(clock.slept), max(clock.slept)) == (3.5, 0.25)
    clock.slept.clear()
    cast("Watch", one._watch).tries = True
    assert one._wait(3.5, stop)
    assert not one._wait(0.0, stop)
    stop.set()
    assert not one._wait(3.5, stop)
    assert clock.slept == []


def test_the_first_attempt_waits_after_a_boot_and_links_and_work_count_after_it(
    one: Forwarder, clock: HandClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    stop, failing = threading.Event(), iter([None, "timeout"])
    waits: list[float] = []

    def attempt() -> float:
        one._failing = next(failing)
        return 5.0

    def wait(delay_s: float, stopping: threading.Event) -> bool:
        assert stopping is stop
        waits.append(delay_s)
        if len(waits) == 3:
            stop.set()
        return len(waits) == 2

    monkeypatch.setattr(one, "_attempt", attempt)
    monkeypatch.setattr(one, "_wait", wait)
    with capture_logs() as logged:
        one.run(stop)
    assert logged == [{"event": "delivery-began", "log_level": "info", "first_attempt_in_s": 12.3}]
    assert waits == [12.34, 5.0, 5.0]
    assert cast("Watch", one._watch).started == [(False, False), (True, True), (True, False)]
    assert asked(one) == [("boot", 1000.0), "reset"]
