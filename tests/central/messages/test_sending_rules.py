"""When a message that can't go now is looked at again, what it has cost, and how often hubs are told of staff."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from central.base import clock
from central.keys.at_rest import NotOurText
from central.messages import contacts, sending
from central.messages.sending import Sender
from common.messages.port import ChannelUnavailable, Sent
from tests.central.messages.conftest import ORDER, PHONE, READY, Post


async def test_where_nobody_serves_the_app_it_is_asked_again_half_a_minute_later(post: Post) -> None:
    await post.publish("order-state", READY)
    await post.look()
    (row,) = await post.rows()
    assert (row.state, row.until, row.channel) == ("waiting", clock.as_text(post.now + timedelta(seconds=30)), None)
    await post.give_app()
    post.pass_by(seconds=29)
    await post.look()
    assert post.app == []
    post.pass_by(seconds=1)
    await post.look()
    assert [one["data"]["order"] for one in post.app] == [ORDER]


async def test_a_number_that_does_not_open_is_looked_at_again_later_and_is_named(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    await post.give_number()
    await post.publish("order-state", READY)
    said: list[tuple[str, dict[str, Any]]] = []
    monkeypatch.setattr(sending.log, "warning", lambda event, **fields: said.append((event, fields)), raising=False)

    async def unreadable(*_: object) -> None:
        raise NotOurText

    with monkeypatch.context() as broken:
        broken.setattr(contacts, "find", unreadable)
        await post.look()
    (row,) = await post.rows()
    assert said == [("number-unreadable", {"message": row.id})]
    assert (row.state, row.until) == ("waiting", clock.as_text(post.now + timedelta(minutes=15)))
    post.pass_by(minutes=15)
    await post.look()
    assert [number for number, _ in post.operator.sent] == [PHONE]


async def test_each_time_that_it_may_have_gone_out_is_paid_and_a_channel_that_is_away_costs_nothing(post: Post) -> None:
    await post.give_number()
    post.operator.answers = [ChannelUnavailable("http"), Sent("unknown"), Sent("handed", "r1")]
    await post.publish("order-state", READY)
    costs = []
    for _ in range(3):
        await post.look()
        (row,) = await post.rows()
        costs.append((row.cost, row.state, row.channel))
        post.pass_by(hours=2)
    assert costs == [(0, "waiting", "http"), (150, "waiting", "http"), (300, "handed", "http")]


async def test_hubs_are_told_of_staff_twice_a_minute_and_not_at_each_look(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[float] = []
    clocks = [1000.0, 1029.9, 1030.0, 1059.9, 1060.0]

    async def tell(*_: object) -> int:
        told.append(clocks[0])
        return 0

    monkeypatch.setattr(sending, "tell_hubs", tell)
    monkeypatch.setattr("central.messages.sending.time", SimpleNamespace(monotonic=lambda: clocks[0]))
    sender = Sender(post.engine, post.ring, post.operator, now=lambda: post.now)
    while clocks:
        await sender.act()
        clocks.pop(0)
    assert told == [1000.0, 1030.0, 1060.0]
