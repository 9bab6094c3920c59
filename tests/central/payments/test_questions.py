"""What is asked about money: limits, one word for unknown and settled numbers, and no second payer of one bill."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest
from sqlalchemy import insert, select, update

from central.base import clock
from central.base.config import CentralConfig
from central.base.tables.asked import inquiries
from central.base.tables.paid.payments import bill_inquiries, bill_misses, payment_events, payments
from central.base.tables.paid.payments import bills as kept_bills
from central.base.tables.told import feed
from central.payments import bills
from central.payments.billers.http import HttpBiller
from central.payments.bills import masked
from central.payments.flow import tries
from central.payments.keeping import BooksKeeper
from central.payments.ports.biller import Debt, Owed
from tests.central.conftest import URL, staged
from tests.central.inquiries.test_inquiries import ask, dies
from tests.central.payments.accounts.day_of import desk_of
from tests.central.payments.conftest import SUBSCRIBER, Town


async def test_unknown_and_settled_numbers_are_one_answer_in_one_time(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def hold(seconds: float) -> None:
        told_after.append((clock.now() - began).total_seconds() + seconds)

    monkeypatch.setattr(bills, "asyncio", SimpleNamespace(sleep=hold))
    town.biller.owe("7654321", "D-9", 500)
    town.biller.take_elsewhere("D-9")
    said, told_after = [], list[float]()
    for subscriber in ("7654321", "1111111"):
        began = clock.now()
        said.append(await town.final("bill", {"biller": "homs-water", "fields": {"subscriber": subscriber}}))
    assert [one["answer"] for one in said] == [{"reason": "unknown-or-nothing-due"}] * 2
    assert len(told_after) == 2
    # Whole multiples, but for the moment until central has the question: a busy machine takes a part of a second.
    assert all(one >= bills.EVEN_S and one % bills.EVEN_S < bills.EVEN_S / 2 for one in told_after)
    assert [tuple(row) for row in await town.stage.all(select(bill_misses.c.count))] == [(2,)]


async def test_after_three_hundred_unknown_numbers_a_biller_is_asked_no_more_today(town: Town) -> None:
    async with town.stage.engine.begin() as connection:
        day = clock.business_date(clock.now()).isoformat()
        await connection.execute(insert(bill_misses).values(biller="homs-water", day=day, count=300))
    said = await town.final("bill", {"biller": "homs-water", "fields": {"subscriber": SUBSCRIBER}})
    assert (said["state"], said["answer"]) == ("refused", {"reason": "too-many"})


async def test_a_kiosk_asks_for_thirty_bills_an_hour(town: Town) -> None:
    old = {"state": "answered", "kind": "bill", "revision": 0, "kiosk": town.sender.kiosk}
    async with town.stage.engine.begin() as connection:
        at = clock.as_text(clock.now() - timedelta(minutes=50))
        await connection.execute(insert(inquiries), [old | {"id": f"q{one}", "at": at} for one in range(30)])
    said = await town.final("bill", {"biller": "homs-water", "fields": {"subscriber": SUBSCRIBER}})
    assert said["answer"] == {"reason": "too-many"}


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ({"biller": "nobody", "fields": {"subscriber": SUBSCRIBER}}, "not-set-up"),
        ({"biller": "homs-water", "fields": {"subscriber": "12345678"}}, "unreadable"),
        ({"biller": "homs-water", "fields": {"subscriber": SUBSCRIBER, "other": "1"}}, "unreadable"),
        ({"biller": "homs-water", "fields": {}}, "unreadable"),
        ({"biller": "homs-water"}, "unreadable"),
    ],
)
async def test_a_question_that_no_biller_asks_for_is_refused(town: Town, body: dict[str, Any], reason: str) -> None:
    said = await town.final("bill", body)
    assert (said["state"], said["answer"]) == ("refused", {"reason": reason})


async def test_a_silent_biller_is_said_to_be_silent(town: Town) -> None:
    town.biller.lies = lambda path: "portal" if path == "/v1/inquiries" else None
    said = await town.final("bill", {"biller": "homs-water", "fields": {"subscriber": SUBSCRIBER}})
    assert said["answer"] == {"reason": "biller-silent"}


async def test_a_biller_that_was_silent_when_it_was_first_asked_is_asked_again_within_a_minute(town: Town) -> None:
    central: Any = town.stage.app.dependencies["central"]
    desk = central.dependency().payments
    del desk.fields["homs-water"]
    town.biller.lies = lambda _: "portal"
    keeper = BooksKeeper(town.stage.engine, town.stage.ring, desk)
    await keeper.act()
    town.biller.lies = lambda _: None
    await keeper.act()
    assert "homs-water" not in desk.fields, "it was asked a moment ago"
    town.move(seconds=61)
    await keeper.act()
    assert "homs-water" in desk.fields


async def test_a_bill_is_paid_by_one_at_a_time_and_once(town: Town) -> None:
    bill = (await town.bill())["bill"]
    first = await town.opened(bill)
    second = await town.final("payment", {"bill": bill, "payer": "shamcash"})
    assert (second["answer"].pop("reason"), second["answer"]["payment"]) == ("being-paid", first["answer"]["payment"])
    town.wallet.pay(first["answer"]["bill_no"])
    await town.tell(first["answer"]["bill_no"])
    await town.until(first["answer"]["payment"], "marked")
    third = await town.final("payment", {"bill": bill, "payer": "shamcash"})
    assert third["answer"] == {"reason": "paid-elsewhere"}


async def test_a_bill_that_was_asked_for_before_the_pound_changed_is_asked_for_again(town: Town) -> None:
    bill = (await town.bill())["bill"]
    async with town.stage.engine.begin() as connection:
        await connection.execute(update(kept_bills).where(kept_bills.c.id == bill).values(pound="old"))
    said = await town.ask("payment", {"bill": bill, "payer": "shamcash"})
    assert (said["state"], said["answer"]) == ("refused", {"reason": "bill-over"})


async def test_what_is_owed_in_another_pound_is_never_called_nothing(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def owed(_: HttpBiller, fields: Mapping[str, str]) -> Owed:
        return Owed(fields["subscriber"], [Debt("D-1", 12_500, "SYP", "old")])

    monkeypatch.setattr(HttpBiller, "inquire", owed)
    said = await town.final("bill", {"biller": "homs-water", "fields": {"subscriber": SUBSCRIBER}})
    assert (said["state"], said["answer"]) == ("refused", {"reason": "not-set-up"})
    assert await town.stage.all(select(bill_misses)) == []


async def test_a_payer_that_is_silent_is_told_and_no_code_is_shown(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("central.payments.flow.unpaid.OPEN_FOR", timedelta())
    town.wallet.agent = "another"  # 1701: a clear no
    bill = (await town.bill())["bill"]
    said = await town.final("payment", {"bill": bill, "payer": "shamcash"})
    assert (said["state"], said["answer"]) == ("refused", {"reason": "payer-silent"})
    assert [row.state for row in await town.stage.all(select(payments))] == ["expired"]


async def test_an_answer_that_was_lost_for_good_is_unknown_and_no_other_number_is_tried(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("central.payments.flow.unpaid.OPEN_FOR", timedelta())
    town.wallet.lies = lambda call: "lost" if call == "createBill" else None
    bill = (await town.bill())["bill"]
    said = await town.ask("payment", {"bill": bill, "payer": "shamcash"})
    payment = said["answer"]["payment"]
    await town.until(payment, "unknown")
    again = await town.final("payment", {"bill": bill, "payer": "shamcash"})
    assert (again["answer"]["reason"], again["answer"]["payment"]) == ("being-paid", payment)
    town.move(minutes=10, seconds=10)  # the wallet is read once its time is over, and it knows
    await town.until(payment, "expired")


async def test_a_payment_that_was_never_shown_is_undone_and_its_money_is_not_lost(town: Town) -> None:
    said = await town.opened()
    undo = {"id": said["id"], "kind": "payment", "dies_at": dies(), "body": {}, "undo": True}
    assert (await ask(town.stage, town.sender, undo)).json()["state"] == "withdrawn"
    town.wallet.pay(said["answer"]["bill_no"])
    await town.tell(said["answer"]["bill_no"])
    await town.until(said["answer"]["payment"], "marked")
    assert "withdrawn" in await town.events(said["answer"]["payment"])


async def test_a_try_that_was_begun_under_the_former_pound_opens_no_code_under_the_present_one(town: Town) -> None:
    payment = (await town.opened())["answer"]["payment"]
    begun: dict[str, Any] = {"state": "inquired", "tries": 0, "due_at": None, "pound": "old", "bill_no": "261130-OLD"}
    async with town.stage.engine.begin() as connection:  # central was stopped there, and `pound` changed
        await connection.execute(update(payments).where(payments.c.id == payment).values(begun))
    await tries.step(town.stage.engine, town.stage.ring, desk_of(town), await town.row(payment))
    assert (await town.row(payment)).state == "expired"
    assert "261130-OLD" not in town.wallet.bills


async def test_the_state_is_told_to_the_kiosk_that_opened_it_alone(town: Town) -> None:
    said = await town.opened()
    asked = {"payment": said["answer"]["payment"]}
    assert (await town.final("payment-state", asked))["answer"]["state"] == "opened"
    town.sender = await town.stage.enrolled()
    assert (await town.final("payment-state", asked))["answer"] == {"reason": "unknown-payment"}


async def test_any_banks_code_is_composed_here_and_waits_for_the_banks_file(town: Town) -> None:
    said = await town.opened(payer="bank")
    assert said["answer"]["show"].startswith("000201010212")
    assert said["answer"]["bill_no"] in said["answer"]["show"]
    town.move(days=3)
    assert (await town.row(said["answer"]["payment"])).state == "opened"
    town.move(days=7)
    await town.until(said["answer"]["payment"], "unknown")


async def test_a_subscribers_number_is_read_nowhere(town: Town, caplog: pytest.LogCaptureFixture) -> None:
    own = "4242424"
    town.biller.owe(own, "DEBT-CANARY", 700, "Canary Person")
    payment = await town.opened((await town.bill(own))["bill"])
    town.wallet.pay(payment["answer"]["bill_no"])
    await town.tell(payment["answer"]["bill_no"])
    await town.until(payment["answer"]["payment"], "marked")
    kept = []
    for table in payments.metadata.sorted_tables:
        kept += [str(tuple(row)) for row in await town.stage.all(select(table))]
    everything = "\n".join(kept) + caplog.text
    assert own not in everything
    assert "CANARY" not in everything
    assert "Canary" not in everything
    assert await town.stage.all(select(bill_inquiries)) == []
    assert len(await town.stage.all(select(payment_events))) == 4


def test_a_name_is_masked_to_its_first_letters() -> None:
    assert masked("رنا خليل") == "ر*** خ***"
    assert masked("A") == "A***"
    assert masked("") == ""


async def test_kiosks_are_told_what_can_be_paid_and_when_nothing_can_any_more(
    town: Town, config: CentralConfig, settings: Path
) -> None:
    while not (told := await town.stage.all(select(feed.c.body).where(feed.c.kind == "payments"))):
        await town.stage.all_read()
    said = msgspec.json.decode(told[-1].body)
    assert [one["payer"] for one in said["payers"]] == ["bank", "shamcash"]
    assert {one["biller"] for one in said["billers"]} == {"homs-water", "power"}
    assert (said["pound"], said["orders"]) == ("new", True)
    async with staged(replace(config, public_url=URL)) as without:
        all_told = select(feed.c.body).where(feed.c.kind == "payments").order_by(feed.c.id)
        while len(told := await without.all(all_told)) < 2:
            await without.all_read()
        # The second one: the town's own central goes on beside this one, and tells again what it has.
        assert msgspec.json.decode(told[1].body)["payers"] == []
        sender = await without.enrolled()
        body = {"biller": "homs-water", "fields": {"subscriber": SUBSCRIBER}}
        asked = {"id": "0" * 8 + "-0000-4000-8000-" + "0" * 12, "kind": "bill", "dies_at": dies(10), "body": body}
        assert (await ask(without, sender, asked)).json()["answer"] == {"reason": "not-set-up"}
