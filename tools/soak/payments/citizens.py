"""Citizens with a bill: who pay, late, never, twice or wrongly, and whose bill changes or is paid elsewhere."""

import asyncio
from decimal import Decimal
from typing import Final

from tools.soak.payments.town import AMOUNT, LIFE_S, Town

AT_BANK: Final = 0.15


async def citizen(town: Town, number: int) -> None:
    """Let one citizen come with a bill, and do what citizens, wallets and billers do."""
    subscriber, debt, kiosk, chance = f"{1_000_000 + number}", f"D{number}", f"kiosk-{number}", town.chance
    town.biller.owe(subscriber, debt, AMOUNT)
    bill = None
    for _ in range(20):
        bill = await town.ask("bill", {"biller": "water", "fields": {"subscriber": subscriber}}, kiosk)
        if bill is not None and "bill" in bill:
            break
    if bill is None or "bill" not in bill:
        town.said["no bill"] += 1
        return
    for _ in range(1 + (chance.random() < 0.2)):  # some come with two telephones
        payer = "bank" if chance.random() < AT_BANK else "wallet"
        now = await town.ask("payment", {"bill": bill["bill"], "payer": payer}, kiosk)
        town.said[str((now or {}).get("state") or (now or {}).get("reason"))] += 1
        if now is None or now.get("state") != "opened":
            return
        if payer == "bank":
            _pay_at_bank(town, now["show"])
        else:
            await _act(town, now["bill_no"], debt)


async def _act(town: Town, number: str, debt: str) -> None:
    wallet, chance = town.wallet, town.chance
    what = chance.choices(
        ["pays", "pays late", "never", "pays twice", "pays wrongly", "paid elsewhere", "amount changes"],
        [70, 8, 8, 4, 3, 4, 3],
    )[0]
    town.said[what] += 1
    if what == "paid elsewhere":
        town.biller.take_elsewhere(debt)
    if what == "amount changes":
        town.biller.change_amount(debt, AMOUNT + 100)
    if what == "never":
        return
    await town.reach("wallet")
    if what == "pays late":
        wallet.bills[number].made_at -= LIFE_S + 1
    wallet.pay(number, Decimal("1.25") if what == "pays wrongly" else None, even_late=what == "pays late")
    if what == "pays twice":
        wallet.pay(number, even_late=True)
    # Never, once, twice: what is never told stands in the books.
    for _ in range(chance.choice((0, 0, 1, 1, 1, 2)) if town.houses["wallet"].is_up else 0):
        await asyncio.to_thread(wallet.tell, number)


def _pay_at_bank(town: Town, code: str) -> None:
    """Pay by any bank's app, of which central hears by the bank's file alone."""
    what = town.chance.choices(["pays", "never", "pays twice", "pays wrongly"], [75, 10, 10, 5])[0]
    town.said[f"{what} at the bank"] += 1
    for _ in range({"never": 0, "pays twice": 2}.get(what, 1)):
        town.bank.pay(code, 125 if what == "pays wrongly" else None)
