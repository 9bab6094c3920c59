"""An order that becomes ready is told to its owner: in the hours, within its life, at least once, by one channel."""

from datetime import timedelta
from typing import Any

import pytest

from central.feed import epoch
from central.insight.reports.month import count_month
from central.insight.reports.sheets import report_of
from central.messages import app, contacts, sending
from central.messages.texts import Said
from common.messages.port import ChannelUnavailable, Report, Sent
from common.messages.posting import NotReached
from tests.central.messages.conftest import ORDER, PHONE, READY, Post, put

TEXT = "طلبك …210 جاهز في المركز الرئيسي."


async def test_who_gave_a_number_is_written_to_once_in_few_words(post: Post) -> None:
    await post.give_number()
    await post.publish("order-state", READY)
    await post.look()
    await post.publish("order-state", {**READY, "number": "9876543210"})  # still ready: no second message
    await post.look()
    assert post.operator.sent == [(PHONE, f"{TEXT} ليست لك؟ تجاهلها.")]
    assert await post.states() == ["handed"]
    post.operator.report = [Report("ref-0", "delivered")]
    await post.look()
    assert await post.states() == ["delivered"]


async def test_an_order_that_was_ready_before_and_is_again_is_told_again(post: Post) -> None:
    await post.give_number()
    for state in ("ready", "in_progress", "ready"):
        await post.publish("order-state", {**READY, "state": state})
        await post.look()
    # The second one is no stranger's first any more.
    assert [text for _, text in post.operator.sent] == [f"{TEXT} ليست لك؟ تجاهلها.", TEXT]


async def test_who_was_told_where_his_order_is_hears_that_it_is_elsewhere_now(post: Post) -> None:
    await post.give_number(language="en")
    await post.publish("order-state", READY)
    await post.look()
    await post.publish("order-state", {**READY, "centre": "homs-new"})  # told to both centres, said once
    await post.look()
    assert [text for _, text in post.operator.sent] == [
        "Order …210 is ready at Main centre. Not you? Ignore.",
        "Order …210 is ready at New Homs centre.",
    ]


async def test_nobody_is_sent_to_the_centre_that_an_order_has_left_meanwhile(post: Post) -> None:
    await post.give_number(language="en")
    post.pass_by(hours=10)  # 22:00
    for centre in ("homs-main", "homs-new"):
        await post.publish("order-state", {**READY, "centre": centre})
        await post.look()
    post.pass_by(hours=10)
    await post.look()
    assert [text for _, text in post.operator.sent] == ["Order …210 is ready at New Homs centre. Not you? Ignore."]
    assert sorted(await post.states()) == ["dropped", "handed"]


async def test_a_number_that_is_mended_after_the_text_went_to_another_hears_it_too(post: Post) -> None:
    other = PHONE[:-1] + "2"
    await post.give_number(phone=other)
    for state in ("ready", "in_progress", "ready"):
        await post.publish("order-state", {**READY, "state": state})
        await post.look()
    for _ in range(2):
        await post.give_number()
        await post.look()
    assert [number for number, _ in post.operator.sent] == [other, other, PHONE]
    await post.publish("order-state", {**READY, "state": "collected"})
    await post.give_number(phone=other)  # it is fetched: there is nothing to say
    await post.look()
    assert len(post.operator.sent) == 3


async def test_a_number_that_is_taken_back_while_its_way_is_looked_for_is_not_written_to(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked = sending.Sender._route

    async def looks(sender: sending.Sender, row: Any, ready: list[str]) -> Any:
        found = await looked(sender, row, ready)
        async with post.engine.begin() as connection:
            await contacts.forget(connection, "order", ORDER)
        return found

    await post.give_number()
    await post.publish("order-state", READY)
    monkeypatch.setattr(sending.Sender, "_route", looks)
    await post.look()
    assert (post.operator.sent, await post.states()) == ([], ["waiting"])


async def test_it_says_until_when_where_that_was_said(post: Post) -> None:
    await post.give_number(language="en")
    await post.publish("order-state", {**READY, "at": "2026-12-20T10:00:00Z"})
    await post.look()
    assert post.operator.sent[0][1] == "Order …210 is ready at Main centre until 20 December. Not you? Ignore."


async def test_without_a_number_the_app_is_told_and_asks(post: Post) -> None:
    await post.give_app()
    await post.publish("order-state", READY)
    await post.look()
    (row,) = await post.rows()
    dies_at = row.dies_at
    data = {"id": row.id, "kind": "order-ready", "dies_at": dies_at, "order": ORDER}
    assert post.app == [{"type": "message.due", "timestamp": row.made_at, "data": data}]
    assert (row.state, row.channel, row.number, row.recipient) == ("handed", "app", 1, None)
    assert post.operator.sent == []


async def test_nobody_is_written_to_at_night(post: Post) -> None:
    await post.give_number()
    post.pass_by(hours=10)  # 22:00
    await post.publish("order-state", READY)
    await post.look()
    post.pass_by(hours=9, minutes=59)
    await post.look()
    assert (post.operator.sent, await post.states()) == ([], ["waiting"])
    post.pass_by(minutes=1)
    await post.look()
    assert len(post.operator.sent) == 1


async def test_a_centre_has_hours_and_kinds_of_its_own(post: Post) -> None:
    await post.give_number()
    none = {"kinds": ["near"], "hours": {"from": "08:00", "to": "21:00"}, "staff": []}
    await post.publish("messages", {"centre": None, **none})
    await post.publish("order-state", READY)
    await post.look()
    assert await post.rows() == []
    await post.publish(
        "messages",
        {"centre": "homs-main", "kinds": ["order-ready"], "hours": {"from": "13:00", "to": "14:00"}, "staff": []},
    )
    for state in ("in_progress", "ready"):
        await post.publish("order-state", {**READY, "state": state})
    await post.look()
    assert post.operator.sent == []
    post.pass_by(hours=1)
    await post.look()
    assert len(post.operator.sent) == 1


async def test_lost_answers_and_a_gateway_that_is_away_cost_time_and_no_message(post: Post) -> None:
    await post.give_number()
    post.operator.answers = [ChannelUnavailable("503"), Sent("unknown"), ChannelUnavailable("503")]
    await post.publish("order-state", READY)
    for _ in range(4):
        await post.look()
        post.pass_by(minutes=61)
    assert len(post.operator.sent) == 2  # the first answer was lost: said again
    assert [(row.sends, row.cost) for row in await post.rows()] == [(2, 300)]
    assert await post.states() == ["handed"]


async def test_a_number_that_is_none_is_not_tried_again(post: Post) -> None:
    await post.give_number()
    post.operator.answers = [Sent("failed")]
    await post.publish("order-state", READY)
    await post.look()
    post.pass_by(days=1)
    await post.look()
    assert (len(post.operator.sent), await post.states()) == (1, ["failed"])


async def test_what_found_no_channel_within_its_life_is_dropped_and_never_sent_late(post: Post) -> None:
    await post.give_number()
    post.operator.is_there = False
    await post.publish("order-state", READY)
    await post.look()
    post.pass_by(days=7)
    post.operator.is_there = True
    await post.look()
    assert (post.operator.sent, await post.states()) == ([], ["dropped"])


async def test_a_process_without_the_port_takes_nothing_from_the_one_that_has_it(post: Post) -> None:
    await post.give_number()
    await post.publish("order-state", READY)
    post.operator.is_there = False
    await post.look()
    post.operator.is_there = True
    await post.look()
    assert len(post.operator.sent) == 1


async def test_numbers_that_no_channel_reaches_keep_nobody_of_the_app_waiting(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "MOST", 3)
    await post.give_app()
    post.operator.is_there = False
    for index in range(4):
        await post.give_number(f"{index:032x}")
        await post.publish("order-state", {**READY, "order": f"{index:032x}"})
    await post.look()
    post.pass_by(minutes=1)  # it dies after all of those
    await post.publish("order-state", READY)
    await post.look()
    assert [one["data"]["order"] for one in post.app] == [ORDER]
    post.operator.is_there = True
    for _ in range(2):
        await post.look()
    assert len(post.operator.sent) == 4


async def test_who_has_fetched_his_order_meanwhile_is_told_nothing(post: Post) -> None:
    await post.give_number()
    post.pass_by(hours=10)  # 22:00
    await post.publish("order-state", READY)
    await post.look()
    await post.publish("order-state", {**READY, "state": "collected"})
    post.pass_by(hours=10)
    await post.look()
    assert (post.operator.sent, await post.states()) == ([], ["dropped"])


@pytest.mark.parametrize(("state", "told"), [("ready", 1), ("collected", 0)])
async def test_an_app_that_asks_days_later_is_not_told_what_is_so_no_more(post: Post, state: str, told: int) -> None:
    await post.give_app(webhook=None)
    await post.publish("order-state", READY)
    await post.look()
    assert await post.states() == ["handed"]
    await post.publish("order-state", {**READY, "state": state})
    post.pass_by(days=2)
    async with post.engine.begin() as connection:
        assert len((await app.read(connection, "")).messages) == told


@pytest.mark.parametrize(("kind", "at", "told"), [
    ("claim-off", 8, True), ("claim-off", 8.5, True), ("claim-off", 9, False), ("claim-tomorrow", 8, False),
])  # fmt: skip
async def test_who_would_hear_too_late_in_the_morning_hears_at_night_that_he_need_not_come(
    post: Post, kind: Any, at: float, told: bool
) -> None:
    post.pass_by(hours=10)  # 22:00
    at_time = post.now + timedelta(hours=2 + at)
    async with post.engine.begin() as connection:
        await contacts.keep(connection, post.ring.vault(), "claim", "c1", PHONE)
        said = Said(at=at_time.isoformat())
        await put(connection, kind, "claim", "c1", said, dies_at=at_time)
    await post.look()
    assert await post.states() == ["handed" if told else "waiting"]


async def test_nothing_is_sent_whose_life_ends_while_it_is_taken(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    await post.give_number()
    await post.publish("order-state", READY)
    monkeypatch.setattr("common.messages.outbox.left_s", lambda *_: 0.0)
    await post.look()
    assert (post.operator.sent, await post.states()) == ([], ["waiting"])


async def test_a_webhook_that_cannot_be_reached_is_told_later(post: Post) -> None:
    await post.give_app()
    post.app_answers = [NotReached("ConnectionRefusedError"), 500, TimeoutError()]
    await post.publish("order-state", READY)
    for hours in (1, 1, 20, 1):
        await post.look()
        post.pass_by(hours=hours)
    assert (len(post.app), await post.states()) == (4, ["handed"])


async def test_a_number_given_while_it_waits_is_the_one_that_is_written_to(post: Post) -> None:
    await post.publish("order-state", READY)
    await post.look()
    assert await post.states() == ["waiting"]
    await post.give_number()
    post.pass_by(minutes=1)
    await post.look()
    assert len(post.operator.sent) == 1


async def test_after_a_copy_was_brought_back_nothing_is_said_twice_that_may_have_been_said(post: Post) -> None:
    await post.give_number()
    async with post.engine.begin() as connection:
        at = post.now + timedelta(hours=20)
        await contacts.keep(connection, post.ring.vault(), "claim", "c1", PHONE)
        await put(connection, "claim-tomorrow", "claim", "c1", Said(at=at.isoformat()), dies_at=at)
    await post.publish("order-state", READY)
    post.pass_by(minutes=1)
    async with post.engine.begin() as connection:
        await epoch.begin(connection, epoch.BY_COMMAND)
    post.pass_by(minutes=1)
    await post.look()
    assert {(row.kind, row.state) for row in await post.rows()} == {
        ("claim-tomorrow", "unknown"),
        ("order-ready", "handed"),
    }


async def test_the_months_report_says_what_became_of_them_and_what_they_cost(post: Post) -> None:
    await post.give_number()
    await post.publish("order-state", READY)
    await post.look()
    await post.publish("order-state", {**READY, "order": "f" * 32})
    await post.look()
    post.pass_by(days=8)
    await post.look()
    month = await count_month(post.engine, "homs-main", "2026-12")
    sheet = next(one for one in report_of(month, {}, "en", post.now).sheets if one.key == "messages")
    assert sheet.rows == (("Order ready", 1, 0, 1, 0, "1.50"),)
