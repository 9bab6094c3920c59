"""Claims for tests: codes as central signs them, and a kiosk that has heard of the key, the rules and the withdrawn."""

import base64
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import delete, insert

from common.protocol.central_keys import key_id
from common.protocol.claim_feed import ClaimKeyRecord, ClaimsWithdrawn
from common.protocol.codes.claim_code import Claim, compose_claim_code
from common.protocol.queue.claim import check_digit
from offline_store.disk import tables
from offline_store.disk.database import Store
from tests.kit.clock import NOON

KEY = Ed25519PrivateKey.from_private_bytes(b"claims" + bytes(26))
KID = key_id(KEY.public_key().public_bytes_raw())


def claim_at(moment: datetime = NOON, **changes: Any) -> Claim:
    """A claim for a moment; by default an appointment for clearance at the tests' centre."""
    at = int(moment.timestamp())
    expires = int((moment + timedelta(days=3)).timestamp())
    digits = f"1234567{check_digit('1234567')}"
    usual = Claim("ab" * 16, "homs-main", "clearance", "booked", at, 15, digits, 40, at - 86_400, expires)
    return replace(usual, **changes)


def code_of(claim: Claim, key: Ed25519PrivateKey = KEY, kid: str | None = None) -> str:
    """Its code, signed by central, or by somebody else."""
    return compose_claim_code(claim, bytes.fromhex(kid or key_id(key.public_key().public_bytes_raw())), key)


def make_known(store: Store, *, withdrawn: Sequence[str] = (), retired: bool = False, **rules: int) -> None:
    """Have the kiosk know the key, which claims are withdrawn, and the centre's rules."""
    public = base64.b64encode(KEY.public_key().public_bytes_raw()).decode()
    told: dict[str, object] = {
        f"claim-key-{KID}": ClaimKeyRecord(KID, public, retired=retired),
        "claims-withdrawn": msgspec.convert(
            {"centre": "homs-main", "prefixes": [one[:16] for one in withdrawn], "rules": rules}, ClaimsWithdrawn
        ),
    }
    with store.write() as connection:
        records = tables.centre_records
        connection.execute(delete(records).where(records.c.kind.in_(told)))
        for kind, body in told.items():
            values = {"kind": kind, "body": msgspec.json.encode(body).decode(), "message_id": 1}
            connection.execute(insert(records).values(values))
