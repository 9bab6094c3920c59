"""ShamCash's envelope: compact JWE (RFC 7516), `alg` dir and `enc` A256GCM, in exactly the one header that it takes."""

import base64
import binascii
import secrets
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

HEADER: Final = b'{"alg":"dir","enc":"A256GCM","cty":"json"}'
KEY_BYTES: Final = 32
_IV_BYTES: Final = 12
_TAG_BYTES: Final = 16


def seal(key: bytes, text: bytes, iv: bytes | None = None) -> str:
    """Return a token. `iv` is given by tests alone: one twice under a key would give the key's stream away."""
    header, iv = _encoded(HEADER), secrets.token_bytes(_IV_BYTES) if iv is None else iv
    sealed = AESGCM(key).encrypt(iv, text, header.encode())
    return ".".join((header, "", _encoded(iv), _encoded(sealed[:-_TAG_BYTES]), _encoded(sealed[-_TAG_BYTES:])))


def opened(key: bytes, token: str) -> bytes:
    """Return what a token holds. Raises ValueError where it is another form, or was not sealed under the key."""
    parts = token.split(".")
    if len(parts) != 5 or parts[1] or parts[0] != _encoded(HEADER):
        raise ValueError("not a token of this form")
    iv, text, tag = (_decoded(part) for part in parts[2:])
    if len(iv) != _IV_BYTES or len(tag) != _TAG_BYTES:
        raise ValueError("not a token of this form")
    try:
        return AESGCM(key).decrypt(iv, text + tag, parts[0].encode())
    except InvalidTag as error:
        raise ValueError("sealed under another key, or changed") from error


def _encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _decoded(text: str) -> bytes:
    try:
        found = base64.b64decode(text + "=" * (-len(text) % 4), b"-_", validate=True)
    except (binascii.Error, ValueError) as error:
        raise ValueError("not base64url") from error
    if _encoded(found) != text:  # of several ways to write the same bytes one is taken
        raise ValueError("not base64url")
    return found
