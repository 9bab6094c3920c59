"""This hub's word under its answers, and under each press's answer."""

import base64
import hashlib
from collections.abc import Mapping
from typing import Any, Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from litestar import Response

from common.protocol.queue.hub_statement import HubStatement, statement
from common.web import signing
from common.web.request import HttpRequest
from common.web.signing import SigningKey
from hub.api.server.server import Serving
from hub.engine.act import LEADING, Act, Look

PRESS_SIGNATURE: Final = "Hub-Signature"


def signed(request: HttpRequest, serving: Serving, answer: object, status: int = 200) -> Response[bytes]:
    """Answer as JSON, signed by this hub."""
    return signing.signed(request, serving.config.address, answer, SigningKey(serving.hub_id, serving.key), status)


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


def own_statement(serving: Serving, look: Act | Look) -> HubStatement | None:
    """Return this hub's word that it leads, for kiosks and pages to pass on; None while it does not, or asks first."""
    if look.role != LEADING or serving.hub.asks_first:
        return None
    return statement(look.hub_id, look.term, look.seq, look.life, serving.key)


def is_signed_by(key: str, signature: bytes, text: bytes) -> bool:
    """Whether a text is signed by a public key (base64)."""
    try:
        Ed25519PublicKey.from_public_bytes(base64.b64decode(key)).verify(signature, text)
    except (InvalidSignature, ValueError):
        return False
    return True


def keys_of(hubs: Mapping[str, Any]) -> dict[str, str]:
    """Return the keys of hubs that are not revoked, by id."""
    return {name: one.public_key for name, one in hubs.items() if not one.revoked}
