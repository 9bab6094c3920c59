"""Signatures at the edge: which kiosk asks, and central's own signature under every 2xx that a kiosk gets."""

import base64
import hashlib
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from litestar import MediaType, Request, Response
from sqlalchemy import Row

from central.base import database
from central.keys import sharing
from central.keys.loopback import is_loopback
from central.server.api import glance
from central.server.api.glance import Question
from central.server.api.problem import PROBLEM_JSON, Problem, ProblemDocument
from central.server.api.server import Central
from common.protocol.message_signature import SignatureRefused, sign_response, verify_request

EMPTY_DIGEST = f"sha-256=:{base64.b64encode(hashlib.sha256(b'').digest()).decode()}:"


def target_uri(request: Request[Any, Any, Any], public_url: str | None) -> str:
    """The URI that the caller signed: what central is known as, and the path and query exactly as they came."""
    scope = request.scope
    path = scope.get("raw_path", b"").decode("latin-1")
    query = scope.get("query_string", b"").decode("latin-1")
    base = public_url or f"{scope['scheme']}://{request.headers.get('host', '')}"
    return f"{base}{path}{'?' + query if query else ''}"


async def kiosk_of(
    request: Request[Any, Any, Any], central: Central, kiosk: str, question: Question | None = None
) -> Row[Any]:
    """The row of the kiosk that signed this request, with what else a `question` asks.

    Raises Problem 401; a revoked kiosk is still told apart by its row.
    """
    row: Row[Any] | None = None
    if kiosk.isascii() and kiosk.isprintable():  # PostgreSQL's text knows no NUL, and ids of ours are plain
        async with database.reading(central.engine) as connection:
            asked = question or glance.of_row(kiosk)
            row = (await connection.execute(asked.statement, asked.values)).one_or_none()
    if row is None:
        await central.strangers.note(central.engine, kiosk)
        raise unauthorized("no kiosk of this name is enrolled here")
    await verify(request, central, row.public_key)
    return row


async def verify(request: Request[Any, Any, Any], central: Central, public_key: str) -> None:
    """Check the request's signature by `public_key` (base64). Raises Problem 401 with what is wrong with it.

    What was asked says whose key it must be, so the signature's keyid is not judged.
    """
    key = _key_of(public_key)
    uri = target_uri(request, central.config.public_url)
    try:
        verify_request(request.method, uri, fields(request), await request.body(), keys=key)
    except SignatureRefused as error:
        raise unauthorized(str(error)) from error


@lru_cache(maxsize=4096)
def _key_of(public_key: str) -> Ed25519PublicKey:
    """A kiosk's key, of its text: it asks thousands of times a day."""
    return Ed25519PublicKey.from_public_bytes(base64.b64decode(public_key))


async def signed(request: Request[Any, Any, Any], central: Central, answer: object, kid: str, status: int = 200) -> Any:
    """Answer with `answer` as JSON, signed by central's key `kid` over the contract's components."""
    if not central.ring.has("signing", kid):  # another machine made it
        async with database.reading(central.engine) as connection:
            await sharing.fetch(connection, central.ring)
    body = msgspec.json.encode(answer)
    try:
        headers = sign_response(
            status,
            body,
            method=request.method,
            url=target_uri(request, central.config.public_url),
            # Who sends no digest (time needs no signature) is answered as if it had sent that of its empty body.
            request_headers={"content-digest": request.headers.get("content-digest", EMPTY_DIGEST)},
            key=central.ring.signing(kid),
            keyid=kid,
        )
    except SignatureRefused as error:
        raise Problem(400, "bad-request", f"no answer can be signed for this request: {error}") from error
    headers["Cache-Control"] = "no-store"
    return Response(body, status_code=status, media_type=MediaType.JSON, headers=headers)


def caller(request: Request[Any, Any, Any], public_url: str | None) -> str:
    """The address that asks: behind a proxy on this machine what that says of it, else the connection's own."""
    peer = request.client.host if request.client else ""
    forwarded = request.headers.get("x-forwarded-for", "").rpartition(",")[2].strip()
    if public_url is not None and forwarded and is_loopback(peer):
        return forwarded[:64]
    return peer


async def revoked(request: Request[Any, Any, Any], central: Central, kid: str) -> Any:
    """Tell a kiosk that it was revoked, signed like a 2xx: it closes for good on no other word."""
    text = "this kiosk was revoked; enrol it again with new keys"
    problem = ProblemDocument("/problems/kiosk-revoked", "This kiosk was revoked", 403, text)
    answer = await signed(request, central, problem, kid, 403)
    answer.media_type = PROBLEM_JSON
    return answer


def fields(request: Request[Any, Any, Any]) -> Mapping[str, str]:
    """The request's header fields, repeated ones joined as RFC 9110 (5.3) has it."""
    joined: dict[str, str] = {}
    for name, value in ((name.decode("latin-1"), value.decode("latin-1")) for name, value in request.scope["headers"]):
        joined[name] = f"{joined[name]}, {value}" if name in joined else value
    return joined


def unauthorized(detail: str) -> Problem:
    """A 401 that says what is wrong with the signature."""
    return Problem(401, "bad-signature", detail, {"WWW-Authenticate": "Signature"})
