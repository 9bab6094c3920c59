"""A centre's own servers: where they are, their first term, and what kiosks and hubs of a centre hear of each other."""

import base64
import hashlib
import re
from collections.abc import Iterable
from typing import Any, Final
from urllib.parse import urlsplit

from msgspec import UNSET
from sqlalchemy import Row, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from central import feed
from central.base import hub_word
from central.base.permitted_hosts import is_loopback, permits, subtrees
from central.base.tables.enrolled import kiosks
from central.base.tables.received import waiting_lists
from central.feed import Audience
from central.keys.centre_ca import is_tls_key
from common.protocol.envelope import EnrolmentRequest
from common.protocol.feed_message import HubRecord, Hubs, KioskRecord, Kiosks

DIGIT: Final = 0
"""The digit of numbers that a clerk gives by hand."""
_ADDRESS: Final = re.compile(r"https?://[A-Za-z0-9.\-\[\]:]{1,253}/?")


class NoAddress(ValueError):
    """A hub that doesn't say where it is reached, or says it in a way that no kiosk could use."""


def check_place(said: EnrolmentRequest) -> str:
    """Return the address that a hub names, without a last slash.

    Raises:
        NoAddress: the address is missing or invalid; or the TLS key is not a P-256 key.
    """
    address = said.address
    if address is None or not _ADDRESS.fullmatch(address) or not _has_host_and_port(address):
        raise NoAddress(f"address: found {(address or '')[:80]!r}, expected such as https://10.0.0.5:8090")
    if said.tls_key is not None and not is_tls_key(said.tls_key):
        raise NoAddress("tls_key: expected base64 of the DER of a P-256 public key")
    return address.rstrip("/")


def _has_host_and_port(address: str) -> bool:
    try:
        parts = urlsplit(address)
        return bool(parts.hostname) and parts.port != 0 and not parts.netloc.endswith(":")
    except ValueError:  # brackets that hold no address, an invalid port
        return False


def host_of(address: str | None) -> str:
    """Return the host of an address that was checked, empty where there is none."""
    return (urlsplit(address).hostname if address else None) or ""


async def stands_elsewhere(connection: AsyncConnection, address: str, centre: str) -> bool:
    """Return whether another centre's hub has this host: who may make codes of one centre gets no other's certificate.

    This machine itself is nobody's: a certificate for loopback speaks for no site.
    """
    host = host_of(address)
    if is_loopback(host):
        return False
    others = kiosks.c.role == "hub", kiosks.c.revoked_at.is_(None), kiosks.c.centre != centre
    return any(host_of(one) == host for one in await connection.scalars(select(kiosks.c.address).where(*others)))


def is_own_host(address: str, zone: str | None) -> bool:
    """Return whether an address is of a private network or in the city's zone, so that nobody has to confirm it."""
    return permits(subtrees(zone), host_of(address))


async def settle(connection: AsyncConnection, hub: str, said: EnrolmentRequest) -> None:
    """Write down where a hub is reached: its address, the SHA-256 of its TLS certificate, and its TLS key.

    A certificate that central signed is signed again for another address or key. Raises NoAddress as `check_place`.
    """
    changed: dict[str, str | None] = {"address": check_place(said), "tls_key": said.tls_key}
    own = (await connection.execute(select(kiosks).where(kiosks.c.id == hub))).one()
    if (own.address, own.tls_key) != (changed["address"], said.tls_key):
        changed["certificate"] = None
    if own.certificate is None or "certificate" in changed:
        changed["certificate_sha256"] = said.certificate_sha256
    await connection.execute(update(kiosks).where(kiosks.c.id == hub).values(changed))


async def first_term(connection: AsyncConnection, centre: str, hub: str) -> int:
    """Return the term a hub begins with: 0, to stand by, while another one of its centre may be serving.

    Else it serves at once: with 1 where it is the first, and above all that was heard of revoked ones.
    """
    others = select(kiosks).where(kiosks.c.centre == centre, kiosks.c.role == "hub", kiosks.c.id != hub)
    rows = (await connection.execute(others)).all()
    own = await connection.scalar(select(kiosks.c.enrolled_at).where(kiosks.c.id == hub))
    before = [row for row in rows if (row.enrolled_at, row.id) < (own, hub)]
    if any(row.revoked_at is None for row in before):
        return 0
    lists = select(waiting_lists.c.list).where(waiting_lists.c.hub.in_([row.id for row in before]))
    terms = [hub_word.read(one).term for one in await connection.scalars(lists)]
    return max([len(before), *terms]) + 1


async def announce(connection: AsyncConnection, centres: Iterable[str]) -> None:
    """Tell these centres which hubs and kiosks they have; one that has never had a hub is told nothing."""
    for centre in sorted(centres):
        query = select(kiosks).where(kiosks.c.centre == centre).order_by(kiosks.c.enrolled_at, kiosks.c.id)
        rows = (await connection.execute(query)).all()
        hubs = [_record(row, n) for n, row in enumerate((row for row in rows if row.role == "hub"), start=1)]
        if not hubs:
            continue
        its_kiosks = [
            KioskRecord(row.id, row.digit, row.public_key, row.revoked_at is not None)
            for row in rows
            if row.role == "kiosk"
        ]
        audience = Audience(centre=centre)
        await feed.append(connection, "hubs", Hubs(centre, hubs), key=centre, audience=audience)
        await feed.append(connection, "kiosks", Kiosks(centre, its_kiosks), key=centre, audience=audience)


def _record(row: Row[Any], n: int) -> HubRecord:
    return HubRecord(
        row.id,
        row.address,
        row.public_key,
        row.certificate_sha256,
        row.revoked_at is not None,
        row.certificate or UNSET,
        n,
        UNSET if row.tls_key is None else hashlib.sha256(base64.b64decode(row.tls_key)).hexdigest(),
    )
