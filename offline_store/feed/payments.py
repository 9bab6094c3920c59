"""What the feed says of payments: which bills can be paid and by whom, and the keys that sign receipts."""

import base64
import binascii
from typing import Final

import msgspec
from sqlalchemy import Connection, select

from common.protocol.central_keys import key_id
from common.protocol.codes.issued import IssuerKey
from common.protocol.payments.setup import PaymentsSetup, ReceiptKeyRecord
from offline_store.disk import tables
from offline_store.feed.feed_taking import BadMessage, Taking

SETUP: Final = "payments"
KEY: Final = "receipt-key"


def take_setup(context: Taking, body: PaymentsSetup) -> None:
    """Keep what can be paid. Raises BadMessage where a payer or biller is named twice."""
    for names in ([one.payer for one in body.payers], [one.biller for one in body.billers]):
        if len({*names}) < len(names):
            raise BadMessage("a payer or biller is named twice")
    context.keep(SETUP, body)


def take_receipt_key(context: Taking, body: ReceiptKeyRecord) -> None:
    """Keep a key that signs receipts, or what became of it. Raises BadMessage."""
    try:
        raw = base64.b64decode(body.public_key, validate=True)
    except binascii.Error as error:
        raise BadMessage("a public key is not base64") from error
    if len(raw) != 32 or key_id(raw) != body.kid:
        raise BadMessage(f"receipt key id {body.kid} is not that key's")
    context.keep(f"{KEY}-{body.kid}", body)


def payments_setup(connection: Connection) -> PaymentsSetup | None:
    """Return what can be paid, None where central has never said anything of it."""
    body = connection.scalar(select(tables.centre_records.c.body).where(tables.centre_records.c.kind == SETUP))
    return None if body is None else msgspec.json.decode(body, type=PaymentsSetup)


def receipt_keys(connection: Connection) -> dict[bytes, IssuerKey]:
    """Return the keys that sign receipts, former ones too, by kid."""
    records = tables.centre_records.c
    bodies = connection.scalars(select(records.body).where(records.kind.startswith(f"{KEY}-")))
    told = [msgspec.json.decode(body, type=ReceiptKeyRecord) for body in bodies]
    keys = [
        IssuerKey(bytes.fromhex(one.kid), base64.b64decode(one.public_key), one.signs_until, one.retired, one.issuer)
        for one in told
    ]
    return {one.kid: one for one in keys}
