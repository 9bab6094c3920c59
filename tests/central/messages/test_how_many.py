"""How many messages go out: five a day to a person, two hundred an hour to all, what dies first before the rest."""

from datetime import timedelta

import pytest

from central.messages import sending
from tests.central.messages.conftest import READY, Post


async def test_five_a_day_to_a_person_and_the_rest_the_day_after(post: Post) -> None:
    for index in range(7):
        order = f"{index:032x}"
        await post.give_number(order)
        await post.publish("order-state", {**READY, "order": order})
    for _ in range(3):
        await post.look()
        post.pass_by(minutes=10)
    assert len(post.operator.sent) == 5
    post.pass_by(days=1)
    await post.look()
    assert len(post.operator.sent) == 7


async def test_two_hundred_an_hour_to_all(post: Post) -> None:
    for index in range(203):
        order = f"{index:032x}"
        await post.give_number(order, f"+96394400{index:04}")
        await post.publish("order-state", {**READY, "order": order})
    sent = -1
    while len(post.operator.sent) != sent:  # a look ends after some seconds, and a busy machine needs several
        sent = len(post.operator.sent)
        await post.look()
    assert sent == 200
    post.now += timedelta(hours=1)
    await post.look()
    assert len(post.operator.sent) == 203


async def test_a_slow_gateway_keeps_nobody_from_what_dies_first(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    for index in range(3):
        await post.give_number(f"{index:032x}")
        await post.publish("order-state", {**READY, "order": f"{index:032x}"})
    monkeypatch.setattr(sending, "LOOK_FOR_S", -1.0)  # each answer takes longer than a look may
    await post.look()
    assert post.operator.sent == []
    monkeypatch.setattr(sending, "LOOK_FOR_S", 10.0)
    await post.look()
    assert len(post.operator.sent) == 3
