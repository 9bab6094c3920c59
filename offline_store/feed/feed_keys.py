"""Keys that the feed brings.

A revoked key never lives again, no id is given to a second key, and a new signing key of central counts only with the
word of one that is trusted already.
"""

import base64
import binascii

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import Connection, exists, insert, literal_column, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from common.protocol.central_keys import endorsement, key_id, retirement_text
from common.protocol.feed_message import DEMO_KEY_UNTIL, AppKey, AppKeyRevoked, CentralKeys, EndorsedKey
from offline_store.disk import tables
from offline_store.disk.database import Store
from offline_store.disk.sql import precompiled, run
from offline_store.feed.feed_taking import BadMessage, Taking
from offline_store.issuing.sealing import sealing_key

_ED25519_ALGS = (-19, -8)
_key = tables.central_keys.c
_SIGNING_KEYS = precompiled(
    select(_key.kid, _key.public_key, _key.retired).where(_key.purpose == literal_column("'signing'"))
)


def signing_keys(store: Store) -> dict[str, Ed25519PublicKey]:
    """Return central's signing keys by kid: those of enrolment, and those that the feed brought."""
    with store.read() as connection:
        rows = run(connection, _SIGNING_KEYS).fetchall()
    known = {key.kid: key.public_key for key in store.identity.central_keys if key.purpose == "signing"}
    known |= {kid: public_key for kid, public_key, _ in rows}
    for kid, _, is_retired in rows:
        if is_retired:
            known.pop(kid)
    return {kid: Ed25519PublicKey.from_public_bytes(base64.b64decode(public)) for kid, public in known.items()}


def is_demo_key_known(connection: Connection) -> bool:
    """Whether the key of a demonstration would be believed: anybody who has it mints paid orders."""
    keys = tables.app_keys.c
    is_demo = exists().where(keys.valid_from == 0, keys.valid_until == DEMO_KEY_UNTIL, keys.revoked_at.is_(None))
    return bool(connection.scalar(select(is_demo)))


def take_app_key(context: Taking, body: AppKey) -> None:
    """Take a key that signs order codes. Raises BadMessage."""
    if body.alg not in _ED25519_ALGS:
        raise BadMessage(f"app key {body.kid} is for algorithm {body.alg}, which is not Ed25519")
    if body.valid_from >= body.valid_until:
        raise BadMessage(f"app key {body.kid} ends before it begins")
    _raw_key(body.public_key)
    keys = tables.app_keys
    known = context.connection.execute(select(keys).where(keys.c.kid == body.kid)).one_or_none()
    if known is not None and known.public_key not in (None, body.public_key):
        raise BadMessage(f"app key id {body.kid} belongs to another key already")
    named = select(keys.c.kid).where(keys.c.public_key == body.public_key, keys.c.kid != body.kid)
    if (other := context.connection.scalar(named)) is not None:  # it would outlive that id's revocation
        raise BadMessage(f"app key {body.kid} has the id {other} already")
    row = {name: getattr(body, name) for name in ("public_key", "alg", "valid_from", "valid_until")}
    # revoked_at is not named here: what was revoked before, or before it was ever seen, stays revoked.
    context.connection.execute(upsert(keys).values(kid=body.kid, **row).on_conflict_do_update(["kid"], set_=row))


def take_app_key_revoked(context: Taking, body: AppKeyRevoked) -> None:
    """Take a key back, for good."""
    keys = tables.app_keys
    known = context.connection.execute(select(keys.c.revoked_at).where(keys.c.kid == body.kid)).scalar_one_or_none()
    # A later message may only move the moment back: it never makes good again what was refused.
    revoked_at = body.revoked_at if known is None else min(known, body.revoked_at)
    row = {"revoked_at": revoked_at, "heard": context.generation}
    context.connection.execute(upsert(keys).values(kid=body.kid, **row).on_conflict_do_update(["kid"], set_=row))


def take_central_keys(context: Taking, body: CentralKeys) -> None:
    """Take central's newer keys. Raises BadMessage, SealingImpossible.

    The word itself is kept too: a store that begins again takes it once more, each key on the word of the one before.
    """
    keys = tables.central_keys
    rows = context.connection.execute(select(keys.c.kid, keys.c.public_key).where(keys.c.purpose == "signing"))
    trusted = {row.kid: row.public_key for row in rows}
    first = next((number for number, key in enumerate(body.signing) if key.kid in trusted), 0)
    for key in body.signing[first:]:  # what came before is taken back, or too old to have come with enrolment
        if key.kid in trusted:
            if trusted[key.kid] != key.public_key:
                raise BadMessage(f"signing key id {key.kid} belongs to another key already")
            continue
        _check_endorsement(key, trusted)
        trusted[key.kid] = key.public_key
        row = {"kid": key.kid, "purpose": "signing", "public_key": key.public_key, "added": context.message_id}
        context.connection.execute(insert(keys).values(row))
    _take_retirements(context, body.signing, trusted)
    context.keep("central-keys", body)
    if body.sealing is None:
        return
    sealing_key(body.sealing.kid, body.sealing.public_key)
    if key_id(_raw_key(body.sealing.public_key)) != body.sealing.kid:
        raise BadMessage(f"sealing key id {body.sealing.kid} is not that key's")
    of_sealing = keys.c.purpose == "sealing"
    context.connection.execute(update(keys).where(of_sealing).values(current=0))
    present = {"public_key": body.sealing.public_key, "current": 1, "added": context.message_id}
    row_of_key = upsert(keys).values(kid=body.sealing.kid, purpose="sealing", **present)
    context.connection.execute(row_of_key.on_conflict_do_update(["kid", "purpose"], set_=present))


def _take_retirements(context: Taking, chain: list[EndorsedKey], trusted: dict[str, str]) -> None:
    """Take keys back on the word of one that came after them. Raises BadMessage."""
    place = {key.kid: number for number, key in enumerate(chain)}
    for key in chain:
        if key.retired_by is None or key.retirement is None or key.kid not in trusted:
            continue  # of a key that nobody here trusts there is nothing to take back, and its judge may be gone too
        if key.retired_by not in trusted or place.get(key.retired_by, -1) <= place[key.kid]:
            raise BadMessage(f"no newer key that this kiosk trusts takes signing key {key.kid} back")
        _check_word(trusted[key.retired_by], key.retirement, retirement_text(key.kid), key.kid)
        keys = tables.central_keys
        of_key = update(keys).where(keys.c.kid == key.kid, keys.c.purpose == "signing")
        context.connection.execute(of_key.values(retired=1))


def _check_word(public_key: str, signature: str, text: bytes, kid: str) -> None:
    try:
        Ed25519PublicKey.from_public_bytes(base64.b64decode(public_key)).verify(base64.b64decode(signature), text)
    except (InvalidSignature, binascii.Error) as error:
        raise BadMessage(f"the word on signing key {kid} is forged") from error


def _check_endorsement(key: EndorsedKey, trusted: dict[str, str]) -> None:
    if key_id(_raw_key(key.public_key)) != key.kid:
        raise BadMessage(f"signing key id {key.kid} is not that key's")
    if key.signed_by not in trusted or key.signature is None:
        raise BadMessage(f"no key that this kiosk trusts vouches for signing key {key.kid}")
    _check_word(trusted[key.signed_by], key.signature, endorsement(key.kid, key.public_key), key.kid)


def _raw_key(text: str) -> bytes:
    """Read a public key, base64 of 32 bytes. Raises BadMessage."""
    try:
        raw = base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise BadMessage("a public key is not base64") from error
    if len(raw) != 32:
        raise BadMessage(f"a public key has {len(raw)} bytes instead of 32")
    return raw
