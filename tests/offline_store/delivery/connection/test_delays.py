"""Each delay with the chance at its ends: what it is drawn between, and what comes on top."""

import random

import pytest

from offline_store.delivery.connection.retry import Backoff


class Ends(random.Random):
    """Draws the upper end, and keeps what it was asked between."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[tuple[float, float]] = []

    def uniform(self, a: float, b: float) -> float:
        self.asked.append((a, b))
        return b


def test_the_ceiling_doubles_from_a_second_to_five_minutes() -> None:
    backoff = Backoff(Ends())
    assert [backoff.after_failure() for _ in range(11)] == [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300]
    backoff.attempt = 5000
    assert backoff.after_failure() == 300
    backoff.reset()
    assert [backoff.after_failure(), backoff.after_failure()] == [1, 2]


@pytest.mark.parametrize(("asked", "waits"), [(0.0, 1.0), (-5.0, 1.0), (900.0, 901.0), (901.0, 901.0), (10.0, 11.0)])
def test_what_a_server_asks_for_comes_before_the_chance(asked: float, waits: float) -> None:
    assert Backoff(Ends()).after_failure(asked) == waits


def test_a_refusal_waits_five_to_ten_minutes_and_a_boot_half_a_minute() -> None:
    chance = Ends()
    backoff = Backoff(chance)
    assert backoff.after_refusal() == 600
    assert [backoff.at_boot(at) for at in (0, 299.9, 300, 5000)] == [30, 30, 0, 0]
    assert chance.asked == [(300, 600), (0, 30), (0, 30)]
    backoff.after_failure()
    assert chance.asked[-1] == (0, 1)
