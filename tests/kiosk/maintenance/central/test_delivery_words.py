"""What the technician is told of a delivery that failed, and of one that they ask for."""

import asyncio
from types import SimpleNamespace
from typing import Any, cast

import pytest

from kiosk.maintenance.central import delivery
from kiosk.maintenance.central.delivery import KINDS, Delivery, failure
from kiosk.prompts.ui import Text


@pytest.mark.parametrize(
    ("stored", "said", "values"),
    [
        ("status-299: x", "status", {"status": 299}),
        ("status-300: x", "portal", {}),
        ("status-399: x", "portal", {}),
        ("status-400: x", "status", {"status": 400}),
        ("status-510: x", "status", {"status": 510}),
        ("status-511: x", "portal", {}),
        ("status-512: x", "status", {"status": 512}),
        ("status-: x", "other", {}),
        ("status-new: x", "other", {}),
        ("unforeseen: x", "other", {}),
        *((f"{kind}: x", kind, {}) for kind in sorted(KINDS)),
    ],
)
def test_a_stored_error_has_a_sentence_and_its_technical_words(stored: str, said: str, values: dict[str, int]) -> None:
    assert failure(stored) == (Text(f"maintenance.failure.{said}", values), "x")


@pytest.mark.parametrize(
    ("found", "last"),
    [
        (Delivery(), 0),
        (Delivery(5, 7, "x"), 7),
        (Delivery(9, 7), 9),
        (Delivery(success_at=4), 4),
        (Delivery(error_at=6), 6),
    ],
)
def test_central_was_last_asked_when_it_succeeded_or_failed_last(found: Delivery, last: int) -> None:
    assert found.last_at == last


class Time:
    """Turns of the loop in which each look takes half a second."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, states: list[Delivery]) -> None:
        self.now, self.wall, self.asked, self.told = 50.0, 2000.0, 0, list[int]()
        self.states = states
        loop = asyncio.get_running_loop()
        monkeypatch.setattr(loop, "time", lambda: self.now)
        monkeypatch.setattr(delivery, "time", SimpleNamespace(time=lambda: self.wall))
        monkeypatch.setattr(delivery, "read_delivery", self._read)
        monkeypatch.setattr(delivery, "request_try_now", self._ask)
        monkeypatch.setattr(delivery.asyncio, "to_thread", self._here)  # type: ignore[attr-defined]

    async def _here(self, work: Any, *given: object) -> Any:
        return work(*given)

    def _read(self, _store: object) -> Delivery:
        return self.states.pop(0) if len(self.states) > 1 else self.states[0]

    def _ask(self, _store: object) -> None:
        self.asked += 1

    async def waiting(self, seconds: int) -> None:
        self.told.append(seconds)
        self.now += 0.5


async def test_an_answer_in_a_later_second_is_taken_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    time = Time(monkeypatch, [Delivery(1999), Delivery(1999), Delivery(2000)])
    assert await delivery.try_central(cast("Any", None), time.waiting) == Delivery(2000)
    assert (time.asked, time.told) == (1, [0, 0])


async def test_another_word_of_the_same_second_counts_once_that_second_is_over(monkeypatch: pytest.MonkeyPatch) -> None:
    time = Time(monkeypatch, [Delivery(1999), Delivery(1999, 1998, "x")])
    assert await delivery.try_central(cast("Any", None), time.waiting) == Delivery(1999, 1998, "x")
    assert (time.asked, time.told) == (1, [0, 0, 1, 1, 2])


async def test_a_forwarder_that_does_not_stir_is_given_up_after_a_call_s_longest_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    time = Time(monkeypatch, [Delivery(2000)])
    assert await delivery.try_central(cast("Any", None), time.waiting) is None
    assert time.told[:4] == [0, 0, 0, 0]  # three while the second may be the same, for at most one and a half
    assert (time.asked, len(time.told)) == (1, 3 + 90)
    assert time.told[-1] == 44
