"""Signatures at the edge: which kiosk or hub asks, this hub's word under its answers, and under each press's answer."""

import base64
import hashlib
from collections.abc import Mapping
from typing import Any, Final

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from litestar import MediaType, Request, Response

from common.protocol.message_signature import SignatureRefused, sign_response, verify_request
from hub.api.problem import Problem
from hub.api.server.server import Serving

PRESS_SIGNATURE: Final = "Hub-Signature"
_EMPTY_DIGEST: Final = f"sha-256=:{base64.b64encode(hashlib.sha256(b'').digest()).decode()}:"


def target_uri(request: Request[Any, Any, Any], serving: Serving) -> str:
    """The URI that the caller signed: the hub's address, and path and query exactly as they came."""
    path = request.scope.get("raw_path", b"").decode("latin-1")
    query = request.scope.get("query_string", b"").decode("latin-1")
    return f"{serving.config.address}{path}{'?' + query if query else ''}"


async def verify(request: Request[Any, Any, Any], serving: Serving, public_key: str) -> None:
    """Check the request's signature by a public key (base64). Raises Problem 401 with what is wrong with it."""
    key = Ed25519PublicKey.from_public_bytes(base64.b64decode(public_key))
    joined: dict[str, str] = {}
    for name, value in request.headers.multi_items():
        joined[name] = f"{joined[name]}, {value}" if name in joined else value
    try:
        verify_request(request.method, target_uri(request, serving), joined, await request.body(), keys=key)
    except SignatureRefused as error:
        raise unauthorized(str(error)) from error


def unauthorized(detail: str) -> Problem:
    """A 401 that says what is wrong with the signature."""
    return Problem(401, "bad-signature", detail, {"WWW-Authenticate": "Signature"})


def signed(request: Request[Any, Any, Any], serving: Serving, answer: object, status: int = 200) -> Response[bytes]:
    """Answer as JSON, signed by this hub over the contract's components."""
    body = msgspec.json.encode(answer)
    try:
        headers = sign_response(
            status,
            body,
            method=request.method,
            url=target_uri(request, serving),
            request_headers={"content-digest": request.headers.get("content-digest", _EMPTY_DIGEST)},
            key=serving.key,
            keyid=serving.hub_id,
        )
    except SignatureRefused as error:
        raise Problem(400, "bad-request", f"no answer can be signed for this request: {error}") from error
    headers["Cache-Control"] = "no-store"
    return Response(body, status_code=status, media_type=MediaType.JSON, headers=headers)


def press_text(hub: str, term: int, counter: int, key: str, status: int, body: bytes) -> bytes:
    """Compose what a hub signs of a press's answer, for another hub to believe after a take-over."""
    digest = hashlib.sha256(body).hexdigest()
    return f"hub-press-1\n{hub}\n{term}\n{counter}\n{key}\n{status}\n{digest}".encode()


def press_signature(serving: Serving, term: int, counter: int, key: str, status: int, body: bytes) -> str:
    """Sign a press's answer: `hub.term.signature`, the last in base64."""
    text = press_text(serving.hub_id, term, counter, key, status, body)
    return f"{serving.hub_id}.{term}.{base64.b64encode(serving.key.sign(text)).decode()}"


def read_press_signature(header: str) -> tuple[str, int, bytes]:
    """Take a press's signature apart: hub, term, signature. Raises ValueError."""
    hub, term, signature = header.split(".", 2)
    return hub, int(term), base64.b64decode(signature, validate=True)


def is_signed_by(key: str, signature: bytes, text: bytes) -> bool:
    """Whether a text is signed by a public key (base64)."""
    try:
        Ed25519PublicKey.from_public_bytes(base64.b64decode(key)).verify(signature, text)
    except (InvalidSignature, ValueError):
        return False
    return True


def keys_of(hubs: Mapping[str, Any]) -> dict[str, str]:
    """Give the keys of hubs that are not revoked, by id."""
    return {name: one.public_key for name, one in hubs.items() if not one.revoked}


__all__ = [
    "PRESS_SIGNATURE", "Ed25519PrivateKey", "is_signed_by", "keys_of", "press_signature", "press_text",
    "read_press_signature", "signed", "target_uri", "unauthorized", "verify",
]  # fmt: skip
