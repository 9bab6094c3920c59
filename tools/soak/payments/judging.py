"""What became of it all: central's word against the books of wallet, bank and biller."""

from collections import Counter

from central.base.database.transactions import reading
from central.base.tables.paid.payments import whole
from tools.soak.payments.town import Town


class Broken(Exception):
    """A promise was broken; the text says which."""


async def judge(town: Town) -> dict[str, int]:
    """Compare what central says with both sides' own books. Raises Broken."""
    async with reading(town.database) as connection:
        rows = list(await connection.execute(whole()))
    came = {("wallet", str(one.number)): int(one.amount * 100) for one in town.wallet.trans}
    came |= {("bank", receipt): amount for receipt, _, _, amount, *_ in town.bank.lines}
    by_receipt = {(row.payer, row.payer_receipt): row for row in rows if row.payer_receipt is not None}
    taken = [row for row in rows if row.state in ("marked", "told")]
    back = [row for row in rows if row.state == "refund-due"]
    taken_ids = {row.id for row in taken}
    settled = taken_ids | {row.id for row in back}
    marks = [one for one in town.biller.changes if one["kind"] == "marked"]
    keys = Counter(one["key"] for one in marks)
    faults = {
        "receipts without money": [r.id for r in taken if r.receipt is None or (r.payer, r.payer_receipt) not in came],
        "money without mark or refund": [n for n in came if n not in by_receipt or by_receipt[n].id not in settled],
        "debts marked twice": [d for d, n in Counter(one["debt"] for one in marks).items() if n > 1],
        "marks that central does not know": [key for key in keys if key not in taken_ids],
        "receipts that the biller does not know": [row.id for row in taken if row.id not in keys],
        "sums that differ": [
            n for n, amount in came.items() if n in by_receipt and amount != by_receipt[n].paid_amount
        ],
    }
    wrong = {name: found[:5] for name, found in faults.items() if found}
    moved = sum(came.values())
    held = sum(row.amount for row in taken) + sum(row.paid_amount for row in back)
    if wrong or moved != held:
        raise Broken(f"{wrong}; wallet and bank have {moved}, marked and due back are {held}")
    at_bank = len(town.bank.lines)
    return {
        "payments": len(rows),
        "sums": len(came),
        "at_bank": at_bank,
        "marked": len(taken),
        "refund_due": len(back),
        "moved": moved,
    }
