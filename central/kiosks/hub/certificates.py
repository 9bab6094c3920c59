"""Hubs' TLS certificates: signed when a hub reads the feed and has none, and again in time; the feed brings them."""

import base64
import hashlib
from datetime import timedelta
from typing import Any, Final

from cryptography.hazmat.primitives.serialization import Encoding
from sqlalchemy import Row, select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from central.base import clock
from central.base.config import CentralConfig
from central.base.database.transactions import ENROLMENT_LOCK, lock
from central.base.tables.enrolled import kiosks
from central.keys import centre_ca, sharing
from central.keys.centre_ca import AuthorityUnusable
from central.kiosks.hub import hubs

RENEWED_BEFORE: Final = timedelta(days=60)


async def settle_certificate(engine: AsyncEngine, config: CentralConfig, hub: Row[Any]) -> None:
    """Give a hub that has just asked a certificate where it has none that lasts, and tell its centre.

    A hub at an address that an administrator had to confirm keeps its own: the authority speaks for no such host.

    Raises:
        AuthorityUnusable, OSError: the authority's file, or it was made for another zone.
    """
    if not _is_due(hub, config.hub_zone):
        return
    async with engine.begin() as connection:
        await lock(connection, ENROLMENT_LOCK)
        row = (await connection.execute(select(kiosks).where(kiosks.c.id == hub.id))).one()
        if not _is_due(row, config.hub_zone):
            return  # another process did it meanwhile
        await _certify(connection, config, row)
        await hubs.announce(connection, {row.centre})


async def authority_pem(connection: AsyncConnection, config: CentralConfig, *, renewed: bool = False) -> str:
    """Return the one file that office PCs and boards trust, see `sharing.authority`; `renewed`: a new certificate."""
    await lock(connection, ENROLMENT_LOCK)
    made = sharing.renew_authority if renewed else sharing.authority
    return (await made(connection, config.keys_dir, clock.now(), config.hub_zone)).pem


def _is_due(hub: Row[Any], zone: str | None) -> bool:
    if hub.role != "hub" or hub.tls_key is None or hub.revoked_at is not None:
        return False
    if not hubs.is_own_host(hub.address, zone):
        return False
    if hub.certificate is None:
        return True
    return centre_ca.ends_at(base64.b64decode(hub.certificate)) - clock.now() < RENEWED_BEFORE


async def _certify(connection: AsyncConnection, config: CentralConfig, hub: Row[Any]) -> None:
    now, host = clock.now(), hubs.host_of(hub.address)
    by = await sharing.authority(connection, config.keys_dir, now, config.hub_zone)
    if not by.may_sign(host):
        raise AuthorityUnusable(f"the authority may not sign for {host}: run `central centre-ca --renew`")
    signed = centre_ca.certify(by, base64.b64decode(hub.tls_key), hub.id, host, now).public_bytes(Encoding.DER)
    changed = {"certificate": base64.b64encode(signed).decode()}
    if hub.certificate is not None:  # in use until the hub has heard of the next; kiosks trust both
        changed["certificate_sha256"] = hashlib.sha256(base64.b64decode(hub.certificate)).hexdigest()
    await connection.execute(update(kiosks).where(kiosks.c.id == hub.id).values(changed))
