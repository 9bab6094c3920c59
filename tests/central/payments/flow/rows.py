"""Rows of payments for tests: a payment as all read it, laid into the tables that hold it."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from sqlalchemy import Row, Table
from sqlalchemy.ext.asyncio import AsyncConnection

from central.base.tables.paid.payments import payment_marks, payment_refunds, payments, whole
from central.payments.flow import marks, settling, state, unpaid
from central.payments.running import CASH

_STEPS: Final = (("refund_proposed_by", "proposed"), ("refund_made_by", "ordered"))


def rows_of(said: Mapping[str, Any]) -> Iterator[tuple[Table, dict[str, Any]]]:
    """Yield the rows of a payment that stands so: its own, and what must have been done with it.

    Args:
        said: the columns of `central.base.tables.paid.payments.whole`, as many as are not null.
    """
    yield payments, {name: value for name, value in said.items() if name in payments.c}
    own, at = {"payment": said["id"]}, {"at": said["at"]}
    state, reason, receipt = said["state"], said.get("reason"), said.get("receipt")
    entered = {"mark": "entered", "payer_receipt": said.get("payer_receipt"), "receipt": receipt}
    if receipt is not None or state in ("marked", "told"):
        yield payment_marks, own | entered | {"at": said.get("marked_at") or said["at"]}
    if state == "withdrawn":
        yield payment_marks, own | at | {"mark": state}
    elif state in ("refund-due", "refunded") and reason not in (None, "wrong-amount") and not said["extra"]:
        yield payment_marks, own | at | {"mark": reason}
    of_sum = own | at | {"payer": said["payer"], "payer_receipt": said.get("payer_receipt")}
    for name, step in _STEPS:
        if (who := said.get(name)) is not None:
            yield payment_refunds, of_sum | {"step": step, "by": who}
    if said.get("refund_made_by") and said.get("refund_receipt"):
        yield payment_refunds, of_sum | {"step": "made", "receipt": said["refund_receipt"]}


async def unlike_their_fold(connection: AsyncConnection) -> list[str]:
    """Return which payments stand otherwise than a fold of what came, went, was marked and ordered back says."""
    numbers: dict[tuple[str, str], list[Row[Any]]] = {}
    for row in await connection.execute(whole().order_by(payments.c.payer, payments.c.bill_no, payments.c.extra)):
        numbers.setdefault((row.payer, row.bill_no), []).append(row)
    found = []
    for rows in numbers.values():
        if rows[0].payer == CASH:
            found += [row.id for row in rows if not _stands(row, await _cash(connection, row), row.reason)]
            continue
        if rows[0].reason == unpaid.NOT_OURS:  # what comes under its number is a stranger's
            found += [row.id for row in rows if row.payer_receipt is not None]
            continue
        ledger = await settling.ledger_of(connection, rows)
        of_sum = {row.payer_receipt: row for row in rows if row.payer_receipt is not None}
        found += [one.receipt for one in ledger.sums if one.receipt not in of_sum]
        for receipt, row in of_sum.items():
            came = ledger.of(receipt)
            if came is None or not _stands(row, came.ends, came.reason) or row.paid_amount != came.amount:
                found.append(row.id)
    return found


def _stands(row: Row[Any], ends: str, reason: str | None) -> bool:
    if ends == "entered":
        return row.state in state.TAKEN
    return row.state == ends and (row.reason == reason or row.refund_made_by is not None)


async def _cash(connection: AsyncConnection, row: Row[Any]) -> str:
    said = await marks.newest(connection, row.id)
    if row.refund_answer is not None:
        return "refunded"
    return "paid" if said is None else "entered" if said.mark == marks.ENTERED else "refund-due"
