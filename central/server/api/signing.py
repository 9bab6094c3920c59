"""Which kiosk asks, and central's own signature under every 2xx that a kiosk gets."""

from typing import Any

from sqlalchemy import Row, select

from central.base.database.transactions import reading
from central.base.tables.enrolled import kiosks
from central.keys import sharing
from central.keys.loopback import is_loopback
from central.server.api.server import Central
from common.web import signing
from common.web.problem import PROBLEM_JSON, ProblemDocument
from common.web.request import HttpRequest
from common.web.signing import SigningKey, unauthorized, verify


async def kiosk_of(request: HttpRequest, central: Central, kiosk: str) -> Row[Any]:
    """Return the row of the kiosk that signed this request, also of a revoked one. Raises Problem 401."""
    row: Row[Any] | None = None
    if kiosk.isascii() and kiosk.isprintable():  # PostgreSQL's text knows no NUL, and ids of ours are plain
        async with reading(central.engine) as connection:
            row = (await connection.execute(select(kiosks).where(kiosks.c.id == kiosk))).one_or_none()
    if row is None:
        await central.unknown_kiosks.note(central.engine, kiosk, caller(request, central.config.public_url))
        raise unauthorized("no kiosk of this name is enrolled here")
    await verify(request, central.config.public_url, row.public_key)
    central.contacts.note(row.id)
    return row


async def signed(request: HttpRequest, central: Central, answer: object, kid: str, status: int = 200) -> Any:
    """Answer with `answer` as JSON, signed by central's key `kid`."""
    if not central.ring.has("signing", kid):  # another machine made it
        async with reading(central.engine) as connection:
            await sharing.fetch(connection, central.ring)
    key = SigningKey(kid, central.ring.signing(kid))
    return signing.signed(request, central.config.public_url, answer, key, status)


def caller(request: HttpRequest, public_url: str | None) -> str:
    """The address that asks: behind a proxy on this machine what that says of it, else the connection's own."""
    peer = request.client.host if request.client else ""
    forwarded = request.headers.get("x-forwarded-for", "").rpartition(",")[2].strip()
    if public_url is not None and forwarded and is_loopback(peer):
        return forwarded[:64]
    return peer


async def revoked(request: HttpRequest, central: Central, kid: str) -> Any:
    """Tell a kiosk that it was revoked, signed like a 2xx: it closes for good on no other word."""
    text = "this kiosk was revoked; enrol it again with new keys"
    problem = ProblemDocument("/problems/kiosk-revoked", "This kiosk was revoked", 403, text)
    answer = await signed(request, central, problem, kid, 403)
    answer.media_type = PROBLEM_JSON
    return answer
