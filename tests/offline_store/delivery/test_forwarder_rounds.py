"""What a forwarder does in one round, and which failure of several it tells."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from structlog.testing import capture_logs

from common.protocol.envelope import BatchAnswer
from common.protocol.feed_page import Gap
from offline_store.delivery import forwarder as module
from offline_store.delivery.connection.delivery_error import DeliveryDeferred, DeliveryError, DeliveryRejected
from offline_store.delivery.forwarder import Forwarder
from offline_store.disk.database import Store
from tests.kit.clock import HandClock

GAP, OTHER = (Gap(f"00000000-0000-4000-8000-00000000000{n}", 5) for n in (1, 2))


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def one(store: Store, clock: HandClock) -> Forwarder:
    return Forwarder(store, lambda _: None, clock)


def falls(error: Exception) -> Callable[..., Any]:
    def step(*_: object, **__: object) -> Any:
        raise error

    return step


def test_a_gap_is_filled_once_an_hour_whatever_becomes_of_it(
    one: Forwarder, clock: HandClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled: list[list[Gap]] = []

    def resend(_: Store, gaps: list[Gap]) -> int:
        filled.append(gaps)
        return 3 if GAP in gaps else 0

    monkeypatch.setattr(module, "resend_gaps", resend)
    with capture_logs() as logged:
        one._fill([])
        one._fill([GAP])
        one._fill([GAP, OTHER])
        clock.sleep(3599)
        one._fill([GAP])
        clock.sleep(1)
        one._fill([GAP])
    assert filled == [[GAP], [OTHER], [GAP]]
    assert logged == [{"event": "sending-again", "log_level": "warning", "items": 3}] * 2


@pytest.mark.parametrize("is_taken", [True, False])
def test_central_s_time_stands_for_the_middle_of_the_call_and_is_asked_once_an_hour(
    one: Forwarder, clock: HandClock, monkeypatch: pytest.MonkeyPatch, *, is_taken: bool
) -> None:
    moment, noted = datetime(2026, 11, 25, 9, 30, tzinfo=UTC), list[Any]()

    class Uplink:
        def time(self) -> datetime:
            clock.boottime_s += 4
            return moment

    def note(when: datetime, *, boot_time_ns: int, boot_id: str) -> bool:
        noted.append((when, boot_time_ns, boot_id))
        return is_taken

    monkeypatch.setattr(one, "_own_uplink", Uplink)
    monkeypatch.setattr(one._store, "note_trusted_time", note)
    monkeypatch.setattr(module, "clear_alarm", lambda _, code: noted.append(("clear", code)))
    monkeypatch.setattr(module, "set_right", lambda _, *given: noted.append(("right", given[0])))
    monkeypatch.setattr(module, "raise_alarm", lambda _, code, text, __: noted.append((code, text)))
    one._take_time()
    told = ("central-time-refused", "central says that it is 2026-11-25 09:30 UTC")
    after = [("clear", "central-time-refused"), ("right", moment)] if is_taken else [told]
    assert noted == [(moment, 1002 * 10**9, clock.boot_id), *after]
    noted.clear()
    clock.boottime_s = 1000 + 3599
    one._take_time()
    assert noted == []
    clock.boottime_s = 1000 + 3600
    one._take_time()
    assert len(noted) == 1 + len(after)


def test_without_its_own_key_a_kiosk_is_told_to_enrol_again(one: Forwarder) -> None:
    with pytest.raises(DeliveryRejected, match=r"^this kiosk's own key is not on this disk: enrol it again$") as error:
        one._own_uplink()
    assert error.value.code == "unauthorised"


@pytest.mark.parametrize(
    ("error", "only", "is_borne"),
    [
        (DeliveryDeferred("unverified", "x"), None, True),
        (DeliveryDeferred("timeout", "x"), None, False),
        (DeliveryDeferred("dns", "x"), None, False),
        (DeliveryRejected("timeout", "x"), None, True),
        (DeliveryDeferred("unverified", "x"), ("unverified",), True),
        (DeliveryDeferred("partial", "x"), ("unverified",), False),
        (DeliveryRejected("refused", "x"), ("unverified",), True),
    ],
)
def test_a_step_s_failure_is_kept_for_later_where_another_may_go_through(
    one: Forwarder, error: DeliveryError, only: tuple[str, ...] | None, is_borne: bool
) -> None:
    assert one._bear(lambda: 7) == 7
    one._raise_late()
    if not is_borne:
        with pytest.raises(DeliveryError):
            one._bear(falls(error), only)
        assert one._late is None
        return
    assert one._bear(falls(error), only) is None
    assert one._bear(falls(DeliveryRejected("refused", "later")), None) is None
    assert one._late is error, "the first is told"
    with pytest.raises(type(error)) as late:
        one._raise_late()
    assert late.value is error


def test_of_two_failures_delivery_s_is_told(one: Forwarder, monkeypatch: pytest.MonkeyPatch) -> None:
    of_delivery = DeliveryRejected("refused", "delivery")
    one._bear(falls(DeliveryRejected("refused", "feed")))
    monkeypatch.setattr(one, "_deliver", falls(of_delivery))
    one._bear(one._deliver)
    assert one._late is of_delivery


def test_one_delivery_asks_for_orders_first_and_sends_all_that_waits_last(
    one: Forwarder, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []
    monkeypatch.setattr(one, "_ask_for_orders", lambda: done.append("orders"))
    monkeypatch.setattr(one._latest, "send_health", lambda: done.append("health"))
    monkeypatch.setattr(one._latest, "send_waiting", lambda: done.append("waiting"))

    def drain(stop: threading.Event) -> None:
        assert stop is one._stop
        done.append("drain")

    monkeypatch.setattr(one._drain, "run", drain)
    assert one._deliver() is True
    assert done == ["orders", "health", "waiting", "drain"]
    told: list[int | None] = []
    monkeypatch.setattr(one._pace, "told", told.append)
    one._note_mark(BatchAnswer([], feed_through=9))
    assert told == [9]
