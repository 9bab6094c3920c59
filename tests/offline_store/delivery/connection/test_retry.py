"""Delays that spread a district's kiosks, and never grow beyond their bounds."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from offline_store.delivery.connection.retry import Backoff


@given(seed=st.integers(), failures=st.integers(1, 60))
def test_each_delay_is_under_its_ceiling(seed: int, failures: int) -> None:
    backoff = Backoff(random.Random(seed))
    for attempt in range(failures):
        assert 0 <= backoff.after_failure() <= min(300.0, 2.0**attempt)


def test_a_thousand_kiosks_do_not_call_in_the_same_second() -> None:
    delays: list[float] = []
    for seed in range(1000):
        backoff = Backoff(random.Random(seed))
        for _ in range(8):
            backoff.after_failure()
        delays.append(backoff.after_failure())
    most = max(sum(1 for delay in delays if second <= delay < second + 1) for second in range(300))
    assert most < 30


def test_reset_begins_at_the_shortest_delay() -> None:
    backoff = Backoff(random.Random(1))
    for _ in range(20):
        backoff.after_failure()
    backoff.reset()
    assert backoff.after_failure() <= 1.0


@pytest.mark.parametrize(("asked", "least"), [(0.0, 0.0), (60.0, 60.0), (1e12, 900.0), (-3.0, 0.0)])
def test_what_a_server_asks_for_is_kept_within_bounds(asked: float, least: float) -> None:
    delay = Backoff(random.Random(1)).after_failure(asked)
    assert least <= delay <= least + 1.0


def test_a_refused_kiosk_asks_slowly_but_asks() -> None:
    assert 600.0 / 2 <= Backoff().after_refusal() <= 600.0


def test_only_a_machine_that_has_just_booted_waits_before_its_first_call() -> None:
    assert 0 < Backoff(random.Random(1)).at_boot(10.0) <= 30.0
    assert Backoff(random.Random(1)).at_boot(3600.0) == 0.0
