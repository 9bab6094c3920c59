"""From a subscriber's number to a receipt, over the wallet's and the biller's real wires."""

import hashlib
from datetime import timedelta
from decimal import Decimal

from central.base.database.transactions import reading
from central.keys import receipt_keys
from common.protocol.codes.issued import Genuine
from common.protocol.codes.receipt_code import read_receipt_code
from tests.central.payments.conftest import Town


async def test_a_bill_is_paid_marked_and_its_receipt_can_be_checked_by_anybody(town: Town) -> None:
    bill = await town.bill()
    assert (bill["amount"], bill["pound"], bill["name_masked"]) == (12_500, "new", "R*** K***")
    said = await town.opened(bill["bill"])
    number = said["answer"]["bill_no"]
    assert said["answer"]["show"] == f"{town.wallet.url}/pay/{number}"
    tran = town.wallet.pay(number)
    assert await town.tell(number) == 200
    while said["state"] == "pending":
        said = await town.wait(said["id"], said["revision"])
    now = said["answer"]
    assert (now["state"], now["payer_receipt"]) == ("marked", str(tran))
    assert now["receipt"] == town.biller.debts["D-1"].receipt
    assert "show" not in now
    async with reading(town.stage.engine) as connection:
        keys = await receipt_keys.public_keys(connection)
    code = read_receipt_code(now["seal"], keys=keys)
    assert isinstance(code, Genuine)
    assert (code.said.amount, code.said.biller_receipt) == (12_500, now["receipt"])
    row = await town.row(now["payment"])
    assert row.page_sha256 == hashlib.sha256(now["page"].encode()).hexdigest()
    assert now["page"] not in str(row)
    assert await town.events(now["payment"]) == ["inquired", "opened", "paid", "marked"]
    assert town.biller.debts["D-1"].key == now["payment"]


async def test_a_word_that_a_number_is_paid_is_not_yet_how_much_came(town: Town) -> None:
    said = await town.opened()
    number = said["answer"]["bill_no"]
    town.wallet.pay(number, Decimal("1.25"))
    assert await town.tell(number) == 200  # books are read only a minute later
    row = await town.until(said["answer"]["payment"], "refund-due", "marked")
    assert (row.state, row.reason, row.paid_amount) == ("refund-due", "wrong-amount", 125)
    assert town.biller.debts["D-1"].key is None


async def test_while_one_try_is_paid_and_not_marked_another_ones_money_goes_back(town: Town) -> None:
    bill = (await town.bill())["bill"]
    first = await town.opened(bill)
    town.move(minutes=10, seconds=10)
    await town.until(first["answer"]["payment"], "expired")
    town.ahead = timedelta()
    second = await town.opened(bill)
    town.biller.lies = lambda _: "portal"
    for one in (second, first):
        town.wallet.pay(one["answer"]["bill_no"], even_late=True)
        await town.tell(one["answer"]["bill_no"])
    row = await town.until(first["answer"]["payment"], "refund-due")
    assert row.reason == "twice"
    assert (await town.row(second["answer"]["payment"])).state == "paid"
