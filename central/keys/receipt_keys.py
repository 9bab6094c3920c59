"""Signing receipts, and the keys by which anybody checks them."""

import base64

from sqlalchemy.ext.asyncio import AsyncConnection

from central.base import sandbox
from central.keys import issuer_keys
from central.keys.issuer_keys import RECEIPTS
from central.keys.keys import KeyRing
from common.protocol.codes.receipt_code import ISSUER, SANDBOX, Receipt, ReceiptKey, compose_receipt_code


class NoReceiptKeyError(Exception):
    """No key signs receipts: `issuer_keys.ensure` makes the first one when payments are set up."""


async def seal(connection: AsyncConnection, ring: KeyRing, receipt: Receipt) -> str:
    """Return the code of a receipt, signed by the key that signs now: only of what is marked.

    Raises:
        NoReceiptKeyError: none was ever made.
        KeyMissingError, KeyFileError: this machine can't have the key.
        ValueError: the receipt says what no reader takes.
    """
    found = await issuer_keys.signing(connection, ring, RECEIPTS)
    if found is None:
        raise NoReceiptKeyError
    return compose_receipt_code(receipt, *found, SANDBOX if sandbox.is_open() else ISSUER)


async def public_keys(connection: AsyncConnection) -> dict[bytes, ReceiptKey]:
    """Return every key that ever signed receipts here, as a reader takes it, by kid."""
    issuer = SANDBOX if sandbox.is_open() else ISSUER
    found = [
        ReceiptKey(
            bytes.fromhex(row.kid),
            base64.b64decode(row.public_key),
            row.ended_at,
            is_retired=row.retired_by is not None,
            issuer=issuer,
        )
        for row in await issuer_keys.keys(connection, RECEIPTS)
    ]
    return {one.kid: one for one in found}
