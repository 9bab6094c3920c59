"""Promise 18: what is to be given back goes back once, by two operators, and is listed until it has gone."""

from typing import TYPE_CHECKING, Any, Final

from tests.town.console import DONE, NOT_DONE

if TYPE_CHECKING:
    from tests.town.town import Town

FIRST, SECOND = "first accountant", "second accountant"
OF_BANK: Final = "the bank"


async def give_back(town: "Town", listed: list[dict[str, Any]]) -> None:
    """Have two operators give back what central lists as due, and each of them ask for it once too often."""
    if "refunds" not in town.rare:
        return
    for name in (FIRST, SECOND):
        await town.outside.console.says("operator", "add", name, "--role", "accountant")
    for row in [one for one in listed if one["state"] == "refund-due"]:
        await _one(town, row)


async def bank_evening(town: "Town") -> None:
    """Take in the bank's file of the day, which names all that ever came there."""
    console = town.outside.console
    file = console.file("bank.csv", town.outside.bills.houses.bank.file())
    await console.with_payments("payments", "take-in", "bank", str(file), "--day", town.label)


async def _one(town: "Town", row: dict[str, Any]) -> None:
    houses, bill_no = town.outside.bills.houses, row["bill_no"]
    came = houses.came(bill_no)
    for _ in range(2):
        await _asks(town, row, FIRST)
    if houses.came(bill_no) != came:
        _accuse(town, bill_no, f"{came - houses.came(bill_no)} of it went back", "one operator alone has asked for it")
    said = await _asks(town, row, SECOND)
    if said is None:
        return  # its payer gives it back by hand, or refuses: it stays listed
    if said.get("waits_for") == OF_BANK:
        houses.bank.give_back(bill_no, said["amount"])
        await bank_evening(town)
    for name in (FIRST, SECOND):
        await _asks(town, row, name)  # of a payer who was not heard the first time it goes back now
    left = houses.came(bill_no)
    if came - left > said["amount"]:
        _accuse(town, bill_no, f"{came - left} of it went back", f"{said['amount']} of it was due")
    state = [one["state"] for one in await town.outside.console.says("payments") if one["payment"] == row["payment"]]
    if left < came and state != ["refunded"]:
        _accuse(town, bill_no, f"central lists {', '.join(state)}", f"{came - left} of it has gone back")
    elif left == came and state == ["refunded"]:
        _accuse(town, bill_no, "central lists refunded", f"{came} of it is there still, by the payer's own books")
    town.ledger.reached["refund-made"] += left < came


async def _asks(town: "Town", row: dict[str, Any], operator: str) -> dict[str, Any] | None:
    """Run the command as an operator; return what it says, None where it refuses."""
    words = ("payments", "refund", row["payment"], "--operator", operator)
    said = await town.outside.console.with_payments(*words, ends=(DONE, NOT_DONE))
    return said[0] if said else None


def _accuse(town: "Town", bill_no: str, said: str, was: str) -> None:
    bills = town.outside.bills.all.values()
    owners = [bill for bill in bills if any(one.bill_no == bill_no for one in bill.tries)]
    town.ledger.accuse(18, f"who paid {bill_no}", said, was, owners)
