"""Promise 18: money ends in the biller's receipt or in a refund that is listed; and nobody is told what is not so."""

import asyncio
from collections import defaultdict
from typing import TYPE_CHECKING, Any, Final

from common.protocol.payments.answers import PaymentNow
from tests.town import refunds
from tests.town.console import DONE, NOT_DONE

if TYPE_CHECKING:
    from tests.town.bills import Bill, Try
    from tests.town.town import Town

ASKS_EVERY_S: Final = 300.0
WITHIN_S: Final = 3 * 3600.0
OPEN: Final = ("inquired", "opened", "paid", "unknown")
DUE_BACK: Final = "second-sum"  # that a sum came twice is named until it has gone back
ENTERED: Final = ("marked", "told")


def told(town: "Town", bill: "Bill", one: "Try", word: str, now: PaymentNow) -> None:
    """Write down what somebody was told of his payment, and hold it against the payers' and the biller's own books."""
    houses, who = town.outside.bills.houses, f"who pays {bill}"
    one.word = word
    town.outside.note(bill, f"{one.kiosk} says of {one.bill_no}: {word} ({now.state})")
    town.ledger.reached[f"paid-{word}"] += 1
    if bill.is_lost:
        return  # central was set back since: what it lacks of it, its books name
    came = houses.came(one.bill_no)
    if word in ("receipt", "entered") and not (houses.is_entered(one.payment) or houses.was_reversed(one.payment)):
        said = f"{one.kiosk} says that {one.bill_no} is paid and entered"
        town.ledger.accuse(18, who, said, "the biller's own books have no such receipt", [bill])
    if word in ("receipt", "entered", "entering") and came <= 0:
        said = f"{one.kiosk} says that {one.bill_no} is paid"
        town.ledger.accuse(18, who, said, f"{came} of it came, by the payer's own books", [bill])
    if word == "expired" and came > 0:  # of what is withdrawn the screen says only that what was paid goes back
        said = f"{one.kiosk} says that {one.bill_no} is {word}, and nothing was taken"
        town.ledger.accuse(18, who, said, f"{came} of it came, by the payer's own books", [bill])


async def judge(town: "Town") -> None:
    """When all lines are whole and nobody lies any more, each sum has ended; wait for that, and name what has not."""
    bills, central = town.outside.bills, town.central
    bills.houses.come_to_truth()
    until_s = town.loop.time() + WITHIN_S
    wrong: list[tuple[str, str, str]] = []
    while town.loop.time() < until_s:
        bills.hurry(2 * ASKS_EVERY_S)
        await asyncio.sleep(ASKS_EVERY_S)
        if not central.is_up:
            continue
        await refunds.bank_evening(town)
        wrong = await _wrong(town)
        if not wrong:
            break
    if not central.is_up:
        return
    town.ledger.reached["money-compared"] += 1
    owners = {one.bill_no: bill for bill in bills.all.values() for one in bill.tries}
    for bill_no, said, was in wrong:
        bill = owners.get(bill_no)
        town.ledger.accuse(18, f"who paid {bill_no}", said, was, [] if bill is None else [bill])
    await _ask_kiosks(town)
    await _books(town)
    lost = _lost(town)
    due = [row for rows in (await _listed(town)).values() for row in rows if row["bill_no"] not in lost]
    await refunds.give_back(town, due)


async def _listed(town: "Town") -> dict[str, list[dict[str, Any]]]:
    """Return what `central payments` lists, by number."""
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in await town.outside.console.says("payments"):
        found[row["bill_no"]].append(row)
    return found


def _lost(town: "Town") -> set[str]:
    """Return the numbers of which central lacks something, as it was set back."""
    return {one.bill_no for bill in town.outside.bills.all.values() if bill.is_lost for one in bill.tries}


async def _wrong(town: "Town") -> list[tuple[str, str, str]]:
    """Return each number of which the books do not agree: what central says, and what is so."""
    houses, listed = town.outside.bills.houses, await _listed(town)
    numbers = {one.bill_no for one in houses.wallet.trans} | {line[1] for line in houses.bank.lines}
    found = []
    for bill_no in sorted((numbers | listed.keys()) - _lost(town)):
        rows, came = listed.get(bill_no, []), houses.came(bill_no)
        states = [row["state"] for row in rows]
        said = f"central lists {', '.join(states) or 'nothing'}"
        is_entered = any(houses.is_entered(row["payment"]) for row in rows)
        entered = sum(row["amount"] for row in rows if row["state"] in ENTERED)
        if came > entered and "refund-due" not in states:
            was = f"{came} came, {entered} of it is entered, and the rest is not listed to be given back"
            found.append((bill_no, said, was))
        elif entered > max(0, came):
            found.append((bill_no, said, f"{came} came of the {entered} that are called paid"))
        elif came <= 0 and any(state in (*ENTERED, "paid", "refund-due") for state in states):
            found.append((bill_no, said, "nothing came, by the payer's own books"))
        elif is_entered != any(state in ENTERED for state in states):
            found.append((bill_no, said, f"by the biller's own books it is {'' if is_entered else 'not '}entered"))
        elif any(row["state"] in OPEN for row in rows) and not town.outside.bills.may_be_of_bank(bill_no):
            found.append((bill_no, said, "nobody pays it any more, and it has not ended"))
    return found


async def _ask_kiosks(town: "Town") -> None:
    """Promise 20: what a kiosk says of a payment now is what central lists."""
    listed = await _listed(town)
    for bill in [each for each in town.outside.bills.all.values() if not each.is_lost]:
        for one in bill.tries:
            now = await town.outside.bills.ask(bill, one)
            states = {row["payment"]: row["state"] for row in listed.get(one.bill_no, [])}
            if now is not None and states.get(one.payment) != now.state:
                said = f"{one.kiosk} says that it is {now.state}"
                town.ledger.accuse(20, f"who paid {one.bill_no}", said, f"central lists {states}", [bill])


async def _books(town: "Town") -> None:
    """Promise 20: the day's books that central prints are equal, as those of payers and biller are by now."""
    asked = ("payments", "books", "--day", town.label)
    lines = await town.outside.console.with_payments(*asked, ends=(DONE, NOT_DONE))  # 1: they differ
    if any(bill.is_lost for bill in town.outside.bills.all.values()):
        return
    if any(change["kind"] == "reversed" for change in town.outside.bills.houses.biller.changes):
        return  # what the biller took out again is to be named
    for line in lines:
        town.ledger.reached["books-of-money"] += 1
        apart = [one for one in line["differences"] if one["what"] != DUE_BACK]
        if apart:
            said = f"{line['payer']} and {line['biller']} differ: {apart}"[:300]
            town.ledger.accuse(20, "the accountant", said, "all their own books agree")
