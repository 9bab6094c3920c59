"""Office PCs that are known: a signed cookie that a PC keeps once somebody has logged in on it.

Anyone who guesses PINs from elsewhere locks strangers only, and a known PC goes on logging in.
"""

import base64
import secrets
from collections.abc import Mapping
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

LASTS_S: Final = 365 * 86_400
_ID_BYTES: Final = 12


def make(hub: str, key: Ed25519PrivateKey) -> str:
    """Return the cookie of a PC that becomes known now: hub, id and the hub's signature."""
    pc = secrets.token_urlsafe(_ID_BYTES)
    signature = base64.urlsafe_b64encode(key.sign(_text(hub, pc))).decode()
    return f"{hub}.{pc}.{signature}"


def read(cookie: str | None, keys: Mapping[str, str]) -> str | None:
    """Return the id of a known PC, None for a stranger.

    Args:
        cookie: as the browser sent it.
        keys: public keys (base64) of the centre's hubs that are not revoked, by id: any of them may have signed it.
    """
    hub, _, rest = (cookie or "")[:300].partition(".")
    pc, _, signature = rest.partition(".")
    if hub not in keys or not pc:
        return None
    try:
        public = Ed25519PublicKey.from_public_bytes(base64.b64decode(keys[hub]))
        public.verify(base64.urlsafe_b64decode(signature), _text(hub, pc))
    except (InvalidSignature, ValueError):
        return None
    return pc


def _text(hub: str, pc: str) -> bytes:
    return f"hub-pc-1\n{hub}\n{pc}".encode()
