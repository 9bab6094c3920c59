"""A day of money for pages to show: entered, to be given back, not paid, and money that nobody here knows."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from sqlalchemy import create_engine, insert

from central.base.config import load_config
from central.base.tables.paid.books import biller_entries, payer_entries, payment_ports
from tests.central.payments.flow.rows import rows_of

DAY: Final = "2026-11-25"
EXPIRED: Final = "261125-7PXK-2M4N-8QRS"
_AT: Final = datetime(2026, 11, 25, 7, 30, tzinfo=UTC)


def lay_down(data: Path) -> None:
    """Put the day into a prepared database of this machine."""
    engine = create_engine(load_config(data, None).database_url.replace("+aiosqlite", ""))
    rows = [
        payment_row(1, "261125-3K7M-9TQ2-4VWX", "told", payer_receipt="88001234", receipt="W-2026-000123"),
        payment_row(2, "261125-5HJ8-1ABC-6DEF", "refund-due", payer_receipt="88001240", reason="paid-elsewhere"),
        payment_row(3, EXPIRED, "expired"),
        payment_row(4, "261125-9GHT-3XYZ-5KLM", "refund-due", payer_receipt="88001251", reason="twice", extra=1)
        | {"refund_proposed_by": "هدى الأحمد"},
    ]
    entries = [_entry(row["payer_receipt"], row["bill_no"], row["id"]) for row in rows if row["payer_receipt"]]
    entries.append(_entry("88001299", "261125-0000-0000-0000", None))
    mark = {
        "biller": "homs-water", "seq": 1, "kind": "marked", "debt_mark": "d1", "amount": 4_250_000,
        "receipt": "W-2026-000123", "key": rows[0]["id"], "by": None, "at": _text(_AT),
    }  # fmt: skip
    read_at = {"cursor": "9", "read_at": "2026-12-01T00:00:00.000000Z"}
    ports = [{"side": "payer", "name": "shamcash"} | read_at, {"side": "biller", "name": "homs-water"} | read_at]
    with engine.begin() as connection:
        for table, values in (one for row in rows for one in rows_of(row)):
            connection.execute(insert(table).values(values))
        connection.execute(insert(payer_entries), entries)
        connection.execute(insert(biller_entries).values(mark))
        connection.execute(insert(payment_ports), ports)
    engine.dispose()


def payment_row(number: int, bill_no: str, state: str, **more: Any) -> dict[str, Any]:
    """Return a payment's row."""
    at = _AT + timedelta(minutes=7 * number)
    own = {
        "id": f"0101010{number}-0101-4101-8101-010101010101", "bill_no": bill_no, "extra": 0, "debt_mark": f"d{number}",
        "biller": "homs-water", "payer": "shamcash", "kiosk": "kiosk-1", "centre": "homs-main", "amount": 4_250_000,
        "currency": "SYP", "pound": "new", "state": state, "at": _text(at), "tries": 0,
        "dies_at": _text(at + timedelta(minutes=10)), "payer_receipt": None,
    }  # fmt: skip
    own |= more
    if own["payer_receipt"]:
        own |= {"paid_at": _text(at + timedelta(minutes=2)), "paid_amount": own["amount"]}
    return own


def _entry(receipt: str, bill_no: str, payment: str | None) -> dict[str, Any]:
    moment = _text(_AT + timedelta(minutes=20))
    return {
        "payer": "shamcash", "receipt": receipt, "kind": "paid", "bill_no": bill_no, "amount": 4_250_000,
        "currency": "SYP", "payment": payment, "at": moment, "booked_at": moment,
    }  # fmt: skip


def _text(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
