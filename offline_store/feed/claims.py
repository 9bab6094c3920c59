"""What the feed says of claims: the keys that sign them, which are withdrawn, and at a hub what its days expect."""

import base64
import binascii
from collections.abc import Mapping
from typing import Final

import msgspec
from sqlalchemy import Connection, bindparam, delete, select

from common.protocol.central_keys import key_id
from common.protocol.claim_feed import ClaimKeyRecord, ClaimRules, ClaimsToday, ClaimsWithdrawn
from common.protocol.codes.issued import IssuerKey
from offline_store.disk import tables
from offline_store.disk.sql import precompiled, run
from offline_store.feed.feed_taking import BadMessage, Taking

KEY: Final = "claim-key"
WITHDRAWN: Final = "claims-withdrawn"
TODAY: Final = "claims-today"
_DAYS_KEPT: Final = 14
PREFIX_DIGITS: Final = 16
_record = tables.centre_records.c
_BODY: Final = precompiled(select(_record.body).where(_record.kind == bindparam("kind")))


def take_claim_key(context: Taking, body: ClaimKeyRecord) -> None:
    """Keep a key that signs claims, or what became of it. Raises BadMessage."""
    try:
        raw = base64.b64decode(body.public_key, validate=True)
    except binascii.Error as error:
        raise BadMessage("a public key is not base64") from error
    if len(raw) != 32 or key_id(raw) != body.kid:
        raise BadMessage(f"claim key id {body.kid} is not that key's")
    context.keep(f"{KEY}-{body.kid}", body)


def take_withdrawn(context: Taking, body: ClaimsWithdrawn) -> None:
    """Keep which claims are good no more. Raises BadMessage where they are another centre's."""
    context.check_centre(body.centre)
    context.keep(WITHDRAWN, body)


def take_today(context: Taking, body: ClaimsToday) -> None:
    """Keep what a day expects; days long past go. Raises BadMessage where it is another centre's."""
    context.check_centre(body.centre)
    context.keep(f"{TODAY}-{body.date}", body)
    records = tables.centre_records.c
    of_days = records.kind.startswith(f"{TODAY}-")
    newest = context.connection.scalars(select(records.kind).where(of_days).order_by(records.kind.desc())).all()
    context.connection.execute(delete(tables.centre_records).where(records.kind.in_(newest[_DAYS_KEPT:])))


def claim_keys(connection: Connection) -> dict[bytes, IssuerKey]:
    """Return the keys that sign claims, former ones too, by kid."""
    records = tables.centre_records.c
    bodies = connection.scalars(select(records.body).where(records.kind.startswith(f"{KEY}-")))
    told = [msgspec.json.decode(body, type=ClaimKeyRecord) for body in bodies]
    keys = [
        IssuerKey(bytes.fromhex(one.kid), base64.b64decode(one.public_key), one.signs_until, one.retired, one.issuer)
        for one in told
    ]
    return {one.kid: one for one in keys}


def withdrawn_prefixes(connection: Connection) -> frozenset[str]:
    """Return the first `PREFIX_DIGITS` of the ids of claims that central has said to be good no more."""
    told = _withdrawn(connection)
    return frozenset() if told is None else frozenset(told.prefixes)


def claim_rules(connection: Connection) -> ClaimRules:
    """Return when claims may be shown at this centre; the usual rules where central has said none."""
    told = _withdrawn(connection)
    return ClaimRules() if told is None else told.rules


def takes_claims(connection: Connection) -> bool:
    """Return whether central has said anything of claims to this centre: to one without seats it never does."""
    return _withdrawn(connection) is not None


def claims_of_days(connection: Connection) -> Mapping[str, ClaimsToday]:
    """Return what days expect, by their date."""
    records = tables.centre_records.c
    bodies = connection.scalars(select(records.body).where(records.kind.startswith(f"{TODAY}-")))
    return {one.date: one for one in (msgspec.json.decode(body, type=ClaimsToday) for body in bodies)}


def _withdrawn(connection: Connection) -> ClaimsWithdrawn | None:
    row = run(connection, _BODY, {"kind": WITHDRAWN}).fetchone()
    return None if row is None else msgspec.json.decode(row[0], type=ClaimsWithdrawn)
