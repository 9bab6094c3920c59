"""Payments for tests: what can be paid, a key that signs receipts, and what central says of a bill and a payment."""

import base64
from collections.abc import Sequence
from typing import Any, Final

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import delete, insert

from common.protocol.central_keys import key_id
from common.protocol.codes.receipt_code import Receipt, compose_receipt_code
from common.protocol.payments.setup import PaymentsSetup, ReceiptKeyRecord
from offline_store.disk import tables
from offline_store.disk.database import Store
from tests.kit.answering_rows import Answer, Said
from tests.kit.clock import NOON

KEY: Final = Ed25519PrivateKey.from_private_bytes(b"receipts" + bytes(24))
STRANGER: Final = Ed25519PrivateKey.from_private_bytes(b"stranger" + bytes(24))
KID: Final = key_id(KEY.public_key().public_bytes_raw())
SUBSCRIBER: Final = "0387465129"
BILL: Final = "11111111-2222-4333-8444-555555555555"
PAYMENT: Final = "99999999-8888-4777-8666-555555555555"
BILL_NO: Final = "HM2-1128-0042-1"
DEBT: Final[Answer] = {
    "bill": BILL, "biller": "homs-water", "amount": 4_250_000, "currency": "SYP", "pound": "new",
    "due": "2026-12-15", "period": "2026-09/2026-10",
}  # fmt: skip
WATER: Final[Answer] = {
    "biller": "homs-water",
    "names": {"ar": "مؤسسة المياه", "en": "Water company"},
    "fields": [
        {"name": "subscriber", "pattern": "[0-9]{10}", "names": {"ar": "رقم الاشتراك", "en": "subscriber number"}}
    ],
    "cashier_group": "C",
    "service": "water-bill",
    "papers": [{"pattern": "W[0-9]{10}", "field": "subscriber", "from": 1, "to": 11}],
}
POWER: Final[Answer] = WATER | {
    "biller": "homs-power", "names": {"ar": "شركة الكهرباء", "en": "Electricity company"}, "papers": []
}  # fmt: skip
WALLET: Final[Answer] = {"payer": "shamcash", "names": {"ar": "شام كاش", "en": "Sham Cash"}}
BANK: Final[Answer] = {
    "payer": "bank", "names": {"ar": "تطبيق المصرف", "en": "your bank's app"}, "late_days": 5
}  # fmt: skip


def setup_of(billers: Sequence[Answer] = (WATER,), payers: Sequence[Answer] = (WALLET,), **more: Any) -> PaymentsSetup:
    """What can be paid."""
    told = {"pound": "new", "payers": list(payers), "billers": list(billers), **more}
    return msgspec.convert(told, PaymentsSetup)


def make_known(store: Store, setup: PaymentsSetup | None = None, key: Ed25519PrivateKey | None = KEY) -> None:
    """Have the kiosk know what can be paid, and the key of receipts."""
    told: dict[str, object] = {"payments": setup or setup_of()}
    if key is not None:
        raw = key.public_key().public_bytes_raw()
        told[f"receipt-key-{key_id(raw)}"] = ReceiptKeyRecord(key_id(raw), base64.b64encode(raw).decode())
    with store.write() as connection:
        records = tables.centre_records
        connection.execute(delete(records).where(records.c.kind.in_(told)))
        for kind, body in told.items():
            values = {"kind": kind, "body": msgspec.json.encode(body).decode(), "message_id": 1}
            connection.execute(insert(records).values(values))


def bill(others: Sequence[Answer] = (), **more: Any) -> Said:
    """Return what central says of a bill that is owed."""
    return "answered", DEBT | {"others": list(others)} | more, {"name_masked": "س*** ا*****"}


def payment(state: str, *, ends: bool | None = None, payer: str = "shamcash", **more: Any) -> Said:
    """Return what central says of a payment: pending, or answered where that ends it."""
    now: Answer = {key: DEBT[key] for key in ("biller", "amount", "currency", "pound")} | {
        "payment": PAYMENT, "state": state, "bill_no": BILL_NO, "payer": payer,
        "dies_at": "2026-11-25T09:10:00Z", "at": "2026-11-25T09:02:00Z",
    }  # fmt: skip
    personal: Answer = {"show": "https://wallet.example/pay/1f2e3d"} if state == "opened" else {}
    if state in ("marked", "told"):
        now |= {"receipt": "W-2026-118842", "payer_receipt": "TX-90871"}
        personal = {"seal": seal(), "page": "5d" * 16}
    is_end = state in ("marked", "told", "expired", "withdrawn", "refund-due", "refunded") if ends is None else ends
    personal |= {key: more.pop(key) for key in ("seal", "page", "show") if key in more}
    personal = {key: value for key, value in personal.items() if value is not None}
    return "answered" if is_end else "pending", now | more, personal


def seal(key: Ed25519PrivateKey = KEY, **changes: Any) -> str:
    """Return the seal of the receipt of `payment("marked")`, or of another one."""
    usual: Answer = {
        "payment": PAYMENT.replace("-", ""), "biller": "homs-water", "biller_receipt": "W-2026-118842",
        "payer": "shamcash", "payer_receipt": "TX-90871", "bill_no": BILL_NO, "amount": DEBT["amount"],
        "currency": "SYP", "pound": "new", "paid": int(NOON.timestamp()),
    }  # fmt: skip
    return compose_receipt_code(Receipt(**(usual | changes)), bytes.fromhex(KID), key)
