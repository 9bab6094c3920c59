"""Stands in for the citizen's app: mints order codes with a demo key, for a central on loopback only."""

import re
import secrets
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from central.base import clock
from central.base.tables.keys import app_keys
from central.intake.orders import order_code
from central.intake.orders.order_code import ORDER_ID_BYTES, Order
from central.keys import key_chain, loopback
from central.keys.keys import SEAL_SUITE, KeyRing, base64_text
from central.publishing.publication import publish_app_key
from common.city.brand.brand import brand
from common.machine.errors import CannotBeDone
from common.protocol.codes.order_claims import Payment
from common.protocol.codes.signed_code import APP_KID_BYTES
from common.protocol.feed_message import DEMO_KEY_UNTIL, AppKey

POST = "post"
ORDER_VALID_S = 30 * 24 * 3600  # where nobody says otherwise

CODE_WORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
NOT_ON_LOOPBACK = "order codes are minted only by a central on loopback; in service the citizen's app makes them"


@dataclass(frozen=True, slots=True)
class Wanted:
    """The order to mint a code for. `expires_in_s` may be negative; `sealed_text` becomes the personal block."""

    service: str
    destination: str
    is_paid: bool = True
    expires_in_s: int = ORDER_VALID_S
    sealed_text: str | None = None


async def mint(connection: AsyncConnection, ring: KeyRing, wanted: Wanted) -> tuple[str, str]:
    """Mint a code; returns it and the order id in hex. On first use makes the demo key and publishes it.

    Raises:
        CannotBeDone: others than this machine are served.
        OrderCodeError: the code would be too long.
        ValueError: no kiosk could read it: the service or the centre is no code word.
    """
    if await loopback.serves_others(connection):
        raise CannotBeDone(NOT_ON_LOOPBACK)
    for option, found in (("--service", wanted.service), ("--centre", wanted.destination)):
        if not CODE_WORD.fullmatch(found):
            raise ValueError(f"{option}: found {found[:60]!r}, expected a code of up to 64 letters, digits and hyphens")
    kid_text, key, _ = ring.demo_app()
    kid = bytes.fromhex(kid_text)[:APP_KID_BYTES]
    if await connection.scalar(select(app_keys.c.kid).where(app_keys.c.kid == kid.hex())) is None:
        public_key = base64_text(key.public_key().public_bytes_raw())
        await publish_app_key(connection, AppKey(kid.hex(), public_key, 0, DEMO_KEY_UNTIL))
    now = int(clock.now().timestamp())
    expires_at = now + wanted.expires_in_s
    order_id = secrets.token_bytes(ORDER_ID_BYTES)
    personal = None
    if wanted.sealed_text is not None:
        sealing = ring.sealing((await key_chain.newest(connection, "sealing")).kid)
        info = order_code.seal_info(order_id)
        personal = SEAL_SUITE.encrypt(wanted.sealed_text.encode(), sealing.public_key(), info)
    order = Order(
        order_id=order_id,
        number=f"{secrets.randbelow(10**10):010}",
        service=wanted.service,
        copies=1,
        destination=wanted.destination,
        issued_at=min(now, expires_at - 60),
        expires_at=expires_at,
        payment=Payment("Demo Bank", "DEMO-0001", 50_000, brand().currency.code) if wanted.is_paid else None,
        personal=personal,
    )
    return order_code.mint(order, kid, key), order_id.hex()
