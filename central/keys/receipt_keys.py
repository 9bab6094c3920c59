"""Signing receipts, and the keys by which anybody checks them."""

import base64
import hashlib

import msgspec
from msgspec import Struct
from sqlalchemy.ext.asyncio import AsyncConnection

from central.base import sandbox
from central.keys import issuer_keys
from central.keys.at_rest import Vault
from central.keys.issuer_keys import RECEIPTS
from central.keys.keys import KeyRing
from common.protocol.codes.issued import SANDBOX, IssuerKey
from common.protocol.codes.receipt_code import ISSUER, Receipt, compose_receipt_code


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


async def public_keys(connection: AsyncConnection) -> dict[bytes, IssuerKey]:
    """Return every key that ever signed receipts here, as a reader takes it, by kid."""
    issuer = SANDBOX if sandbox.is_open() else ISSUER
    found = [
        IssuerKey(
            bytes.fromhex(row.kid),
            base64.b64decode(row.public_key),
            row.ended_at,
            is_retired=row.retired_by is not None,
            issuer=issuer,
        )
        for row in await issuer_keys.keys(connection, RECEIPTS)
    ]
    return {one.kid: one for one in found}


class Proof(Struct, frozen=True):
    """What shows a payment to who has it: the receipt's code, once it is marked, and the token of its page."""

    page: str
    seal: str | None = None


def keep_proof(vault: Vault, payment: str, proof: Proof) -> str:
    """Return what the row of a payment keeps of its proof: sealed at rest."""
    return vault.seal(_place_of(payment), msgspec.json.encode(proof).decode())


def open_proof(vault: Vault, payment: str, kept: str) -> Proof:
    """Return the proof of a payment. Raises NotOurText."""
    return msgspec.json.decode(vault.open(_place_of(payment), kept), type=Proof)


def page_digest(token: str) -> str:
    """Return by what a page's token is found: the digest alone stands in the clear."""
    return hashlib.sha256(token.encode()).hexdigest()


def _place_of(payment: str) -> str:
    return f"payments/{payment}/proof"
