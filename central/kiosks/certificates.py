"""Hubs' TLS certificates: signed when a hub reads the feed and has none, and again in time; the feed brings them."""

import base64
import hashlib
from datetime import timedelta
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.serialization import Encoding
from sqlalchemy import Row, select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from central.base import clock, database
from central.base.tables import kiosks
from central.keys import centre_ca, sharing
from central.kiosks import hubs

RENEWED_BEFORE: Final = timedelta(days=60)


async def settle_certificate(engine: AsyncEngine, keys_dir: Path, hub: Row[Any]) -> None:
    """Give a hub that has just asked a certificate where it has none that lasts, and tell its centre.

    Raises:
        AuthorityUnusable, OSError: the authority's file.
    """
    if not _is_due(hub):
        return
    async with engine.begin() as connection:
        await database.lock(connection, database.ENROLMENT_LOCK)
        row = (await connection.execute(select(kiosks).where(kiosks.c.id == hub.id))).one()
        if not _is_due(row):
            return  # another process did it meanwhile
        await _certify(connection, keys_dir, row)
        await hubs.announce(connection, {row.centre})


async def authority_pem(connection: AsyncConnection, keys_dir: Path) -> str:
    """Give the one file that office PCs and boards trust, see `sharing.authority`."""
    await database.lock(connection, database.ENROLMENT_LOCK)
    return (await sharing.authority(connection, keys_dir, clock.now())).pem


def _is_due(hub: Row[Any]) -> bool:
    if hub.role != "hub" or hub.tls_key is None or hub.revoked_at is not None:
        return False
    if hub.certificate is None:
        return True
    return centre_ca.ends_at(base64.b64decode(hub.certificate)) - clock.now() < RENEWED_BEFORE


async def _certify(connection: AsyncConnection, keys_dir: Path, hub: Row[Any]) -> None:
    now = clock.now()
    host = urlsplit(hub.address).hostname or ""
    signed = centre_ca.certify(
        await sharing.authority(connection, keys_dir, now), base64.b64decode(hub.tls_key), hub.id, host, now
    ).public_bytes(Encoding.DER)
    changed = {"certificate": base64.b64encode(signed).decode()}
    if hub.certificate is not None:  # in use until the hub has heard of the next; kiosks trust both
        changed["certificate_sha256"] = hashlib.sha256(base64.b64decode(hub.certificate)).hexdigest()
    await connection.execute(update(kiosks).where(kiosks.c.id == hub.id).values(changed))
