"""From a subscriber's number to a receipt, over the wallet's and the biller's real wires."""

import hashlib

from central.base.database.transactions import reading
from central.keys import receipt_keys
from common.protocol.codes.receipt_code import Genuine, read_receipt_code
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
    assert (code.receipt.amount, code.receipt.biller_receipt) == (12_500, now["receipt"])
    row = await town.row(now["payment"])
    assert row.page_sha256 == hashlib.sha256(now["page"].encode()).hexdigest()
    assert now["page"] not in str(row)
    assert await town.events(now["payment"]) == ["inquired", "opened", "paid", "marked"]
    assert town.biller.debts["D-1"].key == now["payment"]
