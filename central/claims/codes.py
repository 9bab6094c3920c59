"""A claim's code and its eight digits."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from central.base import sandbox
from central.claims.refusal import ClaimRefused
from central.keys import issuer_keys
from central.keys.keys import KeyRing
from common.protocol.codes.claim_code import Claim, compose_claim_code
from common.protocol.queue.claim import check_digit


@dataclass(frozen=True, slots=True)
class Issue:
    """What a code says beside the claim itself."""

    digits: str
    issued: datetime
    expires: datetime


def new_digits() -> str:
    """Return eight digits that nobody can foresee, the last of which checks the others."""
    seven = f"{secrets.randbelow(10_000_000):07}"
    return seven + check_digit(seven)


async def code_of(connection: AsyncConnection, ring: KeyRing, row: Row[Any], issue: Issue) -> str:
    """Return the code of a claim. Raises ClaimRefused where no key signs claims, KeyMissingError, KeyFileError."""
    signing = await issuer_keys.signing(connection, ring, issuer_keys.CLAIMS)
    if signing is None:
        raise ClaimRefused("not-offered", "no centre takes claims")
    claim = Claim(
        id=row.id,
        centre=row.centre,
        service=row.service,
        kind=row.kind,
        at=int(datetime.fromisoformat(row.at).timestamp()),
        minutes=row.minutes,
        digits=issue.digits,
        credit_min=row.credit_min,
        issued=int(issue.issued.timestamp()),
        expires=int(issue.expires.timestamp()),
    )
    return compose_claim_code(claim, *signing, sandbox.issuer_of_claims())
