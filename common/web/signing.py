"""Signatures at the edge (RFC 9421): whose request this is, and the server's own signature under its answers."""

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from litestar import MediaType, Response

from common.protocol.message_signature import SignatureRefused, sign_response, verify_request
from common.web.problem import Problem
from common.web.request import HttpRequest

_EMPTY_DIGEST: Final = f"sha-256=:{base64.b64encode(hashlib.sha256(b'').digest()).decode()}:"


@dataclass(frozen=True, slots=True)
class SigningKey:
    """The key that a server signs its answers with, and the id by which clients know it."""

    keyid: str
    key: Ed25519PrivateKey


def target_uri(request: HttpRequest, own_url: str | None) -> str:
    """Return the URI that the caller signed: the server's address, and path and query exactly as they came.

    Args:
        request: whose URI.
        own_url: scheme and host that callers know; None: what the Host field says.
    """
    scope = request.scope
    path = scope.get("raw_path", b"").decode("latin-1")
    query = scope.get("query_string", b"").decode("latin-1")
    base = own_url or f"{scope['scheme']}://{request.headers.get('host', '')}"
    return f"{base}{path}{'?' + query if query else ''}"


def fields(request: HttpRequest) -> Mapping[str, str]:
    """Return the request's header fields, repeated ones joined as RFC 9110 (5.3) has it."""
    joined: dict[str, str] = {}
    for name, value in ((name.decode("latin-1"), value.decode("latin-1")) for name, value in request.scope["headers"]):
        joined[name] = f"{joined[name]}, {value}" if name in joined else value
    return joined


async def verify(request: HttpRequest, own_url: str | None, public_key: str) -> None:
    """Check the request's signature by a public key (base64).

    What was asked says whose key it must be, so the signature's keyid is not judged.

    Raises:
        Problem: 401, with what is wrong with the signature.
    """
    try:
        verify_request(
            request.method,
            target_uri(request, own_url),
            fields(request),
            await request.body(),
            keys=_key_of(public_key),
        )
    except SignatureRefused as error:
        raise unauthorized(str(error)) from error


@lru_cache(maxsize=4096)
def _key_of(public_key: str) -> Ed25519PublicKey:
    """Return a key of its text: a kiosk asks thousands of times a day."""
    return Ed25519PublicKey.from_public_bytes(base64.b64decode(public_key))


def unauthorized(detail: str) -> Problem:
    """Return a 401 that says what is wrong with the signature."""
    return Problem(401, "bad-signature", detail, {"WWW-Authenticate": "Signature"})


def signed(
    request: HttpRequest, own_url: str | None, answer: object, key: SigningKey, status: int = 200
) -> Response[bytes]:
    """Answer with `answer` as JSON, signed over `@status`, the request's method and target, and both digests.

    Raises:
        Problem: 400, where a field of the request can't be signed over.
    """
    body = msgspec.json.encode(answer)
    try:
        headers = sign_response(
            status,
            body,
            method=request.method,
            url=target_uri(request, own_url),
            # A request without a digest (one that needs no signature) is answered as if it had that of an empty body.
            request_headers={"content-digest": request.headers.get("content-digest", _EMPTY_DIGEST)},
            key=key.key,
            keyid=key.keyid,
        )
    except SignatureRefused as error:
        raise Problem(400, "bad-request", f"no answer can be signed for this request: {error}") from error
    headers["Cache-Control"] = "no-store"
    return Response(body, status_code=status, media_type=MediaType.JSON, headers=headers)
